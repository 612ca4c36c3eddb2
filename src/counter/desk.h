/*
 * counter/desk: what every screen of the counter shares (窓口): the office, who works here, and
 * the numbers of the top line.
 */
#ifndef COUNTER_DESK_H
#define COUNTER_DESK_H

#include "office/session.h"
#include "ui/keymap.h"

struct desk {
    struct office *office;
    struct session *session; /* NULL before login */
    struct office_counts counts;
    long review;     /* at the town: records that wait for a decision */
    char *files;     /* folder where the last attachment was chosen, NULL none yet */
    long generation; /* grows when what lists show may be old */
};

/* Counts again, and lets lists load again. */
void desk_changed(struct desk *desk);
/* The same when another process wrote. */
void desk_watch(struct desk *desk);
/* One line above the keys says what went wrong. */
void desk_refused(const struct error *err);
/* Keys that mean the same everywhere (help, search, lock); false: not one of them. */
bool desk_key(struct desk *desk, enum action action);
/* "令8.11.24 09:12" of an ISO time or date, in the office's time; what is neither stays as it is.
 * The caller frees. */
char *desk_time(const char *iso);

#endif
