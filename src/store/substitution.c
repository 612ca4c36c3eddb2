#include "store/substitution.h"

struct replacing {
    struct store *store;
    const struct strings *pairs;
};

static enum status replace(void *context, struct error *err)
{
    struct replacing *r = context;
    struct database *db = store_database(r->store);
    enum status st = database_script(db, "DELETE FROM substitution", err);
    for (size_t i = 0; !st && i + 1 < r->pairs->count; i += 2)
        st = database_run(db, err, "INSERT INTO substitution(letter,written) VALUES(?,?)", "tt",
                          r->pairs->items[i], r->pairs->items[i + 1]);
    return st;
}

enum status substitution_replace(struct store *store, const struct strings *pairs,
                                 struct error *err)
{
    struct replacing r = {store, pairs};
    return store_transaction(store, replace, &r, err);
}

enum status substitution_read(struct store *store, struct strings *pairs, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT letter, written FROM substitution ORDER BY letter", "");
    while (!st && statement_next(s, &st, err)) {
        strings_add(pairs, statement_text(s, 0));
        strings_add(pairs, statement_text(s, 1));
    }
    statement_close(&s);
    return st;
}
