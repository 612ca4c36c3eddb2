#include "office/csv_export.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/csv_columns.h"
#include "office/csv_internal.h"
#include "office/letters.h"
#include "office/office_internal.h"
#include "store/journal.h"
#include "store/recordset.h"
#include "text/csv.h"
#include "text/encoding.h"
#include "text/grapheme.h"
#include "text/repertoire.h"
#include "text/utf8.h"

enum { BATCH = 200, GETA = 0x3013 };

struct exporting {
    struct session *session;
    const struct csv_export *how;
    const struct csv_export_events *events;
    struct csv_export_result *result;
    struct recordset *set;
    const char *encoding;
    bool keeps; /* cells have bytes of their own in the encoding */
    struct csv_column *columns;
    char **heads;
    size_t count;
    struct substitutions table;
    struct strings with_bytes; /* records in which a field has its own bytes */
    struct strings taken;      /* ids of the rows in `out` */
    struct buffer row, out;    /* in the encoding, or in UTF-8 when cells have no bytes there */
    bool lost, skip_row;       /* of the row at hand */
};

/* --- Columns --- */

static void add_column(struct exporting *e, const struct csv_column *column)
{
    e->columns = xroom(e->columns, e->count, sizeof *e->columns);
    e->columns[e->count++] = *column;
}

static void add_fields(struct exporting *e, const struct field *repeat, struct csv_column *at,
                       size_t depth)
{
    const struct form *form = recordset_form(e->set);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *field = form->fields[i];
        if (field->repeat != repeat || field->implicit)
            continue;
        if (field->type == FIELD_REPEAT && depth < RECORDSET_DEPTH) {
            size_t most = recordset_most_rows(e->set, field);
            for (at->rows[depth] = 0; at->rows[depth] < most; at->rows[depth]++)
                add_fields(e, field, at, depth + 1);
        } else if (field_has_value(field)) {
            at->field = field;
            add_column(e, at);
        }
    }
}

static enum status add_named(struct exporting *e, const char *name, struct error *err)
{
    const struct form *form = recordset_form(e->set);
    const struct field *repeat = form_field(form, name);
    struct csv_column column;
    if (repeat && repeat->type == FIELD_REPEAT && !repeat->repeat) {
        size_t most = recordset_most_rows(e->set, repeat);
        column = (struct csv_column){0};
        for (; column.rows[0] < most; column.rows[0]++)
            add_fields(e, repeat, &column, 1);
        return OK;
    }
    enum status st = csv_column_find(form, name, &column, err);
    if (!st)
        add_column(e, &column);
    return st;
}

static enum status choose_columns(struct exporting *e, struct error *err)
{
    static const char *const first[] = {CSV_ID, "receipt_no", "received_on", "state"};
    const struct strings *named = e->how->columns;
    enum status st = OK;
    if (named) {
        for (size_t i = 0; !st && i < named->count; i++)
            st = add_named(e, named->items[i], err);
    } else {
        struct csv_column at = {0};
        for (size_t i = 0; !st && i < ARRAY_LEN(first); i++)
            st = add_named(e, first[i], err);
        add_fields(e, NULL, &at, 0);
    }
    e->heads = xcalloc(e->count + 1, sizeof *e->heads);
    for (size_t i = 0; i < e->count; i++)
        e->heads[i] = csv_column_head(&e->columns[i],
                                      e->how->labels ? office_language(e->session->office) : NULL);
    return st;
}

/* --- Letters --- */

/* A terminal would obey these; no encoding is taken to have them. */
static bool is_control(const char *letter, size_t len)
{
    uint32_t cp;
    utf8_decode(letter, len, &cp);
    return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0);
}

static bool has_control(const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++)
        if ((*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7F ||
            (*s == 0xC2 && s[1] >= 0x80 && s[1] < 0xA0))
            return true;
    return false;
}

static bool can_write(const struct exporting *e, const char *letter)
{
    size_t place;
    return !has_control(letter) && encoding_loss(e->encoding, letter, &place, NULL) == OK &&
           !letter[place];
}

/* What the table writes for a letter: for it whole, else code point by code point where that
 * suffices. NULL: nothing. The caller frees. */
static char *by_table(const struct exporting *e, const char *letter, size_t len)
{
    const char *whole = substitution_for(&e->table, letter, len);
    struct buffer out = BUFFER_INIT;
    bool changed = false;
    if (whole)
        return xstrdup(whole);
    for (size_t at = 0, used; at < len; at += used) {
        uint32_t cp;
        used = utf8_decode(letter + at, len - at, &cp);
        const char *one = substitution_for(&e->table, letter + at, used);
        changed = changed || one;
        if (one)
            buffer_add_text(&out, one);
        else
            buffer_add(&out, letter + at, used);
    }
    char *text = buffer_steal(&out);
    if (!changed)
        xfree(&text);
    return text;
}

