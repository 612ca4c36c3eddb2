#include "form/instance.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/language.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "form/evaluate.h"
#include "form/instance_internal.h"

static int compare_fields(const void *a, const void *b)
{
    return strcmp((*(const struct field *const *)a)->name, (*(const struct field *const *)b)->name);
}

/* Numbers the fields, and the repeats, within the scope they belong to. */
static void number_slots(struct instance *instance)
{
    const struct form *form = instance->form;
    size_t *cells = xcalloc(form->field_count + 1, sizeof *cells);
    size_t *lists = xcalloc(form->field_count + 1, sizeof *lists);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        size_t scope = f->repeat ? f->repeat->index + 1 : 0;
        instance->slot[i] = cells[scope]++;
        if (f->type == FIELD_REPEAT)
            instance->list_slot[i] = lists[scope]++;
    }
    xfree(&cells);
    xfree(&lists);
}

struct instance *instance_new(const struct form *form, const struct form_host *host)
{
    struct instance *instance = xcalloc(1, sizeof *instance);
    size_t size = form->field_count + 1;
    instance->form = form;
    instance->host = host;
    instance->dependency = dependency_new(form);
    instance->by_name = xcalloc(size, sizeof(struct field *));
    instance->slot = xcalloc(size, sizeof *instance->slot);
    instance->list_slot = xcalloc(size, sizeof *instance->list_slot);
    instance->dirty = xcalloc(size, sizeof *instance->dirty);
    for (size_t i = 0; i < form->field_count; i++)
        instance->by_name[i] = form->fields[i];
    qsort(instance->by_name, form->field_count, sizeof(struct field *), compare_fields);
    number_slots(instance);
    instance->root = row_root(instance);
    return instance;
}

void instance_free(struct instance **slot)
{
    struct instance *instance = *slot;
    if (!instance)
        return;
    row_free(instance->root);
    dependency_free(&instance->dependency);
    xfree(&instance->by_name);
    xfree(&instance->slot);
    xfree(&instance->list_slot);
    xfree(&instance->dirty);
    xfree(&instance->items);
    xfree(slot);
}
const struct form *instance_form(const struct instance *instance)
{
    return instance->form;
}
int64_t instance_now(const struct instance *instance)
{
    const struct form_host *host = instance->host;
    return host && host->now ? host->now(host->context) : clock_now();
}

/* --- paths --- */

const char *cell_value(const struct cell *cell)
{
    return cell->value ? cell->value : "";
}
bool cell_put(struct cell *cell, const char *value)
{
    if (!strcmp(cell_value(cell), value ? value : ""))
        return false;
    xfree(&cell->value);
    cell->value = str_empty(value) ? NULL : xstrdup(value);
    return true;
}

const struct field *instance_field(const struct instance *instance, const char *name, size_t len)
{
    size_t low = 0, high = instance->form->field_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const char *other = instance->by_name[mid]->name;
        int order = strncmp(name, other, len);
        if (!order && other[len])
            order = -1;
        if (!order)
            return instance->by_name[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

static struct row *row_of(const struct row_list *list, const char *uuid, size_t len)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->rows[i]->uuid) == len && !memcmp(list->rows[i]->uuid, uuid, len))
            return list->rows[i];
    return NULL;
}

/* Follows a path down; with `create` the rows it names come to be. */
static bool follow(const struct instance *instance, struct instance *create, const char *path,
                   struct place *out)
{
    struct place place = {.row = instance->root};
    for (const char *s = path;;) {
        size_t len = strcspn(s, "/");
        if (place.row->list && !strcmp(s, ".alive")) {
            *out = place;
            return true;
        }
        const struct field *f = instance_field(instance, s, len);
        if (!f || f->repeat != place.row->repeat)
            return false;
        place.cell = row_cell(instance, place.row, f);
        place.list = f->type == FIELD_REPEAT ? row_list_of(instance, place.row, f) : NULL;
        if (!s[len]) {
            *out = place;
            return true;
        }
        if (!place.list)
            return false;
        s += len + 1;
        len = strcspn(s, "/");
        struct row *row = row_of(place.list, s, len);
        if (!row && create && len == 36) {
            char uuid[37] = "";
            memcpy(uuid, s, len);
            row = row_add(create, place.list, uuid);
        }
        if (!row)
            return false;
        place = (struct place){.row = row};
        if (!s[len]) {
            *out = place;
            return true;
        }
        s += len + 1;
    }
}
bool instance_place(const struct instance *instance, const char *path, struct place *out)
{
    return follow(instance, NULL, path, out);
}
static struct cell *cell_at(const struct instance *instance, const char *path)
{
    struct place place;
    return instance_place(instance, path, &place) ? place.cell : NULL;
}
static enum status no_field(const char *path, struct error *err)
{
    error_set(err, E_NOT_FOUND, _("この様式に%sという項目はありません"), path);
    return err ? error_field(err, path) : E_NOT_FOUND;
}

