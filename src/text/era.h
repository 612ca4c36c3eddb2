/*
 * text/era: dates as Japan writes them (和暦): read in every spelling a counter meets, written in
 * the forms used on screen and paper. Own table of the five eras; a day that its era does not have
 * is refused with the reason. Stored dates are ISO (base/clock).
 */
#ifndef TEXT_ERA_H
#define TEXT_ERA_H

#include <stddef.h>

#include "base/clock.h"
#include "base/status.h"

enum {
    ERA_PAST_ONLY = 1, /* a day after today is refused */
    ERA_BARE_YEAR = 2  /* 8.11.24 is read in the era of today */
};

/* Reads what was typed, full-width or half-width: 令和8年11月24日, R8.11.24, 令8-11-24,
 * 令和元年5月1日, 5081124 (era digit 1 明治 .. 5 令和, year, month, day), 20261124, 2026-11-24,
 * 2026/11/24, 2026年11月24日, 11/24 (in the fiscal year of today). E_PARSE when it is no date at
 * all, E_INVALID for a day that does not exist, E_RULE for one after today where that is refused.
 */
enum status era_parse(const char *typed, unsigned flags, struct date today, struct date *out,
                      struct error *err);

/* Bytes for any of the forms below. */
#define ERA_TEXT_SIZE 64
/* 令和8年11月24日, 令和元年5月1日. A day before 明治6年1月1日 has no era here: 1872年12月31日. */
void era_format(char *out, size_t size, struct date d);
/* 令和8年11月24日（火） */
void era_format_day(char *out, size_t size, struct date d);
/* R8.11.24 */
void era_format_short(char *out, size_t size, struct date d);
/* 令8.11.24 */
void era_format_kanji_short(char *out, size_t size, struct date d);

/* Full years, the birthday counted in. Who was born on February 29 completes a year at the end of
 * February 28 where there is no 29th, so is older from March 1 (年齢計算ニ関スル法律). Negative
 * when on is before birth. */
int era_age(struct date birth, struct date on);
/* April to March, named by the year in which April lies (年度). */
int fiscal_year(struct date d);
/* The same day years later; February 29 becomes 28 where there is none. */
struct date date_add_years(struct date d, int years);

#endif
