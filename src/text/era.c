#include "text/era.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/kana.h"
#include "text/sanitize.h"

/* The two days on which one era ended and the next began belong to both. Before 明治6年1月1日 the
 * calendar was lunar (明治5年太政官布告第337号), so that a day of those years has no place here. */
static const struct era {
    const char *name, *kanji, *sign;
    char letter;
    int before_first; /* Gregorian year less the year of the era */
    struct date first, last;
} eras[] = {
    {"明治", "明", "㍾", 'M', 1867, {1873, 1, 1}, {1912, 7, 30}},
    {"大正", "大", "㍽", 'T', 1911, {1912, 7, 30}, {1926, 12, 25}},
    {"昭和", "昭", "㍼", 'S', 1925, {1926, 12, 25}, {1989, 1, 7}},
    {"平成", "平", "㍻", 'H', 1988, {1989, 1, 8}, {2019, 4, 30}},
    {"令和", "令", "㋿", 'R', 2018, {2019, 5, 1}, {9999, 12, 31}},
};

static const char *const weekdays[] = {"日", "月", "火", "水", "木", "金", "土"};

static const struct era *era_of(struct date d)
{
    for (size_t i = ARRAY_LEN(eras); i-- > 0;)
        if (date_compare(d, eras[i].first) >= 0)
            return &eras[i];
    return NULL;
}

/* "元" or the number. */
static void year_text(char out[16], int year)
{
    if (year == 1)
        snprintf(out, 16, "元");
    else
        snprintf(out, 16, "%d", year);
}

/* ---- reading ---- */

/* Half-width, without spaces, every kind of hyphen as '-'. */
static char *simplify(const char *typed)
{
    struct buffer out = BUFFER_INIT;
    char *ascii = kana_ascii(typed), *plain = kana_plain_hyphens(ascii);
    for (const char *c = plain; *c; c++)
        if (*c != ' ' && *c != '\t')
            buffer_add_char(&out, *c);
    xfree(&ascii);
    xfree(&plain);
    return buffer_steal(&out);
}

/* What was typed, taken apart. */
struct parts {
    const struct era *era;
    int number[3];
    int digits[3]; /* how many each has; 元 has 1 */
    int count;
    char separator; /* '.', '-', '/', or 'k' for 年月日; 0 when there is one number */
};

static bool skip(const char **at, const char *text)
{
    if (!str_starts(*at, text))
        return false;
    *at += strlen(text);
    return true;
}

static const struct era *read_era(const char **at)
{
    for (size_t i = 0; i < ARRAY_LEN(eras); i++) {
        const struct era *era = &eras[i];
        if (skip(at, era->name) || skip(at, era->kanji) || skip(at, era->sign))
            return era;
        if (**at == era->letter || **at == era->letter + 'a' - 'A') {
            ++*at;
            return era;
        }
    }
    return NULL;
}

static bool read_number(const char **at, struct parts *parts)
{
    int *number = &parts->number[parts->count], *digits = &parts->digits[parts->count];
    *number = 0;
    *digits = 0;
    if (parts->count == 0 && skip(at, "元")) {
        *number = *digits = 1;
    } else {
        for (; **at >= '0' && **at <= '9' && *digits < 8; ++*at, ++*digits)
            *number = *number * 10 + **at - '0';
    }
    parts->count++;
    return *digits > 0;
}

/* 年月日 and a weekday in brackets stand in their places or not at all. */
static bool read_kanji_rest(const char **at, struct parts *parts)
{
    if (skip(at, "年") && !read_number(at, parts))
        return false;
    parts->separator = 'k';
    return skip(at, "月") && read_number(at, parts) && skip(at, "日");
}

