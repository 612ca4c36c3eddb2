/*
 * bundle/writer_internal: what the kinds of bundles have in common while they are written. Private
 * to bundle/writer*.c.
 */
#ifndef BUNDLE_WRITER_INTERNAL_H
#define BUNDLE_WRITER_INTERNAL_H

#include "base/strings.h"
#include "bundle/distinct.h"
#include "bundle/payload.h"
#include "bundle/writer.h"
#include "store/journal.h"
#include "store/reference.h"
#include "store/registry.h"

struct writing {
    struct store *store;
    const struct user_keys *keys;
    const struct bundle_order *order;
    struct registry_town town;
    struct bundle_header header;
    struct age_recipient recipients[BUNDLE_RECIPIENTS_MAX];
    size_t recipient_count;
    struct payload *payload;
    struct bundle_written *out;
    struct distinct *records; /* of the chains */
    int64_t done;
    int64_t turn; /* of the sides of a device that is there twice */
};

/* Town, number, place in the row of bundles. The caller ends with writing_finish(), come what may.
 */
enum status writing_begin(struct writing *w, enum bundle_kind kind, struct error *err);
/* E_LIMIT: no room for another recipient. */
enum status writing_address(struct writing *w, const struct age_recipient *to, struct error *err);
/* The town, the escrow and the others it named. */
enum status writing_address_town(struct writing *w, struct error *err);
/* A device, and the escrow. */
enum status writing_address_device(struct writing *w, const char *device, struct error *err);
/* The hash of every form version named ("id@version"); unknown ones are left out. */
void writing_requires(struct writing *w, const struct strings *forms);
/* Opens the file; `bytes` are what it will need at most, as far as one can tell. E_FULL. */
enum status writing_start(struct writing *w, int64_t bytes, struct error *err);
enum status writing_text(struct writing *w, const char *text, struct error *err);
/* Frees the line. */
enum status writing_line(struct writing *w, struct line *line, struct error *err);
/* A journal_sink. */
enum status writing_event(void *context, const struct event *event, const char *held,
                          struct error *err);
/* Reference data whose entries are newer than a version of the registry and whose bytes are here;
 * how many bytes; and their section. */
void writing_choose_references(struct writing *w, int64_t after, struct references *out);
int64_t references_bytes(const struct references *references);
enum status writing_references(struct writing *w, const struct references *references,
                               struct error *err);
enum status writing_step(struct writing *w, int64_t total, struct error *err);
/* Gives the bundle its name and notes it, if `st` is OK; frees. `peer`: device it is for, "" =
 * town. */
enum status writing_finish(struct writing *w, const char *peer, enum status st, struct error *err);

#endif
