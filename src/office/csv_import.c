#include "office/csv_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/language.h"
#include "base/xmem.h"
#include "crypto/token.h"
#include "form/answer.h"
#include "office/csv_columns.h"
#include "office/csv_internal.h"
#include "office/entry_internal.h"
#include "text/csv.h"
#include "text/encoding.h"
#include "text/fold.h"

/* Rows that are kept go in for so long at a time, then others have their turn. */
enum { TURN_MS = 200 };

struct taken {
    struct csv_column column;
    size_t cell; /* in the file's rows */
    char *head;
};

/* What makes a row one that was filed before it was entered (後入力), and whose it is. */
enum { LATE_AT, LATE_PAPER, LATE_RECEIVER, LATE_REASON, PERSON, IMPLICIT_TAKEN };
static const char *const implicit_taken[] = {
    [LATE_AT] = "received_at",     [LATE_PAPER] = "paper_no", [LATE_RECEIVER] = "receiver",
    [LATE_REASON] = "late_reason", [PERSON] = "person",
};

struct importing {
    struct session *session;
    const struct csv_import *how;
    const struct csv_import_events *events;
    struct csv_import_result *result;
    const struct form *form;
    struct csv_reader *reader;
    struct strings map;    /* heading, field, heading, ... */
    struct taken *columns; /* by the rows of their repeats */
    size_t count;
    long implicit[IMPLICIT_TAKEN]; /* index in columns, -1 none */
    size_t id_cell;                /* one more than the cell of the records' ids, 0 none */
    size_t width;                  /* cells of the heading row */
    struct strings row_paths;      /* of the row at hand: "repeat[1].", path of its row, ... */
    struct strings bad_paths;      /* fields of it that did not take what stands there */
    struct buffer reasons;         /* of the row at hand */
    bool bad;                      /* it has a problem */
    bool ended, cancelled;
    const char *refused_encoding; /* the file's, UTF-8 where cells have no bytes of their own */
    struct buffer refused;        /* rows for how->refused */
};

static void problem(struct importing *i, size_t line, const char *column, const char *reason,
                    bool warning)
{
    struct csv_problem p = {line, column, reason, warning};
    i->events->problem(i->events->context, &p);
    if (warning)
        return;
    i->bad = true;
    buffer_printf(&i->reasons, "%s%s%s%s", i->reasons.len ? " / " : "", column, *column ? ": " : "",
                  reason);
}

/* --- The heading row --- */

static enum status read_map(struct importing *i, struct error *err)
{
    struct csv_reader *reader;
    const struct csv_row *row = NULL;
    if (!i->how->map)
        return OK;
    enum status st = csv_open(i->how->map, NULL, &reader, err);
    if (st)
        return st;
    for (size_t n = 0; !st; n++) {
        st = csv_next(reader, &row, err);
        if (st || !row)
            break;
        if (row->count < 2 ||
            (!n && (!str_eq(row->cells[0].text, "column") || !str_eq(row->cells[1].text, "field"))))
            st = error_at(err, E_PARSE, i->how->map, row->line, 0,
                          _("一行目に column,field と書き、あとの行に見出しと欄を書いてください"));
        for (size_t c = 0; !st && n && c < 2; c++)
            strings_add(&i->map, row->cells[c].text);
    }
    csv_close(&reader);
    return st;
}

static const char *mapped(const struct importing *i, const char *head)
{
    for (size_t m = 0; m + 1 < i->map.count; m += 2)
        if (str_eq(i->map.items[m], head))
            return i->map.items[m + 1];
    return head;
}

static long implicit_index(const struct csv_column *column)
{
    for (size_t k = 0; column->field && k < IMPLICIT_TAKEN; k++)
        if (str_eq(column->field->name, implicit_taken[k]))
            return (long)k;
    return -1;
}

static bool same_column(const struct csv_column *a, const struct csv_column *b)
{
    return a->field == b->field && memcmp(a->rows, b->rows, sizeof a->rows) == 0;
}

