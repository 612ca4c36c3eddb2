/* A database of any older version is brought up to date with everything in it: made here by as many
 * scripts as that version had, with the rows that its tables could hold. */
#include "store_fixture.h"

#include <sqlite3.h>

#include "store/tables.h"
#include "store/verify.h"

/* Before there was no registry, and nothing could be signed. */
enum { WITH_REGISTRY = 3 };

static struct store *filled(void)
{
    char id[UUID_SIZE];
    struct store *store = store_named("newest", device_keys[0]);
    for (int i = 0; i < 6; i++) {
        uuid7_new(id);
        put(store, 0, id, NULL,
            SET("name", "桐生", "kana", "キリュウ", "phone", "090-1111-2222",
                "things/01890000-0000-7000-8000-000000000001/.alive", "true",
                "things/01890000-0000-7000-8000-000000000001/what", "青"));
        put(store, 0, id, "finalise",
            SET("state", "received", "receipt_no", "令8-霧沢-FB-00001-0", "received_on",
                "2026-11-24"));
    }
    return store;
}

static void sql(sqlite3 *db, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why))
        fail_msg("%s: %s", text, why);
}

/* The first column of every row. */
static struct strings column(sqlite3 *db, const char *text)
{
    struct strings out = STRINGS_INIT;
    sqlite3_stmt *s;
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW)
        strings_add(&out, (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return out;
}

/* What of a table the older version knows. */
static void copy_rows(sqlite3 *db, const char *table)
{
    struct buffer names = BUFFER_INIT;
    char *ask = xasprintf("SELECT '\"'||a.name||'\"' FROM pragma_table_info('%s') a JOIN"
                          " pragma_table_info('%s', 'newest') b ON a.name=b.name",
                          table, table);
    struct strings columns = column(db, ask);
    for (size_t i = 0; i < columns.count; i++)
        buffer_printf(&names, "%s%s", i ? "," : "", columns.items[i]);
    char *copy =
        columns.count
            ? xasprintf("DELETE FROM main.\"%s\"; INSERT INTO main.\"%s\"(%s) SELECT %s FROM"
                        " newest.\"%s\"",
                        table, table, buffer_text(&names), buffer_text(&names), table)
            : xstrdup("");
    sql(db, copy);
    xfree(&copy);
    xfree(&ask);
    strings_free(&columns);
    buffer_free(&names);
}

static void make_older(const char *dir, long version)
{
    sqlite3 *db;
    char *path = file_path(dir, "satomado.db");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (long i = 0; i < version; i++)
        sql(db, tables_migrations()[i]);
    char *text = xasprintf("PRAGMA user_version=%ld; ATTACH '%s/newest/satomado.db' AS newest",
                           version, fixture_dir);
    sql(db, text);
    struct strings forms =
        column(db, "SELECT sql FROM newest.sqlite_schema WHERE sql IS NOT NULL AND"
                   " (tbl_name LIKE 'f\\_%' ESCAPE '\\' OR type='view' AND sql LIKE '%\"f\\_%'"
                   " ESCAPE '\\') ORDER BY type");
    for (size_t i = 0; i < forms.count; i++)
        sql(db, forms.items[i]);
    struct strings tables =
        column(db, "SELECT name FROM main.sqlite_schema WHERE type='table' AND name NOT LIKE"
                   " 'search\\_%gram%' ESCAPE '\\'");
    for (size_t i = 0; i < tables.count; i++)
        copy_rows(db, tables.items[i]);
    if (strings_find(&tables, "search_text") >= 0)
        sql(db, "INSERT INTO search_name_gram(search_name_gram) VALUES('rebuild');"
                "INSERT INTO search_address_gram(search_address_gram) VALUES('rebuild')");
    strings_free(&tables);
    strings_free(&forms);
    xfree(&text);
    xfree(&path);
    sqlite3_close(db);
}

static char *schema_of(struct store *store)
{
    struct buffer out = BUFFER_INIT;
    dump_query(store,
               "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
               &out);
    return buffer_steal(&out);
}

static void note_line(void *context, const char *line)
{
    strings_add(context, line);
}

static void every_version_is_brought_up(void **state)
{
    (void)state;
    struct store *newest = filled();
    char *schema = schema_of(newest);
    long versions = 0;
    while (tables_migrations()[versions])
        versions++;
    for (long version = WITH_REGISTRY; version < versions; version++) {
        struct error err = {0};
        struct store *store;
        struct strings lines = STRINGS_INIT;
        struct verified seen;
        char *dir = xasprintf("%s/older-%ld", fixture_dir, version);
        must(file_make_dirs(dir, &err), &err);
        make_older(dir, version);
        must(store_open(dir, &store, &err), &err);
        store_set_schemas(store, fixture_schema, NULL);
        if (store_verify(store, note_line, &lines, &seen, &err))
            fail_msg("version %ld: %s", version, lines.count ? lines.items[0] : error_text(&err));
        char *brought = schema_of(store);
        assert_string_equal(brought, schema);
        assert_int_equal(seen.events, 12);
        xfree(&brought);
        strings_free(&lines);
        store_free(&store);
        xfree(&dir);
    }
    xfree(&schema);
    store_free(&newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_version_is_brought_up)};
    return cmocka_run_group_tests_name("store/older", tests, fixture_build, fixture_tear);
}
