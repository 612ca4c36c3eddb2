#include "store/search.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/database.h"
#include "store/search_internal.h"
#include "store/store.h"
#include "text/fold.h"
#include "text/utf8.h"

static const char *const kind_names[SEARCH_KINDS] = {
    [SEARCH_NONE] = "",           [SEARCH_NAME] = "name",     [SEARCH_KANA] = "kana",
    [SEARCH_ADDRESS] = "address", [SEARCH_PHONE] = "phone",   [SEARCH_POSTCODE] = "postcode",
    [SEARCH_BIRTH] = "birth",     [SEARCH_NUMBER] = "number",
};

enum search_kind search_kind_of(const char *name)
{
    for (size_t i = 1; i < SEARCH_KINDS; i++)
        if (strcmp(kind_names[i], name) == 0)
            return (enum search_kind)i;
    return SEARCH_NONE;
}

/* --- Pieces --- */

static void add_letter(struct buffer *out, uint32_t cp)
{
    char hex[8];
    size_t at = sizeof hex;
    do
        hex[--at] = "0123456789abcdef"[cp & 15];
    while (cp >>= 4);
    buffer_add_char(out, 'x');
    buffer_add(out, hex + at, sizeof hex - at);
}

/* Each character and each pair of neighbours as a word of letters and digits. */
void search_grams(const char *key, struct buffer *out)
{
    size_t len = strlen(key);
    uint32_t before = 0;
    for (size_t at = 0; at < len;) {
        uint32_t cp;
        at += utf8_decode(key + at, len - at, &cp);
        buffer_add_char(out, ' ');
        add_letter(out, cp);
        if (before) {
            buffer_add_char(out, ' ');
            add_letter(out, before);
            add_letter(out, cp);
        }
        before = cp;
    }
}

char *search_digits(const char *text)
{
    char *folded = fold_text(text);
    struct buffer out = BUFFER_INIT;
    for (const char *p = folded; *p; p++)
        if (isdigit((unsigned char)*p))
            buffer_add_char(&out, *p);
    xfree(&folded);
    return buffer_steal(&out);
}

/* --- Told by the projection --- */

struct row {
    char *shown[SEARCH_KINDS]; /* first group of the kind */
    char *key[SEARCH_KINDS];   /* folded, all of them */
};

static void make_kind(const struct search_record *record, enum search_kind kind, struct row *row)
{
    struct buffer shown = BUFFER_INIT, all = BUFFER_INIT;
    const char *group = NULL;
    for (size_t i = 0; i < record->count; i++) {
        const struct search_value *v = &record->values[i];
        if (v->kind != kind)
            continue;
        if (!group || (*group && strcmp(group, v->group) == 0)) {
            buffer_printf(&shown, "%s%s", shown.len ? " " : "", v->value);
            group = v->group;
        }
        buffer_add_text(&all, v->value);
    }
    row->shown[kind] = buffer_steal(&shown);
    bool digits = kind == SEARCH_PHONE || kind == SEARCH_POSTCODE || kind == SEARCH_BIRTH;
    row->key[kind] = digits ? search_digits(buffer_text(&all)) : fold_text(buffer_text(&all));
    buffer_free(&all);
}

static void row_free(struct row *row)
{
    for (size_t k = 0; k < SEARCH_KINDS; k++) {
        xfree(&row->shown[k]);
        xfree(&row->key[k]);
    }
}

static char *sort_key(const char *name, const char *kana)
{
    struct buffer key = BUFFER_INIT;
    fold_sort_key(*kana ? kana : name, &key);
    char *hex = xmalloc(2 * key.len + 1);
    hex_encode(hex, (const uint8_t *)buffer_text(&key), key.len);
    buffer_free(&key);
    return hex;
}

/* The indexes forget a row by being told its old words. */
enum status search_remove(struct store *store, const char *record, struct error *err)
{
    struct database *db = store_database(store);
    int64_t id;
    char *name = NULL, *address = NULL;
    enum status st =
        database_int(db, err, &id, "SELECT id FROM search WHERE record=?", "t", record);
    if (st || !id)
        return st;
    st = database_string(db, err, &name, "SELECT name_grams FROM search_text WHERE id=?", "i", id);
    if (!st)
        st = database_string(db, err, &address, "SELECT address_grams FROM search_text WHERE id=?",
                             "i", id);
    if (!st)
        st = database_run(db, err,
                          "INSERT INTO search_name_gram(search_name_gram,rowid,name_grams)"
                          " VALUES('delete',?,?)",
                          "it", id, name ? name : "");
    if (!st)
        st = database_run(db, err,
                          "INSERT INTO search_address_gram(search_address_gram,rowid,"
                          "address_grams) VALUES('delete',?,?)",
                          "it", id, address ? address : "");
    if (!st)
        st = database_run(db, err, "DELETE FROM search_text WHERE id=?", "i", id);
    if (!st)
        st = database_run(db, err, "DELETE FROM search WHERE id=?", "i", id);
    if (!st)
        st = twin_remove(store, record, err);
    xfree(&name);
    xfree(&address);
    return st;
}