static enum status add_column(struct importing *i, const char *head, size_t cell, size_t line,
                              struct error *err)
{
    struct csv_column column;
    struct error why;
    const char *name = mapped(i, head);
    bool left_out = !*name || *head == CSV_REMARK;
    enum status st = left_out ? OK : csv_column_find(i->form, name, &column, &why);
    if (st)
        return error_at(err, E_PARSE, i->how->path, line, 0, "%s", error_text(&why));
    if (!left_out && !column.field)
        i->id_cell = cell + 1;
    if (!left_out && implicit_index(&column) < 0)
        left_out = !column.field || field_is_made(column.field);
    if (left_out) {
        if (*head != CSV_REMARK)
            i->events->left_out(i->events->context, head);
        return OK;
    }
    for (size_t c = 0; c < i->count; c++)
        if (same_column(&i->columns[c].column, &column))
            return error_at(err, E_PARSE, i->how->path, line, 0,
                            _("見出し「%s」と「%s」は同じ欄です"), i->columns[c].head, head);
    i->columns = xroom(i->columns, i->count, sizeof *i->columns);
    i->columns[i->count++] = (struct taken){column, cell, xstrdup(head)};
    return OK;
}

/* First rows before second ones, whatever the order of the columns. */
static int by_rows(const void *a, const void *b)
{
    const struct taken *x = a, *y = b;
    for (size_t level = 0; level < RECORDSET_DEPTH; level++)
        if (x->column.rows[level] != y->column.rows[level])
            return x->column.rows[level] < y->column.rows[level] ? -1 : 1;
    return x->cell < y->cell ? -1 : 1;
}

static enum status read_heads(struct importing *i, struct error *err)
{
    const struct csv_row *row;
    enum status st = csv_next(i->reader, &row, err);
    if (!st && !row)
        st = error_at(err, E_PARSE, i->how->path, 1, 0, _("一行目に見出しがありません"));
    for (size_t c = 0; !st && c < row->count; c++)
        st = add_column(i, csv_unguarded(row->cells[c].text), c, row->line, err);
    if (!st && !i->count)
        st = error_at(err, E_PARSE, i->how->path, row->line, 0, _("取り込む列がありません"));
    if (st)
        return st;
    i->width = row->count;
    qsort(i->columns, i->count, sizeof *i->columns, by_rows);
    for (size_t k = 0; k < IMPLICIT_TAKEN; k++)
        i->implicit[k] = -1;
    for (size_t c = 0; c < i->count; c++)
        if (implicit_index(&i->columns[c].column) >= 0)
            i->implicit[implicit_index(&i->columns[c].column)] = (long)c;
    return st;
}

/* --- One row: what is typed --- */

/* The path of the repeat's row a column stands in, "" outside; rows come to be when they have
 * something. The caller frees; NULL when there is no room for one more. */
static char *row_prefix(struct importing *i, struct entry *entry, const struct csv_column *column,
                        struct error *err)
{
    const struct field *repeats[RECORDSET_DEPTH];
    size_t depth = csv_column_repeats(column->field, repeats);
    char *key = xstrdup(""), *path = xstrdup("");
    for (size_t level = 0; level < depth; level++) {
        char *next = xasprintf("%s%s[%zu].", key, repeats[level]->name, column->rows[level]);
        char *list = xasprintf("%s%s", path, repeats[level]->name), row[37];
        const char *known = map_get(&i->row_paths, next);
        xfree(&key);
        xfree(&path);
        key = next;
        if (known)
            path = xstrdup(known);
        else if (entry_add_row(entry, list, row, err) == OK)
            map_set(&i->row_paths, next, path = xasprintf("%s/%s/", list, row));
        xfree(&list);
        if (!path)
            break;
    }
    xfree(&key);
    return path;
}

