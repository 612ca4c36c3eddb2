/* 督促の一覧: records somebody was asked something about by a day (補正, 返事), that day near or
 * over. Which actions are reminders is said by the workflow; each is an action of the record's
 * history. */
#include <stdio.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/parameter.h"
#include "form/workflow.h"
#include "office/worklist_internal.h"
#include "text/era.h"

enum { DAYS_MOST = 366 };

static const struct workflow_action *reminder_of(struct office *office,
                                                 const struct record_row *row)
{
    const struct form *form;
    if (catalogue_form(office->catalogue, row->form, row->version, &form, NULL))
        return NULL;
    for (size_t i = 0; i < form->workflow->action_count; i++) {
        const struct workflow_action *action = &form->workflow->actions[i];
        if (action->reminder && workflow_allows(action, row->state))
            return action;
    }
    return NULL;
}

/* How often somebody was reminded since they were asked, and when last. */
static char *reminded(struct session *session, const struct record_row *row,
                      const struct workflow_action *reminder)
{
    struct record record;
    long count = 0;
    bool dated = false;
    char text[ERA_TEXT_SIZE];
    struct date day;
    if (record_load(session->office->store, row->record, &record, NULL))
        return xstrdup("");
    for (size_t i = 0; i < record.event_count; i++) {
        const struct merge_event *e = &record.events[i];
        const char *action = e->held ? NULL : line_text(&e->body, "action");
        const struct strings *set = e->held ? NULL : line_map(&e->body, "set");
        if (action && str_eq(action, reminder->name)) {
            count++;
            dated = event_day(&e->event, &day);
        } else if (set && map_get(set, "state")) {
            count = 0;
        }
    }
    record_free(&record);
    if (!count || !dated)
        return xstrdup(_("督促はまだ"));
    era_format_short(text, sizeof text, day);
    return xasprintf(_("督促%ld回（%s）"), count, text);
}

char *worklist_reminded(struct session *session, const struct record_row *row)
{
    const struct workflow_action *reminder = reminder_of(session->office, row);
    return reminder ? reminded(session, row, reminder) : NULL;
}

static struct date until(struct office *office)
{
    const struct town_profile *town = catalogue_town(office->catalogue);
    long days = 0; /* said as no number: those whose day has come */
    town_profile_whole(town ? town_profile_value(town, "office.reminder_days", clock_today())
                            : NULL,
                       DAYS_MOST, &days);
    return date_from_days(date_days(clock_today()) + days);
}

enum status worklist_load_reminders(struct session *session, long offset, long limit,
                                    struct worklist_rows *out, struct error *err)
{
    char last[ISO_DATE_SIZE];
    struct record_rows rows;
    iso_date(last, until(session->office));
    const struct record_filter filter = {.open = true,
                                         .deadline_to = last,
                                         .by_deadline = true,
                                         .visible = !session_may(session, MAY_READ_PROTECTED)};
    enum status st = record_query(session->office->store, &filter, 0, -1, &rows, err);
    if (st)
        return st;
    for (size_t i = 0; i < rows.count; i++) {
        const struct workflow_action *reminder = reminder_of(session->office, &rows.items[i]);
        long at = reminder ? out->total++ : -1;
        if (at < offset || (limit >= 0 && at >= offset + limit))
            continue;
        worklist_add_record(session->office, &rows.items[i], out);
        struct worklist_row *row = &out->items[out->count - 1];
        worklist_mark_deadline(row, rows.items[i].deadline);
        xfree(&row->note);
        row->note = reminded(session, &rows.items[i], reminder);
    }
    record_rows_free(&rows);
    return OK;
}
