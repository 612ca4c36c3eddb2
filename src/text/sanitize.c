#include "text/sanitize.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/grapheme.h"
#include "text/utf8.h"

enum { JOINER = 0x200D };

static bool selector(uint32_t cp)
{
    return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF) ||
           (cp >= 0x180B && cp <= 0x180D);
}

static bool pictograph(uint32_t cp)
{
    return u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/* A joiner does something only between pictographs, the first perhaps with a selector or a skin
 * tone; anywhere else it only makes equal-looking text unequal. */
static bool joins(uint32_t before, uint32_t after)
{
    return pictograph(after) && (pictograph(before) || selector(before) ||
                                 u_hasBinaryProperty((UChar32)before, UCHAR_EMOJI_MODIFIER));
}

bool sanitize_escapes(uint32_t before, uint32_t cp, uint32_t after)
{
    if (grapheme_plain(cp))
        return false;
    if (cp >= UTF8_BAD)
        return true;
    if (selector(cp))
        return before == 0;
    if (cp == JOINER)
        return !joins(before, after);
    if (u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return true;
    uint32_t category = U_MASK(u_charType((UChar32)cp));
    if (category & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK))
        return true;
    return before == 0 && (category & (U_GC_MN_MASK | U_GC_ME_MASK));
}

/* Appends ⟦U+202E⟧ for a code point, ⟦FF⟧ for the malformed byte (cp UTF8_BAD). */
static void escape(struct buffer *out, uint32_t cp, unsigned char byte)
{
    if (cp >= UTF8_BAD)
        buffer_printf(out, "⟦%02X⟧", byte);
    else
        buffer_printf(out, "⟦U+%04X⟧", cp);
}

static void add(struct buffer *out, const char *s, size_t len, bool keep_newline)
{
    uint32_t before = 0, cp, after;
    for (size_t at = 0; at < len;) {
        size_t used = utf8_decode(s + at, len - at, &cp);
        after = 0;
        if (cp == JOINER && at + used < len)
            utf8_decode(s + at + used, len - at - used, &after);
        if (keep_newline && cp == '\n') {
            buffer_add_char(out, '\n');
            before = 0;
        } else if (sanitize_escapes(before, cp, after)) {
            escape(out, cp, (unsigned char)s[at]);
            before = 0;
        } else {
            buffer_add(out, s + at, used);
            before = cp;
        }
        at += used;
    }
}

void sanitize_add(struct buffer *out, const char *s, size_t len)
{
    add(out, s, len, false);
}

char *sanitize_text(const char *s)
{
    struct buffer out = BUFFER_INIT;
    add(&out, s, strlen(s), false);
    return buffer_steal(&out);
}

char *sanitize_lines(const char *s)
{
    struct buffer out = BUFFER_INIT;
    add(&out, s, strlen(s), true);
    return buffer_steal(&out);
}
