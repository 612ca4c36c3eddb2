/*
 * text/utf8: UTF-8 bytes and code points. Every room that looks at characters may call it; nothing
 * else decodes UTF-8 by hand.
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a malformed byte decodes to: one above the last code point. */
#define UTF8_BAD 0x110000u

/* The code point at s, which has len > 0 bytes; returns the bytes it takes. A byte that begins no
 * well-formed sequence (overlong, surrogate, cut off) gives UTF8_BAD and 1. */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
/* Writes 1 to 4 bytes, no terminator; returns how many, 0 for a surrogate or a number above
 * U+10FFFF. */
size_t utf8_encode(char out[4], uint32_t cp);
/* Well-formed throughout and without NUL. */
bool utf8_valid(const char *s, size_t len);
/* Code points; a malformed byte counts as one. */
size_t utf8_count(const char *s);

#endif
