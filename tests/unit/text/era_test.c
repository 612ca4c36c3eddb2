#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/strings.h"
#include "text/era.h"

static const struct date today = {2026, 11, 24};

/* NULL where it is refused. */
static void reads(const char *typed, unsigned flags, const char *iso)
{
    struct date d = {0};
    struct error err;
    char text[ISO_DATE_SIZE];
    enum status st = era_parse(typed, flags, today, &d, &err);
    if (!iso) {
        assert_int_not_equal(st, OK);
        assert_true(err.detail[0] != '\0');
        return;
    }
    assert_int_equal(st, OK);
    iso_date(text, d);
    assert_string_equal(text, iso);
}

static void every_spelling_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *iso;
    } table[] = {
        {"令和8年11月24日", "2026-11-24"},
        {"令和８年１１月２４日", "2026-11-24"},
        {"令和8年11月24日（火）", "2026-11-24"},
        {" 令和 8年 1月 4日 ", "2026-01-04"},
        {"R8.11.24", "2026-11-24"},
        {"r8/11/24", "2026-11-24"},
        {"Ｒ８－１１－２４", "2026-11-24"},
        {"R8ー11ー24", "2026-11-24"},
        {"令8.11.24", "2026-11-24"},
        {"R081124", "2026-11-24"},
        {"㋿8.11.24", "2026-11-24"},
        {"S63.7.14", "1988-07-14"},
        {"昭64.1.7", "1989-01-07"},
        {"令和元年5月1日", "2019-05-01"},
        {"R元.5.1", "2019-05-01"},
        {"R01.05.01", "2019-05-01"},
        {"5081124", "2026-11-24"},
        {"3630714", "1988-07-14"},
        {"１０６０１０１", "1873-01-01"},
        {"20261124", "2026-11-24"},
        {"2026-11-24", "2026-11-24"},
        {"2026/1/4", "2026-01-04"},
        {"2026年11月24日", "2026-11-24"},
        {"11/24", "2026-11-24"},
        {"3/31", "2027-03-31"},
        {"4月1日", "2026-04-01"},
        {"明治45年7月30日", "1912-07-30"},
        {"T1.7.30", "1912-07-30"},
        {"T15.12.25", "1926-12-25"},
        {"S1.12.25", "1926-12-25"},
        {"R10.2.29", "2028-02-29"},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        reads(table[i].typed, 0, table[i].iso);
    reads("8.11.24", ERA_BARE_YEAR, "2026-11-24");
    reads("2026-11-24", ERA_PAST_ONLY, "2026-11-24");
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",
        "R",
        "令和8年",
        "8.11.24",
        "R8.11",
        "R8.11.24.1",
        "R8.11/24",
        "令和8年11月24",
        "2026-11-24x",
        "202611",
        "9081124",
        "0081124",
        "R8.13.1",
        "R8.2.29",
        "R8.2.0",
        "R0.1.1",
        "S64.1.8",
        "昭和64年1月8日",
        "H31.5.1",
        "R1.4.30",
        "T1.7.29",
        "M45.7.31",
        "S1.12.24",
        "M5.12.31",
        "18721231",
        "2026-02-30",
        "13/1",
        "2/30",
        "999999999999",
        "令和8年11月24日（水）",
        "R8..24",
        "-8.11.24",
        "R-8.11.24",
        "202-1-1",
        "12026-1-1",
        "平成令和8年1月1日",
        "11.24",
        "R8.111.4",
        "２０２６１３０１",
        "H8年11.24日",
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        reads(table[i], 0, NULL);
    reads("R8.11.25", ERA_PAST_ONLY, NULL);
    reads("3/31", ERA_PAST_ONLY, NULL);
}

static void the_reason_is_told(void **state)
{
    (void)state;
    struct date d;
    struct error err;
    assert_int_equal(era_parse("S64.1.8", 0, today, &d, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "昭和は64年1月7日まで"));
    assert_int_equal(era_parse("R1.4.30", 0, today, &d, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "令和は元年5月1日から"));
    assert_int_equal(era_parse("M5.1.1", 0, today, &d, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "旧暦"));
    assert_int_equal(era_parse("R8.11.25", ERA_PAST_ONLY, today, &d, &err), E_RULE);
    assert_int_equal(era_parse("あした", 0, today, &d, &err), E_PARSE);
    assert_int_equal(era_parse("\x1B[2J", 0, today, &d, &err), E_PARSE);
    assert_null(strchr(err.detail, '\x1B'));
}

