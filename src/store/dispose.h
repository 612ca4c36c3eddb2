/*
 * store/dispose: what must be forgotten (廃棄): bodies and files go, headers stay.
 *
 * A `dispose` event of the town names a record; its bases are the heads, so its past is what goes.
 * Which bodies those are is decided by the merge alone, at every place alike, whatever arrives
 * first; here they are taken out of the file. Headers and chains can still be verified, and the
 * salt that went with a body keeps its hash from being guessed.
 */
#ifndef STORE_DISPOSE_H
#define STORE_DISPOSE_H

#include "base/buffer.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "store/record.h"
#include "store/store.h"

/* For projection only: takes out the bodies and attached files that the record's merge found
 * disposed of. What was taken out is swept from the file by dispose_sweep(). */
enum status dispose_project(struct store *store, const struct record *record, struct error *err);

/* True when something was taken out since the last sweep. */
bool dispose_due(struct store *store);
/* Rewrites search index and file, so that nothing of it is left in free pages. Not inside a
 * transaction; needs as much room again as the database has. */
enum status dispose_sweep(struct store *store, struct error *err);

struct disposal {
    char event[HASH_HEX_SIZE];
    char record[UUID_SIZE];
    char form[48];
    char *at;                    /* ISO time */
    char *actor;                 /* fingerprint */
    char *reason;                /* "" where it is covered by a later disposal */
    struct strings acknowledged; /* devices that said they have done it */
    struct strings holders;      /* other devices that wrote in the record or were sent it */
};
struct disposals {
    struct disposal *items; /* newest first */
    size_t count;
};
/* Those in force here. */
enum status dispose_list(struct store *store, struct disposals *out, struct error *err);
void disposals_free(struct disposals *list);

/* Events of disposal in force that came from elsewhere and this device has not acknowledged. */
enum status dispose_unacknowledged(struct store *store, struct strings *events, struct error *err);
/* The events of a record that was disposed of, three lines each (header, body, seal; empty where
 * there is none): for a list that outlives a database and is played into a restored one, inside a
 * transaction, by dispose_replay(). The headers in between show how far the disposal reaches. */
enum status dispose_lines(struct store *store, const char *record, struct buffer *out,
                          struct error *err);
enum status dispose_replay(struct store *store, const char *lines, struct error *err);

/* Body of the event (op `user`) that acknowledges one. */
#define DISPOSE_ACK "disposed"

#endif
