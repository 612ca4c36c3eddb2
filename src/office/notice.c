#include "office/notice.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/office_internal.h"
#include "office/slip.h"
#include "text/era.h"
#include "text/table.h"

enum { PAGE_CELLS = 72 };

struct telling {
    struct session *session;
    struct record record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    const struct workflow_action *action;
    const struct merge_event *event; /* that did it */
};

static bool is_told(const struct workflow_action *action)
{
    return action->decision || action->notice.count || strings_find(&action->asks, "deadline") >= 0;
}

/* What event i did; NULL when it is no action, or held. */
static const struct workflow_action *action_at(const struct telling *t, size_t i)
{
    const struct merge_event *e = &t->record.events[i];
    const char *name = e->held ? NULL : line_text(&e->body, "action");
    return name ? workflow_action(t->form->workflow, name) : NULL;
}

static enum status find_action(struct telling *t, const char *just, struct error *err)
{
    for (size_t i = t->record.event_count; !t->action && i-- > 0;) {
        const struct workflow_action *action = action_at(t, i);
        if (!action)
            continue;
        if (is_told(action) && (!just || strcmp(action->name, just) == 0)) {
            t->action = action;
            t->event = &t->record.events[i];
        }
        if (just)
            break;
    }
    return t->action
               ? OK
               : error_set(err, E_NOT_FOUND, _("この記録に、本人へ通知する処理はまだありません"));
}

/* The how-many-th reminder it is since something was asked for, and why that was. */
static long reminders(const struct telling *t, const char **reason)
{
    long count = 0;
    bool at = false;
    for (size_t i = t->record.event_count; i-- > 0;) {
        const struct workflow_action *action = action_at(t, i);
        at = at || &t->record.events[i] == t->event;
        if (!at || !action)
            continue;
        count += action->reminder;
        if (*action->to && !action->reminder) {
            *reason = line_text(&t->record.events[i].body, "reason");
            break;
        }
    }
    return count;
}

static void paragraph(struct buffer *out, const char *text)
{
    if (*text)
        table_text(text, PAGE_CELLS, out);
}

static void day_line(struct buffer *out, const char *label, const char *value)
{
    struct date day;
    char text[ERA_TEXT_SIZE];
    if (!*value)
        return;
    bool is_day = iso_date_parse(&day, value);
    if (is_day)
        era_format_day(text, sizeof text, day);
    slip_line(out, label, is_day ? text : value);
}

/* 教示: where the town did not grant what was applied for. */
static void remedies(const struct telling *t, struct buffer *out)
{
    const struct town_profile *town = catalogue_town(t->session->office->catalogue);
    const struct workflow_state *to = workflow_state(t->form->workflow, t->action->to);
    struct date day;
    if (!town || !t->action->decision || t->form->type != FORM_APPLICATION || !to || to->in_force)
        return;
    if (!iso_date_parse(&day, record_value(&t->record, "decided_on")))
        day = clock_today();
    const char *text = town_profile_value(town, "office.remedies", day);
    if (str_empty(text))
        return;
    buffer_printf(out, "\n%s\n", _("教示"));
    paragraph(out, text);
}

static void compose(struct telling *t, struct buffer *out)
{
    const struct record *r = &t->record;
    const char *language = t->host.form.language, *reason = line_text(&t->event->body, "reason");
    char *words = instance_label(t->instance, &t->action->notice, "");
    char *who = actor_name(t->session->office, t->event->event.actor);
    char today[ERA_TEXT_SIZE];
    era_format_day(today, sizeof today, clock_today());
    if (t->action->reminder)
        buffer_printf(out, _("督促状（%ld回目）\n\n"), reminders(t, &reason));
    else
        buffer_printf(out, _("通知書（%s）\n\n"), label_text(&t->action->label, language));
    slip_line(out, _("様式"), label_text(&t->form->title, language));
    slip_line(out, _("受付番号"), record_value(r, "receipt_no"));
    slip_line(out, _("氏名・件名"), record_value(r, "title"));
    day_line(out, _("受付日"), record_value(r, "received_on"));
    if (t->action->decision)
        day_line(out, _("決裁日"), record_value(r, "decided_on"));
    if (t->action->reminder || strings_find(&t->action->asks, "deadline") >= 0)
        day_line(out, _("期限"), record_value(r, "deadline"));
    slip_line(out, t->action->decision ? _("専決者") : _("担当"), who);
    slip_line(out, _("作成日"), today);
    slip_rule(out);
    if (*words)
        paragraph(out, words);
    if (reason && *reason) {
        buffer_printf(out, "%s\n", _("理由"));
        paragraph(out, reason);
    }
    remedies(t, out);
    buffer_printf(out, "\n%s\n", office_town(t->session->office));
    xfree(&words);
    xfree(&who);
}

enum status notice_write(struct session *session, const char *id, const char *just, char path[256],
                         char **text, struct error *err)
{
    struct telling t = {.session = session};
    struct buffer page = BUFFER_INIT;
    enum status st = session_require(session, MAY_READ, err);
    if (text)
        *text = NULL;
    if (!st)
        st = record_load_for(session, id, &t.record, err);
    if (st)
        return st;
    host_init(&t.host, session);
    st = catalogue_form(session->office->catalogue, t.record.form, t.record.version, &t.form, err);
    if (!st)
        st = find_action(&t, just, err);
    if (!st)
        st = print_permit(session, id, err);
    if (!st)
        st = record_instance(&t.host, &t.record, &t.instance, err);
    if (!st) {
        char *name = xasprintf("notice-%s.txt", id);
        compose(&t, &page);
        st = print_text(session->office, name, buffer_text(&page), path, err);
        xfree(&name);
    }
    if (!st && text)
        *text = buffer_steal(&page);
    buffer_free(&page);
    instance_free(&t.instance);
    record_free(&t.record);
    return st;
}
