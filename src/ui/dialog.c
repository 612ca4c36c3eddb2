#include "ui/dialog.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "ui/list.h"
#include "ui/paint.h"
#include "ui/screen.h"
#include "ui/wrap.h"
#include "text/width.h"

enum { PROMPT_ROWS = 4 };

struct window {
    const char *title;
    const char *text;
    size_t top;              /* first line of the text shown */
    size_t lines;            /* known after painting */
    struct field_view field; /* of a prompt */
    bool prompt;
    struct list *list;
    const char *foot;
    int body; /* rows the text or list had */
};

/* What is already there is read to its end. */
static int prompt_rows(const struct window *w, int cells)
{
    int rows = (int)wrap_height(edit_text(&w->field.edit), cells);
    return rows < PROMPT_ROWS ? rows : PROMPT_ROWS;
}

static void paint_prompt(struct window *w, int row, int column, int rows, int cells)
{
    for (int r = row; r < row + rows; r++) {
        paint_text(r, column, 1, "[", STYLE_NORMAL);
        paint_text(r, column + cells - 1, 1, "]", STYLE_NORMAL);
    }
    if (rows == 1)
        field_paint(&w->field, row, column + 1, cells - 2, STYLE_NORMAL, true);
    else
        field_paint_box(&w->field, row, column + 1, rows, cells - 2, STYLE_NORMAL, true);
}

static void paint_window(void *context, int rows, int columns)
{
    struct window *w = context;
    int cells = columns - 8 > 90 ? 90 : columns - 8;
    w->lines = wrap_height(w->text, cells);
    int need = w->list ? (int)w->list->rows.count + 1 : (int)w->lines;
    int box = w->prompt ? prompt_rows(w, cells - 2) : 0, extra = 4 + box;
    int height = need + extra < rows - 2 ? need + extra : rows - 2;
    int top = (rows - height) / 2, left = (columns - cells - 4) / 2;
    paint_box(top, left, height, cells + 4);
    paint_text(top, left + 2, cells, w->title, STYLE_TITLE);
    w->body = height - extra;
    if (w->list)
        list_paint(w->list, top + 1, left + 2, height - 3, cells);
    else
        wrap_paint(w->text, w->top, top + 1, left + 2, w->body, cells, STYLE_NORMAL);
    if (box)
        paint_prompt(w, top + height - 2 - box, left + 2, box, cells);
    paint_text(top + height - 2, left + 2, cells, w->foot, STYLE_DIM);
    if (!w->prompt && !w->list)
        paint_cursor(top + height - 2, left + 2);
}

static bool scroll(struct window *w, enum action action)
{
    size_t page = w->body > 1 ? (size_t)w->body - 1 : 1;
    size_t most = w->lines > (size_t)w->body ? w->lines - (size_t)w->body : 0;
    if (action == ACT_DOWN || action == ACT_PAGE_DOWN)
        w->top += action == ACT_DOWN ? 1 : page;
    else if (action == ACT_UP || action == ACT_PAGE_UP)
        w->top -= w->top < (action == ACT_UP ? 1 : page) ? w->top : action == ACT_UP ? 1 : page;
    else
        return false;
    if (w->top > most)
        w->top = most;
    return true;
}

void dialog_text(const char *title, const char *text)
{
    struct window w = {.title = title, .text = text, .foot = _("Enter 閉じる  上下 送る")};
    for (;;) {
        struct ui_event e = screen_modal(paint_window, &w);
        if (e.type == EVENT_END || (e.type == EVENT_KEY && !scroll(&w, e.action)))
            return;
    }
}

/* 1 yes, 0 no, -1 neither: a key that strayed in is no answer, and words are none either. */
static int answer(const struct ui_event *e)
{
    bool letter = e->type == EVENT_TEXT && e->text[0] && !e->text[1], key = e->type == EVENT_KEY;
    if ((key && (e->action == ACT_ENTER || e->action == ACT_CONFIRM)) ||
        (letter && strchr("yY", e->text[0])))
        return 1;
    return (key && e->action == ACT_BACK) || (letter && strchr("nN", e->text[0])) ? 0 : -1;
}

bool dialog_confirm(const char *title, const char *text)
{
    struct window w = {
        .title = title, .text = text, .foot = _("Y または Enter はい    N または Esc いいえ")};
    for (;;) {
        struct ui_event e = screen_modal(paint_window, &w);
        if (e.type == EVENT_END)
            return false;
        int at = answer(&e);
        if (at >= 0)
            return at;
        if (e.type == EVENT_KEY)
            scroll(&w, e.action);
    }
}

static bool prompt(struct window *w, const char *start, char **out)
{
    bool good = false;
    w->prompt = true;
    w->foot = _("Enter 決定  Esc やめる");
    field_set(&w->field, start);
    for (;;) {
        struct ui_event e = screen_modal(paint_window, w);
        if (e.type == EVENT_END || (e.type == EVENT_KEY && e.action == ACT_BACK))
            break;
        if (e.type == EVENT_KEY && e.action == ACT_ENTER) {
            *out = xstrdup(edit_text(&w->field.edit));
            good = true;
            break;
        }
        field_event(&w->field, &e, 60);
    }
    field_free(&w->field);
    return good;
}

bool dialog_prompt(const char *title, const char *text, const char *start, char **out)
{
    struct window w = {.title = title, .text = text};
    return prompt(&w, start, out);
}

long dialog_choose_typed(const char *title, const struct strings *rows,
                         const struct strings *readings, long selected, const char *typed)
{
    /* Of many rows a digit is the beginning of what is looked for. */
    struct list list = {.numbered = rows->count <= 9};
    struct window w = {.title = title,
                       .text = "",
                       .list = &list,
                       .foot = _("Enter 選ぶ  Esc やめる  文字でしぼり込み")};
    long chosen = -1;
    for (size_t i = 0; i < rows->count; i++)
        list_add(&list, rows->items[i], readings ? readings->items[i] : NULL);
    field_set(&list.filter, typed);
    list_ready(&list);
    if (selected >= 0)
        list_select(&list, (size_t)selected);
    for (;;) {
        struct ui_event e = screen_modal(paint_window, &w);
        if (e.type == EVENT_END || (e.type == EVENT_KEY && e.action == ACT_BACK))
            break;
        if (list_event(&list, &e, w.body) == LIST_CHOSEN) {
            chosen = list_selected(&list);
            break;
        }
    }
    list_free(&list);
    return chosen;
}

long dialog_choose(const char *title, const struct strings *rows, const struct strings *readings,
                   long selected)
{
    return dialog_choose_typed(title, rows, readings, selected, "");
}

static void paint_progress(void *context, int rows, int columns)
{
    const struct window *w = context;
    paint_box(rows / 2 - 2, columns / 2 - 25, 4, 50);
    paint_text(rows / 2 - 1, columns / 2 - 23, 46, w->text, STYLE_NORMAL);
    paint_text(rows / 2, columns / 2 - 23, 46, _("Esc でやめる"), STYLE_DIM);
}

bool dialog_progress(const char *title, long done, long total)
{
    char *text = xasprintf("%s %ld/%ld", title, done, total);
    struct window w = {.text = text};
    int rows, columns;
    bool go_on = true;
    terminal_size(&rows, &columns);
    paint_progress(&w, rows, columns);
    paint_end();
    while (terminal_pending()) {
        struct ui_event e = terminal_event(0);
        if (e.type == EVENT_TIMEOUT || e.type == EVENT_END)
            break;
        go_on = go_on && !(e.type == EVENT_KEY && e.action == ACT_BACK);
    }
    xfree(&text);
    return go_on;
}
