#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/kana.h"
#include "text/romaji.h"

struct conversion {
    char *(*change)(const char *);
    const char *from, *to;
};

static void check(const struct conversion *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *got = table[i].change(table[i].from);
        assert_string_equal(got, table[i].to);
        xfree(&got);
    }
}

static void kana_is_changed(void **state)
{
    (void)state;
    static const struct conversion table[] = {
        {kana_katakana, "らーめん ゔぁ ゕゖ ゝゞ 山a", "ラーメン ヴァ ヵヶ ヽヾ 山a"},
        {kana_hiragana, "ラーメン ヴァ ヵヶ ヽヾ ヷ ｱ", "らーめん ゔぁ ゕゖ ゝゞ ヷ ｱ"},
        {kana_zenkaku, "ｶﾞｷﾞﾊﾟｱﾟ A-1 ~", "ガギパア゜　Ａ－１　～"},
        {kana_zenkaku_kana, "ﾔﾏﾀﾞ ﾀﾛｳ(A)｡ｰ･", "ヤマダ タロウ(A)。ー・"},
        {kana_zenkaku_kana, "ｳﾞﾜﾞｦﾞﾞ", "ヴヷヺ゛"},
        {kana_hankaku, "ヤマダ　タロウ（Ａ）。ー・", "ﾔﾏﾀﾞ ﾀﾛｳ(A)｡ｰ･"},
        {kana_hankaku, "ガパヴヺゐ山ヮヶ", "ｶﾞﾊﾟｳﾞｦﾞゐ山ヮヶ"},
        {kana_ascii, "Ａ１－２　カ〜−", "A1-2 カ~-"},
        {kana_compose, "か\xE3\x82\x99は\xE3\x82\x9Aウ\xE3\x82\x99ワ\xE3\x82\x99", "がぱヴヷ"},
        {kana_compose, "か゛ あ\xE3\x82\x99 神e\xCC\x81", "か゛ あ\xE3\x82\x99 神e\xCC\x81"},
        {kana_compose, "う\xE3\x82\x99ゝ\xE3\x82\x99わ\xE3\x82\x99", "ゔゞわ\xE3\x82\x99"},
        {kana_katakana, "", ""},
        {kana_katakana, "\xFFか", "\xFFカ"},
    };
    check(table, ARRAY_LEN(table));
}

static void every_kana_comes_back(void **state)
{
    (void)state;
    static const char all[] =
        "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデ"
        "トドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワヲンヴー";
    char *half = kana_hankaku(all);
    assert_true(kana_is_hankaku(half));
    char *full = kana_zenkaku(half);
    assert_string_equal(full, all);
    char *hiragana = kana_hiragana(all);
    assert_true(kana_is_hiragana(hiragana));
    char *katakana = kana_katakana(hiragana);
    assert_string_equal(katakana, all);
    xfree(&half);
    xfree(&full);
    xfree(&hiragana);
    xfree(&katakana);
}

static void kinds_are_told_apart(void **state)
{
    (void)state;
    assert_true(kana_is_katakana("マイケル・ジョー　ヶ"));
    assert_false(kana_is_katakana("ヤマだ"));
    assert_false(kana_is_katakana("ﾔﾏﾀﾞ"));
    assert_false(kana_is_katakana(""));
    assert_false(kana_is_katakana(" "));
    assert_true(kana_is_hiragana("やまだ らー"));
    assert_false(kana_is_hiragana("ヤ"));
    assert_true(kana_is_hankaku("ﾔﾏﾀﾞ A-1"));
    assert_false(kana_is_hankaku("山"));
    assert_false(kana_is_hankaku("a\n"));
}

static void romaji_becomes_hiragana(void **state)
{
    (void)state;
    static const struct conversion table[] = {
        {romaji_to_hiragana, "yamada tarou", "やまだ たろう"},
        {romaji_to_hiragana, "shinjuku", "しんじゅく"},
        {romaji_to_hiragana, "sinzyuku", "しんじゅく"},
        {romaji_to_hiragana, "kon'ya konnya", "こんや こんや"},
        {romaji_to_hiragana, "kekka matcha tta", "けっか まっちゃ った"},
        {romaji_to_hiragana, "ra-men", "らーめん"},
        {romaji_to_hiragana, "xtultuxtsu", "っっっ"},
        {romaji_to_hiragana, "hon", "ほん"},
        {romaji_to_hiragana, "honda n", "ほんだ ん"},
        {romaji_to_hiragana, "TOUKYOU", "とうきょう"},
        {romaji_to_hiragana, "va vu wyi thi dhu xka", "ゔぁ ゔ ゐ てぃ でゅ ゕ"},
        {romaji_to_hiragana, "pdf 12", "pdf 12"},
        {romaji_to_hiragana, "n山", "ん山"},
        {romaji_to_hiragana, "xxxxxxxxxxxxxxxka", "っっっっっっっっっっっっっっゕ"},
        {romaji_to_hiragana, "", ""},
    };
    check(table, ARRAY_LEN(table));
}

static void romaji_key_by_key(void **state)
{
    (void)state;
    struct romaji r = {0};
    romaji_key(&r, 'k');
    romaji_key(&r, 'y');
    assert_string_equal(romaji_kana(&r), "");
    assert_string_equal(romaji_pending(&r), "ky");
    assert_true(romaji_backspace(&r));
    romaji_key(&r, 'a');
    assert_string_equal(romaji_kana(&r), "か");
    assert_string_equal(romaji_pending(&r), "");
    romaji_key(&r, 'n');
    romaji_key(&r, 'k');
    assert_string_equal(romaji_kana(&r), "かん");
    assert_string_equal(romaji_pending(&r), "k");
    assert_true(romaji_backspace(&r));
    assert_true(romaji_backspace(&r));
    assert_true(romaji_backspace(&r));
    assert_false(romaji_backspace(&r));
    romaji_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kana_is_changed),      cmocka_unit_test(every_kana_comes_back),
        cmocka_unit_test(kinds_are_told_apart), cmocka_unit_test(romaji_becomes_hiragana),
        cmocka_unit_test(romaji_key_by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