/* Line ends within a cell are LF, as typed. The caller frees. */
static char *typed_text(const char *cell)
{
    struct buffer out = BUFFER_INIT;
    for (; *cell; cell++)
        if (cell[0] != '\r' || cell[1] != '\n')
            buffer_add_char(&out, *cell);
    return buffer_steal(&out);
}

/* At the counter a part of a title is enough, because what was found is seen; here it is not. */
static bool names_exactly(struct entry *entry, const struct field *field, const char *path,
                          const char *typed)
{
    const char *value = instance_get(entry->instance, path);
    if (field->type != FIELD_REFERENCE || str_eq(value, typed) || token_like(typed))
        return true;
    char *key = fold_text(typed), *title = entry_display(entry, path), *folded = fold_text(title);
    char *number = entry->host.form.reference(&entry->host, field->to, value, "receipt_no");
    bool same = str_eq(key, folded) || str_eq(typed, number);
    xfree(&key);
    xfree(&title);
    xfree(&folded);
    xfree(&number);
    return same;
}

static void keep_bytes(struct importing *i, struct entry *entry, const char *path,
                       const struct csv_cell *cell)
{
    size_t guard = (size_t)(csv_unguarded(cell->text) - cell->text);
    if (!cell->bytes || str_eq(i->result->encoding, "UTF-8"))
        return;
    char *note = csv_bytes_note(i->result->encoding, cell->text + guard, cell->bytes + guard,
                                cell->size - guard);
    if (note)
        values_add(&entry->bytes, path, note);
    xfree(&note);
}

/* Its column is named already. */
static void refuse_typed(struct importing *i, size_t line, const struct taken *column,
                         const char *path, const struct error *err)
{
    const char *label = label_text(&column->column.field->label, language_prefer(""));
    const char *reason = *err->detail ? err->detail : error_text(err);
    if (*label && str_starts(reason, label) && str_starts(reason + strlen(label), ": "))
        reason += strlen(label) + 2;
    problem(i, line, column->head, reason, false);
    strings_add(&i->bad_paths, path);
}

static void type_cell(struct importing *i, struct entry *entry, size_t c,
                      const struct csv_cell *cell)
{
    const struct taken *column = &i->columns[c];
    const struct field *field = column->column.field;
    struct error err = {0};
    char *text = typed_text(csv_unguarded(cell->text)), *prefix = NULL, *path = NULL;
    if (*text || !field->repeat)
        prefix = row_prefix(i, entry, &column->column, &err);
    if (prefix)
        path = xasprintf("%s%s", prefix, field->name);
    if (!prefix && *text) {
        problem(i, cell->line, column->head, error_text(&err), false);
    } else if (path && (*text || *instance_get(entry->instance, path))) {
        enum status st = entry_type(entry, path, text, &err);
        if (st)
            refuse_typed(i, cell->line, column, path, &err);
        else if (*text && !names_exactly(entry, field, path, text))
            problem(i, cell->line, column->head, _("番号か件名の全体で書いてください"), false);
        else
            keep_bytes(i, entry, path, cell);
    }
    xfree(&text);
    xfree(&prefix);
    xfree(&path);
}

/* What was typed where nothing is asked would be dropped without a word. */
static void find_unasked(struct importing *i, struct entry *entry, const struct csv_row *row)
{
    for (size_t c = 0; c < i->count; c++) {
        const struct taken *column = &i->columns[c];
        const struct csv_cell *cell = &row->cells[column->cell];
        char *prefix = *cell->text && implicit_index(&column->column) < 0
                           ? row_prefix(i, entry, &column->column, NULL)
                           : NULL;
        char *path = prefix ? xasprintf("%s%s", prefix, column->column.field->name) : NULL;
        if (path && *instance_get(entry->instance, path) &&
            !instance_relevant(entry->instance, path))
            problem(i, cell->line, column->head,
                    _("ほかの欄の答えからは尋ねない欄です。空にするか、ほかの欄を直してください"),
                    false);
        xfree(&prefix);
        xfree(&path);
    }
}

