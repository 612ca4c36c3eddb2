#include "counter/bundles.h"

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/transfer.h"
#include "store/settings.h"
#include "ui/dialog.h"

/* The folder of the stick, as it was given last or as the settings say. */
static bool ask_folder(struct desk *desk, const char *title, char **folder)
{
    const char *start = settings_get(office_settings(desk->office), "export.directory");
    char *standing = file_path(office_dir(desk->office), "bundles/out");
    bool good =
        dialog_prompt(title, _("フォルダー（USBメモリーなど）"), *start ? start : standing, folder);
    xfree(&standing);
    return good;
}

static char *summary(const struct transfer_applied *a)
{
    return xasprintf(_("%s から  第%ld便\n出来事 %ld（新しいもの）  記録 %ld件  決定 %ld件\n"
                       "保留になるもの %ld%s%s"),
                     a->from, a->number, a->events, a->records, a->decisions, a->held,
                     a->receipt ? _("\n受領の知らせが入っています") : "",
                     a->again ? _("\nすでに取り込んであります") : "");
}

static void take_in_file(struct desk *desk, const char *file)
{
    struct transfer_applied applied;
    struct error err;
    if (transfer_verify(desk->session, file, &applied, &err)) {
        dialog_text(_("取り込めません（何も変えていません）"), error_text(&err));
        return;
    }
    char *text = summary(&applied);
    bool go = dialog_confirm(_("署名と中身を確かめました。取り込みますか"), text);
    xfree(&text);
    if (!go)
        return;
    if (transfer_apply(desk->session, file, &applied, &err)) {
        dialog_text(_("取り込めません（何も変えていません）"), error_text(&err));
        return;
    }
    text = summary(&applied);
    dialog_text(_("取り込みました"), text);
    xfree(&text);
    desk_changed(desk);
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
    long at = files.count ? dialog_choose(_("取り込む送付便"), &files, NULL, 0) : -1;
    if (at >= 0)
        take_in_file(desk, files.items[at]);
    strings_free(&files);
    xfree(&folder);
}

static void write_out(struct desk *desk)
{
    struct strings files = STRINGS_INIT;
    struct buffer text = BUFFER_INIT;
    struct error err;
    char *folder = NULL;
    if (!ask_folder(desk, _("送付便を作る"), &folder))
        return;
    if (transfer_create(desk->session, folder, &files, &err)) {
        desk_refused(&err);
    } else {
        for (size_t i = 0; i < files.count; i++)
            buffer_printf(&text, "%s\n", files.items[i]);
        dialog_text(_("書き、読み直して確かめました"), buffer_text(&text));
    }
    desk_changed(desk);
    buffer_free(&text);
    strings_free(&files);
    xfree(&folder);
}

static const struct {
    const char *label;
    enum permission permission;
    void (*run)(struct desk *desk);
} doings[] = {
    {N_("送付便を取り込む"), MAY_APPLY, take_in},
    {N_("送付便を作る"), MAY_EXPORT, write_out},
};

static enum status load(struct page *page, struct error *err)
{
    struct transfer_list list;
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        list_add(&page->list, _(doings[i].label), NULL);
    enum status st = transfer_list(page->desk->session, &list, err);
    for (size_t i = 0; !st && i < list.count; i++) {
        const struct transfer_row *r = &list.items[i];
        char *at = desk_time(r->at);
        char *row = xasprintf(_("%s  第%ld便  %s  %s  記録%ld件  %s  %s"),
                              r->incoming ? _("来た") : _("出した"), r->number, r->peer, at,
                              r->records, r->status, r->file);
        list_add(&page->list, row, NULL);
        xfree(&row);
        xfree(&at);
    }
    if (!st && !list.count)
        buffer_add_text(&page->head, _("まだ送付便はありません。日締めをすると一つ書かれます\n"));
    transfer_list_free(&list);
    return st;
}

static void chosen(struct page *page, size_t row)
{
    struct error err;
    if (row >= ARRAY_LEN(doings))
        return;
    if (session_require(page->desk->session, doings[row].permission, &err))
        desk_refused(&err);
    else
        doings[row].run(page->desk);
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
        .numbered = true,
    };
    page_open(desk, &type, NULL);
}
