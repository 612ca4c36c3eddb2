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
    bool *decided; /* of each event: the state it wrote is one the town decided */
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
    return e->held == HELD_FORK || e->held == HELD_REFUSED || e->held == HELD_REVOKED;
}

static const struct schema_action *find_action(const struct schema *schema, const char *name)
{
    for (size_t i = 0; name && i < schema->action_count; i++)
        if (strcmp(schema->actions[i].name, name) == 0)
            return &schema->actions[i];
    return NULL;
}

static const char *written(const struct merging *m, size_t i, const char *path)
{
    const struct strings *set = m->events[i].held ? NULL : line_map(&m->events[i].body, "set");
    return set ? map_get(set, path) : NULL;
}

/* The next write of a path below *at that stood in the past of event i: no later one there is based
 * on it. Begins with *at = i. */
static const char *stood_before(const struct merging *m, size_t i, const char *path, size_t *at)
{
    while (*at) {
        size_t j = --*at;
        const char *value = before(&m->past, j, i) ? written(m, j, path) : NULL;
        for (size_t k = j + 1; value && k < i; k++)
            if (before(&m->past, k, i) && before(&m->past, j, k) && written(m, k, path))
                value = NULL;
        if (value)
            return value;
    }
    return NULL;
}

/* What stood in `state` in the past of an event, as far as it counts: what the town decided beats
 * what an office wrote. */
struct standing {
    const char *state; /* NULL: none */
    bool several, decided;
};

static struct standing state_before(const struct merging *m, size_t i)
{
    struct standing out = {0};
    const char *state;
    for (size_t at = i; (state = stood_before(m, i, "state", &at));) {
        if (m->decided[at] && !out.decided)
            out = (struct standing){.decided = true};
        if (out.decided && !m->decided[at])
            continue;
        out.several = out.several || (out.state && strcmp(out.state, state) != 0);
        out.state = state;
    }
    return out;
}

/* An action starts from the one state there was; of several only a resolution makes one. */
static bool state_allows(const struct merging *m, size_t i, const struct schema_action *action)
{
    const struct standing stood = state_before(m, i);
    return !stood.several && strings_find(&action->from, stood.state ? stood.state : "") >= 0;
}

/* A state is chosen among those that stood there; what the town decided can only be acknowledged.
 */
static bool may_choose(const struct merging *m, size_t i, const char *state)
{
    const struct standing stood = state_before(m, i);
    const char *value;
    for (size_t at = i; (value = stood_before(m, i, "state", &at));)
        if (strcmp(value, state) == 0 && m->decided[at] == stood.decided)
            return true;
    return false;
}

/* Also a record nobody applied for begins in a state. */
static bool may_begin(const struct merging *m, size_t i, const struct schema *schema,
                      const char *state)
{
    bool known = false;
    for (size_t a = 0; a < schema->action_count && !known; a++)
        known = strcmp(schema->actions[a].to, state) == 0 &&
                strings_find(&schema->actions[a].from, "") >= 0;
    return known && !state_before(m, i).state;
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
    if (e->event.op == OP_ACT)
        return judge_action(m, i, schema);
    const struct strings *set = line_map(&e->body, "set");
    const char *state = set ? map_get(set, "state") : NULL;
    bool may = !state || (e->event.op == OP_RESOLVE ? may_choose(m, i, state)
                                                    : may_begin(m, i, schema, state));
    return may ? HELD_NOT : HELD_STATE;
}

static struct merge_field *find_field(const struct merge *merge, const char *path)
{
    for (size_t i = 0; i < merge->field_count; i++)
        if (strcmp(merge->fields[i].path, path) == 0)
            return &merge->fields[i];
    return NULL;
}

static struct merge_field *field_at(struct merge *merge, const char *path)
{
    struct merge_field *known = find_field(merge, path);
    if (known)
        return known;
    merge->fields = xroom(merge->fields, merge->field_count, sizeof *merge->fields);
    struct merge_field *f = &merge->fields[merge->field_count++];
    *f = (struct merge_field){.path = xstrdup(path)};
    return f;
}

