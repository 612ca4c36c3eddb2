/* A device that is there twice: a copied disk, an old copy put back (二つに分かれた端末). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "store/journal_internal.h"
#include "store/merge.h"
#include "store/projection.h"
#include "store/registry.h"

static enum status insert(struct store *store, const struct event *e, const char *held,
                          bool extract, struct error *err)
{
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    enum status st = database_run(
        store_database(store), err,
        "INSERT INTO event(hash,device,seq,record,op,header,body,seal,held,extract,arrived)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        "ttitittttit", e->hash, e->device, e->seq, e->record, (int64_t)e->op, e->header, e->body,
        e->seal, held, (int64_t)extract, now);
    if (!st && *e->record && event_op_history(e->op))
        projection_touch(store, e->record);
    return st;
}

int64_t journal_fork(struct store *store, const char *device)
{
    int64_t seq = 0;
    database_int(store_database(store), NULL, &seq, "SELECT seq FROM fork WHERE device=?", "t",
                 device);
    return seq;
}

bool journal_forks(struct store *store, const struct event *e)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM event WHERE device=? AND seq=? AND hash<>?", "tit",
                 e->device, e->seq, e->hash);
    return n > 0;
}

/* --- What the town decided --- */

/* The event is one of those of its chain that lead to a head; false also when the head is not
 * here. */
static bool leads_to(struct store *store, const char *device, int64_t last, const char *head,
                     int64_t seq, const char *hash)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "WITH RECURSIVE p(hash, prev, seq) AS (SELECT hash, json_extract(header,'$.prev'),"
                 " seq FROM event WHERE device=?1 AND seq=?2 AND hash=?3 UNION ALL SELECT e.hash,"
                 " json_extract(e.header,'$.prev'), e.seq FROM p JOIN event e ON e.device=?1 AND"
                 " e.seq=p.seq-1 AND e.hash=p.prev WHERE p.seq>?4)"
                 " SELECT count(*) FROM p WHERE hash=?5",
                 "titit", device, last, head, seq, hash);
    return n > 0;
}

enum journal_side journal_side(struct store *store, const char *device, int64_t seq,
                               const char *hash)
{
    struct registry_revocation decision = {0};
    int64_t fork = journal_fork(store, device);
    enum journal_side side = JOURNAL_REFUSED;
    if (!fork || seq < fork)
        return JOURNAL_WHOLE;
    if (registry_revocation(store_registry(store), REGISTRY_NEWEST, device, &decision, NULL))
        return JOURNAL_OPEN;
    for (size_t i = 0; i < decision.heads.count && side != JOURNAL_GOOD; i++) {
        char chain[HASH_HEX_SIZE], head[HASH_HEX_SIZE];
        long long last;
        if (sscanf(decision.heads.items[i], "%64s %lld %64s", chain, &last, head) != 3 ||
            strcmp(chain, device) != 0 || seq > last)
            continue;
        side = !journal_has(store, device, last, head)          ? JOURNAL_OPEN
               : leads_to(store, device, last, head, seq, hash) ? JOURNAL_GOOD
                                                                : side;
    }
    registry_revocation_free(&decision);
    return side;
}

static enum held held_by_side(struct store *store, const char *device, int64_t seq,
                              const char *hash)
{
    static const enum held why[] = {[JOURNAL_OPEN] = HELD_FORK,
                                    [JOURNAL_REFUSED] = HELD_REFUSED,
                                    [JOURNAL_WHOLE] = HELD_NOT,
                                    [JOURNAL_GOOD] = HELD_NOT};
    return why[journal_side(store, device, seq, hash)];
}

