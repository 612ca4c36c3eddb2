#include "store/scope.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/concealed.h"
#include "store/event.h"

struct rule {
    char *form, *field;
    const char *value;
};

static void rule_free(struct rule *rule)
{
    xfree(&rule->form);
    xfree(&rule->field);
}

/* Names of forms and fields become part of a query: only those are taken that are known here. */
static enum status parse(struct store *store, const char *text, struct rule *out, struct error *err)
{
    const char *dot = strchr(text, '.'), *equals = dot ? strchr(dot, '=') : NULL;
    int64_t known = 0;
    *out = (struct rule){0};
    if (!equals || dot == text || equals == dot + 1)
        return error_set(
            err, E_PARSE,
            _("範囲は 様式.項目=値 の形で書いてください（例 person.municipality=雪見町）: "
              "%s"),
            text);
    out->form = xstrndup(text, (size_t)(dot - text));
    out->field = xstrndup(dot + 1, (size_t)(equals - dot - 1));
    out->value = equals + 1;
    enum status st = database_int(store_database(store), err, &known,
                                  "SELECT count(*) FROM form_column WHERE form=? AND name=? AND"
                                  " repeat=''",
                                  "tt", out->form, out->field);
    if (!st && !known)
        st = error_set(err, E_NOT_FOUND, _("様式「%s」の項目「%s」はここにありません"), out->form,
                       out->field);
    if (st)
        rule_free(out);
    return st;
}

enum status scope_check(struct store *store, const char *rule, struct error *err)
{
    struct rule parsed;
    enum status st = parse(store, rule, &parsed, err);
    if (!st)
        rule_free(&parsed);
    return st;
}

static enum status find(struct store *store, const struct rule *rule, bool near, struct error *err)
{
    char *sql = near ? xasprintf("INSERT OR IGNORE INTO temp.scope SELECT n.record FROM temp.near n"
                                 " CROSS JOIN \"f_%s\" f ON f.record=n.record WHERE f.\"%s\"=?",
                                 rule->form, rule->field)
                     : xasprintf("INSERT OR IGNORE INTO temp.scope SELECT record FROM \"f_%s\""
                                 " WHERE \"%s\"=?",
                                 rule->form, rule->field);
    enum status st = database_run(store_database(store), err, sql, "t", rule->value);
    xfree(&sql);
    return st;
}

static enum status find_all(struct store *store, const struct strings *rules, bool near,
                            struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < rules->count; i++) {
        struct rule rule;
        st = parse(store, rules->items[i], &rule, err);
        if (st)
            break;
        st = find(store, &rule, near, err);
        rule_free(&rule);
    }
    return st;
}

/* --- What changed --- */

static const char tables[] =
    "CREATE TEMP TABLE IF NOT EXISTS scope(record TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS near(record TEXT PRIMARY KEY) WITHOUT ROWID;"
    /* late: something of it changed without a new event */
    "CREATE TEMP TABLE IF NOT EXISTS changed(record TEXT PRIMARY KEY, late INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "DELETE FROM temp.scope; DELETE FROM temp.near; DELETE FROM temp.changed";

/* A record may come into a device's scope, or leave it, because something changed of the person it
 * belongs to, of another record of that person, or of whoever is the same person. */
static const char nearby[] =
    "INSERT INTO temp.near SELECT record FROM temp.changed;"
    "INSERT OR IGNORE INTO temp.near SELECT person FROM record WHERE record IN"
    " (SELECT record FROM temp.changed) AND person<>'';"
    "WITH RECURSIVE same(id) AS (SELECT record FROM temp.near"
    " UNION SELECT t.record FROM same JOIN search t ON t.merged_into=same.id AND t.merged_into<>''"
    " UNION SELECT t.merged_into FROM same JOIN search t ON t.record=same.id AND t.merged_into<>'')"
    " INSERT OR IGNORE INTO temp.near SELECT id FROM same;"
    "INSERT OR IGNORE INTO temp.near SELECT record FROM record WHERE person IN"
    " (SELECT record FROM temp.near)";

static enum status find_changes(struct store *store, int64_t arrival, struct error *err)
{
    struct database *db = store_database(store);
    enum status st =
        database_run(db, err,
                     "INSERT OR IGNORE INTO temp.changed SELECT record,0 FROM event"
                     " WHERE id>? AND record<>'' AND " EVENT_IS_HISTORY("op") " AND held=''",
                     "i", arrival);
    if (!st)
        st = database_run(db, err,
                          "INSERT OR REPLACE INTO temp.changed SELECT record,1 FROM stirred"
                          " WHERE at>=?",
                          "i", arrival);
    return st ? st : database_script(db, nearby, err);
}

/* --- What a device is to have --- */

/* Records of the people, and the people of the records. */
static const char belongings[] =
    "INSERT OR IGNORE INTO temp.scope SELECT person FROM record WHERE record IN (SELECT record FROM"
    " temp.scope) AND person<>'';"
    "INSERT OR IGNORE INTO temp.scope SELECT record FROM record WHERE person IN (SELECT record FROM"
    " temp.scope);"
    "DELETE FROM temp.scope WHERE record IN " CONCEALED;

/* Those a device wrote in, or one whose work it goes on with. */
static enum status find_own(struct store *store, const struct strings *devices, bool near,
                            struct error *err)
{
    const char *sql = near ? "INSERT OR IGNORE INTO temp.scope SELECT record FROM temp.changed c"
                             " WHERE EXISTS (SELECT 1 FROM event e WHERE e.record=c.record AND"
                             " +e.device=? AND " EVENT_IS_HISTORY("e.op") ")"
                           : "INSERT OR IGNORE INTO temp.scope SELECT record FROM event WHERE"
                             " device=? AND record<>'' AND " EVENT_IS_HISTORY("op");
    enum status st = OK;
    for (size_t i = 0; !st && i < devices->count; i++)
        st = database_run(store_database(store), err, sql, "t", devices->items[i]);
    return st;
}

