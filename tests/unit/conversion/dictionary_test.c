/* Word lists: found in the file itself, and a town's own list, added to and taken from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "conversion/dictionary.h"
#include "conversion/wordlist.h"
#include "text/encoding.h"

static char dir[64], *file;

static int begin(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/dictionary_test.XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    file = file_path(dir, WORDLIST_FILE);
    return 0;
}

static int end(void **state)
{
    (void)state;
    remove(file);
    xfree(&file);
    return remove(dir);
}

static int clean(void **state)
{
    (void)state;
    remove(file);
    return 0;
}

static void import_bytes(const char *data, size_t len, const char *encoding, long added, long known,
                         long skipped)
{
    struct wordlist_count count;
    struct error err = {0};
    if (wordlist_import(file, data, len, encoding, file, &count, &err))
        fail_msg("%s", error_text(&err));
    assert_int_equal(count.added, added);
    assert_int_equal(count.known, known);
    assert_int_equal(count.skipped, skipped);
}

static void import_as(const char *utf8, const char *encoding, const char *said, long added)
{
    struct buffer bytes = BUFFER_INIT;
    assert_int_equal(encoding_encode(encoding, utf8, &bytes, NULL), OK);
    import_bytes(bytes.data, bytes.len, said, added, 0, 0);
    buffer_free(&bytes);
}

/* The words of a reading, with blanks between. */
static void expect_words(const char *reading, const char *note, const char *expected)
{
    struct dictionary *d;
    struct strings words = STRINGS_INIT;
    struct buffer all = BUFFER_INIT;
    assert_int_equal(dictionary_open(file, &d, NULL), OK);
    dictionary_find(d, reading, note, &words);
    for (size_t i = 0; i < words.count; i++)
        buffer_printf(&all, "%s%s", i ? " " : "", words.items[i]);
    assert_string_equal(buffer_text(&all), expected);
    buffer_free(&all);
    strings_free(&words);
    dictionary_free(&d);
}

static void test_csv(void **state)
{
    static const char rows[] = "よみ,語,注\r\nきりさわ,霧沢\r\nカミセ,上瀬,地名\r\n"
                               "ｵｸｷﾞﾘ,奥霧\r\n\r\nきりさわ,桐澤,姓\r\n";
    (void)state;
    import_as(rows, "CP932", NULL, 4);
    expect_words("きりさわ", NULL, "霧沢 桐澤");
    expect_words("きりさわ", "姓", "桐澤 霧沢");
    expect_words("かみせ", NULL, "上瀬");
    expect_words("おくぎり", NULL, "奥霧");
    expect_words("おく", NULL, "");
    /* What is there stays; only what is new is added, behind it. */
    import_bytes("きりさわ,霧澤\nきりさわ,霧沢\n", strlen("きりさわ,霧澤\nきりさわ,霧沢\n"), NULL,
                 1, 1, 0);
    expect_words("きりさわ", NULL, "霧沢 桐澤 霧澤");
}

static void test_tabs(void **state)
{
    (void)state;
    import_as("きりさわ\t霧沢\t地名\nみねお\t峰尾\t名\n", "UTF-8", NULL, 2);
    expect_words("みねお", NULL, "峰尾");
}

static void test_skk(void **state)
{
    static const char skk[] = ";; -*- coding: euc-jp -*-\n;; okuri-ari entries.\nおおk /大/多/\n"
                              ";; okuri-nasi entries.\nきりさわ /霧沢;地名/霧澤/\n"
                              "#ちょうめ /#1丁目/\nてすと /(concat \"a\")/試験/\n";
    (void)state;
    struct buffer bytes = BUFFER_INIT;
    assert_int_equal(encoding_encode("EUC-JP", skk, &bytes, NULL), OK);
    import_bytes(bytes.data, bytes.len, NULL, 3, 0, 4);
    buffer_free(&bytes);
    expect_words("きりさわ", NULL, "霧沢 霧澤");
    expect_words("てすと", NULL, "試験");
    import_as(";; okuri-nasi entries.\nゆきみ /雪見/\n", "UTF-8", NULL, 1);
    expect_words("ゆきみ", NULL, "雪見");
    expect_words("きりさわ", NULL, "霧沢 霧澤");
}

static void refuse(const char *text, const char *why)
{
    struct wordlist_count count;
    struct error err;
    assert_int_equal(wordlist_import(file, text, strlen(text), NULL, file, &count, &err), E_INVALID);
    assert_non_null(strstr(error_text(&err), why));
}

