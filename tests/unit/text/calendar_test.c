#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/strings.h"
#include "text/calendar.h"

static void days_are_closed_as_written(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        struct date day;
        bool holiday, closed;
    } table[] = {
        {"土 日 祝 12-29..1-3", {2026, 11, 24}, false, false},
        {"土 日 祝 12-29..1-3", {2026, 11, 22}, false, true}, /* Sunday */
        {"土 日 祝 12-29..1-3", {2026, 11, 23}, true, true},
        {"土 日", {2026, 11, 23}, true, false},
        {"Sat Sun holiday", {2026, 11, 23}, true, true},
        {"Sat Sun holiday", {2026, 11, 22}, false, true},
        {"12-29..1-3", {2026, 12, 28}, false, false},
        {"12-29..1-3", {2026, 12, 29}, false, true},
        {"12-29..1-3", {2027, 1, 1}, false, true},
        {"12-29..1-3", {2027, 1, 3}, false, true},
        {"12-29..1-3", {2027, 1, 4}, false, false},
        {"8-13..8-15", {2027, 8, 14}, false, true},
        {"8-13..8-15", {2027, 8, 16}, false, false},
        {"2026-08-14", {2026, 8, 14}, false, true},
        {"2026-08-14", {2027, 8, 14}, false, false},
        {"2026-12-30..2027-01-02", {2027, 1, 1}, false, true},
        {"2026-12-30..2027-01-02", {2027, 12, 31}, false, false},
        {"2-29", {2028, 2, 29}, false, true},
        {"土，日　１２－３１", {2026, 12, 31}, false, true},
        {"", {2026, 1, 1}, true, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct closed_days closed;
        assert_int_equal(closed_days_read(table[i].rule, &closed, NULL), OK);
        assert_int_equal(closed_days_has(&closed, table[i].day, table[i].holiday), table[i].closed);
    }
}

static void what_is_no_day_is_named(void **state)
{
    (void)state;
    static const char *const words[] = {"土曜",          "13-1",       "2-30",
                                        "1-1..",         "2026-02-29", "2026-1-1..2",
                                        "1-1..2026-1-3", "x",          "2027-01-02..2026-12-30",
                                        "1-1x"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        struct closed_days closed;
        struct error err = {0};
        assert_int_equal(closed_days_read(words[i], &closed, &err), E_INVALID);
        assert_non_null(strstr(err.detail, words[i]));
    }
}

static void hours_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "9時",         "9:00",
                                        "9:00-25:00", "17:00-9:00",  "9-17",
                                        "9:60-17:00", "9:00-17:00x", "9:00-9:00"};
    int open, close;
    assert_int_equal(hours_read("8:30-17:15", &open, &close, NULL), OK);
    assert_int_equal(open, 510);
    assert_int_equal(close, 1035);
    assert_int_equal(hours_read("００：００－２４：００", &open, &close, NULL), OK);
    assert_int_equal(close, 1440);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(hours_read(wrong[i], &open, &close, NULL), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_closed_as_written),
        cmocka_unit_test(what_is_no_day_is_named),
        cmocka_unit_test(hours_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
