#include "office/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/writer.h"
#include "office/care.h"
#include "office/office_internal.h"
#include "office/sheet.h"
#include "office/transfer.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "store/transport.h"

/* --- What the day holds --- */

static void add_form(struct day *day, const char *form, const char *title, bool deficient)
{
    size_t i = 0;
    while (i < day->form_count && strcmp(day->forms[i].form, form) != 0)
        i++;
    if (i == day->form_count) {
        day->forms = xroom(day->forms, day->form_count, sizeof *day->forms);
        day->forms[day->form_count++] = (struct day_form){xstrdup(form), xstrdup(title), 0, 0};
    }
    day->forms[i].finalised++;
    day->forms[i].deficient += deficient;
}

static struct day_record record_of(struct office *office, const struct record_row *row)
{
    const struct form *form;
    const char *title = row->form;
    if (catalogue_form(office->catalogue, row->form, row->version, &form, NULL) == OK)
        title = label_text(&form->title, office_language(office));
    char *late =
        record_lookup(office->store, row->form, "late_reason", "record", row->record, false);
    struct day_record out = {
        .record = xstrdup(row->record),
        .receipt_no = xstrdup(row->receipt_no),
        .form_title = xstrdup(title),
        .title = xstrdup(row->title),
        .protected = concealed_record(office->store, row->record),
        .received_at = xstrdup(row->received_at),
        .deficient = row->deficient,
        .late = late && *late,
    };
    xfree(&late);
    return out;
}

static void add_record(struct day_record **list, size_t *count, struct day_record record)
{
    *list = xroom(*list, *count, sizeof **list);
    (*list)[(*count)++] = record;
}

enum { LATE_DAYS = 92 }; /* nobody types in older papers day by day */

/* What was received on paper on a day before and typed in today. */
static enum status load_entered(struct session *session, const char *date, struct day *out,
                                struct error *err)
{
    struct office *office = session->office;
    struct record_rows rows;
    char from[ISO_DATE_SIZE], to[ISO_DATE_SIZE];
    iso_date(from, date_from_days(date_days(out->date) - LATE_DAYS));
    iso_date(to, date_from_days(date_days(out->date) - 1));
    const struct record_filter filter = {.numbered = true,
                                         .device = office->device,
                                         .received_from = from,
                                         .received_to = to,
                                         .entered_on = date};
    enum status st = record_query(office->store, &filter, 0, -1, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++)
        if (session_sees(session, rows.items[i].record))
            add_record(&out->entered, &out->entered_count, record_of(office, &rows.items[i]));
    if (!st)
        record_rows_free(&rows);
    return st;
}

static enum status load_records(struct session *session, const char *date, struct day *out,
                                struct error *err)
{
    struct office *office = session->office;
    struct record_rows rows;
    const struct record_filter filter = {
        .numbered = true, .device = office->device, .received_from = date, .received_to = date};
    enum status st = record_query(office->store, &filter, 0, -1, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        if (!session_sees(session, rows.items[i].record))
            continue;
        add_record(&out->records, &out->record_count, record_of(office, &rows.items[i]));
        add_form(out, rows.items[i].form, out->records[out->record_count - 1].form_title,
                 rows.items[i].deficient);
    }
    if (!st)
        record_rows_free(&rows);
    return st;
}

/* Drafts of days to come do not block this one. */
static enum status load_drafts(struct session *session, const char *date, struct day *out,
                               struct error *err)
{
    struct draft_list list;
    struct user_list users;
    enum status st = drafts_for(session, DRAFTS_ALL, NULL, &list, err);
    if (st)
        return st;
    st = session_users(session, &users, err);
    for (size_t i = 0; !st && i < list.count; i++) {
        const struct draft *d = &list.items[i];
        if (strncmp(d->created_at, date, 10) > 0)
            continue;
        bool carried = strcmp(d->carried_on, date) >= 0 && *d->carried_on;
        const struct form *form;
        const char *title = d->form;
        if (catalogue_form_named(session->office->catalogue, d->form, &form, NULL) == OK)
            title = label_text(&form->title, office_language(session->office));
        out->drafts = xroom(out->drafts, out->draft_count, sizeof *out->drafts);
        out->drafts[out->draft_count++] = (struct day_draft){
            .draft = xstrdup(d->id),
            .form_title = xstrdup(title),
            .title = xstrdup(d->title),
            .owner = xstrdup(d->owner),
            .owner_name = xstrdup(user_list_name(&users, d->owner)),
            .saved_at = xstrdup(d->saved_at),
            .carried = xstrdup(carried ? d->carried_reason : ""),
            .held = d->held,
            .note = xstrdup(d->note),
        };
        out->blocking += !d->held && !carried;
    }
    user_list_free(&users);
    draft_list_free(&list);
    return st;
}

