#include "text/table.h"

#include <string.h>

#include "base/xmem.h"
#include "text/width.h"

enum { GAP = 2, LEAST = 8, CODE_MOST = 24, SCREEN_MOST = 44 };

/* --- Cells --- */

static void blanks(struct buffer *out, int count)
{
    for (int i = 0; i < count; i++)
        buffer_add_char(out, ' ');
}

static void put_cell(struct buffer *out, const char *text, size_t len, int width, bool number,
                     bool last)
{
    char *piece = xstrndup(text, len);
    int fill = width - text_width(piece);
    blanks(out, number ? fill : 0);
    buffer_add(out, text, len);
    if (last) {
        while (out->len && out->data[out->len - 1] == ' ')
            out->data[--out->len] = '\0';
        buffer_add_char(out, '\n');
    } else {
        blanks(out, (number ? 0 : fill) + GAP);
    }
    xfree(&piece);
}

/* Of a cell with several lines. */
static int line_width(const char *text)
{
    int most = 0;
    while (*text) {
        size_t len = strcspn(text, "\n");
        char *line = xstrndup(text, len);
        int width = text_width(line);
        most = width > most ? width : most;
        xfree(&line);
        text += len + (text[len] == '\n');
    }
    return most;
}

static const char *cell_at(const struct table *t, const char *const *row, size_t column)
{
    return row ? row[column] : t->columns[column].title;
}

static void widen(const struct table *t, const char *const *row, int *widths,
                  int (*measure)(const char *))
{
    for (size_t c = 0; c < t->column_count; c++) {
        int width = measure(cell_at(t, row, c));
        widths[c] = width > widths[c] ? width : widths[c];
    }
}

static void widen_rows(const struct table *t, int *widths, int (*measure)(const char *))
{
    for (size_t r = 0; r < t->rows; r++)
        widen(t, t->cells + r * t->column_count, widths, measure);
    if (t->totals)
        widen(t, t->totals, widths, measure);
}

static int whole(const int *widths, size_t count)
{
    int cells = -GAP;
    for (size_t c = 0; c < count; c++)
        cells += widths[c] + GAP;
    return cells;
}

static void put_rule(struct buffer *out, int cells)
{
    for (int i = 0; i < cells; i++)
        buffer_add_char(out, '-');
    buffer_add_char(out, '\n');
}

/* Titles, rows and totals, each put by `put`. */
static void put_all(const struct table *t, const int *widths, struct buffer *out,
                    void (*put)(const struct table *, const char *const *, const int *,
                                struct buffer *))
{
    int cells = whole(widths, t->column_count);
    put(t, NULL, widths, out);
    put_rule(out, cells);
    for (size_t r = 0; r < t->rows; r++)
        put(t, t->cells + r * t->column_count, widths, out);
    if (t->totals) {
        put_rule(out, cells);
        put(t, t->totals, widths, out);
    }
}

/* --- One line a row --- */

static char *flat(const char *text)
{
    struct buffer out = BUFFER_INIT;
    for (; *text; text++)
        *text == '\n' ? buffer_add_text(&out, " / ") : buffer_add_char(&out, *text);
    return buffer_steal(&out);
}

static void put_line(const struct table *t, const char *const *row, const int *widths,
                     struct buffer *out)
{
    for (size_t c = 0; c < t->column_count; c++) {
        char *text = flat(cell_at(t, row, c));
        put_cell(out, text, strlen(text), widths[c], t->columns[c].number,
                 c + 1 == t->column_count);
        xfree(&text);
    }
}

static int screen_width(const char *text)
{
    char *line = flat(text);
    int width = text_width(line);
    xfree(&line);
    return width < SCREEN_MOST ? width : SCREEN_MOST;
}

void table_lines(const struct table *table, struct buffer *out)
{
    int *widths = xcalloc(table->column_count + 1, sizeof *widths);
    widen(table, NULL, widths, screen_width);
    widen_rows(table, widths, screen_width);
    put_all(table, widths, out, put_line);
    xfree(&widths);
}

/* --- A page --- */

