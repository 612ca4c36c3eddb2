/*
 * office/transfer: bundles as the office uses them (送付便): what goes out, what came in, what
 * waits for something before it; the sticks the town knows and the register of what was carried out
 * (持出し台帳).
 */
#ifndef OFFICE_TRANSFER_H
#define OFFICE_TRANSFER_H

#include "base/strings.h"
#include "office/session.h"

/* --- What there is --- */

struct transfer_row {
    bool incoming;
    bool waiting; /* came, but something before it has not */
    long number;
    const char *kind; /* what it carries, in words; borrowed */
    char *file;       /* name on the medium */
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

/* What waits first, then the newest. */
enum status transfer_list(struct session *session, struct transfer_list *out, struct error *err);
void transfer_list_free(struct transfer_list *list);

/* What somebody should know before they send or rely on what is here: the town was not heard of
 * for long, it holds or misses something, sticks are out. Sentences; none when all is well. */
enum status transfer_notices(struct session *session, struct strings *out, struct error *err);

/* Files in a directory (a stick) that look like bundles, by name: those of a place in the order
 * they were written. */
enum status transfer_find(const char *dir, struct strings *out, struct error *err);

/* --- Taking in --- */

struct transfer_applied {
    char *from; /* office or town */
    long number;
    long events; /* new ones */
    long records;
    long decisions;          /* among them */
    long held;               /* with reasons, see `held` worklist */
    long blobs;              /* attachments */
    bool receipt;            /* a receipt was in it */
    bool again;              /* was taken in before; nothing was done */
    long followed;           /* bundles that had waited for it and are taken in now */
    struct strings changes;  /* of what is looked up here: sentences */
    struct strings warnings; /* sentences */
};
void transfer_applied_free(struct transfer_applied *applied);

/* Verify everything, then take it in. One clear message and nothing changed when it is refused.
 * E_HELD: something before it has not come; it is kept and taken in by itself when that comes. */
enum status transfer_apply(struct session *session, const char *file, struct transfer_applied *out,
                           struct error *err);

/* The same with an age identity file (the escrow's), where the key the bundle was written for is
 * lost. NULL = as above. */
enum status transfer_apply_with(struct session *session, const char *file, const char *identity,
                                struct transfer_applied *out, struct error *err);

/* The same checks without taking anything in; what would be new is counted. `identity` as
 * above. E_NOT_FOUND: written for another place. */
enum status transfer_verify(struct session *session, const char *file, const char *identity,
                            struct transfer_applied *out, struct error *err);
/* The content's lines, opened with an age identity file; without any place. */
enum status transfer_content(const char *file, const char *identity,
                             enum status (*line)(void *context, const char *text, size_t len,
                                                 struct error *err),
                             void *context, struct error *err);

/* --- Confirming --- */

/* Every bundle with records or attachments that was taken in from the town is confirmed in the own
 * journal; the town sends what is new since then. This takes the confirmations back: the town is to
 * send everything again. Goes with the next bundle to the town. E_RULE at the town. */
enum status transfer_request_all(struct session *session, struct error *err);

/* --- Sending --- */

struct transfer_order {
    const char *to;       /* folder */
    bool all;             /* from the first event on, and every attachment, whatever was sent */
    const char *reason;   /* for the register; NULL = nothing special */
    const char *approval; /* number of the approval; NULL = none */
};

/* What the town sends back to every place: extract with decisions and registry, attachments, then
 * the receipt. Paths of the files written are added to `files`. On a counter: everything not yet
 * received, and its attachments. Outside this data directory only where the town allows it, and
 * with an entry in the register. */
enum status transfer_create(struct session *session, const struct transfer_order *order,
                            struct strings *files, struct error *err);
struct bundle_written;
/* The attachments of a chain bundle just written, and what else the town misses, as a bundle beside
 * it; none is written when there are none. */
enum status transfer_attachments(struct session *session, const struct transfer_order *order,
                                 const struct bundle_written *chain, struct strings *files,
                                 struct error *err);
/* Copies a bundle that was written before, under the same rules; `path` gets where it went. */
enum status transfer_copy(struct session *session, const char *file,
                          const struct transfer_order *order, char path[512], struct error *err);

/* The folder is outside this data directory: writing there makes a line in the register; whether
 * the town wants the number of an approval with it. */
bool transfer_leaves(struct session *session, const char *folder);
bool transfer_wants_approval(struct session *session, const char *folder);
/* For others who write bundles (day close): whether the folder may be written to now (E_RULE),
 * which is made where what should hold it is there (E_NOT_FOUND); and what was written there. */
enum status transfer_permit(struct session *session, const struct transfer_order *order,
                            struct error *err);
enum status transfer_register(struct session *session, const struct transfer_order *order,
                              const struct bundle_written *written, struct error *err);

/* --- 持出し台帳 --- */

struct carry_row {
    long id, number, records;
    char *at, *who, *peer, *file, *medium, *reason, *approval;
    char *closed_at, *closed_by, *outcome; /* "" while it is out */
};
struct carry_list {
    struct carry_row *items;
    size_t count;
};
enum status transfer_carried(struct session *session, bool out_only, struct carry_list *out,
                             struct error *err);
void carry_list_free(struct carry_list *list);
/* It is back, handed over or wiped: `outcome` in words. */
enum status transfer_return(struct session *session, long id, const char *outcome,
                            struct error *err);

/* --- The town says --- */

struct medium_row {
    char *uuid, *label;
    bool retired, here; /* here: it is what `path` of transfer_media() lies on */
};
struct medium_list {
    struct medium_row *items;
    size_t count;
};
/* Registered sticks. `path` may be NULL. */
enum status transfer_media(struct session *session, const char *path, struct medium_list *out,
                           struct error *err);
void medium_list_free(struct medium_list *list);
/* Town: registers the medium with that UUID, or takes it out of use (label NULL = as before). */
enum status transfer_register_medium(struct session *session, const char *uuid, const char *label,
                                     bool retired, struct error *err);

/* Town: which records besides its own a place is to have; rules FORM.FIELD=VALUE take the place of
 * those before. `place`: office or device name, id or its beginning. */
enum status transfer_set_scope(struct session *session, const char *place,
                               const struct strings *rules, struct error *err);
enum status transfer_scope(struct session *session, const char *place, struct strings *rules,
                           struct error *err);

#endif
