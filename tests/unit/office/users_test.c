/* Keys that are ended or taken away: what they opened on this machine they open no longer. */
#include "town_fixture.h"

#include "office/office_internal.h"
#include "office/rebuild.h"
#include "office/users.h"
#include "store/journal.h"

static const enum key_kind kinds[] = {KEY_DEVICE, KEY_TOWN, KEY_ROOT};

static struct key_card card_of(const char *dir, const char *login)
{
    struct error err = {0};
    struct key_card card;
    must(keyring_user_card(dir, login, &card, &err), &err);
    return card;
}

/* How many of the town's keys are wrapped to that key. */
static int opens(const char *dir, const char *login, const struct key_card *card)
{
    const struct key_holder holder = {login, card->recipient};
    int count = 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        count += keyring_shared(dir, kinds[i], &holder);
    return count;
}

static void revoked_keys_open_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    const struct strings none = STRINGS_INIT;
    const char *const roles[] = {"admin", "reviewer"};
    char *town = fixture_copy("revoked", "town");
    struct place p = place_enter(town, "admin");
    must(setup_add_user(p.user, "second", "次席", roles, 2, PASSWORD, &err), &err);
    struct key_card second = card_of(town, "second"), admin = card_of(town, "admin");
    assert_int_equal(opens(town, "second", &second), 3);
    int own = opens(town, "admin", &admin);
    must(users_revoke(p.user, second.fingerprint, "退職", &none, &err), &err);
    assert_int_equal(opens(town, "second", &second), 0);
    assert_int_equal(opens(town, "admin", &admin), own);
    assert_int_equal(users_revoke(p.user, second.fingerprint, "退職", &none, &err), E_EXISTS);
    place_leave(&p);
    xfree(&town);
}

/* The town ended keys before it took the wrappings away: said again it does. */
static void what_was_left_is_taken_away(void **state)
{
    (void)state;
    struct error err = {0};
    const struct strings none = STRINGS_INIT;
    char *town = fixture_copy("left", "town");
    struct place p = place_enter(town, "admin");
    struct key_card kacho = card_of(town, "kacho");
    const struct key_holder holder = {"kacho", kacho.recipient};
    must(users_revoke(p.user, kacho.fingerprint, "退職", &none, &err), &err);
    must(keyring_share(town, KEY_DEVICE, p.user->keys->device, &holder, &err), &err);
    must(users_revoke(p.user, kacho.fingerprint, "退職", &none, &err), &err);
    assert_int_equal(opens(town, "kacho", &kacho), 0);
    place_leave(&p);
    xfree(&town);
}

/* Who was renewed has the same login and another key. */
static void renewed_users_keep_theirs(void **state)
{
    (void)state;
    struct error err = {0};
    struct strings good = STRINGS_INIT;
    int64_t seq;
    char head[HASH_HEX_SIZE], *town = fixture_copy("renewed", "town");
    struct place p = place_enter(town, "admin");
    struct key_card old = card_of(town, "kacho");
    must(users_renew(p.user, "kacho", PASSWORD, &err), &err);
    struct key_card fresh = card_of(town, "kacho");
    assert_int_equal(opens(town, "kacho", &fresh), 2);
    must(journal_head(office_store(p.office), p.office->device, &seq, head, &err), &err);
    strings_add(&good, head);
    must(users_revoke(p.user, old.fingerprint, "紛失", &good, &err), &err);
    assert_int_equal(opens(town, "kacho", &fresh), 2);
    strings_free(&good);
    place_leave(&p);
    xfree(&town);
}

/* The file that was: another name keeps it in sight. */
static void a_root_key_taken_away_is_written_over(void **state)
{
    (void)state;
    struct error err = {0};
    struct buffer copy = BUFFER_INIT, left = BUFFER_INIT;
    char *town = fixture_copy("away", "town"), *file = file_path(town, "keys/root.key"),
         *link_to = file_path(town, "seen"), *to = file_path(town, "away.key");
    struct place p = place_enter(town, "admin");
    assert_int_equal(link(file, link_to), 0);
    must(rebuild_root_out(p.user, to, true, &err), &err);
    assert_false(file_exists(file));
    must(file_read(to, 1 << 16, &copy, &err), &err);
    must(file_read(link_to, 1 << 16, &left, &err), &err);
    assert_int_equal(left.len, copy.len);
    assert_memory_not_equal(left.data, copy.data, copy.len);
    assert_int_equal(keyring_destroy(town, KEY_ROOT, &err), E_NOT_FOUND);
    must(rebuild_root_in(p.user, to, &err), &err);
    assert_true(file_exists(file));
    place_leave(&p);
    buffer_free(&copy);
    buffer_free(&left);
    char **names[] = {&town, &file, &link_to, &to};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        xfree(names[i]);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revoked_keys_open_nothing),
        cmocka_unit_test(what_was_left_is_taken_away),
        cmocka_unit_test(renewed_users_keep_theirs),
        cmocka_unit_test(a_root_key_taken_away_is_written_over),
    };
    return cmocka_run_group_tests_name("office/users", tests, fixture_build, fixture_tear);
}
