#include "text/utf8.h"

#include <string.h>

/* By the number of bytes: the smallest code point that needs so many. */
static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

static bool is_surrogate(uint32_t cp)
{
    return cp >= 0xD800 && cp <= 0xDFFF;
}

size_t utf8_decode(const char *s, size_t len, uint32_t *cp)
{
    unsigned char lead = (unsigned char)s[0];
    if (lead < 0x80) {
        *cp = lead;
        return 1;
    }
    *cp = UTF8_BAD;
    size_t need = lead >= 0xC2 && lead < 0xE0   ? 2
                  : (lead & 0xF0) == 0xE0       ? 3
                  : lead >= 0xF0 && lead < 0xF5 ? 4
                                                : 0;
    if (!need || need > len)
        return 1;
    uint32_t value = lead & (0xFFu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        unsigned char next = (unsigned char)s[i];
        if ((next & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (next & 0x3F);
    }
    if (value < smallest[need] || value > 0x10FFFF || is_surrogate(value))
        return 1;
    *cp = value;
    return need;
}

size_t utf8_encode(char out[4], uint32_t cp)
{
    if (cp > 0x10FFFF || is_surrogate(cp))
        return 0;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    out[0] = (char)((0xF00u >> n & 0xF0) | cp);
    return n;
}

bool utf8_valid(const char *s, size_t len)
{
    uint32_t cp;
    for (size_t at = 0; at < len;) {
        at += utf8_decode(s + at, len - at, &cp);
        if (cp == UTF8_BAD || cp == 0)
            return false;
    }
    return true;
}

size_t utf8_count(const char *s)
{
    size_t len = strlen(s), count = 0;
    uint32_t cp;
    for (size_t at = 0; at < len; count++)
        at += utf8_decode(s + at, len - at, &cp);
    return count;
}
