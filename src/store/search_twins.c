/* 重複候補: kept as people are written, so that counting them costs nothing. */
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "store/concealed.h"
#include "store/database.h"
#include "store/search_internal.h"
#include "store/store.h"

/* More with one telephone are a home or an institution, not one person. */
enum { TWINS_MOST = 20 };

#define JUDGED                                                              \
    "EXISTS (SELECT 1 FROM judged j WHERE j.a=s.record AND j.b=p.record OR" \
    " j.a=p.record AND j.b=s.record)"
#define PAIRS(where)                                                                 \
    "SELECT min(s.record,p.record), max(s.record,p.record), " TWIN_SAME              \
    " FROM search p JOIN search s ON " where " AND s.is_person AND s.merged_into=''" \
    " AND s.record<>p.record WHERE p.record=?1 AND NOT " JUDGED " LIMIT ?2"

enum status twin_remove(struct store *store, const char *person, struct error *err)
{
    return database_run(store_database(store), err, "DELETE FROM twin WHERE a=?1 OR b=?1", "t",
                        person);
}

static enum status note_judged(struct store *store, const struct search_record *record,
                               struct error *err)
{
    struct strings others = STRINGS_INIT;
    enum status st = database_run(store_database(store), err, "DELETE FROM judged WHERE a=?", "t",
                                  record->record);
    strings_split(&others, record->not_same ? record->not_same : "", ' ');
    for (size_t i = 0; !st && i < others.count; i++)
        if (*others.items[i])
            st =
                database_run(store_database(store), err, "INSERT OR IGNORE INTO judged VALUES(?,?)",
                             "tt", record->record, others.items[i]);
    strings_free(&others);
    return st;
}

static enum status read_twins(struct statement *s, struct search_twins *out, struct error *err)
{
    enum status st = OK;
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct search_twin){xstrdup(statement_text(s, 0)), xstrdup(statement_text(s, 1)),
                                 (unsigned)statement_int(s, 2)};
    }
    statement_close(&s);
    return st;
}

/* The pairs of a person as they are now; one that is the same in both may be there twice. Asked for
 * at once they would be put into a table of their own first. */
static enum status find_pairs(struct store *store, const char *person, struct search_twins *out,
                              struct error *err)
{
    static const char *const asked[] = {PAIRS(TWIN_KANA), PAIRS(TWIN_PHONE)};
    enum status st = OK;
    for (size_t i = 0; !st && i < ARRAY_LEN(asked); i++) {
        struct statement *s;
        st = database_query(store_database(store), err, &s, asked[i], "ti", person,
                            (int64_t)TWINS_MOST);
        if (!st)
            st = read_twins(s, out, err);
    }
    return st;
}

/* Row by row: INSERT ... SELECT would begin a savepoint, for which FTS5 writes what it keeps back
 * for the end of the transaction, with each person again. */
enum status twin_put(struct store *store, const struct search_record *record, struct error *err)
{
    struct search_twins pairs = {0};
    if (!record->is_person)
        return OK;
    enum status st = note_judged(store, record, err);
    if (st || (record->merged_into && *record->merged_into))
        return st;
    st = find_pairs(store, record->record, &pairs, err);
    for (size_t i = 0; !st && i < pairs.count; i++)
        st = database_run(store_database(store), err, "INSERT OR IGNORE INTO twin VALUES(?,?,?)",
                          "tti", pairs.items[i].a, pairs.items[i].b, (int64_t)pairs.items[i].same);
    search_twins_free(&pairs);
    return st;
}

/* --- Asked --- */

#define SEEN "(?1 OR (a NOT IN " CONCEALED " AND b NOT IN " CONCEALED "))"

enum status search_twins(struct store *store, bool hidden, long offset, long limit,
                         struct search_twins *out, struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s;
    int64_t total = 0;
    *out = (struct search_twins){0};
    enum status st = database_int(db, err, &total, "SELECT count(*) FROM twin WHERE " SEEN, "i",
                                  (int64_t)hidden);
    out->total = (long)total;
    if (st || !limit)
        return st;
    st = database_query(db, err, &s,
                        "SELECT a, b, same FROM twin JOIN search s ON s.record=a WHERE " SEEN
                        " ORDER BY same&1 DESC, same DESC, s.sort, a, b LIMIT ?2 OFFSET ?3",
                        "iii", (int64_t)hidden, (int64_t)limit, (int64_t)offset);
    return st ? st : read_twins(s, out, err);
}

void search_twins_free(struct search_twins *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].a);
        xfree(&list->items[i].b);
    }
    xfree(&list->items);
    list->count = 0;
}
