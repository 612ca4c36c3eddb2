#include "counter/conflict.h"

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/conflict.h"
#include "text/width.h"
#include "ui/dialog.h"

enum { LABEL_CELLS = 14 };

/* What a row stands for: a value, or (index = count) another one. */
struct meaning {
    size_t conflict, index;
};

struct shown {
    char *record;
    struct conflicts list;
    struct meaning *rows;
    size_t row_count;
};

static void clear(struct shown *shown)
{
    conflicts_free(&shown->list);
    xfree(&shown->rows);
    shown->row_count = 0;
}

static void add_row(struct page *page, size_t conflict, size_t index, const char *text)
{
    struct shown *shown = page->own;
    struct buffer row = BUFFER_INIT;
    const char *label = index ? "" : shown->list.items[conflict].label;
    buffer_add_text(&row, label);
    for (int i = text_width(label); i < LABEL_CELLS; i++)
        buffer_add_char(&row, ' ');
    buffer_printf(&row, " %s", text);
    list_add(&page->list, buffer_text(&row), NULL);
    buffer_free(&row);
    shown->rows = xroom(shown->rows, shown->row_count, sizeof *shown->rows);
    shown->rows[shown->row_count++] = (struct meaning){conflict, index};
}

static void add_conflict(struct page *page, size_t at)
{
    const struct conflict *c = &((struct shown *)page->own)->list.items[at];
    for (size_t i = 0; i < c->count; i++) {
        const struct conflict_value *v = &c->values[i];
        char *text = xasprintf("%s%s  （%s %s %s%s）", v->shown ? "*" : " ",
                               *v->text ? v->text : _("（空欄）"), v->at, v->who, v->place,
                               v->decision ? _("、町の決定") : "");
        add_row(page, at, i, text);
        xfree(&text);
    }
    if (c->made)
        add_row(page, at, c->count, _(" 計算し直す"));
    else if (c->parts.count)
        add_row(page, at, c->count, _(" 別の値を入れる"));
}

static enum status load(struct page *page, struct error *err)
{
    struct shown *shown = page->own;
    clear(shown);
    enum status st = conflict_list(page->desk->session, shown->record, &shown->list, err);
    if (st)
        return st;
    buffer_add_text(&page->head, shown->list.count
                                     ? _("同じ欄が二か所で書かれました。正しい値を選んで Enter（* は"
                                         "いま表示している値）\n")
                                     : _("値の食い違いはありません\n"));
    for (size_t i = 0; i < shown->list.count; i++)
        add_conflict(page, i);
    return OK;
}

/* Every part of it; false when given up. */
static bool type_parts(const struct conflict *c, struct strings *words)
{
    bool go = true;
    for (size_t i = 0; go && i < c->parts.count; i++) {
        char *typed = NULL;
        go = dialog_prompt(c->part_labels.items[i], _("正しい値"), "", &typed);
        if (go)
            strings_take(words, xasprintf("%s=%s", c->parts.items[i], typed));
        xfree(&typed);
    }
    return go;
}

static void chosen(struct page *page, size_t row)
{
    struct shown *shown = page->own;
    const struct meaning *m = &shown->rows[row];
    const struct conflict *c = &shown->list.items[m->conflict];
    struct strings words = STRINGS_INIT;
    struct error err;
    enum status st = OK;
    bool other = m->index == c->count, go = !other || type_parts(c, &words);
    strings_take(&words, NULL); /* ends the list */
    if (go && other)
        st = conflict_settle(page->desk->session, shown->record, c->path,
                             (const char *const *)words.items, &err);
    else if (go)
        st = conflict_choose(page->desk->session, shown->record, c->path, m->index, &err);
    if (st)
        desk_refused(&err);
    else if (go)
        screen_message(0, _("「%s」を一つにしました"), c->label);
    strings_free(&words);
    if (go)
        desk_changed(page->desk);
    if (go && !st)
        page_reload(page);
}

static void shown_free(void *own)
{
    struct shown *shown = own;
    clear(shown);
    xfree(&shown->record);
    xfree(&shown);
}

void conflict_open(struct desk *desk, const char *record)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("conflict", keys),
        .title = N_("値の食い違い"),
        .load = load,
        .chosen = chosen,
        .back = page_reload,
        .free = shown_free,
    };
    struct shown *shown = xcalloc(1, sizeof *shown);
    shown->record = xstrdup(record);
    page_open(desk, &type, shown);
}
