/*
 * ui/field: an edit seen through cells: one line that scrolls, or a box of wrapped lines (入力欄).
 */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include "ui/edit.h"
#include "ui/terminal.h"

struct field_view {
    struct edit edit;
    size_t first;  /* first byte shown (one line), first wrapped line shown (box) */
    bool hidden;   /* a password: shown as * */
    bool line_end; /* box: where two shown lines meet, the cursor is behind the upper one */
    int goal;      /* box: column + 1 that Up and Down keep to, 0 = where the cursor is */
};

void field_set(struct field_view *view, const char *text);
void field_free(struct field_view *view);

/* What an editing key or typed text does; what does not fit makes a beep. Keys it does not use
 * (Enter, Tab, Up ...) give false. In a box, `cells` wide, Enter is a line end, Home and End go to
 * those of the shown line, Up and Down from shown line to shown line until there is none. */
bool field_event(struct field_view *view, const struct ui_event *event, int cells);

/* One line in `cells`; with `focus` the visible cursor goes to the insertion point. What is typed
 * costs the least where style is STYLE_NORMAL: a letter more is sent as itself. */
void field_paint(struct field_view *view, int row, int column, int cells, unsigned style,
                 bool focus);
/* Several lines, wrapped so that none begins with a mark that may not begin one (禁則). The last
 * cell stays free for a cursor behind the last letter. */
void field_paint_box(struct field_view *view, int row, int column, int rows, int cells,
                     unsigned style, bool focus);

/* Of the cluster before the cursor, when it is not shown as it is: its code points ("U+E000"), else
 * "". The caller frees. */
char *field_unshown(const struct field_view *view);

/* Starts of the wrapped lines of a text: offsets, the first 0. The caller frees *starts. */
size_t wrap_lines(const char *text, int cells, size_t **starts);

#endif
