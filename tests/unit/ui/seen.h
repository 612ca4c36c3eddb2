/*
 * seen: what curses paints in this process, as a terminal shows it (libvterm). Without libvterm
 * seen_begin() says so and nothing else may be called.
 */
#ifndef TESTS_UNIT_UI_SEEN_H
#define TESTS_UNIT_UI_SEEN_H

#include <stdbool.h>

#include "base/buffer.h"

bool seen_begin(void);
void seen_end(void);
/* A fresh terminal, painted anew next time. */
void seen_forget(void);
/* Takes in what has been painted; the bytes themselves stay until the next call. */
void seen_update(void);
const struct buffer *seen_bytes(void);
/* Cells of a row, blanks at their end left out; the caller frees. */
char *seen_text(int row, int column, int cells);
void seen_cursor(int *row, int *column);

#endif
