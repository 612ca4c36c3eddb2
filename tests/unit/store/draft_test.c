/* Drafts: saved and resumed, held, handed over, opened by two; never an individual number. */
#include "store_fixture.h"

#include <signal.h>
#include <sys/wait.h>

#include "store/draft.h"

static struct store *store;
static struct drafts *drafts;

static int open_drafts(void **state)
{
    struct error err = {0};
    static int number;
    char name[32];
    (void)state;
    snprintf(name, sizeof name, "drafts-%d", number++);
    store = store_named(name, device_keys[0]);
    must(drafts_open(store_dir(store), store, "窓口1", &drafts, &err), &err);
    return 0;
}

static int close_drafts(void **state)
{
    (void)state;
    drafts_free(&drafts);
    store_free(&store);
    return 0;
}

static enum status save(const char *id, const char *path, const char *value, bool confirmed,
                        size_t *left, struct error *err)
{
    const struct draft_change change = {path, value, false, confirmed};
    const struct draft_save s = {id, "demo@1", "yamada", "桐生 みなと", path, &change, 1};
    return draft_save(drafts, &s, left, err);
}

static void value_is(const char *id, const char *path, const char *expected)
{
    struct draft row;
    struct draft_values values;
    struct error err = {0};
    const char *found = NULL;
    must(draft_read(drafts, id, &row, &values, &err), &err);
    for (size_t i = 0; i < values.count; i++)
        if (strcmp(values.items[i].path, path) == 0)
            found = values.items[i].value;
    if (!expected)
        assert_null(found);
    else
        assert_string_equal(found ? found : "(none)", expected);
    draft_free(&row);
    draft_values_free(&values);
}

/* What another process does with the drafts: its exit status is the status of the call. */
static enum status elsewhere(enum status (*call)(struct drafts *, const char *, struct error *),
                             const char *id, const char *expected)
{
    pid_t pid = fork();
    int status;
    assert_true(pid >= 0);
    if (!pid) {
        struct error err = {0};
        struct store *own;
        struct drafts *other;
        if (store_open(store_dir(store), &own, &err) ||
            drafts_open(store_dir(store), own, "窓口2", &other, &err))
            _exit(99);
        enum status st = call(other, id, &err);
        bool told = !expected || strstr(error_text(&err), expected);
        drafts_free(&other);
        store_free(&own);
        _exit(told ? (int)st : 98);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return (enum status)WEXITSTATUS(status);
}

static enum status opens(struct drafts *other, const char *id, struct error *err)
{
    struct draft row;
    struct draft_values values;
    enum status st = draft_open(other, id, "suzuki", &row, &values, err);
    if (!st) {
        draft_free(&row);
        draft_values_free(&values);
    }
    return st;
}

static enum status hands_over(struct drafts *other, const char *id, struct error *err)
{
    return draft_hand_over(other, id, "suzuki", err);
}

static enum status saves(struct drafts *other, const char *id, struct error *err)
{
    const struct draft_change change = {"phone", "9", false, true};
    const struct draft_save s = {id, "demo@1", "suzuki", NULL, NULL, &change, 1};
    return draft_save(other, &s, NULL, err);
}

static void what_was_saved_is_resumed(void **state)
{
    (void)state;
    struct error err = {0};
    struct draft row;
    struct draft_values values;
    must(save("a", "name", "桐生", true, NULL, &err), &err);
    must(save("a", "phone", "090", true, NULL, &err), &err);
    must(save("a", "name", "", true, NULL, &err), &err);
    must(draft_close(drafts, "a", &err), &err);
    must(draft_open(drafts, "a", "yamada", &row, &values, &err), &err);
    assert_string_equal(row.form, "demo@1");
    assert_string_equal(row.owner, "yamada");
    assert_string_equal(row.title, "桐生 みなと");
    assert_string_equal(row.cursor, "name");
    assert_int_equal(values.count, 1);
    assert_string_equal(values.items[0].value, "090");
    draft_free(&row);
    draft_values_free(&values);
    must(draft_delete(drafts, "a", &err), &err);
    must(draft_delete(drafts, "a", &err), &err);
    assert_int_equal(draft_open(drafts, "a", "yamada", &row, &values, &err), E_NOT_FOUND);
}

static void two_cannot_have_it_open(void **state)
{
    (void)state;
    struct error err = {0};
    must(save("b", "name", "桐生", true, NULL, &err), &err);
    assert_int_equal(elsewhere(opens, "b", "窓口1"), E_BUSY);
    assert_int_equal(elsewhere(hands_over, "b", "窓口1"), E_BUSY);
    assert_int_equal(elsewhere(saves, "b", NULL), E_CONFLICT);
    value_is("b", "phone", NULL);
    must(draft_close(drafts, "b", &err), &err);
    assert_int_equal(elsewhere(hands_over, "b", NULL), OK);
    struct draft_list list;
    must(draft_list(drafts, DRAFTS_OPEN, "suzuki", &list, &err), &err);
    assert_int_equal(list.count, 1);
    draft_list_free(&list);
    must(draft_list(drafts, DRAFTS_OPEN, "yamada", &list, &err), &err);
    assert_int_equal(list.count, 0);
    draft_list_free(&list);
    assert_int_equal(elsewhere(opens, "b", NULL), OK);
}

/* A power cut leaves the lease of a process that is no more. */
static void a_dead_process_holds_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    int ends[2], status;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (!pid) {
        struct store *own;
        struct drafts *other;
        if (store_open(store_dir(store), &own, &err) ||
            drafts_open(store_dir(store), own, "窓口2", &other, &err) || saves(other, "c", &err))
            _exit(1);
        if (write(ends[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(opens(drafts, "c", &err), E_BUSY);
    assert_non_null(strstr(error_text(&err), "窓口2"));
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    must(opens(drafts, "c", &err), &err);
    value_is("c", "phone", "9");
    close(ends[0]);
    close(ends[1]);
}

static void a_hold_waits_with_its_note(void **state)
{
    (void)state;
    struct error err = {0};
    struct draft_list list;
    long open, held;
    must(save("d", "name", "一", true, NULL, &err), &err);
    must(save("e", "name", "二", true, NULL, &err), &err);
    must(save("f", "name", "三", true, NULL, &err), &err);
    must(draft_hold(drafts, "d", "書類待ち", "", &err), &err);
    must(draft_hold(drafts, "e", "電話する", "2027-04-20", &err), &err);
    must(draft_hold(drafts, "f", "来庁", "2027-04-10", &err), &err);
    must(draft_list(drafts, DRAFTS_HELD, NULL, &list, &err), &err);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].note, "来庁");
    assert_string_equal(list.items[1].next_contact, "2027-04-20");
    assert_string_equal(list.items[2].note, "書類待ち"); /* no date: last */
    draft_list_free(&list);
    must(draft_unhold(drafts, "e", &err), &err);
    must(draft_count(drafts, &open, &held, &err), &err);
    assert_int_equal(open, 1);
    assert_int_equal(held, 2);
    assert_int_equal(draft_hold(drafts, "none", "", "", &err), E_NOT_FOUND);
    must(draft_carry(drafts, "e", "2027-04-05", "書類待ち", &err), &err);
    struct draft row;
    must(draft_read(drafts, "e", &row, NULL, &err), &err);
    assert_string_equal(row.carried_on, "2027-04-05");
    assert_string_equal(row.carried_reason, "書類待ち");
    draft_free(&row);
}

/* 123456789018 has the right check digit, 123456789012 has not. */
static void no_individual_number_comes_in(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "123456789018",
        "1234-5678-9018",
        "1234 5678 9018",
        "１２３４５６７８９０１８",
        "１２３４－５６７８－９０１８",
        "番号は123456789018です",
        "1 2 3 4 5 6 7 8 9 0 1 8",
    };
    struct error err = {0};
    size_t left;
    must(save("g", "note", "前", true, NULL, &err), &err);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (save("g", "note", numbers[i], true, NULL, &err) != E_INVALID)
            fail_msg("%s came in", numbers[i]);
        assert_string_equal(err.field, "note");
        value_is("g", "note", "前");
        assert_int_equal(draft_hold(drafts, "g", numbers[i], "", &err), E_INVALID);
        assert_int_equal(draft_carry(drafts, "g", "2027-04-05", numbers[i], &err), E_INVALID);
        const struct draft_save titled = {"g", "demo@1", "yamada", numbers[i], NULL, NULL, 0};
        assert_int_equal(draft_save(drafts, &titled, NULL, &err), E_INVALID);
    }
    /* while it is typed: from nine digits on it waits for the field to be left */
    must(save("g", "note", "12345678", false, &left, &err), &err);
    assert_int_equal(left, 0);
    must(save("g", "note", "123456789", false, &left, &err), &err);
    assert_int_equal(left, 1);
    value_is("g", "note", "12345678");
    must(save("g", "note", "123456789012", true, &left, &err), &err);
    value_is("g", "note", "123456789012");
    const struct draft_change tel = {"phone", "123456789018", true, true};
    const struct draft_save s = {"g", "demo@1", "yamada", NULL, NULL, &tel, 1};
    must(draft_save(drafts, &s, NULL, &err), &err);
}