/* Closes of a day, newest first. */
struct closes {
    const char *date;
    long count;
    int64_t last;        /* last event covered by those of the day */
    int64_t covered;     /* and by any */
    struct strings days; /* all that were closed */
};

static enum status see_close(void *context, const struct event *event, const char *held,
                             struct error *err)
{
    struct closes *c = context;
    struct line body;
    (void)held;
    if (!event->body || line_read(event->body, strlen(event->body), &body, err))
        return OK;
    const char *day = line_text(&body, "day");
    if (day && strings_find(&c->days, day) < 0)
        strings_add(&c->days, day);
    int64_t last = line_number(&body, "last");
    c->covered = last > c->covered ? last : c->covered;
    if (day && strcmp(day, c->date) == 0) {
        c->count++;
        c->last = last > c->last ? last : c->last;
    }
    line_free(&body);
    return OK;
}

/* Days before this one that nobody has closed, by what of them has not been sent. */
static enum status load_earlier(struct session *session, struct date date,
                                const struct strings *closed, struct day *out, struct error *err)
{
    struct record_rows rows;
    char before[ISO_DATE_SIZE];
    iso_date(before, date_from_days(date_days(date) - 1));
    const struct record_filter filter = {.numbered = true,
                                         .device = session->office->device,
                                         .stage = STAGE_UNSENT,
                                         .received_to = before};
    enum status st = record_query(session->office->store, &filter, 0, -1, &rows, err);
    if (st)
        return st;
    for (size_t i = 0; i < rows.count; i++) {
        const char *day = rows.items[i].received_on;
        if (strings_find(closed, day) < 0 && strings_find(&out->earlier, day) < 0)
            strings_add(&out->earlier, day);
    }
    record_rows_free(&rows);
    return OK;
}

static enum status load_closes(struct session *session, const char *date, struct day *out,
                               struct error *err)
{
    struct office *office = session->office;
    struct closes closes = {.date = date};
    struct strings after = STRINGS_INIT;
    enum status st =
        journal_read_op(office->store, office->device, OP_CLOSE, see_close, &closes, err);
    if (!st)
        st = journal_records_since(office->store, office->device, closes.last, &after, err);
    out->closings = closes.count;
    out->closed_to = closes.last;
    out->closed = closes.count > 0;
    for (size_t i = 0; !st && i < out->record_count; i++)
        if (strings_find(&after, out->records[i].record) >= 0)
            out->closed = false;
    if (!st)
        st = load_earlier(session, out->date, &closes.days, out, err);
    strings_free(&closes.days);
    strings_free(&after);
    return st;
}

enum status day_load(struct session *session, struct date date, struct day *out, struct error *err)
{
    char iso[ISO_DATE_SIZE];
    iso_date(iso, date);
    *out = (struct day){.date = date};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = load_records(session, iso, out, err);
    if (!st)
        st = load_entered(session, iso, out, err);
    if (!st)
        st = load_drafts(session, iso, out, err);
    if (!st)
        st = load_closes(session, iso, out, err);
    if (st)
        day_free(out);
    return st;
}

static void records_free(struct day_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct day_record *r = &records[i];
        char **texts[] = {&r->record, &r->receipt_no, &r->form_title, &r->title, &r->received_at};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
}