static void add_candidate(struct merge_field *f, const char *value, size_t event, bool decision)
{
    f->candidates = xroom(f->candidates, f->count, sizeof *f->candidates);
    f->candidates[f->count++] = (struct merge_candidate){value, event, decision};
}

static void write_field(struct merging *m, size_t i, const char *path, const char *value)
{
    struct merge_field *f = field_at(m->out, path);
    size_t left = 0;
    for (size_t c = 0; c < f->count; c++)
        if (!before(&m->past, f->candidates[c].event, i))
            f->candidates[left++] = f->candidates[c];
    f->count = left;
    add_candidate(f, value, i, m->decided[i]);
}

/* --- Fields that are one value together (`merge: together`) --- */

/* Walks the paths of the other fields of a path's group; *at begins with 0. The caller frees what
 * it gets; NULL = no more. */
static char *next_of_group(const struct schema *schema, const char *path, size_t *at)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const struct schema_field *own = NULL;
    for (size_t f = 0; f < schema->field_count && !own; f++)
        if (strcmp(schema->fields[f].name, name) == 0 && (schema->fields[f].repeat >= 0) == !!slash)
            own = &schema->fields[f];
    while (own && *own->merge && *at < schema->field_count) {
        const struct schema_field *other = &schema->fields[(*at)++];
        if (other != own && other->repeat == own->repeat && strcmp(other->merge, own->merge) == 0)
            return xasprintf("%.*s%s", (int)(name - path), path, other->name);
    }
    return NULL;
}

/* Who writes one field of a group writes all: the others as they stood. */
static void write_group(struct merging *m, size_t i, const struct schema *schema, const char *path)
{
    char *other;
    for (size_t at = 0; (other = next_of_group(schema, path, &at)); xfree(&other)) {
        const struct merge_field *known = find_field(m->out, other);
        const char *value = "", *hash = "", *one;
        if (!known || known->candidates[known->count - 1].event == i || written(m, i, other))
            continue;
        for (size_t stood = i; (one = stood_before(m, i, other, &stood));)
            if (strcmp(m->events[stood].event.hash, hash) > 0) {
                hash = m->events[stood].event.hash;
                value = one;
            }
        write_field(m, i, other, value);
    }
}

/* A field of a group that somebody else wrote first: blank in what was written without it. */
static void complete_groups(struct merging *m)
{
    for (size_t i = 0; m->out->schema && i < m->out->field_count; i++) {
        const struct merge_field *f = &m->out->fields[i];
        char *other;
        for (size_t at = 0; f->count > 1 && (other = next_of_group(m->out->schema, f->path, &at));
             xfree(&other)) {
            struct merge_field *sibling = find_field(m->out, other);
            for (size_t c = 0; sibling && c < f->count; c++) {
                bool has = false;
                for (size_t s = 0; s < sibling->count && !has; s++)
                    has = sibling->candidates[s].event == f->candidates[c].event;
                if (!has)
                    add_candidate(sibling, "", f->candidates[c].event, false);
            }
        }
    }
}

static void write_fields(struct merging *m, size_t i, const struct schema *schema)
{
    const struct merge_event *e = &m->events[i];
    const struct strings *set = line_map(&e->body, "set");
    const struct schema_action *action =
        e->event.op == OP_ACT ? find_action(schema, line_text(&e->body, "action")) : NULL;
    m->decided[i] = action ? action->decision
                           : e->event.op == OP_RESOLVE && set && map_get(set, "state") &&
                                 state_before(m, i).decided;
    for (size_t p = 0; set && p + 1 < set->count; p += 2)
        write_field(m, i, set->items[p], set->items[p + 1]);
    for (size_t p = 0; i && set && p + 1 < set->count; p += 2) /* before the first nothing stood */
        write_group(m, i, schema, set->items[p]);
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
    complete_groups(m);
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
    struct merging m = {events, count, rules, {(count + 63) / 64, NULL}, NULL, out};
    if (!count)
        return;
    m.past.bits = xcalloc(count * m.past.words, sizeof *m.past.bits);
    m.decided = xcalloc(count, sizeof *m.decided);
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
    xfree(&m.decided);
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
