/*
 * crypto/sodium: libsodium, made ready. Private to this room: the other headers here show plain
 * bytes only, so that no other room depends on the library.
 */
#ifndef CRYPTO_SODIUM_H
#define CRYPTO_SODIUM_H

#include <sodium.h>

/* Ends the program when the library cannot work (no source of randomness). Cheap to call again. */
void sodium_ready(void);
/* Zeroed guarded memory for a secret; sodium_free() wipes it. Ends the program when there is none.
 */
void *secret_new(size_t size);

#endif
