#include "counter/upkeep.h"

#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/care.h"
#include "office/preferences.h"
#include "ui/dialog.h"

/* --- How this place is --- */

static enum status load_health(struct page *page, struct error *err)
{
    const char *const words[] = {_("良"), _("注意"), _("異常")};
    struct care_findings *found = page->own;
    care_findings_free(found);
    enum status st = care_doctor(page->desk->office, found, err);
    for (size_t i = 0; !st && i < found->count; i++) {
        const struct care_finding *f = &found->items[i];
        char *row = xasprintf("%s\t%s\t%s", words[f->verdict], f->what, f->answer);
        list_add(&page->list, row, NULL);
        xfree(&row);
    }
    buffer_add_text(&page->head, _("選ぶと、分かったことをすべて読めます。コマンドでは doctor\n"));
    return st;
}

static void finding_chosen(struct page *page, size_t row)
{
    const struct care_findings *found = page->own;
    if (row < found->count)
        dialog_text(found->items[row].what, found->items[row].answer);
}

static void forget_health(void *own)
{
    care_findings_free(own);
    xfree(&own);
}

void health_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("health", keys),
        .title = N_("この場所の調子"),
        .load = load_health,
        .chosen = finding_chosen,
        .free = forget_health,
        .numbered = true,
    };
    page_open(desk, &type, xcalloc(1, sizeof(struct care_findings)));
}

/* --- Settings --- */

static enum status load_settings(struct page *page, struct error *err)
{
    struct preference p;
    (void)err;
    for (size_t i = 0; preferences_row(page->desk->office, i, &p); i++) {
        char *row = xasprintf("%s\t= %s\t%s", p.key, *p.value ? p.value : _("（なし）"), p.text);
        list_add(&page->list, row, NULL);
        xfree(&row);
    }
    buffer_add_text(&page->head, _("選ぶと変えられます。次に開いたときから働きます\n"));
    return OK;
}

/* One of what is allowed, or a line; false when given up. */
static bool ask(const struct preference *p, char **out)
{
    struct strings choices = STRINGS_INIT;
    long chosen = -1;
    if (!strchr(p->bounds, '|'))
        return dialog_prompt(p->key, p->text, p->value, out);
    strings_split(&choices, p->bounds, '|');
    chosen = dialog_choose(p->text, &choices, NULL, strings_find(&choices, p->value));
    if (chosen >= 0)
        *out = xstrdup(choices.items[chosen]);
    strings_free(&choices);
    return chosen >= 0;
}

static void setting_chosen(struct page *page, size_t row)
{
    struct preference p;
    struct error err;
    char *value = NULL;
    if (preferences_row(page->desk->office, row, &p) && ask(&p, &value) &&
        preferences_set(page->desk->session, p.key, value, &err))
        desk_refused(&err);
    xfree(&value);
    page_reload(page);
}

void settings_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("settings", keys),
        .title = N_("設定"),
        .load = load_settings,
        .chosen = setting_chosen,
        .numbered = true,
    };
    page_open(desk, &type, NULL);
}
