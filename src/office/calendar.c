#include "office/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "form/parameter.h"
#include "office/office_internal.h"
#include "office/reference.h"
#include "text/calendar.h"
#include "text/csv.h"
#include "text/era.h"

enum { CLOSED_DAYS_MOST = 60, FILE_MOST = 4 << 20 };

/* --- Parameters --- */

/* KEY.PLACE, else KEY; "" when the town has set neither. */
static const char *value_for(struct office *office, const char *key, const char *place,
                             struct date on)
{
    const struct town_profile *town = catalogue_town(office->catalogue);
    const char *value = NULL;
    if (town && !str_empty(place)) {
        char *own = xasprintf("%s.%s", key, place);
        value = town_profile_value(town, own, on);
        xfree(&own);
    }
    if (town && !value)
        value = town_profile_value(town, key, on);
    return value ? value : "";
}

/* The days of a span one after the other, with the holidays in it. */
struct days {
    struct office *office;
    const char *place;
    struct holidays holidays;
    size_t next;
    const char *rule; /* what `closed` was read from */
    struct closed_days closed;
};

static enum status days_begin(struct days *days, struct office *office, const char *place,
                              struct date first, struct date last, struct error *err)
{
    *days = (struct days){.office = office, .place = place};
    return holidays_between(office->store, first, last, &days->holidays, err);
}

/* Asked for days in their order. */
static const struct holiday *holiday_on(struct days *days, struct date day)
{
    while (days->next < days->holidays.count &&
           date_compare(days->holidays.items[days->next].day, day) < 0)
        days->next++;
    const struct holiday *h = &days->holidays.items[days->next];
    return days->next < days->holidays.count && date_compare(h->day, day) == 0 ? h : NULL;
}

static bool is_open(struct days *days, struct date day)
{
    const char *rule = value_for(days->office, "calendar.closed", days->place, day);
    if (rule != days->rule && closed_days_read(rule, &days->closed, NULL))
        days->closed = (struct closed_days){0};
    days->rule = rule;
    return !closed_days_has(&days->closed, day, holiday_on(days, day) != NULL);
}

/* --- Asking --- */

enum status calendar_day(struct office *office, const char *place, struct date day,
                         struct open_day *out, struct error *err)
{
    struct days days;
    *out = (struct open_day){0};
    enum status st = days_begin(&days, office, place, day, day, err);
    if (st)
        return st;
    const struct holiday *holiday = holiday_on(&days, day);
    out->open = is_open(&days, day);
    snprintf(out->holiday, sizeof out->holiday, "%s", holiday ? holiday->name : "");
    if (out->open)
        snprintf(out->hours, sizeof out->hours, "%s",
                 value_for(office, "office.hours", place, day));
    holidays_free(&days.holidays);
    return OK;
}

enum status calendar_business_days(struct office *office, const char *place, struct date from,
                                   struct date to, long *out, struct error *err)
{
    struct days days;
    *out = 0;
    enum status st = days_begin(&days, office, place, from, to, err);
    if (st)
        return st;
    for (int64_t d = date_days(from) + 1; d <= date_days(to); d++)
        *out += is_open(&days, date_from_days(d));
    holidays_free(&days.holidays);
    return OK;
}

static bool lies_in(const struct day_span *spans, size_t count, struct date day)
{
    bool in = false;
    for (size_t i = 0; i < count; i++)
        in = in || (date_compare(day, spans[i].first) > 0 && date_compare(day, spans[i].last) <= 0);
    return in;
}

/* Looked for as far as a place that opens once a week takes. */
enum status calendar_after(struct office *office, const char *place, struct date from, long count,
                           bool every_day, const struct day_span *without, size_t spans,
                           struct date *out, struct error *err)
{
    int64_t day = date_days(from), last = day + 7 * count + CLOSED_DAYS_MOST;
    struct days days;
    for (size_t i = 0; i < spans; i++)
        last += date_days(without[i].last) - date_days(without[i].first);
    enum status st = days_begin(&days, office, place, from, date_from_days(last), err);
    if (st)
        return st;
    while (count > 0 && day < last) {
        struct date next = date_from_days(++day);
        count -= (every_day || is_open(&days, next)) && !lies_in(without, spans, next);
    }
    holidays_free(&days.holidays);
    *out = date_from_days(day);
    return count > 0 ? error_set(err, E_NOT_FOUND,
                                 _("%ld日先の開庁日が、暦にありません。閉庁日の"
                                   "設定（calendar.closed）を確かめてください"),
                                 count)
                     : OK;
}

