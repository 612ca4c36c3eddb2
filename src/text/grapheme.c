#include "text/grapheme.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "base/strings.h"
#include "text/utf8.h"

/* First and last of each range, the frequent ones first. Without U+302A..302F, 3099, 309A, FF9E and
 * FF9F, which extend what stands before them, and without pictographs (U+24C2, 303D), which a
 * joiner ties to others. */
static const uint32_t plain_ranges[][2] = {
    {0x20, 0x7E},     {0x4E00, 0x9FFF}, {0x3041, 0x3096},   {0x309B, 0x30FF}, {0x3000, 0x3029},
    {0xFF01, 0xFF9D}, {0x2150, 0x218B}, {0x2460, 0x24C1},   {0x2500, 0x257F}, {0x0391, 0x03C9},
    {0x0410, 0x044F}, {0x3400, 0x4DBF}, {0x20000, 0x2FA1D}, {0xF900, 0xFAD9},
};

bool grapheme_plain(uint32_t cp)
{
    for (size_t i = 0; i < ARRAY_LEN(plain_ranges); i++)
        if (cp >= plain_ranges[i][0] && cp <= plain_ranges[i][1])
            return true;
    return false;
}

/* Opening one costs a thousand times as much as using it; NULL when ICU has lost its data. */
static UBreakIterator *iterator(void)
{
    static _Thread_local UBreakIterator *own;
    if (!own) {
        UErrorCode status = U_ZERO_ERROR;
        own = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
        if (U_FAILURE(status))
            own = NULL;
    }
    return own;
}

/* The end of the cluster that begins at s. */
static size_t first_cluster(const char *s, size_t len)
{
    uint32_t cp;
    size_t fallback = utf8_decode(s, len, &cp);
    UBreakIterator *breaks = iterator();
    if (!breaks)
        return fallback;
    UErrorCode status = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    utext_openUTF8(&text, s, (int64_t)len, &status);
    ubrk_setUText(breaks, &text, &status);
    int32_t end = U_SUCCESS(status) ? ubrk_next(breaks) : UBRK_DONE;
    utext_close(&text);
    return end == UBRK_DONE || end <= 0 ? fallback : (size_t)end;
}

size_t grapheme_next(const char *s, size_t len, size_t pos)
{
    if (pos >= len)
        return len;
    uint32_t cp, after;
    size_t used = utf8_decode(s + pos, len - pos, &cp);
    if (pos + used >= len)
        return len;
    if (grapheme_plain(cp)) {
        utf8_decode(s + pos + used, len - pos - used, &after);
        if (grapheme_plain(after))
            return pos + used;
    }
    return pos + first_cluster(s + pos, len - pos);
}

/* Where the code point (or malformed byte) that ends at pos > 0 begins. */
static size_t step_back(const char *s, size_t pos, uint32_t *cp)
{
    size_t at = pos - 1;
    while (at > 0 && pos - at < 4 && ((unsigned char)s[at] & 0xC0) == 0x80)
        at--;
    if (at + utf8_decode(s + at, pos - at, cp) == pos)
        return at;
    *cp = UTF8_BAD;
    return pos - 1;
}

/* A plain character begins a cluster unless one of the few that lean forward stands before it. */
static bool begins_cluster(uint32_t before, uint32_t cp)
{
    return grapheme_plain(cp) &&
           (grapheme_plain(before) || before == UTF8_BAD ||
            u_getIntPropertyValue((UChar32)before, UCHAR_GRAPHEME_CLUSTER_BREAK) != U_GCB_PREPEND);
}

size_t grapheme_prev(const char *s, size_t len, size_t pos)
{
    if (pos > len)
        pos = len;
    if (pos == 0)
        return 0;
    /* Back to a boundary that is certain, which in most text is near; from there forward again. */
    uint32_t cp, before;
    size_t at = step_back(s, pos, &cp);
    while (at > 0) {
        size_t earlier = step_back(s, at, &before);
        if (begins_cluster(before, cp))
            break;
        at = earlier;
        cp = before;
    }
    for (;;) {
        size_t next = grapheme_next(s, len, at);
        if (next >= pos)
            return at;
        at = next;
    }
}

size_t grapheme_count(const char *s, size_t len)
{
    size_t count = 0;
    for (size_t at = 0; at < len; count++)
        at = grapheme_next(s, len, at);
    return count;
}
