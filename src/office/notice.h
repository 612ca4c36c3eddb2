/*
 * office/notice: the letter about what was done with a filing (通知書): 決定・却下・補正の求め. It
 * names day, person in charge and reason; a decision that does not grant what was applied for tells
 * of the remedies (教示) in the words of the town's parameter `office.remedies`.
 */
#ifndef OFFICE_NOTICE_H
#define OFFICE_NOTICE_H

#include "office/session.h"

/* Writes print/notice-RECORD.txt (and prints it where a command is set) for the newest action the
 * applicant is told of: a decision, one that sets a deadline, one whose form has a `notice`; a
 * reminder (督促状) says for the how-many-th time, and what was asked for. `just`: only when that
 * is the action done last, by this name; NULL: whichever it is. *text (may be NULL) belongs to the
 * caller. E_NOT_FOUND: nothing of the kind was done yet. E_DENIED: of a protected person nothing is
 * printed. */
enum status notice_write(struct session *session, const char *record, const char *just,
                         char path[256], char **text, struct error *err);

#endif
