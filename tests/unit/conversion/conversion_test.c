/* Keys become kana, kana words, words text: what conversion does with every key, and with no key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "config.h"
#include "conversion/conversion.h"
#include "conversion/engine.h"
#include "conversion/letters.h"
#include "conversion/reading.h"
#include "conversion/wordlist.h"
#include "text/romaji.h"

static char home[64];
static struct conversion *c;

static int begin(void **state)
{
    (void)state;
    umask(077); /* as the program does */
    snprintf(home, sizeof home, "/tmp/conversion_test.XXXXXX");
    return mkdtemp(home) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf %s", home);
    int rc = system(command);
    xfree(&command);
    return rc;
}

/* A conversion that knows only the words of `lines`, and the engine when there is one. */
static void open_with(const char *lines, bool engine)
{
    char *own = file_path(home, "dictionary"), *learning = file_path(home, "learning/yamada");
    struct wordlist_count count;
    struct error err;
    remove(own);
    if (*lines && wordlist_import(own, lines, strlen(lines), NULL, own, &count, &err))
        fail_msg("%s", error_text(&err));
    const struct conversion_setup setup = {.own = own, .learning = engine ? learning : NULL};
    c = conversion_new(&setup);
    xfree(&own);
    xfree(&learning);
}

static void type(enum conversion_kind kind, const char *keys)
{
    for (; *keys; keys++)
        assert_true(conversion_key(c, kind, CONVERSION_CHARACTER, *keys));
}

static void press(enum conversion_key key)
{
    assert_true(conversion_key(c, CONVERSION_PLAIN, key, 0));
}

static void expect_text(const char *text)
{
    char *now = conversion_text(c);
    assert_string_equal(now, text);
    xfree(&now);
}

static void expect_decided(const char *text, const char *kana)
{
    const char *reading, *decided = conversion_decided(c, &reading);
    assert_non_null(decided);
    assert_string_equal(decided, text);
    assert_string_equal(reading, kana);
    expect_text("");
}

static const char town_words[] = "きたみね,北峰\nきたみね,喜多嶺\nゆきみ,雪見\nみなと,湊\n"
                                 "みなと,港\nみなと,美波音\nみなと,ミナト\nみなと,水都\n"
                                 "みなと,海人\nみなと,三名人\nみなと,碧\nみなと,奏\nみなと,南斗\n";

