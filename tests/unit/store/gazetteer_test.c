/* Japan Post's book of postcodes: rows as they stand, places as they are found. Every place and
 * every postcode here is fictitious. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "store/gazetteer.h"
#include "text/encoding.h"

static char dir[64], *file;

static int begin(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/gazetteer_test.XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    file = file_path(dir, "KEN_ALL.CSV");
    return 0;
}

static int end(void **state)
{
    char *command = xasprintf("rm -rf %s", dir);
    int rc = system(command);
    (void)state;
    xfree(&command);
    xfree(&file);
    return rc;
}

#define AREA "99401,\"00910\",\"%s\",\"ｾﾀｶﾞﾜｹﾝ\",\"ｵｸｷﾞﾘﾏﾁ\",\"%s\",\"瀬田川県\",\"奥霧町\",\"%s\","
#define ROW  AREA "0,0,0,0,0,0\r\n"
#define YUKIMI                                                                                                                                        \
    "98401,\"00920\",\"0092001\",\"ｷﾀﾐﾈｹﾝ\",\"ﾕｷﾐｸﾞﾝﾕｷﾐﾏﾁ\",\"ﾋｶﾞｼ\",\"北峰県\",\"雪見郡雪見町\"," \
    "\"東\",0,0,0,0,0,0\r\n"

static const char *const rows[][3] = {
    {"0091000", "ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ", "以下に掲載がない場合"},
    {"0091001", "ｷﾘｻﾜ(1-19ﾁｮｳﾒ)", "霧沢（１～１９丁目）"},
    {"0091002", "ｶﾐｾ", "上瀬"},
    {"0091002", "ｼﾓｾ", "下瀬"}, /* two towns of one code */
    /* One town over three rows, its reading whole in each: */
    {"0091003", "ﾐｽﾞｶﾐ", "水上（１番地、２番地、"},
    {"0091003", "ﾐｽﾞｶﾐ", "３番地「谷」、"},
    {"0091003", "ﾐｽﾞｶﾐ", "４番地）"},
    /* and over two, with its reading: */
    {"0091004", "ﾐﾈ(ｵｵｸﾎﾞ､", "嶺（大久保、"},
    {"0091004", "ﾄﾞｳﾉﾏｴ)", "堂の前）"},
    {"0091005", "ﾊﾔｾﾀﾞｲ15ﾁﾜﾘ-ﾀﾞｲ21ﾁﾜﾘ(ｶﾇｶ)", "早瀬第１５地割～第２１地割（鹿糠）"},
    {"0091006", "ｵｸｷﾞﾘﾏﾁﾉﾂｷﾞﾆﾊﾞﾝﾁｶﾞｸﾙﾊﾞｱｲ", "奥霧町の次に番地がくる場合"},
    {"0091007", "ｵｸｷﾞﾘﾏﾁｲﾁｴﾝ", "奥霧町一円"},
    {"0091008", "ｲﾁｴﾝ", "一円"},
    {"0091009", "ｲｽﾙｷﾞ､ｾｵｶﾜ", "石動、瀬尾川"},
    {"0091010", "ｵｸｷﾞﾘﾄｳ(3ｶｲ)", "奥霧塔（３階）"},
};

static void book(struct buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, ROW, rows[i][0], rows[i][1], rows[i][2]);
    buffer_add_text(out, YUKIMI);
}

static void import(const char *utf8, const char *encoding, long expected)
{
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    long count;
    assert_int_equal(encoding_encode(encoding, utf8, &bytes, NULL), OK);
    assert_int_equal(file_write(file, bytes.data, bytes.len, NULL), OK);
    if (gazetteer_import(dir, file, NULL, &count, &err))
        fail_msg("%s", error_text(&err));
    assert_int_equal(count, expected);
    buffer_free(&bytes);
}

/* "postcode municipality+town(kana;note) ..." */
static void expect(const char *text, const char *expected)
{
    struct gazetteer *g;
    struct postal_areas places;
    struct buffer all = BUFFER_INIT;
    assert_int_equal(gazetteer_open(dir, &g, NULL), OK);
    assert_int_equal(gazetteer_find(g, text, 20, &places, NULL), OK);
    for (size_t i = 0; i < places.count; i++) {
        const struct postal_area *p = &places.items[i];
        assert_string_equal(p->prefecture,
                            strcmp(p->municipality, "奥霧町") ? "北峰県" : "瀬田川県");
        buffer_printf(&all, "%s%s %s%s(%s;%s)", i ? " " : "", p->postcode + 3, p->municipality,
                      p->town, p->kana, p->note);
    }
    assert_string_equal(buffer_text(&all), expected);
    buffer_free(&all);
    postal_areas_free(&places);
    gazetteer_free(&g);
}

static void test_no_book(void **state)
{
    struct gazetteer *g;
    struct error err;
    long count;
    (void)state;
    assert_int_equal(gazetteer_open(dir, &g, &err), E_NOT_FOUND);
    assert_non_null(strstr(error_text(&err), "postcode import"));
    assert_int_equal(file_write(file, "a,b\n", 4, NULL), OK);
    assert_int_equal(gazetteer_import(dir, file, NULL, &count, &err), E_INVALID);
    assert_non_null(strstr(error_text(&err), "1行目"));
    /* Nothing was left that could be taken for an empty book. */
    assert_int_equal(gazetteer_open(dir, &g, &err), E_NOT_FOUND);
}

