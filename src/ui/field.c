#include "ui/field.h"

#include <string.h>

#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/utf8.h"
#include "text/width.h"
#include "ui/paint.h"

void field_set(struct field_view *view, const char *text)
{
    edit_set(&view->edit, text);
    view->first = 0;
}

void field_free(struct field_view *view)
{
    edit_free(&view->edit);
}

/* --- Wrapping --- */

/* Marks that may not begin a line, and those that may not end one. */
static bool is_one_of(const char *set, const char *cluster, size_t len)
{
    for (const char *p = set; *p;) {
        size_t next = grapheme_next(p, strlen(p), 0);
        if (next == len && memcmp(p, cluster, len) == 0)
            return true;
        p += next;
    }
    return false;
}

static bool may_break(const char *text, size_t len, size_t at)
{
    static const char no_begin[] =
        "、。，．,.・：；？！）」』】〕］｝〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々)]}";
    static const char no_end[] = "（「『【〔［｛〈《([{";
    size_t before = grapheme_prev(text, len, at);
    return !is_one_of(no_begin, text + at, grapheme_next(text, len, at) - at) &&
           !is_one_of(no_end, text + before, at - before);
}

size_t wrap_lines(const char *text, int cells, size_t **starts)
{
    size_t len = strlen(text), count = 1, start = 0;
    int used = 0;
    *starts = xcalloc(1, sizeof **starts);
    for (size_t at = 0; at < len;) {
        size_t next = grapheme_next(text, len, at), line = 0;
        int width = text[at] == '\n' ? 0 : cluster_width(text + at, next - at);
        if (text[at] == '\n') {
            line = next;
        } else if (used && used + width > cells) {
            line = at;
            /* Push out at most a few clusters, so that a line of marks still ends. */
            for (int tries = 0; tries < 4 && line > start && !may_break(text, len, line); tries++)
                line = grapheme_prev(text, len, line);
            if (line == start)
                line = at;
            next = line;
        }
        if (line) {
            *starts = xreallocarray(*starts, count + 1, sizeof **starts);
            (*starts)[count++] = start = line;
            used = 0;
        } else {
            used += width;
        }
        at = next;
    }
    return count;
}

static size_t line_of(const size_t *starts, size_t count, size_t at)
{
    size_t line = 0;
    while (line + 1 < count && starts[line + 1] <= at)
        line++;
    return line;
}

static int cells_between(const char *text, size_t from, size_t to)
{
    char *piece = xstrndup(text + from, to - from);
    int cells = text_width(piece);
    xfree(&piece);
    return cells;
}

/* Up or down by one shown line, keeping the column; false at the edge. */
static bool move_line(struct field_view *view, int by, int cells)
{
    struct edit *edit = &view->edit;
    const char *text = edit_text(edit);
    size_t *starts, count = wrap_lines(text, cells, &starts);
    size_t line = line_of(starts, count, edit->cursor);
    bool good = by < 0 ? line > 0 : line + 1 < count;
    if (good) {
        int column = cells_between(text, starts[line], edit->cursor);
        size_t to = line + (size_t)by;
        size_t end = to + 1 < count ? starts[to + 1] : edit->text.len;
        while (end > starts[to] && text[end - 1] == '\n')
            end--;
        char *piece = xstrndup(text + starts[to], end - starts[to]);
        edit->cursor = starts[to] + text_fit(piece, column);
        edit->typing = false;
        xfree(&piece);
    }
    xfree(&starts);
    return good;
}

/* --- Events --- */

static bool insert(struct field_view *view, const char *text)
{
    if (!edit_insert(&view->edit, text))
        terminal_beep();
    return true;
}

