#include "ui/paint.h"

#include <curses.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/utf8.h"
#include "text/width.h"

static struct {
    int row, column;
    bool colours, text;
} state;

enum { PAIR_ERROR = 1, PAIR_WARNING, PAIR_TITLE, PAIR_PAPER };

static attr_t attributes(unsigned style, short *pair)
{
    static const struct {
        unsigned style;
        attr_t attribute;
        short pair;
    } rows[] = {
        {STYLE_BOLD, A_BOLD, 0},           {STYLE_REVERSE, A_REVERSE, 0},
        {STYLE_UNDERLINE, A_UNDERLINE, 0}, {STYLE_DIM, A_DIM, 0},
        {STYLE_ERROR, A_BOLD, PAIR_ERROR}, {STYLE_WARNING, A_BOLD, PAIR_WARNING},
        {STYLE_TITLE, A_BOLD, PAIR_TITLE},
    };
    attr_t out = A_NORMAL;
    *pair = 0;
    if (style & STYLE_PAPER && state.colours)
        *pair = PAIR_PAPER;
    else if (style & STYLE_PAPER) /* bright letters on a dark screen, turned round */
        out |= A_REVERSE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (style & rows[i].style) {
            out |= rows[i].attribute;
            if (rows[i].pair && state.colours)
                *pair = rows[i].pair;
        }
    return out;
}

void paint_begin(void)
{
    if (has_colors() && !state.colours) {
        init_pair(PAIR_ERROR, COLOR_RED, -1);
        init_pair(PAIR_WARNING, COLOR_MAGENTA, -1);
        init_pair(PAIR_TITLE, COLOR_CYAN, -1);
        init_pair(PAIR_PAPER, COLOR_BLACK, COLOR_WHITE);
        state.colours = true;
    }
    erase();
    state.row = state.column = 0;
    state.text = false;
}

/* curses asks the C library for widths, and has to get the answer by which we lay out: this one
 * definition stands before the library's. */
int wcwidth(wchar_t c)
{
    return code_width((uint32_t)c);
}

/* A spacing character and what has no width of its own go into one cell: written apart, curses
 * would lose the marks. */
static void put_cells(int row, int column, const char *text, attr_t attrs, short pair)
{
    size_t len = strlen(text);
    wchar_t cell[CCHARW_MAX + 1] = {0};
    size_t used = 0;
    cchar_t cc;
    for (size_t at = 0; at <= len;) {
        uint32_t cp = 0;
        size_t bytes = at < len ? utf8_decode(text + at, len - at, &cp) : 1;
        int width = at < len ? wcwidth((wchar_t)cp) : 1;
        if (used && (at == len || width > 0)) {
            cell[used] = L'\0';
            setcchar(&cc, cell, attrs, pair, NULL);
            mvadd_wch(row, column, &cc);
            column += wcwidth(cell[0]);
            used = 0;
        }
        if (at < len && used < CCHARW_MAX)
            cell[used++] = (wchar_t)cp;
        at += bytes;
    }
}

int paint_text(int row, int column, int cells, const char *text, unsigned style)
{
    short pair;
    attr_t attrs = attributes(style, &pair);
    int rows, columns, used = 0;
    size_t len = strlen(text);
    getmaxyx(stdscr, rows, columns);
    if (row < 0 || row >= rows || column < 0)
        return 0;
    if (column + cells > columns)
        cells = columns - column;
    for (size_t at = 0; at < len;) {
        char shown[CLUSTER_DISPLAY_SIZE];
        size_t next = grapheme_next(text, len, at);
        int width = cluster_width(text + at, next - at);
        if (used + width > cells)
            break;
        cluster_display(shown, sizeof shown, text + at, next - at);
        put_cells(row, column + used, shown, attrs, pair);
        used += width;
        at = next;
    }
    return used;
}

int paint_format(int row, int column, int cells, unsigned style, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    int used = paint_text(row, column, cells, text, style);
    xfree(&text);
    return used;
}

void paint_fill(int row, int column, int cells, unsigned style)
{
    short pair;
    attr_t attrs = attributes(style, &pair);
    cchar_t blank;
    setcchar(&blank, L" ", attrs, pair, NULL);
    for (int i = 0; i < cells; i++)
        mvadd_wch(row, column + i, &blank);
}

void paint_field(int row, int column, int cells, const char *text, unsigned style)
{
    int used = paint_text(row, column, cells, text, style);
    paint_fill(row, column + used, cells - used, style);
}

/* Where the terminal draws lines two cells wide, letters stand for them. */
static chtype line_or(chtype line, chtype letter)
{
    return text_width("─") == 1 ? line : letter;
}

/* Cells of the character that begins at a cell. */
static int width_at(int row, int column)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1];
    attr_t attrs;
    short pair;
    bool known = mvin_wch(row, column, &cell) != ERR &&
                 getcchar(&cell, text, &attrs, &pair, NULL) != ERR && wcwidth(text[0]) > 1;
    return known ? wcwidth(text[0]) : 1;
}

/* A wide character that would lose a half to what begins at `column` goes whole. Told from the
 * line's beginning on: curses says the same of both halves. */
static void clear_half(int row, int column)
{
    int at = 0, width = 0;
    while (at < column)
        at += width = width_at(row, at);
    if (at > column)
        mvaddstr(row, at - width, "  ");
}

void paint_box(int row, int column, int rows, int columns)
{
    chtype h = line_or(ACS_HLINE, '-'), v = line_or(ACS_VLINE, '|');
    for (int r = 0; r < rows; r++) {
        clear_half(row + r, column);
        clear_half(row + r, column + columns);
        paint_fill(row + r, column, columns, STYLE_NORMAL);
    }
    mvhline(row, column, h, columns);
    mvhline(row + rows - 1, column, h, columns);
    mvvline(row, column, v, rows);
    mvvline(row, column + columns - 1, v, rows);
    mvaddch(row, column, line_or(ACS_ULCORNER, '+'));
    mvaddch(row, column + columns - 1, line_or(ACS_URCORNER, '+'));
    mvaddch(row + rows - 1, column, line_or(ACS_LLCORNER, '+'));
    mvaddch(row + rows - 1, column + columns - 1, line_or(ACS_LRCORNER, '+'));
}

void paint_cursor(int row, int column)
{
    state.row = row;
    state.column = column;
}

void paint_cursor_at(int *row, int *column)
{
    *row = state.row;
    *column = state.column;
}

void paint_takes_text(bool yes)
{
    state.text = yes;
}

bool paint_wants_text(void)
{
    return state.text;
}

void paint_end(void)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    if (state.column >= columns)
        state.column = columns - 1;
    if (state.row >= rows)
        state.row = rows - 1;
    move(state.row, state.column);
    refresh();
}

void paint_again(void)
{
    clearok(stdscr, TRUE);
}
