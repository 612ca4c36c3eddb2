/*
 * office/preferences: the settings of this place (the file `settings`) read and changed by whoever
 * looks after it. What a place is (its town, name, keys) was decided at set-up and stays.
 */
#ifndef OFFICE_PREFERENCES_H
#define OFFICE_PREFERENCES_H

#include "office/session.h"

struct preference {
    const char *key;
    const char *value;  /* in force; borrowed until a change */
    const char *bounds; /* "1|2", "0..120" or "" */
    const char *text;   /* what it is, translated */
};

/* The i-th; false when there are no more. */
bool preferences_row(const struct office *office, size_t i, struct preference *out);
/* Needs MAY_ADMINISTER. In force from the next start on. E_NOT_FOUND: no such key; E_INVALID says
 * what is allowed; E_DENIED: it was decided at set-up. */
enum status preferences_set(struct session *session, const char *key, const char *value,
                            struct error *err);

#endif
