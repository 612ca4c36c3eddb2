/* Receipt numbers: two processes at one counter, blocks, years, what was given back. */
#include "store_fixture.h"

#include <sys/wait.h>
#include <time.h>

#include "store/numbers.h"

enum { EACH = 500, PROCESSES = 2 };

struct taking {
    struct store *store;
    size_t device;
    const char *code;
    struct date day;
    char number[RECEIPT_NUMBER_SIZE];
    enum status give_up; /* what the transaction ends with */
    double began;        /* when the lock was had */
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static enum status take(void *context, struct error *err)
{
    struct taking *t = context;
    char id[UUID_SIZE];
    t->began = now_ms();
    uuid7_new(id);
    enum status st =
        numbers_take(t->store, store_registry(t->store), device_keys[t->device]->fingerprint,
                     t->code, t->day, id, t->number, err);
    if (st)
        return st;
    const char *const set[] = {"receipt_no", t->number, "state", "received", NULL};
    struct writing w = {t->store, t->device, id, "finalise", set};
    st = append_set(&w, err);
    return st ? st : t->give_up;
}

/* In a child: takes numbers and says through the pipe which, how long it waited for the lock and
 * held it. */
static void worker(int out)
{
    char *dir = file_path(fixture_dir, "processes");
    struct error err = {0};
    struct store *store;
    FILE *file = fdopen(out, "w");
    if (!file || store_open(dir, &store, &err))
        _exit(1);
    store_set_schemas(store, fixture_schema, NULL);
    for (int i = 0; i < EACH; i++) {
        struct taking t = {store, 0, "DM", {2027, 4, 5}, "", OK, 0};
        double start = now_ms();
        if (store_transaction(store, take, &t, &err)) {
            fprintf(file, "0 0 error-%s\n", error_text(&err));
            break;
        }
        fprintf(file, "%.0f %.0f %s\n", t.began - start, now_ms() - t.began, t.number);
    }
    fclose(file);
    store_free(&store);
    xfree(&dir);
    _exit(0);
}

static void two_processes_never_share_a_number(void **state)
{
    (void)state;
    struct store *store = store_named("processes", device_keys[0]);
    FILE *in[PROCESSES];
    pid_t pid[PROCESSES];
    bool seen[EACH * PROCESSES + 1] = {false};
    double longest = 0, held = 0;
    store_free(&store);
    for (int p = 0; p < PROCESSES; p++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid[p] = fork();
        assert_true(pid[p] >= 0);
        if (!pid[p]) {
            close(ends[0]);
            worker(ends[1]);
        }
        close(ends[1]);
        in[p] = fdopen(ends[0], "r");
    }
    for (int p = 0; p < PROCESSES; p++) {
        char text[RECEIPT_NUMBER_SIZE];
        double waited, had;
        int status;
        while (fscanf(in[p], "%lf %lf %95s", &waited, &had, text) == 3) {
            struct receipt_number n;
            if (!numbers_parse(text, &n))
                fail_msg("%s", text);
            assert_string_equal(n.series, "令9-kirisawa-DM");
            assert_in_range(n.number, 1, EACH * PROCESSES);
            assert_false(seen[n.number]);
            seen[n.number] = true;
            longest = waited > longest ? waited : longest;
            held = had > held ? had : held;
        }
        fclose(in[p]);
        assert_int_equal(waitpid(pid[p], &status, 0), pid[p]);
        assert_int_equal(status, 0);
    }
    for (int n = 1; n <= EACH * PROCESSES; n++)
        assert_true(seen[n]);
    /* Of a slow disk the other one's sync is no fault of the lock. */
    if (longest > 200 + 2 * held)
        fail_msg("somebody waited %.0f ms; no lock was held longer than %.0f ms", longest, held);
}

static void what_is_taken_back_is_free_again(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("back", device_keys[0]);
    struct taking t = {store, 0, "DM", {2027, 4, 5}, "", E_CANCELLED, 0};
    char first[RECEIPT_NUMBER_SIZE];
    assert_int_equal(store_transaction(store, take, &t, &err), E_CANCELLED);
    strcpy(first, t.number);
    t.give_up = OK;
    must(store_transaction(store, take, &t, &err), &err);
    assert_string_equal(t.number, first);
    must(store_transaction(store, take, &t, &err), &err);
    assert_string_not_equal(t.number, first);
    store_free(&store);
}

static void a_series_is_a_year_an_office_and_a_form(void **state)
{
    (void)state;
    static const struct {
        struct date day;
        const char *code, *start;
    } rows[] = {
        {{2027, 3, 31}, "DM", "令8-kirisawa-DM-00001-"},
        {{2027, 4, 1}, "DM", "令9-kirisawa-DM-00001-"},
        {{2027, 4, 1}, "FP", "令9-kirisawa-FP-00001-"},
        {{2028, 3, 31}, "DM", "令9-kirisawa-DM-00002-"},
        {{2028, 4, 1}, "DM", "令10-kirisawa-DM-00001-"},
        {{2027, 3, 31}, "DM", "令8-kirisawa-DM-00002-"},
    };
    struct error err = {0};
    struct store *store = store_named("series", device_keys[0]);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct taking t = {store, 0, rows[i].code, rows[i].day, "", OK, 0};
        struct receipt_number n;
        must(store_transaction(store, take, &t, &err), &err);
        assert_true(str_starts(t.number, rows[i].start));
        assert_true(numbers_parse(t.number, &n));
        /* one digit off, or two swapped, is no number */
        char *digit = t.number + strlen(t.number) - 3;
        *digit = *digit == '9' ? '0' : (char)(*digit + 1);
        assert_false(numbers_parse(t.number, &n));
    }
    store_free(&store);
}

