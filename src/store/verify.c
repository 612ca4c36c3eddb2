#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/attachment.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/record.h"
#include "store/registry.h"

struct verifying {
    struct store *store;
    verify_report report;
    void *context;
    struct verified *out;
    long wrong;
    bool part; /* not all events: where a chain begins here says nothing */
    char device[HASH_HEX_SIZE];
    int64_t seq, fork;
    char hash[HASH_HEX_SIZE];
};

static void say(struct verifying *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct verifying *v, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *line = xvasprintf(fmt, ap);
    va_end(ap);
    v->wrong++;
    v->report(v->context, line);
    xfree(&line);
}

/* --- The journal: header, body and columns of each event, and the chains --- */

/* It goes on where the event before ended; from a fork on there is another one beside it. */
static bool joins(struct verifying *v, const struct event *e)
{
    bool first = strcmp(v->device, e->device) != 0;
    if (first)
        v->fork = journal_fork(v->store, e->device);
    if (v->fork && e->seq >= v->fork)
        return journal_joins(v->store, e->device, e->seq - 1, e->prev);
    return first ? e->seq == 1 || v->part
                 : e->seq == v->seq + 1 && strcmp(e->prev, v->hash) == 0;
}

static void verify_event(struct verifying *v, struct statement *s)
{
    struct event e;
    const char *body = statement_is_null(s, 5) ? NULL : statement_text(s, 5);
    const char *seal = statement_is_null(s, 6) ? NULL : statement_text(s, 6);
    if (event_read(statement_text(s, 4), body, seal, &e, NULL)) {
        say(v, _("記録 %.16s: 書き換えられています"), statement_text(s, 0));
        return;
    }
    struct registry_user user = {0};
    if (strcmp(e.hash, statement_text(s, 0)) != 0 || strcmp(e.device, statement_text(s, 1)) != 0 ||
        e.seq != statement_int(s, 2) || strcmp(e.record, statement_text(s, 3)) != 0 ||
        (int64_t)e.op != statement_int(s, 8))
        say(v, _("記録 %.16s: 索引が本文と違います"), e.hash);
    if (event_op_sealed(e.op) && !*statement_text(s, 9) &&
        (registry_user(store_registry(v->store), (long)e.reg, e.actor, &user, NULL) ||
         !event_seal_valid(&e, user.key)))
        say(v, _("記録 %.16s: 署名が正しくありません"), e.hash);
    registry_user_free(&user);
    if (!statement_int(s, 7)) { /* of a chain */
        if (!joins(v, &e))
            say(v, _("端末 %.8s: %lld番の前がつながりません"), e.device, (long long)e.seq);
        snprintf(v->device, sizeof v->device, "%s", e.device);
        snprintf(v->hash, sizeof v->hash, "%s", e.hash);
        v->seq = e.seq;
    }
    v->out->events++;
    event_free(&e);
}

static enum status verify_events(struct verifying *v, const char *which, struct error *err)
{
    struct statement *s;
    char *sql =
        xasprintf("SELECT hash,device,seq,record,header,body,seal,extract,op,held FROM event"
                  " %s ORDER BY device, extract, seq, id",
                  which);
    enum status st = database_query(store_database(v->store), err, &s, sql, "");
    while (!st && statement_next(s, &st, err))
        verify_event(v, s);
    statement_close(&s);
    xfree(&sql);
    return st;
}

/* A body may only be missing where a disposal in force covers it. */
static enum status verify_missing(struct verifying *v, struct error *err)
{
    struct strings records = STRINGS_INIT;
    struct statement *s;
    enum status st = database_query(store_database(v->store), err, &s,
                                    "SELECT DISTINCT record FROM event WHERE body IS NULL", "");
    while (!st && statement_next(s, &st, err))
        strings_add(&records, statement_text(s, 0));
    statement_close(&s);
    for (size_t i = 0; !st && i < records.count; i++) {
        struct record record = {0};
        if (record_load(v->store, records.items[i], &record, NULL))
            say(v, _("記録 %s: 本文がありません"), records.items[i]);
        for (size_t e = 0; e < record.event_count; e++)
            if (!record.events[e].event.body && !record.events[e].disposed)
                say(v, _("記録 %.16s: 本文がなく、廃棄の記録もありません"),
                    record.events[e].event.hash);
        record_free(&record);
    }
    strings_free(&records);
    return st;
}

static enum status verify_heads(struct verifying *v, struct error *err)
{
    struct statement *s;
    enum status st = database_query(
        store_database(v->store), err, &s,
        "SELECT c.device, c.seq FROM chain c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE"
        " e.device=c.device AND e.seq=c.seq AND e.hash=c.hash AND e.extract=0) OR EXISTS (SELECT 1"
        " FROM event e WHERE e.device=c.device AND e.seq>c.seq AND e.extract=0)",
        "");
    while (!st && statement_next(s, &st, err))
        say(v, _("端末 %.8s: 末尾（%lld番）が記録と違います"), statement_text(s, 0),
            (long long)statement_int(s, 1));
    statement_close(&s);
    return st;
}

/* A line somebody else made. */
static void found(void *context, const char *line)
{
    say(context, "%s", line);
}

/* --- The projection: rows as they are beside rows made again --- */

static enum status hash_rows(struct store *store, const char *sql, const struct strings *names,
                             struct hash *hash, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s, sql, "");
    while (!st && statement_next(s, &st, err)) {
        for (int c = 0; c < statement_columns(s); c++) {
            const char *value = statement_text(s, c), *name = names ? names->items[c] : "";
            if (names && !*value)
                continue;
            hash_add(hash, name, strlen(name) + 1);
            hash_add(hash, value, strlen(value) + 1);
        }
        hash_add(hash, "\n", 1);
    }
    statement_close(&s);
    return st;
}

