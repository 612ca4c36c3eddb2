/*
 * counter/bundles: what went out and came in (送付便), taking in and writing.
 */
#ifndef COUNTER_BUNDLES_H
#define COUNTER_BUNDLES_H

#include "counter/desk.h"

void bundles_open(struct desk *desk);

#endif