static void test_romaji(void **state)
{
    static const char *const rows[][2] = {
        {"kyou", "きょう"},
        {"kyouto", "きょうと"},
        {"shinbashi", "しんばし"},
        {"shimbashi", "しんばし"},
        {"namba", "なんば"},
        {"honnda", "ほんだ"},
        {"kon'ya", "こんや"},
        {"kekkon", "けっこん"},
        {"matcha", "まっちゃ"},
        {"icchi", "いっち"},
        {"ra-men", "らーめん"},
        {"xtu", "っ"},
        {"ltu", "っ"},
        {"thi", "てぃ"},
        {"vaiorin", "ゔぁいおりん"},
        {"dhi", "でぃ"},
        {"ji", "じ"},
        {"zi", "じ"},
        {"di", "ぢ"},
        {"wyi", "ゐ"},
        {"SATOU", "さとう"},
        {"ka1", "か1"},
        {"nn", "ん"},
        {"n", "ん"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *kana = romaji_to_hiragana(rows[i][0]);
        assert_string_equal(kana, rows[i][1]);
        xfree(&kana);
    }
}

/* Each kana of the table comes back from the keys that are named for it. */
static void test_romaji_keys(void **state)
{
    static const char all[] =
        "あいうえおかがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとど"
        "なにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもやゆよらりるれろわをん"
        "ぁぃぅぇぉっゃゅょゎゔー、。きゃしゅちょにゃひゅみょりゃぎゅじょぢゃびゅぴょ";
    size_t len;
    (void)state;
    for (const char *p = all; *p; p += len) {
        const char *keys = romaji_keys(p, &len);
        assert_non_null(keys);
        char *kana = romaji_to_hiragana(keys), *want = xstrndup(p, len);
        assert_string_equal(kana, want);
        xfree(&kana);
        xfree(&want);
    }
    assert_null(romaji_keys("漢", &len));
}

static void test_letters(void **state)
{
    struct letters l = {0};
    (void)state;
    for (const char *p = "Kanjitta"; *p; p++)
        letters_key(&l, *p);
    assert_string_equal(letters_finish(&l), "かんじった");
    static const char *const parts[] = {"Ka", "n", "ji", "t", "ta"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        char *keys = letters_between(&l, i * 3, i * 3 + 3);
        assert_string_equal(keys, parts[i]);
        xfree(&keys);
    }
    letters_clear(&l);
    for (const char *p = "kasha"; *p; p++)
        letters_key(&l, *p);
    assert_true(letters_backspace(&l)); /* かし is left: keys that give it */
    char *keys = letters_between(&l, 0, 6), *kana = romaji_to_hiragana(keys);
    assert_string_equal(kana, "かし");
    xfree(&keys);
    xfree(&kana);
    assert_true(letters_backspace(&l) && letters_backspace(&l));
    assert_false(letters_backspace(&l));
    assert_int_equal(l.count, 0);
    letters_free(&l);
}

static void test_choosing(void **state)
{
    const struct clause *clauses;
    size_t current;
    (void)state;
    open_with(town_words, false);
    assert_false(conversion_key(c, CONVERSION_NAME, CONVERSION_CHARACTER, ' '));
    assert_false(conversion_key(c, CONVERSION_NAME, CONVERSION_ENTER, 0));
    type(CONVERSION_NAME, "minato");
    expect_text("みなと");
    type(CONVERSION_NAME, " ");
    expect_text("湊");
    assert_int_equal(conversion_clauses(c, &clauses, &current), 1);
    assert_true(clauses[0].words.count > CONVERSION_PAGE);
    type(CONVERSION_NAME, " ");
    expect_text("港");
    type(CONVERSION_NAME, "5");
    expect_text("水都");
    press(CONVERSION_PAGE_DOWN);
    assert_true(clauses[0].chosen >= CONVERSION_PAGE);
    type(CONVERSION_NAME, "1"); /* the first of the second nine */
    expect_text("南斗");
    press(CONVERSION_PAGE_DOWN);
    press(CONVERSION_PAGE_UP);
    expect_text("湊");
    press(CONVERSION_UP);
    press(CONVERSION_DOWN);
    press(CONVERSION_DOWN);
    expect_text("港");
    /* Esc: to the kana, then to nothing. */
    press(CONVERSION_ESCAPE);
    expect_text("みなと");
    press(CONVERSION_BACKSPACE);
    expect_text("みな");
    press(CONVERSION_ESCAPE);
    expect_text("");
    assert_null(conversion_decided(c, NULL));
    conversion_free(&c);
}

static void test_writing_keys(void **state)
{
    static const struct {
        enum conversion_key key;
        const char *text;
    } rows[] = {{CONVERSION_HIRAGANA, "しょかん"},
                {CONVERSION_KATAKANA, "ショカン"},
                {CONVERSION_HALF, "ｼｮｶﾝ"},
                {CONVERSION_WIDE_LETTERS, "Ｓｈｏｋａｎ"},
                {CONVERSION_LETTERS, "Shokan"}};
    (void)state;
    open_with(town_words, false);
    type(CONVERSION_PLAIN, "Shokan");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        press(rows[i].key);
        expect_text(rows[i].text);
    }
    press(CONVERSION_ENTER);
    expect_decided("Shokan", "しょかん");
    conversion_free(&c);
}

/* What begins something new decides what was there; what begins nothing is handed back after it. */
static void test_typing_on(void **state)
{
    (void)state;
    open_with(town_words, false);
    type(CONVERSION_PLACE, "kitamine y");
    const char *reading;
    assert_string_equal(conversion_decided(c, &reading), "北峰");
    assert_string_equal(reading, "きたみね");
    expect_text("y");
    type(CONVERSION_PLACE, "ukimi ");
    expect_text("雪見");
    assert_false(conversion_key(c, CONVERSION_PLACE, CONVERSION_CHARACTER, '0'));
    expect_decided("雪見", "ゆきみ");
    conversion_free(&c);
}

