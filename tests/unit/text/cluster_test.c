#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/sanitize.h"
#include "text/utf8.h"
#include "text/width.h"

static void utf8_both_ways(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        uint32_t back;
        size_t n = utf8_encode(bytes, cp);
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_int_equal(utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, cp);
        assert_true(utf8_valid(bytes, n));
    }
    assert_int_equal(utf8_count("葛󠄀a山"), 4);
    assert_int_equal(utf8_count(""), 0);
}

static void malformed_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xED\xA0\x80",
        "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xE5\xB1",
        "\xFF",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint32_t cp;
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 1);
        assert_int_equal(cp, UTF8_BAD);
    }
    assert_false(utf8_valid("a\0b", 3));
    assert_true(utf8_valid("", 0));
}

/* One line of Unicode's own test, "÷ 0020 × 0308 ÷ 0020 ÷": the boundaries forwards and back. */
static void check_break_line(char *line)
{
    struct buffer text = BUFFER_INIT;
    size_t bounds[64], count = 0, at = 0;
    buffer_reserve(&text, 1);
    for (char *word = strtok(line, " \t\r\n"); word; word = strtok(NULL, " \t\r\n")) {
        char bytes[4];
        if (strcmp(word, "÷") == 0)
            bounds[count++] = text.len;
        else if (strcmp(word, "×") != 0)
            buffer_add(&text, bytes, utf8_encode(bytes, (uint32_t)strtoul(word, NULL, 16)));
    }
    for (size_t i = 1; i < count; i++) {
        at = grapheme_next(text.data, text.len, at);
        assert_int_equal(at, bounds[i]);
    }
    for (size_t i = count - 1; i-- > 0;) {
        at = grapheme_prev(text.data, text.len, at);
        assert_int_equal(at, bounds[i]);
    }
    assert_int_equal(grapheme_count(text.data, text.len), count - 1);
    buffer_free(&text);
}

static void boundaries_are_those_of_unicode(void **state)
{
    (void)state;
    FILE *file = fopen("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt", "r");
    if (!file)
        skip();
    char line[1024];
    int lines = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "#")] = '\0';
        if (!strstr(line, "÷"))
            continue;
        check_break_line(line);
        lines++;
    }
    fclose(file);
    assert_true(lines > 500);
}

/* The shortcut may leave out nothing that the tables know to join or to hide. */
static void plain_characters_are_plain(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (!grapheme_plain(cp))
            continue;
        UChar32 c = (UChar32)cp;
        assert_int_equal(u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK), U_GCB_OTHER);
        assert_false(u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC));
        assert_false(u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT));
    }
    assert_true(grapheme_plain(0x5C71));
}

static void japanese_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t clusters;
    } table[] = {
        {"", 0},         {"葛󠄀飾", 2}, {"か\xE3\x82\x99き", 2},
        {"か゛", 2},     {"ｶﾞｷ", 2},        {"👨‍👩‍👧です", 3},
        {"🇯🇵🇯🇵", 2},     {"\r\n", 1},       {"𠮷野", 2},
        {"\xFF\xFE", 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        assert_int_equal(grapheme_count(table[i].text, strlen(table[i].text)), table[i].clusters);
}

/* Every way that a cursor can go must end, whatever the bytes. */
static void any_bytes_are_walked(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        char text[24];
        for (size_t i = 0; i < sizeof text; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (char)(seed >> 24 | (seed >> 16 & 0x80));
        }
        size_t count = 0, back = 0;
        for (size_t at = 0; at < sizeof text; count++) {
            size_t next = grapheme_next(text, sizeof text, at);
            assert_true(next > at && next <= sizeof text);
            assert_int_equal(grapheme_prev(text, sizeof text, next), at);
            at = next;
        }
        for (size_t at = sizeof text; at > 0; back++)
            at = grapheme_prev(text, sizeof text, at);
        assert_int_equal(count, back);
    }
}

static void ten_thousand_kanji_are_quick(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    for (int i = 0; i < 10000; i++)
        buffer_add_text(&text, i % 10 ? "葛" : "葛󠄀");
    int64_t start = clock_mono();
    assert_int_equal(grapheme_count(text.data, text.len), 10000);
    assert_int_equal(text_width(text.data), 20000);
    for (size_t at = text.len; at > 0;)
        at = grapheme_prev(text.data, text.len, at);
    buffer_clear(&text);
    for (int i = 0; i < 10000; i++)
        buffer_add_text(&text, "か\xE3\x82\x99");
    size_t back = 0;
    for (size_t at = text.len; at > 0; back++)
        at = grapheme_prev(text.data, text.len, at);
    assert_int_equal(back, 10000);
    assert_true(clock_mono() - start < 500);
    buffer_free(&text);
}

