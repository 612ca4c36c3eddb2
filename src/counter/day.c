#include "counter/day.h"

#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/record.h"
#include "office/day.h"
#include "office/transfer.h"
#include "text/era.h"
#include "ui/dialog.h"

struct shown {
    struct date date;
    struct day day;
};

static void add_draft(struct page *page, const struct day_draft *d)
{
    const char *state = d->held ? _("保留") : *d->carried ? _("繰越し") : _("!未完了");
    const char *note = d->held ? d->note : d->carried;
    char *saved = desk_time(d->saved_at);
    char *row = xasprintf(_("%s  %s  担当 %s  %s%s%s  %s"), state, d->title, d->owner_name, note,
                          *note ? "  " : "", d->form_title, saved);
    list_add(&page->list, row, NULL);
    xfree(&row);
    xfree(&saved);
}

static void add_record(struct page *page, const struct day_record *r)
{
    char *at = desk_time(r->received_at);
    char *row =
        xasprintf("%s\t%s%s%s\t%s\t%s", r->receipt_no, r->title, r->deficient ? _("  不備") : "",
                  r->late ? _("  後入力") : "", r->form_title, at);
    list_add(&page->list, row, NULL);
    xfree(&row);
    xfree(&at);
}

static enum status load(struct page *page, struct error *err)
{
    struct shown *shown = page->own;
    struct day *day = &shown->day;
    char date[ERA_TEXT_SIZE];
    day_free(day);
    enum status st = day_load(page->desk->session, shown->date, day, err);
    if (st)
        return st;
    era_format_day(date, sizeof date, shown->date);
    buffer_printf(&page->head, "%s  %s", date,
                  day->closed ? _("締め済み") : _("まだ締めていません"));
    if (day->closings)
        buffer_printf(&page->head, _("（締め %ld回）"), day->closings);
    buffer_add_char(&page->head, '\n');
    for (size_t i = 0; i < day->earlier.count; i++) {
        char *earlier = desk_time(day->earlier.items[i]);
        buffer_printf(&page->head, i ? "、%s" : _("  まだ締めていない日があります（PgUp）: %s"),
                      earlier);
        xfree(&earlier);
    }
    if (day->earlier.count)
        buffer_add_char(&page->head, '\n');
    for (size_t i = 0; i < day->form_count; i++)
        buffer_printf(&page->head, _("  %s %ld件（うち不備 %ld件）\n"), day->forms[i].title,
                      day->forms[i].finalised, day->forms[i].deficient);
    buffer_printf(&page->head, _("  計 %zu件  未完了の下書き %ld件\n"), day->record_count,
                  day->blocking);
    if (day->entered_count)
        buffer_printf(&page->head, _("  後入力（受付はほかの日） %zu件\n"), day->entered_count);
    if (day->blocking)
        buffer_add_text(&page->head, _("  下書きは Enter 仕上げる、Esc-w 引き継ぐ、Esc-r "
                                       "理由を付けて繰り越す\n  保留は妨げになりません\n"));
    for (size_t i = 0; i < day->draft_count; i++)
        add_draft(page, &day->drafts[i]);
    for (size_t i = 0; i < day->record_count; i++)
        add_record(page, &day->records[i]);
    for (size_t i = 0; i < day->entered_count; i++)
        add_record(page, &day->entered[i]);
    return OK;
}

static void chosen(struct page *page, size_t row)
{
    const struct day *day = &((struct shown *)page->own)->day;
    if (row < day->draft_count)
        entry_open_draft(page->desk, day->drafts[row].draft);
    else
        record_open(page->desk,
                    row - day->draft_count < day->record_count
                        ? day->records[row - day->draft_count].record
                        : day->entered[row - day->draft_count - day->record_count].record);
}

/* The rows are read anew while a question stands on the screen: the draft is known by its id. */
static void hand_over(struct page *page, const char *draft)
{
    struct user_list users;
    struct strings rows = STRINGS_INIT;
    struct error err;
    if (session_users(page->desk->session, &users, &err)) {
        desk_refused(&err);
        return;
    }
    for (size_t i = 0; i < users.count; i++)
        strings_take(&rows, xasprintf("%s (%s)", users.items[i].name, users.items[i].login));
    long at = dialog_choose(_("下書きを引き継ぐ相手"), &rows, NULL, 0);
    if (at >= 0 && day_hand_over(page->desk->session, draft, users.items[at].login, &err))
        desk_refused(&err);
    strings_free(&rows);
    user_list_free(&users);
}

