#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "form/evaluate.h"
#include "form/instance_internal.h"

/* More rows than anybody fills in; a repeat_count is cut here, and all of them together, for
 * repeats within repeats multiply. */
enum { COUNTED_ROWS_MAX = 200, COUNTED_TOTAL_MAX = 2000 };

static void mark(struct instance *instance, const struct index_list *list, unsigned char what)
{
    for (size_t i = 0; i < list->count; i++)
        instance->dirty[list->items[i]] |= what;
}
void logic_changed(struct instance *instance, const struct field *field)
{
    const struct dependency *d = instance->dependency;
    mark(instance, &d->values[field->index], DIRTY_VALUE);
    mark(instance, &d->triggers[field->index], DIRTY_TRIGGER);
    mark(instance, &d->leaves[field->index], DIRTY_LEAF);
    instance->dirty[field->index] |= DIRTY_LEAF;
}
void logic_all(struct instance *instance)
{
    for (size_t i = 0; i < instance->form->field_count; i++)
        instance->dirty[i] |= DIRTY_VALUE | DIRTY_LEAF;
}

static struct scope scope_of(const struct instance *instance, const struct row *row,
                             const struct field *field)
{
    return (struct scope){.instance = instance, .row = row, .self = field};
}

static bool yes(const struct expression *expression, const struct scope *scope, bool otherwise)
{
    return expression ? evaluate_boolean(expression, scope) : otherwise;
}

static bool update_relevance(struct instance *instance, struct row *row, struct cell *cell)
{
    const struct field *f = cell->field;
    struct scope scope = scope_of(instance, row, f);
    const struct cell *around = f->parent ? row_cell(instance, row, f->parent) : NULL;
    bool relevant;
    cell->own_relevant = yes(f->relevant, &scope, true);
    relevant = cell->own_relevant && (!around || around->relevant);
    if (relevant == cell->relevant)
        return false;
    cell->relevant = relevant;
    instance->items_made = false;
    return true;
}

static bool update_value(struct instance *instance, struct row *row, struct cell *cell)
{
    struct scope scope = scope_of(instance, row, cell->field);
    struct result result = evaluate(cell->field->calculation, &scope);
    char *value = result_store(cell->field, &result);
    bool changed = cell_put(cell, value);
    xfree(&value);
    result_free(&result);
    return changed;
}

static void update_limit(struct instance *instance, struct row *row, const struct field *repeat)
{
    struct row_list *list = row_list_of(instance, row, repeat);
    struct scope scope = scope_of(instance, row, repeat);
    struct result result = evaluate(repeat->repeat_count, &scope);
    double count = to_number(&result);
    list->limit = count > COUNTED_ROWS_MAX ? COUNTED_ROWS_MAX : count >= 0 ? (long)count : 0;
    result_free(&result);
}

/* One field in every row it stands in; true when its value or relevance changed anywhere. */
static bool update_field(struct instance *instance, const struct field *f, unsigned what)
{
    struct row **rows;
    bool changed = false;
    bool calculate = f->calculation && !instance->keep_calculated &&
                     (f->trigger ? what & DIRTY_TRIGGER : what & DIRTY_VALUE);
    size_t count = rows_of(instance, f->repeat, &rows);
    for (size_t i = 0; i < count; i++) {
        struct cell *cell = row_cell(instance, rows[i], f);
        if (what & DIRTY_VALUE)
            changed |= update_relevance(instance, rows[i], cell);
        if (calculate)
            changed |= update_value(instance, rows[i], cell);
        if (f->repeat_count)
            update_limit(instance, rows[i], f);
    }
    xfree(&rows);
    return changed;
}

bool logic_offered(const struct instance *instance, const struct row *row,
                   const struct field *field, const struct choice *choice)
{
    struct scope scope = scope_of(instance, row, field);
    scope.choice = choice;
    return !choice->removed && yes(field->choice_filter, &scope, true);
}
/* True when the filter leaves out what was chosen; a choice no longer in the list stays valid. */
static bool not_offered(struct instance *instance, struct row *row, const struct cell *cell)
{
    const struct field *f = cell->field;
    if (!f->choice_filter || !f->choices || !cell->value)
        return false;
    char *names = xstrdup(cell->value), *rest = NULL;
    bool bad = false;
    for (char *name = strtok_r(names, " ", &rest); name && !bad;
         name = strtok_r(NULL, " ", &rest)) {
        const struct choice *choice = choice_find(f->choices, name);
        bad = choice && !choice->removed && !logic_offered(instance, row, f, choice);
    }
    xfree(&names);
    return bad;
}

