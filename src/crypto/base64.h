/*
 * crypto/base64: RFC 4648 base64, canonical only: one text for one value. Used for signatures and
 * wrapped keys in text files; bundle may call it.
 */
#ifndef CRYPTO_BASE64_H
#define CRYPTO_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Appends the text of data, padded with '='. */
void base64_add(struct buffer *out, const void *data, size_t len);
/* Exactly `size` bytes from `len` characters of padded text; false when it is anything else,
 * including stray bits, spaces and missing padding. */
bool base64_decode(uint8_t *out, size_t size, const char *text, size_t len);
/* Only characters of the alphabet (and '='): libsodium's decoder takes some bytes above 0x7f for
 * letters, so every text is asked this first. */
bool base64_alphabet(const char *text, size_t len);
/* The number of characters base64_add() makes of len bytes. */
size_t base64_length(size_t len);

#endif
