/*
 * office/check: runs a form's checks (様式の規則) over a record: the rules are SQL from the form's
 * file, run read-only by the store.
 */
#ifndef OFFICE_CHECK_H
#define OFFICE_CHECK_H

#include "office/office_internal.h"
#include "store/query_check.h"

/* One finding: its message and its reason for a notice ("" when it has none) filled in, and the
 * path of the field it speaks of: the column `field` of its row, else the check's own ("" = none).
 */
struct said {
    const struct check *check;
    const char *field, *message, *reason;
};
typedef void (*check_sink)(void *context, const struct said *said);

/* Checks with one of the bits of `when`, over the record as it stands in the instance. A check that
 * cannot run (a form it reads is not installed, too many steps) is an error naming it. */
enum status check_all(struct host *host, const struct instance *instance, const char *record,
                      unsigned when, check_sink sink, void *context, struct error *err);

/* Whether the SQL of a form that is not installed yet (checks, queries, lists of work, updates)
 * does only what rules may, and can be read at all: E_RULE, E_PARSE, *bad is where. Tables and
 * columns that are not there yet, of forms installed later, are no mistake. */
enum status check_allowed(struct store *store, const struct form *form,
                          const struct statement **bad, struct error *err);

/* Rows of one query of a form over the record; without an instance `this` knows only `today` and
 * `user`. Borrowed texts. `name` stands in messages. */
enum status check_rows(struct host *host, const struct instance *instance, const char *record,
                       const char *name, const char *sql, check_row row, void *context,
                       struct error *err);

/* Gives the fields that have a `query` its first value, "" when it has no row. */
enum status check_fill(struct host *host, struct instance *instance, const char *record,
                       struct error *err);

#endif
