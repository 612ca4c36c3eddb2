/*
 * store/scope: which records a device is to have from the town (持ち出す範囲): rules
 * FORM.FIELD=VALUE of the registry, with everything that belongs to the people found. Office asks
 * it before it writes an extract.
 */
#ifndef STORE_SCOPE_H
#define STORE_SCOPE_H

#include "base/strings.h"
#include "store/store.h"

/* E_PARSE: not FORM.FIELD=VALUE. E_NOT_FOUND: no such form or field here. */
enum status scope_check(struct store *store, const char *rule, struct error *err);
/* What a device is to have, and what it is known to have. */
struct scope_order {
    const struct strings *devices; /* itself, then those whose work it goes on with */
    const struct strings *rules;
    long number;     /* of the extract it last confirmed; 0 = none: everything */
    int64_t arrival; /* the newest event that extract knew of */
    bool widened;    /* the rules are newer than that extract */
};

/* Adds the records that are to go, each once, sorted: those the device wrote in, those the rules
 * find and those of the people among them; of all these what the device does not surely have as it
 * is here. What that costs depends on what changed, not on what there is. Protected people
 * (閲覧制限) are left out by the rules: their records go to nobody who did not write in them; who
 * has them from before gets the person's record once more, which says so. */
enum status scope_records(struct store *store, const struct scope_order *order, struct strings *out,
                          struct error *err);
/* What went to whom with extract `number`; `confirmed` as in scope_order.number. Whoever disposes
 * of a record has to tell its holders. */
enum status scope_note_sent(struct store *store, const char *device, long number, long confirmed,
                            const struct strings *records, struct error *err);
/* Something of the record changed without a new event: it goes again. In a transaction. */
enum status scope_stir(struct store *store, const char *record, struct error *err);

/* --- Files --- */

/* The bytes of a file have come: the records that name it go again. In a transaction. */
enum status scope_stir_file(struct store *store, const char *blob, struct error *err);

enum status scope_note_files(struct store *store, const char *device, long number,
                             const struct strings *blobs, struct error *err);
/* It went there, and that was confirmed. */
bool scope_has_file(struct store *store, const char *device, const char *blob);
/* Records whose files went there and nobody confirmed. */
enum status scope_files_due(struct store *store, const char *device, struct strings *records,
                            struct error *err);

#endif
