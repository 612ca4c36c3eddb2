#include "form/ledgers.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"

/* No ledger has so many forms. */
enum { PLACES = 1000 };

static bool form_named(const struct ledgers *ledgers, const char *form)
{
    for (size_t i = 0; i < ledgers->count; i++)
        if (strings_find(&ledgers->items[i].forms, form) >= 0 ||
            strings_find(&ledgers->items[i].reports, form) >= 0)
            return true;
    return false;
}

static enum status load_forms(struct loading *l, const struct yaml *node, struct ledgers *ledgers,
                              struct strings *out)
{
    struct strings forms = STRINGS_INIT;
    enum status st = load_words(l, node, &forms);
    for (size_t i = 0; !st && i < forms.count; i++)
        if (!name_valid(forms.items[i]) || form_named(ledgers, forms.items[i]))
            st = load_fail(l, node, _("様式「%s」は名が正しくないか、二度書かれています"),
                           forms.items[i]);
        else
            strings_add(out, forms.items[i]);
    strings_free(&forms);
    return st;
}

static enum status load_ledger(struct loading *l, const struct yaml *row, struct ledgers *ledgers)
{
    static const char *const keys[] = {"name", "label", "forms", "reports"};
    enum status st = load_keys(l, row, _("台帳の項目"), keys, ARRAY_LEN(keys));
    const char *name = yaml_text(row, "name");
    if (st)
        return st;
    if (!name || !name_valid(name) || ledgers_find(ledgers, name))
        return load_fail(l, row, _("台帳には、ほかと重ならない name（英小文字）が要ります"));
    ledgers->items = xroom(ledgers->items, ledgers->count, sizeof *ledgers->items);
    struct ledger *ledger = &ledgers->items[ledgers->count++];
    *ledger = (struct ledger){.name = xstrdup(name), .forms = STRINGS_INIT, .reports = STRINGS_INIT};
    load_label(row, "label", &ledger->label);
    if (!ledger->label.count)
        return load_fail(l, row, _("台帳「%s」に label がありません"), name);
    st = load_forms(l, yaml_get(row, "forms"), ledgers, &ledger->forms);
    return st ? st : load_forms(l, yaml_get(row, "reports"), ledgers, &ledger->reports);
}

enum status ledgers_load(const char *text, const char *file, struct ledgers **out,
                         struct error *err)
{
    struct loading l = {.file = file, .err = err};
    struct yaml *root;
    *out = NULL;
    enum status st = yaml_read(text, file, &root, err);
    if (st)
        return st;
    const struct yaml *rows = yaml_get(root, "ledgers");
    *out = xcalloc(1, sizeof **out);
    if (!rows || rows->kind != YAML_LIST)
        st = load_fail(&l, root, _("ledgers は台帳の並びです"));
    for (size_t i = 0; !st && i < rows->count; i++)
        st = load_ledger(&l, rows->items[i], *out);
    yaml_drop(&root);
    if (st)
        ledgers_free(out);
    return st;
}

void ledgers_free(struct ledgers **slot)
{
    struct ledgers *ledgers = *slot;
    if (!ledgers)
        return;
    for (size_t i = 0; i < ledgers->count; i++) {
        xfree(&ledgers->items[i].name);
        label_free(&ledgers->items[i].label);
        strings_free(&ledgers->items[i].forms);
        strings_free(&ledgers->items[i].reports);
    }
    xfree(&ledgers->items);
    xfree(slot);
}

const struct ledger *ledgers_find(const struct ledgers *ledgers, const char *name)
{
    for (size_t i = 0; ledgers && i < ledgers->count; i++)
        if (strcmp(ledgers->items[i].name, name) == 0)
            return &ledgers->items[i];
    return NULL;
}

size_t ledgers_place(const struct ledgers *ledgers, const char *ledger, const char *form)
{
    const struct ledger *found = ledgers_find(ledgers, ledger);
    size_t place = found ? (size_t)(found - ledgers->items) : ledgers ? ledgers->count : 0;
    long at = found ? strings_find(&found->forms, form) : -1;
    if (found && at < 0)
        at = strings_find(&found->reports, form);
    return place * PLACES + (at < 0 ? PLACES - 1 : (size_t)at);
}
