/* Bundles of several places in any order: relays, gaps, what waits. */
#include "bundle_fixture.h"

#include "store/transport.h"

static const uint8_t four[] = {0, 1, 2, 3};

/* --- Several devices --- */

/* The second counter has no line: its day goes to the first, and from there to the town with its
 * own checkpoint; the town's receipt speaks of both. */
static void another_counters_day_goes_up_unchanged(void **state)
{
    (void)state;
    struct bundle_written day, both, extract, receipt;
    struct error err = {0};
    struct store *one = fresh("relay", COUNTER), *two = fresh("relay", SECOND);
    struct store *town = fresh("relay", TOWN);
    char *line = NULL, *passed = NULL, hash[HASH_HEX_SIZE];
    int64_t fork, seq, epoch;
    one_record(two, SECOND, "090-2");
    close_day(two, SECOND);
    must(send_chain(two, SECOND, false, &day, &err), &err);
    assert_int_equal(taken(one, COUNTER, day.path).events, 3);
    one_record(one, COUNTER, "090-1");
    refused(town, LAPTOP, day.path, E_NOT_FOUND, "ほかの場所あて"); /* with another's key */
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &both, &err), &err);
    assert_int_equal(both.devices, 2);
    assert_int_equal(both.events, 6);
    struct bundle_applied in = taken(town, TOWN, both.path);
    assert_int_equal(in.events, 6);
    assert_int_equal(in.records, 2);
    must(
        transport_checkpoint_of(one, device_keys[SECOND]->fingerprint, 0, &seq, &line, &fork, &err),
        &err);
    must(transport_checkpoint_of(town, device_keys[SECOND]->fingerprint, 0, &seq, &passed, &fork,
                                 &err),
         &err);
    assert_string_equal(line, passed);
    assert_int_equal(taken(town, TOWN, day.path).events, 0); /* also straight: nothing new */
    send_down(town, COUNTER, &extract, &receipt);
    assert_true(taken(one, COUNTER, receipt.path).receipt);
    must(transport_received(one, device_keys[SECOND]->fingerprint, &seq, hash, &epoch, &err), &err);
    assert_int_equal(seq, 3);
    assert_int_equal(send_chain(one, COUNTER, false, &both, &err), E_NOT_FOUND);
    must(send_chain(one, COUNTER, true, &both, &err), &err); /* all of it, if somebody asks */
    assert_int_equal(both.events, 6);
    xfree(&line);
    xfree(&passed);
    store_free(&one);
    store_free(&two);
    store_free(&town);
}

/* A town put back from an old copy lacks what came before of both. */
static void a_bundle_waits_for_all_its_chains(void **state)
{
    (void)state;
    struct bundle_written day, first, second, extract, receipt;
    struct bundle_applied out;
    struct error err = {0};
    struct store *one = fresh("both", COUNTER), *two = fresh("both", SECOND);
    struct store *town = fresh("both", TOWN), *old = fresh("both-old", TOWN);
    struct bundle_written *days[] = {&first, &second};
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        one_record(two, SECOND, "090-2");
        close_day(two, SECOND);
        must(send_chain(two, SECOND, true, &day, &err), &err);
        taken(one, COUNTER, day.path);
        one_record(one, COUNTER, "090-1");
        close_day(one, COUNTER);
        must(send_chain(one, COUNTER, false, days[i], &err), &err);
        assert_int_equal(days[i]->devices, 2);
        assert_int_equal(days[i]->events, 6);
        taken(town, TOWN, days[i]->path);
        send_down(town, COUNTER, &extract, &receipt);
        taken(one, COUNTER, receipt.path);
    }
    refused(old, TOWN, second.path, E_HELD, "届いていません");
    assert_int_equal(taken(old, TOWN, first.path).events, 6);
    assert_int_equal(take_in(old, TOWN, second.path, &out, &err), OK);
    assert_int_equal(out.events, 6);
    store_free(&one);
    store_free(&two);
    store_free(&town);
    store_free(&old);
}

/* --- Every order of every choice among four bundles --- */

