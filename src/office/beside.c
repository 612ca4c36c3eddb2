#include "office/beside.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/comparison.h"
#include "office/entry_internal.h"
#include "store/concealed.h"
#include "store/search.h"
#include "text/era.h"

/* One side: the record, its form's fields and their values. */
struct side {
    struct record record;
    struct host host;
    struct instance *instance; /* NULL: there is none */
};

struct placing {
    struct session *session;
    struct side now, before;
    const struct form *form; /* of `now` */
    bool withheld;
    bool other; /* before it stood another record: rows of repeats answer by their place */
    struct beside *out;
};

static void side_free(struct side *side)
{
    instance_free(&side->instance);
    record_free(&side->record);
}

static enum status side_open(struct session *session, struct side *side, struct error *err)
{
    host_init(&side->host, session);
    side->host.record = side->record.id;
    return record_instance(&side->host, &side->record, &side->instance, err);
}

/* --- What stood before it --- */

static bool is_act(const struct merge_event *e)
{
    return e->event.op == OP_ACT;
}

/* It writes something people see. */
static bool writes(const struct form *form, const struct merge_event *e)
{
    const struct strings *set = e->held ? NULL : line_map(&e->body, "set");
    bool any = false;
    for (size_t i = 0; set && i + 1 < set->count && !any; i += 2) {
        const struct field *field = form_path_field(form, set->items[i]);
        any = field ? !field->implicit : strstr(set->items[i], "/.alive") != NULL;
    }
    return any;
}

/* Index of the first event of the newest change after it was received: an action that writes, or
 * corrections one after the other. 0: there was none. */
static size_t newest_change(const struct placing *s)
{
    const struct record *r = &s->now.record;
    size_t first = 0, at;
    while (first < r->event_count && !is_act(&r->events[first]))
        first++;
    for (at = r->event_count; at > first + 1; at--)
        if (writes(s->form, &r->events[at - 1]))
            break;
    if (at <= first + 1)
        return 0;
    at--;
    while (!is_act(&r->events[at]) && at > first + 1 && !is_act(&r->events[at - 1]))
        at--;
    return at;
}

static char *change_name(const struct placing *s, const struct merge_event *e)
{
    const char *action = line_text(&e->body, "action");
    const struct workflow_action *known =
        action ? workflow_action(s->form->workflow, action) : NULL;
    char day[ERA_TEXT_SIZE] = "";
    struct date date;
    if (event_day(&e->event, &date))
        era_format_short(day, sizeof day, date);
    return xasprintf(_("%s（%s）の前"),
                     known ? label_text(&known->label, s->now.host.form.language) : _("訂正"), day);
}

static enum status before_change(struct placing *s, struct error *err)
{
    size_t at = newest_change(s);
    if (!at)
        return OK;
    const struct merge_event *e = &s->now.record.events[at];
    enum status st = record_load_before(s->session->office->store, s->now.record.id, e->event.hash,
                                        &s->before.record, err);
    if (!st)
        st = side_open(s->session, &s->before, err);
    if (!st)
        s->out->what = change_name(s, e);
    return st;
}

/* The same person's last record of the form. "" when there is none; the caller frees. */
static char *of_same_person(struct placing *s)
{
    const struct record *now = &s->now.record;
    const char *person = record_value(now, "person");
    struct search_hits hits;
    char *found = xstrdup(""), id[UUID_SIZE];
    if (!*person || search_person(s->session->office->store, person, id, NULL) ||
        search_of_person(s->session->office->store, id, &hits, NULL))
        return found;
    for (size_t i = 0; i < hits.count && !*found; i++) {
        struct record other;
        if (strcmp(hits.items[i].form, now->form) != 0 ||
            strcmp(hits.items[i].record, now->id) == 0 ||
            record_load_for(s->session, hits.items[i].record, &other, NULL))
            continue;
        if (strcmp(record_value(&other, "received_at"), record_value(now, "received_at")) < 0) {
            xfree(&found);
            found = xstrdup(other.id);
        }
        record_free(&other);
    }
    search_hits_free(&hits);
    return found;
}

static enum status other_record(struct placing *s, struct error *err)
{
    struct comparison last = {0};
    enum status st = comparison_find(&last, &s->now.host, s->now.instance, s->now.record.id, err);
    bool same_person = !st && str_empty(last.record);
    char *id = same_person ? of_same_person(s) : xstrdup(st ? "" : last.record);
    comparison_free(&last);
    if (!st && *id && session_sees(s->session, id)) {
        st = record_load(s->session->office->store, id, &s->before.record, err);
        if (!st)
            st = side_open(s->session, &s->before, err);
        if (!st)
            s->out->what = xasprintf(same_person ? _("同じ人の前の記録 %s") : _("前回の記録 %s"),
                                     record_value(&s->before.record, "receipt_no"));
    }
    xfree(&id);
    return st;
}

/* --- Field by field --- */

static char *shown(struct placing *s, struct side *side, const struct field *field,
                   const char *value)
{
    return s->withheld && *value && field_is_contact(s->form, field)
               ? xstrdup(_(WITHHELD))
               : host_display(&side->host, field, value);
}

/* The row a row answers to, NULL when there is none; `repeat/<row>/field`, no deeper. */
static const char *row_at(const struct side *side, const char *repeat, size_t at)
{
    return at < instance_row_count(side->instance, repeat)
               ? instance_row(side->instance, repeat, at)
               : NULL;
}

