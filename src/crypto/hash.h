/*
 * crypto/hash: BLAKE2b with a domain in front (要約値). Every hash the program stores or signs is
 * made here, so that bytes hashed for one purpose can never stand for another.
 *
 * Any room above may call it. What is hashed is: domain text, one NUL byte, data. A NULL domain
 * hashes the data alone (for files that other tools check, e.g. with b2sum).
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE        32 /* BLAKE2b-256: events, bodies, ids */
#define HASH_HEX_SIZE    65 /* the same as lowercase hex, with terminator */
#define HASH512_SIZE     64 /* BLAKE2b-512: whole files */
#define HASH512_HEX_SIZE 129

/* A hash being made; plain memory, may be copied, needs no clean-up. */
struct hash {
    _Alignas(64) unsigned char state[384];
    size_t size;
};

void hash_start(struct hash *hash, const char *domain);    /* 32 bytes come out */
void hash512_start(struct hash *hash, const char *domain); /* 64 bytes come out */
void hash_add(struct hash *hash, const void *data, size_t len);
/* Writes HASH_SIZE or HASH512_SIZE bytes, as started. */
void hash_finish(struct hash *hash, uint8_t *out);

/* All at once. data may be NULL when len is 0. */
void hash_of(uint8_t out[HASH_SIZE], const char *domain, const void *data, size_t len);
void hash_hex_of(char out[HASH_HEX_SIZE], const char *domain, const void *data, size_t len);
void hash512_of(uint8_t out[HASH512_SIZE], const char *domain, const void *data, size_t len);

#endif
