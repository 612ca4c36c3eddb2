#include "office/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "office/check.h"
#include "office/veil.h"
#include "office/worklist_internal.h"
#include "text/chart.h"
#include "text/csv.h"
#include "text/era.h"
#include "text/table.h"

enum { PAGE_CELLS = 78 };

/* --- Which there are --- */

enum status report_list(struct session *session, struct form_rows *out, struct error *err)
{
    struct office *office = session->office;
    *out = (struct form_rows){0};
    enum status st = session_require(session, MAY_READ, err);
    return st ? st : catalogue_reports(office->catalogue, office_language(office), out, err);
}

static enum status unknown(struct session *session, const char *id, struct error *err)
{
    struct form_rows rows;
    struct strings ids = STRINGS_INIT;
    if (report_list(session, &rows, err))
        return err->code;
    for (size_t i = 0; i < rows.count; i++)
        strings_add(&ids, rows.items[i].id);
    const char *near = str_nearest(id, (const char *const *)ids.items, ids.count);
    enum status st = near ? error_set(err, E_NOT_FOUND,
                                      _("帳票「%s」はありません。「%s」のことですか"), id, near)
                          : error_set(err, E_NOT_FOUND,
                                      _("帳票「%s」はありません。report だけで一覧が出ます"), id);
    strings_free(&ids);
    form_rows_free(&rows);
    return st;
}

/* --- What it asks --- */

struct running {
    struct host host;
    const struct form *form;
    struct instance *instance;
    struct report_result *out;
};

static bool is_asked(const struct field *field)
{
    return !field->implicit && field_has_value(field) && !field_is_made(field) && !field->repeat;
}

static enum status begin(struct session *session, const char *id, struct running *r,
                         struct error *err)
{
    char today[ISO_DATE_SIZE];
    *r = (struct running){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st &&
        (catalogue_form(session->office->catalogue, id, 0, &r->form, err) || !r->form->report))
        st = unknown(session, id, err);
    if (st)
        return st;
    iso_date(today, clock_today());
    host_init(&r->host, session);
    r->instance = instance_new(r->form, &r->host.form);
    instance_put(r->instance, "received_on", today, NULL);
    instance_start(r->instance);
    return OK;
}

enum status report_parameters(struct session *session, const char *id, struct report_asks *out,
                              struct error *err)
{
    struct running r;
    *out = (struct report_asks){0};
    enum status st = begin(session, id, &r, err);
    if (st)
        return st;
    out->items = xcalloc(r.form->field_count + 1, sizeof *out->items);
    for (size_t i = 0; i < r.form->field_count; i++) {
        const struct field *f = r.form->fields[i];
        if (is_asked(f))
            out->items[out->count++] = (struct report_ask){
                xstrdup(f->name), instance_label(r.instance, &f->label, f->name),
                answer_edit_text(f, instance_get(r.instance, f->name))};
    }
    instance_free(&r.instance);
    return OK;
}

void report_asks_free(struct report_asks *asks)
{
    for (size_t i = 0; i < asks->count; i++) {
        xfree(&asks->items[i].name);
        xfree(&asks->items[i].label);
        xfree(&asks->items[i].value);
    }
    xfree(&asks->items);
    asks->count = 0;
}

/* A year in an era: R8, 令和8年, 令和8年度. */
static bool year_of(const char *typed, char **value)
{
    static const char *const ends[] = {"年度", "年"};
    struct date day;
    size_t len = strlen(typed);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_ends(typed, ends[i])) {
            len -= strlen(ends[i]);
            break;
        }
    char *april = xasprintf("%.*s.4.1", (int)len, typed);
    bool good = era_parse(april, 0, clock_today(), &day, NULL) == OK;
    if (good)
        *value = xasprintf("%d", day.year);
    xfree(&april);
    return good;
}

static enum status answer(struct running *r, const struct field *field, const char *typed,
                          struct error *err)
{
    char *value = NULL;
    enum status st = field->type == FIELD_REFERENCE && *typed
                         ? reference_find(r->host.session, field, typed, &value, err)
                         : answer_parse(field, typed, clock_today(), &value, err);
    if (st && field->type == FIELD_INTEGER && year_of(typed, &value))
        st = OK;
    if (!st)
        st = instance_set(r->instance, field->name, value, err);
    xfree(&value);
    if (st)
        error_field(err, field->name);
    return st;
}

static const struct field *first_asked(const struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (is_asked(form->fields[i]))
            return form->fields[i];
    return NULL;
}

static enum status answer_all(struct running *r, const char *period, const struct strings *values,
                              struct error *err)
{
    const struct field *first = first_asked(r->form);
    enum status st = OK;
    if (period && !first)
        return error_set(err, E_NOT_FOUND, _("帳票「%s」は期間を尋ねません"), r->form->id);
    if (period)
        st = answer(r, first, period, err);
    for (size_t i = 0; !st && values && i < values->count; i++) {
        const char *equals = strchr(values->items[i], '=');
        char *name = xstrndup(values->items[i], equals ? (size_t)(equals - values->items[i]) : 0);
        const struct field *field = equals ? form_field(r->form, name) : NULL;
        st = field && is_asked(field)
                 ? answer(r, field, equals + 1, err)
                 : error_set(err, E_NOT_FOUND, _("「%s」を帳票「%s」は尋ねません"),
                             values->items[i], r->form->id);
        xfree(&name);
    }
    for (size_t i = 0; !st && i < r->form->field_count; i++) {
        const struct field *f = r->form->fields[i];
        const char *problem = is_asked(f) ? instance_problem(r->instance, f->name, NULL) : NULL;
        if (problem)
            st = error_set(err, E_INVALID, "%s: %s", f->name, problem);
    }
    return st;
}

