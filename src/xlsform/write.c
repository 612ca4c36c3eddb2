#include "xlsform/write.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workbook.h"
#include "text/utf8.h"

enum { CELL_LONGEST = 32767, NAME_LONGEST = 31, WIDTH = 24 };

static enum status write_row(lxw_worksheet *to, const struct sheet *sheet, lxw_row_t at,
                             const struct sheet_row *row, lxw_format *format, struct error *err)
{
    for (size_t i = 0; i < row->cells.count; i++) {
        const char *text = row->cells.items[i];
        if (!*text)
            continue;
        if (utf8_count(text) > CELL_LONGEST)
            return error_set(err, E_LIMIT,
                             _("%s の %u 行目: xlsx の欄には %d 字までしか入りません"), sheet->name,
                             at + 1, CELL_LONGEST);
        worksheet_write_string(to, at, (lxw_col_t)i, text, format);
    }
    return OK;
}

static enum status write_sheet(lxw_workbook *book, const struct sheet *sheet, lxw_format *bold,
                               lxw_format *plain, struct error *err)
{
    if (utf8_count(sheet->name) > NAME_LONGEST)
        return error_set(err, E_LIMIT, _("シートの名「%s」が長すぎます"), sheet->name);
    lxw_worksheet *to = workbook_add_worksheet(book, sheet->name);
    if (!to)
        return error_set(err, E_PARSE, _("シートの名「%s」は xlsx では使えません"), sheet->name);
    worksheet_freeze_panes(to, 1, 0);
    if (sheet->header.cells.count)
        worksheet_set_column(to, 0, (lxw_col_t)(sheet->header.cells.count - 1), WIDTH, NULL);
    enum status st = write_row(to, sheet, 0, &sheet->header, bold, err);
    for (size_t i = 0; !st && i < sheet->count; i++)
        st = write_row(to, sheet, (lxw_row_t)i + 1, &sheet->rows[i], plain, err);
    return st;
}

static enum status write_book(const struct workbook *sheets, const char *path, struct error *err)
{
    lxw_workbook *book = workbook_new(path);
    if (!book)
        return error_set(err, E_IO, _("%s に書けません"), path);
    lxw_format *bold = workbook_add_format(book), *plain = workbook_add_format(book);
    format_set_bold(bold);
    format_set_text_wrap(plain);
    format_set_align(plain, LXW_ALIGN_VERTICAL_TOP);
    enum status st = OK;
    for (size_t i = 0; !st && i < sheets->count; i++)
        st = write_sheet(book, &sheets->items[i], bold, plain, err);
    lxw_error rc = workbook_close(book);
    if (!st && rc != LXW_NO_ERROR)
        st = error_set(err, E_IO, _("%s に書けません（%s）"), path, lxw_strerror(rc));
    return st;
}

static enum status put_in_place(const char *fresh, const char *path, struct error *err)
{
    int fd = open(fresh, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good && rename(fresh, path) == 0 ? OK
                                            : error_errno(err, E_IO, _("%s に書けません"), path);
}

enum status xlsx_write(const char *csv, size_t len, const char *path, struct error *err)
{
    struct workbook sheets;
    enum status st = workbook_read(csv, len, "UTF-8", "CSV", true, &sheets, err);
    if (st)
        return st;
    char *fresh = xasprintf("%s.%ld.new", path, (long)getpid());
    st = write_book(&sheets, fresh, err);
    if (!st)
        st = put_in_place(fresh, path, err);
    if (st)
        unlink(fresh);
    xfree(&fresh);
    workbook_free(&sheets);
    return st;
}
