#include "office/recordview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "form/workflow.h"
#include "office/card.h"
#include "office/comparison.h"
#include "office/csv_columns.h"
#include "office/due.h"
#include "office/entry_internal.h"
#include "office/recordset.h"
#include "office/veil.h"
#include "office/worklist_internal.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "text/era.h"

struct viewing {
    struct session *session;
    const struct record *record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    struct comparison previous;
    struct record_view *out;
};

/* --- Values --- */

static char *shown(struct viewing *v, const struct field *field, const char *value)
{
    return v->out->withheld && *value && field_is_contact(v->form, field)
               ? xstrdup(_(WITHHELD))
               : host_display(&v->host, field, value);
}

/* What stood in the field before its newest write. */
static char *value_before(struct viewing *v, const struct field *field, const char *path)
{
    const char *now = record_value(v->record, path), *before = NULL;
    for (size_t i = 0; i < v->record->event_count; i++) {
        const struct strings *set = line_map(&v->record->events[i].body, "set");
        const char *value = set && !v->record->events[i].held ? map_get(set, path) : NULL;
        if (value && strcmp(value, now) != 0)
            before = value;
    }
    return before ? shown(v, field, before) : NULL;
}

static void add_line(struct viewing *v, const char *section, const struct item *item)
{
    struct record_view *out = v->out;
    const struct merge_field *merged = merge_field(&v->record->merge, item->path);
    out->lines = xroom(out->lines, out->line_count, sizeof *out->lines);
    out->lines[out->line_count++] = (struct view_line){
        .section = xstrdup(section),
        .label = instance_label(v->instance, &item->field->label, item->path),
        .value = shown(v, item->field, instance_get(v->instance, item->path)),
        .path = xstrdup(item->path),
        .before = value_before(v, item->field, item->path),
        .compared = item->field->repeat
                        ? NULL
                        : comparison_text(&v->previous, &v->host, v->instance, item->field),
        .conflict = merged && merged->conflict,
    };
}

static void add_lines(struct viewing *v)
{
    const struct item *items;
    size_t count = instance_items(v->instance, &items);
    char *section = xstrdup("");
    for (size_t i = 0; i < count; i++) {
        const struct item *it = &items[i];
        if (!it->relevant || it->field->implicit)
            continue;
        if ((it->field->type == FIELD_GROUP && it->depth == 0) || it->row_head) {
            xfree(&section);
            section = instance_label(v->instance, &it->field->label, it->path);
        } else if (field_has_value(it->field) && it->field->label.count &&
                   *instance_get(v->instance, it->path)) {
            add_line(v, section, it);
        }
    }
    xfree(&section);
}

/* --- History --- */

static char *what_of(struct viewing *v, const struct merge_event *e)
{
    static const char *const kinds[][2] = {{"applicant", N_("訂正（申請者補正）")},
                                           {"clerk", N_("訂正（職員誤記）")},
                                           {"ex_officio", N_("訂正（職権）")}};
    const char *action = line_text(&e->body, "action"), *kind = line_text(&e->body, "kind");
    const struct workflow_action *known =
        action ? workflow_action(v->form->workflow, action) : NULL;
    if (known)
        return xstrdup(label_text(&known->label, v->host.form.language));
    for (size_t i = 0; kind && i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i][0], kind) == 0)
            return xstrdup(_(kinds[i][1]));
    return xstrdup(e->event.op == OP_RESOLVE  ? _("食い違いの解消")
                   : e->event.op == OP_ATTACH ? _("添付")
                                              : _("記入"));
}

/* "住所: 旧 → 新" for what an event changed of what stood before it. */
static char *changes_of(struct viewing *v, size_t index)
{
    struct buffer out = BUFFER_INIT;
    const struct strings *set = line_map(&v->record->events[index].body, "set");
    for (size_t p = 0; set && p + 1 < set->count; p += 2) {
        const struct field *field = form_path_field(v->form, set->items[p]);
        const char *before = NULL;
        for (size_t i = 0; i < index; i++) {
            const struct strings *earlier = line_map(&v->record->events[i].body, "set");
            const char *value = earlier ? map_get(earlier, set->items[p]) : NULL;
            before = value ? value : before;
        }
        if (!field || field->implicit || (!before && !field_is_attachment(field)) ||
            (before && strcmp(before, set->items[p + 1]) == 0))
            continue;
        char *old = shown(v, field, before ? before : ""),
             *new = shown(v, field, set->items[p + 1]);
        buffer_printf(&out, "%s%s: %s → %s", out.len ? "、" : "",
                      label_text(&field->label, v->host.form.language), old, new);
        xfree(&old);
        xfree(&new);
    }
    return buffer_steal(&out);
}

static void add_events(struct viewing *v)
{
    struct record_view *out = v->out;
    for (size_t i = 0; i < v->record->event_count; i++) {
        const struct merge_event *e = &v->record->events[i];
        const char *reason = line_text(&e->body, "reason");
        out->events = xroom(out->events, out->event_count, sizeof *out->events);
        out->events[out->event_count++] = (struct view_event){
            .at = event_time(&e->event),
            .who = actor_name(v->session->office, e->event.actor),
            .place = device_place(v->session->office, e->event.device),
            .what =
                e->held ? xasprintf(_("保留（%s）"), held_text(held_name(e->held))) : what_of(v, e),
            .reason = xstrdup(reason ? reason : ""),
            .changes = changes_of(v, i),
        };
    }
}

