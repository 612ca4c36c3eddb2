#include "store/journal_internal.h"

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
#include "store/transport.h"

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

bool journal_has(struct store *store, const char *device, int64_t seq, const char *hash)
{
    int64_t id = 0;
    return database_int(store_database(store), NULL, &id,
                        "SELECT id FROM event WHERE device=? AND seq=? AND hash=?", "tit", device,
                        seq, hash) == OK &&
           id != 0;
}

/* Two lines are known, or (an old copy was put back) the town has sent what this device does not
 * know it wrote. */
static bool is_double(struct store *store, const char *device, int64_t head)
{
    int64_t newest = 0;
    database_int(store_database(store), NULL, &newest, "SELECT max(seq) FROM event WHERE device=?",
                 "t", device);
    return newest > head || journal_fork(store, device);
}

/* --- Written here --- */

enum status journal_append(struct store *store, const struct user_keys *keys,
                           const struct journal_entry *entry, struct event *out, struct error *err)
{
    struct event e = {.op = entry->op, .reg = registry_version(store_registry(store))};
    char *device = journal_device(store);
    int64_t head;
    bool forked;
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
    if (!st && event_op_history(entry->op) && journal_stopped(store))
        st = error_set(
            err, E_CONFLICT,
            _("町にある記録が、ここより新しいか、ここと違います（古い控えか複写のデータ"
              "です）。ここでは書けません。管理者が satomado restore で新しい鍵にしてくださ"
              "い"));
    if (!st && event_op_history(entry->op) && is_double(store, device, head))
        st =
            error_set(err, E_CONFLICT,
                      _("この端末の記録が二つに分かれています（データが複写されたか、古い控えから"
                        "戻されました）。書いても保留になるため、ここでは書けません。管理者が新しい"
                        "鍵で登録し直してください"));
    if (!st) {
        e.seq = head + 1;
        event_make(&e, entry->body, keys ? keys->user : NULL);
        st = journal_insert_judged(store, &e, false, &forked, err);
    }
    if (!st) {
        struct journal_run run = {.seq = e.seq, .moved = true};
        memcpy(run.device, e.device, sizeof run.device);
        memcpy(run.hash, e.hash, sizeof run.hash);
        st = journal_run_end(store, &run, err);
    }
    line_free(entry->body);
    xfree(&device);
    if (out && !st)
        *out = e;
    else
        event_free(&e);
    return st;
}

/* --- From elsewhere --- */

bool journal_joins(struct store *store, const char *device, int64_t seq, const char *hash)
{
    int64_t n = 0;
    if (!seq)
        return strcmp(hash, ZERO_HASH) == 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM event WHERE device=? AND seq=? AND hash=? AND extract=0",
                 "tit", device, seq, hash);
    return n > 0;
}

/* --- A run of events: the head of the chain they go on with --- */

enum status journal_run_end(struct store *store, struct journal_run *run, struct error *err)
{
    enum status st = OK;
    if (run->moved)
        st = database_run(store_database(store), err,
                          "INSERT INTO chain(device,seq,hash) VALUES(?,?,?)"
                          " ON CONFLICT(device) DO UPDATE SET seq=excluded.seq, hash=excluded.hash",
                          "tit", run->device, run->seq, run->hash);
    run->moved = false;
    return st;
}

static enum status run_begin(struct store *store, struct journal_run *run, const char *device,
                             struct error *err)
{
    if (strcmp(run->device, device) == 0)
        return OK;
    enum status st = journal_run_end(store, run, err);
    snprintf(run->device, sizeof run->device, "%s", device);
    return st ? st : journal_head(store, device, &run->seq, run->hash, err);
}

/* The head is the end of the longest line, of two equally long ones that of the greater hash: the
 * same wherever the same events are. */
static enum status follow(struct store *store, struct journal_run *run, const struct event *e,
                          struct error *err)
{
    enum status st = run_begin(store, run, e->device, err);
    if (st)
        return st;
    bool next = e->seq == run->seq + 1 && strcmp(e->prev, run->hash) == 0;
    if (!next && !journal_joins(store, e->device, e->seq - 1, e->prev))
        return e->seq > run->seq + 1
                   ? error_set(err, E_HELD, _("%lld番から%lld番までの記録がまだ届いていません"),
                               (long long)run->seq + 1, (long long)e->seq - 1)
                   : error_set(err, E_CRYPTO, _("%lld番の記録が前の記録につながりません"),
                               (long long)e->seq);
    if (e->seq > run->seq || (e->seq == run->seq && strcmp(e->hash, run->hash) > 0)) {
        run->seq = e->seq;
        memcpy(run->hash, e->hash, sizeof run->hash);
        run->moved = true;
    }
    return OK;
}