/* Columns by name, blank ones left out: which of them there are, and in which order, depends on
 * which version of a form came first, what is in them does not. */
static enum status hash_table(struct store *store, const char *table, struct hash *hash,
                              struct error *err)
{
    struct strings names = STRINGS_INIT;
    struct buffer sql = BUFFER_INIT;
    struct statement *s;
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT name FROM pragma_table_info(?) ORDER BY name", "t", table);
    while (!st && statement_next(s, &st, err))
        strings_add(&names, statement_text(s, 0));
    statement_close(&s);
    for (size_t i = 0; i < names.count; i++)
        buffer_printf(&sql, "%s\"%s\"", i ? "," : "SELECT ", names.items[i]);
    buffer_printf(&sql, " FROM \"%s\" ORDER BY record", table);
    if (strings_find(&names, "row") >= 0)
        buffer_add_text(&sql, ",row");
    if (strcmp(table, "attachment") == 0)
        buffer_add_text(&sql, ",event");
    if (!st)
        st = hash_rows(store, buffer_text(&sql), &names, hash, err);
    strings_free(&names);
    buffer_free(&sql);
    return st;
}

/* Everything the tables of records hold and which events are held, as one hash. */
static enum status hash_tables(struct store *store, char out[HASH_HEX_SIZE], struct error *err)
{
    struct strings tables = STRINGS_INIT;
    struct statement *s;
    struct hash hash;
    uint8_t bytes[HASH_SIZE];
    hash_start(&hash, "satomado-tables-1");
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT name FROM sqlite_schema WHERE type='table' AND"
                       " (name LIKE 'f\\_%' ESCAPE '\\' OR name IN ('record','attachment'))"
                       " ORDER BY name",
                       "");
    while (!st && statement_next(s, &st, err))
        strings_add(&tables, statement_text(s, 0));
    statement_close(&s);
    for (size_t i = 0; !st && i < tables.count; i++)
        st = hash_table(store, tables.items[i], &hash, err);
    if (!st)
        st = hash_rows(store,
                       "SELECT hash, held FROM event WHERE record<>''"
                       " ORDER BY device, seq, hash",
                       NULL, &hash, err);
    hash_finish(&hash, bytes);
    hex_encode(out, bytes, sizeof bytes);
    strings_free(&tables);
    return st;
}

struct comparing {
    struct verifying *v;
    char before[HASH_HEX_SIZE], after[HASH_HEX_SIZE];
};

/* Rebuilt inside a transaction that is taken back: nothing changes, whatever is found. */
static enum status compare(void *context, struct error *err)
{
    struct comparing *c = context;
    enum status st = hash_tables(c->v->store, c->before, err);
    if (!st)
        st = projection_rebuild(c->v->store, NULL, NULL, err);
    if (!st)
        st = hash_tables(c->v->store, c->after, err);
    return st ? st : E_CANCELLED;
}

static enum status verify_projection(struct verifying *v, struct error *err)
{
    struct comparing c = {.v = v};
    struct error why = {0};
    enum status st = store_transaction(v->store, compare, &c, &why);
    if (st != E_CANCELLED && !v->wrong) {
        if (err)
            *err = why;
        return st;
    }
    if (st != E_CANCELLED) /* what is damaged cannot be projected */
        say(v, _("表を作り直せません: %s"), error_text(&why));
    else if (strcmp(c.before, c.after) != 0)
        say(v, _("表が記録と違います。satomado journal rebuild で作り直せます"));
    return database_int(store_database(v->store), err, &v->out->records,
                        "SELECT count(*) FROM record", "");
}

enum status store_verify(struct store *store, verify_report report, void *context,
                         struct verified *out, struct error *err)
{
    struct verifying v = {.store = store, .report = report, .context = context, .out = out};
    struct error why;
    *out = (struct verified){0};
    if (registry_verify(store_registry(store), &why))
        say(&v, "%s", error_text(&why));
    enum status st = verify_events(&v, "", err);
    if (!st)
        st = verify_missing(&v, err);
    if (!st)
        st = verify_heads(&v, err);
    if (!st)
        st = verify_projection(&v, err);
    if (!st)
        st = attachment_verify(store, found, &v, &v.out->attachments, err);
    if (!st && v.wrong)
        st = error_set(err, E_CORRUPT, _("%ld か所が正しくありません"), v.wrong);
    return st;
}

static enum status verify_file(struct verifying *v, struct error *err)
{
    struct statement *s;
    enum status st =
        database_query(store_database(v->store), err, &s, "PRAGMA quick_check(20)", "");
    while (!st && statement_next(s, &st, err))
        if (strcmp(statement_text(s, 0), "ok") != 0)
            say(v, _("データベースのファイル: %s"), statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status store_verify_quick(struct store *store, verify_report report, void *context,
                               struct verified *out, struct error *err)
{
    struct verifying v = {.store = store, .report = report, .context = context, .out = out};
    struct error why;
    *out = (struct verified){0};
    v.part = true;
    if (registry_verify(store_registry(store), &why))
        say(&v, "%s", error_text(&why));
    enum status st = verify_file(&v, err);
    if (!st)
        st = verify_events(&v, "WHERE id > (SELECT coalesce(max(id), 0) - 1000 FROM event)", err);
    if (!st && v.wrong)
        st = error_set(err, E_CORRUPT, _("%ld か所が正しくありません"), v.wrong);
    return st;
}
