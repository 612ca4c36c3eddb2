#include "counter/duties.h"

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/anchor.h"
#include "office/duty.h"
#include "office/rebuild.h"
#include "office/rotate.h"
#include "office/users.h"
#include "ui/dialog.h"

/* Each asks what it needs, does it, and says what to do next; false: given up, or refused. */

static bool new_year(struct desk *desk)
{
    struct error err;
    char old[17];
    if (!dialog_confirm(
            _("町の年度の鍵を替える"),
            _("これからの送付便は新しい鍵あてになります。前の鍵は残り、前の便も開けます。"
              "替えますか")))
        return false;
    if (rotate_town(desk->session, old, &err)) {
        desk_refused(&err);
        return false;
    }
    dialog_text(
        _("町の年度の鍵を替えました"),
        _("次の便で、すべての場所に届きます。前の鍵は、開く用がなくなれば key rotate --destroy で"
          "消します。"));
    return true;
}

typedef enum status (*to_file)(struct session *session, const char *to, struct error *err);

static bool into_file(struct desk *desk, const char *title, const char *question, to_file call,
                      const char *after)
{
    struct error err;
    char *to = NULL;
    bool done = dialog_prompt(title, question, "", &to) && *to;
    if (done && call(desk->session, to, &err)) {
        desk_refused(&err);
        done = false;
    }
    if (done)
        dialog_text(title, after);
    xfree(&to);
    return done;
}

static bool new_escrow(struct desk *desk)
{
    return into_file(
        desk, _("預託鍵を替える"), _("新しい預託鍵を書くファイル（USBメモリーなど）"),
        rotate_escrow,
        _("封をして金庫に入れてください。前の預託鍵も、前の便を開くために残します。根の鍵の"
          "写しも取り直してください。"));
}

static bool escrow_away(struct desk *desk)
{
    return into_file(desk, _("預託鍵を機械の外へ移す"), _("移す先のファイル（USBメモリーなど）"),
                     users_escrow, _("この機械にはもうありません。封をして金庫に入れてください。"));
}

static enum status copy_root(struct session *session, const char *to, struct error *err)
{
    return rebuild_root_out(session, to, false, err);
}

static bool root_copy(struct desk *desk)
{
    return into_file(desk, _("根の鍵の写しを取る"), _("写しを書くファイル（USBメモリーなど）"),
                     copy_root,
                     _("預託鍵とは別の金庫に入れてください。町の機械を失ったとき、この二つで町を"
                       "作り直せます（town rebuild）。"));
}

static bool write_anchor(struct desk *desk)
{
    struct error err;
    char path[256];
    if (anchor_write(desk->session, path, &err)) {
        desk_refused(&err);
        return false;
    }
    char *text =
        xasprintf(_("%s に書きました。印刷し、署名して封をしてください。あとで記録が書き換え"
                    "られていないことの証しになります。"),
                  path);
    dialog_text(_("今月の証し"), text);
    xfree(&text);
    return true;
}

static bool end_rebuilding(struct desk *desk)
{
    struct error err;
    if (!dialog_confirm(
            _("町の作り直しを終える"),
            _("これからは、どの場所の写しも取り込めません。すべての場所の写しを取り込みましたか")))
        return false;
    if (rebuild_done(desk->session, &err)) {
        desk_refused(&err);
        return false;
    }
    return true;
}

static bool (*const doings[DUTY_KINDS])(struct desk *desk) = {
    [DUTY_YEAR] = new_year,       [DUTY_ESCROW] = new_escrow,   [DUTY_ESCROW_AWAY] = escrow_away,
    [DUTY_ROOT_COPY] = root_copy, [DUTY_ANCHOR] = write_anchor, [DUTY_REBUILT] = end_rebuilding,
};

static void check_anchor(struct desk *desk)
{
    struct error err;
    char *file = NULL;
    size_t heads;
    if (!dialog_prompt(_("封をした証しと照らす"), _("証しのファイル"), "", &file))
        return;
    if (anchor_check(desk->session, file, &heads, &err))
        desk_refused(&err);
    else
        screen_message(0, _("%zu個の末尾が、すべてここにあります"), heads);
    xfree(&file);
}

static enum status load(struct page *page, struct error *err)
{
    struct duty list[DUTY_KINDS];
    size_t count = duty_list(page->desk->session, list);
    (void)err;
    buffer_add_text(&page->head, _("※ の付いたものを、いまします。Enter で行います\n"));
    for (size_t i = 0; i < count; i++) {
        char *last = desk_time(list[i].last);
        char *row = xasprintf(*last ? _("%s %s（前回 %s）") : "%s %s", list[i].due ? "※" : "  ",
                              _(list[i].title), last);
        list_add(&page->list, row, NULL);
        xfree(&row);
        xfree(&last);
    }
    list_add(&page->list, _("   封をした証しと照らす"), NULL);
    return OK;
}

static void chosen(struct page *page, size_t row)
{
    struct duty list[DUTY_KINDS];
    if (row >= duty_list(page->desk->session, list))
        check_anchor(page->desk);
    else if (doings[row](page->desk))
        desk_changed(page->desk);
    page_reload(page);
}

void duties_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("duties", keys),
        .title = N_("町の鍵と証し"),
        .load = load,
        .chosen = chosen,
        .numbered = true,
    };
    page_open(desk, &type, NULL);
}
