#include "crypto/base64.h"

#include <string.h>

#include "base/xmem.h"
#include "crypto/sodium.h"

size_t base64_length(size_t len)
{
    return (len + 2) / 3 * 4;
}

void base64_add(struct buffer *out, const void *data, size_t len)
{
    size_t size = base64_length(len) + 1;
    buffer_reserve(out, size);
    sodium_bin2base64(out->data + out->len, size, data, len, sodium_base64_VARIANT_ORIGINAL);
    out->len += size - 1;
}

bool base64_alphabet(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", text[i],
                    65))
            return false;
    return true;
}

bool base64_decode(uint8_t *out, size_t size, const char *text, size_t len)
{
    size_t got = 0;
    const char *end = NULL;
    if (len != base64_length(size) || !base64_alphabet(text, len))
        return false;
    /* The library refuses stray bits, so one value has one text. */
    return sodium_base642bin(out, size, text, len, NULL, &got, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           got == size && end == text + len;
}
