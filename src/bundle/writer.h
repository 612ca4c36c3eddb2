/*
 * bundle/writer: writes bundles (送付便): office's day close and transfer call it.
 *
 * A bundle is written under a temporary name, synced, read back and verified, then renamed; what
 * was written is noted in the store's table `bundle` in the same breath. Constant memory; others
 * are never kept from the database while a slow stick is written.
 */
#ifndef BUNDLE_WRITER_H
#define BUNDLE_WRITER_H

#include "crypto/keyring.h"
#include "store/store.h"

struct bundle_written {
    char path[512];
    char id[HASH_HEX_SIZE];
    const char *kind;
    long number;
    long events;
    long records;        /* of blobs: attachments */
    long devices;        /* chains in it */
    int64_t first, last; /* of the own chain; of an extract the version of the registry and the
                            newest event it knows of */
};

/* Called between steps; false stops before the bundle gets its name (E_CANCELLED). May be NULL. */
typedef bool (*bundle_progress)(void *context, long done, long total);

struct bundle_order {
    const char *dir;
    bool all; /* chains from their first event on, whatever the town has */
    bundle_progress progress;
    void *context;
};

/* kind chain: this device's events after the last receipt, and those of the devices whose chains
 * came here on their way to the town, as far as they put their names to them; to the town, escrow,
 * and the counters of the own office. E_NOT_FOUND: there is nothing new. A counter's chain ends
 * with the close of a day: what came after waits for the next close. */
enum status bundle_write_chain(struct store *store, const struct user_keys *keys,
                               const struct bundle_order *order, struct bundle_written *out,
                               struct error *err);
/* kind extract: what is new of the registry, and whole records (every event in force with what it
 * stands on, no `read`), sealed by this device, to one other. New: after the extract the device
 * last confirmed, or everything (order->all). */
enum status bundle_write_extract(struct store *store, const struct user_keys *keys,
                                 const struct bundle_order *order, const char *to_device,
                                 const struct strings *records, struct bundle_written *out,
                                 struct error *err);
/* kind copy: the records that came here in extracts, whole, for a town that lost them. E_NOT_FOUND:
 * none did. */
enum status bundle_write_copy(struct store *store, const struct user_keys *keys,
                              const struct bundle_order *order, struct bundle_written *out,
                              struct error *err);
/* kind blobs: the bytes of attachments whose events went before; blobs that are not here are passed
 * over. `to_device` NULL = to the town. E_NOT_FOUND: none of them is here. */
enum status bundle_write_blobs(struct store *store, const struct user_keys *keys,
                               const struct bundle_order *order, const char *to_device,
                               const struct strings *blobs, struct bundle_written *out,
                               struct error *err);
/* What a chain bundle that was just written leaves to be sent: attachments of its own events, and
 * what the town said it misses. */
enum status bundle_blobs_to_send(struct store *store, const struct bundle_written *chain,
                                 struct strings *blobs, struct error *err);
/* kind receipt: how far the town has the device's chain and those it carried, and what is held or
 * missing of them and why. */
enum status bundle_write_receipt(struct store *store, const struct user_keys *keys,
                                 const struct bundle_order *order, const char *to_device,
                                 struct bundle_written *out, struct error *err);

#endif