/* Clauses change their length without an engine too; nothing of the reading is lost. */
static void test_borders(void **state)
{
    const struct clause *clauses;
    size_t current;
    (void)state;
    open_with(town_words, false);
    type(CONVERSION_PLACE, "kitamineyukimi ");
    assert_int_equal(conversion_clauses(c, &clauses, &current), 1);
    for (int i = 0; i < 3; i++)
        press(CONVERSION_SHORTER);
    assert_int_equal(conversion_clauses(c, &clauses, &current), 2);
    assert_string_equal(clauses[0].reading, "きたみね");
    assert_string_equal(clauses[1].reading, "ゆきみ");
    expect_text("北峰雪見");
    press(CONVERSION_DOWN);
    press(CONVERSION_RIGHT);
    press(CONVERSION_LETTERS);
    expect_text("喜多嶺yukimi");
    press(CONVERSION_LEFT);
    for (int i = 0; i < 5; i++)
        press(CONVERSION_LONGER);
    assert_int_equal(conversion_clauses(c, &clauses, &current), 1);
    for (int i = 0; i < 9; i++)
        press(CONVERSION_SHORTER);
    assert_int_equal(conversion_clauses(c, &clauses, &current), 2);
    assert_string_equal(clauses[0].reading, "き");
    conversion_free(&c);
}

/* The town's words are used as soon as their file is there, and no longer once it is gone. */
static void test_own_words_at_once(void **state)
{
    struct wordlist_count count;
    char *own = file_path(home, "dictionary");
    (void)state;
    open_with("おくぎり,奥霧\n", false);
    assert_int_equal(
        wordlist_import(own, "かみせ,上瀬\n", strlen("かみせ,上瀬\n"), NULL, own, &count, NULL), OK);
    type(CONVERSION_PLACE, "kamise ");
    expect_text("上瀬");
    press(CONVERSION_ENTER);
    remove(own);
    type(CONVERSION_PLACE, "kamise ");
    expect_text("カミセ");
    xfree(&own);
    conversion_free(&c);
}

static void test_full(void **state)
{
    (void)state;
    open_with(town_words, true);
    for (int i = 0; i < 2 * CONVERSION_CHARACTERS; i++) {
        assert_int_equal(conversion_full(c), i >= CONVERSION_CHARACTERS);
        type(CONVERSION_PLAIN, "a");
    }
    type(CONVERSION_PLAIN, " ");
    press(CONVERSION_ENTER);
    const char *reading;
    assert_non_null(conversion_decided(c, &reading));
    assert_int_equal(strlen(reading), 3 * CONVERSION_CHARACTERS);
    conversion_free(&c);
}

/* --- The engine --- */

#ifdef HAVE_ANTHY
static void test_engine_resizes(void **state)
{
    const struct clause *clauses;
    size_t current;
    (void)state;
    open_with("", true);
    type(CONVERSION_PLAIN, "kyouhayoitenkidesune ");
    size_t count = conversion_clauses(c, &clauses, &current);
    assert_true(count > 1);
    press(CONVERSION_DOWN);
    char *first = xstrdup(clauses[0].words.items[clauses[0].chosen]);
    char *second = xstrdup(clauses[1].reading);
    press(CONVERSION_RIGHT);
    press(CONVERSION_SHORTER);
    conversion_clauses(c, &clauses, &current);
    assert_int_equal(current, 1);
    assert_true(strlen(clauses[1].reading) < strlen(second));
    /* What was chosen before it stays chosen. */
    assert_string_equal(clauses[0].words.items[clauses[0].chosen], first);
    xfree(&first);
    xfree(&second);
    press(CONVERSION_ENTER);
    const char *reading;
    assert_non_null(conversion_decided(c, &reading));
    assert_string_equal(reading, "きょうはよいてんきですね");
    conversion_free(&c);
}

