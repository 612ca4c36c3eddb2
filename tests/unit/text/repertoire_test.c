#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/strings.h"
#include "text/repertoire.h"
#include "text/utf8.h"

static void letters_are_in_their_sets(void **state)
{
    (void)state;
    static const struct {
        const char *letter;
        unsigned bits;
    } rows[] = {
        {"a", IN_ASCII},
        {"ｱ", IN_HALF_KANA},
        {"あ", IN_JIS_OTHER},
        {"ー", IN_JIS_OTHER},
        {"～", IN_JIS_OTHER},
        {"〜", IN_JIS_OTHER},
        {"−", IN_JIS_OTHER},
        {"亜", IN_JIS_LEVEL_1},
        {"腕", IN_JIS_LEVEL_1},
        {"弌", IN_JIS_LEVEL_2},
        {"熙", IN_JIS_LEVEL_2},
        {"髙", IN_CP932_EXTENSION},
        {"﨑", IN_CP932_EXTENSION | IN_JIS_LEVEL_3},
        {"①", IN_CP932_EXTENSION | IN_JIS_LEVEL_3},
        {"\xEF\xA8\x99", IN_CP932_EXTENSION | IN_JIS_LEVEL_3 | IS_COMPATIBILITY},
        {"\xEF\xA9\x85", IN_JIS_LEVEL_3 | IS_COMPATIBILITY},
        {"俱", IN_JIS_LEVEL_3},
        {"𠮷", BEYOND_JIS},
        {"𪚲", IN_JIS_LEVEL_4},
        {"か゚", IN_JIS_LEVEL_3},
        {"騂", IN_JIS_LEVEL_3},
        {"丂", IN_JIS_LEVEL_4},
        {"葛󠄀", IN_JIS_LEVEL_1 | HAS_IVS},
        {"\xEE\x80\x80", IS_GAIJI},
        {"\xEF\xA3\xBF", IS_GAIJI},
        {"😀", BEYOND_JIS},
        {"𰻞", BEYOND_JIS},
        {"é", IN_JIS_LEVEL_3},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        unsigned bits = repertoire_of(rows[i].letter, strlen(rows[i].letter));
        if (rows[i].bits != bits)
            fail_msg("%s: %x, not %x", rows[i].letter, bits, rows[i].bits);
    }
}

/* As many as the standards have: JIS X 0208 524 others (and the six read as Windows has them),
 * 2,965 and 3,390 kanji, JIS X 0213 2,436 in plane 2; BMP's private characters 6,400. */
static void sets_are_whole(void **state)
{
    (void)state;
    int counts[REPERTOIRE_COUNT] = {0};
    for (uint32_t cp = 0x20; cp < 0x30000; cp++) {
        char text[4];
        size_t len = utf8_encode(text, cp);
        unsigned bits = len ? repertoire_of(text, len) : 0;
        for (int i = 0; i < REPERTOIRE_COUNT; i++)
            counts[i] += (bits >> i) & 1;
    }
    assert_int_equal(counts[IN_JIS_OTHER_BIT], 524 + 6);
    assert_int_equal(counts[IN_JIS_LEVEL_1_BIT], 2965);
    assert_int_equal(counts[IN_JIS_LEVEL_2_BIT], 3390);
    assert_int_equal(counts[IN_HALF_KANA_BIT], 63);
    assert_int_equal(counts[IN_CP932_EXTENSION_BIT], 447);
    assert_int_equal(counts[IN_JIS_LEVEL_4_BIT], 2436);
    assert_int_equal(counts[IS_GAIJI_BIT], 6400);
}

static void what_a_receiver_lacks(void **state)
{
    (void)state;
    struct buffer out = BUFFER_INIT;
    assert_int_equal(repertoire_lacking("CP932", "髙﨑〜", &out, NULL), OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(repertoire_lacking("CP932", "𠮷田𠮷葛󠄀", &out, NULL), OK);
    assert_string_equal(buffer_text(&out),
                        "「𠮷」（U+20BB7、JIS外）、「葛󠄀」（U+845B U+E0100、"
                        "JIS第1水準、異体字セレクタ付き）");
    buffer_clear(&out);
    assert_int_equal(repertoire_lacking("UTF-8", "𠮷", &out, NULL), OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(repertoire_lacking("no-such", "a", &out, NULL), E_UNSUPPORTED);
    repertoire_names(IN_JIS_LEVEL_1 | HAS_IVS, &out);
    assert_string_equal(buffer_text(&out), "jis_level_1 ivs");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_in_their_sets),
        cmocka_unit_test(sets_are_whole),
        cmocka_unit_test(what_a_receiver_lacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
