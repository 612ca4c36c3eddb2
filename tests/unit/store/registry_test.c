/* The registry has one writer: what the root key did not seal is refused. */
#include "store_fixture.h"

#include "store/registry_internal.h"

static struct registry_device some_device(const struct key_pair *key)
{
    struct registry_device d = {.recipient = key->recipient,
                                .office = "上瀬支所",
                                .brief = "上瀬",
                                .name = "2",
                                .role = "counter"};
    memcpy(d.key, key->seal.public_key, SEAL_PUBLIC_SIZE);
    return d;
}

struct accepting {
    struct store *store;
    const char *entry, *seal, *root;
    bool added;
};

static enum status accept_one(void *context, struct error *err)
{
    struct accepting *a = context;
    return registry_accept(store_registry(a->store), a->entry, a->seal, a->root, &a->added, err);
}

static enum status accepted(struct store *store, const char *entry, const char *seal,
                            const char *root)
{
    struct error err = {0};
    struct accepting a = {store, entry, seal, root, false};
    enum status st = store_transaction(store, accept_one, &a, &err);
    assert_int_equal(st != OK, error_text(&err)[0] != '\0' && st != OK);
    return st;
}

static struct store *bare(const char *name)
{
    struct error err = {0};
    struct store *store;
    char *dir = file_path(fixture_dir, name);
    must(file_make_dirs(dir, &err), &err);
    must(store_open(dir, &store, &err), &err);
    xfree(&dir);
    return store;
}

static void only_the_root_key_of_paper_begins_it(void **state)
{
    (void)state;
    struct key_pair *other = key_pair_new();
    struct store *store = bare("begin");
    char *const *lines = fixture_registry.items;
    assert_int_equal(accepted(store, lines[0], lines[1], NULL), E_CRYPTO);
    assert_int_equal(accepted(store, lines[0], lines[1], other->fingerprint), E_CRYPTO);
    assert_int_equal(accepted(store, lines[2], lines[3], root_key->fingerprint), E_HELD);
    assert_int_equal(accepted(store, lines[0], lines[3], root_key->fingerprint), E_CRYPTO);
    assert_int_equal(registry_version(store_registry(store)), 0);
    assert_int_equal(accepted(store, lines[0], lines[1], root_key->fingerprint), OK);
    assert_int_equal(registry_version(store_registry(store)), 1);
    assert_int_equal(accepted(store, lines[4], lines[5], NULL), E_HELD);
    assert_int_equal(accepted(store, lines[2], lines[3], NULL), OK);
    assert_int_equal(accepted(store, lines[2], lines[3], NULL), OK); /* known */
    assert_int_equal(registry_version(store_registry(store)), 2);
    store_free(&store);
    key_pair_free(&other);
}

static void a_wrong_key_writes_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    struct key_pair *other = key_pair_new(), *device = key_pair_new();
    struct store *store = store_named("wrong", NULL);
    struct registry *r = store_registry(store);
    struct registry_device d = some_device(device);
    long before = registry_version(r);
    assert_int_equal(registry_add_device(r, other, &d, &err), E_DENIED);
    assert_int_equal(registry_version(r), before);

    /* Somebody with a root of their own makes the next entry of the same chain. */
    struct store *thief = store_named("thief", NULL);
    must(registry_add_device(store_registry(thief), root_key, &d, &err), &err);
    struct strings lines = STRINGS_INIT;
    must(registry_export(store_registry(thief), before + 1, REGISTRY_NEWEST, keep_entry, &lines,
                         &err),
         &err);
    uint8_t hash[HASH_SIZE], seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    hash_of(hash, "satomado-registry-entry-1", lines.items[0], strlen(lines.items[0]));
    seal_sign(seal, &other->seal, "satomado-registry-1", hash, sizeof hash);
    hex_encode(hex, seal, sizeof seal);
    char *forged = xasprintf("{\"sign\":\"%s\"}", hex);
    assert_int_equal(accepted(store, lines.items[0], forged, NULL), E_CRYPTO);
    for (size_t at = 0; lines.items[0][at]; at++) {
        lines.items[0][at] ^= 1;
        assert_int_not_equal(accepted(store, lines.items[0], lines.items[1], NULL), OK);
        lines.items[0][at] ^= 1;
    }
    assert_int_equal(registry_version(r), before);
    assert_int_equal(accepted(store, lines.items[0], lines.items[1], NULL), OK);
    must(registry_verify(r, &err), &err);
    xfree(&forged);
    strings_free(&lines);
    store_free(&store);
    store_free(&thief);
    key_pair_free(&other);
    key_pair_free(&device);
}

