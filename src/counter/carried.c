#include "counter/carried.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/transfer.h"
#include "ui/dialog.h"

/* Out first: those are somebody's task. */
static enum status load(struct page *page, struct error *err)
{
    struct carry_list *rows = page->own;
    carry_list_free(rows);
    enum status st = transfer_carried(page->desk->session, false, rows, err);
    for (size_t i = 0; !st && i < rows->count; i++) {
        const struct carry_row *r = &rows->items[i];
        char *at = desk_time(r->at);
        char *row = xasprintf(_("%s %ld\t%s\t第%ld便\t%ld件\t%s\t%s%s%s\t%s"),
                              *r->closed_at ? _("済") : _("持出中"), r->id, at, r->number,
                              r->records, *r->medium ? r->medium : _("媒体の番号なし"), r->reason,
                              *r->approval ? _("  承認 ") : "", r->approval,
                              *r->closed_at ? r->outcome : r->file);
        list_add(&page->list, row, NULL);
        xfree(&row);
        xfree(&at);
    }
    buffer_add_text(
        &page->head,
        !st && !rows->count
            ? _("まだ何も持ち出していません。この端末の外へ書いた送付便がここに載ります\n")
            : _("選ぶと、返却や消去を書いて締められます\n"));
    return st;
}

static void chosen(struct page *page, size_t row)
{
    const struct carry_list *rows = page->own;
    struct error err;
    char *outcome = NULL;
    if (row >= rows->count)
        return;
    const struct carry_row *r = &rows->items[row];
    if (*r->closed_at) {
        char *at = desk_time(r->closed_at);
        char *text =
            xasprintf(_("%s\n%s に %s が締めました: %s"), r->file, at, r->closed_by, r->outcome);
        dialog_text(_("持出し台帳"), text);
        xfree(&text);
        xfree(&at);
        return;
    }
    if (dialog_prompt(_("持出し台帳を締める"), _("どうなりましたか（返却、町に渡した、消去など）"),
                      _("返却"), &outcome) &&
        transfer_return(page->desk->session, r->id, outcome, &err))
        desk_refused(&err);
    xfree(&outcome);
    page_reload(page);
}

static void forget(void *own)
{
    carry_list_free(own);
    xfree(&own);
}

void carried_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("carried", keys),
        .title = N_("持出し台帳"),
        .load = load,
        .chosen = chosen,
        .back = page_reload,
        .free = forget,
        .numbered = true,
    };
    page_open(desk, &type, xcalloc(1, sizeof(struct carry_list)));
}
