#include "office/worklist.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/concern.h"
#include "office/held.h"
#include "office/office_internal.h"
#include "office/worklist_internal.h"
#include "store/concealed.h"
#include "store/journal.h"

typedef enum status (*list_loader)(struct session *session, long offset, long limit,
                                   struct worklist_rows *out, struct error *err);

/* Names of states stay out of here but for the one every workflow has when it waits for somebody.
 */
static enum status load_records(struct session *session, const struct record_filter *filter,
                                long offset, long limit, struct worklist_rows *out,
                                struct error *err)
{
    struct record_rows rows;
    struct record_filter seen = *filter;
    seen.visible = !session_may(session, MAY_READ_PROTECTED);
    enum status st = record_query(session->office->store, &seen, offset, limit, &rows, err);
    if (st)
        return st;
    for (size_t i = 0; i < rows.count; i++)
        worklist_add_record(session->office, &rows.items[i], out);
    out->total = rows.total;
    record_rows_free(&rows);
    return OK;
}

static enum status load_drafts(struct session *session, bool held, long offset, long limit,
                               struct worklist_rows *out, struct error *err)
{
    struct draft_list list;
    const char *owner = session_may(session, MAY_REASSIGN) || held ? NULL : session->login;
    enum status st = drafts_for(session, held ? DRAFTS_HELD : DRAFTS_OPEN, owner, &list, err);
    struct user_list users = {0};
    if (st)
        return st;
    if (limit)
        st = session_users(session, &users, err);
    out->total = (long)list.count;
    for (size_t i = (size_t)offset;
         !st && i < list.count && (limit < 0 || (long)i < offset + limit); i++) {
        const struct draft *d = &list.items[i];
        const struct form *form;
        const char *title = d->form;
        if (catalogue_form_named(session->office->catalogue, d->form, &form, NULL) == OK)
            title = label_text(&form->title, office_language(session->office));
        worklist_add(
            out, (struct worklist_row){.id = d->id,
                                       .number = N_("未付番"),
                                       .form = (char *)(uintptr_t)title,
                                       .title = d->title,
                                       .state = (char *)(uintptr_t)user_list_name(&users, d->owner),
                                       .stage = "",
                                       .when = held ? d->next_contact : d->saved_at,
                                       .note = d->note,
                                       .is_draft = true});
    }
    user_list_free(&users);
    draft_list_free(&list);
    return st;
}

static enum status drafts(struct session *s, long offset, long limit, struct worklist_rows *out,
                          struct error *err)
{
    return load_drafts(s, false, offset, limit, out, err);
}

static enum status holds(struct session *s, long offset, long limit, struct worklist_rows *out,
                         struct error *err)
{
    return load_drafts(s, true, offset, limit, out, err);
}

static enum status returned(struct session *s, long offset, long limit, struct worklist_rows *out,
                            struct error *err)
{
    const struct record_filter filter = {.state = "correction", .by_deadline = true};
    return load_records(s, &filter, offset, limit, out, err);
}

static enum status unsent(struct session *s, long offset, long limit, struct worklist_rows *out,
                          struct error *err)
{
    const struct record_filter filter = {.stage = STAGE_UNSENT, .numbered = true};
    return worklist_load_urgent(s, &filter, offset, limit, out, err);
}

static enum status waiting(struct session *s, long offset, long limit, struct worklist_rows *out,
                           struct error *err)
{
    const struct record_filter filter = {
        .open = true, .numbered = true, .device = s->office->device};
    return worklist_load_urgent(s, &filter, offset, limit, out, err);
}

static enum status to_review(struct session *s, long offset, long limit, struct worklist_rows *out,
                             struct error *err)
{
    const struct record_filter filter = {.open = true, .numbered = true};
    return worklist_load_urgent(s, &filter, offset, limit, out, err);
}

static enum status deadlines(struct session *s, long offset, long limit, struct worklist_rows *out,
                             struct error *err)
{
    char today[ISO_DATE_SIZE];
    iso_date(today, clock_today());
    const struct record_filter filter = {.open = true, .deadline_to = today, .by_deadline = true};
    return load_records(s, &filter, offset, limit, out, err);
}

static enum status conflicts(struct session *s, long offset, long limit, struct worklist_rows *out,
                             struct error *err)
{
    const struct record_filter filter = {.conflict = true};
    return load_records(s, &filter, offset, limit, out, err);
}

static enum status recent(struct session *s, long offset, long limit, struct worklist_rows *out,
                          struct error *err)
{
    const struct record_filter filter = {.numbered = true, .newest_first = true};
    return load_records(s, &filter, offset, limit, out, err);
}

