/* What has to do with QR codes: a barcode's `to` and `fills`, and the parts `card` and `scan`. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"
#include "form/workflow.h"

enum { ROWS_MAX = 100 };

/* --- Barcodes that name a record --- */

static bool may_be_filled(const struct field *f, const struct field *by)
{
    return f && field_has_value(f) && !field_is_attachment(f) && !f->calculation && f != by &&
           (!f->implicit || strcmp(f->name, "person") == 0) &&
           (!f->repeat || f->repeat == by->repeat);
}

enum status check_scanned(struct loading *l, const struct field *f)
{
    struct strings forms = STRINGS_INIT, names = STRINGS_INIT;
    const struct yaml *row = l->rows[f->index];
    enum status st = OK;
    strings_split(&forms, f->to ? f->to : "", ' ');
    strings_split(&names, f->fills ? f->fills : "", ' ');
    for (size_t i = 0; !st && f->to && i < forms.count; i++)
        if (!name_valid(forms.items[i]))
            st = load_fail(l, yaml_get(row, "to"),
                           _("to には様式の名を空白で区切って書いてください"));
    for (size_t i = 0; !st && f->fills && i < names.count; i++)
        if (!may_be_filled(form_field(l->form, names.items[i]), f))
            st = load_fail(l, yaml_get(row, "fills"),
                           _("「%s」は fills に書けません。同じ並びの値のある欄か person です"),
                           names.items[i]);
    strings_free(&forms);
    strings_free(&names);
    return st;
}

/* --- card --- */

static enum status load_day(struct loading *l, const struct yaml *node, const char *key, char **out)
{
    const char *name = yaml_text(node, key);
    const struct field *field = name ? form_field(l->form, name) : NULL;
    if (yaml_get(node, key) && (!field || field->type != FIELD_DATE || field->repeat))
        return load_fail(l, yaml_get(node, key), _("%s は、くり返しの外の日付の欄の名です"), key);
    *out = name ? xstrdup(name) : NULL;
    return OK;
}

static enum status load_blank_rows(struct loading *l, const struct yaml *node, struct card *card)
{
    const char *text = yaml_text(node, "rows");
    char *end = NULL;
    card->rows = text ? strtol(text, &end, 10) : 0;
    if (yaml_get(node, "rows") && (!text || *end || card->rows < 1 || card->rows > ROWS_MAX))
        return load_fail(l, yaml_get(node, "rows"), _("rows は1から%dまでです"), ROWS_MAX);
    return OK;
}

/* Every word is the name of a field outside of repeats. */
static enum status check_fields(struct loading *l, const struct yaml *node,
                                const struct strings *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct field *f = form_field(l->form, names->items[i]);
        if (!f || !field_has_value(f) || f->repeat)
            return load_fail(l, node, _("「%s」は、くり返しの外の値のある欄ではありません"),
                             names->items[i]);
    }
    return OK;
}

enum status load_card(struct loading *l, const struct yaml *node)
{
    static const char *const keys[] = {"label", "fields",    "states", "since",
                                       "until", "row_label", "rows"};
    if (!node)
        return OK;
    enum status st = load_keys(l, node, _("card の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    struct card *card = l->form->card = xcalloc(1, sizeof *card);
    load_label(node, "label", &card->label);
    load_label(node, "row_label", &card->row_label);
    if (!card->label.count)
        return load_fail(l, node, _("card に label がありません"));
    st = load_words(l, yaml_get(node, "fields"), &card->fields);
    if (!st)
        st = check_fields(l, yaml_get(node, "fields"), &card->fields);
    if (!st)
        st = load_words(l, yaml_get(node, "states"), &card->states);
    for (size_t i = 0; !st && i < card->states.count; i++)
        if (!workflow_state(l->form->workflow, card->states.items[i]))
            st = load_fail(l, yaml_get(node, "states"), _("状態「%s」はありません"),
                           card->states.items[i]);
    if (!st)
        st = load_day(l, node, "since", &card->since);
    if (!st)
        st = load_day(l, node, "until", &card->until);
    return st ? st : load_blank_rows(l, node, card);
}

/* --- scan --- */

enum status load_scan(struct loading *l, const struct yaml *node)
{
    static const char *const keys[] = {"field", "keeps", "twice", "sets"};
    struct form *form = l->form;
    const char *name = yaml_text(node, "field");
    if (!node)
        return OK;
    enum status st = load_keys(l, node, _("scan の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    struct scan *scan = form->scan = xcalloc(1, sizeof *scan);
    scan->field = name ? form_field(form, name) : NULL;
    if (!scan->field || scan->field->type != FIELD_BARCODE || !scan->field->to ||
        scan->field->repeat)
        return load_fail(l, yaml_get(node, "field") ? yaml_get(node, "field") : node,
                         _("scan の field は、to のある barcode の欄（くり返しの外）の名です"));
    st = load_words(l, yaml_get(node, "keeps"), &scan->keeps);
    if (!st)
        st = check_fields(l, yaml_get(node, "keeps"), &scan->keeps);
    if (!st)
        st = load_words(l, yaml_get(node, "twice"), &scan->twice);
    for (size_t i = 0; !st && i < scan->twice.count; i++) {
        bool known = false;
        for (size_t c = 0; c < form->check_count; c++)
            known = known || strcmp(form->checks[c].name, scan->twice.items[i]) == 0;
        if (!known)
            st = load_fail(l, yaml_get(node, "twice"), _("規則「%s」はありません"),
                           scan->twice.items[i]);
    }
    return st ? st : load_sets(l, yaml_get(node, "sets"), "scan", &scan->sets, &scan->set_count);
}