bool field_event(struct field_view *view, const struct ui_event *event, int cells)
{
    static const struct {
        enum action action;
        void (*run)(struct edit *edit);
    } rows[] = {
        {ACT_LEFT, edit_left},           {ACT_RIGHT, edit_right},
        {ACT_HOME, edit_home},           {ACT_END, edit_end},
        {ACT_WORD_LEFT, edit_word_left}, {ACT_WORD_RIGHT, edit_word_right},
        {ACT_BACKSPACE, edit_backspace}, {ACT_DELETE, edit_delete},
        {ACT_KILL, edit_kill},
    };
    if (event->type == EVENT_TEXT || event->type == EVENT_PASTE)
        return insert(view, event->text);
    if (event->type != EVENT_KEY)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].action == event->action) {
            rows[i].run(&view->edit);
            return true;
        }
    if (event->action == ACT_YANK && !edit_yank(&view->edit))
        terminal_beep();
    if (event->action == ACT_UNDO && !edit_undo(&view->edit))
        terminal_beep();
    if (view->edit.lines && event->action == ACT_ENTER)
        return insert(view, "\n");
    if (view->edit.lines && (event->action == ACT_UP || event->action == ACT_DOWN))
        return move_line(view, event->action == ACT_UP ? -1 : 1, cells);
    return event->action == ACT_YANK || event->action == ACT_UNDO;
}

/* --- Painting --- */

/* The cursor must be seen: jump by half the width when it is not. */
static void scroll(struct field_view *view, int cells)
{
    const char *text = edit_text(&view->edit);
    size_t cursor = view->edit.cursor;
    if (view->first > cursor || view->first > view->edit.text.len)
        view->first = 0;
    while (cells_between(text, view->first, cursor) > cells - 1) {
        char *rest = xstrdup(text + view->first);
        size_t jump = text_fit(rest, cells / 2);
        xfree(&rest);
        view->first += jump ? jump : 1;
    }
}

void field_paint(struct field_view *view, int row, int column, int cells, unsigned style,
                 bool focus)
{
    if (view->hidden) {
        size_t clusters = grapheme_count(edit_text(&view->edit), view->edit.text.len);
        int shown = (int)clusters < cells - 1 ? (int)clusters : cells - 1;
        paint_fill(row, column, cells, style);
        for (int i = 0; i < shown; i++)
            paint_text(row, column + i, 1, "*", style);
        if (focus)
            paint_cursor(row, column + shown);
        return;
    }
    if (focus)
        scroll(view, cells);
    else
        view->first = 0;
    const char *text = edit_text(&view->edit);
    paint_field(row, column, cells, text + view->first, style);
    if (focus) {
        paint_cursor(row, column + cells_between(text, view->first, view->edit.cursor));
        paint_takes_text(true);
    }
}

void field_paint_box(struct field_view *view, int row, int column, int rows, int cells,
                     unsigned style, bool focus)
{
    const char *text = edit_text(&view->edit);
    size_t *starts, count = wrap_lines(text, cells, &starts);
    size_t line = line_of(starts, count, view->edit.cursor);
    if (line < view->first || !focus)
        view->first = focus ? line : 0;
    if (line >= view->first + (size_t)rows)
        view->first = line - (size_t)rows + 1;
    for (int r = 0; r < rows; r++) {
        size_t at = view->first + (size_t)r;
        if (at >= count) {
            paint_fill(row + r, column, cells, style);
            continue;
        }
        size_t end = at + 1 < count ? starts[at + 1] : strlen(text);
        while (end > starts[at] && text[end - 1] == '\n')
            end--;
        char *piece = xstrndup(text + starts[at], end - starts[at]);
        paint_field(row + r, column, cells, piece, style);
        xfree(&piece);
    }
    if (focus) {
        int at = cells_between(text, starts[line], view->edit.cursor);
        paint_cursor(row + (int)(line - view->first), column + (at < cells ? at : cells - 1));
        paint_takes_text(true);
    }
    xfree(&starts);
}

char *field_unshown(const struct field_view *view)
{
    const char *text = edit_text(&view->edit);
    size_t end = view->edit.cursor, at = grapheme_prev(text, view->edit.text.len, end);
    struct buffer out = BUFFER_INIT;
    while (at < end && cluster_show(text + at, end - at) != SHOW_AS_IS) {
        for (size_t i = at; i < end;) {
            uint32_t cp;
            i += utf8_decode(text + i, end - i, &cp);
            buffer_printf(&out, "%sU+%04X", out.len ? " " : "", (unsigned)cp);
        }
        end = at;
    }
    return buffer_steal(&out);
}