static const char *implicit_cell(const struct importing *i, const struct csv_row *row, int which)
{
    long c = i->implicit[which];
    return c < 0 ? "" : csv_unguarded(row->cells[i->columns[c].cell].text);
}

static void type_late(struct importing *i, struct entry *entry, const struct csv_row *row)
{
    struct error err;
    const char *at = implicit_cell(i, row, LATE_AT);
    if (*at && entry_set_late(entry, at, implicit_cell(i, row, LATE_PAPER),
                              implicit_cell(i, row, LATE_RECEIVER),
                              implicit_cell(i, row, LATE_REASON), &err))
        problem(i, row->line, i->columns[i->implicit[LATE_AT]].head, error_text(&err), false);
}

/* What was written out here and is taken in again would stand here twice. */
static void check_record(struct importing *i, const struct csv_row *row)
{
    struct record_rows rows = {0};
    const char *id = i->id_cell ? csv_unguarded(row->cells[i->id_cell - 1].text) : "";
    const struct record_filter filter = {.form = i->form->id, .record = id};
    if (*id && !record_query(i->session->office->store, &filter, 0, 0, &rows, NULL) && rows.total)
        problem(i, row->line, CSV_ID,
                _("この記録はもうここにあります。別の届出なら id を空にしてください"), false);
    record_rows_free(&rows);
}

static void check_person(struct importing *i, struct entry *entry, const struct csv_row *row)
{
    struct record_rows rows = {0};
    const char *person = implicit_cell(i, row, PERSON);
    const struct record_filter filter = {.form = "person", .record = person};
    if (*person &&
        (record_query(i->session->office->store, &filter, 0, 0, &rows, NULL) || rows.total != 1))
        problem(i, row->line, i->columns[i->implicit[PERSON]].head,
                _("その人物の記録はここにありません"), false);
    struct candidates found;
    if (*person || entry_candidates(entry, &found, NULL))
        return;
    for (size_t c = 0; c < found.count; c++) {
        char *text =
            xasprintf(_("同じ人かもしれません: %s（%s）"), found.items[c].line, found.items[c].why);
        problem(i, row->line, "", text, true);
        xfree(&text);
    }
    candidates_free(&found);
}

/* --- One row: what the rules say --- */

static const struct taken *column_at(const struct importing *i, const struct entry *entry,
                                     const char *path)
{
    const struct field *field = *path ? form_path_field(entry->form, path) : NULL;
    for (size_t c = 0; field && c < i->count; c++)
        if (i->columns[c].column.field == field)
            return &i->columns[c];
    return NULL;
}

static void report_findings(struct importing *i, struct entry *entry, const struct csv_row *row)
{
    const struct findings *findings;
    if (entry_findings(entry, true, &findings, NULL))
        return;
    for (size_t f = 0; f < findings->count; f++) {
        const struct finding *one = &findings->items[f];
        if (one->severity == FINDING_NOTE || strings_find(&i->bad_paths, one->path) >= 0)
            continue;
        const struct taken *column = column_at(i, entry, one->path);
        bool fatal = one->severity == FINDING_ERROR ||
                     (one->severity == FINDING_DEFICIENCY && !one->explained);
        char *reason = one->severity == FINDING_DEFICIENCY && fatal
                           ? xasprintf(_("不備: %s（説明済みなら --explained）"), one->message)
                           : xstrdup(one->message);
        problem(i, column ? row->cells[column->cell].line : row->line,
                column ? column->head : one->path, reason, !fatal);
        xfree(&reason);
    }
}

static void explain_all(struct entry *entry)
{
    const struct findings *findings;
    if (entry_findings(entry, true, &findings, NULL))
        return;
    for (size_t f = 0; f < findings->count; f++)
        if (findings->items[f].severity == FINDING_DEFICIENCY)
            entry_explain(entry, findings->items[f].rule, findings->items[f].path, true);
}

