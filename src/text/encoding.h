/*
 * text/encoding: text in from and out to other encodings (文字コード). Nothing is lost or replaced
 * silently: what cannot be converted is an error that names the place. CP932 takes both Unicode
 * forms of 〜～ ∥‖ −－ ¢￠ £￡ ¬￢ and reads its codes as Windows does.
 */
#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"

/* Appends data, which is in the encoding name ("UTF-8", "CP932", any name iconv knows), as UTF-8. A
 * byte-order mark of UTF-8 is left out. E_UNSUPPORTED for an unknown name, E_PARSE for bytes that
 * the encoding does not have; nothing is appended then. */
enum status encoding_decode(const char *name, const char *data, size_t len, struct buffer *utf8,
                            struct error *err);
/* Appends utf8 in the encoding name. E_INVALID names the first character that the encoding lacks,
 * with its place and code point; nothing is appended then. */
enum status encoding_encode(const char *name, const char *utf8, struct buffer *out,
                            struct error *err);
/* "UTF-8" and "CP932" for the other names these have (SJIS, Windows-31J ...), else name itself.
 * Borrowed. */
const char *encoding_known_name(const char *name);
/* Whether each byte of ASCII stands for itself wherever it is and other characters have none of
 * those below 0x30 (so not UTF-16, ISO-2022-JP): lines and cells can then be told apart before
 * decoding. E_UNSUPPORTED for an unknown name. */
enum status encoding_keeps_ascii(const char *name, bool *keeps, struct error *err);
/* *place: where in utf8 the first character stands that the encoding lacks; its length when it has
 * all of them. E_UNSUPPORTED for an unknown name. */
enum status encoding_loss(const char *name, const char *utf8, size_t *place, struct error *err);
/* Bytes utf8 takes in the encoding; (size_t)-1 when it cannot be encoded. */
size_t encoding_length(const char *name, const char *utf8);

#endif
