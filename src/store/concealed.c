#include "store/concealed.h"

#include "base/xmem.h"
#include "store/event.h"

bool concealed_record(struct store *store, const char *record)
{
    int64_t found = 0;
    return database_int(store_database(store), NULL, &found,
                        "SELECT count(*) FROM concealed WHERE record=?", "t", record) != OK ||
           found != 0;
}

enum status concealed_records(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s = NULL;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT record FROM concealed ORDER BY 1", "");
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

char *concealed_stamp(struct store *store)
{
    char *stamp = NULL;
    /* Nearly everywhere there is nobody: that is answered at once. */
    database_string(store_database(store), NULL, &stamp,
                    "SELECT count(*)||' '||ifnull(max((SELECT max(e.id) FROM event e WHERE"
                    " e.record=c.record AND e.op<>?)),0) FROM concealed c",
                    "i", (int64_t)OP_READ);
    return stamp ? stamp : xstrdup("");
}

enum status concealed_people(struct store *store, struct concealed_people *out, struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s = NULL;
    int64_t there = 0;
    *out = (struct concealed_people){0};
    /* The column is there as soon as a person is. */
    enum status st = database_int(db, err, &there,
                                  "SELECT count(*) FROM form_column WHERE form='person' AND"
                                  " name='protected_until' AND repeat=''",
                                  "");
    if (st || !there)
        return st;
    st = database_query(db, err, &s,
                        "SELECT s.record,p.protected_until FROM search s JOIN f_person p"
                        " ON p.record=s.record WHERE s.hidden AND s.merged_into=''"
                        " ORDER BY 2,1",
                        "");
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct concealed_person){xstrdup(statement_text(s, 0)), xstrdup(statement_text(s, 1))};
    }
    statement_close(&s);
    if (st)
        concealed_people_free(out);
    return st;
}

void concealed_people_free(struct concealed_people *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].person);
        xfree(&list->items[i].until);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status concealed_same(struct store *store, const char *person, struct strings *out,
                           struct error *err)
{
    struct statement *s = NULL;
    enum status st =
        database_query(store_database(store), err, &s,
                       "WITH RECURSIVE same(id) AS (VALUES(?1)"
                       " UNION SELECT t.record FROM same JOIN search t ON t.merged_into=same.id AND"
                       " t.merged_into<>''"
                       " UNION SELECT t.merged_into FROM same JOIN search t ON t.record=same.id AND"
                       " t.merged_into<>'') SELECT id FROM same ORDER BY 1",
                       "t", person);
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}