static void add_record(struct importing *i, size_t line, const struct entry *entry,
                       const struct receipt *receipt)
{
    struct csv_import_result *r = i->result;
    r->records = xroom(r->records, r->count, sizeof *r->records);
    r->records[r->count++] =
        (struct csv_import_record){line, xstrdup(entry_id(entry)), xstrdup(receipt->number)};
}

/* Whether a failure is the row's own, so that the next may be tried. */
static bool is_of_row(enum status st)
{
    return st == E_RULE || st == E_INVALID || st == E_NOT_FOUND || st == E_CONFLICT;
}

static enum status receive(struct importing *i, struct entry *entry, const struct csv_row *row,
                           struct error *err)
{
    struct receipt receipt;
    struct error why = {0};
    if (i->how->explained)
        explain_all(entry);
    enum status st =
        i->bad ? OK : entry_settle(entry, implicit_cell(i, row, PERSON), &receipt, &why);
    bool was_bad = i->bad;
    if (st && !is_of_row(st)) {
        if (err)
            *err = why;
        return st;
    }
    report_findings(i, entry, row);
    if (st && !i->bad)
        problem(i, row->line, "", error_text(&why), false);
    if (!st && !was_bad)
        add_record(i, row->line, entry, &receipt);
    return OK;
}

static enum status import_row(struct importing *i, const struct csv_row *row, struct error *err)
{
    struct entry *entry;
    if (row->count != i->width) {
        char *text = xasprintf(_("列が%zuあります（見出しは%zu）"), row->count, i->width);
        problem(i, row->line, "", text, false);
        xfree(&text);
        return OK;
    }
    enum status st = entry_new(i->session, i->form->id, &entry, err);
    if (st)
        return st;
    strings_free(&i->row_paths);
    strings_free(&i->bad_paths);
    for (size_t c = 0; c < i->count; c++)
        if (implicit_index(&i->columns[c].column) < 0)
            type_cell(i, entry, c, &row->cells[i->columns[c].cell]);
    type_late(i, entry, row);
    find_unasked(i, entry, row);
    check_record(i, row);
    check_person(i, entry, row);
    st = receive(i, entry, row, err);
    entry_free(&entry);
    return st;
}

/* --- Rows that were refused --- */

static void refuse_cell(struct importing *i, const char *text, const char *bytes, size_t size,
                        enum csv_place place)
{
    struct buffer encoded = BUFFER_INIT;
    if (!bytes && encoding_encode(i->refused_encoding, text, &encoded, NULL) == OK) {
        bytes = buffer_text(&encoded);
        size = encoded.len;
    }
    csv_add_cell(&i->refused, bytes ? bytes : "", size, place);
    buffer_free(&encoded);
}

static void refuse_head(struct importing *i)
{
    refuse_cell(i, _("#行"), NULL, 0, CSV_FIRST);
    refuse_cell(i, _("#理由"), NULL, 0, CSV_NEXT);
    for (size_t c = 0; c < i->count; c++)
        refuse_cell(i, i->columns[c].head, NULL, 0, CSV_NEXT);
    csv_end_row(&i->refused);
}

/* An individual number is in no file of ours. */
static bool may_be_kept(const struct field *field, const char *text)
{
    char *value = NULL;
    bool kept = answer_free_text(text, NULL) == OK ||
                (answer_plain_digits(field) &&
                 answer_parse(field, text, clock_today(), &value, NULL) == OK);
    xfree(&value);
    return kept;
}

/* Only columns that are taken in: nobody knows what stands in the others. */
static void refuse_row(struct importing *i, const struct csv_row *row)
{
    char line[24];
    if (!i->how->refused)
        return;
    if (!i->refused.len)
        refuse_head(i);
    snprintf(line, sizeof line, "%zu", csv_line(i->reader));
    refuse_cell(i, line, NULL, 0, CSV_FIRST);
    refuse_cell(i, buffer_text(&i->reasons), NULL, 0, CSV_NEXT);
    for (size_t c = 0; c < i->count; c++) {
        size_t at = i->columns[c].cell;
        const struct csv_cell *cell = row && at < row->count ? &row->cells[at] : NULL;
        if (cell && may_be_kept(i->columns[c].column.field, cell->text))
            refuse_cell(i, cell->text, cell->bytes, cell->size, CSV_NEXT);
        else
            refuse_cell(i, "", NULL, 0, CSV_NEXT);
    }
    csv_end_row(&i->refused);
}