/* --- Every day in every spelling --- */

/* A row of the eras, written down a second time: letter, kanji, name, year before the first, and
 * the days between which the era's own years are accepted. */
static const struct {
    const char *letter, *kanji, *name, *wide;
    int before, digit;
    struct date first, last;
} eras[] = {
    {"M", "明", "明治", "Ｍ", 1867, 1, {1873, 1, 1}, {1912, 7, 30}},
    {"T", "大", "大正", "Ｔ", 1911, 2, {1912, 7, 30}, {1926, 12, 25}},
    {"S", "昭", "昭和", "Ｓ", 1925, 3, {1926, 12, 25}, {1989, 1, 7}},
    {"H", "平", "平成", "Ｈ", 1988, 4, {1989, 1, 8}, {2019, 4, 30}},
    {"R", "令", "令和", "Ｒ", 2018, 5, {2019, 5, 1}, {2100, 12, 31}},
};

static void comes_back(struct date d, const char *text)
{
    struct date back;
    struct error err = {0};
    if (era_parse(text, 0, today, &back, &err) || date_compare(d, back) != 0)
        fail_msg("%s is not read as %d-%d-%d: %s", text, d.year, d.month, d.day, err.detail);
}

/* The digits of an ASCII text as full-width ones, '-' as －. */
static void widen(char *out, const char *text)
{
    for (; *text; text++)
        if (*text >= '0' && *text <= '9')
            out += sprintf(out, "\xef\xbc%c", 0x90 + *text - '0');
        else if (*text == '-')
            out += sprintf(out, "－");
        else
            *out++ = *text;
    *out = '\0';
}

