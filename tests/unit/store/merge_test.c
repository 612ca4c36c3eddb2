/* The same events in any order give the same tables; two values of one field are both kept. */
#include "store_fixture.h"

#include "store/verify.h"

static unsigned long seed = 20270405;

static size_t below(size_t n)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (size_t)((seed >> 33) % n);
}

/* --- A few days of three places that write about the same records --- */

enum { RECORDS = 4, STEPS = 90 };

static char records[RECORDS][UUID_SIZE];

static void random_put(struct store *store, size_t device, const char *record)
{
    static const char *const values[] = {"青", "赤", "白"};
    static const char *const names[][2] = {
        {"桐生", "キリュウ"}, {"石動", "イスルギ"}, {"早川", "ハヤカワ"}};
    static const char *const rows[] = {"01890000-0000-7000-8000-000000000001",
                                       "01890000-0000-7000-8000-000000000002"};
    char *alive = xasprintf("things/%s/.alive", rows[below(2)]);
    char *what = xasprintf("%.*s/what", (int)(strlen(alive) - strlen("/.alive")), alive);
    size_t n = below(ARRAY_LEN(names));
    switch (below(4)) {
    case 0:
        put(store, device, record, NULL, SET("note", values[below(3)]));
        break;
    case 1:
        put(store, device, record, NULL, SET("name", names[n][0], "kana", names[n][1]));
        break;
    case 2:
        put(store, device, record, NULL,
            SET(alive, below(3) ? "true" : "false", what, values[below(3)]));
        break;
    default:
        put(store, device, record, NULL, SET("phone", below(2) ? "090-1" : "090-2"));
    }
    xfree(&alive);
    xfree(&what);
}

static void random_step(struct store *const *stores, size_t device)
{
    struct record known;
    const char *record = records[below(RECORDS)];
    const char *state = "";
    char number[32];
    struct error err = {0};
    bool there = record_load(stores[device], record, &known, &err) == OK;
    if (there)
        state = record_value(&known, "state");
    snprintf(number, sizeof number, "令9-%s-DM-%05zu-1", places[device].name, below(9) + 1);
    if (!there || !*state)
        put(stores[device], device, record, "finalise",
            SET("state", "received", "receipt_no", number));
    else if (strcmp(state, "received") == 0 && !below(5))
        put(stores[device], device, record, device == TOWN ? "decide" : "withdraw",
            SET("state", device == TOWN ? "decided" : "withdrawn"));
    else
        random_put(stores[device], device, record);
    if (there)
        record_free(&known);
}

/* All events of a history; `stores` are closed again. */
static void make_history(const char *name, struct triples *out, size_t ends[DEVICES])
{
    struct store *stores[DEVICES];
    for (size_t r = 0; r < RECORDS; r++)
        uuid7_new(records[r]);
    for (size_t i = 0; i < DEVICES; i++) {
        char *called = xasprintf("%s-%zu", name, i);
        stores[i] = store_named(called, device_keys[i]);
        xfree(&called);
    }
    for (size_t step = 0; step < STEPS; step++) {
        size_t device = below(DEVICES), to = below(DEVICES);
        random_step(stores, device);
        if (device != to && below(3) == 0)
            carry(stores[device], device, stores[to]);
    }
    for (size_t i = 0; i < DEVICES; i++) {
        collect_chain(stores[i], i, out);
        ends[i] = out->count;
        store_free(&stores[i]);
    }
}

/* The chains woven together at random, each in its own order; or in no order at all. */
static void weave(const struct triples *all, const size_t ends[DEVICES], bool chains,
                  struct triples *out)
{
    size_t at[DEVICES] = {0, ends[0], ends[1]};
    out->items = xcalloc(all->count, sizeof *out->items);
    out->count = 0;
    if (!chains) {
        memcpy(out->items, all->items, all->count * sizeof *out->items);
        for (size_t i = all->count; i-- > 1;) {
            size_t j = below(i + 1);
            struct triple t = out->items[i];
            out->items[i] = out->items[j];
            out->items[j] = t;
        }
        out->count = all->count;
    }
    while (out->count < all->count) {
        size_t d = below(DEVICES), most = 1 + below(6);
        while (at[d] < ends[d] && most--)
            out->items[out->count++] = all->items[at[d]++];
    }
}

