#include "ui/list.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "text/fold.h"
#include "text/romaji.h"
#include "text/width.h"
#include "ui/paint.h"

enum { COLUMNS = 8, COLUMN_CELLS = 24 };

void list_clear(struct list *list)
{
    strings_free(&list->rows);
    strings_free(&list->keys);
    xfree(&list->quiet);
    xfree(&list->shown);
    xfree(&list->marked);
    list->shown_count = list->selected = list->top = 0;
}

void list_free(struct list *list)
{
    list_clear(list);
    field_free(&list->filter);
}

static void add(struct list *list, const char *row, const char *reading, bool quiet)
{
    char *both = xasprintf("%s %s", row, reading ? reading : "");
    list->quiet = xroom(list->quiet, list->rows.count, sizeof *list->quiet);
    list->quiet[list->rows.count] = quiet;
    strings_add(&list->rows, row);
    strings_take(&list->keys, fold_text(both));
    xfree(&both);
}

void list_add(struct list *list, const char *row, const char *reading)
{
    add(list, row, reading, false);
}

void list_add_quiet(struct list *list, const char *row, const char *reading)
{
    add(list, row, reading, true);
}

/* The rows a text finds, typed as it is or as romaji for a reading; into shown unless NULL. */
static size_t find(const struct list *list, const char *typed, size_t *shown)
{
    char *key = fold_text(typed), *kana = romaji_to_hiragana(typed), *kana_key = fold_text(kana);
    size_t count = 0;
    for (size_t i = 0; i < list->rows.count; i++)
        if (!*key ? !list->quiet[i]
                  : strstr(list->keys.items[i], key) ||
                        (*kana_key && strstr(list->keys.items[i], kana_key))) {
            if (shown)
                shown[count] = i;
            count++;
        }
    xfree(&key);
    xfree(&kana);
    xfree(&kana_key);
    return count;
}

static void narrow(struct list *list)
{
    list->shown_count = find(list, edit_text(&list->filter.edit), list->shown);
    if (list->selected >= list->shown_count)
        list->selected = list->shown_count ? list->shown_count - 1 : 0;
}

/* A digit is the number of a row when no row has it where it would narrow the list. What a hurried
 * hand typed right behind it is for what the choice brings up. */
static bool pick(struct list *list, const char *text)
{
    size_t at = (size_t)(text[0] - '1');
    const char *typed = edit_text(&list->filter.edit);
    if (text[0] < '1' || text[0] > '9' || at >= list->shown_count)
        return false;
    char *longer = xasprintf("%s%c", typed, text[0]);
    bool number = !*typed || !find(list, longer, NULL);
    xfree(&longer);
    if (!number)
        return false;
    list->selected = at;
    terminal_give_back(text + 1);
    return true;
}

/* Makes the columns as wide as their cells; one much wider than the others stands as it is, or it
 * would push them all aside. */
static void measure(const char *row, int widths[COLUMNS])
{
    if (!strchr(row, '\t'))
        return;
    struct strings cells = STRINGS_INIT;
    strings_split(&cells, row, '\t');
    for (size_t c = 0; c + 1 < cells.count && c < COLUMNS; c++) {
        int width = text_width(cells.items[c]);
        if (width > widths[c] && width <= COLUMN_CELLS)
            widths[c] = width;
    }
    strings_free(&cells);
}

static char *aligned(const char *row, const int widths[COLUMNS])
{
    struct strings cells = STRINGS_INIT;
    struct buffer out = BUFFER_INIT;
    strings_split(&cells, row, '\t');
    for (size_t c = 0; c < cells.count; c++) {
        int gap = c + 1 == cells.count ? 0 : 2;
        int rest = gap && c < COLUMNS ? widths[c] - text_width(cells.items[c]) : 0;
        buffer_printf(&out, "%s%*s", cells.items[c], gap + (rest > 0 ? rest : 0), "");
    }
    strings_free(&cells);
    return buffer_steal(&out);
}

static void align(struct list *list)
{
    int widths[COLUMNS] = {0};
    for (size_t i = 0; i < list->rows.count; i++)
        measure(list->rows.items[i], widths);
    for (size_t i = 0; i < list->rows.count; i++)
        if (strchr(list->rows.items[i], '\t')) {
            char *row = aligned(list->rows.items[i], widths);
            xfree(&list->rows.items[i]);
            list->rows.items[i] = row;
        }
}