/* Which word comes first for a reading; the caller frees. */
static char *first_word(const char *learning, enum conversion_kind kind, const char *keys,
                        const char *choose)
{
    const struct conversion_setup setup = {.learning = learning};
    const struct clause *clauses;
    size_t current;
    c = conversion_new(&setup);
    type(kind, keys);
    type(kind, " ");
    conversion_clauses(c, &clauses, &current);
    char *first = xstrdup(clauses[0].words.items[0]);
    long at = choose ? strings_find(&clauses[0].words, choose) : -1;
    for (; at > 0; at--)
        press(CONVERSION_DOWN);
    press(CONVERSION_ENTER);
    conversion_free(&c);
    return first;
}

static void expect_first(const char *who, enum conversion_kind kind, const char *choose,
                         const char *first)
{
    char *learning = xasprintf("%s/learning/%s", home, who);
    char *word = first_word(learning, kind, "kikai", choose);
    assert_string_equal(word, first);
    xfree(&word);
    xfree(&learning);
}

static void test_learning(void **state)
{
    (void)state;
    char *learning = xasprintf("%s/learning/sato", home);
    char *common = first_word(learning, CONVERSION_PLAIN, "kikai", NULL);
    xfree(&learning);
    const char *other = strcmp(common, "機械") == 0 ? "機会" : "機械";
    /* In a name field nothing is learnt. */
    expect_first("sato", CONVERSION_NAME, other, common);
    expect_first("sato", CONVERSION_PLAIN, other, common);
    /* In another it is, for this user alone. */
    expect_first("sato", CONVERSION_PLAIN, NULL, other);
    expect_first("higuchi", CONVERSION_PLAIN, NULL, common);
    xfree(&common);
    /* Nobody else may read what somebody writes. */
    char *command = xasprintf("test -z \"$(find %s/learning -perm /077)\" &&"
                              " test -n \"$(find %s/learning/sato -type f -size +0)\"",
                              home, home);
    assert_int_equal(system(command), 0);
    xfree(&command);
}
#endif

/* What the engine is given, seen by other eyes than the gate's own. */
static bool harmless(const char *s)
{
    size_t count = 0;
    for (const unsigned char *p = (const unsigned char *)s; *p; count++) {
        bool kana = p[0] == 0xe3 && ((p[1] == 0x81 && p[2] >= 0x81 && p[2] <= 0xbf) ||
                                     (p[1] == 0x82 && p[2] >= 0x80 && p[2] <= 0x96));
        bool mark = p[0] == 0xe3 && ((p[1] == 0x83 && p[2] == 0xbc) ||
                                     (p[1] == 0x80 && (p[2] == 0x81 || p[2] == 0x82)));
        if (p[0] > 0x20 && p[0] < 0x7f)
            p++;
        else if (kana || mark)
            p += 3;
        else
            return false;
    }
    return count > 0 && count <= ENGINE_CHARACTERS;
}

static unsigned long next(unsigned long *seed)
{
    *seed = *seed * 6364136223846793005ul + 1442695040888963407ul;
    return *seed >> 33;
}

/* Random bytes, and well-formed text with a few of its bytes changed. */
static void random_text(char *out, size_t size, unsigned long *seed)
{
    static const char *const bits[] = {"か", "ん", "じ", "ー", "。",  "漢",
                                       "ゔ", "a",  "ア", "゛", "\x7f"};
    size_t len = 0, want = next(seed) % (size - 8);
    bool wild = next(seed) % 2;
    while (len < want) {
        if (wild)
            out[len++] = (char)(next(seed) % 255 + 1);
        else
            len += (size_t)sprintf(out + len, "%s", bits[next(seed) % ARRAY_LEN(bits)]);
    }
    out[len] = '\0';
    if (!wild && len && next(seed) % 3 == 0)
        out[next(seed) % len] = (char)(next(seed) % 255 + 1);
}