static void width_and_what_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
        int width;
    } table[] = {
        {"a", "a", 1},
        {"山", "山", 2},
        {"か\xE3\x82\x99", "か\xE3\x82\x99", 2},
        {"葛󠄀", "葛󠄀", 2},
        {"ｶﾞ", "ｶﾞ", 2},
        {"ｶ", "ｶ", 1},
        {"　", "　", 2},
        {"①", "①", 1},
        {"𠮷", "𠮷", 2},
        {"é", "é", 1},
        {"e\xCC\x81", "e\xCC\x81", 1},
        {"\xEE\x80\x80", "〓", 2},     /* U+E000 */
        {"\xF0\xB8\x80\x80", "〓", 2}, /* U+38000, unassigned */
        {"👨‍👩‍👧", "〓", 2},
        {"🇯🇵", "〓", 2},
        {"\x1B", "⟦U+001B⟧", 8},
        {"\t", "⟦U+0009⟧", 8},
        {"\x7F", "⟦U+007F⟧", 8},
        {"\xC2\x9B", "⟦U+009B⟧", 8},
        {"\xE2\x80\xAE", "⟦U+202E⟧", 8},
        {"\xE2\x80\x8B", "⟦U+200B⟧", 8},
        {"\xEF\xBB\xBF", "⟦U+FEFF⟧", 8},
        {"\xF3\xA0\x81\x81", "⟦U+E0041⟧", 9},
        {"\xE3\x82\x99", "⟦U+3099⟧", 8}, /* a mark without letter */
        {"山\xE2\x80\x8D", "山⟦U+200D⟧", 10},
        {"\xFF", "⟦FF⟧", 4},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        char shown[CLUSTER_DISPLAY_SIZE];
        size_t len = strlen(table[i].text);
        assert_int_equal(cluster_display(shown, sizeof shown, table[i].text, len),
                         strlen(table[i].shown));
        assert_string_equal(shown, table[i].shown);
        assert_int_equal(cluster_width(table[i].text, len), table[i].width);
        assert_int_equal(text_width(shown), table[i].width);
    }
}

static void ambiguous_width_can_be_two(void **state)
{
    (void)state;
    width_set_ambiguous(2);
    assert_int_equal(text_width("①※Ⅲ○α─aｱ山"), 6 * 2 + 1 + 1 + 2);
    width_set_ambiguous(1);
    assert_int_equal(text_width("①※Ⅲ○α─aｱ山"), 6 + 1 + 1 + 2);
}

static void fits_in_whole_clusters(void **state)
{
    (void)state;
    assert_int_equal(text_fit("山田太郎", 5), strlen("山田"));
    assert_int_equal(text_fit("葛󠄀飾区", 2), strlen("葛󠄀"));
    assert_int_equal(text_fit("山", 1), 0);
    assert_int_equal(text_fit("abc", 10), 3);
    assert_int_equal(text_fit("か\xE3\x82\x99", 2), 6);
}

/* However many marks are heaped on a letter, what is shown stays within the room given. */
static void a_heap_of_marks_stays_small(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    char shown[CLUSTER_DISPLAY_SIZE], small[16];
    buffer_add_text(&text, "山");
    for (int i = 0; i < 100; i++)
        buffer_add_text(&text, "\xE2\x80\x8D");
    assert_int_equal(cluster_display(shown, sizeof shown, text.data, text.len), 3 + 21 * 12);
    assert_int_equal(cluster_width(text.data, text.len), 2 + 21 * 8);
    assert_int_equal(cluster_display(small, sizeof small, text.data, text.len), 15);
    buffer_clear(&text);
    buffer_add_text(&text, "a");
    for (int i = 0; i < 100; i++)
        buffer_add_text(&text, "\xCC\x81");
    assert_int_equal(cluster_show(text.data, text.len), SHOW_GETA);
    buffer_free(&text);
}

static void sanitized(const char *text, const char *line, const char *lines)
{
    char *one = sanitize_text(text), *many = sanitize_lines(text);
    assert_string_equal(one, line);
    assert_string_equal(many, lines);
    xfree(&one);
    xfree(&many);
}

static void no_control_survives(void **state)
{
    (void)state;
    sanitized("山田\x1B[31m", "山田⟦U+001B⟧[31m", "山田⟦U+001B⟧[31m");
    sanitized("a\nb\tc", "a⟦U+000A⟧b⟦U+0009⟧c", "a\nb⟦U+0009⟧c");
    sanitized("\xE2\x81\xA6"
              "x",
              "⟦U+2066⟧x", "⟦U+2066⟧x");
    sanitized("葛󠄀👨‍👩‍👧か\xE3\x82\x99",
              "葛󠄀👨‍👩‍👧か\xE3\x82\x99",
              "葛󠄀👨‍👩‍👧か\xE3\x82\x99");
    sanitized("\xE5\xB1", "⟦E5⟧⟦B1⟧", "⟦E5⟧⟦B1⟧");
    sanitized("", "", "");
    for (int c = 0; c < 256; c++) {
        char raw[2] = {(char)c, '\0'};
        char *out = sanitize_text(raw);
        for (const char *p = out; *p; p++)
            assert_true((unsigned char)*p >= 0x20 && *p != 0x7F);
        assert_true(utf8_valid(out, strlen(out)));
        xfree(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_both_ways),
        cmocka_unit_test(malformed_utf8_is_refused),
        cmocka_unit_test(boundaries_are_those_of_unicode),
        cmocka_unit_test(plain_characters_are_plain),
        cmocka_unit_test(japanese_clusters),
        cmocka_unit_test(any_bytes_are_walked),
        cmocka_unit_test(ten_thousand_kanji_are_quick),
        cmocka_unit_test(width_and_what_is_shown),
        cmocka_unit_test(ambiguous_width_can_be_two),
        cmocka_unit_test(fits_in_whole_clusters),
        cmocka_unit_test(a_heap_of_marks_stays_small),
        cmocka_unit_test(no_control_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
