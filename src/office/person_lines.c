#include "office/person_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/due.h"
#include "office/worklist_internal.h"
#include "text/era.h"

struct telling {
    struct session *session;
    struct record record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    struct person_facts *out;
};

static void add(struct telling *t, char *label, char *text, const char *day)
{
    struct person_facts *out = t->out;
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] =
        (struct person_fact){xstrdup(t->record.id), xstrdup(record_value(&t->record, "receipt_no")),
                             label, text, xstrdup(day)};
}

/* A day with how far it is. */
static char *day_text(struct date date)
{
    char day[ERA_TEXT_SIZE];
    long left = (long)(date_days(date) - date_days(clock_today()));
    era_format_day(day, sizeof day, date);
    if (left < 0)
        return xasprintf(_("%s（%ld日過ぎています）"), day, -left);
    return left ? xasprintf(_("%s（あと%ld日）"), day, left) : xasprintf(_("%s（今日）"), day);
}

static void add_value(struct telling *t, const char *label, const char *value)
{
    struct date date;
    if (!*value)
        return;
    bool is_day = iso_date_parse(&date, value);
    add(t, xstrdup(label), is_day ? day_text(date) : xstrdup(value), is_day ? value : "");
}

static void add_declared(struct telling *t, const struct person_line *line)
{
    const char *label = label_text(&line->label, t->host.form.language);
    const char *repeat = line->repeat ? line->repeat->name : NULL;
    size_t rows = repeat ? instance_row_count(t->instance, repeat) : 1;
    if (line->states.count && strings_find(&line->states, record_value(&t->record, "state")) < 0)
        return;
    for (size_t i = 0; i < rows; i++) {
        char *path = repeat ? xasprintf("%s/%s/%s", repeat, instance_row(t->instance, repeat, i),
                                        line->repeat->children[0]->name)
                            : xstrdup("");
        char *value = instance_evaluate(t->instance, line->value, path);
        add_value(t, label, value);
        xfree(&value);
        xfree(&path);
    }
}

/* 補正・返事: what the record waits for, by its state. */
static void add_deadline(struct telling *t)
{
    const char *state = record_value(&t->record, "state"),
               *deadline = record_value(&t->record, "deadline");
    const struct workflow_state *known = workflow_state(t->form->workflow, state);
    if (!*deadline || !known || !known->open)
        return;
    char *label = xasprintf(_("期限（%s）"), label_text(&known->label, t->host.form.language));
    add_value(t, label, deadline);
    xfree(&label);
}

static enum status add_dues(struct telling *t, struct error *err)
{
    struct dues dues;
    enum status st = due_all(t->session, &t->record, &dues, err);
    for (size_t i = 0; !st && i < dues.count; i++) {
        const struct due *due = &dues.items[i];
        char day[ISO_DATE_SIZE];
        if (due->standing == DUE_MET)
            continue;
        iso_date(day, due->by);
        add(t, xstrdup(label_text(&due->clock->label, t->host.form.language)), due_left_text(due),
            due->standing == DUE_STOPPED ? "" : day);
    }
    dues_free(&dues);
    return st;
}

enum status person_facts_add(struct session *session, const char *record, struct person_facts *out,
                             struct error *err)
{
    struct telling t = {.session = session, .out = out};
    enum status st = record_load_for(session, record, &t.record, err);
    if (st)
        return st;
    host_init(&t.host, session);
    t.host.record = t.record.id;
    st = catalogue_form(session->office->catalogue, t.record.form, t.record.version, &t.form, err);
    if (!st)
        st = record_instance(&t.host, &t.record, &t.instance, err);
    for (size_t i = 0; !st && i < t.form->person_line_count; i++)
        add_declared(&t, &t.form->person_lines[i]);
    if (!st)
        add_deadline(&t);
    if (!st)
        st = add_dues(&t, err);
    instance_free(&t.instance);
    record_free(&t.record);
    return st;
}

static int by_day(const void *a, const void *b)
{
    const struct person_fact *x = a, *y = b;
    if (!*x->day != !*y->day)
        return *x->day ? -1 : 1;
    int order = strcmp(x->day, y->day);
    order = order ? order : strcmp(x->number, y->number);
    return order ? order : strcmp(x->text, y->text);
}

void person_facts_sort(struct person_facts *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_day);
}

void person_facts_free(struct person_facts *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct person_fact *f = &list->items[i];
        char **texts[] = {&f->record, &f->number, &f->label, &f->text, &f->day};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}
