/*
 * office/calendar: when a place is open (開庁日・取扱時間). The town says so in parameters that
 * hold for every place, `calendar.closed` and `office.hours`, and for one place by its short name,
 * `calendar.closed.霧沢`: a post office works on December 29 and 30, the town does not. National
 * holidays are those taken in here.
 */
#ifndef OFFICE_CALENDAR_H
#define OFFICE_CALENDAR_H

#include "base/clock.h"
#include "office/session.h"
#include "store/holidays.h"

/* place: a short name; NULL or one without parameters of its own: the town's calendar. */
struct open_day {
    bool open;
    char hours[16];    /* "8:30-17:15" or "" */
    char holiday[128]; /* name of the national holiday, "" when it is none */
};
enum status calendar_day(struct office *office, const char *place, struct date day,
                         struct open_day *out, struct error *err);
/* Open days after `from` up to `to`; 0 when there is none or the dates stand the other way round.
 * On an error nothing is known of them. */
enum status calendar_business_days(struct office *office, const char *place, struct date from,
                                   struct date to, long *out, struct error *err);
/* Days that do not count: those after `first` up to `last`. */
struct day_span {
    struct date first, last;
};
/* The day that is `count` days after `from`: open days, or all (`every_day`), without those of the
 * spans. `from` itself for a count of 0. E_NOT_FOUND: the place is closed for so long that there is
 * no such day. */
enum status calendar_after(struct office *office, const char *place, struct date from, long count,
                           bool every_day, const struct day_span *without, size_t spans,
                           struct date *out, struct error *err);
/* The day on which something counts as received that came to this place at a moment (窓口到達日):
 * with `office.after_hours` = next_day the next open day, when the place was closed or had closed
 * already (L: ledgers 0); else the day itself. */
struct date calendar_received_on(struct office *office, int64_t at);

/* By when the bundle of a day closed here is to be at the town: the next open day and the time of
 * `eod.deliver_by`, as text; NULL where the town asks for none. The caller frees. */
char *calendar_deliver_by(struct office *office, struct date closed);

/* Takes in the Cabinet Office's file of holidays (syukujitsu.csv: a header, then day and name;
 * UTF-8 or CP932). Needs MAY_ADMINISTER. *out: what it held; the caller frees. */
enum status calendar_import(struct session *session, const char *path, struct holidays *out,
                            struct error *err);
/* The same file, as it came from the town. */
enum status calendar_use(struct office *office, const char *path, struct error *err);
enum status calendar_holidays(struct office *office, struct date first, struct date last,
                              struct holidays *out, struct error *err);
/* Up to this year holidays are known here; 0: none were taken in. */
int calendar_known_until(struct office *office);

#endif
