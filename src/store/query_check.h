/*
 * store/query_check: runs the SQL of a form's checks (様式の規則) so that it can do nothing but
 * read what rules may see: the views of forms, `this` (the record on screen), `this__REPEAT` and
 * `choices__LIST`.
 *
 * Writing, other tables, unlisted functions and long running are refused; the office calls it with
 * the record as it stands. Functions of ours: param(key), param(key, date), age_at(birth, on),
 * fiscal_year(date), wareki(date), fold(text), add_years(date, n), business_days(from, to[,
 * place]), concealed(record).
 */
#ifndef STORE_QUERY_CHECK_H
#define STORE_QUERY_CHECK_H

#include "base/clock.h"
#include "store/store.h"

struct check_table {
    const char *name; /* "this", "this__REPEAT" or "choices__LIST" */
    struct strings columns;
    struct strings cells; /* row after row */
};

struct check_host {
    void *context;
    /* NULL = no such parameter; freed by the callee. `on`: an ISO date, "" = the day that counts
     * for the record. */
    char *(*parameter)(void *context, const char *key, const char *on);
    /* -1: they cannot be counted; the question fails. */
    long (*business_days)(void *context, struct date from, struct date to, const char *place);
};

/* Columns of one row. */
typedef void (*check_row)(void *context, const char *const *names, const char *const *values,
                          size_t count);

/* Lays the tables out; until check_end() checks may run on them. The host must live as long. */
enum status check_begin(struct store *store, const struct check_table *tables, size_t count,
                        const struct check_host *host, struct error *err);
/* `:name` in the SQL is bound to the column of `this` of that name. E_RULE: it does what a rule may
 * not; E_LIMIT: too many steps; E_PARSE: SQLite's reason. `name` stands in the message. */
enum status check_run(struct store *store, const char *name, const char *sql, check_row row,
                      void *context, struct error *err);
void check_end(struct store *store);
/* Whether the SQL would be allowed (E_RULE) and can be read (E_PARSE), without running it.
 * E_NOT_FOUND: a table or column of it is not there (yet). */
enum status check_try(struct store *store, const char *name, const char *sql, struct error *err);

#endif
