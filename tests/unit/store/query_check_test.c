/* A rule's SQL reads what rules may see, and does nothing else. */
#include "store_fixture.h"

#include "store/query_check.h"

static struct store *store;
static char id[UUID_SIZE];

static int build(void **state)
{
    char other[UUID_SIZE];
    fixture_build(state);
    store = store_named("rules", device_keys[0]);
    uuid7_new(id);
    put(store, 0, id, "finalise", SET("state", "received", "name", "桐生", "phone", "1"));
    uuid7_new(other);
    put(store, 0, other, "finalise", SET("state", "received", "name", "石動"));
    put(store, 0, other, "withdraw", SET("state", "withdrawn"));
    return 0;
}

static int tear(void **state)
{
    store_free(&store);
    return fixture_tear(state);
}

/* Three; five from 2028 on. */
static char *parameter(void *context, const char *key, const char *on)
{
    (void)context;
    return strcmp(key, "most") != 0 ? NULL : xstrdup(strcmp(on, "2028") < 0 ? "3" : "5");
}

static long business_days(void *context, struct date from, struct date to, const char *place)
{
    (void)context;
    if (strcmp(place, "知らない") == 0)
        return -1;
    return (long)(date_days(to) - date_days(from)) + 100 * (strcmp(place, "霧沢") == 0);
}

static void add_row(void *context, const char *const *names, const char *const *values,
                    size_t count)
{
    struct buffer *out = context;
    (void)names;
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s|", values[i]);
}

/* Over `this` with the columns record, name, birth, today and two rows of this__things. */
static enum status run(const char *sql, struct buffer *out, struct error *err)
{
    static const struct check_host host = {NULL, parameter, business_days};
    static const char *const own[][2] = {
        {"record", id}, {"name", "髙﨑"}, {"birth", "2009-05-10"}, {"today", "2027-05-10"}};
    struct check_table tables[2] = {{.name = "this"}, {.name = "this__things"}};
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        strings_add(&tables[0].columns, own[i][0]);
        strings_add(&tables[0].cells, own[i][1]);
    }
    strings_add(&tables[1].columns, "what");
    strings_add(&tables[1].cells, "青");
    strings_add(&tables[1].cells, "赤");
    buffer_clear(out);
    enum status st = check_begin(store, tables, 2, &host, err);
    if (!st)
        st = check_run(store, "R-1", sql, add_row, out, err);
    check_end(store);
    for (size_t i = 0; i < 2; i++) {
        strings_free(&tables[i].columns);
        strings_free(&tables[i].cells);
    }
    return st;
}

static void rules_read_what_they_may(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *rows;
    } good[] = {
        {"SELECT name FROM this", "髙﨑|"},
        {"SELECT :name, :today", "髙﨑|2027-05-10|"},
        {"SELECT what FROM this__things ORDER BY what", "赤|青|"},
        {"SELECT name FROM demo", "桐生|"}, /* in force only */
        {"SELECT count(*) FROM demo WHERE record <> :record", "0|"},
        {"SELECT count(*) FROM demo", "1|"},
        {"WITH x AS (SELECT name FROM demo) SELECT count(*) FROM x", "1|"},
        {"SELECT param('most') + 1, typeof(param('none'))", "4|null|"},
        {"SELECT param('most', '2027-12-31'), param('most', '2028-01-01')", "3|5|"},
        {"SELECT age_at(birth, today), age_at(birth, '2027-05-09') FROM this", "18|17|"},
        {"SELECT fold(name) = fold('高崎') FROM this", "1|"},
        {"SELECT wareki('2027-05-10'), fiscal_year('2027-03-31')", "令和9年5月10日|2026|"},
        {"SELECT add_years('2028-02-29', 1)", "2029-02-28|"},
        {"SELECT business_days('2027-05-10', '2027-05-12')", "2|"},
        {"SELECT business_days('2027-05-10', '2027-05-12', '霧沢')", "102|"},
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)"
         " SELECT i FROM n",
         "1|2|3|"},
        {"SELECT 1;  \n", "1|"},
    };
    struct error err = {0};
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (run(good[i].sql, &out, &err))
            fail_msg("%s: %s", good[i].sql, error_text(&err));
        if (strcmp(buffer_text(&out), good[i].rows) != 0)
            fail_msg("%s gives %s", good[i].sql, buffer_text(&out));
    }
    buffer_free(&out);
}

/* Where the days cannot be counted there is no answer, not one that counts none. */
static void days_that_cannot_be_counted_are_none(void **state)
{
    (void)state;
    struct error err = {0};
    struct buffer out = BUFFER_INIT;
    assert_int_not_equal(
        run("SELECT business_days('2027-05-10', '2027-05-12', '知らない')", &out, &err), OK);
    assert_non_null(strstr(error_text(&err), "開庁日を数えられません"));
    buffer_free(&out);
}

