/*
 * model: what several places should show, worked out the slow and plain way from the set of events
 * each of them has: who is before whom by walking back, candidates by comparing everything with
 * everything. Shares no code with store/merge.
 */
#ifndef TESTS_PROPERTY_MODEL_H
#define TESTS_PROPERTY_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "store/event.h"

enum { MODEL_EVENTS = 256, MODEL_FIELDS = 3 };
static const char *const model_fields[MODEL_FIELDS] = {"state", "phone", "note"};

struct model_event {
    char hash[HASH_HEX_SIZE], prev[HASH_HEX_SIZE], record[UUID_SIZE];
    size_t device;
    long seq;
    enum event_op op;
    long bases[8]; /* indexes; -1 at the end */
    char *values[MODEL_FIELDS]; /* NULL = not written */
    char from[16];              /* of an action: the state it starts from, "" = none yet */
    bool decision;
};

struct model {
    struct model_event events[MODEL_EVENTS];
    size_t count;
    bool before[MODEL_EVENTS][MODEL_EVENTS]; /* [a][b]: b stands on a, at any distance */
};

/* Which events a place has, and why they are not in force there ("" = they are), as the store
 * writes it. */
struct model_place {
    bool has[MODEL_EVENTS];
    const char *held[MODEL_EVENTS];
};

struct model_value {
    const char *value; /* "" = nothing */
    bool conflict;
};

void model_clear(struct model *m);
/* Adds what was just acknowledged; gives its index. */
size_t model_add(struct model *m, size_t device, const struct event *event, const char *from,
                 bool decision);
long model_find(const struct model *m, const char *hash);
/* Fills `held` from `has`. */
void model_judge(const struct model *m, struct model_place *place);
/* The number from which on a device is there twice; 0 = it is one. */
long model_fork(const struct model *m, const struct model_place *place, size_t device);
struct model_value model_show(const struct model *m, const struct model_place *place,
                              const char *record, size_t field);

#endif
