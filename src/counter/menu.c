#include "counter/menu.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/bundles.h"
#include "counter/day.h"
#include "counter/disposal.h"
#include "counter/duties.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/reports.h"
#include "counter/scan.h"
#include "counter/search.h"
#include "counter/upkeep.h"
#include "counter/worklist.h"
#include "office/catalogue.h"
#include "office/duty.h"
#include "office/worklist.h"
#include "ui/dialog.h"

/* What stands between the forms and the lists of work. */
static const struct {
    const char *label, *reading;
    enum permission permission;
    void (*open)(struct desk *desk);
} doors[] = {
    {N_("人と記録を探す"), "ひとときろくをさがす けんさく search", MAY_READ, search_open},
    {N_("連続受付（QR）"), "れんぞくうけつけ qr scan", MAY_ENTER, scan_open},
    {N_("帳票・集計"), "ちょうひょう しゅうけい report", MAY_READ, reports_open},
    {N_("日締め"), "ひじめ にちじめ close", MAY_CLOSE_DAY, day_open},
    {N_("送付便"), "そうふびん bundle", MAY_READ, bundles_open},
    {N_("町の鍵と証し"), "まちのかぎとあかし key anchor", MAY_ADMINISTER, duties_open},
    {N_("この場所の調子"), "このばしょのちょうし doctor", MAY_ADMINISTER, health_open},
    {N_("設定"), "せってい setting", MAY_ADMINISTER, settings_open},
};

/* One row: a ledger, a form, a door or a list. */
struct place {
    char *ledger, *ledger_title;
    char *form;
    void (*open)(struct desk *desk);
    const struct worklist *list; /* of the menu's */
};

/* Also the beginning of the page of one ledger. */
struct menu {
    struct place *places;
    size_t count;
    struct worklists lists;
};

static struct place *place_new(struct menu *menu)
{
    menu->places = xroom(menu->places, menu->count, sizeof *menu->places);
    menu->places[menu->count] = (struct place){0};
    return &menu->places[menu->count++];
}

static struct place *add(struct page *page, const char *row, const char *reading)
{
    list_add(&page->list, row, reading);
    return place_new(page->own);
}

static void clear(struct menu *menu)
{
    for (size_t i = 0; i < menu->count; i++) {
        xfree(&menu->places[i].ledger);
        xfree(&menu->places[i].ledger_title);
        xfree(&menu->places[i].form);
    }
    xfree(&menu->places);
    worklists_free(&menu->lists);
    menu->count = 0;
}

/* A row for each ledger; its forms lie behind it, and come up when a part of their name is typed.
 */
static void add_ledger(struct page *page, const struct form_rows *forms, size_t first)
{
    size_t count = 0;
    while (first + count < forms->count &&
           strcmp(forms->items[first + count].ledger, forms->items[first].ledger) == 0)
        count++;
    const struct form_row *form = &forms->items[first];
    char *row = xasprintf(_("%s（様式 %zu）"), form->ledger_title, count);
    struct place *place = add(page, row, form->ledger);
    place->ledger = xstrdup(form->ledger);
    place->ledger_title = xstrdup(form->ledger_title);
    xfree(&row);
}

static void add_form(struct page *page, const struct form_row *form, bool quiet)
{
    if (quiet)
        list_add_quiet(&page->list, form->title, form->reading);
    else
        list_add(&page->list, form->title, form->reading);
    place_new(page->own)->form = xstrdup(form->id);
}

/* ledger NULL: all ledgers; else the forms of one. */
static enum status add_forms(struct page *page, const char *ledger, struct error *err)
{
    struct form_rows forms;
    struct office *office = page->desk->office;
    enum status st =
        catalogue_forms(office_catalogue(office), office_language(office), &forms, err);
    for (size_t i = 0; !st && i < forms.count; i++) {
        const struct form_row *form = &forms.items[i];
        bool first = i == 0 || strcmp(forms.items[i - 1].ledger, form->ledger) != 0;
        if (!ledger && first)
            add_ledger(page, &forms, i);
        if (!ledger || strcmp(form->ledger, ledger) == 0)
            add_form(page, form, !ledger);
    }
    form_rows_free(&forms);
    return st;
}