static bool read_parts(const char *text, struct parts *parts, int *weekday)
{
    const char *at = text;
    *parts = (struct parts){.era = read_era(&at)};
    *weekday = -1;
    if (!read_number(&at, parts))
        return false;
    if (str_starts(at, "年") || str_starts(at, "月")) {
        if (!read_kanji_rest(&at, parts))
            return false;
    } else if (*at && strchr(".-/", *at)) {
        parts->separator = *at;
        while (*at == parts->separator && parts->count < 3) {
            at++;
            if (!read_number(&at, parts))
                return false;
        }
    }
    for (int i = 0; i < 7 && *at == '('; i++) {
        char bracketed[16];
        snprintf(bracketed, sizeof bracketed, "(%s)", weekdays[i]);
        if (skip(&at, bracketed))
            *weekday = i;
    }
    return *at == '\0';
}

/* A row of digits without separators: 5081124, 20261124, and R081124. */
static bool split_digits(struct parts *parts)
{
    int all = parts->number[0], digits = parts->digits[0];
    if (parts->era ? digits != 6 : digits != 7 && digits != 8)
        return false;
    int year = all / 10000;
    if (digits == 7) {
        int which = year / 100;
        if (which < 1 || (size_t)which > ARRAY_LEN(eras))
            return false;
        parts->era = &eras[which - 1];
        year %= 100;
    }
    *parts = (struct parts){.era = parts->era,
                            .number = {year, all / 100 % 100, all % 100},
                            .digits = {digits == 8 ? 4 : 2, 2, 2},
                            .count = 3};
    return true;
}

static enum status no_date(struct error *err, const char *typed)
{
    return error_set(err, E_PARSE,
                     _("「%s」は日付として読めません。R8.11.24、令和8年11月24日、2026-11-24 "
                       "のように入れてください"),
                     typed);
}

static enum status era_limit(struct error *err, const struct era *era, struct date limit,
                             const char *format)
{
    char year[16];
    year_text(year, limit.year - era->before_first);
    return error_set(err, E_INVALID, format, era->name, year, limit.month, limit.day);
}

static int days_of_month(int year, int month)
{
    int day = 31;
    while (!date_valid((struct date){year, month, day}))
        day--;
    return day;
}

static enum status begins_later(const struct era *era, struct error *err)
{
    return era_limit(err, era, era->first,
                     _("%sは%s年%d月%d日からです。日付か年号を確かめてください"));
}

/* The day must exist, and lie in the era it was written with; a refusal names the limit. */
static enum status check_day(const struct parts *parts, struct date d, struct error *err)
{
    const struct era *era = parts->era;
    if (era && parts->number[0] < 1)
        return begins_later(era, err);
    if (d.month < 1 || d.month > 12)
        return error_set(err, E_INVALID, _("%d月はありません。月は1から12までです"), d.month);
    int days = d.year > 0 ? days_of_month(d.year, d.month) : 31;
    if (d.day < 1)
        return error_set(err, E_INVALID, _("%d日はありません。日は1からです"), d.day);
    if (d.day > days) {
        char year[16];
        year_text(year, d.year - (era ? era->before_first : 0));
        return error_set(err, E_INVALID, _("%s%s年%d月は%d日までです。日付を確かめてください"),
                         era ? era->name : "", year, d.month, days);
    }
    if (date_compare(d, eras[0].first) < 0)
        return error_set(err, E_INVALID,
                         _("明治5年までの日付は旧暦のため使えません。明治6年1月1日（1873年）"
                           "からの日付を入れてください"));
    if (era && date_compare(d, era->first) < 0)
        return begins_later(era, err);
    if (era && date_compare(d, era->last) > 0)
        return era_limit(err, era, era->last,
                         _("%sは%s年%d月%d日までです。日付か年号を確かめてください"));
    return OK;
}