static void rules_do_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum status expected;
    } bad[] = {
        {"INSERT INTO record(record) VALUES('x')", E_RULE},
        {"INSERT INTO this(name) VALUES('x')", E_RULE},
        {"UPDATE event SET held=''", E_RULE},
        {"DELETE FROM event", E_RULE},
        {"REPLACE INTO fact VALUES('device','x')", E_RULE},
        {"CREATE TABLE x(y)", E_RULE},
        {"CREATE TEMP TABLE x(y)", E_RULE},
        {"CREATE TEMP TRIGGER x AFTER INSERT ON event BEGIN SELECT 1; END", E_RULE},
        {"DROP TABLE event", E_RULE},
        {"ALTER TABLE event ADD COLUMN x", E_RULE},
        {"ATTACH '/tmp/x.db' AS x", E_RULE},
        {"DETACH main", E_RULE},
        {"PRAGMA writable_schema=1", E_RULE},
        {"PRAGMA user_version", E_RULE},
        {"SELECT * FROM pragma_table_info('event')", E_RULE},
        {"VACUUM", E_RULE},
        {"REINDEX", E_RULE},
        {"ANALYZE", E_RULE},
        {"BEGIN", E_RULE},
        {"COMMIT", E_RULE},
        {"SAVEPOINT x", E_RULE},
        {"SELECT load_extension('/tmp/x')", E_RULE},
        {"SELECT readfile('/etc/passwd')", E_PARSE},
        {"SELECT sqlite_version()", E_RULE},
        {"SELECT random()", E_RULE},
        {"SELECT randomblob(1000000000)", E_RULE},
        {"SELECT zeroblob(1000000000)", E_RULE},
        {"SELECT last_insert_rowid()", E_RULE},
        {"SELECT fts3_tokenizer('x')", E_RULE},
        {"SELECT * FROM event", E_RULE},
        {"SELECT body FROM event", E_RULE},
        {"SELECT title FROM record", E_RULE},
        {"WITH receipts AS (SELECT * FROM record) SELECT title FROM receipts", E_RULE},
        {"WITH [receipts] /* x */ (a) AS (SELECT title FROM record) SELECT a FROM receipts",
         E_RULE},
        {"WITH 'receipts' AS (SELECT * FROM record) SELECT title FROM receipts", E_RULE},
        {"WITH a AS (SELECT '--'), receipts AS (SELECT * FROM record) SELECT title FROM receipts",
         E_RULE},
        {"WITH a AS (SELECT '/*'), receipts AS (SELECT * FROM record) SELECT title FROM receipts"
         " WHERE '*/' <> ''",
         E_RULE},
        {"SELECT '''', date('now')", E_RULE},
        {"SELECT '--', date('now')", E_RULE},
        {"SELECT \"it's\", date('now') FROM (SELECT 1 AS \"it's\")", E_RULE},
        /* a query of its own does not lead where a view leads, whatever its name */
        {"WITH x AS (SELECT name FROM f_demo) SELECT name FROM x", E_RULE},
        {"WITH x AS MATERIALIZED (SELECT * FROM f_demo) SELECT name FROM x", E_RULE},
        {"WITH demo AS (SELECT name FROM f_demo) SELECT name FROM demo", E_RULE},
        {"WITH Demo (a) AS (SELECT name FROM f_demo) SELECT a FROM demo", E_RULE},
        {"WITH demo AS NOT MATERIALIZED (SELECT name FROM main.f_demo) SELECT name FROM demo",
         E_RULE},
        {"WITH RECURSIVE \"demo\" AS (SELECT name FROM f_demo UNION SELECT name FROM demo)"
         " SELECT name FROM demo",
         E_RULE},
        {"WITH 'demo' AS (SELECT name FROM f_demo) SELECT name FROM demo", E_RULE},
        {"WITH demo__things AS (SELECT * FROM f_demo__things) SELECT count(what) FROM demo__things",
         E_RULE},
        {"WITH x AS (SELECT 1), demo AS (SELECT name FROM f_demo) SELECT name FROM demo", E_RULE},
        {"SELECT name FROM (SELECT name FROM f_demo) AS demo", E_RULE},
        {"SELECT (WITH demo AS (SELECT name FROM f_demo) SELECT max(name) FROM demo)", E_RULE},
        {"WITH record AS (SELECT * FROM receipts) SELECT count(title) FROM main.record", E_RULE},
        {"WITH concealed AS (SELECT record FROM main.concealed) SELECT record FROM concealed",
         E_RULE},
        {"WITH search AS (SELECT kana FROM main.search) SELECT kana FROM search", E_RULE},
        {"WITH this__x AS (SELECT * FROM account) SELECT * FROM this__x", E_RULE},
        {"SELECT * FROM search AS demo", E_RULE},
        {"SELECT * FROM demo JOIN concealed USING (record)", E_RULE},
        {"SELECT count(*) FROM event", E_RULE},
        {"SELECT name FROM f_demo", E_RULE}, /* also what is not in force */
        {"SELECT count(*) FROM f_demo", E_RULE},
        {"SELECT count(*) FROM EVENT", E_RULE},
        {"SELECT count(*) FROM pragma_table_list", E_RULE},
        {"SELECT count(*) FROM sqlite_master", E_RULE},
        {"SELECT count(*) FROM dbstat", E_RULE},
        {"SELECT * FROM record", E_RULE},
        {"SELECT * FROM account", E_RULE},
        {"SELECT * FROM search", E_RULE},
        {"SELECT * FROM search_name_gram", E_RULE},
        {"SELECT * FROM fact", E_RULE},
        {"SELECT * FROM registry", E_RULE},
        {"SELECT * FROM sqlite_schema", E_RULE},
        {"SELECT * FROM temp.sqlite_schema", E_RULE},
        {"SELECT (SELECT max(value) FROM fact) FROM this", E_RULE},
        {"SELECT 1 WHERE EXISTS (SELECT 1 FROM account)", E_RULE},
        {"WITH x AS (SELECT * FROM event) SELECT count(*) FROM x", E_RULE},
        {"WITH this AS (SELECT * FROM event) SELECT * FROM this", E_RULE},
        {"WITH demo(hash) AS (SELECT hash FROM event) SELECT hash FROM demo", E_RULE},
        {"SELECT date('now')", E_RULE},
        {"SELECT date()", E_RULE},
        {"SELECT date('NOW')", E_RULE},
        {"SELECT Date ( )", E_RULE},
        {"SELECT datetime(1092941466, 'unixepoch', 'localtime')", E_RULE},
        {"SELECT CURRENT_DATE", E_RULE},
        {"SELECT CURRENT_TIMESTAMP", E_RULE},
        {"SELECT 1; SELECT 2", E_RULE},
        {"SELECT 1; DROP TABLE event", E_RULE},
        {"SELECT nothing FROM this", E_PARSE},
        {"SELECT * FROM nothing", E_PARSE},
        {"SELEKT", E_PARSE},
        {"", E_PARSE},
        {"-- nothing", E_PARSE},
        {"EXPLAIN SELECT 1", E_RULE},
    };
    struct error err = {0};
    struct buffer out = BUFFER_INIT;
    char *before = dump(store);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err = (struct error){0};
        enum status st = run(bad[i].sql, &out, &err);
        if (st == OK)
            fail_msg("%s was allowed and gave %s", bad[i].sql, buffer_text(&out));
        if (st != bad[i].expected)
            fail_msg("%s: %d %s", bad[i].sql, st, error_text(&err));
        assert_non_null(strstr(error_text(&err), "R-1"));
    }
    char *after = dump(store);
    assert_true(strcmp(before, after) == 0);
    xfree(&before);
    xfree(&after);
    buffer_free(&out);
}

