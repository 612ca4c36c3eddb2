/* Tables on a screen and on a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/table.h"

static const struct table_column columns[] = {{"団体", false}, {"数", true}, {"理由", false}};

static void a_row_is_a_line_on_the_screen(void **state)
{
    static const char *const cells[] = {"霧沢", "12", "一\n二", "上", "3", ""};
    static const char *const totals[] = {"計", "15", ""};
    const struct table table = {columns, 3, cells, 2, totals};
    struct buffer out = BUFFER_INIT;
    (void)state;
    table_lines(&table, &out);
    assert_string_equal(buffer_text(&out), "団体  数  理由\n"
                                           "-----------------\n"
                                           "霧沢  12  一 / 二\n"
                                           "上     3\n"
                                           "-----------------\n"
                                           "計    15\n");
    buffer_free(&out);
}

static void texts_go_on_below_on_a_page(void **state)
{
    static const char *const cells[] = {"霧沢まちづくり協議会", "1234567",
                                        "総会の議決が\nまだのため"};
    const struct table table = {columns, 3, cells, 1, NULL};
    struct buffer out = BUFFER_INIT;
    (void)state;
    table_page(&table, 33, &out);
    assert_string_equal(buffer_text(&out), "団体              数  理由\n"
                                           "---------------------------------\n"
                                           "霧沢まちづ   1234567  総会の議決\n"
                                           "くり協議会            が\n"
                                           "                      まだのため\n");
    buffer_free(&out);
}

/* A receipt number and a day are not cut in two. */
static void codes_stand_whole(void **state)
{
    static const struct table_column heads[] = {{"番号", false}, {"様式", false}};
    static const char *const cells[] = {"令8-霧沢-FB-00001-6", "ふるさと住民登録"};
    const struct table table = {heads, 2, cells, 1, NULL};
    struct buffer out = BUFFER_INIT;
    (void)state;
    table_page(&table, 31, &out);
    assert_string_equal(buffer_text(&out), "番号                 様式\n"
                                           "-------------------------------\n"
                                           "令8-霧沢-FB-00001-6  ふるさと住\n"
                                           "                     民登録\n");
    buffer_free(&out);
}

static void too_many_columns_are_paragraphs(void **state)
{
    static const char *const cells[] = {"霧沢まちづくり協議会",
                                        "1234567",
                                        "",
                                        "上瀬",
                                        "3",
                                        "総会の議決がまだで、その書類もないため"};
    static const char *const totals[] = {"計", "1234570", ""};
    const struct table table = {columns, 3, cells, 2, totals};
    struct buffer out = BUFFER_INIT;
    (void)state;
    table_page(&table, 24, &out);
    assert_string_equal(buffer_text(&out), "------------------------\n"
                                           "団体: 霧沢まちづくり協議\n"
                                           "会  数: 1234567\n"
                                           "------------------------\n"
                                           "団体: 上瀬  数: 3\n"
                                           "理由: 総会の議決がまだで\n"
                                           "、その書類もないため\n"
                                           "------------------------\n"
                                           "計  数: 1234570\n");
    buffer_free(&out);
}

static void long_lines_are_cut(void **state)
{
    struct buffer out = BUFFER_INIT;
    (void)state;
    table_text("霧沢まちづくり\n\n総会", 8, &out);
    table_text("", 8, &out);
    assert_string_equal(buffer_text(&out), "霧沢まち\nづくり\n\n総会\n\n");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_line_on_the_screen),
        cmocka_unit_test(texts_go_on_below_on_a_page),
        cmocka_unit_test(codes_stand_whole),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(too_many_columns_are_paragraphs),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
