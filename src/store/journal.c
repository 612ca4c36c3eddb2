#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/merge.h"
#include "store/projection.h"
#include "store/record.h"
#include "store/registry.h"

#define COLUMNS   "header, body, seal, held"
#define ZERO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

char *journal_device(struct store *store)
{
    return store_fact(store, "device");
}

enum status journal_head(struct store *store, const char *device, int64_t *seq,
                         char hash[HASH_HEX_SIZE], struct error *err)
{
    struct statement *s;
    *seq = 0;
    memcpy(hash, ZERO_HASH, HASH_HEX_SIZE);
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT seq, hash FROM chain WHERE device=?", "t", device);
    if (!st && statement_next(s, &st, err)) {
        *seq = statement_int(s, 0);
        snprintf(hash, HASH_HEX_SIZE, "%s", statement_text(s, 1));
    }
    statement_close(&s);
    return st;
}

enum status journal_hash(struct store *store, const char *device, int64_t seq,
                         char hash[HASH_HEX_SIZE], struct error *err)
{
    char *text;
    enum status st =
        database_string(store_database(store), err, &text,
                        "SELECT hash FROM event WHERE device=? AND seq=? AND extract=0 ORDER BY id",
                        "ti", device, seq);
    if (!st && !text)
        st = error_set(err, E_NOT_FOUND, _("端末の%lld番目の記録がありません"), (long long)seq);
    snprintf(hash, HASH_HEX_SIZE, "%s", st ? "" : text);
    xfree(&text);
    return st;
}

bool journal_has(struct store *store, const char *hash)
{
    int64_t id = 0;
    return database_int(store_database(store), NULL, &id, "SELECT id FROM event WHERE hash=?", "t",
                        hash) == OK &&
           id != 0;
}

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

static enum status move_head(struct store *store, const struct event *e, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT INTO chain(device,seq,hash) VALUES(?,?,?)"
                        " ON CONFLICT(device) DO UPDATE SET seq=excluded.seq, hash=excluded.hash",
                        "tit", e->device, e->seq, e->hash);
}

enum status journal_append(struct store *store, const struct user_keys *keys,
                           const struct journal_entry *entry, struct event *out, struct error *err)
{
    struct event e = {.op = entry->op, .reg = registry_version(store_registry(store))};
    char *device = journal_device(store);
    int64_t head;
    enum status st = OK;
    if (!*device || (keys && strcmp(keys->device->fingerprint, device) != 0))
        st = error_set(err, E_CRYPTO, _("端末の鍵がこのデータのものと違います"));
    snprintf(e.device, sizeof e.device, "%s", device);
    snprintf(e.record, sizeof e.record, "%s", entry->record ? entry->record : "");
    snprintf(e.form, sizeof e.form, "%s", entry->form ? entry->form : "");
    iso_time(e.at, clock_now());
    e.mono = clock_mono();
    clock_boot_id(e.boot);
    if (!st && *e.record && event_op_history(e.op))
        st = record_heads(store, e.record, &e.bases, err);
    if (!st)
        st = journal_head(store, device, &head, e.prev, err);
    if (!st) {
        e.seq = head + 1;
        event_make(&e, entry->body, keys ? keys->user : NULL);
        st = insert(store, &e, "", false, err);
    }
    if (!st)
        st = move_head(store, &e, err);
    line_free(entry->body);
    xfree(&device);
    if (out && !st)
        *out = e;
    else
        event_free(&e);
    return st;
}

/* --- From elsewhere --- */

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

bool journal_joins(struct store *store, const char *device, int64_t seq, const char *hash)
{
    int64_t n = 0;
    if (!seq)
        return strcmp(hash, ZERO_HASH) == 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM event WHERE hash=? AND +device=? AND +seq=? AND extract=0",
                 "tti", hash, device, seq);
    return n > 0;
}

/* Both ends of a fork are held from the first number that is there twice: those of records by the
 * projection, which sees them again now, the others here. */
