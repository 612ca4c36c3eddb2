#include "counter/pair.h"

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/beside.h"
#include "counter/page.h"
#include "counter/person.h"
#include "office/people.h"
#include "ui/dialog.h"
#include "ui/terminal.h"

struct pair {
    char *a, *b, *why;
    struct beside both; /* `what` is NULL until it is read */
};

static enum status load(struct page *page, struct error *err)
{
    struct pair *pair = page->own;
    int rows, columns;
    enum status st = pair->both.what
                         ? OK
                         : beside_people(page->desk->session, pair->a, pair->b, &pair->both, err);
    if (st)
        return st;
    terminal_size(&rows, &columns);
    buffer_printf(&page->head, _("%s。F2 で、同じ人か別の人かを決めます\n"), pair->why);
    beside_heads(&page->head, _("一人目"), _("二人目"), columns);
    beside_rows(&page->list, &pair->both, false, columns);
    return OK;
}

/* With a reason that stays in the history. */
static void judge(struct page *page, const char *title, const char *keep, const char *other,
                  enum status (*say)(struct session *, const char *, const char *, const char *,
                                     struct error *))
{
    struct error err;
    char *reason = NULL;
    if (!dialog_prompt(title, _("そう判断した理由（履歴に残ります）"), "", &reason))
        return;
    enum status st = say(page->desk->session, keep, other, reason, &err);
    xfree(&reason);
    if (st) {
        desk_refused(&err);
        return;
    }
    screen_message(0, _("「%s」を記録しました"), title);
    struct desk *desk = page->desk;
    screen_pop(); /* the pair is done with */
    desk_changed(desk);
}

static void choose(struct page *page)
{
    struct pair *pair = page->own;
    struct strings rows = STRINGS_INIT;
    const char *const texts[] = {N_("同じ人（一人目にまとめる）"), N_("同じ人（二人目にまとめる）"),
                                 N_("別の人"), N_("一人目のページを見る"),
                                 N_("二人目のページを見る")};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        strings_add(&rows, _(texts[i]));
    long at = dialog_choose(_("この二人は"), &rows, NULL, 0);
    strings_free(&rows);
    if (at == 0)
        judge(page, _(texts[0]), pair->a, pair->b, people_same);
    else if (at == 1)
        judge(page, _(texts[1]), pair->b, pair->a, people_same);
    else if (at == 2)
        judge(page, _(texts[2]), pair->a, pair->b, people_other);
    else if (at >= 0)
        person_open(page->desk, at == 3 ? pair->a : pair->b);
}

static void chosen(struct page *page, size_t row)
{
    (void)row;
    choose(page);
}

static bool key(struct page *page, enum action action, long row)
{
    if (action != ACT_CANDIDATES && !(action == ACT_ENTER && row < 0))
        return false;
    choose(page);
    return true;
}

static void pair_free(void *own)
{
    struct pair *pair = own;
    beside_free(&pair->both);
    xfree(&pair->a);
    xfree(&pair->b);
    xfree(&pair->why);
    xfree(&pair);
}

void pair_open(struct desk *desk, const char *a, const char *b, const char *why)
{
    static const enum action keys[] = {ACT_HELP,  ACT_CANDIDATES, ACT_SEARCH,
                                       ACT_ENTER, ACT_BACK,       ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("pair", keys),
        .title = N_("同じ人かもしれない二人"),
        .load = load,
        .chosen = chosen,
        .key = key,
        .free = pair_free,
        .wraps = true,
    };
    struct pair *pair = xcalloc(1, sizeof *pair);
    pair->a = xstrdup(a);
    pair->b = xstrdup(b);
    pair->why = xstrdup(why);
    page_open(desk, &type, pair);
}