struct date calendar_received_on(struct office *office, int64_t at)
{
    struct office_time time = office_time_at(at);
    const char *place = office_setting(office, "office.short");
    const char *hours = value_for(office, "office.hours", place, time.date);
    struct date day = time.date;
    struct days days;
    int open, close;
    if (strcmp(value_for(office, "office.after_hours", place, day), "next_day") != 0 ||
        hours_read(hours, &open, &close, NULL))
        return day;
    struct date last = date_from_days(date_days(day) + CLOSED_DAYS_MOST);
    if (days_begin(&days, office, place, day, last, NULL))
        return day;
    if (time.hour * 60 + time.minute >= close)
        day = date_from_days(date_days(day) + 1);
    while (date_compare(day, last) < 0 && !is_open(&days, day))
        day = date_from_days(date_days(day) + 1);
    holidays_free(&days.holidays);
    return date_compare(day, last) < 0 ? day : time.date;
}

char *calendar_deliver_by(struct office *office, struct date closed)
{
    char day[ERA_TEXT_SIZE];
    const char *place = office_setting(office, "office.short");
    const char *time = value_for(office, "eod.deliver_by", place, closed);
    struct date next = date_from_days(date_days(closed) + 1);
    struct date last = date_from_days(date_days(closed) + CLOSED_DAYS_MOST);
    struct days days;
    if (!*time || days_begin(&days, office, place, next, last, NULL))
        return NULL;
    while (date_compare(next, last) < 0 && !is_open(&days, next))
        next = date_from_days(date_days(next) + 1);
    holidays_free(&days.holidays);
    era_format_day(day, sizeof day, next);
    return xasprintf("%s %s", day, time);
}

/* --- National holidays --- */

static bool read_day(const char *text, struct date *out)
{
    int read = 0;
    return (sscanf(text, "%4d/%2d/%2d%n", &out->year, &out->month, &out->day, &read) == 3 ||
            sscanf(text, "%4d-%2d-%2d%n", &out->year, &out->month, &out->day, &read) == 3) &&
           !text[read] && out->year >= 1948 && out->year < 2200 && date_valid(*out);
}

static enum status take_row(void *context, const struct csv_row *row, struct error *err)
{
    struct holidays *list = context;
    struct date day;
    bool good = row->count >= 2 && read_day(row->cells[0].text, &day) && *row->cells[1].text;
    if (good)
        for (size_t i = 0; i < list->count; i++)
            if (date_compare(list->items[i].day, day) == 0)
                return error_set(err, E_INVALID, _("%zu行目: %sは前の行にもあります"), row->line,
                                 row->cells[0].text);
    if (good)
        holidays_add(list, day, row->cells[1].text);
    /* The header is the one row that is no day. */
    else if (row->line > 1)
        return error_set(err, E_INVALID,
                         _("%zu行目は「2026/1/1,元日」の形ではありません。内閣府の「国民の祝日」の"
                           "CSVを使ってください"),
                         row->line);
    return OK;
}

static enum status take_file(struct office *office, const char *path, struct holidays *out,
                             struct error *err)
{
    struct buffer text = BUFFER_INIT;
    *out = (struct holidays){0};
    enum status st = file_read(path, FILE_MOST, &text, err);
    if (!st)
        st = csv_read(text.data, text.len, NULL, path, take_row, out, err);
    if (!st && !out->count)
        st = error_set(err, E_INVALID, _("%s に祝日がありません"), path);
    if (!st)
        st = holidays_replace(office->store, out, err);
    if (st)
        holidays_free(out);
    buffer_free(&text);
    return st;
}

enum status calendar_use(struct office *office, const char *path, struct error *err)
{
    struct holidays list;
    enum status st = take_file(office, path, &list, err);
    if (!st)
        holidays_free(&list);
    return st;
}

enum status calendar_import(struct session *session, const char *path, struct holidays *out,
                            struct error *err)
{
    long number;
    *out = (struct holidays){0};
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = reference_may_import(session, REFERENCE_HOLIDAYS, err);
    if (!st)
        st = take_file(session->office, path, out, err);
    if (!st)
        st = reference_publish(session, REFERENCE_HOLIDAYS, path, NULL, &number, err);
    if (st)
        holidays_free(out);
    return st;
}

enum status calendar_holidays(struct office *office, struct date first, struct date last,
                              struct holidays *out, struct error *err)
{
    return holidays_between(office->store, first, last, out, err);
}

int calendar_known_until(struct office *office)
{
    return holidays_last_year(office->store);
}
