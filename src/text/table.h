/*
 * text/table: rows of texts under titles, in cells as a terminal and a printer count them. Reports
 * and sheets use it.
 */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct table_column {
    const char *title;
    bool number; /* stands to the right */
};
/* All borrowed. */
struct table {
    const struct table_column *columns;
    size_t column_count;
    const char *const *cells; /* rows * columns */
    size_t rows;
    const char *const *totals; /* one for each column, under a rule; NULL: none */
};

/* Titles, a rule, a line for each row, however wide: for a screen that can be moved over it. */
void table_lines(const struct table *table, struct buffer *out);
/* The same on a page of so many cells: texts go on below in their column; where the columns are too
 * many for that, each row is a paragraph of titles and values. */
void table_page(const struct table *table, int width, struct buffer *out);
/* Lines of text that are no wider than the page; ends with a line's end. */
void table_text(const char *text, int width, struct buffer *out);

#endif