/* How much of the text stands in the next line of a column. */
static size_t piece(const char *text, int width)
{
    size_t line = strcspn(text, "\n");
    char *whole_line = xstrndup(text, line);
    size_t fits = text_fit(whole_line, width);
    xfree(&whole_line);
    return fits || !line ? fits : line;
}

static void put_wrapped(const struct table *t, const char *const *row, const int *widths,
                        struct buffer *out)
{
    const char **rest = xcalloc(t->column_count, sizeof *rest);
    bool more = true;
    for (size_t c = 0; c < t->column_count; c++)
        rest[c] = cell_at(t, row, c);
    while (more) {
        more = false;
        for (size_t c = 0; c < t->column_count; c++) {
            size_t len = piece(rest[c], widths[c]);
            put_cell(out, rest[c], len, widths[c], t->columns[c].number, c + 1 == t->column_count);
            rest[c] += len;
            rest[c] += *rest[c] == '\n';
            more = more || *rest[c];
        }
    }
    xfree(&rest);
}

/* Dates, receipt numbers and the like: every cell that says something has a digit in it. */
static bool is_code(const struct table *t, size_t column, int width)
{
    bool any = false;
    for (size_t r = 0; r < t->rows; r++) {
        const char *cell = t->cells[r * t->column_count + column];
        if (*cell && !strpbrk(cell, "0123456789"))
            return false;
        any = any || *cell;
    }
    return any && width <= CODE_MOST;
}

/* The widest gives way first, down to what it must have: numbers, dates and codes stand whole. */
static bool shrink(const struct table *t, int *widths, int width)
{
    int *least = xcalloc(t->column_count + 1, sizeof *least);
    bool good = true;
    widen_rows(t, least, line_width);
    for (size_t c = 0; c < t->column_count; c++) {
        bool stands = t->columns[c].number || is_code(t, c, least[c]);
        if (!stands || least[c] < LEAST)
            least[c] = widths[c] < LEAST ? widths[c] : LEAST;
    }
    while (good && whole(widths, t->column_count) > width) {
        int *widest = NULL;
        for (size_t c = 0; c < t->column_count; c++)
            if (widths[c] > least[c] && (!widest || widths[c] > *widest))
                widest = &widths[c];
        good = widest != NULL;
        if (good)
            --*widest;
    }
    xfree(&least);
    return good;
}

static void put_paragraph(const struct table *t, const char *const *row, int width,
                          struct buffer *out)
{
    int at = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        if (!*row[c])
            continue;
        char *value = flat(row[c]);
        char *text = row == t->totals && !c ? xstrdup(value)
                                            : xasprintf("%s: %s", t->columns[c].title, value);
        const char *rest = text;
        if (at && at + GAP + text_width(text) > width) {
            buffer_add_char(out, '\n');
            at = 0;
        }
        blanks(out, at ? GAP : 0);
        at += at ? GAP : 0;
        while (*rest) {
            size_t len = text_fit(rest, width - at);
            buffer_add(out, rest, len);
            char *last = xstrndup(rest, len);
            at += text_width(last);
            xfree(&last);
            rest += len;
            if (*rest) {
                buffer_add_char(out, '\n');
                at = 0;
            }
        }
        xfree(&value);
        xfree(&text);
    }
    buffer_add_char(out, '\n');
}

static void put_paragraphs(const struct table *t, int width, struct buffer *out)
{
    for (size_t r = 0; r < t->rows; r++) {
        put_rule(out, width);
        put_paragraph(t, t->cells + r * t->column_count, width, out);
    }
    put_rule(out, width);
    if (t->totals)
        put_paragraph(t, t->totals, width, out);
}

void table_page(const struct table *table, int width, struct buffer *out)
{
    int *widths = xcalloc(table->column_count + 1, sizeof *widths);
    widen(table, NULL, widths, line_width);
    widen_rows(table, widths, line_width);
    if (shrink(table, widths, width))
        put_all(table, widths, out, put_wrapped);
    else
        put_paragraphs(table, width, out);
    xfree(&widths);
}

void table_text(const char *text, int width, struct buffer *out)
{
    do {
        size_t len = piece(text, width);
        buffer_add(out, text, len);
        buffer_add_char(out, '\n');
        text += len;
        text += *text == '\n';
    } while (*text);
}
