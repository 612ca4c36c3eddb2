/*
 * base/clock: the one clock. Office time is +09:00 whatever TZ says; nothing else in the program
 * asks the system for the time of day.
 *
 * SATOMADO_CLOCK names a file with an ISO time ("2026-11-24T09:12:00+09:00"); when set, time
 * starts there when the file is first read or changes, and runs on. Training and tests use it;
 * the counter shows a mark while it is in force.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* A day of the Gregorian calendar; month and day start at 1. year 0 = no date. */
struct date {
    int year;
    int month;
    int day;
};

/* Office wall time (+09:00). */
struct office_time {
    struct date date;
    int hour;
    int minute;
    int second;
    int millisecond;
};

/* Milliseconds since 1970-01-01T00:00Z. */
int64_t clock_now(void);
/* From now on it is ms, running on: for making a history (sample town). 0 gives the real time back.
 */
void clock_set(int64_t ms);
/* True while SATOMADO_CLOCK or clock_set() is in force. */
bool clock_is_set(void);
/* Milliseconds of CLOCK_MONOTONIC: for intervals and the journal's `mono`. */
int64_t clock_mono(void);
/* The kernel's boot id as 32 lowercase hex digits (zeros where there is none). */
void clock_boot_id(char out[33]);

struct office_time office_time_at(int64_t ms);
int64_t office_time_ms(const struct office_time *t);
struct date clock_today(void);

/* "2026-11-24T09:12:31.250+09:00"; 30 bytes with the terminator. */
#define ISO_TIME_SIZE 30
void iso_time(char out[ISO_TIME_SIZE], int64_t ms);
/* The same form, fraction optional, offset "+09:00" or "Z"; false when it is anything else. */
bool iso_time_parse(int64_t *ms, const char *text);

/* Days since 1970-01-01. */
int64_t date_days(struct date d);
struct date date_from_days(int64_t days);
bool date_valid(struct date d);
/* <0, 0, >0 */
int date_compare(struct date a, struct date b);
/* 0 = Sunday */
int date_weekday(struct date d);
/* "2026-11-24" */
#define ISO_DATE_SIZE 16
void iso_date(char out[ISO_DATE_SIZE], struct date d);
/* Exactly YYYY-MM-DD of an existing day; false otherwise. */
bool iso_date_parse(struct date *d, const char *text);

#endif
