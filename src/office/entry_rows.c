/* Fields inside repeats as people write them: member[2].member_name, as in CSV. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/csv_columns.h"
#include "office/entry_internal.h"

/* The row of that number, made when it is the next one. */
static enum status row_of(struct entry *entry, const char *list, const struct field *repeat,
                          size_t n, char row[37], struct error *err)
{
    size_t count = instance_row_count(entry->instance, list);
    if (n < count) {
        memcpy(row, instance_row(entry->instance, list, n), 37);
        return OK;
    }
    if (n == count)
        return entry_add_row(entry, list, row, err);
    return error_set(
        err, E_INVALID,
        _("くり返し「%s」は%zu行です。%zu行目の前に%zu行目（%s[%zu]）を書いてください"),
        label_text(&repeat->label, entry->host.form.language), count, n + 1, count + 1,
        repeat->name, count + 1);
}

enum status entry_field_path(struct entry *entry, const char *written, char **path,
                             struct error *err)
{
    const struct field *repeats[RECORDSET_DEPTH];
    struct csv_column column;
    char row[37];
    *path = NULL;
    if (!strchr(written, '[')) {
        *path = xstrdup(written);
        return OK;
    }
    enum status st = csv_column_find(entry->form, written, &column, err);
    if (st)
        return st;
    size_t depth = column.field ? csv_column_repeats(column.field, repeats) : 0;
    char *prefix = xstrdup("");
    for (size_t level = 0; !st && level < depth; level++) {
        char *list = xasprintf("%s%s", prefix, repeats[level]->name);
        st = row_of(entry, list, repeats[level], column.rows[level], row, err);
        if (!st) {
            xfree(&prefix);
            prefix = xasprintf("%s/%s/", list, row);
        }
        xfree(&list);
    }
    if (!st)
        *path = xasprintf("%s%s", prefix, column.field ? column.field->name : CSV_ID);
    xfree(&prefix);
    return st;
}