static enum status note_fork(struct store *store, const struct event *e, struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s;
    enum status st = database_run(db, err,
                                  "INSERT INTO fork(device,seq) VALUES(?,?) ON CONFLICT(device)"
                                  " DO UPDATE SET seq=min(seq,excluded.seq)",
                                  "ti", e->device, e->seq);
    if (!st)
        st =
            database_run(db, err, "UPDATE event SET held=? WHERE device=? AND seq>=? AND record=''",
                         "tti", held_name(HELD_FORK), e->device, e->seq);
    if (!st)
        st = database_query(db, err, &s,
                            "SELECT DISTINCT record FROM event WHERE device=? AND seq>=?"
                            " AND record<>''",
                            "ti", e->device, e->seq);
    if (st)
        return st;
    while (statement_next(s, &st, err))
        projection_touch(store, statement_text(s, 0));
    statement_close(&s);
    return st;
}

/* The head is the end of the longest line, of two equally long ones that of the greater hash: the
 * same wherever the same events are. */
static enum status follow(struct store *store, const struct event *e, struct error *err)
{
    int64_t head;
    char hash[HASH_HEX_SIZE];
    enum status st = journal_head(store, e->device, &head, hash, err);
    if (st)
        return st;
    if (!journal_joins(store, e->device, e->seq - 1, e->prev))
        return e->seq > head + 1
                   ? error_set(err, E_HELD, _("%lld番から%lld番までの記録がまだ届いていません"),
                               (long long)head + 1, (long long)e->seq - 1)
                   : error_set(err, E_CRYPTO, _("%lld番の記録が前の記録につながりません"),
                               (long long)e->seq);
    return e->seq > head || (e->seq == head && strcmp(e->hash, hash) > 0) ? move_head(store, e, err)
                                                                          : OK;
}

enum status journal_accept(struct store *store, const struct event *e, bool extract,
                           enum journal_taken *taken, struct error *err)
{
    struct database *db = store_database(store);
    int64_t id, known_extract = 0;
    enum status st = database_int(db, err, &id, "SELECT id FROM event WHERE hash=?", "t", e->hash);
    if (!st && id)
        st = database_int(db, err, &known_extract, "SELECT extract FROM event WHERE id=?", "i", id);
    *taken = JOURNAL_KNOWN;
    if (st || (id && (extract || !known_extract)))
        return st;
    if (!extract)
        st = follow(store, e, err);
    if (!st && id) /* known from an extract: now its chain has come */
        return database_run(db, err, "UPDATE event SET extract=0 WHERE id=?", "i", id);
    bool twice = !st && journal_forks(store, e);
    int64_t fork = st ? 0 : journal_fork(store, e->device);
    bool held = twice || (fork && e->seq >= fork);
    if (!st)
        st = insert(store, e, held ? held_name(HELD_FORK) : "", extract, err);
    if (!st && twice)
        st = note_fork(store, e, err);
    *taken = held ? JOURNAL_FORK : JOURNAL_NEW;
    return st;
}

enum status journal_find(struct store *store, const char *prefix, char device[HASH_HEX_SIZE],
                         int64_t *seq, char hash[HASH_HEX_SIZE], struct error *err)
{
    struct statement *s;
    int found = 0;
    char *end = xasprintf("%s~", prefix); /* '~' is greater than any digit */
    enum status st =
        strlen(prefix) < 8
            ? error_set(err, E_INVALID, _("記録の照合値は始めの8桁以上を示してください"))
            : database_query(store_database(store), err, &s,
                             "SELECT device, seq, hash FROM event WHERE hash>=? AND"
                             " hash<? LIMIT 2",
                             "tt", prefix, end);
    if (!st) {
        for (; statement_next(s, &st, err); found++) {
            snprintf(device, HASH_HEX_SIZE, "%s", statement_text(s, 0));
            *seq = statement_int(s, 1);
            snprintf(hash, HASH_HEX_SIZE, "%s", statement_text(s, 2));
        }
        statement_close(&s);
    }
    xfree(&end);
    if (!st && found != 1)
        st = error_set(err, found ? E_CONFLICT : E_NOT_FOUND,
                       found ? _("「%s」で始まる記録がいくつもあります")
                             : _("「%s」で始まる記録はありません（journal log）"),
                       prefix);
    return st;
}

/* --- Reading --- */

static enum status read_row(struct statement *s, struct event *e, struct error *err)
{
    const char *body = statement_is_null(s, 1) ? NULL : statement_text(s, 1);
    const char *seal = statement_is_null(s, 2) ? NULL : statement_text(s, 2);
    return event_read(statement_text(s, 0), body, seal, e, err);
}