/* --- Rows --- */

/* The title of the form a row speaks of, and of its state. */
static char *title_of(struct running *r, const struct report_column *column, const char *value,
                      const char *form_id)
{
    const struct form *form;
    const char *language = r->host.form.language;
    if (catalogue_form(r->host.office->catalogue, form_id, 0, &form, NULL))
        return xstrdup(value);
    return xstrdup(strcmp(column->like, "form") == 0 ? label_text(&form->title, language)
                                                     : state_text(form, value, language));
}

static char *shown(struct running *r, const struct report_column *column, const char *value,
                   const char *form_id)
{
    static const struct field amount = {.type = FIELD_INTEGER, .appearance = APPEAR_AMOUNT};
    const struct form *form;
    const char *dot = column->like ? strchr(column->like, '.') : NULL;
    if (column->like && !dot)
        return title_of(r, column, value, form_id);
    char *id = dot ? xstrndup(column->like, (size_t)(dot - column->like)) : NULL;
    const struct field *field =
        id && catalogue_form(r->host.office->catalogue, id, 0, &form, NULL) == OK
            ? form_field(form, dot + 1)
            : NULL;
    xfree(&id);
    if (!field && column->amount)
        field = &amount;
    return field ? host_display(&r->host, field, value) : xstrdup(value);
}

static void add_row(void *context, const char *const *names, const char *const *values,
                    size_t count)
{
    struct running *r = context;
    const struct report *report = r->form->report;
    const char *form_id = "";
    struct veiled row;
    veil_row(r->host.session, NULL, true, values, count, &row);
    if (row.theirs)
        return;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], "record") == 0 && *values[i] &&
            strings_find(&r->out->records, values[i]) < 0)
            strings_add(&r->out->records, values[i]);
    values = row.values;
    count = row.count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], "form") == 0)
            form_id = values[i];
    for (size_t c = 0; c < report->column_count; c++) {
        const char *value = "";
        for (size_t i = 0; i < count; i++)
            if (strcmp(names[i], report->columns[c].name) == 0)
                value = values[i];
        strings_add(&r->out->cells, value);
        strings_take(&r->out->shown, shown(r, &report->columns[c], value, form_id));
    }
    r->out->rows++;
}

static void describe(struct running *r)
{
    struct report_result *out = r->out;
    struct buffer about = BUFFER_INIT;
    const char *language = r->host.form.language;
    out->id = xstrdup(r->form->id);
    out->title = xstrdup(label_text(&r->form->title, language));
    out->note = xstrdup(label_text(&r->form->report->note, language));
    out->report = r->form->report;
    for (size_t c = 0; c < out->report->column_count; c++)
        strings_add(&out->titles, label_text(&out->report->columns[c].label, language));
    for (size_t i = 0; i < r->form->field_count; i++) {
        const struct field *f = r->form->fields[i];
        const char *value = is_asked(f) ? instance_get(r->instance, f->name) : "";
        if (!*value)
            continue;
        char *label = instance_label(r->instance, &f->label, f->name);
        char *text = host_display(&r->host, f, value);
        buffer_printf(&about, "%s%s: %s", about.len ? "  " : "", label, text);
        xfree(&label);
        xfree(&text);
    }
    out->about = buffer_steal(&about);
}

enum status report_run(struct session *session, const char *id, const char *period,
                       const struct strings *values, struct report_result *out, struct error *err)
{
    struct running r;
    *out = (struct report_result){0};
    enum status st = begin(session, id, &r, err);
    if (st)
        return st;
    r.out = out;
    st = answer_all(&r, period, values, err);
    if (!st) {
        describe(&r);
        st = check_rows(&r.host, r.instance, "", id, r.form->report->sql, add_row, &r, err);
    }
    instance_free(&r.instance);
    if (st)
        report_result_free(out);
    return st;
}

void report_result_free(struct report_result *result)
{
    xfree(&result->id);
    xfree(&result->title);
    xfree(&result->about);
    xfree(&result->note);
    strings_free(&result->titles);
    strings_free(&result->cells);
    strings_free(&result->shown);
    strings_free(&result->records);
    result->rows = 0;
}

/* --- Written --- */

