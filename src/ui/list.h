/*
 * ui/list: rows to choose from (一覧), narrowed by typing a part of them: kanji, kana or romaji.
 */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "base/strings.h"
#include "ui/field.h"

struct list {
    struct strings rows; /* what is shown, one line each */
    struct strings keys; /* folded, for narrowing; made by list_add() */
    bool *quiet;         /* rows that are shown only when they are typed for */
    size_t *shown;       /* rows that fit what was typed */
    size_t shown_count;
    size_t selected, top; /* in shown */
    struct field_view filter;
    bool *marked; /* by row; Space marks where `marking` is on and nothing was typed */
    bool marking;
    bool numbered; /* 1-9 choose at once while nothing was typed */
};

void list_free(struct list *list);
void list_clear(struct list *list);
/* `reading` is found as well (may be NULL). Cells between tabs stand below one another. */
void list_add(struct list *list, const char *row, const char *reading);
/* A row that is not shown until what was typed fits it. */
void list_add_quiet(struct list *list, const char *row, const char *reading);
/* After the last list_add(). */
void list_ready(struct list *list);
/* Index of the selected row, -1 when none is shown. */
long list_selected(const struct list *list);
void list_select(struct list *list, size_t row);
bool list_is_marked(const struct list *list, size_t row);

enum list_result { LIST_IGNORED, LIST_USED, LIST_CHOSEN };
enum list_result list_event(struct list *list, const struct ui_event *event, int rows);
/* The first line shows what was typed; the cursor rests there. */
void list_paint(struct list *list, int row, int column, int rows, int cells);

#endif
