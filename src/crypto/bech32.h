/*
 * crypto/bech32: the checked text form of age keys (BIP 173 without its length limit). Private to
 * this room.
 */
#ifndef CRYPTO_BECH32_H
#define CRYPTO_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters of the text for a 32-byte key under a prefix of the given length. */
#define BECH32_KEY_LENGTH(prefix_len) ((prefix_len) + 1 + 52 + 6)

/* Lowercase text of a 32-byte key; out has room for BECH32_KEY_LENGTH + 1. */
void bech32_key_encode(char *out, const char *prefix, const uint8_t key[32]);
/* prefix and text in lowercase; false for another prefix, length, checksum or stray bits. */
bool bech32_key_decode(uint8_t key[32], const char *prefix, const char *text);

#endif
