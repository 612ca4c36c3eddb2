/*
 * form/workbook: the sheets of an XLSForm (survey, choices, settings ...) as tables of text, and as
 * the CSV file that pyxform reads: a row whose first cell names a sheet begins it, the next row has
 * the headers, the rows below leave the first cell empty. form/xlsform gives them their meaning.
 *
 * An .xlsx file takes this shape too: satomado-xlsform turns the one into the other.
 */
#ifndef FORM_WORKBOOK_H
#define FORM_WORKBOOK_H

#include "base/buffer.h"
#include "base/status.h"
#include "base/strings.h"

struct sheet_row {
    struct strings cells; /* as many as it has; those after the last are empty */
    size_t line;          /* where it stands: line of the CSV file, row of the sheet */
};

struct sheet {
    char *name;
    struct sheet_row header;
    struct sheet_row *rows;
    size_t count, cap;
};

struct workbook {
    struct sheet *items;
    size_t count;
    bool by_row;   /* rows are counted in each sheet, as a spreadsheet shows them */
    size_t margin; /* cells to the left of the sheet's first column */
};

/* name stands in messages. encoding NULL: UTF-8, else CP932. With by_row lines are counted from
 * each sheet's headers on, for a CSV made of an .xlsx. E_PARSE, E_LIMIT name the line. */
enum status workbook_read(const char *data, size_t len, const char *encoding, const char *name,
                          bool by_row, struct workbook *out, struct error *err);
/* UTF-8 without a byte-order mark (other readers of XLSForm take none). */
void workbook_write(const struct workbook *workbook, struct buffer *csv);
void workbook_free(struct workbook *workbook);

/* Sheet of a name, in any case; NULL when there is none. */
struct sheet *workbook_sheet(const struct workbook *workbook, const char *name);
/* A new sheet; borrowed until the next one is added. */
struct sheet *workbook_add(struct workbook *workbook, const char *name);
struct sheet_row *sheet_add_row(struct sheet *sheet);
/* The cell under a header, which is added when it is not there yet. */
void sheet_put(struct sheet *sheet, struct sheet_row *row, const char *header, const char *text);
/* "" outside of what was written. */
const char *sheet_cell(const struct sheet_row *row, size_t column);

#endif
