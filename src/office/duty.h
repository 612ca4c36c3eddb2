/*
 * office/duty: what the town's administrator has to do for keys and proofs (町の鍵と証し), each
 * year, each month, and once: shown at login, in the menu and by doctor.
 */
#ifndef OFFICE_DUTY_H
#define OFFICE_DUTY_H

#include "office/session.h"

enum duty_kind {
    DUTY_YEAR,        /* the town's identity: a new one each fiscal year */
    DUTY_ESCROW,      /* the escrow's likewise */
    DUTY_ESCROW_AWAY, /* the escrow identity is still on this machine */
    DUTY_ROOT_COPY,   /* a copy of the root key the escrow in force opens */
    DUTY_ANCHOR,      /* heads printed and sealed each month */
    DUTY_REBUILT,     /* a town that is made again still takes in copies */
    DUTY_KINDS
};

struct duty {
    enum duty_kind kind;
    const char *title;
    bool due;
    char last[32]; /* ISO time or day it was done last; "" = never */
};

/* Where the session's user may do it: all of them; none elsewhere or for others. */
size_t duty_list(struct session *session, struct duty out[DUTY_KINDS]);
/* Of this place, whoever asks (doctor). */
size_t duty_of_office(struct office *office, struct duty out[DUTY_KINDS]);

#endif