static enum status numbers(struct session *s, long offset, long limit, struct worklist_rows *out,
                           struct error *err)
{
    const struct record_filter filter = {.shared = true};
    return load_records(s, &filter, offset, limit, out, err);
}

static enum status held(struct session *s, long offset, long limit, struct worklist_rows *out,
                        struct error *err)
{
    struct held_rows rows;
    if (!limit) {
        out->total = (long)journal_held(s->office->store);
        return OK;
    }
    enum status st = held_list(s, &rows, err);
    if (st)
        return st;
    out->total = (long)rows.count;
    for (size_t i = (size_t)offset; i < rows.count && (limit < 0 || (long)i < offset + limit);
         i++) {
        const struct held_row *r = &rows.items[i];
        char *place = xasprintf("%s %s", r->place, r->there ? _("（町で保留）") : "");
        char *detail = xasprintf(_("%s\n\n%s  %s  %s\n%s\n\n照合値 %.16s\n\nすること: %s"), r->text,
                                 r->at, r->who, r->place, r->form, r->event, r->advice);
        worklist_add(out, (struct worklist_row){.id = r->record,
                                                .number = r->number,
                                                .form = *r->title ? r->title : r->form,
                                                .title = r->text,
                                                .state = "",
                                                .stage = "",
                                                .when = r->at,
                                                .note = place,
                                                .detail = detail});
        xfree(&place);
        xfree(&detail);
    }
    held_rows_free(&rows);
    return OK;
}

/* 閲覧制限: the end of each protection, for who may see them. It does not end by itself. */
static enum status protections(struct session *s, long offset, long limit,
                               struct worklist_rows *out, struct error *err)
{
    struct concealed_people list;
    char today[ISO_DATE_SIZE];
    iso_date(today, clock_today());
    enum status st = concealed_people(s->office->store, &list, err);
    if (st)
        return st;
    out->total = (long)list.count;
    for (size_t i = (size_t)offset; i < list.count && (limit < 0 || (long)i < offset + limit);
         i++) {
        const struct record_filter filter = {.record = list.items[i].person};
        struct record_rows rows;
        st = record_query(s->office->store, &filter, 0, 1, &rows, err);
        if (st)
            break;
        if (rows.count) {
            worklist_add_record(s->office, &rows.items[0], out);
            struct worklist_row *row = &out->items[out->count - 1];
            bool over = strcmp(list.items[i].until, today) < 0;
            xfree(&row->when);
            xfree(&row->note);
            row->when = xstrdup(list.items[i].until);
            row->note = xstrdup(over ? _("期限が過ぎた（制限は続いている）") : "");
            row->is_person = true;
        }
        record_rows_free(&rows);
    }
    concealed_people_free(&list);
    return st;
}

/* Which lists a place has: on the town those of the review, elsewhere those of the counter. */
static const struct {
    const char *name, *title;
    list_loader load;
    bool counter, town;
} lists[] = {
    {WORKLIST_REVIEW, N_("審査を待つもの"), to_review, false, true},
    {"drafts", N_("下書き"), drafts, true, false},
    {"holds", N_("保留"), holds, true, false},
    {"returned", N_("補正待ち"), returned, true, true},
    {"unsent", N_("未送信"), unsent, true, false},
    {"waiting", N_("町の決定待ち"), waiting, true, false},
    {WORKLIST_REMINDERS, N_("督促（補正などの期限が近い・過ぎた）"), worklist_load_reminders, false,
     true},
    {"deadlines", N_("期限が来たもの"), deadlines, true, true},
    {"duplicates", N_("人物の重複候補"), worklist_load_twins, true, true},
    {"conflicts", N_("値の食い違い"), conflicts, true, true},
    {"concerns", N_("要確認（二か所の変更が規則に合わない）"), concern_worklist, true, true},
    {"numbers", N_("受付番号の重複"), numbers, false, true},
    {"held", N_("保留の記録（届いていないもの）"), held, true, true},
    {WORKLIST_KEPT, N_("保存期間の過ぎた記録"), worklist_load_kept, false, true},
    {"recent", N_("受付した記録"), recent, true, true},
    {WORKLIST_PROTECTED, N_("閲覧制限の期限"), protections, true, true},
};

/* An administrator, who need not read records, sees which are to be disposed of; of protected
 * people nobody knows but who may see them. */
