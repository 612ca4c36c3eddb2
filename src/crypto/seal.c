#include "crypto/seal.h"

#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/sodium.h"

_Static_assert(SEAL_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(SEAL_SEED_SIZE == crypto_sign_SEEDBYTES, "Ed25519 seed");
_Static_assert(SEAL_SIZE == crypto_sign_BYTES, "Ed25519 signature");

void seal_key_from_seed(struct seal_key *key, const uint8_t seed[SEAL_SEED_SIZE])
{
    sodium_ready();
    crypto_sign_seed_keypair(key->public_key, key->secret, seed);
}

void seal_fingerprint(char out[HASH_HEX_SIZE], const uint8_t public_key[SEAL_PUBLIC_SIZE])
{
    hash_hex_of(out, "satomado-key-1", public_key, SEAL_PUBLIC_SIZE);
}

/* Domain, NUL, message: what is signed. The caller frees. */
static uint8_t *signed_bytes(const char *domain, const void *message, size_t len, size_t *total)
{
    size_t prefix = strlen(domain) + 1;
    uint8_t *bytes = xmalloc(prefix + len);
    memcpy(bytes, domain, prefix);
    if (len)
        memcpy(bytes + prefix, message, len);
    *total = prefix + len;
    return bytes;
}

void seal_sign(uint8_t out[SEAL_SIZE], const struct seal_key *key, const char *domain,
               const void *message, size_t len)
{
    size_t total;
    uint8_t *bytes = signed_bytes(domain, message, len, &total);
    sodium_ready();
    crypto_sign_detached(out, NULL, bytes, total, key->secret);
    xfree(&bytes);
}

/* Seals found good: a record is read many times while somebody works on it, and each time all its
 * seals are checked. Direct-mapped; nobody without the key can aim at a slot. */
enum { REMEMBERED = 4096, TAG = 16 };

struct memory {
    uint8_t key[crypto_generichash_KEYBYTES];
    uint8_t tags[REMEMBERED][TAG];
    bool ready;
};

/* Where a seal that was found good is remembered, and as what. */
static uint8_t *slot_of(uint8_t tag[TAG], const uint8_t *seal, const uint8_t *public_key,
                        const uint8_t *bytes, size_t len)
{
    static struct memory memory;
    crypto_generichash_state state;
    uint32_t at;
    if (!memory.ready)
        randombytes_buf(memory.key, sizeof memory.key);
    memory.ready = true;
    crypto_generichash_init(&state, memory.key, sizeof memory.key, TAG);
    crypto_generichash_update(&state, public_key, SEAL_PUBLIC_SIZE);
    crypto_generichash_update(&state, seal, SEAL_SIZE);
    crypto_generichash_update(&state, bytes, len);
    crypto_generichash_final(&state, tag, TAG);
    memcpy(&at, tag, sizeof at);
    return memory.tags[at % REMEMBERED];
}

bool seal_verify(const uint8_t seal[SEAL_SIZE], const uint8_t public_key[SEAL_PUBLIC_SIZE],
                 const char *domain, const void *message, size_t len)
{
    size_t total;
    uint8_t *bytes = signed_bytes(domain, message, len, &total);
    sodium_ready();
    uint8_t tag[TAG], *slot = slot_of(tag, seal, public_key, bytes, total);
    bool good = memcmp(slot, tag, TAG) == 0 ||
                crypto_sign_verify_detached(seal, bytes, total, public_key) == 0;
    if (good)
        memcpy(slot, tag, TAG);
    xfree(&bytes);
    return good;
}
