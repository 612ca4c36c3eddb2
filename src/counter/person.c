#include "counter/person.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry.h"
#include "counter/page.h"
#include "counter/record.h"
#include "counter/worklist.h"
#include "office/catalogue.h"
#include "office/dossier.h"
#include "office/people.h"
#include "ui/dialog.h"

enum { DOINGS = 8 }; /* at most */

struct doing;
struct person {
    char *id;
    const struct doing *doings[DOINGS]; /* offered here, in the order of the rows */
    size_t doing_count;
    bool whole;              /* with what is withheld of a protected person */
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
static void join(struct desk *desk, struct person *own)
{
    const char *person = own->id;
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

static void new_for_person(struct desk *desk, struct person *person)
{
    person_new_entry(desk, person->id, false);
}

static void new_for_household(struct desk *desk, struct person *person)
{
    person_new_entry(desk, person->id, true);
}

static void tell_whole(struct desk *desk, struct person *person)
{
    person->whole = true;
    desk_changed(desk);
}

static void change_protection(struct desk *desk, const char *person, const char *until)
{
    struct error err;
    char *reason = NULL;
    if (!dialog_prompt(_("閲覧制限"), _("理由（申出の日や受付の番号など。履歴に残ります）"), "",
                       &reason))
        return;
    if (people_protect(desk->session, person, until, reason, &err))
        desk_refused(&err);
    else
        screen_message(0, "%s",
                       until ? _("閲覧制限をかけました。期限は作業一覧「閲覧制限の期限」に出ます")
                             : _("閲覧制限を終えました。だれでも探せます"));
    xfree(&reason);
    desk_changed(desk);
}

static void protect(struct desk *desk, struct person *person)
{
    char *until = NULL;
    if (dialog_prompt(_("閲覧制限"), _("期限（R9.11.24 のように。過ぎても自動では解けません）"), "",
                      &until))
        change_protection(desk, person->id, until);
    xfree(&until);
}

static void end_protection(struct desk *desk, struct person *person)
{
    if (dialog_confirm(_("閲覧制限"), _("この人の閲覧制限を終えますか")))
        change_protection(desk, person->id, NULL);
}

static void make_dossier(struct desk *desk, struct person *person)
{
    struct error err;
    struct dossier made;
    if (dossier_write(desk->session, person->id, &made, &err)) {
        desk_refused(&err);
        return;
    }
    char *said = xasprintf(_("本人一式（%ld件）\n%s\n\n閲覧の記録（別紙 %ld件）\n%s"), made.records,
                           made.file, made.readings, made.readers_file);
    dialog_text(_("開示用の本人一式"), said);
    xfree(&said);
}

static bool always(const struct desk *desk, const struct person_page *page)
{
    (void)desk;
    (void)page;
    return true;
}

static bool may_protect(const struct desk *desk, const struct person_page *page)
{
    (void)page;
    return session_may(desk->session, MAY_READ_PROTECTED);
}

static bool is_protected(const struct desk *desk, const struct person_page *page)
{
    (void)desk;
    return page->protected;
}

static bool is_withheld(const struct desk *desk, const struct person_page *page)
{
    (void)desk;
    return page->withheld;
}

static const struct doing {
    const char *label;
    void (*run)(struct desk *desk, struct person *person);
    bool (*offered)(const struct desk *desk, const struct person_page *page);
} doings[] = {
    {N_("この人の新しい届出"), new_for_person, always},
    {N_("同世帯の人の届出（住所と電話だけ写す）"), new_for_household, always},
    {N_("ほかの人物と同一人物としてまとめる"), join, always},
    {N_("本人一式を作る（開示用。閲覧の記録は別紙）"), make_dossier, always},
    {N_("住所と連絡先を見る（見たことが残ります）"), tell_whole, is_withheld},
    {N_("閲覧制限をかける・期限を変える"), protect, may_protect},
    {N_("閲覧制限を終える"), end_protection, is_protected},
};

static enum status load(struct page *page, struct error *err)
{
    struct person *person = page->own;
    const struct person_page *p = &person->page;
    if (!p->id) {
        enum status st =
            people_load(page->desk->session, person->id, person->whole, &person->page, err);
        if (st)
            return st;
    }
    buffer_printf(&page->head, "%s  （%s）\n", p->name, p->kana);
    buffer_printf(&page->head, _("生年月日 %s\n"), p->birth);
    for (size_t i = 0; i + 1 < p->reach.count; i += 2)
        buffer_printf(&page->head, "%s %s\n", p->reach.items[i], p->reach.items[i + 1]);
    if (p->protected)
        buffer_add_text(&page->head, _("閲覧制限のある人です。ほかの人に知らせないでください\n"));
    buffer_printf(&page->head, _("届出・記録 %zu件\n"), p->records.count);
    person->doing_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        if (doings[i].offered(page->desk, p)) {
            person->doings[person->doing_count++] = &doings[i];
            list_add(&page->list, _(doings[i].label), NULL);
        }
    for (size_t i = 0; i < p->facts.count; i++) {
        const struct person_fact *f = &p->facts.items[i];
        char *line = xasprintf("* %s: %s  %s", f->label, f->text, f->number);
        list_add(&page->list, line, NULL);
        xfree(&line);
    }
    for (size_t i = 0; i < p->records.count; i++) {
        char *line = worklist_line(&p->records.items[i]);
        list_add(&page->list, line, NULL);
        xfree(&line);
    }
    return OK;
}

/* Each look is one reading that is written down: only when the page comes up again. */
static void back(struct page *page)
{
    struct person *person = page->own;
    person_page_free(&person->page);
    page_reload(page);
}

static void chosen(struct page *page, size_t row)
{
    struct person *person = page->own;
    const struct person_facts *facts = &person->page.facts;
    if (row >= person->doing_count + facts->count) {
        worklist_go(page->desk,
                    &person->page.records.items[row - person->doing_count - facts->count]);
        return;
    }
    if (row >= person->doing_count) {
        record_open(page->desk, facts->items[row - person->doing_count].record);
        return;
    }
    const struct doing *doing = person->doings[row];
    doing->run(page->desk, person);
    if (doing->run == tell_whole || doing->run == protect || doing->run == end_protection)
        back(page);
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
