/*
 * store/transport: what is known here of bundles written and taken in, and of the town's receipts
 * (送付便と受領). Bundle writes it, office reads it.
 */
#ifndef STORE_TRANSPORT_H
#define STORE_TRANSPORT_H

#include "crypto/hash.h"
#include "store/store.h"

/* Set while a lost town is made again: only then are copies of what it sent taken in. */
#define REBUILDING_FACT "rebuilding"

struct transport_bundle {
    char *id, *kind, *peer, *file, *at;
    char *received; /* ISO time of the receipt or confirmation, "" while there is none */
    bool incoming;
    long number;
    int64_t first, last; /* of the sender's own chain; of an extract the version of the registry and
                            the newest event it knew; 0 0 otherwise */
    long records;
};
/* A part of a device's chain in a bundle. */
struct transport_chain {
    char device[HASH_HEX_SIZE];
    int64_t first, last;
};
struct transport_bundles {
    struct transport_bundle *items;
    size_t count;
};

/* Notes a bundle with the chains in it; `id` once only. The strings are read, not kept. */
enum status transport_note(struct store *store, const struct transport_bundle *bundle,
                           const struct transport_chain *chains, size_t chain_count,
                           struct error *err);
/* Newest first. */
enum status transport_bundles(struct store *store, struct transport_bundles *out,
                              struct error *err);
void transport_bundles_free(struct transport_bundles *list);
bool transport_knows(struct store *store, const char *id);
/* The number of the next bundle written here (1, 2, ...) and the id of the last one ("" = none);
 * the caller frees. */
enum status transport_next(struct store *store, long *number, char **last_id, struct error *err);

/* How far the town has a device's chain; 0 when no receipt has come. */
enum status transport_received(struct store *store, const char *device, int64_t *seq,
                               char hash[HASH_HEX_SIZE], int64_t *epoch, struct error *err);
/* ISO time of the newest receipt, as the town wrote it; "" when none has come. The caller frees. */
enum status transport_newest_receipt(struct store *store, char **at, struct error *err);
/* A receipt came. A lower position counts only from a newer epoch. Bundles it covers are marked. */
enum status transport_receive(struct store *store, const char *device, int64_t seq,
                              const char *hash, int64_t epoch, const char *at, struct error *err);
/* Files of bundles written here that a receipt covers and that were not yet removed. */
enum status transport_superseded(struct store *store, struct transport_bundles *out,
                                 struct error *err);
/* The file of a bundle is no more. */
enum status transport_removed(struct store *store, const char *id, struct error *err);
/* The newest bundle taken in from a device; 0 = none. */
enum status transport_newest_from(struct store *store, const char *device, long *number,
                                  struct error *err);
/* Devices whose chains came from (or are) this device: those it wants to hear of. Sorted. */
enum status transport_carried_by(struct store *store, const char *device, struct strings *out,
                                 struct error *err);

/* --- At the town: what a place has confirmed (op `taken`) --- */

/* An extract; number 0 = none. */
struct transport_extract {
    char id[HASH_HEX_SIZE]; /* "" = none */
    long number;
    int64_t registry; /* its version when it was written */
    int64_t arrival;  /* the newest event it knew of */
};
/* The newest one the device confirmed, and the newest one that was written for it. */
enum status transport_extracts(struct store *store, const char *device,
                               struct transport_extract *confirmed,
                               struct transport_extract *newest, struct error *err);
/* An event of op `taken` came: the bundle it names was taken in there, or (`all`) nothing counts as
 * taken in any more. */
struct event;
enum status transport_confirm(struct store *store, const struct event *event, struct error *err);
/* At a place: the bundle of the town was confirmed by an event of the own chain. */
bool transport_confirmed(struct store *store, const char *id);
enum status transport_note_confirmed(struct store *store, const char *id, struct error *err);

/* --- Checkpoints: how far a device itself has put its name to its chain --- */

/* The line as it came; an older one than the known is ignored. */
enum status transport_checkpoint(struct store *store, const char *device, int64_t seq,
                                 const char *line, struct error *err);
/* *line is NULL when none is known; the caller frees. Of a device that is there twice, and of which
 * the town has not decided, each turn gives that of another side, and *fork is where they part
 * (else 0). */
enum status transport_checkpoint_of(struct store *store, const char *device, int64_t turn,
                                    int64_t *seq, char **line, int64_t *fork, struct error *err);

/* --- What the last receipt said: events held at the town, attachments it misses --- */

enum status transport_there_clear(struct store *store, struct error *err);
enum status transport_held_there(struct store *store, const char *hash, const char *reason,
                                 struct error *err);
enum status transport_missing_there(struct store *store, const char *blob, struct error *err);
/* Pairs hash, reason; blobs. */
enum status transport_held_list(struct store *store, struct strings *out, struct error *err);
enum status transport_missing_list(struct store *store, struct strings *out, struct error *err);

#endif
