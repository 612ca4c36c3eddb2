/*
 * crypto/seal: Ed25519 signatures (署名). A signature is over: domain text, one NUL byte, message;
 * the same key and message always give the same signature. Store, bundle and office may call it.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

#define SEAL_PUBLIC_SIZE 32
#define SEAL_SEED_SIZE   32
#define SEAL_SIZE        64
#define SEAL_HEX_SIZE    129

/* A key pair. `secret` is libsodium's form (seed and public key); it must not stay on the stack
 * longer than needed: keep pairs inside struct key_pair (crypto/keyring.h). */
struct seal_key {
    uint8_t public_key[SEAL_PUBLIC_SIZE];
    uint8_t secret[SEAL_PUBLIC_SIZE + SEAL_SEED_SIZE];
};

/* The pair that belongs to a seed (RFC 8032 private key). */
void seal_key_from_seed(struct seal_key *key, const uint8_t seed[SEAL_SEED_SIZE]);

/* 64 lowercase hex digits of BLAKE2b-256("satomado-key-1\0" ‖ public key): a device's id, a user
 * key's name in `actor`, the town's name in a bundle. */
void seal_fingerprint(char out[HASH_HEX_SIZE], const uint8_t public_key[SEAL_PUBLIC_SIZE]);

void seal_sign(uint8_t out[SEAL_SIZE], const struct seal_key *key, const char *domain,
               const void *message, size_t len);
/* False for anything but the one valid signature; keys of small order never verify. */
bool seal_verify(const uint8_t seal[SEAL_SIZE], const uint8_t public_key[SEAL_PUBLIC_SIZE],
                 const char *domain, const void *message, size_t len);

#endif
