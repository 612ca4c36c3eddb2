/*
 * counter/scan: 連続受付: a scanner types one code after the other.
 */
#ifndef COUNTER_SCAN_H
#define COUNTER_SCAN_H

#include "counter/desk.h"

/* The forms it can be done for; at once where there is one only. */
void scan_open(struct desk *desk);
/* The same for what has to do with one record, which then stays the same in all of them. */
void scan_open_about(struct desk *desk, const char *record);
/* Whether there is any form for it. */
bool scan_offered(const struct desk *desk, const char *record);

#endif
