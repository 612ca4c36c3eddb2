/*
 * office/csv_columns: what the columns of a form's CSV file are called, and which field a heading
 * means; import and export share it.
 *
 * A column is headed by the field's name or label; one inside a repeat by the row's number in
 * front: tool[2].tool_name, 借りる道具[2].道具, deeper ones likewise from the outside in.
 */
#ifndef OFFICE_CSV_COLUMNS_H
#define OFFICE_CSV_COLUMNS_H

#include "form/definition.h"
#include "office/recordset.h"

/* The record's own id; no form has a field of this name beside it. */
#define CSV_ID "id"
/* Headings that begin so are remarks: nobody takes them in. */
#define CSV_REMARK '#'

struct csv_column {
    const struct field *field;    /* NULL: the record's id */
    size_t rows[RECORDSET_DEPTH]; /* of the repeats around it, from 0 */
};

/* Repeats around a field, the outermost first; returns how many. */
size_t csv_column_repeats(const struct field *field, const struct field *out[RECORDSET_DEPTH]);
/* As written in the file, by labels in the language or, when that is NULL, by names. The caller
 * frees. */
char *csv_column_head(const struct csv_column *column, const char *language);
/* The column a heading means. E_NOT_FOUND names the nearest; E_INVALID: two fields have that label.
 */
enum status csv_column_find(const struct form *form, const char *head, struct csv_column *out,
                            struct error *err);

#endif