static void any_order_gives_the_same_tables(void **state)
{
    (void)state;
    bool conflict = false;
    for (size_t history = 0; history < 3; history++) {
        struct triples all = {0};
        size_t ends[DEVICES];
        char *first = NULL, name[32];
        snprintf(name, sizeof name, "history-%zu", history);
        make_history(name, &all, ends);
        for (size_t order = 0; order < 10; order++) {
            struct triples woven;
            snprintf(name, sizeof name, "order-%zu-%zu", history, order);
            struct store *store = store_named(name, NULL);
            weave(&all, ends, order % 2 == 0, &woven);
            /* in several deliveries, so that some wait for what comes later */
            size_t half = below(woven.count);
            struct triples one = {woven.items, half},
                           two = {woven.items + half, woven.count - half};
            deliver_events(store, &one, order % 2);
            deliver_events(store, &two, order % 2);
            char *now = dump(store);
            conflict = conflict || strstr(now, "|1|") != NULL;
            if (first && strcmp(now, first) != 0)
                fail_msg("history %zu in order %zu gives other tables", history, order);
            if (first)
                xfree(&now);
            else
                first = now;
            store_free(&store);
            xfree(&woven.items);
        }
        xfree(&first);
        triples_free(&all);
    }
    assert_true(conflict);
}

/* --- Two who wrote at once --- */

struct two {
    struct store *office, *town;
    char record[UUID_SIZE];
};

static struct two begun(const char *name)
{
    struct two t;
    char *a = xasprintf("%s-office", name), *b = xasprintf("%s-town", name);
    t.office = store_named(a, device_keys[0]);
    t.town = store_named(b, device_keys[TOWN]);
    uuid7_new(t.record);
    put(t.office, 0, t.record, NULL, SET("name", "桐生", "kana", "キリュウ", "phone", "1"));
    put(t.office, 0, t.record, "finalise", SET("state", "received"));
    carry(t.office, 0, t.town);
    xfree(&a);
    xfree(&b);
    return t;
}

static void exchanged(struct two *t)
{
    carry(t->office, 0, t->town);
    carry(t->town, TOWN, t->office);
    char *a = dump(t->office), *b = dump(t->town);
    assert_true(strcmp(a, b) == 0);
    xfree(&a);
    xfree(&b);
}

static void ended(struct two *t)
{
    store_free(&t->office);
    store_free(&t->town);
}

static const struct merge_field *field_of(struct store *store, const char *id, const char *path,
                                          struct record *out)
{
    struct error err = {0};
    must(record_load(store, id, out, &err), &err);
    return merge_field(&out->merge, path);
}

static void one_field_written_twice_is_two_values(void **state)
{
    (void)state;
    struct two t = begun("twice");
    struct record record;
    put(t.office, 0, t.record, NULL, SET("phone", "2"));
    put(t.office, 0, t.record, NULL, SET("phone", "3")); /* stands on 2 */
    put(t.town, TOWN, t.record, NULL, SET("phone", "4"));
    put(t.town, TOWN, t.record, NULL, SET("note", "町"));
    exchanged(&t);
    const struct merge_field *phone = field_of(t.office, t.record, "phone", &record);
    assert_true(record.merge.conflict);
    assert_true(phone->conflict);
    assert_int_equal(phone->count, 2);
    bool three = strcmp(phone->candidates[0].value, "3") == 0;
    assert_string_equal(phone->candidates[three].value, "4");
    assert_string_equal(phone->candidates[!three].value, "3");
    assert_false(merge_field(&record.merge, "note")->conflict);
    assert_int_equal(record.merge.heads.count, 2);
    record_free(&record);

    put(t.office, 0, t.record, NULL, SET("phone", "5")); /* having seen both */
    exchanged(&t);
    phone = field_of(t.town, t.record, "phone", &record);
    assert_false(record.merge.conflict);
    assert_int_equal(phone->count, 1);
    assert_string_equal(record_value(&record, "phone"), "5");
    record_free(&record);
    ended(&t);
}

static void the_same_value_twice_is_no_conflict(void **state)
{
    (void)state;
    struct two t = begun("same");
    struct record record;
    put(t.office, 0, t.record, NULL, SET("phone", "2"));
    put(t.town, TOWN, t.record, NULL, SET("phone", "2"));
    exchanged(&t);
    const struct merge_field *phone = field_of(t.town, t.record, "phone", &record);
    assert_int_equal(phone->count, 2);
    assert_false(phone->conflict);
    assert_false(record.merge.conflict);
    record_free(&record);
    ended(&t);
}