/* --- Notes --- */

static void add_note(struct record_view *out, char *note)
{
    out->notes = xroom(out->notes, out->note_count, sizeof *out->notes);
    out->notes[out->note_count++] = note;
}

static void add_notes(struct viewing *v)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"explained", N_("説明済の不備: %s")},     {"decided_on", N_("決定日: %s")},
        {"decision_reason", N_("決定の理由: %s")}, {"deadline", N_("期限: %s")},
        {"late_reason", N_("後入力の理由: %s")},   {"paper_no", N_("紙の受付番号: %s")},
        {"reached_town_on", N_("町到達日: %s")},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *value = instance_get(v->instance, rows[i].path);
        struct date date;
        char day[64];
        if (!*value)
            continue;
        if (iso_date_parse(&date, value)) {
            era_format_day(day, sizeof day, date);
            value = day;
        }
        value = veil_text(v->session, NULL, value);
        char *note = xasprintf(_(rows[i].text), value);
        for (char *c = note; *c; c++)
            if (*c == '\n') /* several reasons: a note is one line */
                *c = ' ';
        add_note(v->out, note);
    }
}

/* 標準処理期間 */
static enum status add_dues(struct viewing *v, struct error *err)
{
    struct dues dues;
    enum status st = due_all(v->session, v->record, &dues, err);
    for (size_t i = 0; !st && i < dues.count; i++)
        add_note(v->out, due_text(&dues.items[i], v->host.form.language));
    v->out->due_count = st ? 0 : dues.count;
    dues_free(&dues);
    return st;
}

static enum status fill(struct viewing *v, struct error *err)
{
    struct record_view *out = v->out;
    struct record_filter filter = {.record = v->record->id};
    struct record_rows rows;
    const char *language = v->host.form.language;
    enum status st = record_query(v->session->office->store, &filter, 0, 1, &rows, err);
    if (st)
        return st;
    out->id = xstrdup(v->record->id);
    out->form_id = xstrdup(v->form->id);
    out->form_title = xstrdup(label_text(&v->form->title, language));
    out->receipt_no = xstrdup(record_value(v->record, "receipt_no"));
    out->title = xstrdup(record_value(v->record, "title"));
    out->state = xstrdup(state_text(v->form, record_value(v->record, "state"), language));
    out->stage = xstrdup(rows.count ? stage_text(rows.items[0].stage) : "");
    out->person = xstrdup(record_value(v->record, "person"));
    out->deficient = *record_value(v->record, "deficient") != '\0';
    out->conflict = v->record->merge.conflict;
    out->compares = v->form->previous.same != NULL;
    char *reminded = rows.count ? worklist_reminded(v->session, &rows.items[0]) : NULL;
    record_rows_free(&rows);
    add_lines(v);
    add_events(v);
    add_notes(v);
    if (reminded)
        add_note(out, reminded);
    return add_dues(v, err);
}

static bool is_carded(struct session *session, const struct record *record)
{
    const struct form *newest;
    return catalogue_form(session->office->catalogue, record->form, 0, &newest, NULL) == OK &&
           card_state_good(newest, record_value(record, "state"));
}