/* One that slipped in with others takes all of them back. */
static void a_refused_save_writes_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    const struct draft_change changes[] = {{"name", "石動", false, true},
                                           {"note", "123456789018", false, true}};
    const struct draft_save s = {"h", "demo@1", "yamada", "石動", NULL, changes, 2};
    struct draft row;
    assert_int_equal(draft_save(drafts, &s, NULL, &err), E_INVALID);
    assert_int_equal(draft_read(drafts, "h", &row, NULL, &err), E_NOT_FOUND);
}

/* After a crash between 受付確定 and the deletion of the draft. */
static void a_draft_of_a_record_is_gone(void **state)
{
    (void)state;
    struct error err = {0};
    struct draft_list list;
    struct draft row;
    struct draft_values values;
    char id[UUID_SIZE];
    for (int i = 0; i < 2; i++) {
        uuid7_new(id);
        must(save(id, "name", "桐生", true, NULL, &err), &err);
        put(store, 0, id, "finalise", SET("state", "received"));
        if (i) {
            must(draft_list(drafts, DRAFTS_ALL, NULL, &list, &err), &err);
            assert_int_equal(list.count, 0);
            draft_list_free(&list);
        } else {
            assert_int_equal(draft_open(drafts, id, "yamada", &row, &values, &err), E_EXISTS);
        }
        assert_int_equal(draft_read(drafts, id, &row, NULL, &err), E_NOT_FOUND);
        assert_int_equal(save(id, "name", "桐生", true, NULL, &err), E_EXISTS);
    }
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, open_drafts, close_drafts)
    const struct CMUnitTest tests[] = {
        ONE(what_was_saved_is_resumed),     ONE(two_cannot_have_it_open),
        ONE(a_dead_process_holds_nothing),  ONE(a_hold_waits_with_its_note),
        ONE(no_individual_number_comes_in), ONE(a_refused_save_writes_nothing),
        ONE(a_draft_of_a_record_is_gone),
    };
    return cmocka_run_group_tests_name("store/draft", tests, fixture_build, fixture_tear);
}
