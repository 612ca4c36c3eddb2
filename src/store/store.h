/*
 * store/store: the database of a data directory (satomado.db): journal, projection, registry,
 * search. Office opens one; everything else in this room takes it as its first argument.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/status.h"
#include "store/database.h"
#include "store/schema.h"

struct store;
struct registry;

#define STORE_FILE "satomado.db"

/* Opens DIR/satomado.db, making it when it is not there. */
enum status store_open(const char *dir, struct store **out, struct error *err);
void store_free(struct store **store);

struct database *store_database(struct store *store);
/* Where it stands. Borrowed. */
const char *store_dir(const struct store *store);
struct registry *store_registry(struct store *store);
/* Must be set before events of records are written or taken in. */
void store_set_schemas(struct store *store, schema_lookup lookup, void *context);
const struct schema *store_schema(struct store *store, const char *form, long version);

/* One transaction over everything in the store: BEGIN IMMEDIATE, the work, the projection of every
 * record it touched, COMMIT. Inside another one it is a part of it that may fail by itself. */
enum status store_transaction(struct store *store, database_work work, void *context,
                              struct error *err);
/* Another process wrote since the last call. */
bool store_changed(struct store *store);

/* Facts of this database that are no event: `device` = own device id ... "" when unset; the caller
 * frees. */
char *store_fact(struct store *store, const char *key);
bool store_has_fact(struct store *store, const char *key);
enum status store_set_fact(struct store *store, const char *key, const char *value,
                           struct error *err);

#endif
