#include "office/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/veil.h"
#include "store/query_check.h"

/* --- The record as tables --- */

/* Without an instance there is only who asks and when. */
static void this_table(struct check_table *table, struct host *host,
                       const struct instance *instance, const char *record)
{
    const struct form *form = instance ? instance_form(instance) : NULL;
    char today[ISO_DATE_SIZE];
    iso_date(today, clock_today());
    const char *const own[][2] = {
        {"record", record}, {"today", today}, {"user", host->session->login}};
    table->name = "this";
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        strings_add(&table->columns, own[i][0]);
        strings_add(&table->cells, own[i][1]);
    }
    for (size_t i = 0; form && i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        if (f->repeat || !field_has_value(f))
            continue;
        strings_add(&table->columns, f->name);
        strings_add(&table->cells,
                    instance_relevant(instance, f->name) ? instance_get(instance, f->name) : "");
    }
}

static void repeat_table(struct check_table *table, const struct instance *instance,
                         const struct field *repeat)
{
    const struct form *form = instance_form(instance);
    const struct item *items;
    size_t count = instance_items(instance, &items);
    table->name = xasprintf("this__%s", repeat->name);
    strings_add(&table->columns, "row");
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i]->repeat == repeat && field_has_value(form->fields[i]))
            strings_add(&table->columns, form->fields[i]->name);
    for (size_t r = 0; r < count; r++) {
        if (!items[r].row_head || items[r].field != repeat || !items[r].relevant)
            continue;
        strings_add(&table->cells, items[r].row);
        for (size_t i = 0; i < form->field_count; i++) {
            const struct field *f = form->fields[i];
            if (f->repeat != repeat || !field_has_value(f))
                continue;
            char *path = xasprintf("%s/%s", items[r].path, f->name);
            strings_add(&table->cells,
                        instance_relevant(instance, path) ? instance_get(instance, path) : "");
            xfree(&path);
        }
    }
}

/* A list of choices with all its columns: what differs from town to town can stand there. */
static void choice_table(struct check_table *table, const struct choice_list *list,
                         const char *language)
{
    table->name = xasprintf("choices__%s", list->name);
    strings_add(&table->columns, "name");
    strings_add(&table->columns, "label");
    for (size_t i = 0; i < list->count; i++)
        for (size_t e = 0; e < list->items[i].extra.count; e += 2)
            if (strings_find(&table->columns, list->items[i].extra.items[e]) < 0)
                strings_add(&table->columns, list->items[i].extra.items[e]);
    for (size_t i = 0; i < list->count; i++) {
        const struct choice *choice = &list->items[i];
        strings_add(&table->cells, choice->name);
        strings_add(&table->cells, label_text(&choice->label, language));
        for (size_t c = 2; c < table->columns.count; c++) {
            const char *value = "";
            for (size_t e = 0; e + 1 < choice->extra.count; e += 2)
                if (strcmp(choice->extra.items[e], table->columns.items[c]) == 0)
                    value = choice->extra.items[e + 1];
            strings_add(&table->cells, value);
        }
    }
}

static struct check_table *tables_of(struct host *host, const struct instance *instance,
                                     const char *record, size_t *count)
{
    const struct form *form = instance ? instance_form(instance) : NULL;
    size_t most = form ? form->field_count + form->choice_count : 0;
    struct check_table *tables = xcalloc(most + 1, sizeof *tables);
    *count = 1;
    this_table(&tables[0], host, instance, record);
    for (size_t i = 0; form && i < form->field_count; i++)
        if (form->fields[i]->type == FIELD_REPEAT)
            repeat_table(&tables[(*count)++], instance, form->fields[i]);
    for (size_t i = 0; form && i < form->choice_count; i++)
        if (form->choices[i]->in_rules)
            choice_table(&tables[(*count)++], form->choices[i], host->form.language);
    return tables;
}

static void tables_free(struct check_table **tables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        strings_free(&(*tables)[i].columns);
        strings_free(&(*tables)[i].cells);
        if (i)
            free((char *)(uintptr_t)(*tables)[i].name);
    }
    xfree(tables);
}

/* --- Messages --- */