static enum status deliver(struct statement *s, journal_sink sink, void *context, struct error *err)
{
    enum status st = OK;
    while (!st && statement_next(s, &st, err)) {
        struct event e;
        st = read_row(s, &e, err);
        if (st)
            break;
        st = sink(context, &e, statement_text(s, 3), err);
        event_free(&e);
    }
    statement_close(&s);
    return st;
}

/* A few events of a chain, read whole before anybody gets them: whoever writes them to a slow stick
 * keeps nobody from the database meanwhile. */
struct slice {
    struct event *events;
    enum held *held;
    size_t count, bytes;
    int64_t next; /* the number the next one begins with */
};
enum { SLICE_EVENTS = 256, SLICE_BYTES = 1 << 20 };

static enum status read_slice(struct store *store, const char *device, int64_t to,
                              struct slice *slice, struct error *err)
{
    struct statement *s;
    bool whole = false;
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT " COLUMNS ", seq FROM event WHERE device=? AND seq>=? AND seq<=?"
                       " AND extract=0 ORDER BY seq, id",
                       "tii", device, slice->next, to);
    slice->count = slice->bytes = 0;
    while (!st && !whole && statement_next(s, &st, err)) {
        /* Events of one number (a fork) stay together: the next slice begins after them. */
        whole = statement_int(s, 4) >= slice->next && slice->count &&
                (slice->count >= SLICE_EVENTS || slice->bytes >= SLICE_BYTES);
        if (whole)
            break;
        slice->events = xreallocarray(slice->events, slice->count + 1, sizeof *slice->events);
        slice->held = xreallocarray(slice->held, slice->count + 1, sizeof *slice->held);
        struct event *e = &slice->events[slice->count];
        slice->held[slice->count] = *statement_text(s, 3) ? held_of(statement_text(s, 3)) : 0;
        st = read_row(s, e, err);
        if (st)
            break;
        slice->count++;
        slice->bytes += strlen(e->header) + (e->body ? strlen(e->body) : 0);
        slice->next = e->seq + 1;
    }
    statement_close(&s);
    return st;
}

enum status journal_read_chain(struct store *store, const char *device, int64_t from, int64_t to,
                               journal_sink sink, void *context, struct error *err)
{
    struct slice slice = {.next = from};
    enum status st;
    do {
        st = read_slice(store, device, to ? to : INT64_MAX, &slice, err);
        for (size_t i = 0; i < slice.count; i++) {
            if (!st)
                st = sink(context, &slice.events[i], held_name(slice.held[i]), err);
            event_free(&slice.events[i]);
        }
    } while (!st && slice.count);
    xfree(&slice.events);
    xfree(&slice.held);
    return st;
}

/* Of a forked chain: the hashes that lead from the head back to where it is one. */
struct path {
    int64_t fork;
    struct strings hashes; /* sorted */
    journal_sink sink;
    void *context;
};

static enum status find_path(struct store *store, const char *device, int64_t to, const char *head,
                             struct path *path, struct error *err)
{
    char at[HASH_HEX_SIZE];
    enum status st = OK;
    snprintf(at, sizeof at, "%s", head);
    for (int64_t seq = to; !st && seq >= path->fork; seq--) {
        char *before = NULL;
        strings_add(&path->hashes, at);
        st = database_string(store_database(store), err, &before,
                             "SELECT json_extract(header,'$.prev') FROM event WHERE hash=?"
                             " AND +device=? AND +seq=?",
                             "tti", at, device, seq);
        if (!st && !before)
            st = error_set(err, E_NOT_FOUND, _("端末の%lld番目の記録がありません"), (long long)seq);
        snprintf(at, sizeof at, "%s", before ? before : "");
        xfree(&before);
    }
    strings_sort(&path->hashes);
    return st;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status on_path(void *context, const struct event *event, const char *held,
                           struct error *err)
{
    struct path *path = context;
    const char *hash = event->hash;
    if (event->seq >= path->fork && !bsearch(&hash, path->hashes.items, path->hashes.count,
                                             sizeof *path->hashes.items, by_text))
        return OK;
    return path->sink(path->context, event, held, err);
}

enum status journal_read_path(struct store *store, const char *device, int64_t from, int64_t to,
                              const char *head, journal_sink sink, void *context, struct error *err)
{
    struct path path = {.fork = journal_fork(store, device), .sink = sink, .context = context};
    if (!path.fork || path.fork > to)
        return journal_read_chain(store, device, from, to, sink, context, err);
    enum status st = find_path(store, device, to, head, &path, err);
    if (!st)
        st = journal_read_chain(store, device, from, to, on_path, &path, err);
    strings_free(&path.hashes);
    return st;
}

enum status journal_chain_forms(struct store *store, const char *device, int64_t from, int64_t to,
                                struct strings *forms, struct error *err)
{
    struct statement *s;
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT DISTINCT json_extract(header,'$.form') FROM event WHERE device=?"
                       " AND seq>=? AND seq<=? AND extract=0",
                       "tii", device, from, to ? to : INT64_MAX);
    while (!st && statement_next(s, &st, err))
        if (*statement_text(s, 0) && strings_find(forms, statement_text(s, 0)) < 0)
            strings_add(forms, statement_text(s, 0));
    statement_close(&s);
    return st;
}

