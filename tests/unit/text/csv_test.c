#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/csv.h"
#include "text/encoding.h"

/* Cells joined by |, rows by newline. */
static enum status show(void *context, const struct csv_row *row, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < row->count; i++) {
        assert_int_equal(strlen(row->cells[i].text), row->cells[i].len);
        buffer_printf(context, "%s%s", i ? "|" : "", row->cells[i].text);
    }
    buffer_add_char(context, '\n');
    return OK;
}

static void read_as(const char *encoding, const char *data, size_t len, const char *expected)
{
    struct buffer out = BUFFER_INIT;
    struct error err = {0};
    if (csv_read(data, len, encoding, "CSV", show, &out, &err))
        fail_msg("%s", error_text(&err));
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void reads(const char *data, const char *expected)
{
    read_as("UTF-8", data, strlen(data), expected);
}

static void rows_and_cells(void **state)
{
    (void)state;
    reads("", "");
    reads("a,b\r\nc,d\r\n", "a|b\nc|d\n");
    reads("a,b\nc,d", "a|b\nc|d\n");
    reads("a,,\n,b,\n", "a||\n|b|\n");
    reads("\n\r\na\n\n\nb\n", "a\nb\n");
    reads("\"\"\n", "\n");
    reads("\"a\",\"b,c\",\"d\"\"e\",\"f\ng\"\n", "a|b,c|d\"e|f\ng\n");
    reads("\"a\r\nb\",c\r\n", "a\r\nb|c\n");
    reads("\"\"\"\"\n", "\"\n");
    reads(" a , b \n", " a | b \n");
    reads("\xEF\xBB\xBF氏,名\n\xEF\xBB\xBF神,x\n", "氏|名\n\xEF\xBB\xBF神|x\n");
}

static void refused(const char *data, enum status code, const char *where, const char *word)
{
    struct buffer out = BUFFER_INIT;
    struct error err = {0};
    assert_int_equal(csv_read(data, strlen(data), "UTF-8", "CSV", show, &out, &err), code);
    assert_string_equal(err.where, where);
    if (!strstr(err.detail, word))
        fail_msg("%s", err.detail);
    buffer_free(&out);
}

static void what_is_no_csv_is_refused(void **state)
{
    (void)state;
    refused("a\n\"b\nc\n", E_PARSE, "CSV:2", "閉じていません");
    refused("a\nb\"c\n", E_PARSE, "CSV:2", "途中");
    refused("a\n\"b\"c\n", E_PARSE, "CSV:2", "あとに文字");
    refused("a\rb\n", E_PARSE, "CSV:1", "CR だけ");
    char *long_row = xmalloc(CSV_ROW_MAX + 100);
    memset(long_row, 'a', CSV_ROW_MAX + 99);
    long_row[CSV_ROW_MAX + 99] = '\0';
    refused(long_row, E_LIMIT, "CSV:1", "長すぎます");
    xfree(&long_row);
}

/* A row with bytes of another encoding is one row; those after it are read. */
static void an_unreadable_row_is_one_row(void **state)
{
    (void)state;
    static const char data[] = "a,b\n\"1\n2\",\xFF\nc,\x8E\x52\n";
    struct csv_reader *reader;
    const struct csv_row *row;
    struct error err;
    assert_int_equal(csv_open_memory(data, sizeof data - 1, "CP932", "x.csv", &reader, &err), OK);
    assert_int_equal(csv_next(reader, &row, &err), OK);
    assert_int_equal(row->line, 1);
    assert_int_equal(csv_next(reader, &row, &err), E_INVALID);
    assert_string_equal(err.where, "x.csv:3");
    assert_non_null(strstr(err.detail, "2列目"));
    assert_int_equal(csv_next(reader, &row, &err), OK);
    assert_int_equal(row->line, 4);
    assert_string_equal(row->cells[1].text, "山");
    assert_int_equal(row->cells[1].size, 2);
    assert_memory_equal(row->cells[1].bytes, "\x8E\x52", 2);
    assert_int_equal(csv_next(reader, &row, &err), OK);
    assert_null(row);
    assert_int_equal(csv_next(reader, &row, &err), OK);
    assert_null(row);
    csv_close(&reader);
}

static void encodings(void **state)
{
    (void)state;
    static const char sjis[] = "\x95\x5C,\"\x83\x5C\n\x94\\\"\n";
    static const char jis[] = "\x1B$B;3\x1B(B,\x1B$B$\"\x1B(B\n";
    static const char utf16[] = "\xFF\xFE\x71\x5C,\0,\0\n\0";
    read_as("CP932", sjis, sizeof sjis - 1, "表|ソ\n能\n");
    read_as(NULL, sjis, sizeof sjis - 1, "表|ソ\n能\n");
    read_as(NULL, "表", 3, "表\n");
    read_as("ISO-2022-JP", jis, sizeof jis - 1, "山|あ\n");
    read_as("UTF-16", utf16, sizeof utf16 - 1, "山||\n");
    read_as("EUC-JP", "\xBB\xB3,a\n", 5, "山|a\n");
    static const struct {
        const char *name;
        bool keeps;
    } rows[] = {{"UTF-8", true},     {"CP932", true},        {"EUC-JP", true},
                {"UTF-16LE", false}, {"ISO-2022-JP", false}, {"EUC-JISX0213", true},
                {"UTF-16", false},   {"ISO-8859-1", true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool keeps;
        assert_int_equal(encoding_keeps_ascii(rows[i].name, &keeps, NULL), OK);
        if (keeps != rows[i].keeps)
            fail_msg("%s", rows[i].name);
    }
    struct csv_reader *reader;
    struct error err;
    assert_int_equal(csv_open_memory("", 0, "KLINGON", "x", &reader, &err), E_UNSUPPORTED);
    assert_null(reader);
}

/* A file longer than one piece, with characters across the pieces. */
static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/satomado-csv-XXXXXX";
    struct buffer data = BUFFER_INIT;
    struct csv_reader *reader;
    const struct csv_row *row;
    struct error err;
    close(mkstemp(path));
    for (int i = 0; i < 20000; i++)
        buffer_printf(&data, "%d,\"山\n%d\"\r\n", i, i);
    assert_int_equal(file_write(path, data.data, data.len, &err), OK);
    assert_int_equal(csv_open(path, NULL, &reader, &err), OK);
    assert_string_equal(csv_encoding(reader), "UTF-8");
    for (int i = 0; i < 20000; i++) {
        char expected[32];
        assert_int_equal(csv_next(reader, &row, &err), OK);
        assert_int_equal(row->line, 2 * i + 1);
        snprintf(expected, sizeof expected, "山\n%d", i);
        assert_string_equal(row->cells[1].text, expected);
    }
    assert_int_equal(csv_next(reader, &row, &err), OK);
    assert_null(row);
    csv_close(&reader);
    data.data[70000] = '\xFF';
    assert_int_equal(file_write(path, data.data, data.len, &err), OK);
    assert_int_equal(csv_open(path, NULL, &reader, &err), OK);
    assert_string_equal(csv_encoding(reader), "CP932");
    csv_close(&reader);
    unlink(path);
    assert_int_equal(csv_open(path, NULL, &reader, &err), E_NOT_FOUND);
    buffer_free(&data);
}

static void guard(const char *text, bool formula)
{
    struct buffer cell = BUFFER_INIT;
    assert_int_equal(csv_is_formula(text), formula);
    buffer_printf(&cell, "%s%s", formula ? "'" : "", text);
    assert_string_equal(csv_unguarded(buffer_text(&cell)), text);
    buffer_free(&cell);
}

static void formulas_are_guarded_and_come_back(void **state)
{
    (void)state;
    guard("=1+1", true);
    guard("+81-267-00-0000", true);
    guard("-12", false);
    guard("+12.5", false);
    guard("-12.", true);
    guard("-", true);
    guard("@x", true);
    guard("\tx", true);
    guard("'=1", true);
    guard("''=1", true);
    guard("'", false);
    guard("'山", false);
    guard("'-12", false);
    guard("", false);
    guard("山=1", false);
}

/* What is written is read back, whatever stands in the cells. */
static void random_tables_come_back(void **state)
{
    (void)state;
    static const char *const pieces[] = {"\"", ",", "\n", "\r", "\r\n", " ",  "a",  "=",
                                         "'",  "-", "@",  "\t", "山",   "ソ", "表", "髙"};
    static const char *const encodings[] = {"UTF-8", "CP932", "EUC-JP", "UTF-16", "ISO-2022-JP"};
    srandom(7);
    for (int round = 0; round < 4000; round++) {
        struct buffer csv = BUFFER_INIT, bytes = BUFFER_INIT, expected = BUFFER_INIT;
        const char *encoding = encodings[round % 5];
        long rows = random() % 4, columns = 1 + random() % 4;
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < columns; c++) {
                struct buffer cell = BUFFER_INIT, written = BUFFER_INIT;
                for (long n = random() % 6; n > 0; n--) {
                    const char *piece = pieces[random() % (long)ARRAY_LEN(pieces)];
                    if (round % 5 < 2 || strcmp(piece, "髙") != 0)
                        buffer_add_text(&cell, piece);
                }
                buffer_printf(&written, "%s%s", csv_is_formula(buffer_text(&cell)) ? "'" : "",
                              buffer_text(&cell));
                csv_add_cell(&csv, buffer_text(&written), written.len,
                             columns == 1 ? CSV_ALONE
                             : c          ? CSV_NEXT
                                          : CSV_FIRST);
                buffer_printf(&expected, "%s%s", c ? "|" : "", buffer_text(&written));
                assert_string_equal(csv_unguarded(buffer_text(&written)), buffer_text(&cell));
                buffer_free(&cell);
                buffer_free(&written);
            }
            csv_end_row(&csv);
            buffer_add_char(&expected, '\n');
        }
        assert_int_equal(encoding_encode(encoding, buffer_text(&csv), &bytes, NULL), OK);
        read_as(encoding, buffer_text(&bytes), bytes.len, buffer_text(&expected));
        buffer_free(&csv);
        buffer_free(&bytes);
        buffer_free(&expected);
    }
}

/* Any bytes are rows or an error; nothing is read beyond them. */
static void random_bytes_do_no_harm(void **state)
{
    (void)state;
    static const char *const encodings[] = {"UTF-8", "CP932", "EUC-JP", "UTF-16LE", NULL};
    static const char common[] = "\",\r\n\",\n\"a\x81\x40\xFA\xE3\x81\x82";
    srandom(8);
    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)(random() % 40);
        char *data = xmalloc(len + 1); /* exactly as long: a checker sees a byte too many */
        for (size_t i = 0; i < len; i++)
            data[i] = random() % 3 ? common[random() % (long)(sizeof common - 1)] : (char)random();
        struct buffer out = BUFFER_INIT;
        csv_read(data, len, encodings[round % 5], "CSV", show, &out, NULL);
        buffer_free(&out);
        xfree(&data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_cells),
        cmocka_unit_test(what_is_no_csv_is_refused),
        cmocka_unit_test(an_unreadable_row_is_one_row),
        cmocka_unit_test(encodings),
        cmocka_unit_test(files),
        cmocka_unit_test(formulas_are_guarded_and_come_back),
        cmocka_unit_test(random_tables_come_back),
        cmocka_unit_test(random_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