enum status journal_accept_next(struct store *store, struct journal_run *run, const struct event *e,
                                bool extract, enum journal_taken *taken, struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s;
    int64_t id = 0;
    bool known_extract = false;
    enum status st = database_query(
        db, err, &s, "SELECT id, extract FROM event WHERE device=? AND seq=? AND hash=?", "tit",
        e->device, e->seq, e->hash);
    if (!st && statement_next(s, &st, err)) {
        id = statement_int(s, 0);
        known_extract = statement_int(s, 1) != 0;
    }
    statement_close(&s);
    *taken = JOURNAL_KNOWN;
    if (st || (id && (extract || !known_extract)))
        return st;
    if (!extract)
        st = follow(store, run, e, err);
    if (!st && id) /* known from an extract: now its chain has come */
        return database_run(db, err, "UPDATE event SET extract=0 WHERE id=?", "i", id);
    bool held = false;
    if (!st)
        st = journal_insert_judged(store, e, extract, &held, err);
    *taken = held ? JOURNAL_FORK : JOURNAL_NEW;
    return st || e->op != OP_TAKEN ? st : transport_confirm(store, e, err);
}

enum status journal_accept(struct store *store, const struct event *e, bool extract,
                           enum journal_taken *taken, struct error *err)
{
    struct journal_run run = {.seq = 0};
    enum status st = journal_accept_next(store, &run, e, extract, taken, err);
    return st ? st : journal_run_end(store, &run, err);
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

static enum status deliver(struct statement *s, journal_sink sink, void *context, struct error *err)
{
    enum status st = OK;
    while (!st && statement_next(s, &st, err)) {
        struct event e;
        const char *body = statement_is_null(s, 1) ? NULL : statement_text(s, 1);
        const char *seal = statement_is_null(s, 2) ? NULL : statement_text(s, 2);
        st = event_read(statement_text(s, 0), body, seal, &e, err);
        if (st)
            break;
        st = sink(context, &e, statement_text(s, 3), err);
        event_free(&e);
    }
    statement_close(&s);
    return st;
}

/* The member `form` of a header as it was written. */
static void note_form(const char *header, struct strings *forms)
{
    static const char begin[] = "\"form\":\"";
    const char *at = strstr(header, begin), *end = at ? strchr(at + sizeof begin - 1, '"') : NULL;
    char form[64];
    size_t len = end ? (size_t)(end - at) - (sizeof begin - 1) : 0;
    if (!len || len >= sizeof form)
        return;
    memcpy(form, at + sizeof begin - 1, len);
    form[len] = '\0';
    if (strings_find(forms, form) < 0)
        strings_add(forms, form);
}

/* In the order in which they arrived, which is that of the file: twice as fast as by number. */
enum status journal_chain_forms(struct store *store, const char *device, int64_t from, int64_t to,
                                struct strings *forms, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT header FROM event, (SELECT min(id) AS low, max(id) AS"
                                    " high FROM event WHERE device=?1 AND seq BETWEEN ?2 AND ?3)"
                                    " WHERE id BETWEEN low AND high AND +device=?1"
                                    " AND +seq BETWEEN ?2 AND ?3 AND extract=0",
                                    "tii", device, from, to);
    while (!st && statement_next(s, &st, err))
        note_form(statement_text(s, 0), forms);
    statement_close(&s);
    return st;
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
    enum status st =
        database_query(store_database(store), err, &s,
                       /* +: by the index of held events, not through all of them */
                       "SELECT " COLUMNS " FROM event WHERE held<>'' ORDER BY +id", "");
    return st ? st : deliver(s, sink, context, err);
}

enum status journal_read_op(struct store *store, const char *device, enum event_op op,
                            journal_sink sink, void *context, struct error *err)
{
    struct statement *s;
    /* The op stands in the text: only so the index of the closes is used. */
    char *sql = xasprintf("SELECT " COLUMNS " FROM event WHERE op=%d%s ORDER BY id DESC", (int)op,
                          device ? " AND device=?" : "");
    enum status st = database_query(store_database(store), err, &s, sql, device ? "t" : "", device);
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
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT record FROM event WHERE device=? AND seq>? AND record<>'' AND "
                       EVENT_IS_HISTORY("op") " GROUP BY record ORDER BY min(id)",
                       "ti", device, seq);
    return st ? st : texts(s, out, err);
}

enum status journal_extracted(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT DISTINCT record FROM event WHERE extract AND record<>''"
                                    " ORDER BY record",
                                    "");
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

enum status journal_last_known(struct store *store, const char *device, int64_t *seq,
                               char hash[HASH_HEX_SIZE], struct error *err)
{
    struct statement *s;
    *seq = 0;
    memcpy(hash, ZERO_HASH, HASH_HEX_SIZE);
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT seq, hash FROM event WHERE device=? ORDER BY seq DESC"
                                    " LIMIT 1",
                                    "t", device);
    if (!st && statement_next(s, &st, err)) {
        *seq = statement_int(s, 0);
        snprintf(hash, HASH_HEX_SIZE, "%s", statement_text(s, 1));
    }
    statement_close(&s);
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
