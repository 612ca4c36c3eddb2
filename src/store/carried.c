#include "store/carried.h"

#include "base/intl.h"
#include "base/xmem.h"

#define COLUMNS                                                                          \
    "id,number,records,bundle,kind,peer,file,medium,at,who,reason,approval,closed_at,closed_by," \
    "outcome"

void carried_list_free(struct carried_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct carried *c = &list->items[i];
        char **texts[] = {&c->bundle, &c->kind,   &c->peer,     &c->file,      &c->medium,   &c->at,
                          &c->who,    &c->reason, &c->approval, &c->closed_at, &c->closed_by,
                          &c->outcome};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status carried_add(struct store *store, const struct carried *c, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT INTO carried(number,records,bundle,kind,peer,file,medium,at,who,"
                        "reason,approval) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                        "iittttttttt", (int64_t)c->number, (int64_t)c->records, c->bundle, c->kind,
                        c->peer, c->file, c->medium, c->at, c->who, c->reason, c->approval);
}

enum status carried_rows(struct store *store, bool out_only, struct carried_list *out,
                         struct error *err)
{
    struct statement *s;
    *out = (struct carried_list){0};
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT " COLUMNS " FROM carried WHERE NOT ? OR closed_at=''"
                                    " ORDER BY id DESC",
                                    "i", (int64_t)out_only);
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        struct carried *c = &out->items[out->count++];
        *c = (struct carried){.id = statement_int(s, 0),
                              .number = (long)statement_int(s, 1),
                              .records = (long)statement_int(s, 2)};
        char **texts[] = {&c->bundle, &c->kind,   &c->peer,     &c->file,      &c->medium,   &c->at,
                          &c->who,    &c->reason, &c->approval, &c->closed_at, &c->closed_by,
                          &c->outcome};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            *texts[t] = xstrdup(statement_text(s, (int)t + 3));
    }
    statement_close(&s);
    return st;
}

enum status carried_close(struct store *store, int64_t id, const char *at, const char *who,
                          const char *outcome, struct error *err)
{
    struct database *db = store_database(store);
    enum status st = database_run(db, err,
                                  "UPDATE carried SET closed_at=?, closed_by=?, outcome=? WHERE"
                                  " id=? AND closed_at=''",
                                  "ttti", at, who, outcome, id);
    return st || database_changes(db)
               ? st
               : error_set(err, E_NOT_FOUND, _("持出し台帳の%lld番は、ないか、締めてあります"),
                           (long long)id);
}

bool carried_is_out(struct store *store, const char *bundle, const char *file)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM carried WHERE bundle=? AND file=? AND closed_at=''", "tt",
                 bundle, file);
    return n > 0;
}

enum status carried_close_file(struct store *store, const char *bundle, const char *file,
                               const char *at, const char *who, const char *outcome,
                               struct error *err)
{
    return database_run(store_database(store), err,
                        "UPDATE carried SET closed_at=?, closed_by=?, outcome=? WHERE bundle=? AND"
                        " file=? AND closed_at=''",
                        "ttttt", at, who, outcome, bundle, file);
}
