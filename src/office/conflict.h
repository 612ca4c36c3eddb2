/*
 * office/conflict: fields of a record for which two people wrote two values at once (値の食い違い),
 * and making one of them. Screens and commands show and choose; nothing is decided without somebody
 * who signs for it.
 */
#ifndef OFFICE_CONFLICT_H
#define OFFICE_CONFLICT_H

#include "office/session.h"

struct conflict_value {
    char *text; /* as shown; of a group its parts, one after the other; "" blank */
    char *at;   /* 和暦 and time */
    char *who;
    char *place;
    bool decision; /* the town decided it */
    bool shown;    /* it stands in the record meanwhile */
};

struct conflict {
    char *path;  /* of the field, of a group its first that differs */
    char *label; /* of a group the labels of those that differ */
    struct conflict_value *values;
    size_t count;
    struct strings parts, part_labels; /* what has to be typed for another value; none: only the
                                          values that are there can be chosen */
    bool made; /* it follows from other fields: to be calculated again, not chosen */
};

struct conflicts {
    struct conflict *items;
    size_t count;
};

/* In the order of the form. Values that only follow from others that are in conflict themselves are
 * left out: they go with these. */
enum status conflict_list(struct session *session, const char *record, struct conflicts *out,
                          struct error *err);
void conflicts_free(struct conflicts *list);

/* Takes the value at `index` of the conflict of `path` (any field of its group), with everything
 * that follows from it. What the town decided can only be acknowledged (E_RULE). */
enum status conflict_choose(struct session *session, const char *record, const char *path,
                            size_t index, struct error *err);
/* Other values: `words` are "path=typed", NULL at the end, all of one group; what is not named of
 * it stays as it is shown. Of a calculated field none: it is calculated again. */
enum status conflict_settle(struct session *session, const char *record, const char *path,
                            const char *const *words, struct error *err);

#endif