void list_ready(struct list *list)
{
    align(list);
    xfree(&list->shown);
    if (!list->marked)
        list->marked = xcalloc(list->rows.count + 1, sizeof *list->marked);
    list->shown = xcalloc(list->rows.count + 1, sizeof *list->shown);
    narrow(list);
}

long list_selected(const struct list *list)
{
    return list->selected < list->shown_count ? (long)list->shown[list->selected] : -1;
}

bool list_is_marked(const struct list *list, size_t row)
{
    return list->marked && row < list->rows.count && list->marked[row];
}

/* Marks the row, or takes the mark away, and goes on to the next, for each Space: a hurried hand's
 * come together. */
static bool mark(struct list *list, const char *text)
{
    if (!list->marking || !*text || text[strspn(text, " ")] || *edit_text(&list->filter.edit) ||
        list_selected(list) < 0)
        return false;
    for (; *text; text++) {
        long row = list_selected(list);
        list->marked[row] = !list->marked[row];
        if (list->selected + 1 < list->shown_count)
            list->selected++;
    }
    return true;
}

void list_select(struct list *list, size_t row)
{
    for (size_t i = 0; i < list->shown_count; i++)
        if (list->shown[i] == row)
            list->selected = i;
}

static enum list_result move(struct list *list, long by)
{
    long to = (long)list->selected + by;
    if (!list->shown_count)
        return LIST_USED;
    if (to < 0)
        to = 0;
    if (to >= (long)list->shown_count)
        to = (long)list->shown_count - 1;
    list->selected = (size_t)to;
    return LIST_USED;
}

enum list_result list_event(struct list *list, const struct ui_event *event, int rows)
{
    int page = rows > 3 ? rows - 2 : 1;
    const struct {
        enum action action;
        long by;
    } moves[] = {{ACT_UP, -1},          {ACT_PREVIOUS, -1},   {ACT_DOWN, 1},
                 {ACT_NEXT, 1},         {ACT_PAGE_UP, -page}, {ACT_PAGE_DOWN, page},
                 {ACT_FIRST, -1000000}, {ACT_LAST, 1000000}};
    if (event->type == EVENT_KEY && event->action == ACT_ENTER)
        return list->shown_count ? LIST_CHOSEN : LIST_USED;
    for (size_t i = 0; event->type == EVENT_KEY && i < ARRAY_LEN(moves); i++)
        if (moves[i].action == event->action)
            return move(list, moves[i].by);
    if (list->numbered && event->type == EVENT_TEXT && pick(list, event->text))
        return LIST_CHOSEN;
    if (event->type == EVENT_TEXT && mark(list, event->text))
        return LIST_USED;
    long was = list_selected(list);
    if (!field_event(&list->filter, event, 40))
        return LIST_IGNORED;
    narrow(list);
    list->selected = 0;
    if (was >= 0)
        list_select(list, (size_t)was);
    return LIST_USED;
}

void list_paint(struct list *list, int row, int column, int rows, int cells)
{
    int body = rows - 1;
    int label = paint_text(row, column, cells, _("しぼり込み: "), STYLE_DIM);
    field_paint(&list->filter, row, column + label, cells - label - 12, STYLE_NORMAL, true);
    paint_takes_text(false); /* letters find readings as they are */
    paint_format(row, column + cells - 11, 11, STYLE_DIM, "%zu/%zu", list->shown_count,
                 list->rows.count);
    if (list->selected < list->top)
        list->top = list->selected;
    if (list->selected >= list->top + (size_t)body)
        list->top = list->selected - (size_t)body + 1;
    for (int r = 0; r < body; r++) {
        size_t at = list->top + (size_t)r;
        char number[8] = "  ";
        if (at >= list->shown_count)
            break;
        if (list->numbered && at < 9)
            snprintf(number, sizeof number, "%zu ", at + 1);
        unsigned style = at == list->selected ? STYLE_REVERSE : STYLE_NORMAL;
        paint_text(row + 1 + r, column, 2, at == list->selected ? ">" : " ", STYLE_BOLD);
        if (list_is_marked(list, list->shown[at]))
            snprintf(number, sizeof number, "* ");
        paint_text(row + 1 + r, column + 2, 3, number, style);
        paint_field(row + 1 + r, column + 4, cells - 4, list->rows.items[list->shown[at]], style);
    }
    if (!list->shown_count)
        paint_text(row + 1, column + 4, cells - 4, _("（ありません）"), STYLE_DIM);
}