/* What stands for a letter that cannot be written; NULL: nothing does. The caller frees. */
static char *stand_in(const struct exporting *e, const char *letter, size_t len)
{
    char geta[5] = "", *text = e->how->substitute ? by_table(e, letter, len) : NULL;
    if (text && can_write(e, text))
        return text;
    xfree(&text);
    utf8_encode(geta, GETA);
    return e->how->geta && can_write(e, geta) ? xstrdup(geta) : NULL;
}

static void report(struct exporting *e, size_t column, const char *letter, size_t len,
                   const char *written)
{
    const struct form *form = recordset_form(e->set);
    struct buffer codes = BUFFER_INIT;
    char *text = xstrndup(letter, len);
    repertoire_codes(letter, len, &codes);
    struct csv_loss loss = {
        .record = recordset_id(e->set),
        .receipt_no = recordset_value(e->set, form_field(form, "receipt_no"), NULL),
        .column = e->heads[column],
        .letter = text,
        .codes = buffer_text(&codes),
        .written = written,
        .skipped = !written && e->how->skip,
    };
    e->events->loss(e->events->context, &loss);
    e->lost = e->lost || !written;
    xfree(&text);
    buffer_free(&codes);
}

/* The text with what stands for each letter that cannot be written. The caller frees. */
static char *writable(struct exporting *e, size_t column, const char *text)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(text);
    for (size_t at = 0, next; at < len; at = next) {
        next = grapheme_next(text, len, at);
        char *letter = xstrndup(text + at, next - at);
        if (can_write(e, letter) && !is_control(letter, next - at)) {
            buffer_add_text(&out, letter);
        } else {
            char *written = stand_in(e, letter, next - at);
            report(e, column, letter, next - at, written);
            buffer_add_text(&out, written ? written : "");
            xfree(&written);
        }
        xfree(&letter);
    }
    return buffer_steal(&out);
}

/* --- Cells --- */

static enum csv_place place_of(const struct exporting *e, size_t column)
{
    return e->count == 1 ? CSV_ALONE : column ? CSV_NEXT : CSV_FIRST;
}

/* bytes: what the field came in as, NULL = encoded now. */
static enum status add_cell(struct exporting *e, size_t column, const char *text,
                            const struct buffer *bytes, struct error *err)
{
    struct buffer cell = BUFFER_INIT;
    enum status st = OK;
    if (csv_is_formula(text))
        buffer_add_char(&cell, '\'');
    if (!e->keeps)
        buffer_add_text(&cell, text);
    else if (bytes)
        buffer_add(&cell, bytes->data, bytes->len);
    else
        st = encoding_encode(e->encoding, text, &cell, err);
    csv_add_cell(&e->row, buffer_text(&cell), cell.len, place_of(e, column));
    buffer_free(&cell);
    return st;
}

static char *value_text(struct exporting *e, const struct csv_column *column)
{
    if (!column->field)
        return xstrdup(recordset_id(e->set));
    const char *value = recordset_value(e->set, column->field, column->rows);
    return e->how->labels ? recordset_shown(e->set, column->field, value) : xstrdup(value);
}

/* The bytes a field came in as, when they still are its value. */
static bool own_bytes(struct exporting *e, const struct record *record,
                      const struct csv_column *column, const char *text, struct buffer *out)
{
    const struct field *repeats[RECORDSET_DEPTH];
    struct buffer path = BUFFER_INIT;
    if (!record || !column->field || column->field->implicit)
        return false;
    size_t depth = csv_column_repeats(column->field, repeats);
    for (size_t i = 0; i < depth; i++) {
        const char *row = recordset_row(e->set, repeats[i], column->rows);
        buffer_printf(&path, "%s/%s/", repeats[i]->name, row ? row : "");
    }
    buffer_add_text(&path, column->field->name);
    bool found = csv_bytes_of(record, buffer_text(&path), e->encoding, text, out);
    buffer_free(&path);
    return found;
}

static enum status add_value(struct exporting *e, const struct record *record, size_t column,
                             struct error *err)
{
    char *text = value_text(e, &e->columns[column]);
    struct buffer bytes = BUFFER_INIT;
    enum status st = OK;
    if (own_bytes(e, record, &e->columns[column], text, &bytes)) {
        st = add_cell(e, column, text, &bytes, err);
    } else if (can_write(e, text)) {
        st = add_cell(e, column, text, NULL, err);
    } else {
        char *written = writable(e, column, text);
        if (!e->lost)
            st = add_cell(e, column, written, NULL, err);
        xfree(&written);
    }
    xfree(&text);
    buffer_free(&bytes);
    return st;
}

/* --- Rows --- */

static int by_text(const void *key, const void *item)
{
    return strcmp(key, *(char *const *)item);
}

