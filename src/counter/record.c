#include "counter/record.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/beside.h"
#include "counter/conflict.h"
#include "counter/doing.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/person.h"
#include "counter/scan.h"
#include "form/definition.h"
#include "office/action.h"
#include "office/card.h"
#include "office/comparison_sheet.h"
#include "office/entry.h"
#include "office/notice.h"
#include "office/recordview.h"
#include "text/era.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/qr.h"
#include "ui/field.h"
#include "ui/paint.h"
#include "ui/terminal.h"

struct shown {
    char *id;
    bool whole;              /* with what is withheld of a protected person */
    struct record_view view; /* id is NULL until it is read */
    size_t *lines;           /* which of the view's a row shows */
    size_t count;
    struct beside beside; /* `what` is NULL until it is read */
    bool side_by_side,
        changed; /* how it is shown: beside what stood before, only the differences */
};

enum { SECTION_CELLS = 13, EDGE_CELLS = 6 };

static void add_row(struct page *page, size_t line, const char *section, const char *text, int len)
{
    struct shown *shown = page->own;
    struct buffer row = BUFFER_INIT;
    buffer_printf(&row, "%s", section);
    for (int i = text_width(section); i < SECTION_CELLS; i++)
        buffer_add_char(&row, ' ');
    buffer_printf(&row, "%.*s", len, text);
    list_add(&page->list, buffer_text(&row), NULL);
    shown->lines = xroom(shown->lines, shown->count, sizeof *shown->lines);
    shown->lines[shown->count++] = line;
    buffer_free(&row);
}

/* What does not fit goes on in the rows below. */
static void add_line(struct page *page, size_t at, const char *section)
{
    const struct view_line *line = &((struct shown *)page->own)->view.lines[at];
    struct buffer text = BUFFER_INIT;
    size_t *starts;
    int rows, columns;
    buffer_printf(&text, "%s: %s%s", line->label, line->conflict ? _("【食い違い】") : "",
                  line->value);
    if (line->before)
        buffer_printf(&text, _("  （前: %s）"), *line->before ? line->before : _("（空欄）"));
    if (line->compared)
        buffer_printf(&text, "   %s", line->compared);
    terminal_size(&rows, &columns);
    const char *all = buffer_text(&text);
    size_t count = wrap_lines(all, columns - SECTION_CELLS - EDGE_CELLS, &starts);
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? starts[i + 1] : strlen(all);
        if (end > starts[i] && all[end - 1] == '\n')
            end--;
        add_row(page, at, i ? "" : section, all + starts[i], (int)(end - starts[i]));
    }
    xfree(&starts);
    buffer_free(&text);
}

/* Beside what stood before it there is less room for words. */
static void load_beside(struct page *page)
{
    struct shown *shown = page->own;
    const struct record_view *v = &shown->view;
    int rows, columns;
    terminal_size(&rows, &columns);
    for (size_t i = v->note_count - v->due_count; i < v->note_count; i++)
        buffer_printf(&page->head, "  %s\n", v->notes[i]);
    beside_head(&page->head, &shown->beside, shown->changed, columns);
    beside_rows(&page->list, &shown->beside, shown->changed, columns);
}

static enum status read_both(struct page *page, struct error *err)
{
    struct shown *shown = page->own;
    struct session *session = page->desk->session;
    enum status st =
        shown->view.id ? OK : record_view_load(session, shown->id, shown->whole, &shown->view, err);
    if (!st && shown->side_by_side && !shown->beside.what)
        st = beside_load(session, shown->id, shown->whole, &shown->beside, err);
    return st;
}

