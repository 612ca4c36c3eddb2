#include "counter/bundles.h"

#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/carried.h"
#include "counter/page.h"
#include "office/transfer.h"
#include "ui/dialog.h"

/* The folder of the stick, as it was given last or as the settings say. */
static bool ask_folder(struct desk *desk, const char *title, char **folder)
{
    const char *start = office_setting(desk->office, "export.directory");
    char *standing = file_path(office_dir(desk->office), "bundles/out");
    bool good =
        dialog_prompt(title, _("フォルダー（USBメモリーなど）"), *start ? start : standing, folder);
    xfree(&standing);
    return good;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static char *summary(const struct transfer_applied *a)
{
    struct buffer text = BUFFER_INIT;
    buffer_printf(&text, _("%s 第%ld便  新しい出来事 %ld  記録 %ld件  決定 %ld件  保留 %ld%s"),
                  a->from, a->number, a->events, a->records, a->decisions, a->held,
                  a->receipt ? _("  受領の知らせ") : "");
    if (a->blobs)
        buffer_printf(&text, _("  添付 %ld"), a->blobs);
    if (a->again)
        buffer_add_text(&text, _("  取込み済みの便"));
    if (a->followed)
        buffer_printf(&text, _("\n  待っていた便も%ld件取り込みました"), a->followed);
    for (size_t i = 0; i < a->changes.count; i++)
        buffer_printf(&text, "\n  %s", a->changes.items[i]);
    for (size_t i = 0; i < a->warnings.count; i++)
        buffer_printf(&text, "\n  ※ %s", a->warnings.items[i]);
    return buffer_steal(&text);
}

/* One after the other, in the order they were written: what one lacks the one before may bring. A
 * file that is refused changes nothing and is named. */
static void apply_all(struct desk *desk, const struct strings *files)
{
    struct buffer report = BUFFER_INIT;
    for (size_t i = 0; i < files->count; i++) {
        struct transfer_applied applied;
        struct error err;
        if (!dialog_progress(_("取り込んでいます"), (long)i, (long)files->count)) {
            buffer_printf(&report, _("ここでやめました。残りの%zu便は取り込んでいません\n"),
                          files->count - i);
            break;
        }
        enum status st = transfer_apply(desk->session, files->items[i], &applied, &err);
        char *line =
            st == E_HELD ? xstrdup(error_text(&err))
            : st ? xasprintf(_("取り込めません（何も変えていません）: %s"), error_text(&err))
                 : summary(&applied);
        transfer_applied_free(&applied);
        buffer_printf(&report, "%s\n  %s\n", base_name(files->items[i]), line);
        xfree(&line);
    }
    dialog_text(_("取り込み"), buffer_text(&report));
    buffer_free(&report);
    desk_changed(desk);
}

/* All is checked before anything is asked; what was taken in before, or is for somebody else, is
 * passed over. One that is refused now may be good after another was taken in, if there is one. */
static void offer(struct desk *desk, const struct strings *files)
{
    struct strings fresh = STRINGS_INIT;
    bool good = false;
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < files->count; i++) {
        struct transfer_applied applied;
        struct error err;
        if (!dialog_progress(_("署名と中身を確かめています"), (long)i, (long)files->count))
            break;
        enum status st = transfer_verify(desk->session, files->items[i], NULL, &applied, &err);
        bool passed = st == E_NOT_FOUND || (!st && applied.again);
        char *line = st ? xstrdup(error_text(&err)) : summary(&applied);
        transfer_applied_free(&applied);
        if (passed) {
            xfree(&line);
            continue;
        }
        buffer_printf(&text, "%s\n  %s\n", base_name(files->items[i]), line);
        strings_add(&fresh, files->items[i]);
        good = good || !st || st == E_HELD;
        xfree(&line);
    }
    if (!fresh.count)
        dialog_text(
            _("送付便を取り込む"),
            _("新しく取り込むものはありません。ここあての送付便は、すべて取り込んであります。"));
    else if (!good)
        dialog_text(_("どれも取り込めません。何も変えていません"), buffer_text(&text));
    else if (dialog_confirm(_("署名と中身を確かめました。順に取り込みますか"), buffer_text(&text)))
        apply_all(desk, &fresh);
    buffer_free(&text);
    strings_free(&fresh);
}

static void take_in(struct desk *desk)
{
    struct strings files = STRINGS_INIT;
    struct error err;
    char *folder = NULL;
    if (!ask_folder(desk, _("送付便を取り込む"), &folder))
        return;
    if (transfer_find(folder, &files, &err))
        desk_refused(&err);
    else if (!files.count)
        screen_message(0, _("%s に送付便（.smb）はありません"), folder);
    else
        offer(desk, &files);
    strings_free(&files);
    xfree(&folder);
}

