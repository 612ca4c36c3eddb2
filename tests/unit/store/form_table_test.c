/* The tables of a form whose versions have different columns, whichever comes first. */
#include "store_fixture.h"

#include "store/form_table.h"

static struct schema_field old_fields[] = {
    {"name", -1, 0, ""}, {"dropped", -1, 0, ""}, {"part", 0, 0, ""}};
static struct schema_field new_fields[] = {
    {"name", -1, 0, ""}, {"added", -1, 0, ""}, {"part", 0, 0, ""}, {"more", 0, 0, ""}};
static struct schema_repeat repeats[] = {{"parts", -1}};
static const struct schema versions[] = {
    {.form = "pump",
     .version = 1,
     .fields = old_fields,
     .field_count = 3,
     .repeats = repeats,
     .repeat_count = 1},
    {.form = "pump",
     .version = 2,
     .fields = new_fields,
     .field_count = 4,
     .repeats = repeats,
     .repeat_count = 1},
};

/* Writes a row of that version, each of its own columns holding the column's name. */
static void write_row(struct store *store, const struct schema *schema, int repeat,
                      const char *record)
{
    struct error err = {0};
    const struct form_table *table;
    assert_int_equal(form_tables_prepare(store, schema, &err), OK);
    assert_int_equal(form_table_get(store, schema, repeat, &table, &err), OK);
    const char *values[FORM_TABLE_FIXED + 8] = {record, "1", "", "1"};
    assert_true(table->count <= 8);
    for (size_t i = 0; i < table->count; i++)
        values[FORM_TABLE_FIXED + i] = table->fields[i] ? table->fields[i]->name : "";
    must(database_run_texts(store_database(store), &err, table->insert, values,
                            FORM_TABLE_FIXED + table->count),
         &err);
}

static void expect_rows(struct store *store, const char *sql, const char *expected)
{
    struct error err = {0};
    char *found;
    must(database_string(store_database(store), &err, &found, sql, ""), &err);
    assert_string_equal(found, expected);
    xfree(&found);
}

static void check_order(const char *name, size_t first)
{
    struct store *store = store_named(name, NULL);
    for (size_t i = 0; i < 2; i++) {
        const struct schema *schema = &versions[i ? 1 - first : first];
        write_row(store, schema, -1, schema->version == 1 ? "a" : "b");
        write_row(store, schema, 0, schema->version == 1 ? "a" : "b");
    }
    /* And the one that came first once more, now that the table is wider. */
    write_row(store, &versions[first], -1, "c");
    expect_rows(store,
                "SELECT group_concat(record||':'||name||','||dropped||','||added,' ') FROM"
                " (SELECT * FROM f_pump WHERE record<>'c' ORDER BY record)",
                "a:name,dropped, b:name,,added");
    expect_rows(store, "SELECT name||','||dropped||','||added FROM f_pump WHERE record='c'",
                first ? "name,,added" : "name,dropped,");
    expect_rows(store,
                "SELECT group_concat(record||':'||part||','||more,' ') FROM"
                " (SELECT * FROM f_pump__parts ORDER BY record)",
                "a:part, b:part,more");
    store_free(&store);
}

static void older_version_first(void **state)
{
    (void)state;
    check_order("older", 0);
}

static void newer_version_first(void **state)
{
    (void)state;
    check_order("newer", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(older_version_first),
        cmocka_unit_test(newer_version_first),
    };
    return cmocka_run_group_tests_name("store/form_table", tests, fixture_build, fixture_tear);
}