/* --- All rows --- */

static enum status next_row(struct importing *i, struct error *err)
{
    const struct csv_row *row = NULL;
    struct error why;
    i->bad = false;
    buffer_clear(&i->reasons);
    enum status st = csv_next(i->reader, &row, &why);
    if (st && st != E_INVALID) {
        if (err)
            *err = why;
        return st;
    }
    i->ended = !st && !row;
    if (i->ended)
        return OK;
    i->result->rows++;
    if (st)
        problem(i, csv_line(i->reader), "", why.detail, false);
    st = row ? import_row(i, row, err) : OK;
    if (!st && i->bad) {
        i->result->refused++;
        refuse_row(i, row);
    }
    if (i->events->progress)
        i->events->progress(i->events->context, i->result->rows, 0);
    return st;
}

static enum status import_rows(void *context, struct error *err)
{
    struct importing *i = context;
    bool whole = i->how->dry_run || !i->how->keep_good;
    int64_t until = clock_mono() + TURN_MS;
    enum status st = OK;
    while (!st && !i->ended && (whole || clock_mono() < until))
        st = next_row(i, err);
    if (!st && whole && (i->how->dry_run || i->result->refused)) {
        i->cancelled = true;
        st = error_set(err, E_CANCELLED, _("取り込みませんでした"));
    }
    return st;
}

static void drop_records(struct csv_import_result *result, size_t from)
{
    while (result->count > from) {
        struct csv_import_record *r = &result->records[--result->count];
        xfree(&r->id);
        xfree(&r->number);
    }
    if (!from) /* a refusal leaves nothing to be freed */
        xfree(&result->records);
}

static enum status import_all(struct importing *i, struct error *err)
{
    enum status st = OK;
    while (!st && !i->ended) {
        size_t before = i->result->count;
        st = store_transaction(i->session->office->store, import_rows, i, err);
        if (st)
            drop_records(i->result, before);
    }
    i->result->kept = i->result->count > 0;
    return i->cancelled ? OK : st;
}

enum status csv_import(struct session *session, const struct csv_import *how,
                       const struct csv_import_events *events, struct csv_import_result *result,
                       struct error *err)
{
    struct importing i = {.session = session, .how = how, .events = events, .result = result};
    *result = (struct csv_import_result){0};
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st)
        st = catalogue_form(session->office->catalogue, how->form, 0, &i.form, err);
    if (!st)
        st = read_map(&i, err);
    if (!st)
        st = csv_open(how->path, how->encoding, &i.reader, err);
    if (!st) {
        bool keeps = true;
        snprintf(result->encoding, sizeof result->encoding, "%s", csv_encoding(i.reader));
        st = encoding_keeps_ascii(result->encoding, &keeps, err);
        i.refused_encoding = keeps ? result->encoding : "UTF-8";
    }
    if (!st)
        st = read_heads(&i, err);
    if (!st)
        st = import_all(&i, err);
    if (!st && i.refused.len)
        st = file_write(how->refused, i.refused.data, i.refused.len, err);
    csv_close(&i.reader);
    for (size_t c = 0; c < i.count; c++)
        xfree(&i.columns[c].head);
    xfree(&i.columns);
    strings_free(&i.map);
    strings_free(&i.row_paths);
    strings_free(&i.bad_paths);
    buffer_free(&i.reasons);
    buffer_free(&i.refused);
    return st;
}

void csv_import_result_free(struct csv_import_result *result)
{
    drop_records(result, 0);
}
