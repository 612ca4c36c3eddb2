#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
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

static void every_day_comes_back(void **state)
{
    (void)state;
    static void (*const forms[])(char *, size_t, struct date) = {
        era_format, era_format_day, era_format_short, era_format_kanji_short};
    int64_t last = date_days((struct date){2100, 12, 31});
    for (int64_t day = date_days((struct date){1873, 1, 1}); day <= last; day++) {
        struct date d = date_from_days(day), back;
        for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
            char text[ERA_TEXT_SIZE];
            forms[i](text, sizeof text, d);
            assert_int_equal(era_parse(text, 0, today, &back, NULL), OK);
            assert_int_equal(date_compare(d, back), 0);
        }
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
        cmocka_unit_test(every_spelling_is_read), cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(the_reason_is_told),     cmocka_unit_test(every_day_comes_back),
        cmocka_unit_test(dates_are_written),      cmocka_unit_test(ages_and_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
