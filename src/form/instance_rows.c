#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/xmem.h"
#include "form/instance_internal.h"

const struct row *row_holding(const struct row *row, const struct field *field)
{
    while (row && row->repeat != field->repeat)
        row = row->parent;
    return row;
}
struct cell *row_cell(const struct instance *instance, const struct row *row,
                      const struct field *field)
{
    row = row_holding(row, field);
    return row ? &row->cells[instance->slot[field->index]] : NULL;
}
struct row_list *row_list_of(const struct instance *instance, const struct row *row,
                             const struct field *repeat)
{
    row = row_holding(row, repeat);
    return row ? &row->lists[instance->list_slot[repeat->index]] : NULL;
}
size_t row_position(const struct row *row)
{
    size_t i = 0;
    while (row->list && i < row->list->count && row->list->rows[i] != row)
        i++;
    return i + 1;
}

static char *path_in(const struct row *row, const char *name)
{
    return *row->path ? xasprintf("%s/%s", row->path, name) : xstrdup(name);
}

static struct row *row_new(struct instance *instance, struct row_list *list,
                           const struct field *repeat, const char *uuid)
{
    const struct form *form = instance->form;
    struct row *row = xcalloc(1, sizeof *row);
    row->list = list;
    row->parent = list ? list->parent : NULL;
    row->repeat = repeat;
    snprintf(row->uuid, sizeof row->uuid, "%s", uuid);
    row->path = list ? xasprintf("%s/%s", list->path, uuid) : xstrdup("");
    for (size_t i = 0; i < form->field_count; i++) {
        row->cell_count += form->fields[i]->repeat == repeat;
        row->list_count +=
            form->fields[i]->repeat == repeat && form->fields[i]->type == FIELD_REPEAT;
    }
    row->cells = xcalloc(row->cell_count + 1, sizeof *row->cells);
    row->lists = xcalloc(row->list_count + 1, sizeof *row->lists);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        if (f->repeat != repeat)
            continue;
        struct cell *cell = &row->cells[instance->slot[i]];
        cell->field = f;
        cell->path = path_in(row, f->name);
        cell->own_relevant = cell->relevant = true;
        if (f->type == FIELD_REPEAT)
            row->lists[instance->list_slot[i]] = (struct row_list){
                .repeat = f, .parent = row, .path = path_in(row, f->name), .limit = -1};
    }
    return row;
}
struct row *row_root(struct instance *instance)
{
    return row_new(instance, NULL, NULL, "");
}

void row_free(struct row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        xfree(&row->cells[i].path);
        xfree(&row->cells[i].value);
        xfree(&row->cells[i].problem);
    }
    for (size_t i = 0; i < row->list_count; i++) {
        for (size_t k = 0; k < row->lists[i].count; k++)
            row_free(row->lists[i].rows[k]);
        xfree(&row->lists[i].rows);
        xfree(&row->lists[i].path);
    }
    xfree(&row->cells);
    xfree(&row->lists);
    xfree(&row->path);
    xfree(&row);
}

/* Where no host gives identifiers: the time and a count, in the shape of a uuid v7. */
static void plain_uuid(const struct instance *instance, char uuid[37])
{
    static unsigned count;
    unsigned long long ms = (unsigned long long)instance_now(instance);
    count++;
    snprintf(uuid, 37, "%08llx-%04llx-7%03x-8000-%012x", (ms >> 16) & 0xffffffff, ms & 0xffff,
             (count >> 12) & 0xfff, count);
}

struct row *row_add(struct instance *instance, struct row_list *list, const char *uuid)
{
    char made[37] = "";
    size_t at = list->count;
    if (!uuid && instance->host && instance->host->new_row)
        instance->host->new_row(instance->host->context, made);
    else if (!uuid)
        plain_uuid(instance, made);
    while (uuid && at > 0 && strcmp(list->rows[at - 1]->uuid, uuid) > 0)
        at--;
    list->rows = xroom(list->rows, list->count, sizeof(struct row *));
    memmove(list->rows + at + 1, list->rows + at, (list->count - at) * sizeof(struct row *));
    list->rows[at] = row_new(instance, list, list->repeat, uuid ? uuid : made);
    list->count++;
    instance->items_made = false;
    return list->rows[at];
}
void row_remove(struct instance *instance, struct row_list *list, size_t i)
{
    row_free(list->rows[i]);
    memmove(list->rows + i, list->rows + i + 1, (list->count - i - 1) * sizeof(struct row *));
    list->count--;
    instance->items_made = false;
}

static void rows_below(const struct instance *instance, struct row *row, const struct field *repeat,
                       struct row ***rows, size_t *count)
{
    /* the repeat that leads from this row towards the wanted one */
    const struct field *step = repeat;
    while (step && step->repeat != row->repeat)
        step = step->repeat;
    if (row->repeat == repeat || !step) {
        *rows = xroom(*rows, *count, sizeof(struct row *));
        (*rows)[(*count)++] = row;
        return;
    }
    struct row_list *list = row_list_of(instance, row, step);
    for (size_t i = 0; i < list->count; i++)
        rows_below(instance, list->rows[i], repeat, rows, count);
}
size_t rows_of(const struct instance *instance, const struct field *repeat, struct row ***out)
{
    size_t count = 0;
    *out = NULL;
    rows_below(instance, instance->root, repeat, out, &count);
    return count;
}