/* --- values --- */

enum status instance_load(struct instance *instance, const char *path, const char *value,
                          struct error *err)
{
    struct place place;
    if (!follow(instance, instance, path, &place))
        return no_field(path, err);
    if (place.cell && field_has_value(place.cell->field))
        cell_put(place.cell, value);
    else if (!place.cell && str_ends(path, "/.alive"))
        place.row->dead = !strcmp(value, "false");
    return OK;
}

static void bury_dead(struct instance *instance, struct row *row)
{
    for (size_t i = 0; i < row->list_count; i++)
        for (size_t k = row->lists[i].count; k-- > 0;)
            if (row->lists[i].rows[k]->dead)
                row_remove(instance, &row->lists[i], k);
            else
                bury_dead(instance, row->lists[i].rows[k]);
}

void instance_start(struct instance *instance)
{
    logic_all(instance);
    logic_run(instance);
    logic_defaults(instance, instance->root);
    logic_all(instance);
    logic_run(instance);
}
/* Values that were stored are only made anew by a change of what they are made of. */
static void run_kept(struct instance *instance)
{
    instance->keep_calculated = instance->kept;
    logic_run(instance);
    instance->keep_calculated = false;
}

void instance_settle(struct instance *instance, bool recalculate)
{
    instance->kept = !recalculate;
    bury_dead(instance, instance->root);
    logic_all(instance);
    run_kept(instance);
}
void instance_refresh(struct instance *instance)
{
    const struct dependency *d = instance->dependency;
    for (size_t i = 0; i < d->outside.count; i++)
        instance->dirty[d->outside.items[i]] |= DIRTY_VALUE;
    for (size_t i = 0; i < d->outside_leaf.count; i++)
        instance->dirty[d->outside_leaf.items[i]] |= DIRTY_LEAF;
    run_kept(instance);
}

const char *instance_get(const struct instance *instance, const char *path)
{
    const struct cell *cell = cell_at(instance, path);
    return cell ? cell_value(cell) : "";
}

/* When the filling in ended is when the last answer came. */
static void touch_end(struct instance *instance)
{
    char now[ISO_TIME_SIZE];
    for (size_t i = 0; i < instance->root->cell_count; i++) {
        struct cell *cell = &instance->root->cells[i];
        if (cell->field->type != FIELD_END)
            continue;
        iso_time(now, instance_now(instance));
        if (cell_put(cell, now))
            logic_changed(instance, cell->field);
    }
}

enum status instance_put(struct instance *instance, const char *path, const char *value,
                         struct error *err)
{
    struct cell *cell = cell_at(instance, path);
    if (!cell || !field_has_value(cell->field))
        return no_field(path, err);
    if (!cell_put(cell, value))
        return OK;
    logic_changed(instance, cell->field);
    touch_end(instance);
    logic_run(instance);
    return OK;
}

bool field_is_made(const struct field *field)
{
    return (!field_is_asked(field) && field->type != FIELD_HIDDEN) || field->implicit ||
           field->query || (field->calculation && !field->trigger);
}
enum status instance_set(struct instance *instance, const char *path, const char *value,
                         struct error *err)
{
    const struct cell *cell = cell_at(instance, path);
    if (!cell || !field_has_value(cell->field))
        return no_field(path, err);
    if (field_is_made(cell->field) || cell->read_only) {
        error_set(err, E_DENIED, _("%sは自動で入る項目です。書きかえられません"),
                  label_text(&cell->field->label, language_prefer("")));
        return err ? error_field(err, path) : E_DENIED;
    }
    return instance_put(instance, path, value, err);
}

/* --- what the form makes of them --- */

bool instance_relevant(const struct instance *instance, const char *path)
{
    struct place place;
    if (!instance_place(instance, path, &place))
        return false;
    if (place.cell)
        return place.cell->relevant;
    return row_cell(instance, place.row, place.row->repeat)->relevant;
}
bool instance_required(const struct instance *instance, const char *path)
{
    const struct cell *cell = cell_at(instance, path);
    return cell && cell->required;
}
bool instance_read_only(const struct instance *instance, const char *path)
{
    const struct cell *cell = cell_at(instance, path);
    return cell && (cell->read_only || field_is_made(cell->field));
}