static enum status put_grams(struct database *db, int64_t id, const struct row *row,
                             struct error *err)
{
    struct buffer name = BUFFER_INIT, address = BUFFER_INIT;
    search_grams(row->key[SEARCH_NAME], &name);
    search_grams(row->key[SEARCH_KANA], &name);
    if (*row->key[SEARCH_BIRTH])
        buffer_printf(&name, " b%s", row->key[SEARCH_BIRTH]);
    search_grams(row->key[SEARCH_ADDRESS], &address);
    enum status st =
        database_run(db, err, "INSERT INTO search_text(id,name_grams,address_grams) VALUES(?,?,?)",
                     "itt", id, buffer_text(&name), buffer_text(&address));
    if (!st)
        st = database_run(db, err, "INSERT INTO search_name_gram(rowid,name_grams) VALUES(?,?)",
                          "it", id, buffer_text(&name));
    if (!st)
        st = database_run(db, err,
                          "INSERT INTO search_address_gram(rowid,address_grams) VALUES(?,?)", "it",
                          id, buffer_text(&address));
    buffer_free(&name);
    buffer_free(&address);
    return st;
}

/* "霧沢-FB-00045-7" of "令9-霧沢-FB-00045-7"; "" when there is no dash. */
static const char *after_dash(const char *number)
{
    const char *dash = strchr(number, '-');
    return dash ? dash + 1 : "";
}

enum status search_put(struct store *store, const struct search_record *record, struct error *err)
{
    struct database *db = store_database(store);
    struct row row = {{0}, {0}};
    enum status st = search_remove(store, record->record, err);
    if (st)
        return st;
    for (size_t k = 1; k < SEARCH_KINDS; k++)
        make_kind(record, (enum search_kind)k, &row);
    char *sort = sort_key(row.shown[SEARCH_NAME], row.shown[SEARCH_KANA]),
         *number = search_digits(record->receipt_no), *folded = fold_text(record->receipt_no);
    const char *tail = after_dash(after_dash(folded));
    char *run = search_digits(after_dash(tail));
    st = database_run(
        db, err,
        "INSERT INTO search(record,form,person,is_person,hidden,merged_into,receipt_no,name,kana,"
        "birth,address,phone,postcode,name_key,kana_key,address_key,phone_key,number_key,birth_key,"
        "postcode_key,sort,number_text,number_tail,number_run)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        "tttiittttttttttttttttttt", record->record, record->form, record->person,
        (int64_t)record->is_person, (int64_t)record->hidden, record->merged_into,
        record->receipt_no, row.shown[SEARCH_NAME], row.shown[SEARCH_KANA], row.shown[SEARCH_BIRTH],
        row.shown[SEARCH_ADDRESS], row.shown[SEARCH_PHONE], row.shown[SEARCH_POSTCODE],
        row.key[SEARCH_NAME], row.key[SEARCH_KANA], row.key[SEARCH_ADDRESS], row.key[SEARCH_PHONE],
        number, row.key[SEARCH_BIRTH], row.key[SEARCH_POSTCODE], sort, folded, tail, run);
    if (!st)
        st = put_grams(db, database_inserted(db), &row, err);
    if (!st)
        st = twin_put(store, record, err);
    row_free(&row);
    char **texts[] = {&sort, &number, &folded, &run};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    return st ? st
              : database_run(db, err,
                             "INSERT INTO fact(key,value) VALUES('collator',?) ON CONFLICT(key) DO"
                             " NOTHING",
                             "t", fold_collator_version());
}

enum status search_clear(struct store *store, struct error *err)
{
    enum status st =
        database_script(store_database(store),
                        "INSERT INTO search_name_gram(search_name_gram) VALUES('delete-all');"
                        "INSERT INTO search_address_gram(search_address_gram) VALUES('delete-all');"
                        "DELETE FROM search_text; DELETE FROM search; DELETE FROM twin; DELETE "
                        "FROM judged; DELETE FROM fact WHERE key='collator'",
                        err);
    return st;
}

enum status search_optimize(struct store *store, struct error *err)
{
    return database_script(
        store_database(store),
        "INSERT INTO search_name_gram(search_name_gram) VALUES('optimize');"
        "INSERT INTO search_address_gram(search_address_gram) VALUES('optimize')",
        err);
}

static enum status sort_anew(void *context, struct error *err)
{
    struct store *store = context;
    struct database *db = store_database(store);
    struct statement *rows;
    enum status st = database_query(db, err, &rows, "SELECT id,name,kana FROM search", "");
    if (st)
        return st;
    /* A row that is changed does not move in what is being read: id is the table's own key. */
    while (!st && statement_next(rows, &st, err)) {
        char *sort = sort_key(statement_text(rows, 1), statement_text(rows, 2));
        st = database_run(db, err, "UPDATE search SET sort=? WHERE id=?", "ti", sort,
                          statement_int(rows, 0));
        xfree(&sort);
    }
    statement_close(&rows);
    return st ? st : store_set_fact(store, "collator", fold_collator_version(), err);
}

enum status search_renew(struct store *store, struct error *err)
{
    char *made = store_fact(store, "collator");
    bool stale = *made && strcmp(made, fold_collator_version()) != 0;
    xfree(&made);
    return stale ? store_transaction(store, sort_anew, store, err) : OK;
}
