#include "model.h"

#include <string.h>

#include "base/xmem.h"
#include "store/line.h"

void model_clear(struct model *m)
{
    for (size_t i = 0; i < m->count; i++)
        for (size_t f = 0; f < MODEL_FIELDS; f++)
            xfree(&m->events[i].values[f]);
    m->count = 0;
}

long model_find(const struct model *m, const char *hash)
{
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->events[i].hash, hash) == 0)
            return (long)i;
    return -1;
}

size_t model_add(struct model *m, size_t device, const struct event *event, const char *from,
                 bool decision)
{
    struct model_event *e = &m->events[m->count];
    struct line body;
    size_t bases = 0;
    *e = (struct model_event){
        .device = device, .seq = (long)event->seq, .op = event->op, .decision = decision};
    memcpy(e->hash, event->hash, sizeof e->hash);
    memcpy(e->prev, event->prev, sizeof e->prev);
    memcpy(e->record, event->record, sizeof e->record);
    strncpy(e->from, from ? from : "-", sizeof e->from - 1);
    for (; bases < event->bases.count && bases < 7; bases++)
        e->bases[bases] = model_find(m, event->bases.items[bases]);
    e->bases[bases] = -1;
    if (line_read(event->body, strlen(event->body), &body, NULL) == OK) {
        const struct strings *set = line_map(&body, "set");
        for (size_t f = 0; set && f < MODEL_FIELDS; f++)
            e->values[f] = map_get(set, model_fields[f]) ? xstrdup(map_get(set, model_fields[f]))
                                                         : NULL;
        line_free(&body);
    }
    for (size_t i = 0; i < m->count; i++) {
        m->before[i][m->count] = false;
        for (const long *b = e->bases; *b >= 0; b++)
            m->before[i][m->count] |= (size_t)*b == i || m->before[i][*b];
    }
    return m->count++;
}

long model_fork(const struct model *m, const struct model_place *place, size_t device)
{
    long fork = 0;
    for (size_t i = 0; i < m->count; i++)
        for (size_t j = i + 1; j < m->count; j++) {
            const struct model_event *a = &m->events[i], *b = &m->events[j];
            if (place->has[i] && place->has[j] && a->device == device && b->device == device &&
                a->seq == b->seq && (!fork || a->seq < fork))
                fork = a->seq;
        }
    return fork;
}

/* A state in the event's own past that nothing in that past has replaced. */
static bool stood(const struct model *m, size_t write, size_t event)
{
    bool stands = m->events[write].values[0] && m->before[write][event];
    for (size_t j = 0; stands && j < m->count; j++)
        stands = !(m->events[j].values[0] && m->before[j][event] && m->before[write][j]);
    return stands;
}

/* There was one state, and it is the one the action starts from. What the town decided goes before
 * what an office wrote. */
static bool started_from(const struct model *m, size_t event)
{
    const char *only = NULL;
    bool decided = false;
    for (size_t i = 0; i < m->count; i++)
        decided = decided || (stood(m, i, event) && m->events[i].decision);
    for (size_t i = 0; i < m->count; i++) {
        if (!stood(m, i, event) || m->events[i].decision != decided)
            continue;
        if (only && strcmp(only, m->events[i].values[0]) != 0)
            return false;
        only = m->events[i].values[0];
    }
    return strcmp(only ? only : "", m->events[event].from) == 0;
}

static const char *judge(const struct model *m, const struct model_place *place, size_t event,
                         long fork)
{
    const struct model_event *e = &m->events[event];
    if (fork && e->seq >= fork)
        return "fork";
    if (!*e->record)
        return "";
    for (const long *b = e->bases; *b >= 0; b++)
        if (!place->has[*b] || *place->held[*b])
            return "base";
    return e->op == OP_ACT && !started_from(m, event) ? "state" : "";
}

/* What an event stands on was written before it, and has the lower index. */
void model_judge(const struct model *m, struct model_place *place)
{
    long forks[8];
    for (size_t d = 0; d < 8; d++)
        forks[d] = model_fork(m, place, d);
    for (size_t i = 0; i < m->count; i++)
        place->held[i] = judge(m, place, i, forks[m->events[i].device]);
}

struct model_value model_show(const struct model *m, const struct model_place *place,
                              const char *record, size_t field)
{
    struct model_value shown = {"", false};
    const struct model_event *chosen = NULL;
    for (size_t i = 0; i < m->count; i++) {
        const struct model_event *e = &m->events[i];
        bool counts = place->has[i] && strcmp(e->record, record) == 0 && e->values[field] &&
                      !*place->held[i];
        for (size_t j = 0; counts && j < m->count; j++)
            counts = !(place->has[j] && m->events[j].values[field] && !*place->held[j] &&
                       m->before[i][j]);
        if (!counts)
            continue;
        shown.conflict =
            shown.conflict || (chosen && strcmp(chosen->values[field], e->values[field]) != 0);
        bool decides = field == 0 && chosen && e->decision != chosen->decision;
        if (!chosen || (decides ? e->decision : strcmp(e->hash, chosen->hash) > 0))
            chosen = e;
    }
    if (chosen)
        shown.value = chosen->values[field];
    return shown;
}
