#include "store/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"

static const struct {
    const char *name, *text;
} helds[] = {{"", ""},
#define HELD_ROW(code, name, text) {name, text},
             HELD_LIST(HELD_ROW)
#undef HELD_ROW
};

const char *held_name(enum held held)
{
    return helds[held].name;
}

enum held held_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(helds); i++)
        if (strcmp(helds[i].name, name) == 0)
            return (enum held)i;
    return HELD_BASE;
}

const char *held_text(const char *name)
{
    enum held held = held_of(name);
    return held ? _(helds[held].text) : "";
}

/* --- One order for everybody --- */

struct hash_index {
    const char *hash;
    size_t at;
};

static int by_time(const void *a, const void *b)
{
    const struct event *x = &((const struct merge_event *)a)->event;
    const struct event *y = &((const struct merge_event *)b)->event;
    int order = strcmp(x->at, y->at);
    return order ? order : strcmp(x->hash, y->hash);
}

static int by_hash(const void *a, const void *b)
{
    return strcmp(((const struct hash_index *)a)->hash, ((const struct hash_index *)b)->hash);
}

/* A base of the event that is here and not placed yet, or -1. */
static long base_to_place(const struct event *event, const struct hash_index *index, size_t count,
                          const bool *placed)
{
    for (size_t b = 0; b < event->bases.count; b++) {
        const struct hash_index key = {event->bases.items[b], 0};
        const struct hash_index *found = bsearch(&key, index, count, sizeof *index, by_hash);
        if (found && !placed[found->at])
            return (long)found->at;
    }
    return -1;
}

void merge_order(struct merge_event *events, size_t count)
{
    if (count < 2)
        return;
    struct merge_event *sorted = xcalloc(count, sizeof *sorted);
    struct hash_index *index = xcalloc(count, sizeof *index);
    size_t *waiting = xcalloc(count, sizeof *waiting), depth = 0, next = 0;
    bool *placed = xcalloc(count, sizeof *placed);
    memcpy(sorted, events, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_time);
    for (size_t i = 0; i < count; i++)
        index[i] = (struct hash_index){sorted[i].event.hash, i};
    qsort(index, count, sizeof *index, by_hash);
    for (size_t i = 0; i < count; i++) {
        if (!placed[i])
            waiting[depth++] = i;
        while (depth) {
            size_t at = waiting[depth - 1];
            long base = base_to_place(&sorted[at].event, index, count, placed);
            if (base >= 0) {
                waiting[depth++] = (size_t)base;
                continue;
            }
            placed[at] = true;
            events[next++] = sorted[at];
            depth--;
        }
    }
    xfree(&sorted);
    xfree(&index);
    xfree(&waiting);
    xfree(&placed);
}

/* --- Merging --- */

/* Who is before whom: one row of bits per event, itself included. */
struct past {
    size_t words;
    uint64_t *bits;
};

static bool before(const struct past *past, size_t earlier, size_t later)
{
    return past->bits[later * past->words + earlier / 64] >> (earlier % 64) & 1;
}

struct merging {
    struct merge_event *events;
    size_t count;
    const struct merge_rules *rules;
    struct past past;
    struct merge *out;
};

static long find_event(const struct merging *m, const char *hash, size_t below)
{
    for (size_t i = below; i-- > 0;)
        if (strcmp(m->events[i].event.hash, hash) == 0)
            return (long)i;
    return -1;
}

/* The event's past is that of its bases; false when one is missing or held. */
static bool link_past(struct merging *m, size_t i)
{
    const struct strings *bases = &m->events[i].event.bases;
    uint64_t *row = m->past.bits + i * m->past.words;
    row[i / 64] |= (uint64_t)1 << (i % 64);
    for (size_t b = 0; b < bases->count; b++) {
        long at = find_event(m, bases->items[b], i);
        if (at < 0 || m->events[at].held)
            return false;
        const uint64_t *base = m->past.bits + (size_t)at * m->past.words;
        for (size_t w = 0; w < m->past.words; w++)
            row[w] |= base[w];
    }
    return true;
}

/* Held for a reason the store knew before anything was judged. */
static bool told_before(const struct merge_event *e)
{
    return e->held == HELD_FORK || e->held == HELD_REVOKED;
}

static const struct schema_action *find_action(const struct schema *schema, const char *name)
{
    for (size_t i = 0; name && i < schema->action_count; i++)
        if (strcmp(schema->actions[i].name, name) == 0)
            return &schema->actions[i];
    return NULL;
}