static enum status load(struct page *page, struct error *err)
{
    struct shown *shown = page->own;
    struct record_view *v = &shown->view;
    enum status st = read_both(page, err);
    if (st)
        return st;
    buffer_printf(&page->head, "%s  %s  %s\n", v->form_title, v->receipt_no, v->title);
    buffer_printf(&page->head, _("状態 %s  %s%s\n"), v->state, v->stage,
                  v->deficient ? _("  不備あり") : "");
    if (v->conflict)
        buffer_add_text(&page->head,
                        _("  値が食い違っている欄があります（F2 から一つにできます）\n"));
    shown->count = 0;
    if (shown->side_by_side && shown->beside.count) {
        load_beside(page);
        return OK;
    }
    for (size_t i = 0; i < v->note_count; i++)
        buffer_printf(&page->head, "  %s\n", v->notes[i]);
    const char *section = "";
    for (size_t i = 0; i < v->line_count; i++) {
        const struct view_line *line = &v->lines[i];
        add_line(page, i, strcmp(line->section, section) == 0 ? "" : line->section);
        section = line->section;
    }
    return OK;
}

static void forget(struct page *page)
{
    struct shown *shown = page->own;
    record_view_free(&shown->view);
    beside_free(&shown->beside);
    desk_changed(page->desk);
    page_reload(page);
}

/* --- Doing something with it --- */

/* Asked, and done; what a refusal speaks of is asked again with what was typed. False: given up. */
static bool do_it(struct page *page, const struct action_row *action)
{
    struct shown *shown = page->own;
    struct strings values = STRINGS_INIT;
    struct error err;
    char *reason = NULL, *wrong = NULL;
    bool go = true, done = false;
    while (go && !done && (go = doing_ask(action, action->reason_draft, wrong, &reason, &values))) {
        if (action->decision) {
            char *question =
                xasprintf(_("%s  %s\n「%s」をします。取り消せません。よろしいですか。"),
                          shown->view.receipt_no, shown->view.title, action->label);
            go = dialog_confirm(action->label, question);
            xfree(&question);
        }
        enum status st =
            go ? action_do(page->desk->session, shown->id, action->name, reason ? reason : "",
                           (const char *const *)values.items, &err)
               : OK;
        done = go && !st;
        go = go && (!st || (st == E_INVALID && (action->reason_required || action->ask_count)));
        if (st) {
            desk_refused(&err);
            xfree(&wrong);
            wrong = xstrdup(error_text(&err));
        }
    }
    strings_free(&values);
    xfree(&reason);
    xfree(&wrong);
    return done;
}

static void act(struct page *page, const struct action_row *action)
{
    struct shown *shown = page->own;
    struct error err;
    char path[256];
    if (do_it(page, action)) {
        enum status st =
            notice_write(page->desk->session, shown->id, action->name, path, NULL, &err);
        if (!st)
            screen_message(0, _("「%s」をしました。通知書は %s"), action->label, path);
        else if (st == E_NOT_FOUND) /* nobody is told */
            screen_message(0, _("「%s」をしました"), action->label);
        else
            screen_message(STYLE_WARNING, _("「%s」をしました。通知書は作れません: %s"),
                           action->label, error_text(&err));
    }
    forget(page);
}

static void show_notice(struct desk *desk, const char *record)
{
    struct error err;
    char path[256], *text;
    if (notice_write(desk->session, record, NULL, path, &text, &err))
        desk_refused(&err);
    else
        dialog_text(path, text);
    xfree(&text);
}

static void show_history(const struct record_view *v)
{
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < v->event_count; i++) {
        const struct view_event *e = &v->events[i];
        buffer_printf(&text, "%s  %s  %s  %s\n", e->at, e->what, e->who, e->place);
        if (*e->reason)
            buffer_printf(&text, _("    理由: %s\n"), e->reason);
        for (const char *line = e->changes; *line;) {
            size_t len = strcspn(line, "\n");
            buffer_printf(&text, "    %.*s\n", (int)len, line);
            line += len + (line[len] == '\n');
        }
    }
    dialog_text(_("履歴"), buffer_text(&text));
    buffer_free(&text);
}

/* A form that refers to records like this one, with this one filled in. */
static void begin_about(struct desk *desk, struct shown *shown)
{
    struct strings ids = STRINGS_INIT, titles = STRINGS_INIT, readings = STRINGS_INIT;
    struct error err;
    long at = -1;
    if (entry_forms_about(desk->session, shown->id, &ids, &titles, &readings, &err))
        desk_refused(&err);
    else if (!ids.count)
        screen_message(0, "%s", _("この記録について始められる様式はありません"));
    else
        at = dialog_choose(_("この記録について始める: 様式"), &titles, &readings, 0);
    if (at >= 0)
        entry_open_about(desk, ids.items[at], shown->id);
    strings_free(&ids);
    strings_free(&titles);
    strings_free(&readings);
}

