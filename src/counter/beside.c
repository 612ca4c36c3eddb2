#include "counter/beside.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "text/width.h"
#include "ui/field.h"

/* EDGE: what the list itself takes of a line. */
enum { EDGE_CELLS = 6, MARK_CELLS = 2, LABEL_CELLS = 16, BAR_CELLS = 3, TWO_COLUMNS_LEAST = 72 };

static int side_cells(int columns)
{
    return (columns - EDGE_CELLS - MARK_CELLS - LABEL_CELLS - 2 * BAR_CELLS) / 2;
}

/* A text in its cells; what is too long is cut at a letter. */
static void add_cells(struct buffer *row, const char *text, size_t len, int cells)
{
    char *part = xstrndup(text, len);
    part[strcspn(part, "\n")] = '\0';
    size_t fits = text_fit(part, cells);
    part[fits] = '\0';
    buffer_add_text(row, part);
    for (int i = text_width(part); i < cells; i++)
        buffer_add_char(row, ' ');
    xfree(&part);
}

/* A text in lines of some cells. */
struct wrapped {
    const char *text;
    size_t *starts, count;
};

static struct wrapped wrap(const char *text, int cells)
{
    struct wrapped w = {.text = text};
    w.count = wrap_lines(text, cells, &w.starts);
    return w;
}

static void add_line(struct buffer *row, const struct wrapped *w, size_t line, int cells)
{
    size_t from = line < w->count ? w->starts[line] : 0;
    size_t to = line + 1 < w->count ? w->starts[line + 1] : strlen(w->text);
    if (line < w->count)
        add_cells(row, w->text + from, to - from, cells);
    else
        add_cells(row, "", 0, cells);
}

static const char *or_blank(const char *text)
{
    return *text ? text : _("（空欄）");
}

static void add_two(struct list *list, const struct beside_row *r, int cells)
{
    struct wrapped label = wrap(r->label, LABEL_CELLS), before = wrap(or_blank(r->before), cells),
                   now = wrap(or_blank(r->now), cells);
    size_t lines = label.count;
    lines = before.count > lines ? before.count : lines;
    lines = now.count > lines ? now.count : lines;
    for (size_t i = 0; i < lines; i++) {
        struct buffer row = BUFFER_INIT;
        buffer_add_text(&row, r->changed && !i ? "* " : "  ");
        add_line(&row, &label, i, LABEL_CELLS);
        buffer_add_text(&row, " | ");
        add_line(&row, &before, i, cells);
        buffer_add_text(&row, r->changed && !i ? " > " : " | ");
        add_line(&row, &now, i, cells);
        list_add(list, buffer_text(&row), NULL);
        buffer_free(&row);
    }
    xfree(&label.starts);
    xfree(&before.starts);
    xfree(&now.starts);
}

static void add_wrapped(struct list *list, const char *lead, const char *text, int cells)
{
    struct wrapped w = wrap(text, cells - text_width(lead));
    for (size_t i = 0; i < w.count; i++) {
        struct buffer row = BUFFER_INIT;
        add_cells(&row, i ? "" : lead, i ? 0 : strlen(lead), text_width(lead));
        add_line(&row, &w, i, cells - text_width(lead));
        list_add(list, buffer_text(&row), NULL);
        buffer_free(&row);
    }
    xfree(&w.starts);
}

static void add_stacked(struct list *list, const struct beside_row *r, int cells)
{
    char *label = xasprintf(r->changed ? "* %s" : "  %s: %s", r->label, or_blank(r->now));
    add_wrapped(list, "", label, cells);
    xfree(&label);
    if (!r->changed)
        return;
    add_wrapped(list, _("    前 "), or_blank(r->before), cells);
    add_wrapped(list, _("    今 "), or_blank(r->now), cells);
}

void beside_rows(struct list *list, const struct beside *beside, bool changed, int columns)
{
    const char *section = "";
    for (size_t i = 0; i < beside->count; i++) {
        const struct beside_row *r = &beside->items[i];
        if (changed && !r->changed)
            continue;
        if (strcmp(section, r->section) != 0) {
            char *head = xasprintf("[%s]", r->section);
            list_add(list, head, NULL);
            xfree(&head);
        }
        section = r->section;
        if (columns >= TWO_COLUMNS_LEAST)
            add_two(list, r, side_cells(columns));
        else
            add_stacked(list, r, columns - EDGE_CELLS);
    }
}

void beside_heads(struct buffer *head, const char *before, const char *now, int columns)
{
    if (columns < TWO_COLUMNS_LEAST) {
        buffer_printf(head, _("画面の幅が足りないので、%sと%sを上下に並べます\n"), before, now);
        return;
    }
    for (int i = 0; i < EDGE_CELLS - 2 + MARK_CELLS + LABEL_CELLS; i++)
        buffer_add_char(head, ' ');
    buffer_add_text(head, " | ");
    add_cells(head, before, strlen(before), side_cells(columns));
    buffer_printf(head, " | %s\n", now);
}

void beside_head(struct buffer *head, const struct beside *beside, bool changed, int columns)
{
    buffer_printf(head, _("前: %s  * 違う所 %zu%s\n"), beside->what, beside->changed,
                  changed ? _("（違う所だけ）") : "");
    beside_heads(head, _("前"), _("今"), columns);
}
