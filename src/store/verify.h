/*
 * store/verify: does everything still say what was written (検証)? Every hash, chain and signature
 * of the journal, then every live row against what the events
 * give, then the bytes of attachments. Maintenance commands call it.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/store.h"

struct verified {
    int64_t events, records, attachments; /* looked at; of attachments those that are here */
};

/* One line for each thing that is wrong. */
typedef void (*verify_report)(void *context, const char *line);

/* E_CORRUPT when something is wrong; all of it was reported. */
enum status store_verify(struct store *store, verify_report report, void *context,
                         struct verified *out, struct error *err);
/* What a start or a copy can afford: the file's own structure (SQLite's quick_check), the registry,
 * and hashes and signatures of the newest 1,000 events. E_CORRUPT likewise. */
enum status store_verify_quick(struct store *store, verify_report report, void *context,
                               struct verified *out, struct error *err);

#endif
