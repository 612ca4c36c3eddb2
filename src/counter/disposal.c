#include "counter/disposal.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "counter/worklist.h"
#include "office/dispose.h"
#include "ui/dialog.h"

enum { MOST = 1000 }; /* shown at once; what is left comes after these are gone */

struct disposal {
    char *name;
    struct worklist_rows rows;
    struct strings marked; /* records; they stay marked when the list loads again */
};

/* The first row marks all. */
static enum status load(struct page *page, struct error *err)
{
    struct disposal *d = page->own;
    worklist_rows_free(&d->rows);
    enum status st = worklist_load(page->desk->session, d->name, 0, MOST, &d->rows, err);
    if (st)
        return st;
    buffer_printf(&page->head, _("保存期間の過ぎた記録  全%ld件、印 %zu件\n"), d->rows.total,
                  d->marked.count);
    buffer_add_text(&page->head, !d->rows.count
                                     ? _("いま廃棄するものはありません\n")
                                     : _("Enter で印を付け・外し、F10 で印の記録を廃棄します\n"));
    if (d->rows.count)
        list_add(&page->list, _("（すべてに印を付ける・外す）"), NULL);
    for (size_t i = 0; i < d->rows.count; i++) {
        const struct worklist_row *r = &d->rows.items[i];
        char *line = worklist_line(r);
        char *row = xasprintf("%s %s", strings_find(&d->marked, r->id) >= 0 ? "[x]" : "[ ]", line);
        list_add(&page->list, row, NULL);
        xfree(&row);
        xfree(&line);
    }
    return OK;
}

static void toggle(struct strings *marked, const char *record)
{
    struct strings rest = STRINGS_INIT;
    for (size_t i = 0; i < marked->count; i++)
        if (strcmp(marked->items[i], record) != 0)
            strings_add(&rest, marked->items[i]);
    if (rest.count == marked->count)
        strings_add(&rest, record);
    strings_free(marked);
    *marked = rest;
}

static void chosen(struct page *page, size_t row)
{
    struct disposal *d = page->own;
    bool all = d->marked.count == d->rows.count;
    if (row > 0) {
        toggle(&d->marked, d->rows.items[row - 1].id);
    } else {
        strings_free(&d->marked);
        for (size_t i = 0; !all && i < d->rows.count; i++)
            strings_add(&d->marked, d->rows.items[i].id);
    }
    page_reload(page);
}

static void dispose(struct page *page)
{
    struct disposal *d = page->own;
    struct error err;
    char *reason = NULL;
    size_t done = 0;
    if (!d->marked.count) {
        screen_message(0, "%s", _("廃棄する記録に Enter で印を付けてください"));
        return;
    }
    char *question =
        xasprintf(_("印の %zu件を廃棄しますか。どの控えからも消え、元に戻せません。"),
                  d->marked.count);
    if (dialog_prompt(_("廃棄"), _("廃棄の理由（履歴に残ります）"), _("保存期間満了"), &reason) &&
        dialog_confirm(_("廃棄"), question)) {
        if (dispose_records(page->desk->session, &d->marked, reason, &done, &err))
            desk_refused(&err);
        else
            screen_message(0, _("%zu 件を廃棄しました。ほかの場所では、次の送付便で廃棄されます"),
                           done);
        strings_free(&d->marked);
        desk_changed(page->desk);
    }
    xfree(&question);
    xfree(&reason);
    page_reload(page);
}

static bool key(struct page *page, enum action action, long row)
{
    (void)row;
    if (action != ACT_CONFIRM)
        return false;
    dispose(page);
    return true;
}

static void forget(void *own)
{
    struct disposal *d = own;
    worklist_rows_free(&d->rows);
    strings_free(&d->marked);
    xfree(&d->name);
    xfree(&d);
}

void disposal_open(struct desk *desk, const struct worklist *list)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_CONFIRM, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("disposal", keys),
        .title = N_("保存期間の過ぎた記録"),
        .load = load,
        .chosen = chosen,
        .key = key,
        .back = page_reload,
        .free = forget,
    };
    struct disposal *own = xcalloc(1, sizeof *own);
    own->name = xstrdup(list->name);
    page_open(desk, &type, own);
}