/* A number of one's own block that came in with a record from elsewhere (a restored device). */
static void what_was_seen_is_never_given(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *before = store_named("seen-before", device_keys[0]);
    struct store *town = store_named("seen-town", device_keys[TOWN]);
    struct taking t = {before, 0, "DM", {2027, 4, 5}, "", OK, 0};
    for (int i = 0; i < 3; i++)
        must(store_transaction(before, take, &t, &err), &err);
    carry(before, 0, town);
    struct taking next = {town, TOWN, "DM", {2027, 4, 5}, "", OK, 0};
    must(store_transaction(town, take, &next, &err), &err);
    assert_true(str_starts(next.number, "令9-town-DM-00001-"));

    struct store *restored = store_named("seen-restored", device_keys[0]);
    struct triples all = {0};
    struct delivering d;
    collect_chain(before, 0, &all);
    d = (struct delivering){restored, all.items, all.count, true};
    must(store_transaction(restored, deliver_all, &d, &err), &err);
    char after[RECEIPT_NUMBER_SIZE];
    long left;
    char id[UUID_SIZE];
    uuid7_new(id);
    must(numbers_take(restored, store_registry(restored), device_keys[0]->fingerprint, "DM",
                      (struct date){2027, 4, 5}, id, after, &err),
         &err);
    assert_true(str_starts(after, "令9-kirisawa-DM-00004-"));
    must(numbers_left(restored, store_registry(restored), device_keys[0]->fingerprint, "DM",
                      (struct date){2027, 4, 5}, &left, &err),
         &err);
    assert_int_equal(left, 5000 - 4);
    triples_free(&all);
    store_free(&before);
    store_free(&town);
    store_free(&restored);
}

static void a_used_up_block_asks_the_town(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("used", device_keys[0]);
    must(database_run(store_database(store), &err,
                      "INSERT INTO number(series,number,record) VALUES('令9-kirisawa-DM',5000,'x')",
                      ""),
         &err);
    struct taking t = {store, 0, "DM", {2027, 4, 5}, "", OK, 0};
    assert_int_equal(store_transaction(store, take, &t, &err), E_LIMIT);
    assert_non_null(strstr(error_text(&err), "町の管理者"));
    struct buffer events = BUFFER_INIT;
    dump_query(store, "SELECT count(*) FROM event", &events);
    assert_string_equal(buffer_text(&events), "0|\n");
    buffer_free(&events);
    store_free(&store);
}

/* What a copied directory makes of one number. */
static void a_number_of_two_records_is_named(void **state)
{
    (void)state;
    static const char *const numbers[] = {"令9-町-DM-00001-1", "令9-町-DM-00002-2",
                                          "令9-町-DM-00001-1"};
    struct error err = {0};
    struct strings found = STRINGS_INIT;
    struct store *store = store_named("doubles", device_keys[0]);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        char id[UUID_SIZE];
        const char *const set[] = {"receipt_no", numbers[i], "state", "received", NULL};
        struct writing w = {store, 0, id, "finalise", set};
        uuid7_new(id);
        must(numbers_duplicates(store, &found, &err), &err);
        assert_int_equal(found.count, 0);
        must(store_transaction(store, append_set, &w, &err), &err);
    }
    must(numbers_duplicates(store, &found, &err), &err);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.items[0], numbers[0]);
    strings_free(&found);
    store_free(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_processes_never_share_a_number),
        cmocka_unit_test(what_is_taken_back_is_free_again),
        cmocka_unit_test(a_series_is_a_year_an_office_and_a_form),
        cmocka_unit_test(what_was_seen_is_never_given),
        cmocka_unit_test(a_used_up_block_asks_the_town),
        cmocka_unit_test(a_number_of_two_records_is_named),
    };
    return cmocka_run_group_tests_name("store/numbers", tests, fixture_build, fixture_tear);
}
