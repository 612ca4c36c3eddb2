/*
 * bundle/writer: writes bundles (送付便): office's day close and transfer call it.
 *
 * A bundle is written under a temporary name, synced, read back and verified, then renamed; what
 * was written is noted in the store's table `bundle` in the same breath. Constant memory.
 */
#ifndef BUNDLE_WRITER_H
#define BUNDLE_WRITER_H

#include "crypto/keyring.h"
#include "store/store.h"

struct bundle_written {
    char path[512];
    char id[HASH_HEX_SIZE];
    long number;
    long events;
    long records;
    int64_t first, last; /* of the own chain (kind chain) */
};

/* Called between steps; false stops before the bundle gets its name (E_CANCELLED). May be NULL. */
typedef bool (*bundle_progress)(void *context, long done, long total);

/* kind chain: this device's events after the last receipt, to the town and escrow. E_NOT_FOUND:
 * there is nothing new. A counter's bundle ends with the close of a day: what came after waits for
 * the next close. */
enum status bundle_write_chain(struct store *store, const struct user_keys *keys, const char *dir,
                               bundle_progress progress, void *context, struct bundle_written *out,
                               struct error *err);
/* kind extract: the registry and whole records (every event in force with what it stands on, no
 * `read`), sealed by this device, to one other device. */
enum status bundle_write_extract(struct store *store, const struct user_keys *keys, const char *dir,
                                 const char *to_device, const struct strings *records,
                                 struct bundle_written *out, struct error *err);
/* kind receipt: how far the town has the chain of each device, and what is held and why. */
enum status bundle_write_receipt(struct store *store, const struct user_keys *keys, const char *dir,
                                 const char *to_device, struct bundle_written *out,
                                 struct error *err);

#endif
