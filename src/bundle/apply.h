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
    long devices;   /* chains in it */
    long events;    /* new here */
    long known;     /* were here before */
    long records;   /* touched */
    long decisions; /* acts by the town among the new events */
    long held;      /* of the new events, held with a reason */
    long entries;   /* of the registry, new */
    long blobs;     /* attachments, new */
    bool receipt;   /* a receipt of the own chain was in it */
    bool again;     /* the whole bundle was known */
    /* What the one who takes it in should know; nothing of it keeps anything from being taken in.
     */
    bool ended; /* the town has revoked the sender: what it did not accept is held */
    bool stale; /* the sender knew a newer registry than is here */
    long forks; /* new events whose number another one has: the device is there twice */
    char fork[HASH_HEX_SIZE]; /* that device */
    int64_t ahead_ms;         /* how far the sender's clock is before the one here, beyond a day */
    int64_t back_ms;          /* how far it went back between two events, beyond five minutes */
    bool missed;   /* the extract before this one did not come; what was in it is in this */
    bool baseless; /* it goes on from an extract that is not here: something is missing */
    char unknown_form[128]; /* "id@version" that is not here: events of it are held */
    /* With E_HELD: what is missing before it. */
    char gap_device[HASH_HEX_SIZE];
    int64_t gap_first, gap_last;
    long gap_number_first, gap_number_last; /* bundles of the sender; 0 = not known */
};

/* `identity`: the key the bundle is written to: the device's, on the town that of the year. Order
 * of checks: private copy, grammar, town, signer, signature, payload hash, only then decryption in
 * a child process, content seal, every event's hash and chain. One clear message and nothing
 * changed when it is refused. E_HELD: all is as it should be, but something before it has not come
 * yet. */
enum status bundle_apply(struct store *store, const struct key_pair *identity, const char *file,
                         struct bundle_applied *out, struct error *err);
/* The same without writing anything. */
enum status bundle_verify(struct store *store, const struct key_pair *identity, const char *file,
                          struct bundle_applied *out, struct error *err);

#endif
