/*
 * counter/conflict: fields that two people wrote at once: both values with who, when and where; one
 * is chosen, or another typed (食い違い).
 */
#ifndef COUNTER_CONFLICT_H
#define COUNTER_CONFLICT_H

#include "counter/desk.h"

void conflict_open(struct desk *desk, const char *record);

#endif