static enum status add_record(struct exporting *e, struct error *err)
{
    struct record record;
    const char *id = recordset_id(e->set);
    bool bytes = e->with_bytes.count && bsearch(id, e->with_bytes.items, e->with_bytes.count,
                                                sizeof *e->with_bytes.items, by_text);
    enum status st = bytes ? record_load(e->session->office->store, id, &record, err) : OK;
    if (st)
        return st;
    buffer_clear(&e->row);
    e->lost = false;
    for (size_t i = 0; !st && i < e->count; i++)
        st = add_value(e, bytes ? &record : NULL, i, err);
    csv_end_row(&e->row);
    if (!st && !e->lost) {
        buffer_add(&e->out, e->row.data, e->row.len);
        strings_add(&e->taken, id);
        e->result->written++;
    } else if (!st && e->how->skip) {
        e->result->skipped++;
    } else if (!st) {
        e->result->stopped++;
    }
    if (bytes)
        record_free(&record);
    return st;
}

/* Nothing leaves before the journal has it. */
static enum status hand_out(struct exporting *e, struct error *err)
{
    enum status st = OK;
    if (e->taken.count)
        st = record_note_export(e->session, recordset_form(e->set), &e->taken, err);
    strings_free(&e->taken);
    if (st || !e->keeps || !e->out.len)
        return st;
    st = e->events->write(e->events->context, e->out.data, e->out.len, err);
    buffer_clear(&e->out);
    return st;
}

static enum status write_head(struct exporting *e, struct error *err)
{
    enum status st = OK;
    if (e->how->mark)
        buffer_add_text(&e->out, "\xEF\xBB\xBF");
    for (size_t i = 0; !st && i < e->count; i++)
        st = add_cell(e, i, e->heads[i], NULL, err);
    csv_end_row(&e->row);
    buffer_add(&e->out, e->row.data, e->row.len);
    return st;
}

static enum status write_rows(struct exporting *e, struct error *err)
{
    bool there;
    long done, total;
    enum status st = recordset_next(e->set, &there, err);
    while (!st && there) {
        st = add_record(e, err);
        if (!st && e->taken.count == BATCH)
            st = hand_out(e, err);
        recordset_progress(e->set, &done, &total);
        if (!st && e->events->progress)
            e->events->progress(e->events->context, done, total);
        if (!st)
            st = recordset_next(e->set, &there, err);
    }
    return st ? st : hand_out(e, err);
}

/* Where cells have no bytes of their own the file is encoded whole: states last from cell to cell.
 */
static enum status write_whole(struct exporting *e, struct error *err)
{
    struct buffer bytes = BUFFER_INIT;
    enum status st = encoding_encode(e->encoding, buffer_text(&e->out), &bytes, err);
    if (!st)
        st = e->events->write(e->events->context, buffer_text(&bytes), bytes.len, err);
    buffer_free(&bytes);
    return st;
}

static enum status prepare(struct exporting *e, struct error *err)
{
    bool utf8 = strcmp(e->encoding, "UTF-8") == 0;
    enum status st = encoding_keeps_ascii(e->encoding, &e->keeps, err);
    if (!st && e->how->mark && !utf8)
        st = error_set(err, E_USAGE, _("BOM は UTF-8 のときだけ付けられます"));
    if (!st)
        st = recordset_open(e->session, e->how->form, e->how->where, &e->set, err);
    if (!st)
        st = choose_columns(e, err);
    if (!st && e->how->substitute)
        st = substitutions_load(e->session->office, &e->table, err);
    if (!st && e->keeps && !utf8 && !e->how->labels)
        st = recordset_with_member(e->session->office->store, recordset_form(e->set)->id,
                                   CSV_BYTES_MEMBER, &e->with_bytes, err);
    return st;
}

enum status csv_export(struct session *session, const struct csv_export *how,
                       const struct csv_export_events *events, struct csv_export_result *result,
                       struct error *err)
{
    struct exporting e = {.session = session, .how = how, .events = events, .result = result};
    *result = (struct csv_export_result){0};
    e.encoding = how->encoding ? encoding_known_name(how->encoding) : "UTF-8";
    enum status st = prepare(&e, err);
    if (!st)
        st = write_head(&e, err);
    if (!st)
        st = write_rows(&e, err);
    if (!st && e.keeps && e.out.len)
        st = events->write(events->context, e.out.data, e.out.len, err);
    if (!st && !e.keeps)
        st = write_whole(&e, err);
    for (size_t i = 0; i < e.count; i++)
        xfree(&e.heads[i]);
    xfree(&e.heads);
    xfree(&e.columns);
    strings_free(&e.with_bytes);
    strings_free(&e.taken);
    substitutions_free(&e.table);
    buffer_free(&e.row);
    buffer_free(&e.out);
    recordset_close(&e.set);
    return st;
}
