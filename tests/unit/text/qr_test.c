#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "text/grapheme.h"
#include "text/qr.h"
#include "text/width.h"

/* As long as what stands in a card's code. */
static const char *const TEXT =
    "SM1PM4A3HDB2VEG3IMQBSNMAYWQAPK6I33YBENCWPCNLKEWVFGPYH6G4ZFQ6SLHSJXOPOM2WYCKC4YSK2OCNIIGTLNRILV"
    "XJKMWQ465MQ4IPL7VCAPKIW73XU32RLJHW7BI7FNNI6CEFR6A3KHTPECTQS";

static void it_is_drawn_or_said_that_it_cannot_be(void **state)
{
    (void)state;
    struct strings lines = STRINGS_INIT;
    struct error err;
    assert_int_equal(qr_lines(TEXT, QR_SCREEN, &lines, &err), qr_draws() ? OK : E_UNSUPPORTED);
    assert_int_equal(lines.count > 0, qr_draws());
    strings_free(&lines);
}

/* 23 rows of a screen of 24, with the white edge of four modules; on paper a size more. */
static void a_card_fits_the_smallest_screen(void **state)
{
    (void)state;
    struct strings lines = STRINGS_INIT, paper = STRINGS_INIT;
    if (!qr_draws())
        skip();
    assert_int_equal(qr_lines(TEXT, QR_SCREEN, &lines, NULL), OK);
    assert_int_equal(lines.count, 23);
    for (size_t i = 0; i < lines.count; i++)
        assert_int_equal(text_width(lines.items[i]), 45);
    assert_int_equal(strspn(lines.items[0], " "), 45);
    assert_int_equal(strspn(lines.items[1], " "), 45);
    assert_true(str_starts(lines.items[2], "    █▀▀▀▀▀█ "));
    assert_true(str_ends(lines.items[2], " █▀▀▀▀▀█    "));
    assert_int_equal(qr_lines(TEXT, QR_PAPER, &paper, NULL), OK);
    assert_int_equal(paper.count, 25);
    strings_free(&lines);
    strings_free(&paper);
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[5000];
    struct strings lines = STRINGS_INIT;
    if (!qr_draws())
        skip();
    memset(text, 'A', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(qr_lines(text, QR_SCREEN, &lines, NULL), E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_drawn_or_said_that_it_cannot_be),
        cmocka_unit_test(a_card_fits_the_smallest_screen),
        cmocka_unit_test(what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
