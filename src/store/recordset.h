/*
 * store/recordset: the records of a form as the tables have them, page by page, with the rows of
 * their repeats: for lists and exports of all of them. No statement stays open between pages.
 */
#ifndef STORE_RECORDSET_H
#define STORE_RECORDSET_H

#include "store/record.h"

/* Rows of a repeat, by record, parent row and row; `cells` is count * columns. */
struct repeat_rows {
    char **records, **parents, **rows, **cells;
    size_t count, columns;
};

/* Up to limit records after the one named ("" = from the first), by id; values of columns as in
 * record_table(). Protected people's (閲覧制限) are left out. total
 * is not counted. */
enum status recordset_page(struct store *store, const char *form, const struct strings *columns,
                           const char *after, long limit, struct record_cells *out,
                           struct error *err);
/* Rows of the records from..to (ids, both included). */
enum status recordset_rows(struct store *store, const char *form, const char *repeat,
                           const struct strings *columns, const char *from, const char *to,
                           struct repeat_rows *out, struct error *err);
void repeat_rows_free(struct repeat_rows *rows);
/* The most rows that stand in one record, or in one row of the repeat around. */
enum status recordset_most(struct store *store, const char *form, const char *repeat, long *most,
                           struct error *err);
/* How many records the form has here. */
enum status recordset_count(struct store *store, const char *form, long *count, struct error *err);
/* Ids of the form's records that have an event with this word as a member of its body, sorted. */
enum status recordset_with_member(struct store *store, const char *form, const char *member,
                                  struct strings *out, struct error *err);

#endif
