#include "office/due.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/parameter.h"
#include "office/calendar.h"
#include "text/era.h"

enum { DAYS_MOST = 3660 };

/* A record as far as its clocks have to know it: whole only where something was done with it. */
struct subject {
    struct session *session;
    const struct form *form;
    const char *id;
    const char *received_on, *reached, *device;
    const struct record *record; /* NULL: nothing but its receipt has happened */
};

/* --- Moments --- */

/* 決裁日 where the action has one, else the day it was done. */
static bool day_of_event(const struct merge_event *e, struct date *out)
{
    const struct strings *set = line_map(&e->body, "set");
    const char *decided = set ? map_get(set, "decided_on") : NULL;
    return (decided && iso_date_parse(out, decided)) || event_day(&e->event, out);
}

static bool day_of_action(const struct subject *s, const char *action, struct date *out)
{
    for (size_t i = 0; s->record && i < s->record->event_count; i++) {
        const struct merge_event *e = &s->record->events[i];
        const char *name = e->held ? NULL : line_text(&e->body, "action");
        if (name && strcmp(name, action) == 0)
            return day_of_event(e, out);
    }
    return false;
}

static const char *known_day(const struct subject *s, const char *field)
{
    if (strcmp(field, "received_on") == 0)
        return s->received_on;
    if (strcmp(field, "reached_town_on") == 0)
        return s->reached;
    return s->record ? record_value(s->record, field) : "";
}

/* The first of the moments that has come. */
static bool first_day(const struct subject *s, const struct strings *moments, struct date *out)
{
    bool any = false;
    for (size_t i = 0; i < moments->count; i++) {
        struct date day;
        bool come = workflow_action(s->form->workflow, moments->items[i])
                        ? day_of_action(s, moments->items[i], &day)
                        : iso_date_parse(&day, known_day(s, moments->items[i]));
        if (come && (!any || date_compare(day, *out) < 0)) {
            *out = day;
            any = true;
        }
    }
    return any;
}

/* --- Time that does not count --- */

struct spans {
    struct day_span *items;
    size_t count;
    bool open; /* the last one has not ended */
};

static void stopped_spans(const struct subject *s, const struct workflow_clock *clock,
                          struct spans *out)
{
    for (size_t i = 0; s->record && i < s->record->event_count; i++) {
        const struct merge_event *e = &s->record->events[i];
        const struct strings *set = e->held ? NULL : line_map(&e->body, "set");
        const char *state = set ? map_get(set, "state") : NULL;
        struct date day;
        if (!state || !day_of_event(e, &day))
            continue;
        bool stops = strings_find(&clock->stops, state) >= 0;
        if (stops && !out->open) {
            out->items = xroom(out->items, out->count, sizeof *out->items);
            out->items[out->count++] = (struct day_span){day, day};
        }
        if (!stops && out->open)
            out->items[out->count - 1].last = day;
        out->open = stops;
    }
    if (out->open) {
        out->items[out->count - 1].last = clock_today();
        if (date_compare(clock_today(), out->items[out->count - 1].first) < 0)
            out->items[out->count - 1].last = out->items[out->count - 1].first;
    }
}

/* --- One clock --- */

/* The calendar of the place that received it; NULL = the town's. The caller frees. */
static char *place_of(const struct subject *s, const struct workflow_clock *clock)
{
    struct registry_device device;
    if (clock->town || registry_device(store_registry(s->session->office->store), REGISTRY_NEWEST,
                                       s->device, &device, NULL))
        return NULL;
    char *brief = xstrdup(device.brief);
    registry_device_free(&device);
    return brief;
}

static enum status days_between(struct office *office, const char *place, bool every_day,
                                struct date from, struct date to, long *out, struct error *err)
{
    bool over = date_compare(from, to) > 0;
    struct date first = over ? to : from, last = over ? from : to;
    long days = (long)(date_days(last) - date_days(first));
    enum status st =
        every_day ? OK : calendar_business_days(office, place, first, last, &days, err);
    /* on the closed days after the last one it is over already */
    *out = over ? -(days ? days : 1) : days;
    return st;
}

/* E_NOT_FOUND: there is no day to be told. It has not begun, the town has not said how long, or its
 * calendar has no such day. */
static enum status read_clock(const struct subject *s, const struct workflow_clock *clock,
                              struct due *out, struct error *err)
{
    struct office *office = s->session->office;
    struct spans stopped = {0};
    struct host host;
    struct date from;
    host_init(&host, s->session);
    char *value = host.form.parameter(&host, clock->parameter, s->received_on);
    long days = 0;
    bool said = town_profile_whole(value, DAYS_MOST, &days);
    xfree(&value);
    if (!said || !first_day(s, &clock->from, &from))
        return E_NOT_FOUND;
    char *place = place_of(s, clock);
    *out = (struct due){.clock = clock};
    bool met = first_day(s, &clock->to, &out->met);
    stopped_spans(s, clock, &stopped);
    out->standing = met ? DUE_MET : stopped.open ? DUE_STOPPED : DUE_RUNNING;
    enum status st = calendar_after(office, place, from, days, clock->every_day, stopped.items,
                                    stopped.count, &out->by, err);
    struct date since = met ? out->met : clock_today();
    if (!st && stopped.open && !met &&
        date_compare(out->by, stopped.items[stopped.count - 1].first) <= 0)
        since = stopped.items[stopped.count - 1].first; /* it was over before it stopped */
    if (!st)
        st = days_between(office, place, clock->every_day, since, out->by, &out->left, err);
    xfree(&stopped.items);
    xfree(&place);
    return st;
}

