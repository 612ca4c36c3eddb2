/* 受付確定: from a draft to a record with a number. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/action_internal.h"
#include "office/calendar.h"
#include "office/csv_internal.h"
#include "office/entry_internal.h"
#include "office/slip.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "store/numbers.h"
#include "store/search.h"

struct finalising {
    struct entry *entry;
    const char *person; /* uuid, "" = a new one */
    const struct workflow_action *action;
    bool deficient;
    bool again; /* it is there already */
    struct buffer explained;
    char number[RECEIPT_NUMBER_SIZE];
};

enum status entry_append(struct entry *entry, const char *record, const struct form *form,
                         enum event_op op, struct line *body, struct error *err)
{
    char *name = form_name(form);
    struct journal_entry event = {op, record, name, body};
    enum status st =
        journal_append(entry->session->office->store, entry->session->keys, &event, NULL, err);
    xfree(&name);
    return st;
}

static void add_values(struct strings *map, const struct values *values)
{
    for (size_t i = 0; i < values->count; i++)
        map_set(map, values->items[i].path, values->items[i].value);
}

static enum status link_person(struct finalising *f, struct error *err)
{
    char id[UUID_SIZE];
    struct entry *entry = f->entry;
    const char *known = *f->person ? f->person : instance_get(entry->instance, "person");
    if (!entry->form->person)
        return OK;
    snprintf(id, sizeof id, "%s", known);
    enum status st =
        *id ? entry_complete_person(entry, id, err) : entry_make_person(entry, id, err);
    return st ? st : instance_put(entry->instance, "person", id, err);
}

static enum status take_number(struct finalising *f, struct error *err)
{
    struct entry *entry = f->entry;
    struct office *office = entry->session->office;
    struct date received_on;
    if (str_empty(entry->form->code))
        return OK;
    if (!iso_date_parse(&received_on, instance_get(entry->instance, "received_on")))
        received_on = clock_today();
    return numbers_take(office->store, office_registry(office), office->device, entry->form->code,
                        received_on, entry->id, f->number, err);
}

void entry_add_bytes(const struct entry *entry, struct line *body)
{
    struct strings fit = STRINGS_INIT;
    for (size_t i = 0; i < entry->bytes.count; i++) {
        const struct value *bytes = &entry->bytes.items[i];
        const char *text = map_get(line_map(body, "set"), bytes->path);
        if (text && csv_bytes_fit(bytes->value, text))
            map_set(&fit, bytes->path, bytes->value);
    }
    if (fit.count)
        *line_add_map(body, CSV_BYTES_MEMBER) = fit;
}

static enum status append_put(struct finalising *f, struct error *err)
{
    struct values values = {0};
    struct line body = event_body();
    struct strings *set = line_add_map(&body, "set");
    instance_values(f->entry->instance, &values);
    for (size_t i = 0; i < values.count; i++) {
        const struct field *field = form_path_field(f->entry->form, values.items[i].path);
        bool own = !field || !field->implicit || strcmp(field->name, "person") == 0 ||
                   strcmp(field->name, "title") == 0;
        if (own && !(field && field_is_attachment(field)))
            map_set(set, values.items[i].path, values.items[i].value);
    }
    values_free(&values);
    entry_add_bytes(f->entry, &body);
    return entry_append(f->entry, f->entry->id, f->entry->form, OP_PUT, &body, err);
}

static enum status append_act(struct finalising *f, struct error *err)
{
    struct entry *entry = f->entry;
    struct instance *in = entry->instance;
    char now[ISO_TIME_SIZE], version[24];
    iso_time(now, clock_now());
    snprintf(version, sizeof version, "%ld", entry->form->version);
    const char *received_at = instance_get(in, "received_at");
    received_at = *received_at ? received_at : now;
    /* After hours it counts as of another day than the one it came on. */
    bool same_day = strncmp(received_at, instance_get(in, "received_on"), 10) == 0;
    const struct {
        const char *path, *value;
    } set[] = {
        {"state", f->action->to},
        {"receipt_no", f->number},
        {"received_on", instance_get(in, "received_on")},
        {"received_at", received_at},
        {"after_hours", same_day ? "" : "yes"},
        {"route", *instance_get(in, "route") ? instance_get(in, "route") : "counter"},
        {"receiver",
         *instance_get(in, "receiver") ? instance_get(in, "receiver") : entry->session->name},
        {"office", office_name(entry->session->office)},
        {"form_version", version},
        {"deficient", f->deficient ? "yes" : ""},
        {"explained", buffer_text(&f->explained)},
        {"entered_by", entry->session->login},
        {"entered_at", now},
        {"paper_no", instance_get(in, "paper_no")},
        {"late_reason", instance_get(in, "late_reason")},
    };
    struct values full = {0};
    struct line body = event_body();
    line_add_text(&body, "action", f->action->name);
    struct strings *map = line_add_map(&body, "set");
    for (size_t i = 0; i < ARRAY_LEN(set); i++)
        if (*set[i].value)
            map_set(map, set[i].path, set[i].value);
    instance_values(in, &full);
    add_values(line_add_map(&body, "full"), &full);
    values_free(&full);
    enum status st = entry_append(entry, entry->id, entry->form, OP_ACT, &body, err);
    for (size_t i = 0; !st && i < ARRAY_LEN(set); i++)
        if (*set[i].value)
            st = instance_put(in, set[i].path, set[i].value, err);
    return st;
}