/* A name never stands beside somebody else's reading. */
static void what_is_merged_together_comes_from_one_hand(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "group-%d", i);
        struct two t = begun(name);
        struct record record;
        put(t.office, 0, t.record, NULL, SET("name", "石動", "kana", "イスルギ"));
        put(t.town, TOWN, t.record, NULL, SET("name", "早川", "kana", "ハヤカワ"));
        exchanged(&t);
        field_of(t.office, t.record, "name", &record);
        bool first = strcmp(record_value(&record, "name"), "石動") == 0;
        assert_string_equal(record_value(&record, "kana"), first ? "イスルギ" : "ハヤカワ");
        assert_true(merge_field(&record.merge, "name")->conflict);
        assert_true(merge_field(&record.merge, "kana")->conflict);
        record_free(&record);
        ended(&t);
    }
}

/* The name here, the reading there: that is two values of one thing, and one of them is chosen. */
static void parts_of_one_value_do_not_mix(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "parts-%d", i);
        struct two t = begun(name);
        struct record record;
        put(t.office, 0, t.record, NULL, SET("name", "石動"));
        put(t.town, TOWN, t.record, NULL, SET("kana", "ハヤカワ"));
        exchanged(&t);
        const struct merge_field *f = field_of(t.office, t.record, "name", &record);
        assert_true(f->conflict);
        assert_int_equal(f->count, 2);
        assert_true(merge_field(&record.merge, "kana")->conflict);
        bool office = strcmp(record_value(&record, "name"), "石動") == 0;
        assert_string_equal(record_value(&record, "name"), office ? "石動" : "桐生");
        assert_string_equal(record_value(&record, "kana"), office ? "キリュウ" : "ハヤカワ");
        record_free(&record);
        resolve(t.office, 0, t.record, SET("kana", "イスルギ"));
        exchanged(&t);
        field_of(t.town, t.record, "kana", &record);
        assert_false(record.merge.conflict);
        assert_string_equal(record_value(&record, "kana"), "イスルギ");
        assert_int_equal(merge_field(&record.merge, "name")->count, 1);
        record_free(&record);
        ended(&t);
    }
}

static void a_decision_beats_what_an_office_did(void **state)
{
    (void)state;
    struct two t = begun("decision");
    struct record record;
    put(t.office, 0, t.record, "withdraw", SET("state", "withdrawn"));
    put(t.town, TOWN, t.record, "decide", SET("state", "decided"));
    exchanged(&t);
    const struct merge_field *f = field_of(t.office, t.record, "state", &record);
    assert_string_equal(record_value(&record, "state"), "decided");
    assert_int_equal(f->count, 2); /* the loser stays listed */
    assert_true(f->conflict);
    record_free(&record);
    /* What the town decided can be acknowledged, not undone. */
    resolve(t.office, 0, t.record, SET("state", "withdrawn"));
    exchanged(&t);
    f = field_of(t.town, t.record, "state", &record);
    assert_string_equal(record_value(&record, "state"), "decided");
    assert_true(f->conflict);
    record_free(&record);
    assert_int_equal(journal_held(t.town), 1);
    resolve(t.town, TOWN, t.record, SET("state", "decided"));
    exchanged(&t);
    f = field_of(t.office, t.record, "state", &record);
    assert_string_equal(record_value(&record, "state"), "decided");
    assert_false(f->conflict);
    assert_true(f->candidates[0].decision);
    record_free(&record);
    ended(&t);
}

/* Two offices at once, two ways on: nothing but a resolution goes on from there, and to one of the
 * two. */
static void of_two_states_only_one_is_chosen(void **state)
{
    (void)state;
    struct two t = begun("states");
    struct store *other = store_named("states-other", device_keys[1]);
    struct record record;
    carry(t.office, 0, other);
    put(t.office, 0, t.record, "withdraw", SET("state", "withdrawn"));
    put(other, 1, t.record, "return", SET("state", "correction"));
    carry(other, 1, t.office);
    const struct merge_field *f = field_of(t.office, t.record, "state", &record);
    assert_true(f->conflict);
    record_free(&record);
    put(t.office, 0, t.record, "resubmit", SET("state", "received"));
    assert_int_equal(journal_held(t.office), 1);
    put(t.office, 0, t.record, NULL, SET("state", "received"));
    assert_int_equal(journal_held(t.office), 2);
    carry(other, 1, t.town);
    exchanged(&t);
    resolve(t.town, TOWN, t.record, SET("state", "received"));
    assert_int_equal(journal_held(t.town), 3);
    resolve(t.town, TOWN, t.record, SET("state", "correction"));
    exchanged(&t);
    f = field_of(t.office, t.record, "state", &record);
    assert_false(f->conflict);
    assert_string_equal(record_value(&record, "state"), "correction");
    record_free(&record);
    store_free(&other);
    ended(&t);
}

