/*
 * bare: the least a program can do with SQLite, with the settings of the program's own databases:
 * what a durable save and a search are measured beside.
 */
#ifndef TESTS_BENCH_BARE_H
#define TESTS_BENCH_BARE_H

#include <stddef.h>

struct sqlite3;

/* A new database with one table of one column, or (with keep) one that is there. */
struct sqlite3 *bare_open(const char *path, int keep);
void bare_close(struct sqlite3 *db);
/* One row in a transaction of its own. */
void bare_insert(struct sqlite3 *db, const char *text, size_t len);
/* Runs a query with one argument to its end; gives the rows. */
long bare_query(struct sqlite3 *db, const char *sql, const char *argument);

#endif
