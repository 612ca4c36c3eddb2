/* Whether bytes can steer a terminal or deceive its reader: a second opinion on text/sanitize, by
 * Unicode's own tables. */
#ifndef TESTS_UNIT_CLEAN_H
#define TESTS_UNIT_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* Offset of the first byte that may not be there, else len. Line feeds may. */
static inline size_t first_unclean(const char *bytes, size_t len)
{
    UChar32 before = 0;
    for (int32_t at = 0; at < (int32_t)len;) {
        int32_t start = at;
        UChar32 c;
        U8_NEXT((const uint8_t *)bytes, at, (int32_t)len, c);
        bool selector = (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) ||
                        (c >= 0x180b && c <= 0x180d);
        bool joiner = c == 0x200d;
        bool hidden = u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
                      u_charType(c) == U_FORMAT_CHAR;
        bool control = u_charType(c) == U_CONTROL_CHAR || u_charType(c) == U_LINE_SEPARATOR ||
                       u_charType(c) == U_PARAGRAPH_SEPARATOR;
        /* A selector belongs to a letter before it, a joiner between two pictographs. */
        bool belongs =
            before && before != '\n' &&
            (selector || (joiner && u_hasBinaryProperty(before, UCHAR_EXTENDED_PICTOGRAPHIC)));
        if (c < 0 || (control && c != '\n') || (hidden && !belongs))
            return (size_t)start;
        before = c;
    }
    return len;
}

#endif
