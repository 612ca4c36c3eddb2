#include "office/action.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "form/workflow.h"
#include "office/action_internal.h"
#include "office/check.h"
#include "office/worklist_internal.h"
#include "store/journal.h"

struct acting {
    struct session *session;
    struct record record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    const struct workflow_action *action;
    const char *reason;
    struct values set;
    struct updates updates;
};

static void finish(struct acting *a)
{
    instance_free(&a->instance);
    record_free(&a->record);
    values_free(&a->set);
    updates_free(&a->updates);
}

static enum status begin(struct acting *a, struct session *session, const char *id,
                         struct error *err)
{
    *a = (struct acting){.session = session};
    host_init(&a->host, session);
    enum status st = record_load_for(session, id, &a->record, err);
    if (!st)
        st = catalogue_form(session->office->catalogue, a->record.form, a->record.version, &a->form,
                            err);
    if (!st)
        st = record_instance(&a->host, &a->record, &a->instance, err);
    if (st)
        finish(a);
    return st;
}

static bool role_allows(const struct session *session, const struct workflow_action *action)
{
    for (size_t i = 0; i < action->roles.count; i++)
        if (session_has_role(session, action->roles.items[i]))
            return true;
    return false;
}

/* --- What may be done --- */

static void add_reason(void *context, const struct said *said)
{
    struct buffer *text = context;
    if (said->check->severity <= CHECK_DEFICIENCY)
        buffer_printf(text, "%s%s", text->len ? "\n" : "",
                      *said->reason ? said->reason : said->message);
}

/* 却下理由書案: what fails now, in the words of the rules. */
static char *reason_draft(struct acting *a)
{
    struct buffer text = BUFFER_INIT;
    check_all(&a->host, a->instance, a->record.id, CHECK_LIVE | CHECK_FINALISE | CHECK_DECIDE,
              add_reason, &text, NULL);
    return buffer_steal(&text);
}

enum status action_reason(struct session *session, const char *record, char **out,
                          struct error *err)
{
    struct acting a;
    *out = NULL;
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = begin(&a, session, record, err);
    if (st)
        return st;
    *out = reason_draft(&a);
    finish(&a);
    return OK;
}

static void add_asks(const struct acting *a, const struct workflow_action *action,
                     struct action_row *row)
{
    row->asks = xcalloc(action->asks.count + 1, sizeof *row->asks);
    for (size_t i = 0; i < action->asks.count; i++) {
        const char *name = action->asks.items[i];
        const struct field *field = form_field(a->form, name);
        row->asks[row->ask_count++] = (struct action_ask){
            xstrdup(name),
            xstrdup(field ? label_text(&field->label, a->host.form.language) : name)};
    }
}

enum status action_list(struct session *session, const char *record, struct action_list *out,
                        struct error *err)
{
    struct acting a;
    *out = (struct action_list){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = begin(&a, session, record, err);
    const struct workflow *w = st ? NULL : a.form->workflow;
    for (size_t i = 0; w && i < w->action_count; i++) {
        const struct workflow_action *action = &w->actions[i];
        if (!workflow_allows(action, record_value(&a.record, "state")) ||
            !role_allows(session, action))
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = (struct action_row){
            .name = xstrdup(action->name),
            .label = xstrdup(label_text(&action->label, a.host.form.language)),
            .reason_required = action->reason_required,
            .decision = action->decision,
            .reminder = action->reminder,
            .reason_draft =
                action->reason_required && action->decision ? reason_draft(&a) : xstrdup(""),
        };
        add_asks(&a, action, &out->items[out->count - 1]);
    }
    if (!st)
        finish(&a);
    return st;
}

void action_list_free(struct action_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].name);
        xfree(&list->items[i].label);
        xfree(&list->items[i].reason_draft);
        for (size_t n = 0; n < list->items[i].ask_count; n++) {
            xfree(&list->items[i].asks[n].name);
            xfree(&list->items[i].asks[n].label);
        }
        xfree(&list->items[i].asks);
    }
    xfree(&list->items);
    list->count = 0;
}

/* --- Doing it --- */

static enum status choose(struct acting *a, const char *name, struct error *err)
{
    const char *state = record_value(&a->record, "state");
    a->action = workflow_action(a->form->workflow, name);
    if (!a->action)
        return error_set(err, E_NOT_FOUND, _("処理「%s」はこの様式にありません"), name);
    const char *label = label_text(&a->action->label, a->host.form.language);
    if (a->record.merge.conflict)
        return error_set(err, E_RULE, _("値が食い違っている欄があります。先に解消してください"));
    if (!workflow_allows(a->action, state))
        return error_set(err, E_RULE, _("「%s」は、今の状態（%s）からはできません"), label,
                         state_text(a->form, state, a->host.form.language));
    if (!role_allows(a->session, a->action))
        return error_set(err, E_DENIED, _("「%s」をする権限がありません"), label);
    if (a->action->reason_required && !*a->reason)
        return error_set(err, E_INVALID, _("「%s」には理由が要ります"), label);
    return OK;
}

/* "name=value" of what the action asks for; anything else is refused. */
static enum status take_value(struct acting *a, const char *word, struct error *err)
{
    const char *equals = strchr(word, '=');
    char *name = equals ? xstrndup(word, (size_t)(equals - word)) : xstrdup(word);
    const struct field *field = form_field(a->form, name);
    char *value = NULL;
    enum status st = OK;
    if (!equals || !field || strings_find(&a->action->asks, name) < 0)
        st = error_set(err, E_INVALID, _("「%s」はこの処理で決める欄ではありません"), name);
    if (!st)
        st = answer_parse(field, equals + 1, clock_today(), &value, err);
    if (!st)
        st = instance_put(a->instance, name, value, err);
    if (!st)
        values_add(&a->set, name, value);
    xfree(&value);
    xfree(&name);
    return st;
}