static enum status read_all(const struct subject *s, struct dues *out, struct error *err)
{
    const struct workflow *w = s->form->workflow;
    for (size_t i = 0; i < w->clock_count; i++) {
        struct due due;
        enum status st = read_clock(s, &w->clocks[i], &due, err);
        if (st == E_NOT_FOUND)
            continue;
        if (st)
            return st;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = due;
    }
    return OK;
}

/* --- A record's --- */

static enum status read_record(struct session *session, const struct record *record,
                               const char *reached, struct dues *out, struct error *err)
{
    struct subject s = {.session = session,
                        .id = record->id,
                        .received_on = record_value(record, "received_on"),
                        .reached = reached,
                        .device = record->event_count ? record->events[0].event.device : "",
                        .record = record};
    enum status st =
        catalogue_form(session->office->catalogue, record->form, record->version, &s.form, err);
    return st ? st : read_all(&s, out, err);
}

enum status due_all(struct session *session, const struct record *record, struct dues *out,
                    struct error *err)
{
    char reached[ISO_DATE_SIZE];
    *out = (struct dues){0};
    enum status st = record_reached_town(session->office->store, record->id, reached, err);
    return st ? st : read_record(session, record, reached, out, err);
}

void dues_free(struct dues *list)
{
    xfree(&list->items);
    list->count = 0;
}

/* --- In a list --- */

/* Overdue ones first, those that are stopped after all that run. */
static bool more_urgent(const struct due *a, const struct due *b)
{
    if (a->standing != b->standing)
        return a->standing < b->standing;
    return a->left < b->left;
}

bool due_next(struct session *session, const struct record_row *row, struct due *out)
{
    struct subject s = {.session = session,
                        .id = row->record,
                        .received_on = row->received_on,
                        .reached = row->reached ? row->reached : "",
                        .device = row->device};
    struct dues all = {0};
    struct record record;
    bool any = false;
    enum status st = OK;
    if (!*row->receipt_no ||
        catalogue_form(session->office->catalogue, row->form, row->version, &s.form, NULL) ||
        !s.form->workflow->clock_count)
        return false;
    if (row->acts <= 1)
        st = read_all(&s, &all, NULL);
    else if ((st = record_load(session->office->store, row->record, &record, NULL)) == OK) {
        st = read_record(session, &record, s.reached, &all, NULL);
        record_free(&record);
    }
    for (size_t i = 0; !st && i < all.count; i++)
        if (all.items[i].standing != DUE_MET && (!any || more_urgent(&all.items[i], out))) {
            *out = all.items[i];
            any = true;
        }
    dues_free(&all);
    return any;
}

/* --- In words --- */

static char *left_text(const struct due *due)
{
    const char *unit = due->clock->every_day ? _("暦日") : _("開庁日");
    if (due->standing == DUE_STOPPED)
        return due->left < 0 ? xasprintf(_("止まっています。%ld%s過ぎています"), -due->left, unit)
                             : xasprintf(_("止まっています。残り%ld%s"), due->left, unit);
    if (due->standing == DUE_MET)
        return due->left < 0 ? xasprintf(_("%ld%s遅れ"), -due->left, unit) : xstrdup(_("期限内"));
    if (due->left < 0)
        return xasprintf(_("%ld%s過ぎています"), -due->left, unit);
    return due->left ? xasprintf(_("あと%ld%s"), due->left, unit) : xstrdup(_("今日まで"));
}

char *due_left_text(const struct due *due)
{
    char by[ERA_TEXT_SIZE], met[ERA_TEXT_SIZE], *left = left_text(due), *text;
    era_format_day(by, sizeof by, due->by);
    era_format_day(met, sizeof met, due->met);
    if (due->standing == DUE_STOPPED)
        text = xasprintf(_("待っている間は数えません（%s）"), left);
    else if (due->standing == DUE_MET)
        text = xasprintf(_("%sまで、%s済（%s）"), by, met, left);
    else
        text = xasprintf(_("%sまで（%s）"), by, left);
    xfree(&left);
    return text;
}

char *due_text(const struct due *due, const char *language)
{
    char *text = due_left_text(due);
    char *all = xasprintf("%s: %s", label_text(&due->clock->label, language), text);
    xfree(&text);
    return all;
}

char *due_mark(const struct due *due)
{
    if (due->standing == DUE_STOPPED)
        return xstrdup(_("停止中"));
    if (due->left < 0)
        return xasprintf(_("超過%ld日"), -due->left);
    return due->left ? xasprintf(_("あと%ld日"), due->left) : xstrdup(_("今日まで"));
}
