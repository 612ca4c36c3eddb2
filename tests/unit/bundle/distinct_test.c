#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "bundle/distinct.h"

/* Each of them three times, far apart. */
static long count(unsigned long many)
{
    struct distinct *d = distinct_new();
    struct error err = {0};
    long out = -1;
    for (int again = 0; again < 3; again++)
        for (unsigned long i = 0; i < many; i++) {
            char id[37];
            snprintf(id, sizeof id, "01a20b11-1b40-7261-b2a1-%012lx",
                     i * 0x9e3779b97fUL & 0xffffffffffUL);
            distinct_add(d, id);
        }
    distinct_add(d, "");
    assert_int_equal(distinct_count(d, &out, &err), OK);
    distinct_free(&d);
    assert_null(d);
    return out;
}

static void each_is_counted_once(void **state)
{
    (void)state;
    static const unsigned long numbers[] = {0, 1, 1000, 49152, 49153, 100000, 300000};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_int_equal(count(numbers[i]), numbers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_counted_once)};
    return cmocka_run_group_tests_name("bundle/distinct", tests, NULL, NULL);
}
