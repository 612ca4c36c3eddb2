/*
 * counter/carried: the register of what was carried out (持出し台帳): what is still out, what came
 * back and how.
 */
#ifndef COUNTER_CARRIED_H
#define COUNTER_CARRIED_H

#include "counter/desk.h"

void carried_open(struct desk *desk);

#endif