/* Each is counted with its first event there: a list of them all would grow with the chain. */
enum status journal_chain_records(struct store *store, const char *device, int64_t from, int64_t to,
                                  int64_t *count, struct error *err)
{
    return database_int(store_database(store), err, count,
                        "SELECT count(*) FROM event e WHERE device=?1 AND seq BETWEEN ?2 AND ?3"
                        " AND record<>'' AND op IN (1,2,3,6,7) AND NOT EXISTS (SELECT 1 FROM event"
                        " p WHERE p.record=e.record AND p.id<e.id AND +p.device=?1 AND +p.seq>=?2"
                        " AND p.op IN (1,2,3,6,7))",
                        "tii", device, from, to);
}

enum status journal_last(struct store *store, const char *device, enum event_op op, int64_t from,
                         int64_t to, int64_t *seq, struct error *err)
{
    /* The op stands in the text: only so the index of the closes is used. */
    char *sql = xasprintf("SELECT max(seq) FROM event WHERE op=%d AND device=? AND seq BETWEEN ?"
                          " AND ? AND extract=0",
                          (int)op);
    enum status st = database_int(store_database(store), err, seq, sql, "tii", device, from, to);
    xfree(&sql);
    return st;
}

enum status journal_read_record(struct store *store, const char *record, journal_sink sink,
                                void *context, struct error *err)
{
    struct statement *s;
    enum status st =
        record ? database_query(store_database(store), err, &s,
                                "SELECT " COLUMNS " FROM event WHERE record=? AND record<>''"
                                " ORDER BY id",
                                "t", record)
               : database_query(store_database(store), err, &s,
                                "SELECT " COLUMNS " FROM event ORDER BY id", "");
    return st ? st : deliver(s, sink, context, err);
}

enum status journal_read_held(struct store *store, journal_sink sink, void *context,
                              struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT " COLUMNS " FROM event WHERE held<>'' ORDER BY id", "");
    return st ? st : deliver(s, sink, context, err);
}

enum status journal_read_op(struct store *store, const char *device, enum event_op op,
                            journal_sink sink, void *context, struct error *err)
{
    struct statement *s;
    /* The op stands in the text: only so the index of the closes is used. */
    char *sql = xasprintf("SELECT " COLUMNS " FROM event WHERE op=%d AND device=? ORDER BY id DESC",
                          (int)op);
    enum status st = database_query(store_database(store), err, &s, sql, "t", device);
    xfree(&sql);
    return st ? st : deliver(s, sink, context, err);
}

static enum status texts(struct statement *s, struct strings *out, struct error *err)
{
    enum status st = OK;
    while (statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status journal_devices(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT device FROM chain ORDER BY device", "");
    return st ? st : texts(s, out, err);
}

enum status journal_records_since(struct store *store, const char *device, int64_t seq,
                                  struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT record FROM event WHERE device=? AND seq>? AND record<>'' AND op IN (1,2,3,6,7)"
        " GROUP BY record ORDER BY min(id)",
        "ti", device, seq);
    return st ? st : texts(s, out, err);
}

enum status journal_newest_time(struct store *store, char **out, struct error *err)
{
    enum status st = database_string(store_database(store), err, out,
                                     "SELECT arrived FROM event ORDER BY id DESC LIMIT 1", "");
    if (!st && !*out)
        *out = xstrdup("");
    return st;
}

enum status journal_newest(struct store *store, int64_t *arrival, struct error *err)
{
    return database_int(store_database(store), err, arrival, "SELECT max(id) FROM event", "");
}

int64_t journal_held(struct store *store)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n, "SELECT count(*) FROM event WHERE held<>''", "");
    return n;
}
