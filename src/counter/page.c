#include "counter/page.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/input.h"
#include "ui/paint.h"
#include "ui/wrap.h"

void page_reload(struct page *page)
{
    struct error err;
    size_t selected = page->list.selected;
    buffer_clear(&page->head);
    list_clear(&page->list);
    page->generation = page->desk->generation;
    if (page->type->load(page, &err))
        desk_refused(&err);
    page->list.selected = selected;
    list_ready(&page->list);
}

void page_open(struct desk *desk, const struct page_type *type, void *own)
{
    struct page *page = xcalloc(1, sizeof *page);
    page->desk = desk;
    page->type = type;
    page->own = own;
    page->list.numbered = type->numbered;
    field_set(&page->list.filter, "");
    page_reload(page);
    input_use(CONVERSION_PLAIN);
    screen_push(&type->screen, page);
}

/* The text's lines, each in as many rows as it takes. Returns the rows used. */
static int paint_head(const char *text, int top, int rows, int columns)
{
    int used = 0;
    while (*text && used < rows) {
        size_t len = strcspn(text, "\n");
        char *line = xstrndup(text, len);
        used += wrap_paint(line, 0, top + used, 1, rows - used, columns - 2, STYLE_NORMAL);
        xfree(&line);
        text += len + (text[len] == '\n');
    }
    return used;
}

void page_paint(void *state, int top, int rows, int columns)
{
    struct page *page = state;
    if (page->type->wraps && page->columns && page->columns != columns)
        page_reload(page);
    page->columns = columns;
    paint_text(top, 1, columns - 2, _(page->type->title), STYLE_TITLE);
    int used = 1 + paint_head(buffer_text(&page->head), top + 1, rows - 6, columns);
    list_paint(&page->list, top + used, 1, rows - used, columns - 2);
}

static void clear_filter(struct page *page)
{
    field_set(&page->list.filter, "");
    list_ready(&page->list);
}

void page_event(void *state, const struct ui_event *event)
{
    struct page *page = state;
    long row = list_selected(&page->list);
    bool key = event->type == EVENT_KEY;
    if (key && event->action == ACT_BACK && *edit_text(&page->list.filter.edit)) {
        clear_filter(page);
        return;
    }
    if (key && page->type->key && page->type->key(page, event->action, row))
        return;
    if (key && event->action == ACT_BACK) {
        screen_pop();
        return;
    }
    if (key && desk_key(page->desk, event->action))
        return;
    if (list_event(&page->list, event, 16) == LIST_CHOSEN)
        page->type->chosen(page, (size_t)list_selected(&page->list));
}

void page_beat(void *state)
{
    struct page *page = state;
    if (page->generation != page->desk->generation)
        page_reload(page);
}

void page_back(void *state)
{
    struct page *page = state;
    input_use(CONVERSION_PLAIN);
    if (page->type->back)
        page->type->back(page);
}

void page_free(void *state)
{
    struct page *page = state;
    if (page->type->free)
        page->type->free(page->own);
    buffer_free(&page->head);
    list_free(&page->list);
    xfree(&page);
}
