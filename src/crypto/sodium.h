/*
 * crypto/sodium: libsodium, made ready. Private to this room: the other headers here show plain
 * bytes only, so that no other room depends on the library.
 */
#ifndef CRYPTO_SODIUM_H
#define CRYPTO_SODIUM_H

#include <sodium.h>

/* Ends the program when the library cannot work (no source of randomness). Cheap to call again. */
void sodium_ready(void);

#endif
