#include "office/people.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/token.h"
#include "form/answer.h"
#include "office/card.h"
#include "office/entry_internal.h"
#include "office/veil.h"
#include "office/worklist_internal.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "store/search.h"
#include "text/era.h"

/* What is about nobody is found under its title. */
static char *title_of(struct session *session, const struct search_hit *found)
{
    struct record_rows rows = {0};
    const struct record_filter one = {.form = found->form, .record = found->record};
    if (!*found->name && !found->is_person)
        record_query(session->office->store, &one, 0, 1, &rows, NULL);
    char *title = xstrdup(*found->name                                    ? found->name
                          : rows.count && !str_empty(rows.items[0].title) ? rows.items[0].title
                                                                          : found->receipt_no);
    record_rows_free(&rows);
    return title;
}

static void add_hit(struct session *session, const struct search_hit *found, struct hits *out)
{
    struct date birth;
    char day[64] = "";
    const struct form *form;
    const char *title = found->form;
    const char *address =
        concealed_record(session->office->store, found->record) ? _(WITHHELD) : found->address;
    if (iso_date_parse(&birth, found->birth))
        era_format(day, sizeof day, birth);
    if (catalogue_form(session->office->catalogue, found->form, 0, &form, NULL) == OK)
        title = label_text(&form->title, office_language(session->office));
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = (struct hit){
        .id = xstrdup(found->record),
        .is_person = found->is_person,
        .title = title_of(session, found),
        .kana = xstrdup(found->kana),
        .detail = found->is_person ? xasprintf("%s  %s", day, address)
                                   : xasprintf("%s  %s", title, found->receipt_no),
    };
}

enum status people_search(struct session *session, const char *text, long offset, long limit,
                          struct hits *out, struct error *err)
{
    struct search_hits found;
    struct card_found card = {0};
    *out = (struct hits){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st && token_like(text)) /* read from a card: its record is meant */
        st = card_read(session, NULL, text, &card, err);
    if (!st)
        st = search_query(session->office->store, card.receipt_no ? card.receipt_no : text,
                          session_may(session, MAY_READ_PROTECTED), offset, limit, &found, err);
    card_found_free(&card);
    if (st)
        return st;
    for (size_t i = 0; i < found.count; i++)
        add_hit(session, &found.items[i], out);
    out->more = found.more;
    out->milliseconds = found.milliseconds;
    search_hits_free(&found);
    return OK;
}

void hits_free(struct hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        xfree(&hits->items[i].id);
        xfree(&hits->items[i].title);
        xfree(&hits->items[i].kana);
        xfree(&hits->items[i].detail);
    }
    xfree(&hits->items);
    hits->count = 0;
}

static char *birth_text(const char *value)
{
    struct date birth;
    char day[64];
    if (!iso_date_parse(&birth, value))
        return xstrdup(value);
    era_format(day, sizeof day, birth);
    return xasprintf(_("%s 満%d歳"), day, era_age(birth, clock_today()));
}

static char *joined(const struct record *record, const char *const *paths, size_t count)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < count; i++) {
        const char *value = record_value(record, paths[i]);
        if (*value)
            buffer_printf(&out, "%s%s", out.len ? " " : "", value);
    }
    return buffer_steal(&out);
}

/* Fields that are one value stand in one line, under the name of their group. */
static void add_reach(struct session *session, const struct form *form, const struct record *record,
                      struct person_page *out)
{
    const char *language = office_language(session->office), *group = NULL;
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        const char *value =
            field_is_contact(form, f) && field_is_asked(f) ? record_value(record, f->name) : "";
        if (!*value)
            continue;
        const char *text = out->withheld ? _(WITHHELD) : value;
        if (f->merge && str_eq(group, f->merge)) {
            char **last = &out->reach.items[out->reach.count - 1], *whole;
            whole = out->withheld ? xstrdup(text) : xasprintf("%s %s", *last, text);
            xfree(last);
            *last = whole;
        } else {
            const struct label *label = f->merge && f->parent ? &f->parent->label : &f->label;
            strings_add(&out->reach, label_text(label, language));
            strings_add(&out->reach, text);
        }
        group = f->merge;
    }
}

static enum status person_records(struct session *session, const char *person,
                                  struct worklist_rows *out, struct error *err)
{
    struct search_hits found;
    enum status st = search_of_person(session->office->store, person, &found, err);
    if (st)
        return st;
    for (size_t i = 0; !st && i < found.count; i++) {
        struct record_filter filter = {.record = found.items[i].record, .not_form = "person"};
        struct record_rows rows;
        st = record_query(session->office->store, &filter, 0, 1, &rows, err);
        if (!st && rows.count)
            worklist_add_record(session->office, &rows.items[0], out);
        if (!st)
            record_rows_free(&rows);
    }
    out->total = (long)out->count;
    worklist_mark_due(session, out);
    search_hits_free(&found);
    return st;
}

