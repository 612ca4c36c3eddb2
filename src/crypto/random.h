/*
 * crypto/random: the kernel's randomness and the identifiers made of it. Any room above may call
 * it; nothing that must be hard to guess or unique is made in another way.
 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *out, size_t len);
/* Evenly 0 .. below-1; 0 when below is 0. */
uint32_t random_below(uint32_t below);

#define UUID_SIZE 37
/* A UUID of version 7 (RFC 9562) from the office clock: "01939d2c-....", 36 characters. Within one
 * process each is greater than the one before, even when the clock stands still or goes back. */
void uuid7_new(char out[UUID_SIZE]);

#endif
