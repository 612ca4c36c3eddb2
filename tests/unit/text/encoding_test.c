#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/encoding.h"
#include "text/encoding_internal.h"
#include "text/utf8.h"

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

/* --- Another iconv --- */

/* What GNU libiconv 1.17 answers for CP932 where glibc answers as Windows: {code, character it
 * reads, character it writes to that code}. 0: it has none. */
struct answer {
    uint16_t code;
    uint32_t reads, writes;
};
static const struct answer gnu_libiconv[] = {
    {0x8160, 0x301C, 0x301C}, {0x8161, 0x2016, 0x2016}, {0x817C, 0x2212, 0x2212},
    {0x8191, 0x00A2, 0x00A2}, {0x8192, 0x00A3, 0x00A3}, {0x81CA, 0x00AC, 0x00AC},
    {0xFA4A, 0x2160, 0x2160}, {0xFA4B, 0x2161, 0x2161}, {0xFA4C, 0x2162, 0x2162},
    {0xFA4D, 0x2163, 0x2163}, {0xFA4E, 0x2164, 0x2164}, {0xFA4F, 0x2165, 0x2165},
    {0xFA50, 0x2166, 0x2166}, {0xFA51, 0x2167, 0x2167}, {0xFA52, 0x2168, 0x2168},
    {0xFA53, 0x2169, 0x2169}, {0xFA54, 0xFFE2, 0xFFE2}, {0xFA58, 0x3231, 0x3231},
    {0xFA59, 0x2116, 0x2116}, {0xFA5A, 0x2121, 0x2121}, {0, 0, 0},
};
/* One that knows no characters of users and mixes up the ends of their range. */
static const struct answer no_gaiji[] = {{0xF040, 0, 0xE000}, {0xF9FC, 0x3013, 0}, {0, 0, 0}};
static const struct answer *simulated;

struct pretended {
    iconv_t real;
    bool decodes, other; /* other: another encoding than CP932 */
};

static iconv_t pretend_open(const char *to, const char *from)
{
    struct pretended *p = xcalloc(1, sizeof *p);
    p->decodes = strcmp(from, "CP932") == 0;
    p->other = !p->decodes && strcmp(to, "CP932") != 0;
    p->real = iconv_open(to, from);
    if (p->real == (iconv_t)-1) {
        xfree(&p);
        return (iconv_t)-1;
    }
    return (iconv_t)p;
}

static int pretend_close(iconv_t cd)
{
    struct pretended *p = (struct pretended *)cd;
    int result = iconv_close(p->real);
    xfree(&p);
    return result;
}

/* What it makes of one character: false when it leaves it to the real one. Length 0: it fails. */
static bool pretend(const struct pretended *p, const char *in, size_t len, char out[4],
                    size_t *out_len)
{
    uint32_t cp = 0, code = len > 1 ? (uint32_t)((uint8_t)in[0] << 8 | (uint8_t)in[1]) : 0;
    if (!p->decodes)
        utf8_decode(in, len, &cp);
    for (const struct answer *a = simulated; a->code; a++) {
        if (p->decodes ? a->code != code : a->writes != cp)
            continue;
        out[0] = (char)(a->code >> 8);
        out[1] = (char)a->code;
        *out_len = p->decodes ? (a->reads ? utf8_encode(out, a->reads) : 0) : 2;
        return true;
    }
    return false;
}

static size_t pretend_convert(iconv_t cd, char **in, size_t *in_left, char **out, size_t *out_left)
{
    struct pretended *p = (struct pretended *)cd;
    if (p->other)
        return iconv(p->real, in, in_left, out, out_left);
    while (in && *in_left) {
        uint8_t c = (uint8_t) * *in;
        uint32_t ignored;
        size_t len = p->decodes ? ((c > 0x80 && c < 0xA0) || (c >= 0xE0 && c < 0xFD) ? 2 : 1)
                                : utf8_decode(*in, *in_left, &ignored);
        char made[4];
        size_t made_len, take = len < *in_left ? len : *in_left;
        if (!pretend(p, *in, take, made, &made_len)) {
            size_t left = take;
            if (iconv(p->real, in, &left, out, out_left) == (size_t)-1)
                return (size_t)-1;
            *in_left -= take;
            continue;
        }
        if (!made_len || made_len > *out_left) {
            errno = made_len ? E2BIG : EILSEQ;
            return (size_t)-1;
        }
        memcpy(*out, made, made_len);
        *out += made_len;
        *out_left -= made_len;
        *in += take;
        *in_left -= take;
    }
    return 0;
}

static void whichever_iconv_is_at_work(void **state)
{
    static const struct converter_engine pretender = {pretend_open, pretend_convert, pretend_close};
    static const struct answer *const engines[] = {gnu_libiconv, no_gaiji};
    for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
        simulated = engines[i];
        converter_use(&pretender);
        characters_survive(state);
        every_double_byte_code_is_read(state);
        both_ways("CP932", "a\xEE\x80\x80z\xEE\x9D\x97", "a\xF0\x40z\xF9\xFC",
                  "a\xEE\x80\x80z\xEE\x9D\x97");
        both_ways("CP932", "ⅠⅩ№℡㈱￢", "\x87\x54\x87\x5D\x87\x82\x87\x84\x87\x8A\x81\xCA",
                  "ⅠⅩ№℡㈱￢");
        a_loss_is_named(state);
        bad_input_is_refused(state);
    }
    converter_use(NULL);
    characters_survive(state);
}

/* Every code gives the same character and comes back to the same code, whichever iconv. */
static void read_all(struct buffer *out)
{
    for (int lead = 0x81; lead <= 0xFC; lead++)
        for (int trail = 0x40; trail <= 0xFC; trail++) {
            char bytes[2] = {(char)lead, (char)trail};
            struct buffer text = BUFFER_INIT;
            if ((lead < 0xA0 || lead >= 0xE0) &&
                encoding_decode("CP932", bytes, 2, &text, NULL) == OK) {
                buffer_add(out, text.data, text.len);
                assert_int_equal(encoding_encode("CP932", text.data, out, NULL), OK);
            }
            buffer_free(&text);
        }
}

static void all_agree_on_every_code(void **state)
{
    (void)state;
    static const struct converter_engine pretender = {pretend_open, pretend_convert, pretend_close};
    struct buffer expected = BUFFER_INIT, found = BUFFER_INIT;
    read_all(&expected);
    simulated = gnu_libiconv;
    converter_use(&pretender);
    read_all(&found);
    converter_use(NULL);
    assert_int_equal(found.len, expected.len);
    assert_memory_equal(found.data, expected.data, found.len);
    buffer_free(&expected);
    buffer_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_survive),
        cmocka_unit_test(every_double_byte_code_is_read),
        cmocka_unit_test(a_loss_is_named),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(whichever_iconv_is_at_work),
        cmocka_unit_test(all_agree_on_every_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