/* What leaves the house goes into the register. */
static bool ask_leave(struct desk *desk, const char *folder, char **reason, char **approval)
{
    const char *title = _("持ち出し（台帳に載ります）");
    if (!transfer_leaves(desk->session, folder))
        return true;
    return dialog_prompt(title, _("持ち出す理由"), _("町への提出"), reason) &&
           (!transfer_wants_approval(desk->session, folder) ||
            dialog_prompt(title, _("承認番号"), "", approval));
}

static void write_some(struct desk *desk, bool all)
{
    struct strings files = STRINGS_INIT;
    struct buffer text = BUFFER_INIT;
    struct error err;
    char *folder = NULL, *reason = NULL, *approval = NULL;
    if (ask_folder(desk, _("送付便を作る"), &folder) &&
        ask_leave(desk, folder, &reason, &approval)) {
        const struct transfer_order order = {folder, all, reason, approval};
        if (transfer_create(desk->session, &order, &files, &err)) {
            desk_refused(&err);
        } else {
            for (size_t i = 0; i < files.count; i++)
                buffer_printf(&text, "%s\n", files.items[i]);
            dialog_text(_("書き、読み直して確かめました"), buffer_text(&text));
        }
        desk_changed(desk);
    }
    buffer_free(&text);
    strings_free(&files);
    xfree(&folder);
    xfree(&reason);
    xfree(&approval);
}

static void write_out(struct desk *desk)
{
    write_some(desk, false);
}

static void write_all(struct desk *desk)
{
    write_some(desk, true);
}

static void request_all(struct desk *desk)
{
    struct error err;
    if (!dialog_confirm(
            _("町に全部を求める"),
            _("ここの記録に欠けがあるときに使います。次の町あての便で伝わり、町はその次の便に"
              "ここのすべての記録を入れます。求めますか")))
        return;
    if (transfer_request_all(desk->session, &err))
        desk_refused(&err);
    else
        screen_message(0, "%s", _("町に全部を求めました。次の町あての便で伝わります"));
}

static const struct {
    const char *label;
    enum permission permission;
    void (*run)(struct desk *desk);
} doings[] = {
    {N_("送付便を取り込む"), MAY_APPLY, take_in},
    {N_("送付便を作る"), MAY_EXPORT, write_out},
    {N_("送付便を作る（受領済みのものも、はじめから全部）"), MAY_EXPORT, write_all},
    {N_("持出し台帳"), MAY_READ, carried_open},
    {N_("町に全部を求める（ここに欠けがあるとき）"), MAY_APPLY, request_all},
};

static enum status load(struct page *page, struct error *err)
{
    struct transfer_list *list = page->own;
    struct strings notices = STRINGS_INIT;
    transfer_list_free(list);
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        list_add(&page->list, _(doings[i].label), NULL);
    enum status st = transfer_notices(page->desk->session, &notices, err);
    for (size_t i = 0; i < notices.count; i++)
        buffer_printf(&page->head, "※ %s\n", notices.items[i]);
    strings_free(&notices);
    if (!st)
        st = transfer_list(page->desk->session, list, err);
    for (size_t i = 0; !st && i < list->count; i++) {
        const struct transfer_row *r = &list->items[i];
        char *at = *r->at ? desk_time(r->at) : xstrdup("");
        char *row = xasprintf(_("%s\t第%ld便\t%s\t%s\t%ld件\t%s\t%s"),
                              r->incoming ? _("来た") : _("出した"), r->number, r->kind, r->status,
                              r->records, at, r->peer);
        list_add(&page->list, row, NULL);
        xfree(&row);
        xfree(&at);
    }
    if (!st && !list->count)
        buffer_add_text(&page->head, _("まだ送付便はありません。日締めをすると一つ書かれます\n"));
    return st;
}

/* What to say on the phone, and to look for on the stick. */
static void show_row(const struct transfer_row *r)
{
    char *at = *r->at ? desk_time(r->at) : xstrdup("");
    char *text = xasprintf(_("%s  第%ld便  %s\n相手      %s\n日時      %s\n記録      %ld件\n"
                             "状態      %s\nファイル  %s\n便の番号\n%s"),
                           r->incoming ? _("来た") : _("出した"), r->number, r->kind, r->peer, at,
                           r->records, r->status, r->file, r->id);
    dialog_text(_("送付便"), text);
    xfree(&text);
    xfree(&at);
}

static void chosen(struct page *page, size_t row)
{
    const struct transfer_list *list = page->own;
    struct error err;
    if (row >= ARRAY_LEN(doings)) {
        if (row - ARRAY_LEN(doings) < list->count)
            show_row(&list->items[row - ARRAY_LEN(doings)]);
        return;
    }
    if (session_require(page->desk->session, doings[row].permission, &err))
        desk_refused(&err);
    else
        doings[row].run(page->desk);
}

static void forget(void *own)
{
    transfer_list_free(own);
    xfree(&own);
}

void bundles_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("bundles", keys),
        .title = N_("送付便"),
        .load = load,
        .chosen = chosen,
        .back = page_reload,
        .free = forget,
        .numbered = true,
    };
    page_open(desk, &type, xcalloc(1, sizeof(struct transfer_list)));
}
