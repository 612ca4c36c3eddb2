/*
 * counter/entry: one record while it is typed (入力): sections, fields, rows of tables. What was
 * typed goes to the office at field exit and after a second's pause; every rule is asked there.
 */
#ifndef COUNTER_ENTRY_H
#define COUNTER_ENTRY_H

#include "counter/desk.h"

/* Each opens the entry over the other screens, or says in the message line why it cannot. */
void entry_open_new(struct desk *desk, const char *form);
void entry_open_for(struct desk *desk, const char *form, const char *person, bool household);
/* With a reference to that record filled in. */
void entry_open_about(struct desk *desk, const char *form, const char *record);
void entry_open_draft(struct desk *desk, const char *draft);
/* A finalised record, to correct it. */
void entry_open_record(struct desk *desk, const char *record);
/* The program has to end: keeps in the draft what was typed so far. */
void entry_screen_keep(void);

#endif
