/*
 * office/held: events that are here and do not count yet (保留の記録): why, and what to do. Devices
 * that are there twice, receipt numbers given twice, and the town's decisions about them.
 */
#ifndef OFFICE_HELD_H
#define OFFICE_HELD_H

#include "office/session.h"

struct held_row {
    char *event;  /* hash */
    char *record; /* uuid; "" when it is about none, or nothing of the record counts */
    char *number, *title; /* of the record, as far as it counts */
    char *form;           /* "id@version" */
    char *what;           /* op */
    char *who, *place, *at;
    char *reason; /* code: base, form ... */
    char *text;   /* the reason in words */
    char *advice; /* what to do */
    bool there;   /* held at the town, as its last receipt says */
};
struct held_rows {
    struct held_row *items;
    size_t count;
};
enum status held_list(struct session *session, struct held_rows *out, struct error *err);
void held_rows_free(struct held_rows *list);
/* Judges all of them again. How many there were, how many are left. */
enum status held_retry(struct session *session, long *before, long *after, struct error *err);

/* --- Devices that are there twice --- */

struct fork_row {
    char *device, *place;
    char *event; /* hash of an end */
    long seq, from, events;
    char *at;
    char *verdict; /* in words */
};
struct fork_rows {
    struct fork_row *items;
    size_t count;
};
enum status held_forks(struct session *session, struct fork_rows *out, struct error *err);
void fork_rows_free(struct fork_rows *list);
/* Town: the events that lead to these (hashes, at least 8 digits; none = nothing from the fork on)
 * count, the others do not, everywhere. The device's key ends: the place goes on with a new one. */
enum status held_decide(struct session *session, const char *device, const struct strings *good,
                        struct error *err);

/* --- Numbers given twice --- */

/* Town: a record whose number another one has too gets a branch (枝番): 令8-…-7の2. `branch` 0 = the
 * next. `out` gets the number. E_RULE: nobody else has it. */
enum status held_branch(struct session *session, const char *record, long branch, char out[128],
                        struct error *err);

#endif
