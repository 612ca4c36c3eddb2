/*
 * counter/day: one page for the end of a day (日締め): what was received, whose drafts are open,
 * what is held; then the close.
 */
#ifndef COUNTER_DAY_H
#define COUNTER_DAY_H

#include "counter/desk.h"

void day_open(struct desk *desk);

#endif