static bool open_to(const struct session *session, const char *name)
{
    if (strcmp(name, WORKLIST_PROTECTED) == 0)
        return session_may(session, MAY_READ_PROTECTED);
    return session_may(session, MAY_READ) ||
           (strcmp(name, WORKLIST_KEPT) == 0 && session_may(session, MAY_ADMINISTER));
}

void worklists_add(struct worklists *list, const char *name, const char *title)
{
    list->items = xroom(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = (struct worklist){xstrdup(name), xstrdup(title)};
}

void worklists_free(struct worklists *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].name);
        xfree(&list->items[i].title);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status worklist_all(struct session *session, struct worklists *out, struct error *err)
{
    bool town = session->office->role == OFFICE_TOWN;
    *out = (struct worklists){0};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if ((town ? lists[i].town : lists[i].counter) && open_to(session, lists[i].name))
            worklists_add(out, lists[i].name, _(lists[i].title));
    return session_may(session, MAY_READ) ? worklist_add_rules(session, out, err) : OK;
}

enum status worklist_load(struct session *session, const char *name, long offset, long limit,
                          struct worklist_rows *out, struct error *err)
{
    *out = (struct worklist_rows){0};
    list_loader loader = NULL;
    enum status st = open_to(session, name) ? OK : session_require(session, MAY_READ, err);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (strcmp(lists[i].name, name) == 0 && open_to(session, name))
            loader = lists[i].load;
    if (!st)
        st = loader ? loader(session, offset, limit, out, err)
                    : worklist_load_rule(session, name, offset, limit, out, err);
    if (st)
        worklist_rows_free(out);
    else
        worklist_mark_due(session, out);
    return st;
}

enum status worklist_count(struct session *session, const char *name, long *out, struct error *err)
{
    struct worklist_rows rows;
    enum status st = worklist_load(session, name, 0, 0, &rows, err);
    *out = st ? 0 : rows.total;
    worklist_rows_free(&rows);
    return st;
}

/* --- Rows --- */

enum { ROW_TEXTS = 13 };

static void row_texts(struct worklist_row *r, char **out[ROW_TEXTS])
{
    char **const texts[ROW_TEXTS] = {&r->id,    &r->number, &r->form, &r->title, &r->state,
                                     &r->stage, &r->when,   &r->note, &r->mark,  &r->due,
                                     &r->left,  &r->detail, &r->other};
    memcpy(out, texts, sizeof texts);
}

static char *copied(const char *text)
{
    return xstrdup(text ? text : "");
}

void worklist_add(struct worklist_rows *out, struct worklist_row row)
{
    out->items = xroom(out->items, out->count, sizeof *out->items);
    char **texts[ROW_TEXTS];
    row_texts(&row, texts);
    for (size_t i = 0; i < ROW_TEXTS; i++)
        *texts[i] = copied(*texts[i]);
    out->items[out->count++] = row;
}

const char *stage_text(enum record_stage stage)
{
    static const char *const texts[] = {
        [STAGE_NONE] = "",
        [STAGE_UNSENT] = N_("未送信"),
        [STAGE_SENT] = N_("送付済"),
        [STAGE_ARRIVED] = N_("町到達"),
    };
    return *texts[stage] ? _(texts[stage]) : "";
}

const char *state_text(const struct form *form, const char *state, const char *language)
{
    const struct workflow_state *known = workflow_state(form->workflow, state);
    return known ? label_text(&known->label, language) : state;
}

void worklist_add_record(struct office *office, const struct record_row *row,
                         struct worklist_rows *out)
{
    const struct form *form;
    const char *language = office_language(office), *title = row->form, *state = row->state;
    if (catalogue_form(office->catalogue, row->form, row->version, &form, NULL) == OK) {
        title = label_text(&form->title, language);
        state = state_text(form, row->state, language);
    }
    worklist_add(out, (struct worklist_row){
                          .id = row->record,
                          .number = row->receipt_no,
                          .form = (char *)(uintptr_t)title,
                          .title = row->title,
                          .state = (char *)(uintptr_t)state,
                          .stage = (char *)(uintptr_t)stage_text(row->stage),
                          .when = *row->deadline ? row->deadline : row->received_on,
                          .note = row->conflict    ? _("値の食い違い")
                                  : row->deficient ? _("不備あり")
                                                   : "",
                      });
}

void worklist_rows_free(struct worklist_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        char **texts[ROW_TEXTS];
        row_texts(&rows->items[i], texts);
        for (size_t t = 0; t < ROW_TEXTS; t++)
            xfree(texts[t]);
    }
    xfree(&rows->items);
    *rows = (struct worklist_rows){0};
}
