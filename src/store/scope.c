#include "store/scope.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/concealed.h"

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
        return error_set(err, E_PARSE,
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

static enum status find(struct store *store, const struct rule *rule, struct error *err)
{
    char *sql = xasprintf("INSERT OR IGNORE INTO temp.scope SELECT record FROM \"f_%s\" WHERE"
                          " \"%s\"=?",
                          rule->form, rule->field);
    enum status st = database_run(store_database(store), err, sql, "t", rule->value);
    xfree(&sql);
    return st;
}

/* Records of the people, and the people of the records. */
static const char belongings[] =
    "INSERT OR IGNORE INTO temp.scope SELECT person FROM record WHERE record IN (SELECT record FROM"
    " temp.scope) AND person<>'';"
    "INSERT OR IGNORE INTO temp.scope SELECT record FROM record WHERE person IN (SELECT record FROM"
    " temp.scope);"
    "DELETE FROM temp.scope WHERE record IN " CONCEALED;

enum status scope_records(struct store *store, const struct strings *rules, struct strings *out,
                          struct error *err)
{
    struct database *db = store_database(store);
    struct statement *s;
    enum status st = database_script(
        db, "CREATE TEMP TABLE IF NOT EXISTS scope(record TEXT PRIMARY KEY); DELETE FROM temp.scope",
        err);
    for (size_t i = 0; !st && i < rules->count; i++) {
        struct rule rule;
        st = parse(store, rules->items[i], &rule, err);
        if (st)
            break;
        st = find(store, &rule, err);
        rule_free(&rule);
    }
    if (!st)
        st = database_script(db, belongings, err);
    if (!st)
        st = database_query(db, err, &s, "SELECT record FROM temp.scope ORDER BY record", "");
    if (st)
        return st;
    while (statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status scope_note_holder(struct store *store, const char *device, const char *record,
                              struct error *err)
{
    return database_run(store_database(store), err,
                        "INSERT OR IGNORE INTO holder(device,record) VALUES(?,?)", "tt", device,
                        record);
}

bool scope_holds(struct store *store, const char *device, const char *record)
{
    int64_t n = 0;
    database_int(store_database(store), NULL, &n,
                 "SELECT count(*) FROM holder WHERE device=? AND record=?", "tt", device, record);
    return n > 0;
}
