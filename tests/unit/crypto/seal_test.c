#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "crypto/base64.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/seal.h"

/* Expected values made with b2sum -l 256 and -l 512. */
static void hashes_agree_with_b2sum(void **state)
{
    (void)state;
    char hex[HASH_HEX_SIZE];
    hash_hex_of(hex, "satomado-event-1", "abc", 3);
    assert_string_equal(hex, "23644b91b6683a6508b3f2de3abd250f2b699f31ee305724647b8bea8e720df5");
    hash_hex_of(hex, NULL, NULL, 0);
    assert_string_equal(hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    uint8_t raw[HASH512_SIZE];
    char hex512[HASH512_HEX_SIZE];
    hash512_of(raw, NULL, "abc", 3);
    hex_encode(hex512, raw, sizeof raw);
    assert_string_equal(hex512, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                                "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

static void a_hash_in_pieces_is_the_same(void **state)
{
    (void)state;
    uint8_t whole[HASH_SIZE], pieces[HASH_SIZE];
    char data[1000];
    memset(data, 'x', sizeof data);
    hash_of(whole, "d", data, sizeof data);
    struct hash hash;
    hash_start(&hash, "d");
    for (size_t at = 0; at < sizeof data; at += 8)
        hash_add(&hash, data + at, 8);
    hash_finish(&hash, pieces);
    assert_memory_equal(whole, pieces, HASH_SIZE);
}

/* The seed and public key of RFC 8032, 7.1, test 1. */
static const char *const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char *const PUBLIC =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

static struct seal_key test_key(void)
{
    struct seal_key key;
    uint8_t seed[SEAL_SEED_SIZE];
    assert_true(hex_decode(seed, sizeof seed, SEED));
    seal_key_from_seed(&key, seed);
    return key;
}

static void keys_are_ed25519(void **state)
{
    (void)state;
    struct seal_key key = test_key();
    char hex[HASH_HEX_SIZE], name[HASH_HEX_SIZE], expected[HASH_HEX_SIZE];
    hex_encode(hex, key.public_key, sizeof key.public_key);
    assert_string_equal(hex, PUBLIC);
    seal_fingerprint(name, key.public_key);
    hash_hex_of(expected, "satomado-key-1", key.public_key, sizeof key.public_key);
    assert_string_equal(name, expected);
}

static void a_seal_holds_for_its_message_only(void **state)
{
    (void)state;
    struct seal_key key = test_key();
    uint8_t seal[SEAL_SIZE], again[SEAL_SIZE];
    seal_sign(seal, &key, "satomado-act-1", "message", 7);
    seal_sign(again, &key, "satomado-act-1", "message", 7);
    assert_memory_equal(seal, again, SEAL_SIZE);
    assert_true(seal_verify(seal, key.public_key, "satomado-act-1", "message", 7));
    assert_false(seal_verify(seal, key.public_key, "satomado-act-1", "messagf", 7));
    assert_false(seal_verify(seal, key.public_key, "satomado-act-1", "message", 6));
    assert_false(seal_verify(seal, key.public_key, "satomado-act-2", "message", 7));
    for (size_t bit = 0; bit < SEAL_SIZE * 8; bit += 7) {
        memcpy(again, seal, SEAL_SIZE);
        again[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(seal_verify(again, key.public_key, "satomado-act-1", "message", 7));
    }
    static const uint8_t small_order[SEAL_PUBLIC_SIZE] = {1};
    static const uint8_t forged[SEAL_SIZE] = {1};
    assert_false(seal_verify(forged, small_order, "satomado-act-1", "message", 7));
}

/* Text moved between domain and message must not keep the seal. */
static void domain_and_message_do_not_run_together(void **state)
{
    (void)state;
    struct seal_key key = test_key();
    uint8_t seal[SEAL_SIZE];
    seal_sign(seal, &key, "ab", "c", 1);
    assert_false(seal_verify(seal, key.public_key, "a", "bc", 2));
}

static void base64_has_one_text_for_one_value(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    uint8_t out[4];
    base64_add(&text, "\xff\x00\xfe\x01", 4);
    assert_string_equal(buffer_text(&text), "/wD+AQ==");
    assert_int_equal(text.len, base64_length(4));
    assert_true(base64_decode(out, 4, "/wD+AQ==", 8));
    assert_memory_equal(out, "\xff\x00\xfe\x01", 4);
    assert_false(base64_decode(out, 4, "/wD+AR==", 8)); /* stray bits */
    assert_false(base64_decode(out, 4, "/wD+AQ", 6));
    assert_false(base64_decode(out, 4, "/wD+AQ=\n", 8));
    assert_false(base64_decode(out, 4, "_wD-AQ==", 8));
    assert_false(base64_decode(out, 3, "/wD+AQ==", 8));
    buffer_free(&text);
}

static void uuids_rise(void **state)
{
    (void)state;
    char last[UUID_SIZE] = "", id[UUID_SIZE];
    for (int i = 0; i < 20000; i++) {
        uuid7_new(id);
        assert_int_equal(strlen(id), 36);
        assert_int_equal(id[14], '7');
        assert_non_null(strchr("89ab", id[19]));
        assert_true(strcmp(last, id) < 0);
        memcpy(last, id, sizeof id);
    }
}

static void uuids_rise_when_the_clock_goes_back(void **state)
{
    (void)state;
    char path[] = "/tmp/satomado-clock-XXXXXX";
    char before[UUID_SIZE], after[UUID_SIZE];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    setenv("SATOMADO_CLOCK", path, 1);
    assert_int_equal(file_write(path, "2036-11-24T09:12:00+09:00", 25, NULL), OK);
    uuid7_new(before);
    assert_memory_equal(before, "01eb8743", 8);
    assert_int_equal(file_write(path, "2030-01-01T00:00:00+09:00", 25, NULL), OK);
    uuid7_new(after);
    assert_true(strcmp(before, after) < 0);
    unsetenv("SATOMADO_CLOCK");
    unlink(path);
}

static void random_is_not_repeated(void **state)
{
    (void)state;
    uint8_t a[32], b[32];
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    bool seen[5] = {false};
    for (int i = 0; i < 1000; i++) {
        uint32_t n = random_below(5);
        assert_true(n < 5);
        seen[n] = true;
    }
    for (int i = 0; i < 5; i++)
        assert_true(seen[i]);
    assert_int_equal(random_below(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_agree_with_b2sum),
        cmocka_unit_test(a_hash_in_pieces_is_the_same),
        cmocka_unit_test(keys_are_ed25519),
        cmocka_unit_test(a_seal_holds_for_its_message_only),
        cmocka_unit_test(domain_and_message_do_not_run_together),
        cmocka_unit_test(base64_has_one_text_for_one_value),
        cmocka_unit_test(uuids_rise),
        cmocka_unit_test(uuids_rise_when_the_clock_goes_back),
        cmocka_unit_test(random_is_not_repeated),
    };
    return cmocka_run_group_tests_name("crypto/seal", tests, NULL, NULL);
}
