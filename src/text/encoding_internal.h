/*
 * text/encoding_internal: one encoding's converter, both ways, shared by the encoding_*.c files.
 *
 * iconv does the work. CP932 is tried when it is opened: where the iconv at hand does not answer
 * as Windows does (GNU libiconv reads 〜∥－￠￡￢ as JIS has them and writes ￢ and Ⅰ to IBM's
 * codes), the answer is put right here.
 */
#ifndef TEXT_ENCODING_INTERNAL_H
#define TEXT_ENCODING_INTERNAL_H

#include <iconv.h>
#include <stddef.h>

#include "base/buffer.h"

#define CP932_NAME "CP932"

struct converter;

/* NULL for a name that iconv does not know. Valid until some others have been asked for. */
struct converter *converter_get(const char *name);
/* Convert up to the first byte that cannot be, appending; return how many bytes were taken. What a
 * stateful encoding needs at the end is added when all was. */
size_t converter_decode(struct converter *c, const char *data, size_t len, struct buffer *utf8);
size_t converter_encode(struct converter *c, const char *utf8, size_t len, struct buffer *out);

/* What converts: iconv, or what a test puts in its place (NULL = iconv again). */
struct converter_engine {
    iconv_t (*open)(const char *to, const char *from);
    size_t (*convert)(iconv_t cd, char **in, size_t *in_left, char **out, size_t *out_left);
    int (*close)(iconv_t cd);
};
void converter_use(const struct converter_engine *engine);

#endif
