#include "counter/worklist.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/doing.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/pair.h"
#include "counter/person.h"
#include "counter/record.h"
#include "office/entry.h"
#include "office/worklist.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/paint.h"

enum { PAGE_ROWS = 200 };

struct shown {
    char *name, *title;
    struct worklist_rows rows;
    long offset;
};

/* A long name of a form leaves room for whom the row is about. */
enum { FORM_CELLS = 30 };

char *worklist_line(const struct worklist_row *row)
{
    if (*row->other)
        return xasprintf("%s  %s", row->title, row->note);
    size_t fits = text_fit(row->form, FORM_CELLS);
    char *when = desk_time(row->when);
    char *mark = *row->mark ? xasprintf("[%s] ", row->mark) : xstrdup("");
    char *line =
        xasprintf("%s%s  %.*s%s  %s  %s %s  %s  %s", mark, row->number, (int)fits, row->form,
                  row->form[fits] ? "…" : "", row->title, row->state, row->stage, when, row->note);
    xfree(&mark);
    xfree(&when);
    return line;
}

static bool is_reminders(const struct shown *shown)
{
    return strcmp(shown->name, WORKLIST_REMINDERS) == 0;
}

/* Nothing is done with several of them at once. */
static bool of_drafts(const struct shown *shown)
{
    return strcmp(shown->name, "drafts") == 0 || strcmp(shown->name, "holds") == 0;
}

static enum status load(struct page *page, struct error *err)
{
    struct shown *shown = page->own;
    worklist_rows_free(&shown->rows);
    enum status st = worklist_load(page->desk->session, shown->name, shown->offset, PAGE_ROWS,
                                   &shown->rows, err);
    if (st)
        return st;
    buffer_printf(&page->head, _("%s  全%ld件"), shown->title, shown->rows.total);
    if (shown->rows.total > PAGE_ROWS)
        buffer_printf(&page->head, _("  %ld～%ld件目（Ctrl-Home 前の組  Ctrl-End 次の組）"),
                      shown->offset + 1, shown->offset + (long)shown->rows.count);
    buffer_add_text(&page->head, is_reminders(shown) ? _("  Esc-o 督促状（1件・印・全部）\n")
                                 : of_drafts(shown) ? "\n"
                                                    : _("  Space 印  F2 印の記録をまとめて処理\n"));
    page->list.marking = !of_drafts(shown);
    for (size_t i = 0; i < shown->rows.count; i++) {
        char *line = worklist_line(&shown->rows.items[i]);
        list_add(&page->list, line, NULL);
        xfree(&line);
    }
    return OK;
}

void worklist_go(struct desk *desk, const struct worklist_row *row)
{
    if (*row->detail)
        dialog_text(row->title, row->detail);
    if (!*row->id)
        return;
    if (*row->other)
        pair_open(desk, row->id, row->other, row->note);
    else if (row->is_draft)
        entry_open_draft(desk, row->id);
    else if (row->is_person)
        person_open(desk, row->id);
    else
        record_open(desk, row->id);
}

static void chosen(struct page *page, size_t row)
{
    const struct shown *shown = page->own;
    const struct worklist_row *r = &shown->rows.items[row];
    if (strcmp(shown->name, WORKLIST_REVIEW) == 0)
        record_review(page->desk, r->id);
    else
        worklist_go(page->desk, r);
}

/* What was begun by mistake would stand in the way of the day's close. */
static bool discard(struct page *page, const struct worklist_row *row)
{
    struct error err;
    char *question =
        xasprintf(_("%s  %s\n\nこの下書きを捨てます。元には戻せません。"), row->form, row->title);
    char *id = xstrdup(row->id); /* the row may be loaded anew while the question stands */
    if (dialog_confirm(_("下書きを捨てる"), question)) {
        if (entry_discard(page->desk->session, id, &err))
            screen_message(STYLE_ERROR, "%s", error_text(&err));
        page_reload(page);
    }
    xfree(&question);
    xfree(&id);
    return true;
}

/* A list longer than one load is turned over as a whole. */
static bool key(struct page *page, enum action action, long row)
{
    struct shown *shown = page->own;
    bool remind = action == ACT_PRINT && is_reminders(shown);
    if (action == ACT_CANDIDATES || remind) {
        if (remind ? doing_remind(page->desk, &shown->rows, &page->list)
                   : doing_marked(page->desk, &shown->rows, &page->list)) {
            desk_changed(page->desk);
            page_reload(page);
        }
        return true;
    }
    long by = action == ACT_FIRST ? -PAGE_ROWS : action == ACT_LAST ? PAGE_ROWS : 0;
    if (action == ACT_DELETE_ROW && row >= 0 && shown->rows.items[row].is_draft)
        return discard(page, &shown->rows.items[row]);
    if (!by || shown->offset + by < 0 || shown->offset + by >= shown->rows.total)
        return false;
    shown->offset += by;
    page_reload(page);
    list_select(&page->list, 0);
    return true;
}

static void shown_free(void *own)
{
    struct shown *shown = own;
    worklist_rows_free(&shown->rows);
    xfree(&shown->name);
    xfree(&shown->title);
    xfree(&shown);
}

void worklist_open(struct desk *desk, const struct worklist *list)
{
    static const enum action keys[] = {ACT_HELP,  ACT_CANDIDATES, ACT_SEARCH,
                                       ACT_ENTER, ACT_BACK,       ACT_NONE};
    static const enum action drafts[] = {ACT_HELP,       ACT_SEARCH, ACT_ENTER,
                                         ACT_DELETE_ROW, ACT_BACK,   ACT_NONE};
    static const enum action reminding[] = {ACT_HELP,  ACT_CANDIDATES, ACT_SEARCH, ACT_PRINT,
                                            ACT_ENTER, ACT_BACK,       ACT_NONE};
#define WORKLIST_TYPE(keys)                                                                        \
    {                                                                                              \
        .screen = PAGE("worklist", keys), .title = N_("作業一覧"), .load = load, .chosen = chosen, \
        .key = key, .back = page_reload, .free = shown_free,                                       \
    }
    static const struct page_type type = WORKLIST_TYPE(keys), letters = WORKLIST_TYPE(reminding),
                                  begun = WORKLIST_TYPE(drafts);
#undef WORKLIST_TYPE
    struct shown *shown = xcalloc(1, sizeof *shown);
    shown->name = xstrdup(list->name);
    shown->title = xstrdup(list->title);
    page_open(desk, is_reminders(shown) ? &letters : of_drafts(shown) ? &begun : &type, shown);
}