/* What 受付確定 does to other records, as the form says. */
static enum status update_others(struct finalising *f, struct error *err)
{
    struct entry *entry = f->entry;
    struct updates updates = {0};
    struct record record;
    if (!f->action->update_count)
        return OK;
    enum status st = record_load(entry->session->office->store, entry->id, &record, err);
    if (st)
        return st;
    st = action_gather(&entry->host, entry->instance, &record, f->action, &updates, err);
    if (!st)
        st = action_update(entry->session, &updates, err);
    updates_free(&updates);
    record_free(&record);
    return st;
}

/* What was typed, without what a record gets by itself. */
static bool same_values(const struct instance *one, const struct instance *other,
                        const struct form *form)
{
    struct values here = {0}, there = {0};
    bool same = true;
    instance_values(one, &here);
    instance_values(other, &there);
    for (size_t i = 0; i < there.count + here.count; i++) {
        const struct value *v = i < here.count ? &here.items[i] : &there.items[i - here.count];
        const struct field *field = form_path_field(form, v->path);
        const char *match = values_get(i < here.count ? &there : &here, v->path);
        same = same && ((field && field->implicit) || strcmp(match ? match : "", v->value) == 0);
    }
    values_free(&here);
    values_free(&there);
    return same;
}

/* The disk failed in the moment in which the record was written: whether it is there was not known.
 * Finalised again it is the same record with the same number. */
static enum status look_for_itself(struct finalising *f, struct error *err)
{
    struct entry *entry = f->entry;
    struct record record;
    struct instance *there = NULL;
    enum status st = record_load(entry->session->office->store, entry->id, &record, NULL);
    if (st)
        return st == E_NOT_FOUND ? OK : error_set(err, st, "%s", status_text(st));
    snprintf(f->number, sizeof f->number, "%s", record_value(&record, "receipt_no"));
    f->again = true;
    st = record_instance(&entry->host, &record, &there, err);
    if (!st && !same_values(entry->instance, there, entry->form))
        st = error_set(err, E_CONFLICT,
                       _("%s ですでに受付確定しています。そのあと変えたところは、その記録の"
                         "訂正で書いてください"),
                       f->number);
    instance_free(&there);
    record_free(&record);
    return st;
}

static enum status finalise(void *context, struct error *err)
{
    struct finalising *f = context;
    enum status st = look_for_itself(f, err);
    if (st || f->again)
        return st;
    st = link_person(f, err);
    if (!st)
        st = take_number(f, err);
    if (!st)
        st = append_put(f, err);
    if (!st)
        st = entry_append_attachments(f->entry, NULL, NULL, err);
    if (!st)
        st = append_act(f, err);
    return st ? st : update_others(f, err);
}

/* Errors stop; a deficiency has to be explained first (L: the town decides, not the counter). */
static enum status judge(struct finalising *f, struct error *err)
{
    const struct findings *findings;
    enum status st = entry_findings(f->entry, true, &findings, err);
    for (size_t i = 0; !st && i < findings->count; i++) {
        const struct finding *one = &findings->items[i];
        if (one->severity == FINDING_ERROR) {
            error_set(err, E_RULE, "%s", one->message);
            st = err ? error_field(err, one->path) : E_RULE;
        }
        if (one->severity == FINDING_DEFICIENCY && !one->explained)
            st =
                error_set(err, E_RULE,
                          _("不備「%s」を説明し、「説明済・本人が提出を希望」に印を付けてください"),
                          one->message);
        if (!st && one->severity == FINDING_DEFICIENCY) {
            f->deficient = true;
            buffer_printf(&f->explained, "%s%s", f->explained.len ? "\n" : "", one->message);
        }
    }
    return st;
}

