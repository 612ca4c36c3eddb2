/*
 * office/transfer: bundles as the office uses them (送付便): what goes out, what came in.
 */
#ifndef OFFICE_TRANSFER_H
#define OFFICE_TRANSFER_H

#include "office/session.h"

struct transfer_row {
    bool incoming;
    long number;
    char *file; /* name on the medium */
    char *peer; /* office or town it went to or came from */
    char *at;   /* ISO time */
    long records;
    char *status; /* 受領待ち, 受領済, 取込済 ... */
    char *id;     /* bundle id */
};

struct transfer_list {
    struct transfer_row *items;
    size_t count;
};

enum status transfer_list(struct session *session, struct transfer_list *out, struct error *err);
void transfer_list_free(struct transfer_list *list);

/* Files in a directory (a stick) that look like bundles, by name: those of a place in the order
 * they were written. */
struct strings;
enum status transfer_find(const char *dir, struct strings *out, struct error *err);

struct transfer_applied {
    char *from; /* office or town */
    long number;
    long events; /* new ones */
    long records;
    long decisions; /* among them */
    long held;      /* with reasons, see `held` worklist */
    bool receipt;   /* a receipt was in it */
    bool again;     /* was taken in before; nothing was done */
};

/* Verify everything, then take it in. One clear message and nothing changed when it is refused. */
enum status transfer_apply(struct session *session, const char *file, struct transfer_applied *out,
                           struct error *err);

/* The same checks without taking anything in; what would be new is counted. E_NOT_FOUND: written
 * for another place. */
enum status transfer_verify(struct session *session, const char *file, struct transfer_applied *out,
                            struct error *err);

/* What the town sends back to an office: extract with decisions and registry, then the receipt.
 * Paths of the files written are added to `files`. On a counter: everything not yet received. */
enum status transfer_create(struct session *session, const char *to, struct strings *files,
                            struct error *err);

#endif
