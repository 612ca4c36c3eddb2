#include "store/gazetteer.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "store/database.h"
#include "text/fold.h"
#include "text/kana.h"
#include "text/romaji.h"

struct gazetteer {
    struct database *db;
};

#define INDEXES                                   \
    "CREATE INDEX place_town ON place(town_key);" \
    "CREATE INDEX place_kana ON place(kana_key);" \
    "CREATE INDEX place_code ON place(postcode, id);"

static const char tables[] =
    "CREATE TABLE municipality(code TEXT PRIMARY KEY, prefecture TEXT NOT NULL,"
    " name TEXT NOT NULL, kana TEXT NOT NULL, key TEXT NOT NULL, reading_key TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE place(id INTEGER PRIMARY KEY, postcode TEXT NOT NULL,"
    " municipality TEXT NOT NULL, town TEXT NOT NULL, kana TEXT NOT NULL, note TEXT NOT NULL,"
    " town_key TEXT NOT NULL, kana_key TEXT NOT NULL);" INDEXES;

static const char *const migrations[] = {tables, NULL};

#define SELECT                                                                    \
    "SELECT postcode, municipality, prefecture, name, m.kana, town, p.kana, note" \
    " FROM place p JOIN municipality m ON code = municipality WHERE "

enum status gazetteer_open(const char *dir, struct gazetteer **out, struct error *err)
{
    char *path = file_path(dir, GAZETTEER_FILE);
    struct database *db = NULL;
    enum status st = file_exists(path)
                         ? database_open(path, migrations, &db, err)
                         : error_set(err, E_NOT_FOUND,
                                     _("郵便番号簿がまだありません。管理者が satomado postcode"
                                       " import で日本郵便のファイルを取り込みます"));
    *out = NULL;
    if (!st) {
        *out = xcalloc(1, sizeof **out);
        (*out)->db = db;
    }
    xfree(&path);
    return st;
}

void gazetteer_free(struct gazetteer **slot)
{
    if (*slot)
        database_free(&(*slot)->db);
    xfree(slot);
}

/* --- Taking a book in --- */

struct taking {
    struct database *db;
    struct csv_reader *reader;
    char last_code[7];
    long count;
};

static enum status add_municipality(struct taking *t, const struct postal_area *p,
                                    struct error *err)
{
    char *whole = xasprintf("%s%s", p->prefecture, p->municipality), *key = fold_text(whole);
    char *reading_key = fold_text(p->municipality_kana);
    enum status st = database_run(t->db, err,
                                  "INSERT INTO municipality(code, prefecture, name, kana, key,"
                                  " reading_key)"
                                  " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(code) DO NOTHING",
                                  "tttttt", p->municipality_code, p->prefecture, p->municipality,
                                  p->municipality_kana, key, reading_key);
    memcpy(t->last_code, p->municipality_code, sizeof t->last_code);
    xfree(&whole);
    xfree(&key);
    xfree(&reading_key);
    return st;
}

static enum status add_place(void *context, const struct postal_area *p, struct error *err)
{
    struct taking *t = context;
    enum status st = OK;
    if (strcmp(t->last_code, p->municipality_code) != 0)
        st = add_municipality(t, p, err);
    char *town_key = fold_text(p->town), *kana_key = fold_text(p->kana);
    if (!st)
        st = database_run(t->db, err,
                          "INSERT INTO place(postcode, municipality, town, kana, note, town_key,"
                          " kana_key) VALUES(?, ?, ?, ?, ?, ?, ?)",
                          "ttttttt", p->postcode, p->municipality_code, p->town, p->kana, p->note,
                          town_key, kana_key);
    t->count += !st;
    xfree(&town_key);
    xfree(&kana_key);
    return st;
}

/* The indexes are made once all is there: that is faster than keeping them up to date. */
static enum status take(void *context, struct error *err)
{
    struct taking *t = context;
    enum status st = database_script(t->db,
                                     "DROP INDEX place_town; DROP INDEX place_kana;"
                                     "DROP INDEX place_code;"
                                     "DELETE FROM place; DELETE FROM municipality;",
                                     err);
    if (!st)
        st = ken_all_read(t->reader, add_place, t, err);
    if (!st && !t->count)
        st = error_set(err, E_INVALID, _("郵便番号簿に行がありません"));
    return st ? st : database_script(t->db, INDEXES, err);
}

