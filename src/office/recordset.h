/*
 * office/recordset: the records of a form, one after another: for lists and exports of all of them.
 * Those of protected people (閲覧制限) are in none.
 */
#ifndef OFFICE_RECORDSET_H
#define OFFICE_RECORDSET_H

#include "form/definition.h"
#include "office/session.h"

struct recordset;

/* Repeats within repeats; a form's file nests no deeper. */
enum { RECORDSET_DEPTH = 32 };

/* where: an expression in the words of forms ("${state} = 'accepted' and ${birth_date} <
 * date('2000-01-01')") that must be true of a record; NULL = all. E_PARSE says where it is wrong.
 */
enum status recordset_open(struct session *session, const char *form_id, const char *where,
                           struct recordset **out, struct error *err);
void recordset_close(struct recordset **set);
const struct form *recordset_form(const struct recordset *set);
/* The most rows of a repeat in any record of the form, and in one row of the repeat around it. */
size_t recordset_most_rows(const struct recordset *set, const struct field *repeat);
/* Records looked at so far, and how many there are. */
void recordset_progress(const struct recordset *set, long *done, long *total);

/* Goes to the next record, oldest first; *there false: there is none. */
enum status recordset_next(struct recordset *set, bool *there, struct error *err);
const char *recordset_id(const struct recordset *set);
/* The stored value of a field; of one in repeats that of the rows numbered (from 0) from the
 * outside in. "" when there is no such row. Borrowed until recordset_next(). */
const char *recordset_value(const struct recordset *set, const struct field *field,
                            const size_t *rows);
/* A row's uuid likewise, of the repeat itself; NULL when there is no such row. */
const char *recordset_row(const struct recordset *set, const struct field *repeat,
                          const size_t *rows);
/* A value as it is shown: labels of choices and states, titles of references, dates in eras. The
 * caller frees. */
char *recordset_shown(struct recordset *set, const struct field *field, const char *value);

#endif
