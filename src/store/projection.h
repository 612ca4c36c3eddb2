/*
 * store/projection: the tables that lists, searches and rules read (投影), made from the journal
 * and from nothing else: rebuilding gives the same rows.
 *
 * `record` has a row for every record; `f_FORM` its values, `f_FORM__REPEAT` the rows of a repeat;
 * the views `FORM` and `FORM__REPEAT` show only records in force. Rules of forms may read the views
 * and nothing else.
 */
#ifndef STORE_PROJECTION_H
#define STORE_PROJECTION_H

#include "store/store.h"

/* The record's events changed: it is projected before the transaction ends. */
void projection_touch(struct store *store, const char *record);
/* Projects what was touched, and again what waited for it. Called by store_transaction(). */
enum status projection_flush(struct store *store, struct error *err);
void projection_forget(struct store *store);

/* Everything again from the journal, in one transaction. `progress` may be NULL. */
typedef void (*projection_progress)(void *context, int64_t done, int64_t total);
enum status projection_rebuild(struct store *store, projection_progress progress, void *context,
                               struct error *err);
/* Tries all held events again (a form or registry version has come). */
enum status projection_retry(struct store *store, struct error *err);

#endif
