#include "office/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "office/calendar.h"
#include "office/entry_internal.h"
#include "office/paper.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "store/search.h"
#include "text/individual_number.h"

/* --- Coming to be --- */

static struct entry *entry_make(struct session *session, const struct form *form, const char *id)
{
    struct entry *entry = xcalloc(1, sizeof *entry);
    entry->session = session;
    entry->form = form;
    host_init(&entry->host, session);
    entry->instance = instance_new(form, &entry->host.form);
    entry->cursor = xstrdup("");
    entry->summary = xstrdup("");
    if (id)
        snprintf(entry->id, sizeof entry->id, "%s", id);
    else
        uuid7_new(entry->id);
    entry->host.record = entry->id;
    return entry;
}

enum status entry_new(struct session *session, const char *form_id, struct entry **out,
                      struct error *err)
{
    const struct form *form;
    *out = NULL;
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st)
        st = catalogue_form(session->office->catalogue, form_id, 0, &form, err);
    if (!st && form->report)
        st = error_set(err, E_INVALID, _("「%s」は帳票です。report で作ります"), form_id);
    if (st)
        return st;
    char today[ISO_DATE_SIZE];
    iso_date(today, calendar_received_on(session->office, clock_now()));
    *out = entry_make(session, form, NULL);
    instance_put((*out)->instance, "received_on", today, NULL);
    instance_start((*out)->instance);
    return OK;
}

enum status entry_new_for(struct session *session, const char *form_id, const char *person,
                          bool household, struct entry **out, struct error *err)
{
    struct record known;
    *out = NULL;
    enum status st = record_load_for(session, person, &known, err);
    if (st)
        return st;
    if (strcmp(known.form, "person") != 0)
        st = error_set(err, E_INVALID, _("人物ではありません: %s（search で探せます）"), person);
    else if (household && concealed_record(session->office->store, person))
        st = error_set(err, E_DENIED, _("閲覧制限のある人の住所は、ほかの人の届出に写せません"));
    if (!st)
        st = entry_new(session, form_id, out, err);
    for (size_t i = 0; !st && i < known.merge.field_count; i++) {
        const char *path = known.merge.fields[i].path;
        const struct field *field = form_path_field((*out)->form, path);
        if (field && !field->implicit && !field_is_attachment(field) &&
            (!household || field_tells_where((*out)->form, field)))
            instance_put((*out)->instance, path, record_value(&known, path), NULL);
    }
    if (!st && !household)
        instance_put((*out)->instance, "person", person, NULL);
    record_free(&known);
    return st;
}

static void take_draft(struct entry *entry, const struct draft_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const char *path = values->items[i].path, *value = values->items[i].value;
        struct error err;
        values_add(&entry->saved, path, value);
        if (str_starts(path, EXPLAINED_PREFIX))
            strings_add(&entry->explained, path + strlen(EXPLAINED_PREFIX));
        else if (!str_starts(path, TYPED_PREFIX))
            instance_load(entry->instance, path, value, &err);
    }
    instance_settle(entry->instance, true);
    for (size_t i = 0; i < values->count; i++)
        if (str_starts(values->items[i].path, TYPED_PREFIX))
            entry_type(entry, values->items[i].path + strlen(TYPED_PREFIX), values->items[i].value,
                       NULL);
}

enum status entry_resume(struct session *session, const char *draft, struct entry **out,
                         struct error *err)
{
    struct draft row = {0};
    struct draft_values values = {0};
    const struct form *form;
    struct office *office = session->office;
    *out = NULL;
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st && draft_read(office->drafts, draft, &row, NULL, NULL) == OK) {
        if (!draft_seen(session, &row))
            st = error_set(err, E_NOT_FOUND, _("その下書きはありません"));
        draft_free(&row);
    }
    if (!st)
        st = draft_open(office->drafts, draft, session->login, &row, &values, err);
    if (st)
        return st;
    st = catalogue_form_named(office->catalogue, row.form, &form, err);
    if (!st && row.held)
        st = draft_unhold(office->drafts, draft, err);
    if (!st) {
        *out = entry_make(session, form, draft);
        take_draft(*out, &values);
        xfree(&(*out)->cursor);
        (*out)->cursor = xstrdup(row.cursor ? row.cursor : "");
        iso_time_parse(&(*out)->saved_at, row.saved_at);
        (*out)->changed = false;
    }
    if (st)
        draft_close(office->drafts, draft, NULL);
    draft_values_free(&values);
    draft_free(&row);
    return st;
}

static enum status append_read(void *context, struct error *err)
{
    struct {
        struct session *session;
        const char *record, *form;
    } *read = context;
    struct line body = event_body();
    struct journal_entry entry = {OP_READ, read->record, read->form, &body};
    return journal_append(read->session->office->store, read->session->keys, &entry, NULL, err);
}