/* Where somebody came to be protected who is known there from before, that is told, once: the
 * person's record alone, so that there as well nobody finds them. */
static enum status find_told(struct store *store, const struct scope_order *order,
                             struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR IGNORE INTO temp.scope SELECT c.record FROM concealed c"
                        " JOIN search s ON s.record=c.record AND s.is_person"
                        " JOIN holder h ON h.record=c.record AND h.device=?1"
                        " WHERE EXISTS (SELECT 1 FROM event e WHERE e.record=c.record AND e.id>?2"
                        " AND instr(e.body,'\"protected_until\"'))",
                        "ti", order->devices->items[0], order->arrival);
}

/* What it has stays here: a record goes when others wrote in it since, or when it did not go yet
 * and others wrote in it at all. */
static enum status leave_out(struct store *store, const struct scope_order *order,
                             struct error *err)
{
    return database_run(
        store_database(store), err,
        "DELETE FROM temp.scope WHERE NOT ("
        "EXISTS (SELECT 1 FROM temp.changed c WHERE c.record=scope.record AND c.late)"
        " OR EXISTS (SELECT 1 FROM event e WHERE e.record=scope.record AND e.id>?2 AND"
        " +e.device<>?1 AND " EVENT_IS_HISTORY("e.op") ")"
        " OR (NOT EXISTS (SELECT 1 FROM holder h WHERE h.device=?1 AND h.record=scope.record AND"
        " h.sent<=?3) AND EXISTS (SELECT 1 FROM event e WHERE e.record=scope.record AND"
        " +e.device<>?1 AND " EVENT_IS_HISTORY("e.op") ")))",
        "tii", order->devices->items[0], order->arrival, (int64_t)order->number);
}

enum status scope_records(struct store *store, const struct scope_order *order, struct strings *out,
                          struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s;
    bool delta = order->number > 0, near = delta && !order->widened;
    enum status st = database_script(db, tables, err);
    if (!st && delta)
        st = find_changes(store, order->arrival, err);
    if (!st)
        st = find_all(store, order->rules, near, err);
    if (!st)
        st = database_script(db, belongings, err);
    if (!st)
        st = find_own(store, order->devices, near, err);
    if (!st)
        st = find_told(store, order, err);
    if (!st && delta)
        st = leave_out(store, order, err);
    if (!st)
        st = database_query(db, err, &s, "SELECT record FROM temp.scope ORDER BY record", "");
    if (st)
        return st;
    while (statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

/* --- Who has what --- */

struct sending {
    struct store *store;
    const char *device;
    long number, confirmed;
    const struct strings *things;
};

/* What went with an extract nobody confirmed, and does not go with this one, counts as never sent.
 */
static enum status note_sent(void *context, struct error *err)
{
    const struct sending *s = context;
    struct database *db = store_database(s->store);
    enum status st =
        database_run(db, err, "UPDATE holder SET sent=?1 WHERE device=?2 AND sent>?3 AND sent<?1",
                     "iti", INT64_MAX, s->device, (int64_t)s->confirmed);
    for (size_t i = 0; !st && i < s->things->count; i++)
        st = database_run(db, err,
                          "INSERT INTO holder(device,record,sent) VALUES(?1,?2,?3)"
                          " ON CONFLICT(device,record) DO UPDATE SET sent=excluded.sent"
                          " WHERE sent>?4",
                          "ttii", s->device, s->things->items[i], (int64_t)s->number,
                          (int64_t)s->confirmed);
    return st;
}

enum status scope_note_sent(struct store *store, const char *device, long number, long confirmed,
                            const struct strings *records, struct error *err)
{
    struct sending s = {store, device, number, confirmed, records};
    return store_transaction(store, note_sent, &s, err);
}

static enum status note_files(void *context, struct error *err)
{
    const struct sending *s = context;
    enum status st = OK;
    for (size_t i = 0; !st && i < s->things->count; i++)
        st = database_run(store_database(s->store), err,
                          "INSERT OR REPLACE INTO file_sent(device,blob,number) VALUES(?,?,?)",
                          "tti", s->device, s->things->items[i], (int64_t)s->number);
    return st;
}

enum status scope_note_files(struct store *store, const char *device, long number,
                             const struct strings *blobs, struct error *err)
{
    struct sending s = {store, device, number, 0, blobs};
    return store_transaction(store, note_files, &s, err);
}

#define CONFIRMED                                                                                 \
    "EXISTS (SELECT 1 FROM bundle b WHERE b.incoming=0 AND b.number=f.number AND b.peer=f.device" \
    " AND b.received<>'')"

bool scope_has_file(struct store *store, const char *device, const char *blob)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM file_sent f WHERE device=? AND blob=? AND"
                 " (number=0 OR " CONFIRMED ")",
                 "tt", device, blob);
    return n > 0;
}

enum status scope_files_due(struct store *store, const char *device, struct strings *out,
                            struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT DISTINCT a.record FROM file_sent f JOIN attachment a ON"
                                    " a.blob=f.blob WHERE f.device=? AND f.number>0 AND NOT"
                                    " " CONFIRMED " AND a.record NOT IN " CONCEALED,
                                    "t", device);
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status scope_stir_file(struct store *store, const char *blob, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR REPLACE INTO stirred(record,at) SELECT DISTINCT record,"
                        " (SELECT max(id) FROM event) FROM attachment WHERE blob=?",
                        "t", blob);
}

enum status scope_stir(struct store *store, const char *record, struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR REPLACE INTO stirred(record,at) SELECT ?,coalesce(max(id),0)"
                        " FROM event",
                        "t", record);
}