static void two_next_entries_are_a_fork(void **state)
{
    (void)state;
    struct error err = {0};
    struct key_pair *one = key_pair_new(), *two = key_pair_new();
    struct store *a = store_named("fork-a", NULL), *b = store_named("fork-b", NULL);
    struct registry_device d1 = some_device(one), d2 = some_device(two);
    long before = registry_version(store_registry(a));
    struct strings lines = STRINGS_INIT;
    must(registry_add_device(store_registry(a), root_key, &d1, &err), &err);
    must(registry_add_device(store_registry(b), root_key, &d2, &err), &err);
    must(registry_export(store_registry(b), before + 1, REGISTRY_NEWEST, keep_entry, &lines, &err),
         &err);
    assert_int_equal(accepted(a, lines.items[0], lines.items[1], NULL), E_CONFLICT);
    strings_free(&lines);
    store_free(&a);
    store_free(&b);
    key_pair_free(&one);
    key_pair_free(&two);
}

struct failing {
    struct store *store;
    const struct registry_device *device;
};

static enum status add_and_fail(void *context, struct error *err)
{
    struct failing *f = context;
    enum status st = registry_add_device(store_registry(f->store), root_key, f->device, err);
    return st ? st : E_CANCELLED;
}

static void what_was_taken_back_is_not_known(void **state)
{
    (void)state;
    struct error err = {0};
    struct key_pair *one = key_pair_new(), *two = key_pair_new();
    struct store *store = store_named("taken-back", NULL);
    struct registry_device d1 = some_device(one), d2 = some_device(two), found = {0};
    struct failing f = {store, &d1};
    long before = registry_version(store_registry(store));
    assert_int_equal(store_transaction(store, add_and_fail, &f, &err), E_CANCELLED);
    /* as many entries as before the failure, but another last one */
    must(registry_add_device(store_registry(store), root_key, &d2, &err), &err);
    assert_int_equal(registry_version(store_registry(store)), before + 1);
    assert_int_equal(
        registry_device(store_registry(store), REGISTRY_NEWEST, one->fingerprint, &found, NULL),
        E_NOT_FOUND);
    must(registry_device(store_registry(store), REGISTRY_NEWEST, two->fingerprint, &found, &err),
         &err);
    registry_device_free(&found);
    must(registry_verify(store_registry(store), &err), &err);
    store_free(&store);
    key_pair_free(&one);
    key_pair_free(&two);
}

/* Roles are those of the version the author knew; a revoked key has none from then on. */
static void roles_are_of_their_time(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("roles", NULL);
    struct registry *r = store_registry(store);
    const char *clerk = user_keys_of[0]->fingerprint;
    long before = registry_version(r);
    struct registry_revocation stop = {.reason = "退職"}, found = {0};
    assert_true(registry_has_role(r, before, clerk, "clerk"));
    assert_false(registry_has_role(r, before, clerk, "reviewer"));
    snprintf(stop.id, sizeof stop.id, "%s", clerk);
    assert_int_equal(registry_revocation(r, REGISTRY_NEWEST, clerk, &found, NULL), E_NOT_FOUND);
    must(registry_revoke(r, root_key, &stop, &err), &err);
    assert_false(registry_has_role(r, before + 1, clerk, "clerk"));
    assert_false(registry_has_role(r, REGISTRY_NEWEST, clerk, "clerk"));
    assert_true(registry_has_role(r, before, clerk, "clerk"));
    must(registry_revocation(r, REGISTRY_NEWEST, clerk, &found, &err), &err);
    assert_string_equal(found.reason, "退職");
    registry_revocation_free(&found);
    struct registry_user user = {0};
    must(registry_user(r, REGISTRY_NEWEST, clerk, &user, &err), &err); /* still to be verified */
    registry_user_free(&user);
    struct registry_users users = {0};
    must(registry_users(r, REGISTRY_NEWEST, device_keys[0]->fingerprint, &users, &err), &err);
    assert_int_equal(users.count, 0);
    registry_users_free(&users);
    store_free(&store);
}

/* What a revoked user signs is held; what was signed before stays. */
static void a_revoked_users_acts_do_not_count(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("revoked", device_keys[0]);
    struct registry_revocation stop = {.reason = "紛失"};
    struct record record;
    char id[UUID_SIZE];
    uuid7_new(id);
    put(store, 0, id, "finalise", SET("state", "received"));
    char head[HASH_HEX_SIZE];
    int64_t seq;
    must(journal_head(store, device_keys[0]->fingerprint, &seq, head, &err), &err);
    strings_take(&stop.heads, registry_head(device_keys[0]->fingerprint, seq, head));
    snprintf(stop.id, sizeof stop.id, "%s", user_keys_of[0]->fingerprint);
    must(registry_revoke(store_registry(store), root_key, &stop, &err), &err);
    put(store, 0, id, "withdraw", SET("state", "withdrawn"));
    must(record_load(store, id, &record, &err), &err);
    assert_string_equal(record_value(&record, "state"), "received");
    assert_int_equal(record.events[1].held, HELD_REVOKED);
    record_free(&record);
    /* Nothing of it is good; then all that stood before it was lost. */
    struct registry_revocation nothing = {.reason = "盗難"};
    memcpy(nothing.id, stop.id, sizeof nothing.id);
    must(registry_revoke(store_registry(store), root_key, &nothing, &err), &err);
    assert_int_equal(record_load(store, id, &record, NULL), OK);
    assert_string_equal(record_value(&record, "state"), "");
    record_free(&record);
    assert_int_equal(journal_held(store), 2); /* and the tables know it already */
    must(registry_revoke(store_registry(store), root_key, &stop, &err), &err);
    assert_int_equal(journal_held(store), 1);
    strings_free(&stop.heads);
    store_free(&store);
}