void day_free(struct day *day)
{
    for (size_t i = 0; i < day->form_count; i++) {
        xfree(&day->forms[i].form);
        xfree(&day->forms[i].title);
    }
    records_free(day->records, day->record_count);
    records_free(day->entered, day->entered_count);
    for (size_t i = 0; i < day->draft_count; i++) {
        struct day_draft *d = &day->drafts[i];
        char **texts[] = {&d->draft,      &d->form_title, &d->title,   &d->owner,
                          &d->owner_name, &d->saved_at,   &d->carried, &d->note};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    strings_free(&day->earlier);
    xfree(&day->forms);
    xfree(&day->records);
    xfree(&day->entered);
    xfree(&day->drafts);
    *day = (struct day){0};
}

enum status day_hand_over(struct session *session, const char *draft, const char *login,
                          struct error *err)
{
    struct user_list users;
    enum status st = session_require(session, MAY_REASSIGN, err);
    if (!st)
        st = session_users(session, &users, err);
    if (st)
        return st;
    bool known = false;
    for (size_t i = 0; i < users.count; i++)
        known = known || strcmp(users.items[i].login, login) == 0;
    user_list_free(&users);
    return known ? draft_hand_over(session->office->drafts, draft, login, err)
                 : error_set(err, E_NOT_FOUND, _("利用者「%s」はこの窓口にいません"), login);
}

enum status day_carry(struct session *session, struct date date, const char *draft,
                      const char *reason, struct error *err)
{
    char iso[ISO_DATE_SIZE];
    iso_date(iso, date);
    enum status st = session_require(session, MAY_CLOSE_DAY, err);
    if (!st && !*reason)
        st = error_set(err, E_INVALID, _("繰り越す理由を書いてください"));
    return st ? st : draft_carry(session->office->drafts, draft, iso, reason, err);
}

/* --- Closing --- */

struct closing {
    struct session *session;
    const struct day *day;
    char list_hash[HASH_HEX_SIZE];
    int64_t first, last;
    char head[HASH_HEX_SIZE];
};

enum status day_closable(const struct day *day, struct error *err)
{
    struct buffer names = BUFFER_INIT;
    if (!day->blocking)
        return OK;
    for (size_t i = 0; i < day->draft_count; i++) {
        const struct day_draft *d = &day->drafts[i];
        if (!d->held && !*d->carried)
            buffer_printf(&names, "%s%s %s（%s）", names.len ? "、" : "", d->form_title, d->title,
                          d->owner_name);
    }
    error_set(err, E_RULE,
              _("未完了の下書きが%ld件あります: "
                "%s。完了するか、引き継ぐか、理由を付けて繰り越してください"),
              day->blocking, buffer_text(&names));
    buffer_free(&names);
    return E_RULE;
}

/* The list's hash covers each record's number and uuid in the order of receipt. */
static void hash_list(struct closing *c)
{
    struct hash hash;
    uint8_t out[HASH_SIZE];
    hash_start(&hash, "satomado-day-1");
    for (size_t i = 0; i < c->day->record_count; i++) {
        const struct day_record *r = &c->day->records[i];
        hash_add(&hash, r->receipt_no, strlen(r->receipt_no));
        hash_add(&hash, " ", 1);
        hash_add(&hash, r->record, strlen(r->record));
        hash_add(&hash, "\n", 1);
    }
    hash_finish(&hash, out);
    hex_encode(c->list_hash, out, sizeof out);
}

static enum status append_close(void *context, struct error *err)
{
    struct closing *c = context;
    struct office *office = c->session->office;
    char date[ISO_DATE_SIZE], number[24];
    struct closes all = {.date = date};
    iso_date(date, c->day->date);
    enum status st = journal_head(office->store, office->device, &c->last, c->head, err);
    if (!st)
        st = journal_read_op(office->store, office->device, OP_CLOSE, see_close, &all, err);
    strings_free(&all.days);
    if (st)
        return st;
    c->first = all.covered + 1;
    struct line body = event_body();
    line_add_text(&body, "day", date);
    line_add_number(&body, "first", c->first);
    line_add_number(&body, "last", c->last);
    line_add_text(&body, "head", c->head);
    struct strings *counts = line_add_map(&body, "counts");
    for (size_t i = 0; i < c->day->form_count; i++) {
        snprintf(number, sizeof number, "%ld", c->day->forms[i].finalised);
        map_set(counts, c->day->forms[i].form, number);
    }
    line_add_text(&body, "list", c->list_hash);
    struct strings *carried = line_add_map(&body, "carried");
    for (size_t i = 0; i < c->day->draft_count; i++)
        if (*c->day->drafts[i].carried) {
            char *words = xasprintf("%s: %s", c->day->drafts[i].owner, c->day->drafts[i].carried);
            map_set(carried, c->day->drafts[i].draft, words);
            xfree(&words);
        }
    struct journal_entry entry = {OP_CLOSE, NULL, NULL, &body};
    return journal_append(office->store, c->session->keys, &entry, NULL, err);
}

struct progress {
    day_progress call;
    void *arg;
};

static bool step(void *context, long done, long total)
{
    struct progress *p = context;
    return !p->call || p->call(p->arg, done, total, _("送付便を書いています"));
}

/* A day closed and written is not written under a second number. A closing whose bundle never came
 * to be, since the power went between, still gets it. */
static enum status refuse_again(struct office *office, const struct day *day, struct error *err)
{
    struct transport_bundles list;
    enum status st = transport_bundles(office->store, &list, err);
    if (st)
        return st;
    for (size_t i = 0; !st && day->closed && i < list.count; i++) {
        const struct transport_bundle *b = &list.items[i];
        if (!b->incoming && b->last > day->closed_to)
            st = error_set(err, E_NOT_FOUND,
                           _("この日は第%ld便で締めてあります。そのあとの受付はありません。"
                             "書き直すときは「送付便」から書いてください"),
                           b->number);
    }
    transport_bundles_free(&list);
    return st;
}

/* The records are closed and written; what they have attached goes beside them, or with the next
 * bundle. */
static void write_attachments(struct session *session, const struct transfer_order *to,
                              const struct bundle_written *chain, struct day_result *out)
{
    struct strings files = STRINGS_INIT;
    struct error why;
    if (transfer_attachments(session, to, chain, &files, &why))
        snprintf(out->attachments_problem, sizeof out->attachments_problem, "%s", error_text(&why));
    else if (files.count)
        snprintf(out->attachments, sizeof out->attachments, "%s", files.items[0]);
    strings_free(&files);
}

static enum status close_loaded(struct session *session, const struct day *day,
                                const struct transfer_order *to, struct progress *progress,
                                struct day_result *out, struct error *err)
{
    struct office *office = session->office;
    struct closing c = {.session = session, .day = day};
    struct bundle_written written;
    char *standard = file_path(office->dir, "bundles/out");
    const char *set = settings_get(office->settings, "export.directory");
    const char *dir = to && to->to ? to->to : *set ? set : standard;
    const struct bundle_order order = {.dir = dir, .progress = step, .context = progress};
    const struct transfer_order leave = {.to = dir,
                                         .reason = to && to->reason ? to->reason : _("日締め"),
                                         .approval = to ? to->approval : NULL};
    hash_list(&c);
    enum status st = transfer_permit(session, &leave, err);
    if (!st && !day->closed)
        st = store_transaction(office->store, append_close, &c, err);
    if (!st)
        st = bundle_write_chain(office->store, session->keys, &order, &written, err);
    if (!st)
        st = transfer_register(session, &leave, &written, err);
    if (!st)
        write_attachments(session, &leave, &written, out);
    xfree(&standard);
    if (st)
        return st;
    snprintf(out->bundle, sizeof out->bundle, "%s", written.path);
    snprintf(out->hash, sizeof out->hash, "%.8s", c.list_hash);
    out->number = written.number;
    out->records = (long)day->record_count;
    out->again = day->closings > 0;
    return sheet_write(session, day, out, err);
}

/* The day is closed and written; a backup that fails takes nothing of that back. */
static void back_up(struct office *office, const struct progress *p, struct day_result *out)
{
    const struct care_watch watch = {p->call, NULL, p->arg};
    struct care_backup made;
    struct error why;
    if (care_backup(office, NULL, false, &watch, &made, &why))
        snprintf(out->backup_problem, sizeof out->backup_problem, "%s", error_text(&why));
    else
        snprintf(out->backup, sizeof out->backup, "%s", made.path);
}

enum status day_close(struct session *session, struct date date, const struct transfer_order *to,
                      day_progress progress, void *arg, struct day_result *out, struct error *err)
{
    struct day day;
    struct progress p = {progress, arg};
    *out = (struct day_result){0};
    enum status st = session_require(session, MAY_CLOSE_DAY, err);
    if (!st)
        st = day_load(session, date, &day, err);
    if (st)
        return st;
    if (date_compare(date, clock_today()) > 0)
        st = error_set(err, E_INVALID, _("これから来る日は締められません"));
    else if ((st = day_closable(&day, err)) == OK)
        st = refuse_again(session->office, &day, err);
    if (!st)
        st = close_loaded(session, &day, to, &p, out, err);
    if (!st)
        back_up(session->office, &p, out);
    day_free(&day);
    return st;
}
