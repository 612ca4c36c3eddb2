/*
 * counter/reports: 帳票・集計: which reports there are, what they ask, the table itself, on paper and
 * as CSV.
 */
#ifndef COUNTER_REPORTS_H
#define COUNTER_REPORTS_H

#include "counter/desk.h"

void reports_open(struct desk *desk);

#endif