enum status people_load(struct session *session, const char *person, bool whole,
                        struct person_page *out, struct error *err)
{
    static const char *const kana[] = {"family_kana", "given_kana", "single_kana"};
    char id[UUID_SIZE];
    struct record record;
    const struct form *known;
    *out = (struct person_page){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = search_person(session->office->store, person, id, err);
    if (!st)
        st = record_load_for(session, id, &record, err);
    if (st)
        return st;
    char *form = xasprintf("%s@%ld", record.form, record.version);
    st = record_note_read(session, id, form, err);
    xfree(&form);
    out->id = xstrdup(id);
    out->name = xstrdup(record_value(&record, "title"));
    out->kana = joined(&record, kana, ARRAY_LEN(kana));
    out->birth = birth_text(record_value(&record, "birth_date"));
    out->protected = concealed_record(session->office->store, id);
    out->withheld = out->protected && !whole;
    if (!st)
        st = catalogue_form(session->office->catalogue, record.form, record.version, &known, err);
    if (!st)
        add_reach(session, known, &record, out);
    record_free(&record);
    if (!st)
        st = person_records(session, id, &out->records, err);
    for (size_t i = 0; !st && i < out->records.count; i++)
        st = person_facts_add(session, out->records.items[i].id, &out->facts, err);
    person_facts_sort(&out->facts);
    if (st)
        person_page_free(out);
    return st;
}

void person_page_free(struct person_page *page)
{
    char **texts[] = {&page->id, &page->name, &page->kana, &page->birth};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    strings_free(&page->reach);
    person_facts_free(&page->facts);
    worklist_rows_free(&page->records);
}

/* --- Same person, somebody else --- */

struct judgement {
    struct session *session;
    const char *person, *path, *value, *reason;
};

static enum status append_judgement(void *context, struct error *err)
{
    struct judgement *j = context;
    const struct form *form;
    enum status st = catalogue_form(j->session->office->catalogue, "person", 0, &form, err);
    if (st)
        return st;
    char *name = form_name(form);
    struct line body = event_body();
    line_add_text(&body, "reason", j->reason);
    map_set(line_add_map(&body, "set"), j->path, j->value);
    struct journal_entry entry = {OP_PUT, j->person, name, &body};
    st = journal_append(j->session->office->store, j->session->keys, &entry, NULL, err);
    xfree(&name);
    return st;
}

static enum status judge(struct judgement *j, const char *other, struct error *err)
{
    struct record_filter filters[] = {{.record = j->person, .form = "person"},
                                      {.record = other, .form = "person"}};
    enum status st = session_require(j->session, MAY_ENTER, err);
    for (size_t i = 0; !st && i < ARRAY_LEN(filters); i++) {
        struct record_rows rows;
        filters[i].visible = !session_may(j->session, MAY_READ_PROTECTED);
        st = record_query(j->session->office->store, &filters[i], 0, 0, &rows, err);
        if (!st && !rows.total)
            st = error_set(err, E_NOT_FOUND, _("人物 %s はありません"), filters[i].record);
    }
    if (!st && strcmp(j->person, other) == 0)
        st = error_set(err, E_INVALID, _("同じ人物です"));
    if (!st && !*j->reason)
        st = error_set(err, E_INVALID, _("そう判断した理由を書いてください"));
    if (!st)
        st = answer_free_text(j->reason, err);
    return st ? st : store_transaction(j->session->office->store, append_judgement, j, err);
}

enum status people_same(struct session *session, const char *keep, const char *other,
                        const char *reason, struct error *err)
{
    struct judgement j = {session, other, "merged_into", keep, reason};
    enum status st = judge(&j, keep, err);
    return st || !concealed_record(session->office->store, other)
               ? st
               : veil_papers(session->office, err);
}

enum status people_other(struct session *session, const char *a, const char *b, const char *reason,
                         struct error *err)
{
    struct record record;
    enum status st = record_load_for(session, a, &record, err);
    if (st)
        return st;
    const char *known = record_value(&record, "not_same");
    char *list = *known ? xasprintf("%s %s", known, b) : xstrdup(b);
    struct judgement j = {session, a, "not_same", list, reason};
    st = judge(&j, b, err);
    xfree(&list);
    record_free(&record);
    return st;
}

/* --- 閲覧制限 --- */

static enum status append_protection(void *context, struct error *err)
{
    struct judgement *j = context;
    struct strings same = STRINGS_INIT;
    enum status st = concealed_same(j->session->office->store, j->person, &same, err);
    for (size_t i = 0; !st && i < same.count; i++) {
        struct judgement one = *j;
        one.person = same.items[i];
        st = append_judgement(&one, err);
    }
    strings_free(&same);
    return st;
}

/* A day in any spelling, today or later, as it is stored. */
static enum status end_of_protection(const char *typed, char iso[ISO_DATE_SIZE], struct error *err)
{
    struct date day, today = clock_today();
    enum status st = era_parse(typed, 0, today, &day, err);
    if (!st && date_days(day) < date_days(today))
        st = error_set(err, E_INVALID, _("期限は今日からあとの日にしてください"));
    if (!st)
        iso_date(iso, day);
    return st;
}

enum status people_protect(struct session *session, const char *person, const char *until,
                           const char *reason, struct error *err)
{
    struct record record;
    char id[UUID_SIZE], iso[ISO_DATE_SIZE] = "";
    enum status st = session_require(session, MAY_READ_PROTECTED, err);
    if (!st)
        st = search_person(session->office->store, person, id, err);
    if (!st)
        st = record_load_for(session, id, &record, err);
    if (st)
        return st;
    if (strcmp(record.form, "person") != 0)
        st = error_set(err, E_INVALID, _("人物の id を示してください（人物の画面か検索に出ます）"));
    else if (!until && !*record_value(&record, "protected_until"))
        st = error_set(err, E_RULE, _("この人に閲覧制限はありません"));
    record_free(&record);
    if (!st && until)
        st = end_of_protection(until, iso, err);
    if (!st && str_empty(reason))
        st = error_set(err, E_INVALID, _("理由（申出の日や受付の番号など）を書いてください"));
    if (!st)
        st = answer_free_text(reason, err);
    struct judgement j = {session, id, "protected_until", iso, reason};
    if (!st)
        st = store_transaction(session->office->store, append_protection, &j, err);
    return st || !until ? st : veil_papers(session->office, err);
}
