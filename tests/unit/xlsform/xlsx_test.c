/* .xlsx files: what was written is read again, what Excel writes is understood, what is hostile is
 * refused at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <minizip/zip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "form/workbook.h"
#include "xlsform/read.h"
#include "xlsform/write.h"

static char path[64];

static struct buffer file_bytes(void)
{
    struct buffer data = BUFFER_INIT;
    struct error err = {0};
    if (file_read(path, 64 << 20, &data, &err))
        fail_msg("%s", error_text(&err));
    return data;
}

/* With plain line ends. */
static void gives(struct buffer *csv, const char *wanted)
{
    for (size_t i = csv->len; i-- > 0;)
        if (csv->data[i] == '\r')
            buffer_splice(csv, i, 1, NULL, 0);
    assert_string_equal(buffer_text(csv), wanted);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const char csv[] =
        "survey\n,type,name,label\n,text,a,\"一行目\n二行目, \"\"引用\"\"\"\n"
        ",integer,n,=1+1\n,text,spaces,\"'  前後 \"\nchoices\n,list_name,name\n,l,001\n";
    struct buffer again = BUFFER_INIT;
    struct error err = {0};
    if (xlsx_write(csv, strlen(csv), path, &err))
        fail_msg("%s", error_text(&err));
    struct buffer data = file_bytes();
    if (xlsx_read(data.data, data.len, &again, &err))
        fail_msg("%s", error_text(&err));
    gives(&again, csv);
    buffer_free(&again);
    /* cut anywhere it is refused, or is the same */
    for (size_t len = 0; len < data.len; len += 7) {
        buffer_clear(&again);
        if (xlsx_read(data.data, len, &again, &err) == OK)
            gives(&again, csv);
    }
    for (size_t at = 0; at < data.len; at += 5) {
        buffer_clear(&again);
        data.data[at] ^= 0x11;
        xlsx_read(data.data, data.len, &again, &err);
        data.data[at] ^= 0x11;
    }
    buffer_free(&again);
    buffer_free(&data);
}

static void a_cell_has_an_end(void **state)
{
    (void)state;
    struct buffer csv = BUFFER_INIT;
    struct error err = {0};
    buffer_add_text(&csv, "survey\n,type\n,");
    for (int i = 0; i < 32768; i++)
        buffer_add_char(&csv, 'x');
    assert_int_equal(xlsx_write(buffer_text(&csv), csv.len, path, &err), E_LIMIT);
    assert_false(file_exists(path));
    buffer_free(&csv);
}

/* --- Archives as they may come --- */

static const char book[] =
    "<?xml version='1.0'?><workbook "
    "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' "
    "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>"
    "<sheet name='survey' sheetId='1' r:id='rId1'/></sheets></workbook>";
static const char links[] =
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    "<Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>";
#define SHEET(rows)                                                                      \
    "<worksheet "                                                                        \
    "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" rows \
    "</sheetData></worksheet>"

static void put_part(zipFile zip, const char *name, const char *data, size_t len)
{
    zip_fileinfo info = {0};
    assert_int_equal(zipOpenNewFileInZip(zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 9),
                     ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(zip, data, (unsigned)len), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
}

/* Reads an archive of these parts; NULL leaves one out. */
static enum status read_parts(const char *sheet, size_t len, const char *shared, struct buffer *csv,
                              struct error *err)
{
    zipFile zip = zipOpen(path, APPEND_STATUS_CREATE);
    put_part(zip, "xl/workbook.xml", book, strlen(book));
    put_part(zip, "xl/_rels/workbook.xml.rels", links, strlen(links));
    if (sheet)
        put_part(zip, "xl/worksheets/sheet1.xml", sheet, len);
    if (shared)
        put_part(zip, "xl/sharedStrings.xml", shared, strlen(shared));
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    struct buffer data = file_bytes();
    enum status st = xlsx_read(data.data, data.len, csv, err);
    buffer_free(&data);
    return st;
}

static void what_excel_writes_is_understood(void **state)
{
    (void)state;
    static const char sheet[] =
        SHEET("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>"
              "<row r='4'><c r='A4' t='b'><v>1</v></c><c r='B4'><v>2026112401</v></c>"
              "<c r='C4'><v>2.0</v></c><c r='D4'><v>0.5</v></c>"
              "<c r='E4' t='inlineStr'><is><r><t>な</t></r><r><t>か</t></r></is></c>"
              "<c r='F4' t='str'><f>A1</f><v>式</v></c><c r='G4' s='1'/><c r='XFD4' "
              "s='1'/></row><row r='1048576'><c r='A1048576' s='1'/></row>");
    static const char shared[] =
        "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        "<si><t>type</t></si><si><r><t>氏</t></r><r><t xml:space='preserve'>名 </t></r>"
        "<rPh sb='0' eb='1'><t>シ</t></rPh><phoneticPr fontId='1'/></si></sst>";
    struct buffer csv = BUFFER_INIT;
    struct error err = {0};
    if (read_parts(sheet, strlen(sheet), shared, &csv, &err))
        fail_msg("%s", error_text(&err));
    gives(&csv, "survey\n,\n,type,,\"氏名 \"\n,\n"
                ",TRUE,2026112401,2,0.5,なか,式\n");
    buffer_free(&csv);
}

static void what_is_hostile_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sheet, *shared;
    } rows[] = {
        {NULL, NULL},
        {"", NULL},
        {"<worksheet><sheetData>", NULL},
        {"<worksheet></sheetData>", NULL},
        {"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" SHEET("<row r='1'/>"), NULL},
        {SHEET("<row r='1'/>"), "<!DOCTYPE sst [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                                "<sst><si><t>&x;</t></si></sst>"},
        {SHEET("<row r='999999999'><c r='A999999999'><v>1</v></c></row>"), NULL},
        {SHEET("<row r='5'/><row r='2'/>"), NULL},
        {SHEET("<row r='1'><c r='ZZZZZ1'><v>1</v></c></row>"), NULL},
        {SHEET("<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>"), NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buffer csv = BUFFER_INIT;
        struct error err = {0};
        enum status st = read_parts(rows[i].sheet, rows[i].sheet ? strlen(rows[i].sheet) : 0,
                                    rows[i].shared, &csv, &err);
        if (!st || !*err.detail)
            fail_msg("%zu: taken", i);
        buffer_free(&csv);
    }
}

/* 60 MiB of blanks pack into 60 KiB; so do a million empty rows of markup. */
static void bombs_do_not_go_off(void **state)
{
    (void)state;
    size_t len = 60 << 20;
    char *blanks = xmalloc(len);
    struct buffer csv = BUFFER_INIT;
    struct error err = {0};
    clock_t start = clock();
    memset(blanks, ' ', len);
    assert_int_equal(read_parts(blanks, len, NULL, &csv, &err), E_LIMIT);
    assert_int_equal(read_parts(blanks, len / 2, NULL, &csv, &err), E_LIMIT); /* the ratio */
    xfree(&blanks);
    buffer_free(&csv);
    if ((clock() - start) / CLOCKS_PER_SEC > 5)
        fail_msg("it took %ld s", (long)((clock() - start) / CLOCKS_PER_SEC));
}

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/satomado_xlsx_%ld.xlsx", (long)getpid());
    return 0;
}
static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cell_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_excel_writes_is_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_hostile_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bombs_do_not_go_off, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
