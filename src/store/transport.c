#include "store/transport.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/event.h"
#include "store/journal.h"
#include "store/registry.h"

enum status transport_note(struct store *store, const struct transport_bundle *b,
                           const struct transport_chain *chains, size_t chain_count,
                           struct error *err)
{
    struct database *db = store_database(store);
    enum status st = database_run(
        db, err,
        "INSERT OR IGNORE INTO bundle(id,incoming,kind,number,peer,file,at,first,last,records,"
        "received) VALUES(?,?,?,?,?,?,?,?,?,?,'')",
        "tititttiii", b->id, (int64_t)b->incoming, b->kind, (int64_t)b->number, b->peer, b->file,
        b->at, b->first, b->last, (int64_t)b->records);
    for (size_t i = 0; !st && i < chain_count; i++)
        st = database_run(db, err,
                          "INSERT OR IGNORE INTO bundle_chain(bundle,device,first,last)"
                          " VALUES(?,?,?,?)",
                          "ttii", b->id, chains[i].device, chains[i].first, chains[i].last);
    return st;
}

#define BUNDLE_COLUMNS "id,kind,peer,file,at,received,incoming,number,first,last,records"

static enum status read_bundles(struct statement *s, struct transport_bundles *out,
                                struct error *err)
{
    enum status st = OK;
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
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

enum status transport_bundles(struct store *store, struct transport_bundles *out, struct error *err)
{
    struct statement *s;
    *out = (struct transport_bundles){0};
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT " BUNDLE_COLUMNS " FROM bundle ORDER BY at DESC, number DESC", "");
    return st ? st : read_bundles(s, out, err);
}

enum status transport_superseded(struct store *store, struct transport_bundles *out,
                                 struct error *err)
{
    struct statement *s;
    *out = (struct transport_bundles){0};
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT " BUNDLE_COLUMNS " FROM bundle WHERE incoming=0 AND"
                                    " received<>'' AND file<>'' ORDER BY number",
                                    "");
    return st ? st : read_bundles(s, out, err);
}

enum status transport_removed(struct store *store, const char *id, struct error *err)
{
    return database_run(store_database(store), err, "UPDATE bundle SET file='' WHERE id=?", "t",
                        id);
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
                             " received='' AND NOT EXISTS (SELECT 1 FROM bundle_chain c WHERE"
                             " c.bundle=bundle.id AND c.last>coalesce((SELECT seq FROM receipt r"
                             " WHERE r.device=c.device),0))",
                             "t", at);
}

enum status transport_newest_from(struct store *store, const char *device, long *number,
                                  struct error *err)
{
    int64_t newest;
    enum status st =
        database_int(store_database(store), err, &newest,
                     "SELECT max(number) FROM bundle WHERE incoming=1 AND peer=?", "t", device);
    *number = (long)newest;
    return st;
}

static enum status all_texts(struct statement *s, int columns, struct strings *out,
                             struct error *err)
{
    enum status st = OK;
    while (statement_next(s, &st, err))
        for (int c = 0; c < columns; c++)
            strings_add(out, statement_text(s, c));
    statement_close(&s);
    return st;
}

enum status transport_carried_by(struct store *store, const char *device, struct strings *out,
                                 struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT ?1 UNION SELECT c.device FROM bundle b JOIN"
                                    " bundle_chain c ON c.bundle=b.id WHERE b.incoming=1 AND"
                                    " b.peer=?1 ORDER BY 1",
                                    "t", device);
    return st ? st : all_texts(s, 1, out, err);
}

/* --- What a place has confirmed --- */

static enum status find_extract(struct store *store, const char *device, bool confirmed,
                                struct transport_extract *out, struct error *err)
{
    struct statement *s;
    *out = (struct transport_extract){0};
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT id,number,first,last FROM bundle WHERE incoming=0 AND kind='extract' AND peer=? AND"
        " (received<>'' OR NOT ?) ORDER BY number DESC LIMIT 1",
        "ti", device, (int64_t)confirmed);
    if (!st && statement_next(s, &st, err)) {
        snprintf(out->id, sizeof out->id, "%s", statement_text(s, 0));
        out->number = (long)statement_int(s, 1);
        out->registry = statement_int(s, 2);
        out->arrival = statement_int(s, 3);
    }
    statement_close(&s);
    return st;
}

enum status transport_extracts(struct store *store, const char *device,
                               struct transport_extract *confirmed,
                               struct transport_extract *newest, struct error *err)
{
    enum status st = find_extract(store, device, true, confirmed, err);
    return st ? st : find_extract(store, device, false, newest, err);
}

