/*
 * text/calendar: the days on which a place is closed and its hours (閉庁日・取扱時間) as a town
 * writes them down: "土 日 祝 12-29..1-3 2026-08-14" (or Sat, Sun, holiday) and "8:30-17:15".
 * Full-width letters and commas will do too. Which days are 祝 (国民の祝日) the caller knows.
 */
#ifndef TEXT_CALENDAR_H
#define TEXT_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/status.h"

enum { CLOSED_SPANS_MOST = 40 };

struct closed_days {
    bool weekdays[7]; /* 0 = Sunday */
    bool holidays;
    /* year 0: each year, and the last day may lie in the year after the first */
    struct {
        struct date first, last;
    } spans[CLOSED_SPANS_MOST];
    size_t count;
};

/* E_INVALID names the word that is none. "" is a place that never closes. */
enum status closed_days_read(const char *text, struct closed_days *out, struct error *err);
bool closed_days_has(const struct closed_days *closed, struct date day, bool holiday);

/* Minutes after midnight; the first of a day that is open, the first that is not any more. */
enum status hours_read(const char *text, int *open, int *close, struct error *err);

#endif