/* --- rows as the user sees them --- */

static struct row_list *list_at(const struct instance *instance, const char *path)
{
    struct place place;
    return instance_place(instance, path, &place) ? place.list : NULL;
}
size_t instance_row_count(const struct instance *instance, const char *path)
{
    const struct row_list *list = list_at(instance, path);
    return list ? list->count : 0;
}
const char *instance_row(const struct instance *instance, const char *path, size_t i)
{
    const struct row_list *list = list_at(instance, path);
    return list && i < list->count ? list->rows[i]->uuid : "";
}

static enum status room_for_row(const struct row_list *list, struct error *err)
{
    if (list->limit < 0 || (long)list->count < list->limit)
        return OK;
    return error_set(err, E_LIMIT, _("%sは%ld件までです"),
                     label_text(&list->repeat->label, language_prefer("")),
                     list->limit);
}
static enum status no_rows(const char *path, struct error *err)
{
    return error_set(err, E_NOT_FOUND, _("%sという繰り返しはありません"), path);
}

/* Rows change what every row's position and every total is. */
static void rows_changed(struct instance *instance)
{
    logic_all(instance);
    logic_run(instance);
}

enum status instance_add_row(struct instance *instance, const char *path, char uuid[37],
                             struct error *err)
{
    struct row_list *list = list_at(instance, path);
    if (!list)
        return no_rows(path, err);
    enum status st = room_for_row(list, err);
    if (st)
        return st;
    struct row *row = row_add(instance, list, NULL);
    memcpy(uuid, row->uuid, sizeof row->uuid);
    logic_defaults(instance, row);
    rows_changed(instance);
    return OK;
}

static void copy_into(struct instance *instance, const struct row *from, struct row *to)
{
    for (size_t i = 0; i < from->cell_count; i++)
        cell_put(&to->cells[i], from->cells[i].value);
    for (size_t i = 0; i < from->list_count; i++)
        for (size_t k = 0; k < from->lists[i].count; k++)
            copy_into(instance, from->lists[i].rows[k], row_add(instance, &to->lists[i], NULL));
}
enum status instance_copy_row(struct instance *instance, const char *path, char uuid[37],
                              struct error *err)
{
    struct place place;
    if (!instance_place(instance, path, &place) || place.cell || place.list || !place.row->list)
        return no_rows(path, err);
    enum status st = room_for_row(place.row->list, err);
    if (st)
        return st;
    struct row *row = row_add(instance, place.row->list, NULL);
    memcpy(uuid, row->uuid, sizeof row->uuid);
    copy_into(instance, place.row, row);
    rows_changed(instance);
    return OK;
}

enum status instance_delete_row(struct instance *instance, const char *path, struct error *err)
{
    struct place place;
    if (!instance_place(instance, path, &place) || place.cell || place.list || !place.row->list)
        return no_rows(path, err);
    struct row_list *list = place.row->list;
    row_remove(instance, list, row_position(place.row) - 1);
    rows_changed(instance);
    return OK;
}

/* --- items --- */

struct item_list {
    struct item *items;
    size_t count, cap;
};
static void item_add(struct item_list *list, struct item item)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 64;
        list->items = xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    list->items[list->count++] = item;
}
static void items_of(const struct instance *instance, const struct row *row,
                     struct field *const *fields, size_t count, int depth, struct item_list *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *f = fields[i];
        if (f->implicit)
            continue;
        const struct cell *cell = row_cell(instance, row, f);
        item_add(out, (struct item){f, cell->path, row->uuid, depth, cell->relevant, false});
        if (f->type == FIELD_GROUP)
            items_of(instance, row, f->children, f->child_count, depth + 1, out);
        if (f->type != FIELD_REPEAT)
            continue;
        const struct row_list *list = row_list_of(instance, row, f);
        for (size_t k = 0; k < list->count; k++) {
            const struct row *inner = list->rows[k];
            item_add(out,
                     (struct item){f, inner->path, inner->uuid, depth + 1, cell->relevant, true});
            items_of(instance, inner, f->children, f->child_count, depth + 2, out);
        }
    }
}
size_t instance_items(const struct instance *instance, const struct item **items)
{
    /* the list is a view made when first wanted; nothing a caller sees changes */
    struct instance *mutable_instance = (struct instance *)instance;
    if (!instance->items_made) {
        struct item_list list = {0};
        items_of(instance, instance->root, instance->form->top, instance->form->top_count, 0,
                 &list);
        xfree(&mutable_instance->items);
        mutable_instance->items = list.items;
        mutable_instance->item_count = list.count;
        mutable_instance->items_made = true;
    }
    *items = instance->items;
    return instance->item_count;
}
