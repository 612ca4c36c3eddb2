/*
 * store/scope: which records a device is to have from the town (持ち出す範囲): rules FORM.FIELD=VALUE
 * of the registry, with everything that belongs to the people found. Office asks it before it
 * writes an extract.
 */
#ifndef STORE_SCOPE_H
#define STORE_SCOPE_H

#include "base/strings.h"
#include "store/store.h"

/* E_PARSE: not FORM.FIELD=VALUE. E_NOT_FOUND: no such form or field here. */
enum status scope_check(struct store *store, const char *rule, struct error *err);
/* Adds the records the rules find, and the records of the people among them, each once, sorted.
 * Protected people (閲覧制限) are left out: their records go to nobody who did not write them. */
enum status scope_records(struct store *store, const struct strings *rules, struct strings *out,
                          struct error *err);
/* What was sent to whom: whoever disposes of a record has to tell its holders. */
enum status scope_note_holder(struct store *store, const char *device, const char *record,
                              struct error *err);
bool scope_holds(struct store *store, const char *device, const char *record);

#endif
