/*
 * counter/upkeep: what an administrator does at the counter (手入れ): how this place is, and its
 * settings.
 */
#ifndef COUNTER_UPKEEP_H
#define COUNTER_UPKEEP_H

#include "counter/desk.h"

/* What a doctor found; a row opens what to do about it. */
void health_open(struct desk *desk);
/* The settings of this place; a row is changed where it may be. */
void settings_open(struct desk *desk);

#endif