enum status record_view_load(struct session *session, const char *id, bool whole,
                             struct record_view *out, struct error *err)
{
    struct record record;
    struct viewing v = {.session = session, .record = &record, .out = out};
    *out = (struct record_view){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = record_load_for(session, id, &record, err);
    if (st)
        return st;
    st = catalogue_form(session->office->catalogue, record.form, record.version, &v.form, err);
    host_init(&v.host, session);
    v.host.record = record.id;
    out->carded = is_carded(session, &record);
    out->withheld = !whole && concealed_record(session->office->store, id);
    char *name = st ? NULL : form_name(v.form);
    if (!st)
        st = record_note_read(session, id, name, err);
    if (!st)
        st = record_instance(&v.host, &record, &v.instance, err);
    if (!st)
        st = comparison_find(&v.previous, &v.host, v.instance, id, err);
    if (!st)
        st = fill(&v, err);
    comparison_free(&v.previous);
    instance_free(&v.instance);
    record_free(&record);
    xfree(&name);
    if (st)
        record_view_free(out);
    return st;
}

void record_view_free(struct record_view *view)
{
    char **texts[] = {&view->id,    &view->form_id, &view->form_title, &view->receipt_no,
                      &view->title, &view->state,   &view->stage,      &view->person};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    for (size_t i = 0; i < view->line_count; i++) {
        struct view_line *l = &view->lines[i];
        char **parts[] = {&l->section, &l->label, &l->value, &l->path, &l->before, &l->compared};
        for (size_t p = 0; p < ARRAY_LEN(parts); p++)
            xfree(parts[p]);
    }
    for (size_t i = 0; i < view->event_count; i++) {
        struct view_event *e = &view->events[i];
        char **parts[] = {&e->at, &e->who, &e->place, &e->what, &e->reason, &e->changes};
        for (size_t p = 0; p < ARRAY_LEN(parts); p++)
            xfree(parts[p]);
    }
    for (size_t i = 0; i < view->note_count; i++)
        xfree(&view->notes[i]);
    xfree(&view->lines);
    xfree(&view->events);
    xfree(&view->notes);
    view->line_count = view->event_count = view->note_count = view->due_count = 0;
}

/* --- Lists of a form --- */

struct listing {
    struct recordset *set;
    const struct field **fields;
    const struct field *sort; /* NULL = by id */
    struct strings keys;      /* value to sort by, of each row */
    struct record_table *out;
};

/* Columns are fields outside repeats: in a list a record is one line. */
static enum status choose_columns(struct listing *l, const struct strings *columns,
                                  const char *language, struct error *err)
{
    const struct form *form = recordset_form(l->set);
    enum status st = OK;
    if (!columns)
        columns = &form->list_columns;
    l->fields = xcalloc(columns->count + 1, sizeof *l->fields);
    l->out->names = xcalloc(columns->count + 1, sizeof *l->out->names);
    l->out->titles = xcalloc(columns->count + 1, sizeof *l->out->titles);
    for (size_t c = 0; !st && c < columns->count; c++) {
        struct csv_column column;
        st = csv_column_find(form, columns->items[c], &column, err);
        if (!st && (!column.field || column.field->repeat))
            st = error_set(err, E_INVALID, _("一覧の列に「%s」は使えません"), columns->items[c]);
        if (st)
            break;
        l->fields[c] = column.field;
        l->out->names[c] = xstrdup(column.field->name);
        l->out->titles[c] = xstrdup(label_text(&column.field->label, language));
        l->out->columns++;
    }
    const char *sort = form->list_sort;
    l->sort = str_empty(sort) ? NULL : form_field(form, sort + (*sort == '-'));
    return st;
}

static void add_row(struct listing *l)
{
    struct record_table *out = l->out;
    out->ids = xroom(out->ids, out->rows, sizeof *out->ids);
    out->ids[out->rows] = xstrdup(recordset_id(l->set));
    size_t base = out->rows++ * out->columns;
    out->cells = xreallocarray(out->cells, base + out->columns + 1, sizeof *out->cells);
    for (size_t c = 0; c < out->columns; c++)
        out->cells[base + c] =
            recordset_shown(l->set, l->fields[c], recordset_value(l->set, l->fields[c], NULL));
    strings_add(&l->keys, l->sort ? recordset_value(l->set, l->sort, NULL) : "");
}

struct sort_row {
    const char *key;
    size_t row;
};

static int by_key(const void *a, const void *b)
{
    const struct sort_row *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->row < y->row ? -1 : 1;
}

static void sort_rows(struct listing *l, bool descending)
{
    struct record_table *out = l->out;
    struct sort_row *order = xcalloc(out->rows + 1, sizeof *order);
    char **ids = xcalloc(out->rows + 1, sizeof *ids);
    char **cells = xcalloc(out->rows * out->columns + 1, sizeof *cells);
    for (size_t r = 0; r < out->rows; r++)
        order[r] = (struct sort_row){l->keys.items[r], r};
    qsort(order, out->rows, sizeof *order, by_key);
    for (size_t r = 0; r < out->rows; r++) {
        size_t from = order[descending ? out->rows - 1 - r : r].row;
        ids[r] = out->ids[from];
        memcpy(cells + r * out->columns, out->cells + from * out->columns,
               out->columns * sizeof *cells);
    }
    xfree(&out->ids);
    xfree(&out->cells);
    xfree(&order);
    out->ids = ids;
    out->cells = cells;
}

enum status record_table_load(struct session *session, const char *form_id, const char *where,
                              const struct strings *columns, struct record_table *out,
                              struct error *err)
{
    struct listing l = {.out = out};
    bool there = false;
    *out = (struct record_table){0};
    enum status st = recordset_open(session, form_id, where, &l.set, err);
    if (!st)
        st = choose_columns(&l, columns, office_language(session->office), err);
    if (!st)
        st = recordset_next(l.set, &there, err);
    while (!st && there) {
        add_row(&l);
        st = recordset_next(l.set, &there, err);
    }
    if (!st && l.sort)
        sort_rows(&l, *recordset_form(l.set)->list_sort == '-');
    strings_free(&l.keys);
    xfree(&l.fields);
    recordset_close(&l.set);
    if (st)
        record_table_free(out);
    return st;
}

void record_table_free(struct record_table *table)
{
    for (size_t c = 0; c < table->columns; c++) {
        xfree(&table->names[c]);
        xfree(&table->titles[c]);
    }
    for (size_t i = 0; i < table->rows * table->columns; i++)
        xfree(&table->cells[i]);
    for (size_t r = 0; r < table->rows; r++)
        xfree(&table->ids[r]);
    xfree(&table->names);
    xfree(&table->titles);
    xfree(&table->cells);
    xfree(&table->ids);
    *table = (struct record_table){0};
}
