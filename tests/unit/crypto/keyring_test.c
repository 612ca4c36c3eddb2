#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/keyring.h"

static char dir[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/satomado-keyring-XXXXXX");
    return mkdtemp(dir) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char *line = xasprintf("rm -r %s", dir);
    int rc = system(line);
    xfree(&line);
    return rc;
}

static void a_password_opens_its_key_only(void **state)
{
    (void)state;
    struct key_pair *made = NULL, *opened = NULL;
    struct key_card card;
    assert_int_equal(keyring_user_create(dir, "yamada", "山田の合言葉", &made, NULL), OK);
    assert_int_equal(keyring_user_unlock(dir, "yamada", "山田の合言葉", &opened, NULL), OK);
    assert_memory_equal(made, opened, sizeof *made);
    assert_int_equal(keyring_user_card(dir, "yamada", &card, NULL), OK);
    assert_string_equal(card.fingerprint, made->fingerprint);
    key_pair_free(&opened);
    assert_int_equal(keyring_user_unlock(dir, "yamada", "山田の合言", &opened, NULL), E_PASSWORD);
    assert_int_equal(keyring_user_unlock(dir, "yamada", "", &opened, NULL), E_PASSWORD);
    assert_int_equal(keyring_user_unlock(dir, "sato", "山田の合言葉", &opened, NULL), E_PASSWORD);
    assert_null(opened);
    assert_int_equal(keyring_user_create(dir, "yamada", "x", &opened, NULL), E_EXISTS);
    assert_int_equal(keyring_user_create(dir, "suzuki", "", &opened, NULL), E_INVALID);
    key_pair_free(&made);
}

static void a_changed_password_keeps_the_key(void **state)
{
    (void)state;
    struct key_pair *made = NULL, *opened = NULL;
    assert_int_equal(keyring_user_create(dir, "sato", "one", &made, NULL), OK);
    assert_int_equal(keyring_user_password(dir, "sato", "wrong", "two", NULL), E_PASSWORD);
    assert_int_equal(keyring_user_password(dir, "sato", "one", "", NULL), E_INVALID);
    assert_int_equal(keyring_user_password(dir, "sato", "one", "two", NULL), OK);
    assert_int_equal(keyring_user_unlock(dir, "sato", "one", &opened, NULL), E_PASSWORD);
    assert_int_equal(keyring_user_unlock(dir, "sato", "two", &opened, NULL), OK);
    assert_string_equal(made->fingerprint, opened->fingerprint);
    key_pair_free(&made);
    key_pair_free(&opened);
}

