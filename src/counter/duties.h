/*
 * counter/duties: the town's keys and proofs (町の鍵と証し), for its administrator.
 */
#ifndef COUNTER_DUTIES_H
#define COUNTER_DUTIES_H

#include "counter/desk.h"

void duties_open(struct desk *desk);

#endif
