/*
 * ui/paint: putting text into cells (描画). What a record holds reaches the terminal only through
 * here, cluster by cluster, so that nothing in it can act as a control sequence, and no wide
 * character is ever half painted.
 */
#ifndef UI_PAINT_H
#define UI_PAINT_H

#include <stdbool.h>

enum style {
    STYLE_NORMAL = 0,
    STYLE_BOLD = 1,
    STYLE_REVERSE = 2,
    STYLE_UNDERLINE = 4,
    STYLE_DIM = 8,
    STYLE_ERROR = 16,   /* bold, red where there is colour */
    STYLE_WARNING = 32, /* bold, magenta: read on black and on white */
    STYLE_TITLE = 64,   /* bold, cyan */
    STYLE_PAPER = 128,  /* black on white, whatever the terminal's own colours are */
};

/* The cells are empty after this; nothing is sent before paint_end(). */
void paint_begin(void);
/* Text from a cell on, at most `cells` wide (whole clusters only). Returns the cells used. */
int paint_text(int row, int column, int cells, const char *text, unsigned style);
int paint_format(int row, int column, int cells, unsigned style, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* The same, the rest of `cells` filled with blanks in the style. */
void paint_field(int row, int column, int cells, const char *text, unsigned style);
void paint_fill(int row, int column, int cells, unsigned style);
/* An empty frame over what is there. */
void paint_box(int row, int column, int rows, int columns);
/* Where the visible cursor rests until the next event. Without a call it stays in the corner. */
void paint_cursor(int row, int column);
void paint_cursor_at(int *row, int *column);
/* Text is written where the cursor rests (a field), not only keys pressed. No until said. */
void paint_takes_text(bool yes);
bool paint_wants_text(void);
/* Sends what changed and puts the cursor there. */
void paint_end(void);
/* Everything again with the next paint_end(). */
void paint_again(void);

#endif