enum status gazetteer_import(const char *dir, const char *file, const char *encoding, long *count,
                             struct error *err)
{
    struct taking t = {0};
    char *path = file_path(dir, GAZETTEER_FILE);
    bool there = file_exists(path);
    *count = 0;
    enum status st = csv_open(file, encoding, &t.reader, err);
    if (!st)
        st = database_open(path, migrations, &t.db, err);
    /* Nobody lives in it: what it held need not be overwritten, which would take as long again. */
    if (!st)
        st = database_script(t.db, "PRAGMA secure_delete=OFF", err);
    if (!st)
        st = database_transaction(t.db, take, &t, err);
    if (!st)
        *count = t.count;
    bool made = t.db != NULL;
    database_free(&t.db);
    csv_close(&t.reader);
    if (st && made && !there)
        unlink(path); /* an empty book would hide that there is none */
    xfree(&path);
    return st;
}

/* --- Looking up --- */

static void add(struct postal_areas *out, struct statement *row)
{
    const struct postal_area place = {
        .postcode = statement_text(row, 0),
        .municipality_code = statement_text(row, 1),
        .prefecture = statement_text(row, 2),
        .municipality = statement_text(row, 3),
        .municipality_kana = statement_text(row, 4),
        .town = statement_text(row, 5),
        .kana = statement_text(row, 6),
        .note = statement_text(row, 7),
    };
    postal_areas_add(out, &place);
}

static enum status query(struct gazetteer *g, const char *sql, const char *from, const char *to,
                         long limit, struct postal_areas *out, struct error *err)
{
    struct statement *row;
    enum status st = database_query(g->db, err, &row, sql, "tti", from, to, (int64_t)limit);
    while (!st && statement_next(row, &st, err))
        add(out, row);
    if (row)
        statement_close(&row);
    return st;
}

/* What sorts behind everything that begins with text; the caller frees. */
static char *behind(const char *text)
{
    return xasprintf("%s\U0010FFFF", text);
}

enum status gazetteer_postcode(struct gazetteer *g, const char *digits, struct postal_areas *out,
                               struct error *err)
{
    *out = (struct postal_areas){0};
    return query(g, SELECT "postcode >= ? AND postcode <= ? ORDER BY postcode, id LIMIT ?", digits,
                 digits, -1, out, err);
}

/* Digits of a postcode or its beginning, "" when text is something else; the caller frees. */
static char *digits_of(const char *text)
{
    struct buffer digits = BUFFER_INIT;
    char *plain = kana_ascii(str_starts(text, "〒") ? text + strlen("〒") : text);
    size_t others = 0;
    for (const char *p = plain; *p; p++)
        if (*p >= '0' && *p <= '9')
            buffer_add_char(&digits, *p);
        else
            others += *p != '-' && *p != ' ';
    if (others)
        buffer_clear(&digits);
    xfree(&plain);
    return buffer_steal(&digits);
}

static bool is_romaji(const char *text)
{
    return *text &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'- ")] == '\0';
}

static enum status find_town(struct gazetteer *g, const char *text, long limit,
                             struct postal_areas *out, struct error *err)
{
    char *kana = is_romaji(text) ? romaji_to_hiragana(text) : xstrdup(text);
    char *key = fold_text(kana), *end = behind(key);
    enum status st = OK;
    if (*key)
        st = query(g, SELECT "town_key >= ? AND town_key < ? ORDER BY town_key, postcode LIMIT ?",
                   key, end, limit, out, err);
    if (!st && *key && !out->count)
        st = query(g, SELECT "kana_key >= ? AND kana_key < ? ORDER BY kana_key, postcode LIMIT ?",
                   key, end, limit, out, err);
    /* 雪見町東, ゆきみまちひがし */
    if (!st && *key && !out->count)
        st = query(g,
                   SELECT "(instr(key || town_key, ?) > 0 OR instr(reading_key || kana_key, ?) > 0)"
                          " ORDER BY postcode, id LIMIT ?",
                   key, key, limit, out, err);
    xfree(&kana);
    xfree(&key);
    xfree(&end);
    return st;
}

enum status gazetteer_find(struct gazetteer *g, const char *text, long limit,
                           struct postal_areas *out, struct error *err)
{
    char *digits = digits_of(text), *end = behind(digits);
    *out = (struct postal_areas){0};
    enum status st =
        *digits ? query(g, SELECT "postcode >= ? AND postcode < ? ORDER BY postcode, id LIMIT ?",
                        digits, end, limit, out, err)
                : find_town(g, text, limit, out, err);
    xfree(&digits);
    xfree(&end);
    return st;
}
