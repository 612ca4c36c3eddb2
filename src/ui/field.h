/*
 * ui/field: an edit seen through cells: one line that scrolls, or a box of wrapped lines (入力欄).
 */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include "ui/edit.h"
#include "ui/terminal.h"

struct field_view {
    struct edit edit;
    size_t first; /* first byte shown (one line), first wrapped line shown (box) */
    bool hidden;  /* a password: shown as * */
};

void field_set(struct field_view *view, const char *text);
void field_free(struct field_view *view);

/* What an editing key or typed text does. *refused: it did not fit (beep was made). Keys it does
 * not use (Enter, Tab, Up ...) give false; in a box Enter and Up/Down within the text are used. */
bool field_event(struct field_view *view, const struct ui_event *event, int cells);

/* One line in `cells`; with `focus` the visible cursor goes to the insertion point. */
void field_paint(struct field_view *view, int row, int column, int cells, unsigned style,
                 bool focus);
/* Several lines, wrapped so that none begins with a mark that may not begin one (禁則). */
void field_paint_box(struct field_view *view, int row, int column, int rows, int cells,
                     unsigned style, bool focus);

/* Of the cluster before the cursor, when it is not shown as it is: its code points ("U+E000"), else
 * "". The caller frees. */
char *field_unshown(const struct field_view *view);

/* Starts of the wrapped lines of a text: offsets, the first 0. The caller frees *starts. */
size_t wrap_lines(const char *text, int cells, size_t **starts);

#endif
