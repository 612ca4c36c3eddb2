/*
 * counter/disposal: the records that have been kept long enough, to be marked and disposed of
 * (廃棄). For the town's administrator.
 */
#ifndef COUNTER_DISPOSAL_H
#define COUNTER_DISPOSAL_H

#include "counter/desk.h"
#include "office/worklist.h"

void disposal_open(struct desk *desk, const struct worklist *list);

#endif
