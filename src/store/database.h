/*
 * store/database: one SQLite file opened the one way we open them. Only store's own files use it;
 * no other room sees SQL.
 *
 * Rollback journal, not WAL, and a sync more than usual: what was acknowledged survives a power
 * cut. Every setting is read back at open; a file system where locks fail is refused.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/strings.h"

struct database;
struct statement;
struct sqlite3;

/* `migrations`: one script per version, ends with NULL; user_version counts those that ran.
 * E_UNSUPPORTED: written by a newer program. E_CORRUPT: not a database. */
enum status database_open(const char *path, const char *const *migrations, struct database **out,
                          struct error *err);
void database_free(struct database **db);
/* For query_check and backup only. */
struct sqlite3 *database_handle(struct database *db);

/* What a transaction does; anything but OK takes everything back. */
typedef enum status (*database_work)(void *context, struct error *err);
/* BEGIN IMMEDIATE ... COMMIT. Inside another transaction it is a part of that one: when it fails
 * only the part is taken back, and the whole may go on. */
enum status database_transaction(struct database *db, database_work work, void *context,
                                 struct error *err);
bool database_in_transaction(const struct database *db);
/* A number no transaction had before; 0 outside of any. While it stays the same nobody else writes.
 */
int64_t database_transaction_number(const struct database *db);
/* Several queries that see one state and lock the file once: others can read but not commit until
 * it is over. Inside a transaction it is a part of that. */
enum status database_reading(struct database *db, database_work work, void *context,
                             struct error *err);
/* For many transactions one after another: so much of the file is kept in memory, and the room of
 * the journal on disk from one to the next. 0 = as ever. */
void database_many(struct database *db, int kib);
/* True when another connection committed since the last call. */
bool database_changed(struct database *db);

/* Runs a statement that gives no rows. `types`: one letter per argument: t text (NULL = NULL),
 * i int64_t, b bytes and their number (size_t; they must stay where they are until the statement is
 * closed). */
enum status database_run(struct database *db, struct error *err, const char *sql, const char *types,
                         ...);
/* The same with all arguments texts. */
enum status database_run_texts(struct database *db, struct error *err, const char *sql,
                               const char *const *values, size_t count);
/* Several statements without arguments. */
enum status database_script(struct database *db, const char *sql, struct error *err);

/* Rows: open, next until it says false, close. Prepared statements are kept for the next time. */
enum status database_query(struct database *db, struct error *err, struct statement **out,
                           const char *sql, const char *types, ...);
enum status database_query_texts(struct database *db, struct error *err, struct statement **out,
                                 const char *sql, const char *const *values, size_t count);
/* False at the end and on failure: *st tells which. */
bool statement_next(struct statement *statement, enum status *st, struct error *err);
/* "" for NULL. Borrowed until the next row. */
const char *statement_text(struct statement *statement, int column);
/* Borrowed likewise. */
const void *statement_bytes(struct statement *statement, int column, size_t *len);
int statement_columns(struct statement *statement);
int64_t statement_int(struct statement *statement, int column);
bool statement_is_null(struct statement *statement, int column);
void statement_close(struct statement **statement);

/* First column of the first row; *out = 0 or NULL when there is none. The caller frees text. */
enum status database_int(struct database *db, struct error *err, int64_t *out, const char *sql,
                         const char *types, ...);
enum status database_string(struct database *db, struct error *err, char **out, const char *sql,
                            const char *types, ...);

/* Row the last INSERT made. */
int64_t database_inserted(struct database *db);
/* Rows the last statement changed. */
long database_changes(struct database *db);

#endif