enum status record_note_read(struct session *session, const char *record, const char *form,
                             struct error *err)
{
    struct {
        struct session *session;
        const char *record, *form;
    } read = {session, record, form};
    return store_transaction(session->office->store, append_read, &read, err);
}

struct taking {
    struct session *session;
    const char *form;
    const struct strings *records;
};

static enum status append_export(void *context, struct error *err)
{
    const struct taking *t = context;
    struct line body = event_body();
    struct strings *list = line_add_list(&body, "records");
    for (size_t i = 0; i < t->records->count; i++)
        strings_add(list, t->records->items[i]);
    struct journal_entry entry = {OP_READ, "", t->form, &body};
    return journal_append(t->session->office->store, t->session->keys, &entry, NULL, err);
}

enum status record_note_export(struct session *session, const struct form *form,
                               const struct strings *records, struct error *err)
{
    char *name = form_name(form);
    struct taking t = {session, name, records};
    enum status st = store_transaction(session->office->store, append_export, &t, err);
    xfree(&name);
    return st;
}

enum status entry_open(struct session *session, const char *id, struct entry **out,
                       struct error *err)
{
    struct record record;
    const struct form *form;
    *out = NULL;
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = record_load_for(session, id, &record, err);
    if (st)
        return st;
    st = catalogue_form(session->office->catalogue, record.form, record.version, &form, err);
    char *name = st ? NULL : form_name(form);
    if (!st)
        st = record_note_read(session, id, name, err);
    if (!st) {
        *out = entry_make(session, form, id);
        (*out)->final = true;
        instance_free(&(*out)->instance);
        st = record_instance(&(*out)->host, &record, &(*out)->instance, err);
    }
    if (!st)
        instance_values((*out)->instance, &(*out)->base);
    else
        entry_free(out);
    xfree(&name);
    record_free(&record);
    return st;
}

void entry_free(struct entry **slot)
{
    struct entry *entry = *slot;
    if (!entry)
        return;
    if (!entry->final)
        draft_close(entry->session->office->drafts, entry->id, NULL);
    instance_free(&entry->instance);
    comparison_free(&entry->previous);
    values_free(&entry->base);
    values_free(&entry->saved);
    values_free(&entry->bytes);
    for (size_t i = 0; i < entry->refused_count; i++) {
        xfree(&entry->refused[i].path);
        xfree(&entry->refused[i].typed);
        xfree(&entry->refused[i].reason);
    }
    xfree(&entry->refused);
    strings_free(&entry->explained);
    findings_clear(&entry->findings);
    xfree(&entry->cursor);
    xfree(&entry->summary);
    xfree(slot);
}

/* --- Asking --- */

const char *entry_id(const struct entry *entry)
{
    return entry->id;
}

const struct form *entry_form(const struct entry *entry)
{
    return entry->form;
}

struct instance *entry_instance(struct entry *entry)
{
    return entry->instance;
}

bool entry_is_final(const struct entry *entry)
{
    return entry->final;
}

const char *entry_receipt_no(const struct entry *entry)
{
    return instance_get(entry->instance, "receipt_no");
}

const char *entry_title(struct entry *entry)
{
    char *title = instance_title(entry->instance);
    instance_put(entry->instance, "title", title, NULL);
    xfree(&title);
    return instance_get(entry->instance, "title");
}

const char *entry_problem(struct entry *entry, const char *path, bool *missing)
{
    const struct refused *refused = entry_refused(entry, path);
    if (missing)
        *missing = false;
    return refused ? refused->reason : instance_problem(entry->instance, path, missing);
}

/* --- Typing --- */

void entry_touch(struct entry *entry)
{
    entry->changed = true;
    entry->findings_known = false;
    entry->previous_known = false;
}

struct refused *entry_refused(const struct entry *entry, const char *path)
{
    for (size_t i = 0; i < entry->refused_count; i++)
        if (strcmp(entry->refused[i].path, path) == 0)
            return &entry->refused[i];
    return NULL;
}

void entry_forget_refused(struct entry *entry, const char *path)
{
    struct refused *r = entry_refused(entry, path);
    if (!r)
        return;
    xfree(&r->path);
    xfree(&r->typed);
    xfree(&r->reason);
    *r = entry->refused[--entry->refused_count];
}

void entry_refuse(struct entry *entry, const char *path, const char *typed, const char *reason)
{
    entry_forget_refused(entry, path);
    entry->refused = xroom(entry->refused, entry->refused_count, sizeof *entry->refused);
    entry->refused[entry->refused_count++] =
        (struct refused){xstrdup(path), xstrdup(typed), xstrdup(reason)};
    entry_touch(entry);
}

static enum status canonical(struct entry *entry, const struct field *field, const char *typed,
                             char **value, struct error *err)
{
    if (field_is_record(field) && *typed)
        return reference_find(entry->session, field, typed, value, err);
    return answer_parse(field, typed, clock_today(), value, err);
}