/* A total is of the numbers there are; what is not there is not 0. "" when there is none. */
static char *total_of(const struct report_result *result, size_t column)
{
    static const struct field amount = {.type = FIELD_INTEGER, .appearance = APPEAR_AMOUNT};
    const struct report *report = result->report;
    double sum = 0;
    bool any = false;
    for (size_t r = 0; r < result->rows; r++) {
        const char *cell = result->cells.items[r * report->column_count + column];
        any = any || *cell;
        sum += strtod(cell, NULL);
    }
    if (!any || !report->columns[column].total)
        return xstrdup("");
    char *text = xasprintf("%.10g", sum);
    if (report->columns[column].amount) {
        char *with = answer_display(&amount, text, "ja");
        xfree(&text);
        text = with;
    }
    return text;
}

static void put_table(const struct report_result *result, bool page, struct buffer *out)
{
    const struct report *report = result->report;
    size_t columns = report->column_count;
    struct table_column *heads = xcalloc(columns, sizeof *heads);
    struct strings totals = STRINGS_INIT;
    bool any = false;
    for (size_t c = 0; c < columns; c++) {
        heads[c] = (struct table_column){result->titles.items[c], report->columns[c].number};
        strings_take(&totals, total_of(result, c));
        any = any || *totals.items[c];
    }
    if (any && !*totals.items[0]) {
        xfree(&totals.items[0]);
        totals.items[0] = xstrdup(_("計"));
    }
    const struct table table = {.columns = heads,
                                .column_count = columns,
                                .cells = (const char *const *)result->shown.items,
                                .rows = result->rows,
                                .totals = any ? (const char *const *)totals.items : NULL};
    if (page)
        table_page(&table, PAGE_CELLS, out);
    else
        table_lines(&table, out);
    strings_free(&totals);
    xfree(&heads);
}

static size_t column_at(const struct report *report, const char *name)
{
    size_t at = 0;
    while (at + 1 < report->column_count && strcmp(report->columns[at].name, name) != 0)
        at++;
    return at;
}

static void put_chart(const struct report_result *result, struct buffer *out)
{
    const struct report *report = result->report;
    size_t columns = report->column_count, label = column_at(report, report->chart_label);
    const char **labels = xcalloc(result->rows + 1, sizeof *labels);
    double *values[2] = {xcalloc(result->rows + 1, sizeof **values),
                         xcalloc(result->rows + 1, sizeof **values)};
    for (size_t r = 0; r < result->rows; r++) {
        labels[r] = result->shown.items[r * columns + label];
        for (size_t v = 0; v < report->chart_values.count; v++) {
            size_t at = column_at(report, report->chart_values.items[v]);
            const char *cell = result->cells.items[r * columns + at];
            values[v][r] = *cell ? strtod(cell, NULL) : NAN;
        }
    }
    buffer_add_char(out, '\n');
    if (report->chart == CHART_BAR)
        chart_bars(out, labels, values[0], result->rows, PAGE_CELLS);
    else
        chart_pyramid(out, labels, values[0], values[1], result->rows, PAGE_CELLS);
    xfree(&labels);
    xfree(&values[0]);
    xfree(&values[1]);
}

static void put_text(const char *text, bool page, struct buffer *out)
{
    if (page)
        table_text(text, PAGE_CELLS, out);
    else
        buffer_printf(out, "%s\n", text);
}

void report_text(const struct report_result *result, bool page, struct buffer *out)
{
    char today[ERA_TEXT_SIZE];
    era_format(today, sizeof today, clock_today());
    char *about = xasprintf(_("%s%s%s 作成"), result->about, *result->about ? "  " : "", today);
    buffer_printf(out, "%s\n", result->title);
    put_text(about, page, out);
    xfree(&about);
    buffer_add_char(out, '\n');
    if (!result->rows)
        buffer_add_text(out, _("該当するものはありません。\n"));
    else
        put_table(result, page, out);
    if (result->rows && result->report->chart != CHART_NONE)
        put_chart(result, out);
    if (*result->note) {
        buffer_add_char(out, '\n');
        put_text(result->note, page, out);
    }
}

static void csv_row(struct buffer *out, const char *const *texts, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        char *guarded = xasprintf("%s%s", csv_is_formula(texts[c]) ? "'" : "", texts[c]);
        csv_add_cell(out, guarded, strlen(guarded),
                     count == 1 ? CSV_ALONE
                     : c        ? CSV_NEXT
                                : CSV_FIRST);
        xfree(&guarded);
    }
    csv_end_row(out);
}

enum status report_csv(struct session *session, const struct report_result *result,
                       struct buffer *out, struct error *err)
{
    size_t columns = result->report->column_count;
    const struct form *form;
    enum status st = catalogue_form(session->office->catalogue, result->id, 0, &form, err);
    if (!st)
        st = record_note_export(session, form, &result->records, err);
    if (st)
        return st;
    csv_row(out, (const char *const *)result->titles.items, columns);
    for (size_t r = 0; r < result->rows; r++)
        csv_row(out, (const char *const *)result->shown.items + r * columns, columns);
    return OK;
}

enum status report_print(struct session *session, const struct report_result *result,
                         char path[256], struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char iso[ISO_DATE_SIZE];
    iso_date(iso, clock_today());
    char *name = xasprintf("%s-%s.txt", result->id, iso);
    report_text(result, true, &text);
    enum status st = print_text(session->office, name, buffer_text(&text), path, err);
    xfree(&name);
    buffer_free(&text);
    return st;
}
