/*
 * office/comparison_sheet: a record beside the one before it on paper (前回比較表): each field with
 * last time's value, this time's and the difference; under it what reports say of the record
 * (`sheet_of` of a report), such as a pyramid.
 */
#ifndef OFFICE_COMPARISON_SHEET_H
#define OFFICE_COMPARISON_SHEET_H

#include "office/session.h"

/* Writes the sheet under print/ and a `read` event. E_RULE: the form knows no record before;
 * E_DENIED: a protected person's. The caller frees *text, which may be NULL. */
enum status comparison_sheet(struct session *session, const char *record, char path[256],
                             char **text, struct error *err);

#endif