static void try_era(struct date d, size_t era)
{
    char text[160], wide[160];
    int year = d.year - eras[era].before;
    const char *letter = eras[era].letter, *kanji = eras[era].kanji, *name = eras[era].name;
    const char small[] = {(char)(*letter + 'a' - 'A'), '\0'};
    sprintf(text, "%s%d.%d.%d", letter, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%s%02d.%02d.%02d", letter, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%s%02d%02d%02d", letter, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%s%d/%d/%d", small, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%s%d.%d.%d", kanji, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%s%d年%d月%d日", name, year, d.month, d.day);
    comes_back(d, text);
    sprintf(text, "%d-%d-%d", year, d.month, d.day);
    widen(wide, text);
    sprintf(text, "%s%s", eras[era].wide, wide);
    comes_back(d, text);
    sprintf(text, "%d%02d%02d%02d", eras[era].digit, year, d.month, d.day);
    comes_back(d, text);
    if (year == 1) {
        sprintf(text, "%s元年%d月%d日", name, d.month, d.day);
        comes_back(d, text);
        sprintf(text, "%s元.%d.%d", letter, d.month, d.day);
        comes_back(d, text);
    }
}

static void every_day_comes_back(void **state)
{
    (void)state;
    static void (*const forms[])(char *, size_t, struct date) = {
        era_format, era_format_day, era_format_short, era_format_kanji_short};
    static const char *const western[] = {"%04d-%02d-%02d", "%04d%02d%02d", "%d/%d/%d",
                                          "%d年%d月%d日"};
    int64_t last = date_days((struct date){2100, 12, 31});
    for (int64_t day = date_days((struct date){1873, 1, 1}); day <= last; day++) {
        struct date d = date_from_days(day);
        char text[ERA_TEXT_SIZE];
        int names = 0;
        for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
            forms[i](text, sizeof text, d);
            comes_back(d, text);
        }
        for (size_t i = 0; i < ARRAY_LEN(western); i++) {
            snprintf(text, sizeof text, western[i], d.year, d.month, d.day);
            comes_back(d, text);
        }
        for (size_t i = 0; i < ARRAY_LEN(eras); i++)
            if (date_compare(d, eras[i].first) >= 0 && date_compare(d, eras[i].last) <= 0) {
                try_era(d, i);
                names++;
            }
        bool both = strcmp(text, "1912年7月30日") == 0 || strcmp(text, "1926年12月25日") == 0;
        assert_int_equal(names, both ? 2 : 1);
    }
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* What a refusal has to name; "" for a day that is none to refuse. */
static void limit_of(char out[64], size_t era, int year, int month, int day)
{
    struct date d = {year + eras[era].before, month, day};
    *out = '\0';
    if (month < 1 || month > 12)
        strcpy(out, year < 1 ? "は" : "12まで");
    else if (year < 1)
        sprintf(out, "%sは", eras[era].name);
    else if (day < 1)
        strcpy(out, "1から");
    else if (day > days_in(d.year, month))
        sprintf(out, "%d月は%d日まで", month, days_in(d.year, month));
    else if (date_compare(d, eras[0].first) < 0)
        strcpy(out, "明治6年1月1日");
    else if (date_compare(d, eras[era].first) < 0)
        sprintf(out, "%d月%d日から", eras[era].first.month, eras[era].first.day);
    else if (date_compare(d, eras[era].last) > 0)
        sprintf(out, "%d月%d日まで", eras[era].last.month, eras[era].last.day);
}

static void every_impossible_day_is_refused_by_its_limit(void **state)
{
    (void)state;
    for (size_t era = 0; era < ARRAY_LEN(eras); era++)
        for (int year = 0; year <= eras[era].last.year - eras[era].before + 3; year++)
            for (int month = 0; month <= 13; month++)
                for (int day = 0; day <= 32; day++) {
                    char text[64], limit[64];
                    struct error err = {0};
                    struct date d;
                    limit_of(limit, era, year, month, day);
                    if (era + 1 == ARRAY_LEN(eras) && year > 82)
                        continue; /* 令和 has no end yet */
                    sprintf(text, "%s%d.%d.%d", eras[era].letter, year, month, day);
                    enum status st = era_parse(text, 0, today, &d, &err);
                    if (*limit ? st != E_INVALID || !strstr(err.detail, limit) : st != OK)
                        fail_msg("%s: %s (looked for %s)", text, err.detail, limit);
                }
}

static void dates_are_written(void **state)
{
    (void)state;
    char text[ERA_TEXT_SIZE];
    era_format(text, sizeof text, today);
    assert_string_equal(text, "令和8年11月24日");
    era_format_day(text, sizeof text, today);
    assert_string_equal(text, "令和8年11月24日（火）");
    era_format_short(text, sizeof text, today);
    assert_string_equal(text, "R8.11.24");
    era_format_kanji_short(text, sizeof text, today);
    assert_string_equal(text, "令8.11.24");
    era_format(text, sizeof text, (struct date){2019, 5, 1});
    assert_string_equal(text, "令和元年5月1日");
    era_format(text, sizeof text, (struct date){2019, 4, 30});
    assert_string_equal(text, "平成31年4月30日");
    era_format(text, sizeof text, (struct date){1989, 1, 7});
    assert_string_equal(text, "昭和64年1月7日");
    era_format(text, sizeof text, (struct date){1872, 12, 31});
    assert_string_equal(text, "1872年12月31日");
}

static void ages_and_years(void **state)
{
    (void)state;
    static const struct {
        struct date birth, on;
        int age;
    } ages[] = {
        {{2008, 11, 24}, {2026, 11, 24}, 18}, {{2008, 11, 25}, {2026, 11, 24}, 17},
        {{2008, 2, 29}, {2026, 2, 28}, 17},   {{2008, 2, 29}, {2026, 3, 1}, 18},
        {{2026, 11, 24}, {2026, 11, 24}, 0},  {{2026, 11, 25}, {2026, 11, 24}, -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(ages); i++)
        assert_int_equal(era_age(ages[i].birth, ages[i].on), ages[i].age);
    assert_int_equal(fiscal_year((struct date){2027, 3, 31}), 2026);
    assert_int_equal(fiscal_year((struct date){2027, 4, 1}), 2027);
    struct date d = date_add_years((struct date){2024, 2, 29}, 1);
    assert_int_equal(date_compare(d, (struct date){2025, 2, 28}), 0);
    d = date_add_years((struct date){2024, 2, 29}, 4);
    assert_int_equal(date_compare(d, (struct date){2028, 2, 29}), 0);
    d = date_add_years((struct date){2024, 2, 28}, -1);
    assert_int_equal(date_compare(d, (struct date){2023, 2, 28}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_is_read),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(the_reason_is_told),
        cmocka_unit_test(every_day_comes_back),
        cmocka_unit_test(every_impossible_day_is_refused_by_its_limit),
        cmocka_unit_test(dates_are_written),
        cmocka_unit_test(ages_and_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
