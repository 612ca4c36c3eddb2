#include "store/concern.h"

#include "base/buffer.h"
#include "base/xmem.h"

static char *joined(const struct strings *heads)
{
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < heads->count; i++)
        buffer_printf(&text, "%s%s", i ? " " : "", heads->items[i]);
    return buffer_steal(&text);
}

enum status concern_note(struct store *store, const char *record, const struct strings *heads,
                         bool merged, struct error *err)
{
    if (!merged)
        return database_run(store_database(store), err, "DELETE FROM concern WHERE record=?", "t",
                            record);
    char *now = joined(heads);
    enum status st =
        database_run(store_database(store), err,
                     "INSERT INTO concern(record,heads) VALUES(?,?) ON CONFLICT(record)"
                     " DO UPDATE SET text=CASE WHEN heads=excluded.heads THEN text"
                     " ELSE '' END, heads=excluded.heads",
                     "tt", record, now);
    xfree(&now);
    return st;
}

enum status concern_pending(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT record FROM concern WHERE looked<>heads ORDER BY record", "");
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

struct setting {
    struct store *store;
    const char *record, *heads, *text;
};

static enum status set(void *context, struct error *err)
{
    const struct setting *s = context;
    return database_run(store_database(s->store), err,
                        "UPDATE concern SET looked=?, text=? WHERE record=?", "ttt", s->heads,
                        s->text, s->record);
}

enum status concern_set(struct store *store, const char *record, const struct strings *heads,
                        const char *text, struct error *err)
{
    char *now = joined(heads);
    struct setting s = {store, record, now, text};
    enum status st = store_transaction(store, set, &s, err);
    xfree(&now);
    return st;
}

enum status concern_list(struct store *store, struct concerns *out, struct error *err)
{
    struct statement *s;
    *out = (struct concerns){0};
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT record, text FROM concern WHERE text<>''"
                                    " AND looked=heads ORDER BY record",
                                    "");
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct concern){xstrdup(statement_text(s, 0)), xstrdup(statement_text(s, 1))};
    }
    statement_close(&s);
    return st;
}

void concerns_free(struct concerns *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].record);
        xfree(&list->items[i].text);
    }
    xfree(&list->items);
    list->count = 0;
}
