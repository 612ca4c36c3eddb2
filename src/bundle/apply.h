/*
 * bundle/apply: takes bundles in: everything is verified before anything is written; then events
 * go in by batches that do not hold others up.
 */
#ifndef BUNDLE_APPLY_H
#define BUNDLE_APPLY_H

#include "crypto/keyring.h"
#include "store/store.h"

struct bundle_applied {
    char id[HASH_HEX_SIZE];
    char kind[16];
    char from[HASH_HEX_SIZE]; /* device */
    long number;
    long events;    /* new here */
    long known;     /* were here before */
    long records;   /* touched */
    long decisions; /* acts by the town among the new events */
    long held;      /* of the new events, held with a reason */
    long entries;   /* of the registry, new */
    bool receipt;   /* a receipt of the own chain was in it */
    bool again;     /* the whole bundle was known */
};

/* `identity`: the key the bundle is written to: the device's, on the town that of the year. Order
 * of checks: private copy, grammar, town, signer, signature, payload hash, only then decryption in
 * a child process, content seal, every event's hash and chain. One clear message and nothing
 * changed when it is refused. */
enum status bundle_apply(struct store *store, const struct key_pair *identity, const char *file,
                         struct bundle_applied *out, struct error *err);
/* The same without writing anything. */
enum status bundle_verify(struct store *store, const struct key_pair *identity, const char *file,
                          struct bundle_applied *out, struct error *err);

#endif