/* Nothing was written: what a record would have got by it goes again, what was typed stays. */
static void take_back(struct entry *entry, const struct values *before)
{
    for (size_t i = 0; i < entry->form->field_count; i++) {
        const struct field *field = entry->form->fields[i];
        const char *value = field->implicit ? values_get(before, field->name) : NULL;
        if (field->implicit)
            instance_put(entry->instance, field->name, value ? value : "", NULL);
    }
}

enum status entry_settle(struct entry *entry, const char *person, struct receipt *out,
                         struct error *err)
{
    struct finalising f = {.entry = entry, .person = person, .explained = BUFFER_INIT};
    struct office *office = entry->session->office;
    char today[ISO_DATE_SIZE];
    *out = (struct receipt){0};
    f.action = workflow_first(entry->form->workflow);
    if (entry->final || !f.action)
        return error_set(err, E_RULE, _("すでに受付確定した記録です"));
    enum status st = session_require(entry->session, MAY_ENTER, err);
    iso_date(today, calendar_received_on(office, clock_now()));
    if (!st && !*instance_get(entry->instance, "late_reason"))
        st = instance_put(entry->instance, "received_on", today, err);
    entry->findings_known = false;
    if (!st)
        st = judge(&f, err);
    entry_title(entry);
    if (!st) {
        struct values before = {0};
        instance_values(entry->instance, &before);
        st = store_transaction(office->store, finalise, &f, err);
        if (st)
            take_back(entry, &before);
        values_free(&before);
    }
    buffer_free(&f.explained);
    if (st)
        return st;
    entry->final = true;
    entry->changed = false;
    instance_values(entry->instance, &entry->base);
    snprintf(out->number, sizeof out->number, "%s", f.number);
    out->deficient = f.deficient;
    return OK;
}

enum status entry_finalise(struct entry *entry, const char *person, struct receipt *out,
                           struct error *err)
{
    enum status st = entry_settle(entry, person, out, err);
    if (st)
        return st;
    /* From here on it is a record. The draft and the slip can be made up for. */
    draft_delete(entry->session->office->drafts, entry->id, NULL);
    slip_write(entry, out->slip, NULL);
    return OK;
}

static bool is_other(struct office *office, const char *person, const char *other)
{
    struct record record;
    if (record_load(office->store, person, &record, NULL))
        return false;
    bool found = strstr(record_value(&record, "not_same"), other) != NULL;
    record_free(&record);
    return found;
}

/* Of two people who are known to be different only the one with more in common is meant. */
static bool is_outdone(struct office *office, const struct search_candidates *found, size_t i)
{
    const struct search_candidate *c = &found->items[i];
    for (size_t j = 0; j < found->count; j++) {
        const struct search_candidate *better = &found->items[j];
        if ((better->same & c->same) == c->same && better->same != c->same &&
            (is_other(office, c->hit.person, better->hit.person) ||
             is_other(office, better->hit.person, c->hit.person)))
            return true;
    }
    return false;
}

enum status entry_candidates(struct entry *entry, struct candidates *out, struct error *err)
{
    struct search_candidates found;
    struct instance *in = entry->instance;
    *out = (struct candidates){0};
    if (!entry->form->person || *instance_get(in, "person"))
        return OK;
    char *kana = xasprintf("%s%s%s", instance_get(in, "family_kana"),
                           instance_get(in, "given_kana"), instance_get(in, "single_kana"));
    enum status st =
        search_candidates(entry->session->office->store, kana, instance_get(in, "birth_date"),
                          instance_get(in, "phone"), instance_get(in, "address"), "",
                          session_may(entry->session, MAY_READ_PROTECTED), 20, &found, err);
    xfree(&kana);
    if (st)
        return st;
    for (size_t i = 0; i < found.count; i++) {
        const struct search_candidate *c = &found.items[i];
        struct buffer why = BUFFER_INIT;
        if (is_outdone(entry->session->office, &found, i))
            continue;
        if (c->same & SAME_KANA_BIRTH)
            buffer_add_text(&why, _("カナと生年月日が同じ "));
        if (c->same & SAME_PHONE)
            buffer_add_text(&why, _("電話が同じ "));
        if (c->same & SAME_ADDRESS)
            buffer_add_text(&why, _("住所が同じ "));
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = (struct candidate){
            xstrdup(c->hit.person),
            xasprintf("%s  %s  %s", c->hit.name, c->hit.birth,
                      concealed_record(entry->session->office->store, c->hit.person)
                          ? _(WITHHELD)
                          : c->hit.address),
            buffer_steal(&why), (c->same & SAME_KANA_BIRTH) != 0};
    }
    search_candidates_free(&found);
    return OK;
}

void candidates_free(struct candidates *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].person);
        xfree(&list->items[i].line);
        xfree(&list->items[i].why);
    }
    xfree(&list->items);
    list->count = 0;
}