/* The fields every record has for its decision and its term are the program's, and so is what holds
 * of them in every form: a letter never names a day that cannot be meant. */
static enum status check_days(struct acting *a, struct error *err)
{
    char today[ISO_DATE_SIZE];
    iso_date(today, clock_today());
    const char *label = label_text(&a->action->label, a->host.form.language);
    const char *decided = values_get(&a->set, "decided_on");
    const char *deadline = values_get(&a->set, "deadline");
    if (decided && *decided && strcmp(decided, today) > 0)
        return error_set(err, E_INVALID,
                         _("「%s」の日が、今日より先です。今日までの日を入れてください"), label);
    if (decided && *decided && strcmp(decided, record_value(&a->record, "received_on")) < 0)
        return error_set(
            err, E_INVALID,
            _("「%s」の日が、受付日より前です。受付日から今日までの日を入れてください"), label);
    if (strings_find(&a->action->asks, "deadline") >= 0 &&
        (!deadline || strcmp(deadline, today) <= 0))
        return error_set(err, E_INVALID, _("「%s」には、明日からあとの期限が要ります"), label);
    return OK;
}

static void set_fields(struct acting *a)
{
    char today[ISO_DATE_SIZE];
    iso_date(today, clock_today());
    if (a->action->decision && !values_get(&a->set, "decided_on"))
        values_add(&a->set, "decided_on", today);
    if (a->action->decision) {
        values_add(&a->set, "decided_by", a->session->name);
        instance_put(a->instance, "decided_on", values_get(&a->set, "decided_on"), NULL);
    }
    if (a->action->decision && *a->reason)
        values_add(&a->set, "decision_reason", a->reason);
    if (*a->action->to)
        values_add(&a->set, "state", a->action->to);
    for (size_t i = 0; i < a->action->set_count; i++) {
        const struct setting *s = &a->action->sets[i];
        char *value = instance_evaluate(a->instance, s->value, s->field);
        values_add(&a->set, s->field, value);
        xfree(&value);
    }
}

/* Whether the form lets it be done now. */
static enum status check_guard(struct acting *a, struct error *err)
{
    if (!a->action->guard)
        return OK;
    char *value = instance_evaluate(a->instance, a->action->guard, ""), *why = NULL;
    bool may = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
    if (!may)
        why = instance_label(a->instance, &a->action->guard_message, "");
    enum status st = may ? OK
                         : error_set(err, E_RULE, _("「%s」はできません: %s"),
                                     label_text(&a->action->label, a->host.form.language), why);
    xfree(&value);
    xfree(&why);
    return st;
}

static void first_error(void *context, const struct said *said)
{
    char **first = context;
    if (said->check->severity == CHECK_ERROR && !*first)
        *first = xstrdup(said->message);
}

static bool in_force_after(const struct acting *a)
{
    const struct workflow_state *to = workflow_state(a->form->workflow, a->action->to);
    return to && to->in_force;
}

/* A decision that grants what was asked for stands on the rules as they are now. */
static enum status check_decision(struct acting *a, struct error *err)
{
    char *first = NULL;
    if (!a->action->decision || !in_force_after(a))
        return OK;
    enum status st =
        check_all(&a->host, a->instance, a->record.id, CHECK_DECIDE, first_error, &first, err);
    if (!st && first)
        st = error_set(err, E_RULE, _("「%s」はできません: %s"),
                       label_text(&a->action->label, a->host.form.language), first);
    xfree(&first);
    return st;
}

static enum status append(struct acting *a, struct error *err)
{
    struct values full = {0};
    struct line body = event_body();
    line_add_text(&body, "action", a->action->name);
    if (*a->reason)
        line_add_text(&body, "reason", a->reason);
    struct strings *set = line_add_map(&body, "set");
    for (size_t i = 0; i < a->set.count; i++)
        map_set(set, a->set.items[i].path, a->set.items[i].value);
    instance_values(a->instance, &full);
    struct strings *all = line_add_map(&body, "full");
    for (size_t i = 0; i < full.count; i++)
        map_set(all, full.items[i].path, full.items[i].value);
    values_free(&full);
    char *name = form_name(a->form);
    struct journal_entry entry = {OP_ACT, a->record.id, name, &body};
    enum status st = journal_append(a->session->office->store, a->session->keys, &entry, NULL, err);
    xfree(&name);
    return st;
}

static enum status perform(void *context, struct error *err)
{
    struct acting *a = context;
    enum status st = append(a, err);
    return st ? st : action_update(a->session, &a->updates, err);
}

enum status action_do(struct session *session, const char *record, const char *action,
                      const char *reason, const char *const *values, struct error *err)
{
    struct acting a;
    enum status st = begin(&a, session, record, err);
    if (st)
        return st;
    a.reason = reason;
    st = choose(&a, action, err);
    if (!st)
        st = answer_free_text(reason, err);
    for (size_t i = 0; !st && values && values[i]; i++)
        st = take_value(&a, values[i], err);
    if (!st)
        st = check_days(&a, err);
    if (!st) {
        set_fields(&a);
        st = check_guard(&a, err);
    }
    if (!st)
        st = check_decision(&a, err);
    if (!st)
        st = action_gather(&a.host, a.instance, &a.record, a.action, &a.updates, err);
    if (!st)
        st = store_transaction(session->office->store, perform, &a, err);
    finish(&a);
    return st;
}