static enum status add_lists(struct page *page, struct error *err)
{
    struct menu *menu = page->own;
    enum status st = worklist_all(page->desk->session, &menu->lists, err);
    for (size_t i = 0; !st && i < menu->lists.count; i++) {
        const struct worklist *list = &menu->lists.items[i];
        long count;
        st = worklist_count(page->desk->session, list->name, &count, err);
        if (st)
            break;
        char *row = xasprintf(_("%s  %ld件"), list->title, count);
        add(page, row, list->name)->list = list;
        xfree(&row);
    }
    return st;
}

/* What the town's administrator is to do now stands above everything; how many duties there are. */
static size_t add_duties(struct page *page)
{
    struct duty list[DUTY_KINDS];
    size_t count = duty_list(page->desk->session, list);
    for (size_t i = 0; i < count; i++)
        if (list[i].due)
            buffer_printf(&page->head, _("※ 町の鍵と証し: %s\n"), _(list[i].title));
    return count;
}

static enum status load(struct page *page, struct error *err)
{
    struct session *session = page->desk->session;
    enum status st = OK;
    clear(page->own);
    buffer_add_text(&page->head,
                    _("番号、または名前の一部（漢字・かな・ローマ字）を打って Enter\n"));
    size_t duties = add_duties(page);
    if (session_may(session, MAY_ENTER))
        st = add_forms(page, NULL, err);
    for (size_t i = 0; i < ARRAY_LEN(doors); i++)
        if (session_may(session, doors[i].permission) && (doors[i].open != duties_open || duties))
            add(page, _(doors[i].label), doors[i].reading)->open = doors[i].open;
    return st ? st : add_lists(page, err);
}

static void menu_free(void *own)
{
    clear(own);
    xfree(&own);
}

/* --- The forms of one ledger --- */

struct ledger_page {
    struct menu menu; /* first: add() and clear() work on it */
    char *ledger, *title;
};

static enum status load_ledger(struct page *page, struct error *err)
{
    const struct ledger_page *own = page->own;
    clear(page->own);
    buffer_printf(&page->head, _("%s: 様式を選んで Enter\n"), own->title);
    return add_forms(page, own->ledger, err);
}

static void form_chosen(struct page *page, size_t row)
{
    const struct menu *menu = page->own;
    entry_open_new(page->desk, menu->places[row].form);
}

static void ledger_free(void *own)
{
    struct ledger_page *page = own;
    xfree(&page->ledger);
    xfree(&page->title);
    menu_free(own);
}

static void ledger_open(struct desk *desk, const struct place *place)
{
    static const enum action keys[] = {ACT_HELP, ACT_SEARCH, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("ledger", keys),
        .title = N_("台帳"),
        .load = load_ledger,
        .chosen = form_chosen,
        .free = ledger_free,
        .numbered = true,
    };
    struct ledger_page *own = xcalloc(1, sizeof *own);
    own->ledger = xstrdup(place->ledger);
    own->title = xstrdup(place->ledger_title);
    page_open(desk, &type, own);
}

/* --- The menu --- */

static void chosen(struct page *page, size_t row)
{
    const struct menu *menu = page->own;
    const struct place *place = &menu->places[row];
    if (place->ledger)
        ledger_open(page->desk, place);
    else if (place->form)
        entry_open_new(page->desk, place->form);
    else if (place->list && strcmp(place->list->name, WORKLIST_KEPT) == 0 &&
             session_may(page->desk->session, MAY_ADMINISTER))
        disposal_open(page->desk, place->list);
    else if (place->list)
        worklist_open(page->desk, place->list);
    else
        place->open(page->desk);
}

/* Esc does not end the day's work by accident. */
static bool key(struct page *page, enum action action, long row)
{
    (void)row;
    (void)page;
    if (action != ACT_BACK)
        return false;
    if (dialog_confirm(_("ログアウト"), _("ログアウトして、次の人のために画面を空けますか。")))
        screen_quit();
    return true;
}

static void back(struct page *page)
{
    field_set(&page->list.filter, "");
    desk_changed(page->desk);
    page_reload(page);
}

void menu_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_SEARCH, ACT_ENTER,
                                       ACT_LOCK, ACT_BACK,   ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("menu", keys),
        .title = N_("メニュー"),
        .load = load,
        .chosen = chosen,
        .key = key,
        .back = back,
        .free = menu_free,
        .numbered = true,
    };
    page_open(desk, &type, xcalloc(1, sizeof(struct menu)));
}
