/*
 * text/encoding: text in from and out to other encodings (文字コード). Nothing is lost or replaced
 * silently: what cannot be converted is an error that names the place. CP932 takes both Unicode
 * forms of 〜～ ∥‖ −－ ¢￠ £￡ ¬￢ and reads its codes as Windows does.
 */
#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H

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
/* Bytes utf8 takes in the encoding; (size_t)-1 when it cannot be encoded. */
size_t encoding_length(const char *name, const char *utf8);

#endif