static void carry(struct page *page, const char *draft)
{
    const struct shown *shown = page->own;
    struct error err;
    char *reason = NULL;
    if (dialog_prompt(_("下書きを繰り越す"), _("繰り越す理由（日計表に載ります）"), "", &reason) &&
        day_carry(page->desk->session, shown->date, draft, reason, &err))
        desk_refused(&err);
    xfree(&reason);
}

static bool progress(void *context, long done, long total, const char *what)
{
    (void)context;
    return dialog_progress(what, done, total);
}

static void show_result(const struct day_result *r)
{
    const char *problem = r->attachments_problem;
    char *attached =
        *problem ? xasprintf(_("添付の便 書けませんでした（次の便で送ります）: %s\n"), problem)
        : *r->attachments ? xasprintf(_("添付の便 %s\n"), r->attachments)
                          : xstrdup("");
    char *text =
        xasprintf(_("%s第%ld便を書き、読み直して確かめました。\n\n受付 %ld件\n送付便 %s\n%s"
                    "日計表 %s\n照合 %s（日計表にも載っています）\n控え %s"),
                  r->again ? _("追加便 ") : "", r->number, r->records, r->bundle, attached,
                  r->sheet, r->hash, *r->backup ? r->backup : r->backup_problem);
    dialog_text(_("日締めが終わりました"), text);
    xfree(&attached);
    xfree(&text);
}

static void close_day(struct page *page)
{
    const struct shown *shown = page->own;
    struct desk *desk = page->desk;
    struct transfer_order order = {.to = NULL};
    const char *to = office_setting(desk->office, "export.directory");
    char *approval = NULL;
    struct day_result result;
    struct error err;
    char date[ERA_TEXT_SIZE], *question;
    page_reload(page); /* drafts may have been finished meanwhile */
    if (day_closable(&shown->day, &err)) {
        dialog_text(_("まだ締められません"), error_text(&err));
        return;
    }
    era_format_day(date, sizeof date, shown->date);
    question =
        xasprintf(_("%s を締め、%s さんの鍵で封をして送付便を書きます。\n\n受付 %zu件  "
                    "未完了の下書き %ld件\n\nよろしいですか。"),
                  date, session_name(desk->session), shown->day.record_count, shown->day.blocking);
    bool go = dialog_confirm(_("日締め"), question);
    xfree(&question);
    if (go && *to && transfer_wants_approval(desk->session, to))
        go = dialog_prompt(_("持ち出し"), _("承認番号"), "", &approval);
    if (!go)
        return;
    order.to = *to ? to : NULL;
    order.approval = approval;
    enum status st = day_close(desk->session, shown->date, &order, progress, NULL, &result, &err);
    xfree(&approval);
    if (st) {
        if (err.code == E_RULE)
            dialog_text(_("まだ締められません"), error_text(&err));
        else
            desk_refused(&err);
    } else {
        show_result(&result);
    }
    desk_changed(desk);
}

static void turn(struct page *page, int by)
{
    struct shown *shown = page->own;
    struct date to = date_from_days(date_days(shown->date) + by);
    if (date_compare(to, clock_today()) > 0)
        return;
    shown->date = to;
}

static bool key(struct page *page, enum action action, long row)
{
    const struct day *day = &((struct shown *)page->own)->day;
    bool on_draft = row >= 0 && (size_t)row < day->draft_count;
    char *draft = xstrdup(on_draft ? day->drafts[row].draft : "");
    bool used = true;
    if (action == ACT_HAND && on_draft)
        hand_over(page, draft);
    else if (action == ACT_CARRY && on_draft)
        carry(page, draft);
    else if (action == ACT_CONFIRM)
        close_day(page);
    else if (action == ACT_PAGE_UP || action == ACT_PAGE_DOWN)
        turn(page, action == ACT_PAGE_UP ? -1 : 1);
    else
        used = false;
    xfree(&draft);
    if (used)
        page_reload(page);
    return used;
}

static void shown_free(void *own)
{
    struct shown *shown = own;
    day_free(&shown->day);
    xfree(&shown);
}

void day_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER,   ACT_HAND, ACT_CARRY,
                                       ACT_BACK, ACT_CONFIRM, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("day", keys),
        .title = N_("日締め（F10 で締める  PgUp・PgDn 前の日・次の日）"),
        .load = load,
        .chosen = chosen,
        .key = key,
        .back = page_reload,
        .free = shown_free,
    };
    struct shown *shown = xcalloc(1, sizeof *shown);
    shown->date = clock_today();
    page_open(desk, &type, shown);
}
