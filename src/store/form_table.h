/*
 * store/form_table: the tables of a form, `f_FORM` and `f_FORM__REPEAT` for each repeat: made with
 * the columns of the version that comes first, widened for the versions after it. Only the
 * projection writes rows; others ask it for the tables.
 *
 * Columns have no default but those that came later: a row is written with every column it has, so
 * one statement serves all rows, and what SQLite must read of the tables at each start is half.
 */
#ifndef STORE_FORM_TABLE_H
#define STORE_FORM_TABLE_H

#include "store/store.h"

/* record, version, conflict, in_force; of a repeat's: record, row, parent_row, in_force. */
enum { FORM_TABLE_FIXED = 4 };

/* How a row of one version is written. */
struct form_table {
    char *key;                          /* "table@version" */
    char *insert;                       /* the fixed columns, then `fields` */
    const struct schema_field **fields; /* borrowed; NULL: a column this version does not have */
    size_t count;
};

/* "f_FORM" or, of the repeat with that index, "f_FORM__REPEAT". */
char *form_table_name(const struct schema *schema, int repeat);
/* Makes tables and columns of a form. E_EXISTS when its name is taken by another table. */
enum status form_tables_prepare(struct store *store, const struct schema *schema,
                                struct error *err);
/* The tables must have been prepared. *out is borrowed until tables are made, widened or forgotten.
 */
enum status form_table_get(struct store *store, const struct schema *schema, int repeat,
                           const struct form_table **out, struct error *err);
/* What is known of the tables is asked again: they were dropped, or a transaction was undone. */
void form_tables_forget(struct store *store);

#endif
