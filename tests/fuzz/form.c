/* A form file: whatever it says, it is refused with a message or can be filled in. */
#include "base/xmem.h"
#include "form/instance.h"
#include "form/loader.h"
#include "fuzz.h"

static void fill_in(const struct form *form)
{
    struct instance *instance = instance_new(form, NULL);
    const struct item *items;
    const struct choice *const *choices;
    instance_start(instance);
    size_t count = instance_items(instance, &items);
    for (size_t i = 0; i < count && i < 50; i++) {
        char *path = xstrdup(items[i].path);
        instance_set(instance, path, i % 2 ? "3" : "2026-11-24", NULL);
        instance_problem(instance, path, NULL);
        instance_choices(instance, path, &choices);
        xfree(&choices);
        xfree(&path);
        count = instance_items(instance, &items);
    }
    instance_free(&instance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len);
    struct error err = {0};
    struct form *form = NULL, *again = NULL;
    if (form_load(text, "form.yaml", fuzz_workflows(), NULL, NULL, &form, &err) == OK) {
        fill_in(form);
        if (form_load(form->text, "again", fuzz_workflows(), NULL, NULL, &again, NULL))
            fuzz_fail("the form's own text is refused");
    } else if (!*err.detail) {
        fuzz_fail("refused without a word");
    }
    form_free(&again);
    form_free(&form);
    xfree(&text);
    return 0;
}
