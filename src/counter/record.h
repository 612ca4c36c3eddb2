/*
 * counter/record: a finalised record to read (記録・審査), with what may be done with it: decide,
 * return, correct, resolve. Values that changed stand beside those of the version before.
 */
#ifndef COUNTER_RECORD_H
#define COUNTER_RECORD_H

#include "counter/desk.h"

void record_open(struct desk *desk, const char *record);
/* The same for the review: beside what stood before it, where there is such a thing. */
void record_review(struct desk *desk, const char *record);

#endif
