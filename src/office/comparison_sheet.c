#include "office/comparison_sheet.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/comparison.h"
#include "office/entry_internal.h"
#include "office/report.h"
#include "office/slip.h"
#include "text/era.h"
#include "text/table.h"

enum { PAGE_CELLS = 78, COLUMNS = 4 };

struct sheet {
    struct session *session;
    struct record record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    struct comparison last;
    struct strings cells;
};

static const char *before_of(const struct sheet *s, const char *name)
{
    return *s->last.record ? record_value(&s->last.last, name) : "";
}

/* --- Field by field --- */

static const struct field *section_of(const struct field *field)
{
    while (field->parent)
        field = field->parent;
    return field;
}

static void add_section(struct sheet *s, const struct field *top)
{
    char *label = instance_label(s->instance, &top->label, top->name);
    strings_take(&s->cells, xasprintf("[%s]", label));
    for (int c = 1; c < COLUMNS; c++)
        strings_add(&s->cells, "");
    xfree(&label);
}

static void add_field(struct sheet *s, const struct field *field, const char *before,
                      const char *now)
{
    strings_take(&s->cells, instance_label(s->instance, &field->label, field->name));
    strings_take(&s->cells, host_display(&s->host, field, before));
    strings_take(&s->cells, host_display(&s->host, field, now));
    strings_take(&s->cells, comparison_change(field, before, now));
}

/* Some note says how much it changed. */
static bool is_noted(const struct form *form, const struct field *field)
{
    bool found = false;
    for (size_t i = 0; i < form->field_count; i++)
        found = found || str_eq(field_parameter(form->fields[i], "compare"), field->name);
    return found;
}

/* What somebody reads: not what the program keeps for itself. */
static bool is_read(const struct form *form, const struct field *field)
{
    return field_is_compared(form, field) && field->label.count &&
           (field_is_asked(field) || is_noted(form, field));
}

static void add_fields(struct sheet *s)
{
    const struct field *section = NULL;
    for (size_t i = 0; i < s->form->field_count; i++) {
        const struct field *f = s->form->fields[i];
        if (!is_read(s->form, f))
            continue;
        const char *before = before_of(s, f->name);
        const char *now =
            instance_relevant(s->instance, f->name) ? instance_get(s->instance, f->name) : "";
        if (!*before && !*now)
            continue;
        if (section_of(f) != section)
            add_section(s, section_of(f));
        section = section_of(f);
        add_field(s, f, before, now);
    }
}

/* --- On the page --- */

static void add_head(struct sheet *s, struct buffer *out)
{
    const char *language = s->host.form.language;
    const struct field *by = s->form->previous.by;
    char today[ERA_TEXT_SIZE];
    char *now = host_display(&s->host, by, instance_get(s->instance, by->name));
    char *before = host_display(&s->host, by, before_of(s, by->name));
    era_format_day(today, sizeof today, clock_today());
    buffer_printf(out, _("%s 前回比較表\n\n"), label_text(&s->form->title, language));
    slip_line(out, _("件名"), record_value(&s->record, "title"));
    slip_line(out, _("受付番号"), record_value(&s->record, "receipt_no"));
    slip_line(out, _("今回"), now);
    slip_line(out, _("前回"), *before ? before : _("なし"));
    slip_line(out, _("作成日"), today);
    slip_line(out, _("担当"), s->session->name);
    buffer_add_char(out, '\n');
    xfree(&now);
    xfree(&before);
}

static void add_table(struct sheet *s, struct buffer *out)
{
    const struct table_column columns[COLUMNS] = {
        {_("項目"), false}, {_("前回"), true}, {_("今回"), true}, {_("増減"), true}};
    const struct table table = {.columns = columns,
                                .column_count = COLUMNS,
                                .cells = (const char *const *)s->cells.items,
                                .rows = s->cells.count / COLUMNS};
    table_page(&table, PAGE_CELLS, out);
    buffer_printf(out, "\n%s\n", _("どちらかに値がなければ「比較不能」です。0とは見ません。"));
}

/* What a report asks that the record knows: itself, and fields by the same name. */
static void answers_of(struct sheet *s, const struct form *report, struct strings *out)
{
    for (size_t i = 0; i < report->field_count; i++) {
        const struct field *f = report->fields[i];
        bool itself = str_eq(f->to, s->form->id);
        if (f->implicit || !field_has_value(f) || field_is_made(f) ||
            (!itself && !form_field(s->form, f->name)))
            continue;
        strings_take(out, xasprintf("%s=%s", f->name,
                                    itself ? s->record.id : instance_get(s->instance, f->name)));
    }
}

static enum status add_report(struct sheet *s, const char *id, struct buffer *out,
                              struct error *err)
{
    const struct form *form;
    struct report_result result;
    struct strings answers = STRINGS_INIT;
    enum status st = catalogue_form(s->session->office->catalogue, id, 0, &form, err);
    if (st || !str_eq(form->report->sheet_of, s->form->id))
        return st;
    answers_of(s, form, &answers);
    st = report_run(s->session, id, NULL, &answers, &result, err);
    if (!st) {
        buffer_add_char(out, '\n');
        report_text(&result, true, out);
        report_result_free(&result);
    }
    strings_free(&answers);
    return st;
}

static enum status add_reports(struct sheet *s, struct buffer *out, struct error *err)
{
    struct form_rows rows;
    enum status st = report_list(s->session, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++)
        st = add_report(s, rows.items[i].id, out, err);
    form_rows_free(&rows);
    return st;
}

static enum status compose(struct sheet *s, struct buffer *out, struct error *err)
{
    char *name = form_name(s->form);
    enum status st = record_note_read(s->session, s->record.id, name, err);
    xfree(&name);
    if (!st)
        st = record_instance(&s->host, &s->record, &s->instance, err);
    if (!st)
        st = comparison_find(&s->last, &s->host, s->instance, s->record.id, err);
    if (st)
        return st;
    add_fields(s);
    add_head(s, out);
    add_table(s, out);
    return add_reports(s, out, err);
}

enum status comparison_sheet(struct session *session, const char *id, char path[256], char **text,
                             struct error *err)
{
    struct sheet s = {.session = session};
    struct buffer page = BUFFER_INIT;
    enum status st = session_require(session, MAY_READ, err);
    if (text)
        *text = NULL;
    if (!st)
        st = record_load_for(session, id, &s.record, err);
    if (st)
        return st;
    host_init(&s.host, session);
    s.host.record = s.record.id;
    st = print_permit(session, id, err);
    if (!st)
        st = catalogue_form(session->office->catalogue, s.record.form, s.record.version, &s.form,
                            err);
    if (!st && !s.form->previous.same)
        st = error_set(err, E_RULE, _("この様式に前回との比較はありません"));
    if (!st)
        st = compose(&s, &page, err);
    if (!st) {
        char *name = xasprintf("compared-%s.txt", s.record.id);
        st = print_text(session->office, name, buffer_text(&page), path, err);
        xfree(&name);
    }
    if (!st && text)
        *text = buffer_steal(&page);
    buffer_free(&page);
    strings_free(&s.cells);
    comparison_free(&s.last);
    instance_free(&s.instance);
    record_free(&s.record);
    return st;
}
