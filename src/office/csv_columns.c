#include "office/csv_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"

size_t csv_column_repeats(const struct field *field, const struct field *out[RECORDSET_DEPTH])
{
    size_t depth = 0;
    for (const struct field *f = field->repeat; f; f = f->repeat)
        depth++;
    size_t at = depth;
    for (const struct field *f = field->repeat; f; f = f->repeat)
        out[--at] = f;
    return depth;
}

static const char *word(const struct field *field, const char *language)
{
    const char *label = language ? label_text(&field->label, language) : "";
    return *label ? label : field->name;
}

char *csv_column_head(const struct csv_column *column, const char *language)
{
    const struct field *repeats[RECORDSET_DEPTH];
    struct buffer out = BUFFER_INIT;
    if (!column->field)
        return xstrdup(CSV_ID);
    size_t depth = csv_column_repeats(column->field, repeats);
    for (size_t i = 0; i < depth; i++)
        buffer_printf(&out, "%s[%zu].", word(repeats[i], language), column->rows[i] + 1);
    buffer_add_text(&out, word(column->field, language));
    return buffer_steal(&out);
}

static bool has_label(const struct field *field, const char *text)
{
    for (size_t i = 0; i < field->label.count; i++)
        if (strcmp(field->label.items[i].text, text) == 0)
            return true;
    return false;
}

/* The field of that name, or the only one of that label, in the scope of a repeat (NULL = none). */
static enum status find_in(const struct form *form, const struct field *repeat, bool is_repeat,
                           const char *text, const struct field **out, struct error *err)
{
    const struct field *found = NULL;
    const char *other = NULL;
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *field = form->fields[i];
        if (field->repeat != repeat ||
            (is_repeat ? field->type != FIELD_REPEAT : !field_has_value(field)))
            continue;
        if (strcmp(field->name, text) == 0) {
            *out = field;
            return OK;
        }
        if (!has_label(field, text))
            continue;
        /* What every record has comes second to the form's own. */
        if (found && !found->implicit && !field->implicit)
            other = field->name;
        if (!found || !field->implicit)
            found = field;
    }
    *out = found;
    if (!found)
        return E_NOT_FOUND;
    return other ? error_set(err, E_INVALID,
                             _("「%s」という欄は二つあります（%s、%s）。欄の名で書くか、--map で"
                               "対応を示してください"),
                             text, found->name, other)
                 : OK;
}

/* part: what of the heading names no field. */
static enum status unknown(const struct form *form, const char *head, const char *part,
                           struct error *err)
{
    const char **names = xcalloc(form->field_count * 2 + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < form->field_count; i++) {
        if (!field_has_value(form->fields[i]) && form->fields[i]->type != FIELD_REPEAT)
            continue;
        names[count++] = form->fields[i]->name;
        names[count++] = label_text(&form->fields[i]->label, "ja");
    }
    const char *near = str_nearest(part, names, count);
    enum status st = error_set(err, E_NOT_FOUND, _("「%s」にあたる欄が様式「%s」にありません%s%s"),
                               head, form->id, near ? _("。もしかして ") : "", near ? near : "");
    xfree(&names);
    return st;
}

/* "name[3]." in front of what follows; NULL when head does not begin so. */
static const char *after_row(const char *head, size_t *name_len, size_t *row)
{
    for (const char *open = strchr(head, '['); open; open = strchr(open + 1, '[')) {
        char *end;
        unsigned long n = strtoul(open + 1, &end, 10);
        if (open[1] < '1' || open[1] > '9' || n > 9999 || end[0] != ']' || end[1] != '.')
            continue;
        *name_len = (size_t)(open - head);
        *row = n - 1;
        return end + 2;
    }
    return NULL;
}

enum status csv_column_find(const struct form *form, const char *head, struct csv_column *out,
                            struct error *err)
{
    const struct field *repeat = NULL;
    const char *rest = head, *next;
    size_t depth = 0, len;
    *out = (struct csv_column){0};
    if (strcmp(head, CSV_ID) == 0)
        return OK;
    while (depth < RECORDSET_DEPTH && (next = after_row(rest, &len, &out->rows[depth]))) {
        char *name = xstrndup(rest, len);
        enum status st = find_in(form, repeat, true, name, &repeat, err);
        if (st == E_NOT_FOUND)
            st = unknown(form, head, name, err);
        xfree(&name);
        if (st)
            return st;
        rest = next;
        depth++;
    }
    enum status st = find_in(form, repeat, false, rest, &out->field, err);
    return st == E_NOT_FOUND ? unknown(form, head, rest, err) : st;
}
