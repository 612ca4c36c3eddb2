/* An expression over a record with rows: it is refused with its place, or has a value. */
#include <math.h>
#include <string.h>

#include "base/xmem.h"
#include "form/evaluate.h"
#include "form/expression.h"
#include "form/instance.h"
#include "form/loader.h"
#include "fuzz.h"

static const char survey[] =
    "settings: {form_id: f, form_title: f, version: 1, type: record}\n"
    "survey:\n"
    "- {type: text, name: t}\n"
    "- {type: integer, name: n}\n"
    "- {type: date, name: d}\n"
    "- {type: select_multiple c, name: m}\n"
    "- {type: text, name: b}\n"
    "- {type: reference, name: p, to: f}\n"
    "- type: repeat\n"
    "  name: r\n"
    "  survey:\n"
    "  - {type: integer, name: a}\n"
    "  - {type: repeat, name: q, survey: [{type: text, name: z}, {type: geopoint, name: g}]}\n"
    "choices: {c: [{name: x, label: X, k: v}, {name: y, label: Y}]}\n";
#define ROW "r/00000000-0000-7000-8000-00000000000"
static const char *const answers[][2] = {
    {"t", "さくら"},
    {"n", "20"},
    {"d", "2026-11-24"},
    {"m", "x y"},
    {ROW "1/a", "5"},
    {ROW "2/a", ""},
    {ROW "2/q/00000000-0000-7000-8000-00000000000a/z", "竹"},
    {ROW "2/q/00000000-0000-7000-8000-00000000000b/g", "36 138"},
};

static struct form *form;
static struct instance *instance;

static void set_up(void)
{
    struct error err = {0};
    if (form_load(survey, "f", fuzz_workflows(), NULL, NULL, &form, &err))
        fuzz_fail(error_text(&err));
    instance = instance_new(form, NULL);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        instance_load(instance, answers[i][0], answers[i][1], NULL);
    instance_settle(instance, true);
}

static void try_at(const char *text, const char *path)
{
    struct expression *e = NULL;
    struct error err = {0};
    const struct field *self = path ? form_path_field(form, path) : NULL;
    enum status st = expression_parse(text, "f", 1, 1, &e, &err);
    if (!st)
        st = expression_bind(e, form, self, &err);
    if (st && (!*err.where || !*err.detail))
        fuzz_fail("refused without a place or a word");
    if (!st) {
        char *value = instance_evaluate(instance, e, path);
        xfree(&value);
    }
    expression_free(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len);
    if (!form)
        set_up();
    try_at(text, NULL);
    try_at(text, "m");
    try_at(text, ROW "2/q/00000000-0000-7000-8000-00000000000a/z");
    /* numbers come back as they are written */
    double number = number_of_text(text);
    if (isfinite(number) && fabs(number) < 1e14 && fabs(number) > 1e-9) {
        char *written = number_text(number);
        double again = number_of_text(written);
        if (!(fabs(again - number) <= fabs(number) * 1e-13))
            fuzz_fail("a number does not come back");
        xfree(&written);
    }
    xfree(&text);
    return 0;
}
