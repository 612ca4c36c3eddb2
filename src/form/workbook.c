#include "form/workbook.h"

#include <string.h>
#include <strings.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "text/csv.h"

/* More than any form has; a file beyond is no form. */
enum { SHEETS_MAX = 64, ROWS_MAX = 200000, CELLS_MAX = 600 };

struct sheet *workbook_sheet(const struct workbook *workbook, const char *name)
{
    for (size_t i = 0; i < workbook->count; i++)
        if (strcasecmp(workbook->items[i].name, name) == 0)
            return &workbook->items[i];
    return NULL;
}

struct sheet *workbook_add(struct workbook *workbook, const char *name)
{
    workbook->items = xroom(workbook->items, workbook->count, sizeof *workbook->items);
    struct sheet *sheet = &workbook->items[workbook->count++];
    *sheet = (struct sheet){.name = xstrdup(name)};
    return sheet;
}

struct sheet_row *sheet_add_row(struct sheet *sheet)
{
    if (sheet->count == sheet->cap) {
        sheet->cap = sheet->cap ? sheet->cap * 2 : 16;
        sheet->rows = xreallocarray(sheet->rows, sheet->cap, sizeof *sheet->rows);
    }
    sheet->rows[sheet->count] = (struct sheet_row){0};
    return &sheet->rows[sheet->count++];
}

void sheet_put(struct sheet *sheet, struct sheet_row *row, const char *header, const char *text)
{
    long column = strings_find(&sheet->header.cells, header);
    if (column < 0) {
        column = (long)sheet->header.cells.count;
        strings_add(&sheet->header.cells, header);
    }
    while (row->cells.count <= (size_t)column)
        strings_add(&row->cells, "");
    xfree(&row->cells.items[column]);
    row->cells.items[column] = xstrdup(text);
}

const char *sheet_cell(const struct sheet_row *row, size_t column)
{
    return column < row->cells.count ? row->cells.items[column] : "";
}

void workbook_free(struct workbook *workbook)
{
    for (size_t i = 0; i < workbook->count; i++) {
        struct sheet *sheet = &workbook->items[i];
        for (size_t r = 0; r < sheet->count; r++)
            strings_free(&sheet->rows[r].cells);
        strings_free(&sheet->header.cells);
        xfree(&sheet->rows);
        xfree(&sheet->name);
    }
    xfree(&workbook->items);
    *workbook = (struct workbook){0};
}

/* --- Reading --- */

struct reading {
    struct workbook *workbook;
    const char *name;
    struct sheet *sheet;
    size_t row; /* of the sheet, with by_row */
    size_t total;
    struct error *err;
};

static bool is_blank(const struct csv_cell *cell)
{
    return strspn(cell->text, " \t\r\n") == cell->len;
}

/* The cells behind the first, without the empty ones at the end. */
static void take_cells(const struct csv_row *row, struct strings *out)
{
    size_t count = row->count;
    while (count > 1 && is_blank(&row->cells[count - 1]))
        count--;
    for (size_t i = 1; i < count; i++)
        strings_add_len(out, row->cells[i].text, row->cells[i].len);
}

static enum status begin_sheet(struct reading *r, const struct csv_row *row)
{
    const char *text = row->cells[0].text + strspn(row->cells[0].text, " ");
    char *name = xstrndup(text, strcspn(text, " \t\r\n"));
    enum status st = OK;
    if (workbook_sheet(r->workbook, name))
        st =
            error_at(r->err, E_PARSE, r->name, row->line, 1, _("シート「%s」が二度あります"), name);
    else if (r->workbook->count == SHEETS_MAX)
        st = error_at(r->err, E_LIMIT, r->name, row->line, 1, _("シートが多すぎます"));
    else
        r->sheet = workbook_add(r->workbook, name);
    xfree(&name);
    r->row = 0;
    return st;
}

static enum status take_row(struct reading *r, const struct csv_row *row)
{
    enum status st = OK;
    if (row->count > CELLS_MAX || r->total > ROWS_MAX)
        return error_at(r->err, E_LIMIT, r->name, row->line, 0, _("行または列が多すぎます"));
    r->total++;
    if (!is_blank(&row->cells[0])) {
        st = begin_sheet(r, row);
        if (st || row->count == 1)
            return st;
    } else {
        r->row++;
    }
    struct strings cells = STRINGS_INIT;
    take_cells(row, &cells);
    size_t line = r->workbook->by_row ? r->row : row->line;
    if (!cells.count) {
        strings_free(&cells);
    } else if (!r->sheet) {
        st = error_at(r->err, E_PARSE, r->name, row->line, 1,
                      _("始めの列にシートの名（survey など）がありません"));
        strings_free(&cells);
    } else if (!r->sheet->header.cells.count) {
        r->sheet->header = (struct sheet_row){cells, line};
    } else {
        *sheet_add_row(r->sheet) = (struct sheet_row){cells, line};
    }
    return st;
}

enum status workbook_read(const char *data, size_t len, const char *encoding, const char *name,
                          bool by_row, struct workbook *out, struct error *err)
{
    struct reading r = {.workbook = out, .name = name, .err = err};
    struct csv_reader *csv;
    const struct csv_row *row;
    *out = (struct workbook){.by_row = by_row, .margin = by_row ? 0 : 1};
    enum status st = csv_open_memory(data, len, encoding, name, &csv, err);
    if (st)
        return st;
    while (!st && !(st = csv_next(csv, &row, err)) && row)
        st = take_row(&r, row);
    csv_close(&csv);
    if (st)
        workbook_free(out);
    return st;
}

/* --- Writing --- */

static void write_row(struct buffer *csv, const struct sheet_row *row)
{
    csv_add_cell(csv, "", 0, CSV_FIRST);
    for (size_t i = 0; i < row->cells.count; i++)
        csv_add_cell(csv, row->cells.items[i], strlen(row->cells.items[i]), CSV_NEXT);
    csv_end_row(csv);
}

void workbook_write(const struct workbook *workbook, struct buffer *csv)
{
    for (size_t i = 0; i < workbook->count; i++) {
        const struct sheet *sheet = &workbook->items[i];
        csv_add_cell(csv, sheet->name, strlen(sheet->name), CSV_ALONE);
        csv_end_row(csv);
        write_row(csv, &sheet->header);
        for (size_t r = 0; r < sheet->count; r++)
            write_row(csv, &sheet->rows[r]);
    }
}