static void blocks_do_not_overlap(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("blocks", NULL);
    struct registry *r = store_registry(store);
    static const struct {
        const char *brief;
        long first, last;
        enum status expected;
    } rows[] = {
        {"kirisawa", 5000, 6000, E_CONFLICT},
        {"kirisawa", 1, 1, E_CONFLICT},
        {"kirisawa", 5001, 6000, OK},
        {"kirisawa", 4000, 7000, E_CONFLICT},
        {"uese", 5001, 6000, OK},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct registry_block b = {.brief = (char *)(uintptr_t)rows[i].brief,
                                   .first = rows[i].first,
                                   .last = rows[i].last};
        snprintf(b.device, sizeof b.device, "%s", device_keys[0]->fingerprint);
        assert_int_equal(registry_add_block(r, root_key, &b, &err), rows[i].expected);
    }
    struct registry_block next = {0};
    must(registry_free_block(r, "kirisawa", 1000, &next, &err), &err);
    assert_int_equal(next.first, 6001);
    assert_int_equal(next.last, 7000);
    xfree(&next.brief);
    assert_int_equal(registry_free_block(r, "kirisawa", 94000, &next, &err), E_LIMIT);
    store_free(&store);
}

/* Another root key: sealed by the old one, proven by the new one; from then on only the new one
 * writes, and whoever knows the first from paper follows. */
static void a_new_root_key_follows_the_old(void **state)
{
    (void)state;
    struct error err = {0};
    struct key_pair *next = key_pair_new(), *stranger = key_pair_new(), *device = key_pair_new();
    struct store *town = store_named("rotating", NULL), *place = bare("following");
    struct registry *r = store_registry(town);
    struct registry_device d = some_device(device);
    struct strings lines = STRINGS_INIT;
    struct registry_town known;
    char root[HASH_HEX_SIZE];
    assert_int_equal(registry_add_root(r, stranger, next, &err), E_DENIED);
    must(registry_add_root(r, root_key, next, &err), &err);
    registry_root(r, root);
    assert_string_equal(root, next->fingerprint);
    assert_int_equal(registry_add_device(r, root_key, &d, &err), E_DENIED);
    must(registry_add_device(r, next, &d, &err), &err);
    must(registry_verify(r, &err), &err);
    must(registry_export(r, 1, REGISTRY_NEWEST, keep_entry, &lines, &err), &err);
    for (size_t i = 0; i + 1 < lines.count; i += 2)
        assert_int_equal(
            accepted(place, lines.items[i], lines.items[i + 1], root_key->fingerprint), OK);
    must(registry_town(store_registry(place), REGISTRY_NEWEST, &known, &err), &err);
    assert_string_equal(known.fingerprint, root_key->fingerprint); /* the town is the same */
    registry_town_free(&known);
    must(registry_verify(store_registry(place), &err), &err);
    /* Sealed by the root in force, but the new key never signed. */
    struct line line = registry_begin(r, "root");
    char hex[2 * SEAL_PUBLIC_SIZE + 1];
    hex_encode(hex, stranger->seal.public_key, SEAL_PUBLIC_SIZE);
    line_add_text(&line, "root", hex);
    line_add_text(&line, "proof", lines.items[1] + strlen("{\"sign\":\""));
    must(registry_append(r, next, &line, &err), &err);
    strings_free(&lines);
    must(registry_export(r, REGISTRY_NEWEST, REGISTRY_NEWEST, keep_entry, &lines, &err), &err);
    assert_int_equal(accepted(place, lines.items[lines.count - 2], lines.items[lines.count - 1],
                              root_key->fingerprint),
                     E_CRYPTO);
    assert_int_equal(registry_verify(r, &err), E_CORRUPT);
    strings_free(&lines);
    store_free(&town);
    store_free(&place);
    key_pair_free(&next);
    key_pair_free(&stranger);
    key_pair_free(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_root_key_of_paper_begins_it),
        cmocka_unit_test(a_wrong_key_writes_nothing),
        cmocka_unit_test(two_next_entries_are_a_fork),
        cmocka_unit_test(what_was_taken_back_is_not_known),
        cmocka_unit_test(roles_are_of_their_time),
        cmocka_unit_test(a_revoked_users_acts_do_not_count),
        cmocka_unit_test(blocks_do_not_overlap),
        cmocka_unit_test(a_new_root_key_follows_the_old),
    };
    return cmocka_run_group_tests_name("store/registry", tests, fixture_build, fixture_tear);
}
