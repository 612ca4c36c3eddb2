/* A key that was copied before it had written anything: two devices of one name from the first
 * event on. Both are held at the town, and nothing is dropped, whichever comes first and whatever
 * is decided. */
#include "bundle_fixture.h"

static int64_t held_as(struct store *store, const char *why)
{
    int64_t n;
    database_int(store_database(store), NULL, &n, "SELECT count(*) FROM event WHERE held=?", "t",
                 why);
    return n;
}

static void decide(struct store *town, const char *head)
{
    struct error err = {0};
    struct registry_revocation decision = {.reason = "複写"};
    snprintf(decision.id, sizeof decision.id, "%s", device_keys[COUNTER]->fingerprint);
    if (head)
        strings_take(&decision.heads, registry_head(device_keys[COUNTER]->fingerprint, 3, head));
    must(registry_revoke(store_registry(town), root_key, &decision, &err), &err);
    strings_free(&decision.heads);
}

/* Where nothing counts there is not even a table of the form. */
static char *state_of(struct store *town, bool counts)
{
    struct buffer out = BUFFER_INIT;
    if (counts)
        return dump(town);
    dump_query(town, "SELECT * FROM record ORDER BY record", &out);
    dump_query(town, "SELECT * FROM search ORDER BY record", &out);
    dump_query(town, "SELECT hash,held FROM event ORDER BY hash", &out);
    return buffer_steal(&out);
}

static char *town_after(const char *test, const struct bundle_written *first,
                        const struct bundle_written *second, const char *head, int64_t refused)
{
    struct error err = {0};
    struct store *town = fresh(test, TOWN);
    assert_int_equal(taken(town, TOWN, first->path).forks, 0);
    assert_true(taken(town, TOWN, second->path).forks > 0);
    assert_int_equal(events_of(town), 6);
    assert_int_equal(held_as(town, "fork"), 6); /* from the very first on, both */
    decide(town, head);
    assert_int_equal(events_of(town), 6); /* nothing is dropped */
    assert_int_equal(held_as(town, "refused"), refused);
    assert_int_equal(held_as(town, "fork"), 0);
    char *live = state_of(town, head);
    must(projection_rebuild(town, NULL, NULL, &err), &err);
    char *again = state_of(town, head);
    assert_string_equal(again, live);
    xfree(&again);
    store_free(&town);
    return live;
}

static void a_fork_may_begin_at_the_first_event(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written one, other;
    char head[HASH_HEX_SIZE];
    struct store *counter = fresh("first", COUNTER), *copy = fresh("first-copy", COUNTER);
    one_record(counter, COUNTER, "090-1");
    close_day(counter, COUNTER);
    must(send_chain(counter, COUNTER, false, &one, &err), &err);
    one_record(copy, COUNTER, "090-2");
    close_day(copy, COUNTER);
    char *kept = file_path(fixture_dir, "first.smb");
    assert_int_equal(rename(one.path, kept), 0); /* both are its first bundle */
    snprintf(one.path, sizeof one.path, "%s", kept);
    must(send_chain(copy, COUNTER, false, &other, &err), &err);
    must(journal_hash(copy, device_keys[COUNTER]->fingerprint, 3, head, &err), &err);
    char *none = town_after("first-none", &one, &other, NULL, 6);
    char *back = town_after("first-none-back", &other, &one, NULL, 6);
    assert_string_equal(none, back);
    assert_null(strstr(none, "|090")); /* a hash may hold it */
    char *side = town_after("first-side", &one, &other, head, 3);
    char *turned = town_after("first-side-back", &other, &one, head, 3);
    assert_string_equal(side, turned);
    assert_non_null(strstr(side, "090-2"));
    assert_null(strstr(side, "090-1"));
    char **texts[] = {&kept, &none, &back, &side, &turned};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    store_free(&counter);
    store_free(&copy);
}

/* Who passes the days of another counter on, and learns that it is there twice, passes both sides
 * on, one a bundle: the town learns of it too, whatever it has already received. */
static void a_relay_passes_both_sides_on(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written one, other, up, extract, receipt;
    struct store *counter = fresh("relay", COUNTER), *copy = fresh("relay-copy", COUNTER);
    struct store *second = fresh("relay", SECOND), *town = fresh("relay", TOWN);
    one_record(counter, COUNTER, "090-1");
    close_day(counter, COUNTER);
    carry(counter, COUNTER, copy);
    one_record(counter, COUNTER, "090-2");
    close_day(counter, COUNTER);
    must(send_chain(counter, COUNTER, true, &one, &err), &err);
    char *kept = file_path(fixture_dir, "relay.smb");
    assert_int_equal(rename(one.path, kept), 0);
    snprintf(one.path, sizeof one.path, "%s", kept);
    for (int i = 0; i < 3; i++)
        one_record(copy, COUNTER, "090-3"); /* the longer one, and the later */
    close_day(copy, COUNTER);
    must(send_chain(copy, COUNTER, true, &other, &err), &err);

    taken(second, SECOND, one.path);
    one_record(second, SECOND, "090-4");
    close_day(second, SECOND);
    assert_true(taken(second, SECOND, other.path).forks > 0);
    for (int i = 0; i < 2; i++) {
        must(send_chain(second, SECOND, false, &up, &err), &err);
        taken(town, TOWN, up.path);
        send_down(town, SECOND, &extract, &receipt);
        taken(second, SECOND, receipt.path);
    }
    assert_int_equal(held_as(town, "fork"), 3 + 7);
    assert_int_equal(held_as(second, "fork"), 3 + 7);
    /* Decided, nothing of it is sent again. */
    decide(second, NULL);
    assert_int_equal(send_chain(second, SECOND, false, &up, &err), E_NOT_FOUND);
    xfree(&kept);
    struct store *stores[] = {counter, copy, second, town};
    for (size_t i = 0; i < ARRAY_LEN(stores); i++)
        store_free(&stores[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_may_begin_at_the_first_event),
        cmocka_unit_test(a_relay_passes_both_sides_on),
    };
    unpack_in_process(true);
    return cmocka_run_group_tests_name("bundle/fork", tests, fixture_build, fixture_tear);
}