static void a_row_stays_when_somebody_wants_it(void **state)
{
    (void)state;
#define ROW "things/01890000-0000-7000-8000-000000000001"
    struct two t = begun("row");
    struct record record;
    put(t.office, 0, t.record, NULL, SET(ROW "/.alive", "true", ROW "/what", "青"));
    exchanged(&t);
    put(t.office, 0, t.record, NULL, SET(ROW "/.alive", "false"));
    put(t.town, TOWN, t.record, NULL, SET(ROW "/.alive", "true", ROW "/what", "赤"));
    exchanged(&t);
    field_of(t.office, t.record, "phone", &record);
    assert_string_equal(record_value(&record, ROW "/.alive"), "true");
    assert_string_equal(record_value(&record, ROW "/what"), "赤");
    assert_false(record.merge.conflict);
    record_free(&record);
    put(t.office, 0, t.record, NULL, SET(ROW "/.alive", "false"));
    exchanged(&t);
    struct buffer rows = BUFFER_INIT;
    dump_query(t.town, "SELECT what FROM f_demo__things", &rows);
    assert_int_equal(rows.len, 0);
    buffer_free(&rows);
    ended(&t);
}

/* --- What is not valid changes nothing --- */

static void held_with_its_reason(struct store *store, const char *record, const char *state,
                                 const char *reason)
{
    struct error err = {0};
    struct record now;
    must(record_load(store, record, &now, &err), &err);
    assert_string_equal(record_value(&now, "state"), state);
    assert_string_equal(held_name(now.events[now.event_count - 1].held), reason);
    record_free(&now);
    assert_int_equal(journal_held(store), *reason ? 1 : 0);
}

static void an_act_is_judged_by_its_own_past(void **state)
{
    (void)state;
    struct two t = begun("judged");
    put(t.office, 0, t.record, "decide", SET("state", "decided")); /* a clerk */
    held_with_its_reason(t.office, t.record, "received", "role");
    ended(&t);
    t = begun("judged-2");
    put(t.office, 0, t.record, "withdraw", SET("state", "decided")); /* not where it leads */
    held_with_its_reason(t.office, t.record, "received", "state");
    ended(&t);
    t = begun("judged-3");
    put(t.office, 0, t.record, "withdraw", SET("state", "withdrawn"));
    put(t.office, 0, t.record, "withdraw", SET("state", "withdrawn"));
    held_with_its_reason(t.office, t.record, "withdrawn", "state");
    ended(&t);
}

/* A town that does not know the counter's first event holds the second, and takes both then. */
static void what_comes_before_its_base_waits(void **state)
{
    (void)state;
    struct two t = begun("waits");
    struct triples all = {0};
    struct store *late = store_named("waits-late", NULL);
    struct record record;
    put(t.town, TOWN, t.record, "decide", SET("state", "decided"));
    collect_chain(t.town, TOWN, &all);
    deliver_events(late, &all, false);
    assert_int_equal(journal_held(late), 1);
    struct buffer rows = BUFFER_INIT;
    dump_query(late, "SELECT record FROM record", &rows);
    assert_int_equal(rows.len, 0);
    carry(t.office, 0, late);
    assert_int_equal(journal_held(late), 0);
    field_of(late, t.record, "state", &record);
    assert_string_equal(record_value(&record, "state"), "decided");
    record_free(&record);
    buffer_free(&rows);
    triples_free(&all);
    store_free(&late);
    ended(&t);
}