/* {column} in a message is the row's value. */
static char *fill(const char *message, const char *const *names, const char *const *values,
                  size_t count)
{
    struct buffer out = BUFFER_INIT;
    while (*message) {
        const char *open = strchr(message, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buffer_add_text(&out, message);
            break;
        }
        buffer_add(&out, message, (size_t)(open - message));
        size_t len = (size_t)(close - open - 1);
        for (size_t i = 0; i < count; i++)
            if (strlen(names[i]) == len && strncmp(names[i], open + 1, len) == 0)
                buffer_add_text(&out, values[i]);
        message = close + 1;
    }
    return buffer_steal(&out);
}

struct delivery {
    struct host *host;
    const struct instance *instance;
    const struct check *check;
    check_sink sink;
    void *context;
};

/* What only informs of a record that one may not see is not said; what stops stops unnamed. */
static bool is_said(const struct delivery *d, const struct veiled *row)
{
    return !row->theirs || d->check->severity <= CHECK_DEFICIENCY;
}

static void on_row(void *context, const char *const *names, const char *const *values, size_t count)
{
    struct delivery *d = context;
    const char *language = d->host->form.language;
    struct veiled row;
    if (!d->host->unveiled) {
        veil_row(d->host->session, d->instance, false, values, count, &row);
        values = row.values;
        count = row.count;
        if (!is_said(d, &row))
            return;
    }
    char *message = fill(label_text(&d->check->message, language), names, values, count);
    char *reason = fill(label_text(&d->check->reason, language), names, values, count);
    struct said said = {d->check, d->check->field, message, reason};
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], "field") == 0)
            said.field = values[i];
    d->sink(d->context, &said);
    xfree(&message);
    xfree(&reason);
}

/* --- All of them --- */

struct asking {
    struct host *host;
    const char *received_on;
};

static char *ask_parameter(void *context, const char *key, const char *on)
{
    struct asking *asking = context;
    return asking->host->form.parameter(asking->host, key, *on ? on : asking->received_on);
}

static long ask_business_days(void *context, struct date from, struct date to, const char *place)
{
    struct asking *asking = context;
    return asking->host->form.business_days(asking->host, from, to, place);
}

/* The record as it stands, laid out for a time. */
struct laid {
    struct asking asking;
    struct check_host functions;
    struct store *store;
    struct check_table *tables;
    size_t count;
};

static enum status lay_out(struct laid *laid, struct host *host, const struct instance *instance,
                           const char *record, struct error *err)
{
    *laid = (struct laid){
        .asking = {host, instance ? instance_get(instance, "received_on") : ""},
        .functions = {&laid->asking, ask_parameter, ask_business_days},
        .store = host->office->store,
    };
    veil_refresh(host->office);
    laid->tables = tables_of(host, instance, record, &laid->count);
    return check_begin(laid->store, laid->tables, laid->count, &laid->functions, err);
}

static void take_up(struct laid *laid)
{
    check_end(laid->store);
    tables_free(&laid->tables, laid->count);
}

enum status check_all(struct host *host, const struct instance *instance, const char *record,
                      unsigned when, check_sink sink, void *context, struct error *err)
{
    const struct form *form = instance_form(instance);
    struct laid laid;
    bool any = false;
    for (size_t i = 0; i < form->check_count; i++)
        any = any || (form->checks[i].when & when);
    if (!any)
        return OK;
    enum status st = lay_out(&laid, host, instance, record, err);
    for (size_t i = 0; !st && i < form->check_count; i++) {
        const struct check *check = &form->checks[i];
        struct delivery d = {host, instance, check, sink, context};
        if (check->when & when)
            st = check_run(laid.store, check->name, check->sql, on_row, &d, err);
    }
    take_up(&laid);
    return st;
}

enum status check_rows(struct host *host, const struct instance *instance, const char *record,
                       const char *name, const char *sql, check_row row, void *context,
                       struct error *err)
{
    struct laid laid;
    enum status st = lay_out(&laid, host, instance, record, err);
    if (!st)
        st = check_run(laid.store, name, sql, row, context, err);
    take_up(&laid);
    return st;
}

