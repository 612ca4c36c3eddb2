/*
 * ui/wrap: a text longer than a line, painted over as many rows as it takes (折返し).
 */
#ifndef UI_WRAP_H
#define UI_WRAP_H

#include <stddef.h>

/* Rows the text takes in lines of `cells`; at least 1. */
size_t wrap_height(const char *text, int cells);
/* Paints its lines from line `first` on, at most `rows` of them. Returns the rows painted. */
int wrap_paint(const char *text, size_t first, int row, int column, int rows, int cells,
               unsigned style);

#endif
