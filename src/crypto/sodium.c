#include "crypto/sodium.h"

#include <stdio.h>
#include <stdlib.h>

void sodium_ready(void)
{
    if (sodium_init() < 0) {
        fputs("libsodium: no randomness on this machine\n", stderr);
        abort();
    }
}

void *secret_new(size_t size)
{
    sodium_ready();
    void *secret = sodium_malloc(size);
    if (!secret) {
        fputs("libsodium: no memory for a secret\n", stderr);
        abort();
    }
    sodium_memzero(secret, size);
    return secret;
}