/* Nothing of a file that is wrong somewhere is taken. */
static void test_refused(void **state)
{
    (void)state;
    import_as("ゆきみ,雪見\n", "UTF-8", NULL, 1);
    refuse("きりさわ,霧沢\n霧沢,きりさわ\n", "2行目");
    refuse("きりさわ,霧沢\nきりさわ\n", "2行目");
    refuse("きりさわ,a/b\n", "1行目");
    refuse("きりさわ,霧\x01沢\n", "1行目");
    refuse("きりさわ,霧沢\nごご,語"
           "語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語"
           "語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語\n",
           "2行目");
    refuse("読み,単語\n", "使える語がありません");
    refuse("", "使える語がありません");
    expect_words("きりさわ", NULL, "");
    expect_words("ゆきみ", NULL, "雪見");
}

/* A first line is a heading by both of its titles: a word that is like one of them is a word. */
static void test_heading(void **state)
{
    (void)state;
    import_as("よみ,語\nかんじ,漢字\n", "UTF-8", NULL, 1);
    import_as("ご,語\n", "UTF-8", NULL, 1);
    expect_words("ご", NULL, "語");
}

static void append(void *context, const char *reading, const char *word, const char *note)
{
    buffer_printf(context, "%s=%s(%s) ", reading, word, note);
}

static void expect_list(const char *start, const char *expected)
{
    struct buffer all = BUFFER_INIT;
    assert_int_equal(wordlist_each(file, start, append, &all, NULL), OK);
    assert_string_equal(buffer_text(&all), expected);
    buffer_free(&all);
}

static void test_list_and_remove(void **state)
{
    long count;
    struct error err;
    (void)state;
    expect_list("", "");
    import_as("ゆきみ,雪見\nきりさわ,霧沢,地名\nきりさわ,桐澤,姓\nきりやま,霧山\n", "UTF-8", NULL,
              4);
    expect_list("きり", "きりさわ=霧沢(地名) きりさわ=桐澤(姓) きりやま=霧山() ");
    expect_list("霧", "きりさわ=霧沢(地名) きりやま=霧山() ");
    assert_int_equal(wordlist_remove(file, "キリサワ", "霧沢", &count, &err), OK);
    assert_int_equal(count, 1);
    expect_words("きりさわ", NULL, "桐澤");
    assert_int_equal(wordlist_remove(file, "きりさわ", NULL, &count, &err), OK);
    expect_words("きりさわ", NULL, "");
    assert_int_equal(wordlist_remove(file, "きりさわ", NULL, &count, &err), E_NOT_FOUND);
    expect_list("", "きりやま=霧山() ゆきみ=雪見() ");
    struct stat info;
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

/* Looking up is right at both ends and in the middle of a long list. */
static void test_many(void **state)
{
    static const char *const kana[] = {"あ", "き", "す", "て", "の", "ば", "み", "よ", "り", "を"};
    struct buffer rows = BUFFER_INIT;
    (void)state;
    for (int i = 999; i >= 0; i--)
        buffer_printf(&rows, "%s%s%s,語%d\n", kana[i / 100], kana[i / 10 % 10], kana[i % 10], i);
    import_bytes(rows.data, rows.len, NULL, 1000, 0, 0);
    buffer_free(&rows);
    for (int i = 0; i < 1000; i += 37) {
        char *reading = xasprintf("%s%s%s", kana[i / 100], kana[i / 10 % 10], kana[i % 10]);
        char *word = xasprintf("語%d", i);
        expect_words(reading, NULL, word);
        xfree(&reading);
        xfree(&word);
    }
    expect_words("あああ", NULL, "語0");
    expect_words("ををを", NULL, "語999");
    expect_words("ん", NULL, "");
    expect_words("", NULL, "");
}

static void test_no_dictionary(void **state)
{
    struct dictionary *d;
    struct error err;
    (void)state;
    assert_int_equal(dictionary_open(file, &d, &err), E_NOT_FOUND);
    assert_int_equal(file_write(file, "", 0, NULL), OK);
    assert_int_equal(dictionary_open(file, &d, &err), E_PARSE);
    assert_int_equal(file_write(file, "もじ\n", 7, NULL), OK);
    assert_int_equal(dictionary_open(file, &d, &err), E_PARSE);
    assert_null(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_csv, clean),
        cmocka_unit_test_teardown(test_tabs, clean),
        cmocka_unit_test_teardown(test_skk, clean),
        cmocka_unit_test_teardown(test_refused, clean),
        cmocka_unit_test_teardown(test_heading, clean),
        cmocka_unit_test_teardown(test_list_and_remove, clean),
        cmocka_unit_test_teardown(test_many, clean),
        cmocka_unit_test_teardown(test_no_dictionary, clean),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