static void endless_rules_are_stopped(void **state)
{
    (void)state;
    static const char *const endless[] = {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)"
        " SELECT count(*) FROM n a, n b, n c",
    };
    struct error err = {0};
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
        int64_t start = clock_mono();
        if (run(endless[i], &out, &err) != E_LIMIT)
            fail_msg("%s: %s", endless[i], error_text(&err));
        assert_true(clock_mono() - start < 10000);
    }
    static const char *const swollen[] = {
        "WITH RECURSIVE g(s,n) AS (SELECT 'x',0 UNION ALL SELECT s||s,n+1 FROM g WHERE n<40)"
        " SELECT max(length(s)) FROM g",
        "SELECT length(replace(printf('%.1000000c','x'),'x','0123456789012345678901234567890'))",
        "SELECT 'a' LIKE printf('%.1000c','%')",
    };
    for (size_t i = 0; i < ARRAY_LEN(swollen); i++)
        if (run(swollen[i], &out, &err) == OK)
            fail_msg("%s was allowed", swollen[i]);
    /* what comes after has its own measure */
    must(run("SELECT 1", &out, &err), &err);
    buffer_free(&out);
}

static void try_says_the_same(void **state)
{
    (void)state;
    struct error err = {0};
    must(check_try(store, "R-2", "SELECT name FROM demo", &err), &err);
    assert_int_equal(check_try(store, "R-2", "SELECT * FROM event", &err), E_RULE);
    assert_int_equal(check_try(store, "R-2", "SELECT * FROM missing", &err), E_NOT_FOUND);
    assert_int_equal(check_try(store, "R-2", "SELECT missing FROM demo", &err), E_NOT_FOUND);
    assert_int_equal(check_try(store, "R-2", "SELECT name FORM demo", &err), E_PARSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_read_what_they_may),
        cmocka_unit_test(days_that_cannot_be_counted_are_none),
        cmocka_unit_test(rules_do_nothing_else),
        cmocka_unit_test(endless_rules_are_stopped),
        cmocka_unit_test(try_says_the_same),
    };
    return cmocka_run_group_tests_name("store/query_check", tests, build, tear);
}