static void resolve(struct desk *desk, struct shown *shown)
{
    conflict_open(desk, shown->id);
}

static void correct(struct desk *desk, struct shown *shown)
{
    entry_open_record(desk, shown->id);
}

static void history(struct desk *desk, struct shown *shown)
{
    (void)desk;
    show_history(&shown->view);
}

static void to_person(struct desk *desk, struct shown *shown)
{
    person_open(desk, shown->view.person);
}

static void tell_whole(struct desk *desk, struct shown *shown)
{
    (void)desk;
    shown->whole = true;
}

static void notice_again(struct desk *desk, struct shown *shown)
{
    show_notice(desk, shown->id);
}

static void show_code(struct desk *desk, struct shown *shown)
{
    struct card_face face;
    struct buffer lines = BUFFER_INIT;
    struct error err;
    if (card_make(desk->session, shown->id, &face, &err)) {
        desk_refused(&err);
        return;
    }
    for (size_t i = 0; i < face.lines.count; i += 2)
        buffer_printf(&lines, "%s: %s\n", face.lines.items[i], face.lines.items[i + 1]);
    qr_show(face.title, buffer_text(&lines), face.token);
    buffer_free(&lines);
    card_face_free(&face);
}

static void print_code(struct desk *desk, struct shown *shown)
{
    struct error err;
    char path[256];
    if (card_print(desk->session, shown->id, path, NULL, &err))
        desk_refused(&err);
    else
        screen_message(0, _("%s に書きました"), path);
}

static void print_sheet(struct desk *desk, struct shown *shown)
{
    struct error err;
    char path[256], *text;
    if (comparison_sheet(desk->session, shown->id, path, &text, &err))
        desk_refused(&err);
    else
        dialog_text(path, text);
    xfree(&text);
}

static void scan_about(struct desk *desk, struct shown *shown)
{
    scan_open_about(desk, shown->id);
}

static bool has_code(const struct desk *desk, const struct record_view *view)
{
    return view->carded && session_may(desk->session, MAY_ENTER);
}

static bool has_previous(const struct desk *desk, const struct record_view *view)
{
    (void)desk;
    return view->compares;
}

static bool may_scan(const struct desk *desk, const struct record_view *view)
{
    return scan_offered(desk, view->id);
}

static bool always(const struct desk *desk, const struct record_view *view)
{
    (void)desk;
    (void)view;
    return true;
}

static bool may_enter(const struct desk *desk, const struct record_view *view)
{
    (void)view;
    return session_may(desk->session, MAY_ENTER);
}

static bool has_conflict(const struct desk *desk, const struct record_view *view)
{
    (void)desk;
    return view->conflict;
}

static bool has_person(const struct desk *desk, const struct record_view *view)
{
    (void)desk;
    return !str_empty(view->person);
}

static bool is_withheld(const struct desk *desk, const struct record_view *view)
{
    (void)desk;
    return view->withheld;
}

static void print_what_there_is(struct desk *desk, struct shown *shown)
{
    if (shown->view.compares)
        print_sheet(desk, shown);
    else if (has_code(desk, &shown->view))
        print_code(desk, shown);
    else
        notice_again(desk, shown);
}

/* After the actions of the form's workflow. */
static const struct doing {
    const char *label;
    void (*run)(struct desk *desk, struct shown *shown);
    bool (*offered)(const struct desk *desk, const struct record_view *view);
} doings[] = {
    {N_("食い違いを一つにする"), resolve, has_conflict},
    {N_("訂正する"), correct, may_enter},
    {N_("この記録について始める"), begin_about, may_enter},
    {N_("この記録で連続受付"), scan_about, may_scan},
    {N_("QRを画面に出す"), show_code, has_code},
    {N_("QRの紙を印刷する（Esc-o）"), print_code, has_code},
    {N_("前回と並べた比較表を印刷する（Esc-o）"), print_sheet, has_previous},
    {N_("履歴を見る（Esc-v）"), history, always},
    {N_("この人のページへ"), to_person, has_person},
    {N_("住所と連絡先を見る（見たことが残ります）"), tell_whole, is_withheld},
    {N_("通知書を見る・もう一度印刷する"), notice_again, always},
};

