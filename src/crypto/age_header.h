/*
 * crypto/age_header: the text in front of an age payload. Private to this room: crypto/age.h has
 * what others call.
 */
#ifndef CRYPTO_AGE_HEADER_H
#define CRYPTO_AGE_HEADER_H

#include "base/buffer.h"
#include "crypto/age.h"

#define AGE_SALT_SIZE 16 /* between header and chunks */

/* HKDF-SHA-256 (RFC 5869) to one key of 32 bytes. */
void age_hkdf(uint8_t out[32], const void *salt, size_t salt_len, const void *secret,
              size_t secret_len, const char *info);

/* Appends the header that gives file_key to the recipients. */
enum status age_header_write(struct buffer *out, const struct age_recipient *recipients,
                             size_t count, const uint8_t file_key[AGE_FILE_KEY_SIZE],
                             struct error *err);

#endif