static void test_random_bytes_never_reach_the_engine(void **state)
{
    unsigned long seed = 20261124;
    long taken = 0;
    char *learning = file_path(home, "learning/fuzz");
    struct engine *engine = engine_new(learning);
    (void)state;
    for (long i = 0; i < 100000; i++) {
        char text[200];
        random_text(text, i % 2 ? 20 : sizeof text, &seed);
        bool accepted = engine_accepts(text);
        assert_int_equal(accepted, harmless(text));
        taken += accepted;
        if (engine && (accepted ? taken % 50 == 1 : i % 10 == 0)) {
            size_t count = engine_convert(engine, text);
            assert_true(accepted || count == 0);
        }
    }
    assert_true(taken > 100);
    engine_free(&engine);
    xfree(&learning);
}

/* Any keys in any order: no fault, and Enter gives back a reading for whatever was written. */
static void test_random_keys(void **state)
{
    unsigned long seed = 7;
    (void)state;
    open_with(town_words, true);
    for (long i = 0; i < 6000; i++) {
        unsigned long pick = next(&seed) % 10;
        char character = pick < 5 ? "kstnhmyrwaiueoaiueo"[next(&seed) % 19]
                                  : (char)(pick == 5 ? next(&seed) % 255 + 1 : ' ');
        enum conversion_key key =
            pick < 7 ? CONVERSION_CHARACTER
                     : (enum conversion_key)(next(&seed) % (CONVERSION_LETTERS + 1));
        conversion_key(c, (enum conversion_kind)(next(&seed) % 5), key, character);
        char *text = conversion_text(c);
        assert_non_null(text);
        xfree(&text);
    }
    conversion_free(&c);
}

/* --- Readings --- */

static bool reads(const char *kana, const char *word)
{
    return (strcmp(kana, "たか") == 0 && strcmp(word, "高") == 0) ||
           (strcmp(kana, "はし") == 0 && strcmp(word, "橋") == 0);
}

static void expect_reading(const struct reading *r, const char *kana)
{
    char *now = reading_text(r);
    if (kana)
        assert_string_equal(now, kana);
    else
        assert_null(now);
    xfree(&now);
}

static void test_reading(void **state)
{
    static const struct {
        const char *text, *typed, *kana;
    } steps[] = {
        {"高階", "たかはし", "たかはし"},
        {"高", NULL, "たか"}, /* the wrong end taken out */
        {"高橋", "はし", "たかはし"},
        {"高橋みなと", NULL, "たかはしみなと"}, /* kana reads itself */
        {"新高橋みなと", "にい", "にいたかはしみなと"},
        {"新橋みなと", NULL, "にいはしみなと"},
        {"新橋湊", NULL, NULL}, /* pasted: nobody knows */
        {"", NULL, ""},
        {"渡邉", "わたなべ", "わたなべ"},
        {"渡", NULL, NULL}, /* no dictionary knows what is left */
    };
    struct reading r = {0};
    (void)state;
    reading_begin(&r, "", "");
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        reading_change(&r, steps[i].text, steps[i].typed, reads);
        expect_reading(&r, steps[i].kana);
    }
    /* Taken up again later. */
    reading_begin(&r, "東", "アズマ");
    reading_change(&r, "東山", "やま", reads);
    expect_reading(&r, "あずまやま");
    reading_begin(&r, "東", "");
    reading_change(&r, "東山", "やま", NULL);
    expect_reading(&r, NULL);
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_romaji),
        cmocka_unit_test(test_romaji_keys),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_choosing),
        cmocka_unit_test(test_writing_keys),
        cmocka_unit_test(test_typing_on),
        cmocka_unit_test(test_borders),
        cmocka_unit_test(test_own_words_at_once),
        cmocka_unit_test(test_full),
#ifdef HAVE_ANTHY
        cmocka_unit_test(test_engine_resizes),
        cmocka_unit_test(test_learning),
#endif
        cmocka_unit_test(test_random_bytes_never_reach_the_engine),
        cmocka_unit_test(test_random_keys),
        cmocka_unit_test(test_reading),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
