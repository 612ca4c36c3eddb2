/*
 * office/sheet: the 日計表 of a closed day as text.
 */
#ifndef OFFICE_SHEET_H
#define OFFICE_SHEET_H

#include "office/day.h"

/* Writes print/日計表; its path goes to result->sheet. */
enum status sheet_write(struct session *session, const struct day *day, struct day_result *result,
                        struct error *err);

#endif
