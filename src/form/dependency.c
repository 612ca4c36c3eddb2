#include "form/dependency.h"

#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "form/expression.h"

/* Of a long cycle the last so many fields are named. */
enum { CYCLE_SHOWN = 20 };

static void list_add(struct index_list *list, size_t index)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i] == index)
            return;
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 4;
        list->items = xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    list->items[list->count++] = index;
}
/* Without looking for the index, which is known to be new. */
static void list_push(struct index_list *list, size_t index)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 64;
        list->items = xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    list->items[list->count++] = index;
}

static void edges(struct index_list *to, const struct expression *expression, size_t index,
                  bool self_too, struct index_list *outside)
{
    const size_t *reads;
    if (!expression)
        return;
    size_t count = expression_reads(expression, &reads);
    for (size_t i = 0; i < count; i++)
        if (reads[i] != index || self_too)
            list_add(&to[reads[i]], index);
    if (outside && expression_volatile(expression))
        list_add(outside, index);
}

/* What must be known before the value of a field; a calculation may read its own field (once), its
 * relevance may not. */
static void value_edges(struct dependency *d, const struct form *form, const struct field *f,
                        struct index_list *before)
{
    const struct field *trigger = f->trigger ? form_field(form, f->trigger) : NULL;
    edges(d->values, f->relevant, f->index, false, &d->outside);
    edges(d->values, f->repeat_count, f->index, false, &d->outside);
    edges(before, f->relevant, f->index, true, NULL);
    edges(before, f->repeat_count, f->index, true, NULL);
    edges(before, f->calculation, f->index, false, NULL);
    if (f->parent) {
        list_add(&d->values[f->parent->index], f->index);
        list_add(&before[f->parent->index], f->index);
    }
    if (trigger) {
        list_add(&d->triggers[trigger->index], f->index);
        if (trigger != f)
            list_add(&before[trigger->index], f->index);
    } else {
        edges(d->values, f->calculation, f->index, false, &d->outside);
    }
}

static void leaf_edges(struct dependency *d, const struct field *f)
{
    const struct expression *const leaves[] = {f->required, f->read_only, f->constraint,
                                               f->choice_filter};
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        edges(d->leaves, leaves[i], f->index, false, &d->outside_leaf);
}

static void lists_free(struct index_list *lists, size_t count)
{
    for (size_t i = 0; i < count; i++)
        xfree(&lists[i].items);
    xfree(&lists);
}

/* Kahn's order, taking the earliest field of the file that is ready. wait[i] is left at what keeps
 * a field of a cycle waiting. */
static void order_fields(struct dependency *d, const struct index_list *before, size_t *wait)
{
    bool *done = xcalloc(d->count + 1, sizeof *done);
    struct index_list ready = {0};
    for (size_t i = 0; i < d->count; i++)
        for (size_t k = 0; k < before[i].count; k++)
            wait[before[i].items[k]]++;
    for (size_t i = 0; i < d->count; i++)
        if (!wait[i])
            list_push(&ready, i);
    for (size_t next = 0; next < ready.count; next++) {
        size_t i = ready.items[next];
        done[i] = true;
        list_push(&d->order, i);
        for (size_t k = 0; k < before[i].count; k++)
            if (!--wait[before[i].items[k]])
                list_push(&ready, before[i].items[k]);
    }
    for (size_t i = 0; i < d->count; i++)
        if (!done[i])
            list_push(&d->order, i);
    xfree(&ready.items);
    xfree(&done);
}

static struct dependency *build(const struct form *form, struct index_list **before, size_t **wait)
{
    struct dependency *d = xcalloc(1, sizeof *d);
    size_t size = form->field_count + 1;
    d->count = form->field_count;
    d->values = xcalloc(size, sizeof *d->values);
    d->triggers = xcalloc(size, sizeof *d->triggers);
    d->leaves = xcalloc(size, sizeof *d->leaves);
    *before = xcalloc(size, sizeof **before);
    *wait = xcalloc(size, sizeof **wait);
    for (size_t i = 0; i < d->count; i++) {
        value_edges(d, form, form->fields[i], *before);
        leaf_edges(d, form->fields[i]);
    }
    order_fields(d, *before, *wait);
    return d;
}

struct dependency *dependency_new(const struct form *form)
{
    struct index_list *before;
    size_t *wait;
    struct dependency *d = build(form, &before, &wait);
    lists_free(before, d->count);
    xfree(&wait);
    return d;
}

void dependency_free(struct dependency **dependency)
{
    struct dependency *d = *dependency;
    if (!d)
        return;
    lists_free(d->values, d->count);
    lists_free(d->triggers, d->count);
    lists_free(d->leaves, d->count);
    xfree(&d->order.items);
    xfree(&d->outside.items);
    xfree(&d->outside_leaf.items);
    xfree(dependency);
}

/* For each field that waits, one that keeps it waiting and itself waits. The caller frees. */
static size_t *waits_for(const struct index_list *before, const size_t *wait, size_t count)
{
    size_t *blocker = xcalloc(count + 1, sizeof *blocker);
    for (size_t i = count; i-- > 0;)
        for (size_t k = 0; wait[i] && k < before[i].count; k++)
            blocker[before[i].items[k]] = i;
    return blocker;
}

enum status dependency_check(const struct form *form, const struct field **field, struct error *err)
{
    struct index_list *before;
    size_t *wait;
    struct dependency *d = build(form, &before, &wait);
    size_t at = 0;
    enum status st = OK;
    while (at < d->count && !wait[at])
        at++;
    if (at < d->count) {
        size_t *blocker = waits_for(before, wait, d->count);
        /* going back as many steps as there are fields ends inside the cycle */
        for (size_t i = 0; i < d->count; i++)
            at = blocker[at];
        struct buffer names = BUFFER_INIT;
        size_t start = at, steps = 0;
        do {
            char *rest = buffer_steal(&names);
            buffer_printf(&names, " → %s%s", form->fields[at]->name, rest);
            xfree(&rest);
            at = blocker[at];
        } while (at != start && ++steps < CYCLE_SHOWN);
        xfree(&blocker);
        st =
            error_set(err, E_PARSE, _("式がめぐっています: %s%s。どれか一つの式を見直してください"),
                      form->fields[start]->name, buffer_text(&names));
        if (field)
            *field = form->fields[start];
        buffer_free(&names);
    }
    lists_free(before, d->count);
    dependency_free(&d);
    xfree(&wait);
    return st;
}