static void test_places(void **state)
{
    static const char *const expected[][2] = {
        {"009-1000", "1000 奥霧町(;)"},
        {"0091001", "1001 奥霧町霧沢(キリサワ;１～１９丁目)"},
        {"〒００９－１００２", "1002 奥霧町上瀬(カミセ;) 1002 奥霧町下瀬(シモセ;)"},
        {"0091003", "1003 奥霧町水上(ミズカミ;１番地、２番地、３番地「谷」、４番地)"},
        {"0091004", "1004 奥霧町嶺(ミネ;大久保、堂の前)"},
        {"0091005", "1005 奥霧町早瀬(ハヤセ;第１５地割～第２１地割 鹿糠)"},
        {"0091006", "1006 奥霧町(;)"},
        {"0091007", "1007 奥霧町(;)"},
        {"0091008", "1008 奥霧町一円(イチエン;)"},
        {"0091009", "1009 奥霧町石動(イスルギ;) 1009 奥霧町瀬尾川(セオカワ;)"},
        {"0091010", "1010 奥霧町奥霧塔(オクギリトウ;３階)"},
        {"0092001", "2001 雪見郡雪見町東(ヒガシ;)"},
        {"霧", "1001 奥霧町霧沢(キリサワ;１～１９丁目)"},
        {"せお", "1009 奥霧町瀬尾川(セオカワ;)"},
        {"ﾐﾈ", "1004 奥霧町嶺(ミネ;大久保、堂の前)"},
        {"isuru", "1009 奥霧町石動(イスルギ;)"},
        {"雪見町東", "2001 雪見郡雪見町東(ヒガシ;)"},
        {"ゆきみまちひ", "2001 雪見郡雪見町東(ヒガシ;)"},
        {"okugirimachiseo", "1009 奥霧町瀬尾川(セオカワ;)"},
        {"0099", ""},
        {"ない町", ""},
        {"", ""},
        {"%", ""},
    };
    struct buffer text = BUFFER_INIT;
    (void)state;
    book(&text, sizeof rows / sizeof *rows);
    import(buffer_text(&text), "CP932", 14);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        expect(expected[i][0], expected[i][1]);
    buffer_free(&text);
}

/* The other layout: UTF-8, full-width kana, a town in one row. And a new book takes the place of
 * the old one, all of it. */
static void test_utf8_and_again(void **state)
{
    char *text = xasprintf("\xef\xbb\xbf" ROW ROW, "0091003", "ミズカミ（１バンチ、２バンチ）",
                           "水上（１番地、２番地）", "0091005",
                           "ハヤセダイ１５チワリ－ダイ２１チワリ", "早瀬第１５地割～第２１地割");
    (void)state;
    import(text, "UTF-8", 2);
    expect("0091003", "1003 奥霧町水上(ミズカミ;１番地、２番地)");
    expect("0091005", "1005 奥霧町早瀬(ハヤセ;第１５地割～第２１地割)");
    expect("0091001", "");
    expect("雪見", "");
    xfree(&text);
}

/* A book with a wrong row leaves the one that was there. */
static void test_wrong_book(void **state)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    long count;
    (void)state;
    test_utf8_and_again(NULL);
    book(&text, 2);
    buffer_add_text(&text, "99401,\"00910\",\"009\",,,,,,,0,0,0,0,0,0\r\n");
    assert_int_equal(file_write(file, text.data, text.len, NULL), OK);
    assert_int_equal(gazetteer_import(dir, file, NULL, &count, &err), E_INVALID);
    assert_non_null(strstr(error_text(&err), "4行目"));
    expect("0091003", "1003 奥霧町水上(ミズカミ;１番地、２番地)");
    expect("0091001", "");
    assert_int_equal(file_write(file, "", 0, NULL), OK);
    assert_int_equal(gazetteer_import(dir, file, NULL, &count, &err), E_INVALID);
    expect("0091003", "1003 奥霧町水上(ミズカミ;１番地、２番地)");
    buffer_free(&text);
}

static void test_municipality_code(void **state)
{
    struct gazetteer *g;
    struct postal_areas places;
    (void)state;
    test_utf8_and_again(NULL);
    assert_int_equal(gazetteer_open(dir, &g, NULL), OK);
    assert_int_equal(gazetteer_postcode(g, "0091003", &places, NULL), OK);
    assert_int_equal(places.count, 1);
    assert_string_equal(places.items[0].municipality_code, "994014");
    postal_areas_free(&places);
    assert_int_equal(gazetteer_postcode(g, "009", &places, NULL), OK);
    assert_int_equal(places.count, 0);
    postal_areas_free(&places);
    gazetteer_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_book),           cmocka_unit_test(test_places),
        cmocka_unit_test(test_utf8_and_again),    cmocka_unit_test(test_wrong_book),
        cmocka_unit_test(test_municipality_code),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