/* On any row but one with two values: what may be done with the record. */
static void choose_action(struct page *page)
{
    struct shown *shown = page->own;
    const struct doing *offered[ARRAY_LEN(doings)], *doing = NULL;
    struct action_list actions;
    struct strings rows = STRINGS_INIT;
    struct error err;
    size_t count = 0;
    if (action_list(page->desk->session, shown->id, &actions, &err))
        desk_refused(&err);
    for (size_t i = 0; i < actions.count; i++)
        strings_add(&rows, actions.items[i].label);
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        if (doings[i].offered(page->desk, &shown->view)) {
            strings_add(&rows, _(doings[i].label));
            offered[count++] = &doings[i];
        }
    long at = dialog_choose(_("この記録で"), &rows, NULL, 0);
    if (at >= 0 && (size_t)at < actions.count)
        act(page, &actions.items[at]);
    else if (at >= 0)
        doing = offered[(size_t)at - actions.count];
    action_list_free(&actions);
    strings_free(&rows);
    if (doing)
        doing->run(page->desk, shown);
    if (doing && doing->run == tell_whole)
        forget(page);
}

static void chosen(struct page *page, size_t row)
{
    struct shown *shown = page->own;
    if (row < shown->count && shown->view.lines[shown->lines[row]].conflict)
        conflict_open(page->desk, shown->id);
    else
        choose_action(page);
}

/* Beside what stood before it, or alone; which is said when there is nothing before it. */
static void arrange(struct page *page, bool side_by_side, bool changed)
{
    struct shown *shown = page->own;
    shown->side_by_side = side_by_side;
    shown->changed = changed;
    page_reload(page);
    list_select(&page->list, 0);
    if (side_by_side && !shown->beside.count) {
        shown->side_by_side = shown->changed = false;
        screen_message(0, "%s", _("並べるものがありません（訂正も更新も、前の記録もない）"));
    }
}

static bool key(struct page *page, enum action action, long row)
{
    struct shown *shown = page->own;
    if (action == ACT_DETAIL)
        show_history(&shown->view);
    else if (action == ACT_BESIDE)
        arrange(page, !(shown->side_by_side && shown->beside.count), false);
    else if (action == ACT_CHANGED)
        arrange(page, true, !shown->changed);
    else if (action == ACT_CANDIDATES || (action == ACT_ENTER && row < 0))
        choose_action(page);
    else if (action == ACT_PRINT)
        print_what_there_is(page->desk, shown);
    else
        return false;
    return true;
}

static void shown_free(void *own)
{
    struct shown *shown = own;
    record_view_free(&shown->view);
    beside_free(&shown->beside);
    xfree(&shown->lines);
    xfree(&shown->id);
    xfree(&shown);
}

static void open(struct desk *desk, const char *record, bool side_by_side)
{
    static const enum action keys[] = {ACT_HELP,   ACT_CANDIDATES, ACT_DETAIL,
                                       ACT_BESIDE, ACT_CHANGED,    ACT_PRINT,
                                       ACT_ENTER,  ACT_BACK,       ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("record", keys),
        .title = N_("記録（Enter または F2 で、この記録の処理）"),
        .load = load,
        .chosen = chosen,
        .key = key,
        .back = forget,
        .free = shown_free,
        .wraps = true,
    };
    struct shown *shown = xcalloc(1, sizeof *shown);
    shown->id = xstrdup(record);
    shown->side_by_side = side_by_side;
    page_open(desk, &type, shown);
}

void record_open(struct desk *desk, const char *record)
{
    open(desk, record, false);
}

void record_review(struct desk *desk, const char *record)
{
    open(desk, record, true);
}