enum status entry_type(struct entry *entry, const char *path, const char *typed, struct error *err)
{
    struct error local;
    const struct field *field = form_path_field(entry->form, path);
    char *value = NULL;
    if (!err)
        err = &local;
    if (!field)
        return error_set(err, E_NOT_FOUND, _("様式「%s」に欄「%s」はありません"), entry->form->id,
                         path);
    enum status st = canonical(entry, field, typed, &value, err);
    if (!st)
        st = instance_set(entry->instance, path, value, err);
    if (!st && field->type == FIELD_BARCODE)
        st = entry_fill_scanned(entry, field, path, value, err);
    /* A field of digits only takes what it can read; what it cannot may be such a number. */
    if (st == E_INVALID && answer_free_text(typed, NULL))
        st = answer_free_text(typed, err);
    if (st == E_INVALID)
        entry_refuse(entry, path, typed, error_text(err));
    else if (!st)
        entry_forget_refused(entry, path);
    xfree(&value);
    entry_touch(entry);
    if (st)
        error_field(err, path);
    return st;
}

bool entry_typing(struct entry *entry, const char *path, const char *typed)
{
    const struct field *field = form_path_field(entry->form, path);
    if (field && !answer_plain_digits(field) && digit_run_longest(typed) >= INDIVIDUAL_NUMBER_BEGUN)
        return false;
    return !entry_type(entry, path, typed, NULL) || entry_refused(entry, path);
}

char *entry_display(struct entry *entry, const char *path)
{
    const struct field *field = form_path_field(entry->form, path);
    const struct refused *refused = entry_refused(entry, path);
    const char *value = instance_get(entry->instance, path);
    if (refused)
        return xstrdup(refused->typed);
    if (!field)
        return xstrdup("");
    return host_display(&entry->host, field, value);
}

char *entry_edit_text(struct entry *entry, const char *path)
{
    const struct field *field = form_path_field(entry->form, path);
    const struct refused *refused = entry_refused(entry, path);
    if (refused)
        return xstrdup(refused->typed);
    if (field && field_is_record(field))
        return entry_display(entry, path);
    return field ? answer_edit_text(field, instance_get(entry->instance, path)) : xstrdup("");
}

/* --- Rows --- */

enum status entry_add_row(struct entry *entry, const char *repeat, char row[37], struct error *err)
{
    entry_touch(entry);
    return instance_add_row(entry->instance, repeat, row, err);
}

enum status entry_copy_row(struct entry *entry, const char *row_path, char row[37],
                           struct error *err)
{
    entry_touch(entry);
    return instance_copy_row(entry->instance, row_path, row, err);
}

enum status entry_delete_row(struct entry *entry, const char *row_path, struct error *err)
{
    entry_touch(entry);
    for (size_t i = entry->refused_count; i-- > 0;)
        if (str_starts(entry->refused[i].path, row_path))
            entry_forget_refused(entry, entry->refused[i].path);
    return instance_delete_row(entry->instance, row_path, err);
}

enum status entry_copy_previous(struct entry *entry, const char *path, struct error *err)
{
    const struct field *field = form_path_field(entry->form, path);
    if (!field || !field->copyable)
        return error_set(err, E_RULE,
                         _("この欄は前件から複写できません（人ごとに確かめる欄です）"));
    char *value = entry->host.form.last_saved(&entry->host, entry->form->id, field->name);
    enum status st = value && *value ? instance_put(entry->instance, path, value, err)
                                     : error_set(err, E_NOT_FOUND, _("前件に値がありません"));
    if (!st)
        entry_forget_refused(entry, path);
    entry_touch(entry);
    xfree(&value);
    return st;
}

enum status entry_set_late(struct entry *entry, const char *received_at, const char *paper_no,
                           const char *receiver, const char *reason, struct error *err)
{
    const char *const texts[] = {paper_no, receiver, reason};
    int64_t at;
    char iso[ISO_TIME_SIZE];
    enum status st = answer_moment(received_at, clock_today(), &at, err);
    for (size_t i = 0; !st && i < ARRAY_LEN(texts); i++)
        st = answer_free_text(texts[i], err);
    if (!st)
        st = paper_unused(entry->session, paper_no, err);
    if (st)
        return st;
    if (at > clock_now())
        return error_set(err, E_INVALID, _("実際の受付日時は今より前の日時です"));
    if (!*reason)
        return error_set(err, E_INVALID, _("後入力の理由を書いてください（停電、巡回 など）"));
    char day[ISO_DATE_SIZE];
    iso_date(day, calendar_received_on(entry->session->office, at));
    iso_time(iso, at);
    const struct {
        const char *path, *value;
    } rows[] = {{"received_at", iso},
                {"received_on", day},
                {"paper_no", paper_no},
                {"receiver", receiver},
                {"late_reason", reason}};
    for (size_t i = 0; !st && i < ARRAY_LEN(rows); i++)
        st = instance_put(entry->instance, rows[i].path, rows[i].value, err);
    entry_touch(entry);
    return st;
}
