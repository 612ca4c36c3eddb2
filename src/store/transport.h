/*
 * store/transport: what is known here of bundles written and taken in, and of the town's receipts
 * (送付便と受領). Bundle writes it, office reads it.
 */
#ifndef STORE_TRANSPORT_H
#define STORE_TRANSPORT_H

#include "crypto/hash.h"
#include "store/store.h"

struct transport_bundle {
    char *id, *kind, *peer, *file, *at;
    char *received; /* ISO time of the town's receipt, "" while there is none */
    bool incoming;
    long number;
    int64_t first, last; /* of the sender's chain; 0 0 for other kinds */
    long records;
};
struct transport_bundles {
    struct transport_bundle *items;
    size_t count;
};

/* Notes a bundle; `id` once only. The strings are read, not kept. */
enum status transport_note(struct store *store, const struct transport_bundle *bundle,
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

#endif
