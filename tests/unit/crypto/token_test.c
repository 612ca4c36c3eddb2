#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/token.h"

/* The seed of RFC 8032, 7.1, test 1. */
static const char *const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char *const TOWN = "6701b38cb2e829a08efdb9158911bd0c93cd8514f37f45c47c35f863aab06c35";
static const char *const OTHER = "6701b38c00000000000000000000000000000000000000000000000000000000";
static const char *const RECORD = "0193580c-5a00-7abc-8def-0123456789ab";

static struct seal_key key;

static int make_key(void **state)
{
    (void)state;
    uint8_t seed[SEAL_SEED_SIZE];
    assert_true(hex_decode(seed, sizeof seed, SEED));
    seal_key_from_seed(&key, seed);
    return 0;
}

static struct token sign(char text[TOKEN_LENGTH + 1])
{
    struct token token = {.kind = TOKEN_PERSON, .issued = {2026, 11, 24}, .until = {2027, 11, 23}};
    snprintf(token.record, sizeof token.record, "%s", RECORD);
    assert_true(token_sign(&token, &key, TOWN, text));
    return token;
}

static void what_was_signed_is_read(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    struct token made = sign(text), read;
    assert_int_equal(strlen(text), TOKEN_LENGTH);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567"), TOKEN_LENGTH);
    assert_int_equal(token_read(text, &read, NULL), OK);
    assert_int_equal(read.kind, TOKEN_PERSON);
    assert_string_equal(read.record, RECORD);
    assert_string_equal(read.town, "6701b38c");
    assert_string_equal(read.device, made.device);
    assert_int_equal(date_compare(read.issued, made.issued), 0);
    assert_int_equal(date_compare(read.until, made.until), 0);
    assert_true(token_holds(&read, key.public_key, TOWN));
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    assert_int_equal(token_read(text, &read, NULL), OK);
    assert_true(token_holds(&read, key.public_key, TOWN));
}

/* The text in tests/fixtures/token, which an independent reader also reads. */
static void the_vector_is_what_it_was(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    struct buffer file = BUFFER_INIT;
    char *path = xasprintf("%s/tests/fixtures/token/card", getenv("SATOMADO_SRCDIR"));
    sign(text);
    assert_int_equal(file_read(path, 1000, &file, NULL), OK);
    assert_memory_equal(buffer_text(&file), text, TOKEN_LENGTH);
    buffer_free(&file);
    xfree(&path);
}

static void no_end_is_no_end(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    struct token token = {.kind = TOKEN_SHEET, .issued = {2026, 11, 24}}, read;
    snprintf(token.record, sizeof token.record, "%s", RECORD);
    assert_true(token_sign(&token, &key, TOWN, text));
    assert_int_equal(token_read(text, &read, NULL), OK);
    assert_int_equal(read.kind, TOKEN_SHEET);
    assert_int_equal(read.until.year, 0);
}

static void another_town_or_device_signed_nothing(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    uint8_t other[SEAL_PUBLIC_SIZE];
    struct token token = sign(text);
    assert_false(token_holds(&token, key.public_key, OTHER));
    memcpy(other, key.public_key, sizeof other);
    other[0] ^= 1;
    assert_false(token_holds(&token, other, TOWN));
}

/* Neither as text nor in the bytes it stands for is there a bit that may be another. */
static void no_bit_may_be_changed(void **state)
{
    (void)state;
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char text[TOKEN_LENGTH + 1], changed[TOKEN_LENGTH + 1];
    struct token read;
    sign(text);
    for (size_t at = 0; at < TOKEN_LENGTH; at++)
        for (int bit = 0; bit < 8; bit++) {
            memcpy(changed, text, sizeof changed);
            changed[at] = (char)(changed[at] ^ 1 << bit);
            if (toupper((unsigned char)changed[at]) == text[at])
                continue; /* the same letter, small */
            assert_false(token_read(changed, &read, NULL) == OK &&
                         token_holds(&read, key.public_key, TOWN));
        }
    for (size_t at = 4; at < TOKEN_LENGTH; at++)
        for (int bit = 0; bit < 5; bit++) {
            memcpy(changed, text, sizeof changed);
            size_t value = (size_t)(strchr(digits, changed[at]) - digits) ^ (size_t)1 << bit;
            changed[at] = digits[value];
            assert_false(token_read(changed, &read, NULL) == OK &&
                         token_holds(&read, key.public_key, TOWN));
        }
    memcpy(changed, text, sizeof changed);
    changed[3] = 'S'; /* a card that wants to be a sheet */
    assert_int_equal(token_read(changed, &read, NULL), OK);
    assert_false(token_holds(&read, key.public_key, TOWN));
}

static void what_is_no_token_is_refused(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    struct token read;
    struct error err;
    sign(text);
    assert_int_equal(token_read("", &read, &err), E_INVALID);
    assert_int_equal(token_read("https://example.jp/", &read, &err), E_INVALID);
    assert_int_equal(token_read("SM", &read, &err), E_INVALID);
    assert_int_equal(token_read("SM1", &read, &err), E_INVALID);
    assert_int_equal(token_read("SM1P", &read, &err), E_INVALID);
    assert_int_equal(token_read("SM2PAAAA", &read, &err), E_UNSUPPORTED);
    char *longer = xasprintf("%sA", text);
    assert_int_equal(token_read(longer, &read, &err), E_INVALID);
    longer[TOKEN_LENGTH - 1] = '\0';
    assert_int_equal(token_read(longer, &read, &err), E_INVALID);
    xfree(&longer);
    text[20] = '\xc1';
    assert_int_equal(token_read(text, &read, &err), E_INVALID);
}

static void what_cannot_be_written_is_not_signed(void **state)
{
    (void)state;
    char text[TOKEN_LENGTH + 1];
    struct token token = {.record = "no-record", .issued = {2026, 11, 24}};
    assert_false(token_sign(&token, &key, TOWN, text));
    snprintf(token.record, sizeof token.record, "%s", RECORD);
    token.until = (struct date){2200, 1, 1};
    assert_false(token_sign(&token, &key, TOWN, text));
    token.until = (struct date){0};
    assert_false(token_sign(&token, &key, "6701", text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_is_read),
        cmocka_unit_test(the_vector_is_what_it_was),
        cmocka_unit_test(no_end_is_no_end),
        cmocka_unit_test(another_town_or_device_signed_nothing),
        cmocka_unit_test(no_bit_may_be_changed),
        cmocka_unit_test(what_is_no_token_is_refused),
        cmocka_unit_test(what_cannot_be_written_is_not_signed),
    };
    return cmocka_run_group_tests(tests, make_key, NULL);
}
