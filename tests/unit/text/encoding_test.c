#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/strings.h"
#include "text/encoding.h"

static void both_ways(const char *name, const char *utf8, const char *bytes, const char *back)
{
    struct buffer out = BUFFER_INIT, in = BUFFER_INIT;
    assert_int_equal(encoding_encode(name, utf8, &out, NULL), OK);
    assert_string_equal(buffer_text(&out), bytes);
    assert_int_equal(encoding_length(name, utf8), strlen(bytes));
    assert_int_equal(encoding_decode(name, bytes, strlen(bytes), &in, NULL), OK);
    assert_string_equal(buffer_text(&in), back);
    buffer_free(&out);
    buffer_free(&in);
}

static void characters_survive(void **state)
{
    (void)state;
    both_ways("CP932", "山田a",
              "\x8E\x52\x93\x63"
              "a",
              "山田a");
    both_ways("CP932", "～∥－￠￡￢", "\x81\x60\x81\x61\x81\x7C\x81\x91\x81\x92\x81\xCA",
              "～∥－￠￡￢");
    both_ways("CP932", "〜‖−¢£¬", "\x81\x60\x81\x61\x81\x7C\x81\x91\x81\x92\x81\xCA",
              "～∥－￠￡￢");
    both_ways("Shift_JIS", "\xEE\x80\x80", "\xF0\x40", "\xEE\x80\x80");
    both_ways("CP932", "髙﨑①ｱ", "\xFB\xFC\xFA\xB1\x87\x40\xB1", "髙﨑①ｱ");
    both_ways("CP932", "表\\", "\x95\x5C\\", "表\\");
    both_ways("EUC-JP", "山田", "\xBB\xB3\xC5\xC4", "山田");
    both_ways("ISO-2022-JP", "山a", "\x1B$B;3\x1B(Ba", "山a");
    both_ways("utf-8", "𠮷葛󠄀", "𠮷葛󠄀", "𠮷葛󠄀");
    both_ways("CP932", "", "", "");
}

static void every_double_byte_code_is_read(void **state)
{
    (void)state;
    int codes = 0, same = 0;
    for (int lead = 0x81; lead <= 0xFC; lead++)
        for (int trail = 0x40; trail <= 0xFC; trail++) {
            char bytes[2] = {(char)lead, (char)trail};
            struct buffer text = BUFFER_INIT, back = BUFFER_INIT;
            bool is_lead = lead < 0xA0 || lead >= 0xE0;
            if (is_lead && trail != 0x7F && encoding_decode("CP932", bytes, 2, &text, NULL) == OK) {
                codes++;
                assert_int_equal(encoding_encode("CP932", text.data, &back, NULL), OK);
                same += back.len == 2 && memcmp(back.data, bytes, 2) == 0;
            }
            buffer_free(&text);
            buffer_free(&back);
        }
    assert_int_equal(codes, 9604);
    assert_int_equal(same, 9206);
}

static void a_loss_is_named(void **state)
{
    (void)state;
    struct buffer out = BUFFER_INIT;
    struct error err;
    buffer_add_text(&out, "前");
    assert_int_equal(encoding_encode("CP932", "山𠮷〓", &out, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "2文字目"));
    assert_non_null(strstr(err.detail, "U+20BB7"));
    assert_int_equal(encoding_encode("CP932", "a¥", &out, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "U+00A5"));
    assert_int_equal(encoding_encode("CP932", "葛󠄀", &out, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "U+E0100"));
    assert_int_equal(encoding_encode("EUC-JP", "山😀", &out, &err), E_INVALID);
    assert_non_null(strstr(err.detail, "U+1F600"));
    assert_int_equal(encoding_encode("UTF-8", "a\xFF", &out, &err), E_INVALID);
    assert_int_equal(encoding_encode("CP932", "a\xFF", &out, &err), E_INVALID);
    assert_string_equal(out.data, "前");
    assert_true(encoding_length("CP932", "𠮷") == (size_t)-1);
    buffer_free(&out);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    struct buffer out = BUFFER_INIT;
    struct error err;
    assert_int_equal(encoding_decode("CP932", "a\nb\x81", 4, &out, &err), E_PARSE);
    assert_non_null(strstr(err.detail, "2行目"));
    assert_int_equal(encoding_decode("UTF-8", "\x8E\x52", 2, &out, &err), E_PARSE);
    assert_int_equal(encoding_decode("UTF-8", "a\0b", 3, &out, &err), E_PARSE);
    assert_int_equal(encoding_decode("CP932", "a\0b", 3, &out, &err), E_PARSE);
    assert_int_equal(encoding_decode("CP932//IGNORE", "a", 1, &out, &err), E_UNSUPPORTED);
    assert_int_equal(encoding_decode("", "a", 1, &out, &err), E_UNSUPPORTED);
    assert_int_equal(encoding_encode("no-such", "a", &out, &err), E_UNSUPPORTED);
    assert_int_equal(out.len, 0);
    assert_int_equal(encoding_decode("UTF-8", "\xEF\xBB\xBF山", 6, &out, &err), OK);
    assert_string_equal(out.data, "山");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_survive),
        cmocka_unit_test(every_double_byte_code_is_read),
        cmocka_unit_test(a_loss_is_named),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