/* One of the states that stood in the event's own past is one the action starts from. */
static bool state_allows(const struct merging *m, size_t i, const struct schema_action *action)
{
    bool any = false;
    for (size_t j = i; j-- > 0;) {
        const struct strings *set = line_map(&m->events[j].body, "set");
        const char *state = set ? map_get(set, "state") : NULL;
        if (!state || m->events[j].held || !before(&m->past, j, i))
            continue;
        bool newest = true;
        for (size_t k = j + 1; k < i && newest; k++) {
            const struct strings *later = line_map(&m->events[k].body, "set");
            newest = !(later && map_get(later, "state") && !m->events[k].held &&
                       before(&m->past, k, i) && before(&m->past, j, k));
        }
        any = true;
        if (newest && strings_find(&action->from, state) >= 0)
            return true;
    }
    return !any && strings_find(&action->from, "") >= 0;
}

static enum held judge_action(const struct merging *m, size_t i, const struct schema *schema)
{
    const struct merge_event *e = &m->events[i];
    const struct schema_action *action = find_action(schema, line_text(&e->body, "action"));
    const struct strings *set = line_map(&e->body, "set");
    const char *state = set ? map_get(set, "state") : NULL;
    if (!action || (*action->to && (!state || strcmp(state, action->to) != 0)))
        return HELD_STATE;
    if (!m->rules->role(m->rules->context, e->event.actor, e->event.reg, &action->roles))
        return HELD_ROLE;
    return state_allows(m, i, action) ? HELD_NOT : HELD_STATE;
}

static enum held judge(const struct merging *m, size_t i, const struct schema *schema)
{
    const struct merge_event *e = &m->events[i];
    if (!schema)
        return HELD_FORM;
    if (!m->rules->knows(m->rules->context, e->event.reg))
        return HELD_REGISTRY;
    if (event_op_sealed(e->event.op) && !m->rules->seal(m->rules->context, &e->event))
        return HELD_SEAL;
    if (e->event.op == OP_DISPOSE && !m->rules->disposal(m->rules->context, &e->event))
        return HELD_ROLE;
    if (!e->event.body)
        return HELD_BODY; /* gone, and no disposal says why */
    return e->event.op == OP_ACT ? judge_action(m, i, schema) : HELD_NOT;
}

static struct merge_field *field_at(struct merge *merge, const char *path)
{
    for (size_t i = 0; i < merge->field_count; i++)
        if (strcmp(merge->fields[i].path, path) == 0)
            return &merge->fields[i];
    merge->fields = xreallocarray(merge->fields, merge->field_count + 1, sizeof *merge->fields);
    struct merge_field *f = &merge->fields[merge->field_count++];
    *f = (struct merge_field){.path = xstrdup(path)};
    return f;
}

static void write_fields(struct merging *m, size_t i, const struct schema *schema)
{
    const struct strings *set = line_map(&m->events[i].body, "set");
    const struct schema_action *action =
        m->events[i].event.op == OP_ACT
            ? find_action(schema, line_text(&m->events[i].body, "action"))
            : NULL;
    for (size_t p = 0; set && p + 1 < set->count; p += 2) {
        struct merge_field *f = field_at(m->out, set->items[p]);
        size_t left = 0;
        for (size_t c = 0; c < f->count; c++)
            if (!before(&m->past, f->candidates[c].event, i))
                f->candidates[left++] = f->candidates[c];
        f->candidates = xreallocarray(f->candidates, left + 1, sizeof *f->candidates);
        f->candidates[left] =
            (struct merge_candidate){set->items[p + 1], i, action && action->decision};
        f->count = left + 1;
    }
}

/* A row stays when anybody still wants it; a decision beats an office; else the greater hash, so
 * that every machine shows the same. */
static bool better(const struct merging *m, const char *path, const struct merge_candidate *a,
                   const struct merge_candidate *b)
{
    if (str_ends(path, "/.alive") && strcmp(a->value, b->value) != 0)
        return strcmp(a->value, "true") == 0;
    if (strcmp(path, "state") == 0 && a->decision != b->decision)
        return a->decision;
    return strcmp(m->events[a->event].event.hash, m->events[b->event].event.hash) > 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct merge_field *)a)->path, ((const struct merge_field *)b)->path);
}

