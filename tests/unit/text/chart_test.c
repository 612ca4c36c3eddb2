/* Bars and pyramids of letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/xmem.h"
#include "text/chart.h"

static void bars_have_one_scale(void **state)
{
    static const char *const labels[] = {"自治会", "区", "x", "y", "z"};
    const double values[] = {40, 20, 0, NAN, 0.1};
    struct buffer out = BUFFER_INIT;
    (void)state;
    chart_bars(&out, labels, values, 5, 37);
    assert_string_equal(buffer_text(&out), "自治会 |#################### 40\n"
                                           "区     |########## 20\n"
                                           "x      | 0\n"
                                           "y      | -\n"
                                           "z      |# 0.1\n");
    buffer_free(&out);
}

static void a_pyramid_has_two_sides(void **state)
{
    static const char *const labels[] = {"65-", "0-64"};
    const double left[] = {5, NAN}, right[] = {10, 1};
    struct buffer out = BUFFER_INIT;
    (void)state;
    chart_pyramid(&out, labels, left, right, 2, 20);
    assert_string_equal(buffer_text(&out), "           5 #####| 65-  |########## 10\n"
                                           "                - | 0-64 |# 1\n");
    buffer_free(&out);
}

static void nothing_is_nothing(void **state)
{
    struct buffer out = BUFFER_INIT;
    const double values[] = {0, -3};
    static const char *const labels[] = {"a", "b"};
    (void)state;
    chart_bars(&out, labels, values, 0, 40);
    assert_int_equal(out.len, 0);
    chart_bars(&out, labels, values, 2, 40);
    assert_string_equal(buffer_text(&out), "a | 0\nb | -3\n");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_have_one_scale),
        cmocka_unit_test(a_pyramid_has_two_sides),
        cmocka_unit_test(nothing_is_nothing),
    };
    return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
