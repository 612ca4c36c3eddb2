#include "counter/person.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/worklist.h"
#include "office/catalogue.h"
#include "office/people.h"
#include "ui/dialog.h"

struct person {
    char *id;
    struct person_page page; /* id is NULL until it is read */
};

bool person_new_entry(struct desk *desk, const char *person, bool household)
{
    struct form_rows forms;
    struct strings rows = STRINGS_INIT, readings = STRINGS_INIT;
    struct error err;
    long at = -1;
    if (catalogue_forms(office_catalogue(desk->office), office_language(desk->office), &forms,
                        &err)) {
        desk_refused(&err);
        return false;
    }
    size_t *index = xcalloc(forms.count + 1, sizeof *index);
    for (size_t i = 0; i < forms.count; i++)
        if (forms.items[i].person) {
            index[rows.count] = i;
            strings_add(&rows, forms.items[i].title);
            strings_add(&readings, forms.items[i].reading);
        }
    at = dialog_choose(household ? _("同世帯の人の届出: 様式") : _("この人の届出: 様式"), &rows,
                       &readings, 0);
    if (at >= 0)
        entry_open_for(desk, forms.items[index[at]].id, person, household);
    xfree(&index);
    strings_free(&rows);
    strings_free(&readings);
    form_rows_free(&forms);
    return at >= 0;
}

/* Another record of the same person: found by searching, joined with a reason. */
static void join(struct desk *desk, const char *person)
{
    struct hits hits;
    struct error err;
    struct strings rows = STRINGS_INIT;
    char *text = NULL, *reason = NULL;
    size_t *index = NULL, count = 0;
    if (!dialog_prompt(_("同一人物としてまとめる"), _("もう一方の人の氏名・カナ・電話など"), "",
                       &text))
        return;
    if (people_search(desk->session, text, 0, 50, &hits, &err))
        desk_refused(&err);
    index = xcalloc(hits.count + 1, sizeof *index);
    for (size_t i = 0; i < hits.count; i++)
        if (hits.items[i].is_person && strcmp(hits.items[i].id, person) != 0) {
            strings_take(&rows, xasprintf("%s  %s  %s", hits.items[i].title, hits.items[i].kana,
                                          hits.items[i].detail));
            index[count++] = i;
        }
    long at = dialog_choose(_("まとめる相手（今の人物に入ります）"), &rows, NULL, 0);
    if (at >= 0 && dialog_prompt(_("同一人物としてまとめる"), _("理由"), "", &reason)) {
        if (people_same(desk->session, person, hits.items[index[at]].id, reason, &err))
            desk_refused(&err);
        else
            screen_message(0, "%s", _("まとめました。履歴に理由が残ります"));
        desk_changed(desk);
    }
    xfree(&index);
    xfree(&text);
    xfree(&reason);
    strings_free(&rows);
    hits_free(&hits);
}

static void new_for_person(struct desk *desk, const char *person)
{
    person_new_entry(desk, person, false);
}

static void new_for_household(struct desk *desk, const char *person)
{
    person_new_entry(desk, person, true);
}

static const struct {
    const char *label;
    void (*run)(struct desk *desk, const char *person);
} doings[] = {
    {N_("この人の新しい届出"), new_for_person},
    {N_("同世帯の人の届出（住所と電話だけ写す）"), new_for_household},
    {N_("ほかの人物と同一人物としてまとめる"), join},
};

static enum status load(struct page *page, struct error *err)
{
    struct person *person = page->own;
    const struct person_page *p = &person->page;
    if (!p->id) {
        enum status st = people_load(page->desk->session, person->id, &person->page, err);
        if (st)
            return st;
    }
    buffer_printf(&page->head, "%s  （%s）\n", p->name, p->kana);
    buffer_printf(&page->head, _("生年月日 %s\n住所 %s\n電話 %s\n"), p->birth, p->address,
                  p->phone);
    if (p->protected)
        buffer_add_text(&page->head, _("閲覧制限のある人です。ほかの人に知らせないでください\n"));
    buffer_printf(&page->head, _("届出・記録 %zu件\n"), p->records.count);
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        list_add(&page->list, _(doings[i].label), NULL);
    for (size_t i = 0; i < p->records.count; i++) {
        char *line = worklist_line(&p->records.items[i]);
        list_add(&page->list, line, NULL);
        xfree(&line);
    }
    return OK;
}

static void chosen(struct page *page, size_t row)
{
    struct person *person = page->own;
    if (row < ARRAY_LEN(doings))
        doings[row].run(page->desk, person->id);
    else
        worklist_go(page->desk, &person->page.records.items[row - ARRAY_LEN(doings)]);
}

/* Each look is one reading that is written down: only when the page comes up again. */
static void back(struct page *page)
{
    struct person *person = page->own;
    person_page_free(&person->page);
    page_reload(page);
}

static void person_free(void *own)
{
    struct person *person = own;
    person_page_free(&person->page);
    xfree(&person->id);
    xfree(&person);
}

void person_open(struct desk *desk, const char *id)
{
    static const enum action keys[] = {ACT_HELP, ACT_SEARCH, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("person", keys),
        .title = N_("人物"),
        .load = load,
        .chosen = chosen,
        .back = back,
        .free = person_free,
        .numbered = true,
    };
    struct person *person = xcalloc(1, sizeof *person);
    person->id = xstrdup(id);
    page_open(desk, &type, person);
}