static char *orders_reference;
static struct bundle_written orders[4];

static void try_order(const uint8_t *order, size_t count)
{
    struct error err = {0};
    struct bundle_applied out;
    struct store *town = fresh("orders", TOWN);
    must(database_script(store_database(town),
                         "DELETE FROM event; DELETE FROM chain; DELETE FROM bundle; DELETE FROM"
                         " bundle_chain; DELETE FROM checkpoint; DELETE FROM record",
                         &err),
         &err);
    must(projection_rebuild(town, NULL, NULL, &err), &err);
    for (size_t i = 0; i < count; i++) {
        enum status st = take_in(town, TOWN, orders[order[i]].path, &out, &err);
        assert_true(st == OK || st == E_HELD);
    }
    for (size_t i = 0; i < ARRAY_LEN(orders); i++)
        taken(town, TOWN, orders[i].path);
    char *now = dump(town);
    if (!orders_reference)
        orders_reference = xstrdup(now);
    assert_string_equal(now, orders_reference);
    xfree(&now);
    store_free(&town);
}

static void arrange(uint8_t *order, size_t count, unsigned used, size_t *tried)
{
    try_order(order, count);
    ++*tried;
    for (size_t i = 0; i < ARRAY_LEN(four); i++)
        if (!(used >> i & 1)) {
            order[count] = four[i];
            arrange(order, count + 1, used | 1u << i, tried);
        }
}

/* Two days of a counter with the town's receipt between them (so that the second needs the first),
 * one of the other, and the laptop's. */
static void any_order_ends_the_same(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written extract, receipt;
    uint8_t order[4];
    size_t tried = 0;
    struct store *one = fresh("order-from", COUNTER), *two = fresh("order-from", SECOND);
    struct store *laptop = fresh("order-from", LAPTOP), *town = fresh("order-from", TOWN);
    one_record(one, COUNTER, "090-1");
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &orders[0], &err), &err);
    taken(town, TOWN, orders[0].path);
    send_down(town, COUNTER, &extract, &receipt);
    taken(one, COUNTER, receipt.path);
    one_record(one, COUNTER, "090-2");
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &orders[1], &err), &err);
    assert_int_equal(orders[1].first, 4);
    one_record(two, SECOND, "090-3");
    close_day(two, SECOND);
    must(send_chain(two, SECOND, false, &orders[2], &err), &err);
    one_record(laptop, LAPTOP, "090-4");
    must(send_chain(laptop, LAPTOP, false, &orders[3], &err), &err);
    arrange(order, 0, 0, &tried);
    assert_int_equal(tried, 65);
    struct store *stores[] = {one, two, laptop, town};
    for (size_t i = 0; i < ARRAY_LEN(stores); i++)
        store_free(&stores[i]);
    xfree(&orders_reference);
}

static void a_gap_is_named_by_its_number(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written first, second, extract, receipt;
    struct store *one = fresh("gap", COUNTER), *town = fresh("gap", TOWN);
    struct store *restored = fresh("gap-restored", TOWN);
    one_record(one, COUNTER, "090-1");
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &first, &err), &err);
    taken(town, TOWN, first.path);
    send_down(town, COUNTER, &extract, &receipt);
    taken(one, COUNTER, receipt.path);
    one_record(one, COUNTER, "090-2");
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &second, &err), &err);
    refused(restored, TOWN, second.path, E_HELD, "届いていません（1番から3番までの記録）");
    taken(restored, TOWN, first.path);
    assert_int_equal(taken(restored, TOWN, second.path).events, 3);
    store_free(&one);
    store_free(&town);
    store_free(&restored);
}

static int build(void **state)
{
    unpack_in_process(true);
    return fixture_build(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_counters_day_goes_up_unchanged),
        cmocka_unit_test(a_bundle_waits_for_all_its_chains),
        cmocka_unit_test(any_order_ends_the_same),
        cmocka_unit_test(a_gap_is_named_by_its_number),
    };
    return cmocka_run_group_tests_name("bundle/order", tests, build, fixture_tear);
}
