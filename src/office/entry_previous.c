/* The record before this one, beside it (前回との比較), and its values taken over. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/entry_internal.h"

/* NULL when the form knows no previous record. */
static const struct comparison *previous(struct entry *entry)
{
    if (!entry->form->previous.same)
        return NULL;
    if (!entry->previous_known)
        entry->previous_known = comparison_find(&entry->previous, &entry->host, entry->instance,
                                                entry->id, NULL) == OK;
    return entry->previous_known ? &entry->previous : NULL;
}

char *entry_beside(struct entry *entry, const char *path)
{
    const struct comparison *found = previous(entry);
    const struct field *field = found ? form_path_field(entry->form, path) : NULL;
    /* A note speaks of another field. */
    const char *other = field ? field_parameter(field, "compare") : NULL;
    if (other)
        field = form_field(entry->form, other);
    return field ? comparison_text(found, &entry->host, entry->instance, field) : NULL;
}

static enum status nothing_before(const struct entry *entry, struct error *err)
{
    return error_set(err, E_NOT_FOUND,
                     entry->form->previous.same ? _("前回の記録がありません")
                                                : _("この様式に前回との比較はありません"));
}

enum status entry_same(struct entry *entry, const char *path, struct error *err)
{
    const struct comparison *found = previous(entry);
    const struct field *field = form_path_field(entry->form, path);
    if (!found || !*found->record)
        return nothing_before(entry, err);
    const char *value = field && field_is_compared(entry->form, field)
                            ? record_value(&found->last, field->name)
                            : "";
    if (!*value)
        return error_set(err, E_NOT_FOUND, _("前回、この欄に値がありません"));
    enum status st = instance_set(entry->instance, path, value, err);
    if (!st)
        entry_forget_refused(entry, path);
    entry_touch(entry);
    return st;
}

static bool is_open(const struct entry *entry, const struct item *item, int section)
{
    return item->field->section == section && item->relevant && !item->row_head &&
           field_is_compared(entry->form, item->field) && !field_is_made(item->field) &&
           !instance_read_only(entry->instance, item->path) &&
           !*instance_get(entry->instance, item->path) && !entry_refused(entry, item->path);
}

enum status entry_same_section(struct entry *entry, int section, size_t *count, struct error *err)
{
    const struct comparison *found = previous(entry);
    const struct item *items;
    struct strings paths = STRINGS_INIT; /* setting a value may move the items */
    *count = 0;
    if (!found || !*found->record)
        return nothing_before(entry, err);
    size_t all = instance_items(entry->instance, &items);
    for (size_t i = 0; i < all; i++)
        if (is_open(entry, &items[i], section) &&
            *record_value(&found->last, items[i].field->name))
            strings_add(&paths, items[i].path);
    for (size_t i = 0; i < paths.count; i++)
        *count += entry_same(entry, paths.items[i], err) == OK;
    strings_free(&paths);
    return OK;
}
