#include "counter/menu.h"

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/bundles.h"
#include "counter/day.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/search.h"
#include "counter/worklist.h"
#include "office/catalogue.h"
#include "office/worklist.h"
#include "ui/dialog.h"

/* What stands between the forms and the lists of work. */
static const struct {
    const char *label, *reading;
    enum permission permission;
    void (*open)(struct desk *desk);
} doors[] = {
    {N_("人と記録を探す"), "ひとときろくをさがす けんさく search", MAY_READ, search_open},
    {N_("日締め"), "ひじめ にちじめ close", MAY_CLOSE_DAY, day_open},
    {N_("送付便"), "そうふびん bundle", MAY_READ, bundles_open},
};

/* One row: a form, a door or a list. */
struct place {
    char *form;
    void (*open)(struct desk *desk);
    const struct worklist *list;
};

struct menu {
    struct place *places;
    size_t count;
};

static struct place *add(struct page *page, const char *row, const char *reading)
{
    struct menu *menu = page->own;
    menu->places = xreallocarray(menu->places, menu->count + 1, sizeof *menu->places);
    menu->places[menu->count] = (struct place){0};
    list_add(&page->list, row, reading);
    return &menu->places[menu->count++];
}

static void clear(struct menu *menu)
{
    for (size_t i = 0; i < menu->count; i++)
        xfree(&menu->places[i].form);
    xfree(&menu->places);
    menu->count = 0;
}

static enum status add_forms(struct page *page, struct error *err)
{
    struct form_rows forms;
    struct office *office = page->desk->office;
    enum status st =
        catalogue_forms(office_catalogue(office), office_language(office), &forms, err);
    for (size_t i = 0; !st && i < forms.count; i++)
        add(page, forms.items[i].title, forms.items[i].reading)->form = xstrdup(forms.items[i].id);
    form_rows_free(&forms);
    return st;
}

static enum status add_lists(struct page *page, struct error *err)
{
    enum status st = OK;
    for (const struct worklist *list = worklist_all(page->desk->session); !st && list->name;
         list++) {
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

static enum status load(struct page *page, struct error *err)
{
    struct session *session = page->desk->session;
    enum status st = OK;
    clear(page->own);
    buffer_add_text(&page->head,
                    _("番号、または名前の一部（漢字・かな・ローマ字）を打って Enter\n"));
    if (session_may(session, MAY_ENTER))
        st = add_forms(page, err);
    for (size_t i = 0; i < ARRAY_LEN(doors); i++)
        if (session_may(session, doors[i].permission))
            add(page, _(doors[i].label), doors[i].reading)->open = doors[i].open;
    return st ? st : add_lists(page, err);
}

static void chosen(struct page *page, size_t row)
{
    const struct menu *menu = page->own;
    const struct place *place = &menu->places[row];
    if (place->form)
        entry_open_new(page->desk, place->form);
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

static void menu_free(void *own)
{
    clear(own);
    xfree(&own);
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