static const char *language_of(const struct instance *instance)
{
    return instance->host && instance->host->language ? instance->host->language : "ja";
}
static char *message(const struct instance *instance, const struct cell *cell,
                     const struct label *own, const char *otherwise)
{
    if (own->count)
        return instance_label(instance, own, cell->path);
    char *name = instance_label(instance, &cell->field->label, cell->path);
    char *text = xasprintf(otherwise, *name ? name : cell->field->name);
    xfree(&name);
    return text;
}
const char *instance_problem(const struct instance *instance, const char *path, bool *missing)
{
    struct place place;
    bool none = false;
    if (missing)
        *missing = false;
    if (!instance_place(instance, path, &place) || !place.cell)
        return NULL;
    struct cell *cell = place.cell;
    if (cell->relevant && cell->required)
        none = place.list ? !place.list->count : field_has_value(cell->field) && !cell->value;
    if (missing)
        *missing = none;
    if (!cell->relevant || !(none || cell->broken || cell->not_offered))
        return NULL;
    xfree(&cell->problem);
    if (none)
        cell->problem =
            message(instance, cell, &cell->field->required_message, _("%sを入力してください"));
    else if (cell->broken)
        cell->problem = message(instance, cell, &cell->field->constraint_message,
                                _("%sの値が条件に合いません。値を確かめてください"));
    else
        cell->problem = message(instance, cell, &(struct label){0},
                                _("%sは今の選択肢にありません。選び直してください"));
    return cell->problem;
}

size_t instance_choices(const struct instance *instance, const char *path,
                        const struct choice *const **out)
{
    struct place place;
    const struct choice **choices = NULL;
    size_t count = 0;
    *out = NULL;
    if (!instance_place(instance, path, &place) || !place.cell || !place.cell->field->choices)
        return 0;
    const struct choice_list *list = place.cell->field->choices;
    choices = xcalloc(list->count + 1, sizeof(struct choice *));
    for (size_t i = 0; i < list->count; i++)
        if (logic_offered(instance, place.row, place.cell->field, &list->items[i]))
            choices[count++] = &list->items[i];
    *out = choices;
    return count;
}

/* --- values to store --- */

void values_add(struct values *values, const char *path, const char *value)
{
    if (values->count == values->cap) {
        values->cap = values->cap ? values->cap * 2 : 32;
        values->items = xreallocarray(values->items, values->cap, sizeof *values->items);
    }
    values->items[values->count++] = (struct value){xstrdup(path), xstrdup(value)};
}
const char *values_get(const struct values *values, const char *path)
{
    for (size_t i = 0; i < values->count; i++)
        if (!strcmp(values->items[i].path, path))
            return values->items[i].value;
    return NULL;
}
void values_free(struct values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        xfree(&values->items[i].path);
        xfree(&values->items[i].value);
    }
    xfree(&values->items);
    *values = (struct values){0};
}

static void collect_values(const struct instance *instance, const struct row *row, bool all,
                           struct values *out)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct cell *cell = &row->cells[i];
        if (!all && !cell->relevant)
            continue;
        if (cell->value)
            values_add(out, cell->path, cell->value);
        if (cell->field->type != FIELD_REPEAT)
            continue;
        const struct row_list *list = row_list_of(instance, row, cell->field);
        for (size_t k = 0; k < list->count; k++) {
            char *alive = xasprintf("%s/.alive", list->rows[k]->path);
            values_add(out, alive, "true");
            xfree(&alive);
            collect_values(instance, list->rows[k], all, out);
        }
    }
}
void instance_values(const struct instance *instance, struct values *out)
{
    collect_values(instance, instance->root, false, out);
}
void instance_all_values(const struct instance *instance, struct values *out)
{
    collect_values(instance, instance->root, true, out);
}

/* --- text --- */

static struct scope scope_at(const struct instance *instance, const char *path)
{
    struct place place;
    struct scope scope = {.instance = instance, .row = instance->root};
    if (!path || !instance_place(instance, path, &place))
        return scope;
    scope.row = place.row;
    scope.self = place.cell ? place.cell->field : place.row->repeat;
    return scope;
}
char *instance_evaluate(const struct instance *instance, const struct expression *expression,
                        const char *path)
{
    struct scope scope = scope_at(instance, path);
    struct result result = evaluate(expression, &scope);
    char *text = to_text(&result);
    result_free(&result);
    return text;
}
bool instance_holds(const struct instance *instance, const struct expression *expression)
{
    struct scope scope = scope_at(instance, NULL);
    return evaluate_boolean(expression, &scope);
}
char *instance_title(const struct instance *instance)
{
    if (instance->form->instance_name)
        return instance_evaluate(instance, instance->form->instance_name, NULL);
    return instance_label(instance, &instance->form->title, NULL);
}
char *instance_label(const struct instance *instance, const struct label *label, const char *path)
{
    const char *text = label_text(label, language_of(instance));
    struct scope scope = scope_at(instance, path);
    struct buffer out = BUFFER_INIT;
    for (const char *open; (open = strstr(text, "${"));) {
        const char *close = strchr(open, '}');
        if (!close)
            break;
        const struct field *f = instance_field(instance, open + 2, (size_t)(close - open) - 2);
        const struct cell *cell = f ? row_cell(instance, scope.row, f) : NULL;
        buffer_add(&out, text, (size_t)(open - text));
        if (cell && cell->relevant) {
            char *shown = answer_display(f, cell_value(cell), language_of(instance));
            buffer_add_text(&out, shown);
            xfree(&shown);
        }
        text = close + 1;
    }
    buffer_add_text(&out, text);
    return buffer_steal(&out);
}
