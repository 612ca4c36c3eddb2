#include "text/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/kana.h"

static const char *const weekdays[][2] = {{"日", "Sun"}, {"月", "Mon"}, {"火", "Tue"},
                                          {"水", "Wed"}, {"木", "Thu"}, {"金", "Fri"},
                                          {"土", "Sat"}};

/* M-D or YYYY-MM-DD, to the end of the text. */
static bool read_day(const char *text, struct date *out)
{
    int read = 0;
    *out = (struct date){0};
    if (sscanf(text, "%4d-%2d-%2d%n", &out->year, &out->month, &out->day, &read) == 3 &&
        !text[read])
        return date_valid(*out);
    *out = (struct date){0};
    /* Of a day of each year February 29 is one. */
    return sscanf(text, "%2d-%2d%n", &out->month, &out->day, &read) == 2 && !text[read] &&
           date_valid((struct date){2024, out->month, out->day});
}

static bool read_span(char *word, struct closed_days *out)
{
    struct date first, last;
    char *dots = strstr(word, "..");
    if (dots)
        *dots = '\0';
    bool good = out->count < CLOSED_SPANS_MOST && read_day(word, &first) &&
                read_day(dots ? dots + 2 : word, &last) && !first.year == !last.year &&
                (!first.year || date_compare(first, last) <= 0);
    if (dots)
        *dots = '.';
    if (!good)
        return false;
    out->spans[out->count].first = first;
    out->spans[out->count++].last = last;
    return true;
}

static bool read_word(char *word, struct closed_days *out)
{
    if (strcmp(word, "祝") == 0 || strcmp(word, "holiday") == 0)
        return out->holidays = true;
    for (size_t i = 0; i < ARRAY_LEN(weekdays); i++)
        if (strcmp(word, weekdays[i][0]) == 0 || strcmp(word, weekdays[i][1]) == 0)
            return out->weekdays[i] = true;
    return read_span(word, out);
}

enum status closed_days_read(const char *text, struct closed_days *out, struct error *err)
{
    char *plain = kana_ascii(text), *rest = plain;
    enum status st = OK;
    *out = (struct closed_days){0};
    while (!st && *(rest += strspn(rest, " ,"))) {
        char *word = rest;
        rest += strcspn(rest, " ,");
        if (*rest)
            *rest++ = '\0';
        if (!read_word(word, out))
            st = error_set(err, E_INVALID,
                           _("「%s」は閉庁日として読めません。土 日 祝 12-29..1-3 2026-08-14 "
                             "のように書いてください"),
                           word);
    }
    xfree(&plain);
    return st;
}

/* Month and day as one number that grows through the year. */
static int in_year(struct date d)
{
    return d.month * 100 + d.day;
}

bool closed_days_has(const struct closed_days *closed, struct date day, bool holiday)
{
    if (closed->weekdays[date_weekday(day)] || (closed->holidays && holiday))
        return true;
    for (size_t i = 0; i < closed->count; i++) {
        struct date first = closed->spans[i].first, last = closed->spans[i].last;
        bool from = first.year ? date_compare(day, first) >= 0 : in_year(day) >= in_year(first);
        bool to = first.year ? date_compare(day, last) <= 0 : in_year(day) <= in_year(last);
        /* 12-29..1-3 is the end of one year and the beginning of the next. */
        bool turns = !first.year && in_year(first) > in_year(last);
        if (turns ? from || to : from && to)
            return true;
    }
    return false;
}

enum status hours_read(const char *text, int *open, int *close, struct error *err)
{
    int hour[2], minute[2], read = 0;
    char *plain = kana_ascii(text);
    bool good = sscanf(plain, "%2d:%2d-%2d:%2d%n", &hour[0], &minute[0], &hour[1], &minute[1],
                       &read) == 4 &&
                !plain[read];
    xfree(&plain);
    for (int i = 0; good && i < 2; i++)
        good = hour[i] >= 0 && minute[i] >= 0 && minute[i] < 60 && hour[i] * 60 + minute[i] <= 1440;
    *open = good ? hour[0] * 60 + minute[0] : 0;
    *close = good ? hour[1] * 60 + minute[1] : 0;
    if (good && *open < *close)
        return OK;
    return error_set(err, E_INVALID,
                     _("「%s」は取扱時間として読めません。8:30-17:15 のように書いてください"),
                     text);
}