/* From the parts to a day; which year is meant when it is not written out. */
static enum status place(struct parts *parts, unsigned flags, struct date today, struct date *d,
                         const char *typed, struct error *err)
{
    if (parts->count == 1 && !split_digits(parts))
        return no_date(err, typed);
    if (parts->count == 2) {
        bool readable = parts->separator == '/' || parts->separator == 'k';
        if (parts->era || !readable || parts->digits[0] > 2 || parts->digits[1] > 2)
            return no_date(err, typed);
        int year = fiscal_year(today) + (parts->number[0] < 4);
        *d = (struct date){year, parts->number[0], parts->number[1]};
        return OK;
    }
    if (parts->digits[1] > 2 || parts->digits[2] > 2)
        return no_date(err, typed);
    *d = (struct date){parts->number[0], parts->number[1], parts->number[2]};
    if (!parts->era && parts->digits[0] <= 2) {
        if (!(flags & ERA_BARE_YEAR) || !era_of(today))
            return error_set(err, E_PARSE,
                             _("「%s」の年がどの年号か分かりません。R8.11.24 のように"
                               "年号を付けてください"),
                             typed);
        parts->era = era_of(today);
    }
    if (parts->era ? parts->digits[0] > 3 : parts->digits[0] != 4)
        return no_date(err, typed);
    if (parts->era)
        d->year += parts->era->before_first;
    return OK;
}

static enum status parse(const char *typed, const char *text, unsigned flags, struct date today,
                         struct date *out, struct error *err)
{
    struct parts parts;
    struct date d;
    int weekday;
    if (!read_parts(text, &parts, &weekday))
        return no_date(err, typed);
    enum status st = place(&parts, flags, today, &d, typed, err);
    if (st == OK)
        st = check_day(&parts, d, err);
    if (st != OK)
        return st;
    char shown[ERA_TEXT_SIZE];
    era_format_day(shown, sizeof shown, d);
    if (weekday >= 0 && weekday != date_weekday(d))
        return error_set(err, E_INVALID, _("%sです。日付か曜日を確かめてください"), shown);
    if ((flags & ERA_PAST_ONLY) && date_compare(d, today) > 0)
        return error_set(err, E_RULE, _("%sはまだ来ていません。今日までの日付を入れてください"),
                         shown);
    *out = d;
    return OK;
}

enum status era_parse(const char *typed, unsigned flags, struct date today, struct date *out,
                      struct error *err)
{
    char *text = simplify(typed), *shown = sanitize_text(typed);
    enum status st = parse(shown, text, flags, today, out, err);
    xfree(&shown);
    xfree(&text);
    return st;
}

/* ---- writing ---- */

void era_format(char *out, size_t size, struct date d)
{
    const struct era *era = era_of(d);
    char year[16];
    year_text(year, d.year - (era ? era->before_first : 0));
    snprintf(out, size, "%s%s年%d月%d日", era ? era->name : "", year, d.month, d.day);
}

void era_format_day(char *out, size_t size, struct date d)
{
    char day[ERA_TEXT_SIZE - 10];
    era_format(day, sizeof day, d);
    snprintf(out, size, "%s（%s）", day, weekdays[date_weekday(d)]);
}

void era_format_short(char *out, size_t size, struct date d)
{
    const struct era *era = era_of(d);
    char letter[2] = {era ? era->letter : '\0', '\0'};
    snprintf(out, size, "%s%d.%d.%d", letter, d.year - (era ? era->before_first : 0), d.month,
             d.day);
}

void era_format_kanji_short(char *out, size_t size, struct date d)
{
    const struct era *era = era_of(d);
    snprintf(out, size, "%s%d.%d.%d", era ? era->kanji : "", d.year - (era ? era->before_first : 0),
             d.month, d.day);
}

/* ---- reckoning ---- */

int era_age(struct date birth, struct date on)
{
    bool before_birthday =
        on.month < birth.month || (on.month == birth.month && on.day < birth.day);
    return on.year - birth.year - before_birthday;
}

int fiscal_year(struct date d)
{
    return d.year - (d.month < 4);
}

struct date date_add_years(struct date d, int years)
{
    d.year += years;
    if (!date_valid(d) && d.month == 2 && d.day == 29)
        d.day = 28;
    return d;
}