static enum status touch_records(struct store *store, const char *device, int64_t from,
                                 struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT DISTINCT record FROM event WHERE device=? AND seq>=?"
                                    " AND record<>''",
                                    "ti", device, from);
    while (!st && statement_next(s, &st, err))
        projection_touch(store, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status journal_judge_fork(struct store *store, const char *device, struct error *err)
{
    int64_t fork = journal_fork(store, device);
    struct strings places = STRINGS_INIT;
    struct statement *s;
    if (!fork)
        return OK;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT hash, seq FROM event WHERE device=? AND seq>=?"
                                    " AND NOT " EVENT_IS_HISTORY("op"),
                                    "ti", device, fork);
    while (!st && statement_next(s, &st, err)) {
        strings_add(&places, statement_text(s, 0));
        strings_take(&places, xasprintf("%lld", (long long)statement_int(s, 1)));
    }
    statement_close(&s);
    for (size_t i = 0; !st && i + 1 < places.count; i += 2) {
        const char *hash = places.items[i];
        int64_t seq = strtoll(places.items[i + 1], NULL, 10);
        st = database_run(store_database(store), err,
                          "UPDATE event SET held=? WHERE device=? AND seq=? AND hash=?", "ttit",
                          held_name(held_by_side(store, device, seq, hash)), device, seq, hash);
    }
    strings_free(&places);
    return st ? st : touch_records(store, device, fork, err);
}

/* Both ends of a fork are held from the first number that is there twice. */
static enum status note_fork(struct store *store, const struct event *e, struct error *err)
{
    enum status st = database_run(store_database(store), err,
                                  "INSERT INTO fork(device,seq) VALUES(?,?) ON CONFLICT(device)"
                                  " DO UPDATE SET seq=min(seq,excluded.seq)",
                                  "ti", e->device, e->seq);
    return st ? st : journal_judge_fork(store, e->device, err);
}

enum status journal_insert_judged(struct store *store, const struct event *e, bool extract,
                                  bool *held, struct error *err)
{
    bool twice = journal_forks(store, e);
    enum held why = twice ? HELD_FORK : held_by_side(store, e->device, e->seq, e->hash);
    *held = why == HELD_FORK;
    enum status st = insert(store, e, held_name(why), extract, err);
    if (!st && (twice || why == HELD_FORK)) /* the head of a side may be what has come */
        st = twice ? note_fork(store, e, err) : journal_judge_fork(store, e->device, err);
    return st;
}

/* --- Seeing it --- */

enum status journal_tips(struct store *store, const char *device, struct journal_tips *out,
                         struct error *err)
{
    struct statement *s;
    *out = (struct journal_tips){0};
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT e.hash, e.seq, e.seq-f.seq+1, json_extract(e.header,'$.at') FROM fork f JOIN event "
        "e"
        " ON e.device=f.device AND e.seq>=f.seq WHERE f.device=? AND NOT EXISTS (SELECT 1 FROM"
        " event n WHERE n.device=e.device AND n.seq=e.seq+1 AND"
        " json_extract(n.header,'$.prev')=e.hash) ORDER BY e.seq DESC, e.hash",
        "t", device);
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        struct journal_tip *t = &out->items[out->count++];
        *t = (struct journal_tip){.seq = statement_int(s, 1), .events = statement_int(s, 2)};
        snprintf(t->hash, sizeof t->hash, "%s", statement_text(s, 0));
        snprintf(t->at, sizeof t->at, "%s", statement_text(s, 3));
    }
    statement_close(&s);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].side = journal_side(store, device, out->items[i].seq, out->items[i].hash);
    return st;
}

/* --- An old copy --- */

#define STOPPED_FACT "stopped"

static enum status stop(void *context, struct error *err)
{
    struct store *store = context;
    char *device = journal_device(store);
    enum status st = store_set_fact(store, STOPPED_FACT, device, err);
    xfree(&device);
    return st;
}

enum status journal_stop(struct store *store, struct error *err)
{
    return store_transaction(store, stop, store, err);
}

/* A new key (restore) makes it another device. */
bool journal_stopped(struct store *store)
{
    char *device = journal_device(store), *stopped = store_fact(store, STOPPED_FACT);
    bool is = *stopped && strcmp(device, stopped) == 0;
    xfree(&device);
    xfree(&stopped);
    return is;
}
