/*
 * glyphs: lets libvterm show any character at the width glibc gives it, and gives it back unharmed.
 *
 * libvterm has width tables of its own, older than the system's (U+3099 and U+302A would take two
 * cells), and keeps six code points a cell. So every character beyond ASCII goes in as a stand-in:
 * one code point of the right width from a range both agree on, and one for each whole run of
 * combining characters. Reading a cell turns them back.
 */
#ifndef TESTS_E2E_GLYPHS_H
#define TESTS_E2E_GLYPHS_H

#include <stdint.h>

#include "base/buffer.h"

struct glyphs;

struct glyphs *glyphs_new(void);
void glyphs_free(struct glyphs **g);
/* Program output in, bytes for libvterm out; a character cut by the end of data waits for the rest.
 */
void glyphs_encode(struct glyphs *g, const char *data, size_t len, struct buffer *out);
/* Append what the code point of a cell stands for, as UTF-8. */
void glyphs_decode(const struct glyphs *g, uint32_t code, struct buffer *out);

#endif