/* --- Values that are asked --- */

static void first_value(void *context, const char *const *names, const char *const *values,
                        size_t count)
{
    char **value = context;
    (void)names;
    if (count && !*value)
        *value = xstrdup(values[0]);
}

/* The answers are put after all questions, so that none sees a part of them. */
enum status check_fill(struct host *host, struct instance *instance, const char *record,
                       struct error *err)
{
    const struct form *form = instance_form(instance);
    struct laid laid;
    struct values found = {0};
    bool any = false;
    for (size_t i = 0; i < form->field_count; i++)
        any = any || form->fields[i]->query;
    if (!any)
        return OK;
    enum status st = lay_out(&laid, host, instance, record, err);
    for (size_t i = 0; !st && i < form->field_count; i++) {
        char *value = NULL;
        const struct field *field = form->fields[i];
        if (!field->query)
            continue;
        st = check_run(laid.store, field->name, field->query, first_value, &value, err);
        values_add(&found, field->name, value ? value : "");
        xfree(&value);
    }
    take_up(&laid);
    for (size_t i = 0; !st && i < found.count; i++)
        if (strcmp(instance_get(instance, found.items[i].path), found.items[i].value) != 0)
            st = instance_put(instance, found.items[i].path, found.items[i].value, err);
    values_free(&found);
    return st;
}

/* --- Before a form is installed --- */

static char *no_parameter(void *context, const char *key, const char *on)
{
    (void)context;
    (void)key;
    (void)on;
    return NULL;
}
static long no_days(void *context, struct date from, struct date to, const char *calendar)
{
    (void)context;
    (void)from;
    (void)to;
    (void)calendar;
    return 0;
}

/* `this` with nothing answered, and its repeats without a row; for lists of work only who asks and
 * when. */
static struct check_table *empty_tables(const struct form *form, bool of_record, size_t *count)
{
    struct check_table *tables =
        xcalloc(form->field_count + form->choice_count + 1, sizeof *tables);
    static const char *const own[] = {"record", "today", "user"};
    for (size_t r = 0; r <= form->field_count; r++) {
        const struct field *repeat = r ? form->fields[r - 1] : NULL;
        if (repeat && (repeat->type != FIELD_REPEAT || !of_record))
            continue;
        struct check_table *table = &tables[(*count)++];
        table->name = repeat ? xasprintf("this__%s", repeat->name) : "this";
        for (size_t i = 0; !repeat && i < ARRAY_LEN(own); i++)
            strings_add(&table->columns, own[i]);
        if (repeat)
            strings_add(&table->columns, "row");
        for (size_t i = 0; of_record && i < form->field_count; i++)
            if (form->fields[i]->repeat == repeat && field_has_value(form->fields[i]))
                strings_add(&table->columns, form->fields[i]->name);
        for (size_t i = 0; !repeat && i < table->columns.count; i++)
            strings_add(&table->cells, "");
    }
    for (size_t i = 0; of_record && i < form->choice_count; i++)
        if (form->choices[i]->in_rules)
            choice_table(&tables[(*count)++], form->choices[i], "ja");
    return tables;
}

static enum status try_statements(struct store *store, const struct form *form, bool of_record,
                                  const struct statement **bad, struct error *err)
{
    const struct check_host host = {.parameter = no_parameter, .business_days = no_days};
    size_t count = 0;
    struct check_table *tables = empty_tables(form, of_record, &count);
    enum status st = check_begin(store, tables, count, &host, err);
    for (size_t i = 0; !st && i < form->statement_count; i++) {
        const struct statement *s = &form->statements[i];
        if (s->of_record != of_record)
            continue;
        st = check_try(store, s->name, s->sql, err);
        if (st == E_NOT_FOUND)
            st = OK;
        if (st)
            *bad = s;
    }
    check_end(store);
    tables_free(&tables, count);
    return st;
}

enum status check_allowed(struct store *store, const struct form *form,
                          const struct statement **bad, struct error *err)
{
    *bad = NULL;
    enum status st = try_statements(store, form, true, bad, err);
    return st ? st : try_statements(store, form, false, bad, err);
}