static void update_leaves(struct instance *instance, const struct field *f)
{
    struct row **rows;
    size_t count = rows_of(instance, f->repeat, &rows);
    for (size_t i = 0; i < count; i++) {
        struct scope scope = scope_of(instance, rows[i], f);
        struct cell *cell = row_cell(instance, rows[i], f);
        bool answered = cell->relevant && cell->value;
        cell->required = yes(f->required, &scope, false);
        cell->read_only = yes(f->read_only, &scope, false);
        cell->broken = answered && !yes(f->constraint, &scope, true);
        cell->not_offered = answered && not_offered(instance, rows[i], cell);
        xfree(&cell->problem);
    }
    xfree(&rows);
}

static size_t rows_below(const struct row *row)
{
    size_t count = 0;
    for (size_t i = 0; i < row->list_count; i++)
        for (size_t k = 0; k < row->lists[i].count; k++)
            count += 1 + rows_below(row->lists[i].rows[k]);
    return count;
}

/* Rows that a repeat_count asks for; true when any came to be. Surplus rows stay for the user to
 * delete: they may hold answers. */
static bool grow(struct instance *instance)
{
    bool grown = false;
    size_t total = rows_below(instance->root);
    for (size_t i = 0; i < instance->form->field_count && !instance->keep_calculated; i++) {
        const struct field *f = instance->form->fields[i];
        struct row **rows;
        if (!f->repeat_count)
            continue;
        size_t count = rows_of(instance, f->repeat, &rows);
        for (size_t k = 0; k < count; k++) {
            struct row_list *list = row_list_of(instance, rows[k], f);
            while (row_cell(instance, rows[k], f)->relevant && (long)list->count < list->limit &&
                   total++ < COUNTED_TOTAL_MAX) {
                logic_defaults(instance, row_add(instance, list, NULL));
                grown = true;
            }
        }
        xfree(&rows);
    }
    return grown;
}

static void run_once(struct instance *instance)
{
    const struct dependency *d = instance->dependency;
    for (size_t i = 0; i < d->count; i++) {
        size_t index = d->order.items[i];
        unsigned what = instance->dirty[index];
        if (!(what & (DIRTY_VALUE | DIRTY_TRIGGER)))
            continue;
        instance->dirty[index] = DIRTY_LEAF;
        if (update_field(instance, instance->form->fields[index], what))
            logic_changed(instance, instance->form->fields[index]);
    }
    for (size_t i = 0; i < d->count; i++)
        if (instance->dirty[i]) {
            update_leaves(instance, instance->form->fields[i]);
            instance->dirty[i] = 0;
        }
}
void logic_run(struct instance *instance)
{
    run_once(instance);
    while (grow(instance)) {
        logic_all(instance);
        run_once(instance);
    }
}

/* --- what stands in a new row before anybody types --- */

static void preload(struct instance *instance, struct cell *cell)
{
    const struct form_host *host = instance->host;
    char text[ISO_TIME_SIZE];
    switch (cell->field->type) {
    case FIELD_START:
    case FIELD_END:
        iso_time(text, instance_now(instance));
        cell_put(cell, text);
        return;
    case FIELD_TODAY:
        iso_date(text, office_time_at(instance_now(instance)).date);
        cell_put(cell, text);
        return;
    case FIELD_USERNAME:
        cell_put(cell, host ? host->user : NULL);
        return;
    case FIELD_DEVICEID:
        cell_put(cell, host ? host->device : NULL);
        return;
    default:
        return;
    }
}
void logic_defaults(struct instance *instance, struct row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        preload(instance, &row->cells[i]);
    for (size_t i = 0; i < row->cell_count; i++) {
        struct cell *cell = &row->cells[i];
        struct scope scope = scope_of(instance, row, cell->field);
        if (!cell->field->default_value || cell->value)
            continue;
        struct result result = evaluate(cell->field->default_value, &scope);
        char *value = result_store(cell->field, &result);
        cell_put(cell, value);
        xfree(&value);
        result_free(&result);
    }
}
