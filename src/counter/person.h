/*
 * counter/person: everything about one person, and what can be done from there (人物).
 */
#ifndef COUNTER_PERSON_H
#define COUNTER_PERSON_H

#include "counter/desk.h"

void person_open(struct desk *desk, const char *person);
/* Asks which form, then a new entry with what is known of the person (household: of their
 * household only). False when given up. */
bool person_new_entry(struct desk *desk, const char *person, bool household);

#endif