static void choose(struct merging *m)
{
    for (size_t i = 0; i < m->out->field_count; i++) {
        struct merge_field *f = &m->out->fields[i];
        for (size_t c = 1; c < f->count; c++) {
            if (better(m, f->path, &f->candidates[c], &f->candidates[f->chosen]))
                f->chosen = c;
            if (!str_ends(f->path, "/.alive"))
                f->conflict =
                    f->conflict || strcmp(f->candidates[c].value, f->candidates[0].value) != 0;
        }
        m->out->conflict = m->out->conflict || f->conflict;
    }
    if (m->out->field_count)
        qsort(m->out->fields, m->out->field_count, sizeof *m->out->fields, by_path);
}

static void find_heads(struct merging *m)
{
    for (size_t i = 0; i < m->count; i++) {
        bool head = !m->events[i].held;
        for (size_t j = i + 1; j < m->count && head; j++)
            head = m->events[j].held || !before(&m->past, i, j);
        if (head)
            strings_add(&m->out->heads, m->events[i].event.hash);
    }
    strings_sort(&m->out->heads);
}

/* --- Disposal --- */

/* Marks everything before event i that is here, itself left out: what is missing is covered when it
 * comes. Bases stand before what stands on them (merge_order). */
static void cover(struct merging *m, size_t i)
{
    bool *past = xcalloc(m->count, sizeof *past);
    past[i] = true;
    for (size_t k = i + 1; k-- > 0;) {
        const struct strings *bases = &m->events[k].event.bases;
        for (size_t b = 0; past[k] && b < bases->count; b++) {
            long at = find_event(m, bases->items[b], k);
            if (at >= 0)
                past[at] = true;
        }
    }
    for (size_t k = 0; k < i; k++)
        m->events[k].disposed = m->events[k].disposed || past[k];
    xfree(&past);
}

/* What a disposal covers is decided before anything is judged, by headers and seals alone: a place
 * where the bodies are gone already must come to the same. */
static void find_disposed(struct merging *m)
{
    for (size_t i = 0; i < m->count; i++)
        m->events[i].disposed = false;
    for (size_t i = 0; i < m->count; i++) {
        const struct event *e = &m->events[i].event;
        if (e->op == OP_DISPOSE && !told_before(&m->events[i]) &&
            m->rules->knows(m->rules->context, e->reg) && m->rules->seal(m->rules->context, e) &&
            m->rules->disposal(m->rules->context, e))
            cover(m, i);
    }
    for (size_t i = 0; i < m->count; i++)
        if (m->events[i].disposed) {
            line_free(&m->events[i].body);
            m->out->disposed = true;
        }
}

void merge_record(struct merge_event *events, size_t count, const struct merge_rules *rules,
                  struct merge *out)
{
    *out = (struct merge){0};
    struct merging m = {events, count, rules, {(count + 63) / 64, NULL}, out};
    if (!count)
        return;
    m.past.bits = xcalloc(count * m.past.words, sizeof *m.past.bits);
    find_disposed(&m);
    for (size_t i = 0; i < count; i++) {
        char form[48];
        long version = event_form(&events[i].event, form);
        const struct schema *schema = rules->schema(rules->context, form, version);
        if (!told_before(&events[i]))
            events[i].held = !link_past(&m, i)    ? HELD_BASE
                             : events[i].disposed ? HELD_NOT
                                                  : judge(&m, i, schema);
        if (events[i].held || events[i].disposed || events[i].event.op == OP_DISPOSE)
            continue;
        write_fields(&m, i, schema);
        if (!out->schema || schema->version > out->schema->version)
            out->schema = schema;
    }
    choose(&m);
    find_heads(&m);
    xfree(&m.past.bits);
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->field_count; i++) {
        xfree(&merge->fields[i].path);
        xfree(&merge->fields[i].candidates);
    }
    xfree(&merge->fields);
    strings_free(&merge->heads);
    *merge = (struct merge){0};
}

const struct merge_field *merge_field(const struct merge *merge, const char *path)
{
    struct merge_field key = {.path = (char *)(uintptr_t)path};
    return merge->field_count
               ? bsearch(&key, merge->fields, merge->field_count, sizeof *merge->fields, by_path)
               : NULL;
}

const char *merge_value(const struct merge *merge, const char *path)
{
    const struct merge_field *f = merge_field(merge, path);
    return f ? f->candidates[f->chosen].value : "";
}
