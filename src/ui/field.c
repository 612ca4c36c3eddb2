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
    view->goal = 0;
    view->line_end = false;
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
            *starts = xroom(*starts, count, sizeof **starts);
            (*starts)[count++] = start = line;
            used = 0;
        } else {
            used += width;
        }
        at = next;
    }
    return count;
}

static int cells_between(const char *text, size_t from, size_t to)
{
    char *piece = xstrndup(text + from, to - from);
    int cells = text_width(piece);
    xfree(&piece);
    return cells;
}

/* The text in a box, and where in it the cursor is. */
struct box {
    const char *text;
    size_t *starts, count;
    size_t line;
    int column;
};

static struct box box_of(const struct field_view *view, int cells)
{
    struct box box = {.text = edit_text(&view->edit)};
    size_t cursor = view->edit.cursor;
    box.count = wrap_lines(box.text, cells - 1, &box.starts);
    while (box.line + 1 < box.count && box.starts[box.line + 1] <= cursor)
        box.line++;
    if (view->line_end && box.line && box.starts[box.line] == cursor &&
        box.text[cursor - 1] != '\n')
        box.line--;
    box.column = cells_between(box.text, box.starts[box.line], cursor);
    return box;
}

/* Behind the last letter of a shown line, in front of its line end. */
static size_t box_line_end(const struct box *box, size_t line)
{
    if (line + 1 == box->count)
        return strlen(box->text);
    size_t end = box->starts[line + 1];
    return box->text[end - 1] == '\n' ? end - 1 : end;
}

static char *box_line(const struct box *box, size_t line)
{
    size_t start = box->starts[line];
    return xstrndup(box->text + start, box_line_end(box, line) - start);
}

/* To a column of a shown line, or as near to it as the line goes. */
static void go(struct field_view *view, const struct box *box, size_t line, int column)
{
    char *piece = box_line(box, line);
    size_t to = box->starts[line] + text_fit(piece, column);
    view->line_end = to > box->starts[line] && to == box_line_end(box, line);
    edit_go(&view->edit, to);
    xfree(&piece);
}

/* Keys that depend on how the text is wrapped; false: not one of them, or no line to go to. */
static bool box_key(struct field_view *view, enum action action, int cells)
{
    struct box box = box_of(view, cells);
    int goal = view->goal ? view->goal - 1 : box.column;
    bool up = action == ACT_UP && box.line > 0;
    bool down = action == ACT_DOWN && box.line + 1 < box.count;
    bool home = action == ACT_HOME, end = action == ACT_END;
    if (up || down)
        go(view, &box, up ? box.line - 1 : box.line + 1, goal);
    else if (home || end)
        go(view, &box, box.line, home ? 0 : cells);
    if (up || down || home || end)
        view->goal = up || down ? goal + 1 : 0;
    xfree(&box.starts);
    return up || down || home || end;
}

/* --- Events --- */

/* Always true: what does not fit was seen to. */
static bool insert(struct field_view *view, const char *text, bool pasted)
{
    if (!(pasted ? edit_paste : edit_insert)(&view->edit, text))
        terminal_beep();
    return true;
}

static bool edit_key(struct edit *edit, enum action action)
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].action == action) {
            rows[i].run(edit);
            return true;
        }
    if (action != ACT_YANK && action != ACT_UNDO)
        return false;
    if (!(action == ACT_YANK ? edit_yank : edit_undo)(edit))
        terminal_beep();
    return true;
}

bool field_event(struct field_view *view, const struct ui_event *event, int cells)
{
    bool lines = view->edit.lines;
    if (event->type != EVENT_TEXT && event->type != EVENT_PASTE && event->type != EVENT_KEY)
        return false;
    if (event->type == EVENT_KEY && lines && box_key(view, event->action, cells))
        return true;
    bool used = event->type != EVENT_KEY ? insert(view, event->text, event->type == EVENT_PASTE)
                : lines && event->action == ACT_ENTER ? insert(view, "\n", false)
                                                      : edit_key(&view->edit, event->action);
    if (used) {
        view->goal = 0;
        view->line_end = false;
    }
    return used;
}

/* --- Painting --- */

/* Cells that stay before the cursor when a line scrolls: few enough that what is sent for it, with
 * the way there and back, is 40 bytes at most. */
enum { KEPT_MOST = 18 };

/* The cursor must be seen, and what stands before it: when it is not, jump until no more than a
 * third of the width is before it, or one letter that takes more. */
static void scroll(struct field_view *view, int cells)
{
    const char *text = edit_text(&view->edit);
    size_t len = view->edit.text.len, cursor = view->edit.cursor, edge = 0;
    /* The text in front of what was shown may have changed: it must still begin with a letter. */
    while (edge < view->first && edge < len)
        edge = grapheme_next(text, len, edge);
    if (view->first >= cursor || view->first != edge)
        view->first = 0;
    int before = cells_between(text, view->first, cursor);
    int keep = cells / 3 < KEPT_MOST ? cells / 3 : KEPT_MOST;
    if (before < cells)
        return;
    while (before > keep) {
        size_t next = grapheme_next(text, len, view->first);
        if (next == cursor && before < cells)
            break;
        before -= cluster_width(text + view->first, next - view->first);
        view->first = next;
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
    struct box box = box_of(view, cells);
    if (box.line < view->first || !focus)
        view->first = focus ? box.line : 0;
    if (focus && box.line >= view->first + (size_t)rows)
        view->first = box.line - (size_t)rows + 1;
    for (int r = 0; r < rows; r++) {
        size_t at = view->first + (size_t)r;
        if (at >= box.count) {
            paint_fill(row + r, column, cells, style);
            continue;
        }
        char *piece = box_line(&box, at);
        paint_field(row + r, column, cells, piece, style);
        xfree(&piece);
    }
    if (focus) {
        int at = box.column < cells ? box.column : cells - 1;
        paint_cursor(row + (int)(box.line - view->first), column + at);
        paint_takes_text(true);
    }
    xfree(&box.starts);
}

char *field_unshown(const struct field_view *view)
{
    const char *text = edit_text(&view->edit);
    size_t end = view->edit.cursor, at = grapheme_prev(text, view->edit.text.len, end);
    struct buffer out = BUFFER_INIT;
    while (at < end && text[at] != '\n' && cluster_show(text + at, end - at) != SHOW_AS_IS) {
        for (size_t i = at; i < end;) {
            uint32_t cp;
            i += utf8_decode(text + i, end - i, &cp);
            buffer_printf(&out, "%sU+%04X", out.len ? " " : "", (unsigned)cp);
        }
        end = at;
    }
    return buffer_steal(&out);
}
