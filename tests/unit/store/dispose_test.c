/* What is disposed of goes at every place, whatever arrives first, and nothing else goes. */
#include "store_fixture.h"

#include "store/dispose.h"
#include "store/verify.h"

struct ordering {
    struct store *store;
    size_t device;
    const char *record;
};

static enum status append_disposal(void *context, struct error *err)
{
    struct ordering *o = context;
    struct user_keys keys = {user_keys_of[o->device], device_keys[o->device]};
    struct line body = event_body();
    line_add_text(&body, "reason", "保存期間満了");
    struct journal_entry entry = {OP_DISPOSE, o->record, "demo@1", &body};
    return journal_append(o->store, &keys, &entry, NULL, err);
}

static void dispose(struct store *store, size_t device, const char *record)
{
    struct error err = {0};
    struct ordering o = {store, device, record};
    must(store_transaction(store, append_disposal, &o, &err), &err);
    clock_set(clock_now() + 1000);
}

static void report(void *context, const char *line)
{
    (void)context;
    print_message("%s\n", line);
}

static void assert_sound(struct store *store)
{
    struct error err = {0};
    struct verified verified;
    must(store_verify(store, report, NULL, &verified, &err), &err);
}

static int64_t bodies(struct store *store, const char *record)
{
    int64_t n;
    struct error err = {0};
    must(database_int(store_database(store), &err, &n,
                      "SELECT count(*) FROM event WHERE record=? AND body IS NOT NULL", "t",
                      record),
         &err);
    return n;
}

/* An office receives somebody, the town decides, the office adds a note without knowing that the
 * town disposes of it at the same time. */
static void make_history(struct store **office, struct store **town, char record[UUID_SIZE])
{
    *office = store_named("dispose-office", device_keys[0]);
    *town = store_named("dispose-town", device_keys[TOWN]);
    uuid7_new(record);
    put(*office, 0, record, "finalise", SET("state", "received", "name", "桐生"));
    carry(*office, 0, *town);
    put(*town, TOWN, record, "decide", SET("state", "decided"));
    carry(*town, TOWN, *office);
    put(*office, 0, record, NULL, SET("note", "みなと"));
    dispose(*town, TOWN, record);
}

static void any_order_of_arrival_forgets_the_same(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *office, *town;
    char record[UUID_SIZE], *expected = NULL;
    struct triples all = {0};
    make_history(&office, &town, record);
    assert_int_equal(bodies(town, record), 1); /* the disposal's own */
    assert_sound(town);
    collect_chain(office, 0, &all);
    collect_chain(town, TOWN, &all);
    assert_int_equal(all.count, 4);
    for (size_t order = 0; order < 24; order++) {
        char name[32];
        struct triple left[4], now[4];
        memcpy(left, all.items, sizeof left);
        for (size_t i = 0, code = order, n = 4; i < 4; code /= n, n--, i++) {
            now[i] = left[code % n];
            memmove(&left[code % n], &left[code % n + 1], (n - code % n - 1) * sizeof *left);
        }
        snprintf(name, sizeof name, "dispose-%zu", order);
        struct store *store = store_named(name, NULL);
        for (size_t i = 0; i < 4; i++)
            deliver_events(store, &(struct triples){&now[i], 1}, true);
        char *tables = dump(store);
        if (!expected)
            expected = xstrdup(tables);
        assert_string_equal(tables, expected);
        assert_null(strstr(tables, "桐生"));
        assert_non_null(strstr(tables, "みなと")); /* written without knowing */
        assert_int_equal(bodies(store, record), 2);
        assert_sound(store);
        must(projection_rebuild(store, NULL, NULL, &err), &err);
        char *again = dump(store);
        assert_string_equal(again, expected);
        xfree(&again);
        xfree(&tables);
        store_free(&store);
    }
    struct record whole;
    deliver_events(town, &all, true);
    must(record_load(town, record, &whole, &err), &err);
    assert_true(whole.merge.disposed);
    record_free(&whole);
    xfree(&expected);
    triples_free(&all);
    store_free(&office);
    store_free(&town);
}

static void only_the_towns_administrator_disposes(void **state)
{
    (void)state;
    struct store *store = store_named("dispose-clerk", device_keys[0]);
    char record[UUID_SIZE];
    uuid7_new(record);
    put(store, 0, record, "finalise", SET("state", "received", "name", "早川"));
    dispose(store, 0, record);
    assert_int_equal(bodies(store, record), 2);
    assert_int_equal(journal_held(store), 1);
    char *tables = dump(store);
    assert_non_null(strstr(tables, "早川"));
    xfree(&tables);
    store_free(&store);
}

static void a_body_that_only_lacks_is_found(void **state)
{
    (void)state;
    struct error err = {0};
    struct verified verified;
    struct store *store = store_named("dispose-lacking", device_keys[0]);
    char record[UUID_SIZE];
    uuid7_new(record);
    put(store, 0, record, "finalise", SET("state", "received", "name", "石動"));
    must(database_run(store_database(store), &err, "UPDATE event SET body=NULL", ""), &err);
    assert_int_equal(store_verify(store, report, NULL, &verified, &err), E_CORRUPT);
    store_free(&store);
}

static void a_sweep_leaves_nothing_in_the_file(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *office, *town;
    char record[UUID_SIZE];
    struct buffer file = BUFFER_INIT;
    make_history(&office, &town, record);
    assert_true(dispose_due(town));
    must(dispose_sweep(town, &err), &err);
    assert_false(dispose_due(town));
    char *path = file_path(store_dir(town), STORE_FILE);
    must(file_read(path, 1 << 26, &file, &err), &err);
    assert_null(memmem(file.data, file.len, "桐生", strlen("桐生")));
    buffer_free(&file);
    xfree(&path);
    store_free(&office);
    store_free(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_arrival_forgets_the_same),
        cmocka_unit_test(only_the_towns_administrator_disposes),
        cmocka_unit_test(a_body_that_only_lacks_is_found),
        cmocka_unit_test(a_sweep_leaves_nothing_in_the_file),
    };
    return cmocka_run_group_tests(tests, fixture_build, fixture_tear);
}
