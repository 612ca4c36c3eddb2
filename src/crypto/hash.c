#include "crypto/hash.h"

#include <string.h>

#include "base/strings.h"
#include "crypto/sodium.h"

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(((struct hash *)NULL)->state),
               "struct hash has room for the library's state");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct hash), "and aligns it");

static crypto_generichash_state *state_of(struct hash *hash)
{
    return (crypto_generichash_state *)(void *)hash->state;
}

static void start(struct hash *hash, size_t size, const char *domain)
{
    sodium_ready();
    hash->size = size;
    crypto_generichash_init(state_of(hash), NULL, 0, size);
    if (domain)
        hash_add(hash, domain, strlen(domain) + 1);
}

void hash_start(struct hash *hash, const char *domain)
{
    start(hash, HASH_SIZE, domain);
}

void hash512_start(struct hash *hash, const char *domain)
{
    start(hash, HASH512_SIZE, domain);
}

void hash_add(struct hash *hash, const void *data, size_t len)
{
    if (len)
        crypto_generichash_update(state_of(hash), data, len);
}

void hash_finish(struct hash *hash, uint8_t *out)
{
    crypto_generichash_final(state_of(hash), out, hash->size);
}

void hash_of(uint8_t out[HASH_SIZE], const char *domain, const void *data, size_t len)
{
    struct hash hash;
    hash_start(&hash, domain);
    hash_add(&hash, data, len);
    hash_finish(&hash, out);
}

void hash_hex_of(char out[HASH_HEX_SIZE], const char *domain, const void *data, size_t len)
{
    uint8_t raw[HASH_SIZE];
    hash_of(raw, domain, data, len);
    hex_encode(out, raw, sizeof raw);
}

void hash512_of(uint8_t out[HASH512_SIZE], const char *domain, const void *data, size_t len)
{
    struct hash hash;
    hash512_start(&hash, domain);
    hash_add(&hash, data, len);
    hash_finish(&hash, out);
}
