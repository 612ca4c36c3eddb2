/*
 * office/paper: forms as blank paper (白紙の様式), for when the power is cut or somebody goes from
 * house to house: the same questions in the same order, with boxes to write into. Each sheet has a
 * paper number that is never printed twice at this place; 後入力 takes it in with the record.
 */
#ifndef OFFICE_PAPER_H
#define OFFICE_PAPER_H

#include "base/buffer.h"
#include "office/session.h"

enum { PAPER_COPIES_MAX = 200 };

/* Sheets of a form, `copies` of them, as a text of at most 80 cells a line, a form feed after each
 * sheet; also written to print/ and printed where a command is set (path). E_LIMIT: too many. */
enum status paper_print(struct session *session, const char *form_id, long copies,
                        struct buffer *out, char path[256], struct error *err);

/* E_EXISTS, with the receipt number, when a record in force here was taken in with this paper
 * number already. */
enum status paper_unused(struct session *session, const char *paper_no, struct error *err);

#endif