/* One number twice, after a device was copied: neither end counts until the town decides. */
static void a_copied_device_is_held_at_both_ends(void **state)
{
    (void)state;
    struct two t = begun("fork");
    struct error err = {0};
    struct triples one = {0}, other = {0};
    struct store *copy = store_named("fork-copy", device_keys[0]);
    carry(t.office, 0, copy);
    put(t.office, 0, t.record, NULL, SET("phone", "2"));
    put(copy, 0, t.record, NULL, SET("phone", "3"));
    collect_chain(t.office, 0, &one);
    collect_chain(copy, 0, &other);
    deliver_events(t.town, &one, false);
    struct delivering d = {t.town, &other.items[2], 1, false};
    must(store_transaction(t.town, deliver_all, &d, &err), &err);
    assert_int_equal(journal_held(t.town), 2);
    struct record record;
    field_of(t.town, t.record, "phone", &record);
    assert_string_equal(record_value(&record, "phone"), "1");
    record_free(&record);
    /* The town takes the copy's side, and says so to everybody. */
    struct journal_tips tips;
    must(journal_tips(t.town, device_keys[0]->fingerprint, &tips, &err), &err);
    assert_int_equal(tips.count, 2);
    char good[HASH_HEX_SIZE];
    hash_hex_of(good, "satomado-event-1", other.items[2].header, strlen(other.items[2].header));
    struct registry_revocation decision = {.reason = "複写"};
    snprintf(decision.id, sizeof decision.id, "%s", device_keys[0]->fingerprint);
    strings_take(&decision.heads, registry_head(device_keys[0]->fingerprint, 3, good));
    must(registry_revoke(store_registry(t.town), root_key, &decision, &err), &err);
    strings_free(&decision.heads);
    field_of(t.town, t.record, "phone", &record);
    assert_string_equal(record_value(&record, "phone"), "3");
    assert_string_equal(held_name(record.events[record.event_count - 1].held), "");
    record_free(&record);
    assert_int_equal(journal_held(t.town), 1);
    struct verified verified;
    must(store_verify(t.town, NULL, NULL, &verified, &err), &err);
    /* Whoever knew only the other side takes it back when this one comes. */
    struct strings lines = STRINGS_INIT;
    must(registry_export(store_registry(t.town), 1, REGISTRY_NEWEST, keep_entry, &lines, &err),
         &err);
    struct taking_registry decided = {t.office, &lines};
    must(store_transaction(t.office, take_registry, &decided, &err), &err);
    struct delivering late = {t.office, &other.items[2], 1, true};
    must(store_transaction(t.office, deliver_all, &late, &err), &err);
    field_of(t.office, t.record, "phone", &record);
    assert_string_equal(record_value(&record, "phone"), "3");
    record_free(&record);
    free(tips.items);
    strings_free(&lines);
    triples_free(&one);
    triples_free(&other);
    store_free(&copy);
    ended(&t);
}

/* A gap in a chain is refused by name; the wrong predecessor too. */
static void chains_have_no_gap(void **state)
{
    (void)state;
    struct two t = begun("gap");
    struct error err = {0};
    struct triples all = {0};
    put(t.office, 0, t.record, NULL, SET("note", "一"));
    put(t.office, 0, t.record, NULL, SET("note", "二"));
    collect_chain(t.office, 0, &all);
    struct delivering d = {t.town, &all.items[3], 1, false};
    assert_int_equal(store_transaction(t.town, deliver_all, &d, &err), E_HELD);
    assert_non_null(strstr(error_text(&err), "3番"));
    struct buffer n = BUFFER_INIT;
    dump_query(t.town, "SELECT count(*) FROM event", &n);
    assert_string_equal(buffer_text(&n), "2|\n");
    buffer_free(&n);
    triples_free(&all);
    ended(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_gives_the_same_tables),
        cmocka_unit_test(one_field_written_twice_is_two_values),
        cmocka_unit_test(the_same_value_twice_is_no_conflict),
        cmocka_unit_test(what_is_merged_together_comes_from_one_hand),
        cmocka_unit_test(parts_of_one_value_do_not_mix),
        cmocka_unit_test(a_decision_beats_what_an_office_did),
        cmocka_unit_test(of_two_states_only_one_is_chosen),
        cmocka_unit_test(a_row_stays_when_somebody_wants_it),
        cmocka_unit_test(an_act_is_judged_by_its_own_past),
        cmocka_unit_test(what_comes_before_its_base_waits),
        cmocka_unit_test(a_copied_device_is_held_at_both_ends),
        cmocka_unit_test(chains_have_no_gap),
    };
    return cmocka_run_group_tests_name("store/merge", tests, fixture_build, fixture_tear);
}