/* The path of the same field on the other side; NULL when it has none. The caller frees. */
static char *answering(const struct placing *s, const struct side *from, const struct side *to,
                       const char *path)
{
    const char *slash = strchr(path, '/'), *end = slash ? strchr(slash + 1, '/') : NULL;
    if (!end)
        return xstrdup(path);
    char *repeat = xstrndup(path, (size_t)(slash - path));
    size_t len = (size_t)(end - slash - 1), at = 0;
    const char *row = NULL;
    while ((row = row_at(from, repeat, at)) && strncmp(row, slash + 1, len) != 0)
        at++;
    if (!s->other)
        for (at = 0; (row = row_at(to, repeat, at)) && strncmp(row, slash + 1, len) != 0;)
            at++;
    row = row_at(to, repeat, at);
    char *found = row ? xasprintf("%s/%s%s", repeat, row, end) : NULL;
    xfree(&repeat);
    return found;
}

static const char *value_of(const struct side *side, const char *path)
{
    return path && instance_relevant(side->instance, path) ? instance_get(side->instance, path)
                                                           : "";
}

static void add_row(struct placing *s, const struct side *side, const char *section,
                    const struct item *item, const char *answer)
{
    struct beside *out = s->out;
    bool is_now = side == &s->now;
    const char *before = value_of(&s->before, is_now ? answer : item->path),
               *now = value_of(&s->now, is_now ? item->path : answer);
    if (!*before && !*now)
        return;
    out->items = xroom(out->items, out->count, sizeof *out->items);
    struct beside_row *row = &out->items[out->count++];
    *row = (struct beside_row){
        .section = xstrdup(section),
        .label = instance_label(side->instance, &item->field->label, item->path),
        .before = shown(s, &s->before, item->field, before),
        .now = shown(s, &s->now, item->field, now),
        .changed = strcmp(before, now) != 0,
    };
    out->changed += row->changed;
}

/* The fields of one side; of the one before only rows the other has not: they were deleted. */
static void add_side(struct placing *s, const struct side *side, const struct side *other)
{
    const struct item *items;
    size_t count = instance_items(side->instance, &items);
    char *section = xstrdup("");
    for (size_t i = 0; i < count; i++) {
        const struct item *it = &items[i];
        if (it->field->implicit)
            continue;
        if ((it->field->type == FIELD_GROUP && it->depth == 0) || it->row_head) {
            xfree(&section);
            section = instance_label(side->instance, &it->field->label, it->path);
        } else if (field_has_value(it->field) && it->field->label.count) {
            char *answer = answering(s, side, other, it->path);
            if (side == &s->now || !answer)
                add_row(s, side, section, it, answer);
            xfree(&answer);
        }
    }
    xfree(&section);
}

static enum status set_beside(struct placing *s, struct error *err)
{
    enum status st = side_open(s->session, &s->now, err);
    if (!st)
        s->form = instance_form(s->now.instance);
    if (!st)
        st = before_change(s, err);
    s->other = !st && !s->before.instance;
    if (s->other)
        st = other_record(s, err);
    if (st || !s->before.instance)
        return st;
    add_side(s, &s->now, &s->before);
    add_side(s, &s->before, &s->now);
    return OK;
}

enum status beside_load(struct session *session, const char *record, bool whole, struct beside *out,
                        struct error *err)
{
    struct placing s = {.session = session, .out = out};
    *out = (struct beside){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = record_load_for(session, record, &s.now.record, err);
    if (st)
        return st;
    s.withheld = !whole && concealed_record(session->office->store, record);
    st = set_beside(&s, err);
    side_free(&s.before);
    side_free(&s.now);
    if (!out->what)
        out->what = xstrdup("");
    if (st)
        beside_free(out);
    return st;
}

static enum status note_side(struct placing *s, const struct side *side, struct error *err)
{
    char *form = form_name(instance_form(side->instance));
    enum status st = record_note_read(s->session, side->record.id, form, err);
    xfree(&form);
    return st;
}

enum status beside_people(struct session *session, const char *a, const char *b, struct beside *out,
                          struct error *err)
{
    struct placing s = {.session = session, .other = true, .out = out};
    *out = (struct beside){.what = xstrdup("")};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = record_load_for(session, a, &s.before.record, err);
    if (!st)
        st = record_load_for(session, b, &s.now.record, err);
    if (!st)
        st = side_open(session, &s.before, err);
    if (!st)
        st = side_open(session, &s.now, err);
    if (!st)
        st = note_side(&s, &s.before, err);
    if (!st)
        st = note_side(&s, &s.now, err);
    if (!st) {
        s.form = instance_form(s.now.instance);
        s.withheld = concealed_record(session->office->store, a) ||
                     concealed_record(session->office->store, b);
        add_side(&s, &s.now, &s.before);
    }
    side_free(&s.before);
    side_free(&s.now);
    if (st)
        beside_free(out);
    return st;
}

void beside_free(struct beside *beside)
{
    for (size_t i = 0; i < beside->count; i++) {
        struct beside_row *r = &beside->items[i];
        char **texts[] = {&r->section, &r->label, &r->before, &r->now};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&beside->items);
    xfree(&beside->what);
    *beside = (struct beside){0};
}
