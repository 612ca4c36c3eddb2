/*
 * counter/pair: two people that may be one (重複候補), beside each other, to be judged with a
 * reason.
 */
#ifndef COUNTER_PAIR_H
#define COUNTER_PAIR_H

#include "counter/desk.h"

/* Ids of two people; `why` says what agrees. */
void pair_open(struct desk *desk, const char *a, const char *b, const char *why);

#endif