enum status transport_confirm(struct store *store, const struct event *e, struct error *err)
{
    struct database *db = store_database(store);
    struct line body;
    enum status st = e->body ? line_read(e->body, strlen(e->body), &body, err) : OK;
    if (st || !e->body)
        return st;
    const char *bundle = line_text(&body, "bundle");
    st = bundle ? database_run(db, err,
                               "UPDATE bundle SET received=? WHERE id=? AND incoming=0 AND peer=?",
                               "ttt", e->at, bundle, e->device)
                : database_run(db, err, "UPDATE bundle SET received='' WHERE incoming=0 AND peer=?",
                               "t", e->device);
    line_free(&body);
    return st;
}

bool transport_confirmed(struct store *store, const char *id)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM bundle WHERE id=? AND received<>''", "t", id);
    return n > 0;
}

enum status transport_note_confirmed(struct store *store, const char *id, struct error *err)
{
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    return database_run(store_database(store), err, "UPDATE bundle SET received=? WHERE id=?", "tt",
                        now, id);
}

/* --- Checkpoints --- */

/* That of the side known before, and this one. */
static enum status note_side(struct store *store, const char *device, int64_t fork, int64_t seq,
                             const char *line, struct error *err)
{
    struct database *db = store_database(store);
    enum status st = database_run(db, err,
                                  "INSERT OR IGNORE INTO checkpoint_side SELECT device, seq, line"
                                  " FROM checkpoint WHERE device=? AND seq>=?",
                                  "ti", device, fork);
    return st ? st
              : database_run(db, err, "INSERT OR IGNORE INTO checkpoint_side VALUES(?,?,?)", "tit",
                             device, seq, line);
}

enum status transport_checkpoint(struct store *store, const char *device, int64_t seq,
                                 const char *line, struct error *err)
{
    int64_t fork = journal_fork(store, device);
    enum status st = fork ? note_side(store, device, fork, seq, line, err) : OK;
    return st ? st
              : database_run(
                    store_database(store), err,
                    "INSERT INTO checkpoint(device,seq,line) VALUES(?,?,?) ON CONFLICT(device)"
                    " DO UPDATE SET seq=excluded.seq, line=excluded.line"
                    " WHERE excluded.seq>seq",
                    "tit", device, seq, line);
}

enum status transport_checkpoint_of(struct store *store, const char *device, int64_t turn,
                                    int64_t *seq, char **line, int64_t *fork, struct error *err)
{
    static const char side[] = "SELECT %s FROM checkpoint_side WHERE device=? ORDER BY seq, line"
                               " LIMIT 1 OFFSET ?%%(SELECT count(*) FROM checkpoint_side"
                               " WHERE device=?)";
    struct database *db = store_database(store);
    struct registry_revocation decision = {0};
    int64_t sides = 0;
    bool decided =
        registry_revocation(store_registry(store), REGISTRY_NEWEST, device, &decision, NULL) == OK;
    registry_revocation_free(&decision);
    *fork = decided ? 0 : journal_fork(store, device);
    enum status st = database_int(
        db, err, &sides, "SELECT count(*) FROM checkpoint_side WHERE device=?", "t", device);
    if (!st && *fork && sides) {
        char *number = xasprintf(side, "seq"), *text = xasprintf(side, "line");
        st = database_int(db, err, seq, number, "tit", device, turn, device);
        if (!st)
            st = database_string(db, err, line, text, "tit", device, turn, device);
        xfree(&number);
        xfree(&text);
        return st;
    }
    *fork = 0;
    if (st)
        return st;
    st = database_int(db, err, seq, "SELECT seq FROM checkpoint WHERE device=?", "t", device);
    return st ? st
              : database_string(db, err, line, "SELECT line FROM checkpoint WHERE device=?", "t",
                                device);
}

/* --- At the town --- */

enum status transport_there_clear(struct store *store, struct error *err)
{
    return database_script(store_database(store),
                           "DELETE FROM held_there; DELETE FROM"
                           " missing_there",
                           err);
}

enum status transport_held_there(struct store *store, const char *hash, const char *reason,
                                 struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR REPLACE INTO held_there(hash,reason) VALUES(?,?)", "tt", hash,
                        reason);
}

enum status transport_missing_there(struct store *store, const char *blob, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR IGNORE INTO missing_there(blob) VALUES(?)", "t", blob);
}

enum status transport_held_list(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT hash, reason FROM held_there ORDER BY hash", "");
    return st ? st : all_texts(s, 2, out, err);
}

enum status transport_missing_list(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT blob FROM missing_there ORDER BY blob", "");
    return st ? st : all_texts(s, 1, out, err);
}
