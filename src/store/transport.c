#include "store/transport.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/xmem.h"

enum status transport_note(struct store *store, const struct transport_bundle *b, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR IGNORE INTO bundle(id,incoming,kind,number,peer,file,at,first,"
                        "last,records,received) VALUES(?,?,?,?,?,?,?,?,?,?,'')",
                        "tititttiii", b->id, (int64_t)b->incoming, b->kind, (int64_t)b->number,
                        b->peer, b->file, b->at, b->first, b->last, (int64_t)b->records);
}

enum status transport_bundles(struct store *store, struct transport_bundles *out, struct error *err)
{
    struct statement *s;
    *out = (struct transport_bundles){0};
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT id,kind,peer,file,at,received,incoming,number,first,"
                                    "last,records FROM bundle ORDER BY at DESC, number DESC",
                                    "");
    while (!st && statement_next(s, &st, err)) {
        out->items = xreallocarray(out->items, out->count + 1, sizeof *out->items);
        out->items[out->count++] = (struct transport_bundle){
            .id = xstrdup(statement_text(s, 0)),
            .kind = xstrdup(statement_text(s, 1)),
            .peer = xstrdup(statement_text(s, 2)),
            .file = xstrdup(statement_text(s, 3)),
            .at = xstrdup(statement_text(s, 4)),
            .received = xstrdup(statement_text(s, 5)),
            .incoming = statement_int(s, 6) != 0,
            .number = (long)statement_int(s, 7),
            .first = statement_int(s, 8),
            .last = statement_int(s, 9),
            .records = (long)statement_int(s, 10),
        };
    }
    statement_close(&s);
    if (st)
        transport_bundles_free(out);
    return st;
}

void transport_bundles_free(struct transport_bundles *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct transport_bundle *b = &list->items[i];
        char **texts[] = {&b->id, &b->kind, &b->peer, &b->file, &b->at, &b->received};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

bool transport_knows(struct store *store, const char *id)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n, "SELECT count(*) FROM bundle WHERE id=?", "t",
                 id);
    return n > 0;
}

enum status transport_next(struct store *store, long *number, char **last_id, struct error *err)
{
    int64_t last = 0;
    enum status st = database_int(store_database(store), err, &last,
                                  "SELECT max(number) FROM bundle WHERE incoming=0", "");
    if (!st)
        st = database_string(store_database(store), err, last_id,
                             "SELECT id FROM bundle WHERE incoming=0 ORDER BY number DESC", "");
    if (!st && !*last_id)
        *last_id = xstrdup("");
    *number = (long)last + 1;
    return st;
}

enum status transport_received(struct store *store, const char *device, int64_t *seq,
                               char hash[HASH_HEX_SIZE], int64_t *epoch, struct error *err)
{
    struct statement *s;
    *seq = *epoch = 0;
    hash[0] = '\0';
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT seq, hash, epoch FROM receipt WHERE device=?", "t", device);
    if (!st && statement_next(s, &st, err)) {
        *seq = statement_int(s, 0);
        snprintf(hash, HASH_HEX_SIZE, "%s", statement_text(s, 1));
        *epoch = statement_int(s, 2);
    }
    statement_close(&s);
    return st;
}

enum status transport_newest_receipt(struct store *store, char **at, struct error *err)
{
    return database_string(store_database(store), err, at,
                           "SELECT coalesce(max(at), '') FROM receipt", "");
}

enum status transport_receive(struct store *store, const char *device, int64_t seq,
                              const char *hash, int64_t epoch, const char *at, struct error *err)
{
    struct database *db = store_database(store);
    enum status st = database_run(
        db, err,
        "INSERT INTO receipt(device,seq,hash,epoch,at) VALUES(?,?,?,?,?) ON CONFLICT(device) DO"
        " UPDATE SET seq=excluded.seq, hash=excluded.hash, epoch=excluded.epoch, at=excluded.at"
        " WHERE excluded.epoch>epoch OR (excluded.epoch=epoch AND excluded.seq>=seq)",
        "titit", device, seq, hash, epoch, at);
    return st ? st
              : database_run(db, err,
                             "UPDATE bundle SET received=? WHERE incoming=0 AND kind='chain' AND"
                             " last<=? AND received=''",
                             "ti", at, seq);
}
