/* Fields that point at another record (参照), chosen, typed or scanned. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/token.h"
#include "office/card.h"
#include "office/entry_internal.h"
#include "office/worklist_internal.h"
#include "text/fold.h"

/* How well a record answers to what was typed, folded: 0 not at all, 1 a part, 2 the whole of its
 * number or title. */
static int likeness(const struct record_row *row, const char *key)
{
    char *title = fold_text(row->title), *number = fold_text(row->receipt_no);
    bool whole = strcmp(title, key) == 0 || strcmp(number, key) == 0;
    bool part = strstr(title, key) || strstr(number, key);
    xfree(&title);
    xfree(&number);
    return whole ? 2 : part ? 1 : 0;
}

/* --- Scanned --- */

static enum status scanned(struct session *session, const struct field *field, const char *text,
                           char **value, struct error *err)
{
    struct card_found found;
    enum status st = card_read(session, field, text, &found, err);
    if (!st)
        *value = xstrdup(found.record);
    card_found_free(&found);
    if (!st || !err)
        return st ? E_INVALID : OK;
    err->code = E_INVALID; /* whatever is wrong with it, it stays in the field */
    return E_INVALID;
}

/* In the row of the barcode at path, or in the record. The caller frees. */
static char *path_beside(const char *path, const struct field *other)
{
    const char *slash = other->repeat ? strrchr(path, '/') : NULL;
    return slash ? xasprintf("%.*s/%s", (int)(slash - path), path, other->name)
                 : xstrdup(other->name);
}

enum status entry_fill_scanned(struct entry *entry, const struct field *field, const char *path,
                               const char *id, struct error *err)
{
    struct record record;
    struct strings names = STRINGS_INIT;
    if (!field->fills || !*id)
        return OK;
    enum status st = record_load_for(entry->session, id, &record, err);
    if (st)
        return st;
    strings_split(&names, field->fills, ' ');
    for (size_t i = 0; !st && i < names.count; i++) {
        const struct field *other = form_field(entry->form, names.items[i]);
        bool points = field_is_record(other);
        if (points && !field_points_at(other, record.form))
            continue; /* it is for records of another form */
        char *beside = path_beside(path, other);
        st = instance_put(entry->instance, beside, points ? id : record_value(&record, other->name),
                          err);
        entry_forget_refused(entry, beside);
        xfree(&beside);
    }
    strings_free(&names);
    record_free(&record);
    return st;
}

/* --- Chosen or typed --- */

/* Whether it is one of the records the field may point at, by its id. */
static bool is_one(struct session *session, const struct field *field, const char *id)
{
    struct record_rows rows;
    const struct record_filter one = {.record = id,
                                      .visible = !session_may(session, MAY_READ_PROTECTED)};
    if (record_query(session->office->store, &one, 0, 1, &rows, NULL))
        return false;
    bool found = rows.count && field_points_at(field, rows.items[0].form);
    record_rows_free(&rows);
    return found;
}

enum status reference_find(struct session *session, const struct field *field, const char *typed,
                           char **value, struct error *err)
{
    struct record_rows rows;
    bool visible = !session_may(session, MAY_READ_PROTECTED);
    const struct record_filter filter = {.form = field->to, .visible = visible};
    if (is_one(session, field, typed)) {
        *value = xstrdup(typed);
        return OK;
    }
    if (field->type == FIELD_BARCODE || token_like(typed))
        return scanned(session, field, typed, value, err);
    enum status st = record_query(session->office->store, &filter, 0, -1, &rows, err);
    if (st)
        return st;
    char *key = fold_text(typed);
    long count = 0;
    int best = 1;
    for (size_t i = 0; i < rows.count; i++) {
        const struct record_row *row = &rows.items[i];
        int like = strcmp(row->record, typed) == 0 ? 3 : likeness(row, key);
        if (like < best)
            continue;
        count = like > best ? 1 : count + 1;
        best = like;
        xfree(value);
        *value = xstrdup(row->record);
    }
    xfree(&key);
    record_rows_free(&rows);
    if (count == 1)
        return OK;
    xfree(value);
    return error_set(err, E_INVALID,
                     count ? _("「%s」は%ld件あります。一覧（F2）から選んでください")
                           : _("「%s」は見つかりません。一覧（F2）から選んでください"),
                     typed, count);
}

enum status entry_references(struct entry *entry, const char *path, const char *typed, long limit,
                             struct worklist_rows *out, struct error *err)
{
    const struct field *field = form_path_field(entry->form, path);
    struct record_rows rows;
    struct record_filter filter = {.form = field ? field->to : NULL,
                                   .newest_first = true,
                                   .visible = !session_may(entry->session, MAY_READ_PROTECTED)};
    *out = (struct worklist_rows){0};
    if (!field || !field->to)
        return error_set(err, E_INVALID, _("この欄に一覧はありません"));
    enum status st = record_query(entry->session->office->store, &filter, 0, -1, &rows, err);
    char *key = fold_text(typed);
    for (size_t i = 0; !st && i < rows.count && (limit < 0 || (long)out->count < limit); i++)
        if (likeness(&rows.items[i], key))
            worklist_add_record(entry->session->office, &rows.items[i], out);
    record_rows_free(&rows);
    xfree(&key);
    out->total = (long)out->count;
    return st;
}