static void logins_are_plain(void **state)
{
    (void)state;
    static const struct {
        const char *login;
        bool good;
    } rows[] = {
        {"yamada", true},
        {"k-2_x", true},
        {"", false},
        {"2k", false},
        {"Yamada", false},
        {"../x", false},
        {"a.b", false},
        {"device", false},
        {"root", false},
        {"town", false},
        {"escrow", false},
        {"abcdefghijklmnopqrstuvwxyz012345", true},
        {"abcdefghijklmnopqrstuvwxyz0123456", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(keyring_login_valid(rows[i].login), rows[i].good);
}

static void holders_come_and_go(void **state)
{
    (void)state;
    struct key_pair *escrow = key_pair_new(), *sato = key_pair_new(), *other = key_pair_new();
    struct key_pair *made = NULL, *opened = NULL;
    struct key_holder holder = {KEY_ESCROW, escrow->recipient}, second = {"sato", sato->recipient};
    assert_int_equal(keyring_create(dir, KEY_ROOT, &holder, 0, &made, NULL), E_RULE);
    assert_int_equal(keyring_open(dir, KEY_ROOT, "sato", sato, &opened, NULL), E_NOT_FOUND);
    assert_int_equal(keyring_create(dir, KEY_ROOT, &holder, 1, &made, NULL), OK);
    assert_int_equal(keyring_create(dir, KEY_ROOT, &holder, 1, &opened, NULL), E_EXISTS);
    assert_int_equal(keyring_open(dir, KEY_ROOT, "sato", sato, &opened, NULL), E_DENIED);
    assert_int_equal(keyring_unshare(dir, KEY_ROOT, KEY_ESCROW, NULL), E_RULE);
    assert_int_equal(keyring_share(dir, KEY_ROOT, other, &second, NULL), E_CONFLICT);
    assert_int_equal(keyring_share(dir, KEY_ROOT, made, &second, NULL), OK);
    assert_int_equal(keyring_open(dir, KEY_ROOT, "sato", other, &opened, NULL), E_DENIED);
    assert_int_equal(keyring_open(dir, KEY_ROOT, "sato", sato, &opened, NULL), OK);
    assert_memory_equal(opened, made, sizeof *made);
    assert_int_equal(keyring_unshare(dir, KEY_ROOT, KEY_ESCROW, NULL), OK);
    assert_int_equal(keyring_unshare(dir, KEY_ROOT, KEY_ESCROW, NULL), E_NOT_FOUND);
    key_pair_free(&opened);
    assert_int_equal(keyring_open(dir, KEY_ROOT, KEY_ESCROW, escrow, &opened, NULL), E_DENIED);
    key_pair_free(&escrow);
    key_pair_free(&sato);
    key_pair_free(&other);
    key_pair_free(&made);
}

static void a_login_gives_user_and_device(void **state)
{
    (void)state;
    struct key_pair *user = NULL, *device = NULL;
    struct user_keys *keys = NULL;
    assert_int_equal(keyring_user_create(dir, "higuchi", "pass", &user, NULL), OK);
    assert_int_equal(keyring_login(dir, "higuchi", "pass", &keys, NULL), E_NOT_FOUND);
    assert_null(keys);
    struct key_holder holder = {"higuchi", user->recipient};
    assert_int_equal(keyring_create(dir, KEY_DEVICE, &holder, 1, &device, NULL), OK);
    assert_int_equal(keyring_login(dir, "higuchi", "pass", &keys, NULL), OK);
    assert_string_equal(keys->user->fingerprint, user->fingerprint);
    assert_string_equal(keys->device->fingerprint, device->fingerprint);
    user_keys_free(&keys);
    key_pair_free(&user);
    key_pair_free(&device);
}

static void damage_is_not_a_wrong_password(void **state)
{
    (void)state;
    struct key_pair *pair = NULL;
    struct buffer text = BUFFER_INIT;
    char *path = xasprintf("%s/keys/mori.key", dir);
    struct stat st;
    assert_int_equal(keyring_user_create(dir, "mori", "pass", &pair, NULL), OK);
    key_pair_free(&pair);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(file_read(path, 1 << 16, &text, NULL), OK);
    for (size_t at = 0; at < text.len; at++) {
        struct key_card card;
        text.data[at] ^= 1;
        assert_int_equal(file_write(path, text.data, text.len, NULL), OK);
        text.data[at] ^= 1;
        assert_int_equal(keyring_user_card(dir, "mori", &card, NULL), E_CORRUPT);
        assert_int_equal(file_write(path, text.data, at, NULL), OK);
        assert_int_equal(keyring_user_unlock(dir, "mori", "pass", &pair, NULL), E_CORRUPT);
    }
    buffer_free(&text);
    xfree(&path);
}

#if !defined(__SANITIZE_ADDRESS__) /* whose own memory map fits no limit */
/* A machine without the memory must say so, never that the password is wrong. */
static void short_memory_is_not_a_wrong_password(void **state)
{
    (void)state;
    struct key_pair *pair = NULL;
    struct rlimit whole, little;
    assert_int_equal(keyring_user_create(dir, "kato", "pass", &pair, NULL), OK);
    key_pair_free(&pair);
    assert_int_equal(getrlimit(RLIMIT_AS, &whole), 0);
    little = whole;
    little.rlim_cur = 48 << 20;
    assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
    struct error err = {0};
    enum status st = keyring_user_unlock(dir, "kato", "pass", &pair, &err);
    setrlimit(RLIMIT_AS, &whole);
    assert_int_equal(st, E_BUSY);
    assert_true(err.detail[0]);
    assert_int_equal(keyring_user_unlock(dir, "kato", "pass", &pair, NULL), OK);
    key_pair_free(&pair);
}
#endif

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KEYRING_CHILD_ARGUMENT) == 0)
        return keyring_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_opens_its_key_only),
        cmocka_unit_test(a_changed_password_keeps_the_key),
        cmocka_unit_test(logins_are_plain),
        cmocka_unit_test(holders_come_and_go),
        cmocka_unit_test(a_login_gives_user_and_device),
        cmocka_unit_test(damage_is_not_a_wrong_password),
#if !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(short_memory_is_not_a_wrong_password),
#endif
    };
    return cmocka_run_group_tests_name("crypto/keyring", tests, set_up, tear_down);
}
