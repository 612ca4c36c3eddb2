#include "text/width.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <wchar.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "text/grapheme.h"
#include "text/sanitize.h"
#include "text/utf8.h"

/* Marks that one screen cell can hold beside its letter (curses' CCHARW_MAX less one). */
enum { MARKS_MAX = 4 };

static const char geta[] = "〓";

static int ambiguous = 1;

/* The one list of exceptions: where the C library's answer is not what terminals draw, or not the
 * same in every version of it. tests/width asks tmux and xterm; what differs goes in here or is
 * shown as 〓. first, last, cells. */
static const struct {
    uint32_t first, last;
    int cells;
} exceptions[] = {
    {0x3099, 0x309A, 0},   /* combining dakuten, handakuten */
    {0xFE00, 0xFE0F, 0},   /* variation selectors */
    {0xE0100, 0xE01EF, 0}, /* ideographic variation selectors */
    {0xFF9E, 0xFF9F, 1},   /* half-width ﾞ ﾟ */
    {0x3000, 0x3000, 2},   /* ideographic space */
    {0x302A, 0x302D, 0},   /* ideographic tone marks */
};

void width_set_ambiguous(int cells)
{
    ambiguous = cells == 2 ? 2 : 1;
}

static int icu_cells(uint32_t cp)
{
    if (U_MASK(u_charType((UChar32)cp)) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK))
        return 0;
    switch (u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH)) {
    case U_EA_WIDE:
    case U_EA_FULLWIDTH:
        return 2;
    default:
        return 1;
    }
}

/* The C library answers by the thread's locale, and ours may be C: ask in one that knows Unicode. */
static int library_cells(uint32_t cp)
{
    static _Thread_local bool tried;
    static _Thread_local locale_t unicode;
    if (!tried) {
        tried = true;
        unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    }
    if (!unicode)
        return icu_cells(cp);
    const wchar_t character = (wchar_t)cp;
    locale_t before = uselocale(unicode);
    /* Not wcwidth(), for which ui/paint gives curses our answer. */
    int cells = cp ? wcswidth(&character, 1) : 0;
    uselocale(before);
    return cells;
}

int code_width(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7F)
        return 1;
    if ((cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3041 && cp <= 0x3096))
        return 2;
    for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
        if (cp >= exceptions[i].first && cp <= exceptions[i].last)
            return exceptions[i].cells;
    int cells = library_cells(cp);
    if (cells == 1 && ambiguous == 2 &&
        u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH) == U_EA_AMBIGUOUS)
        return 2;
    return cells;
}

static bool without_glyph(uint32_t cp)
{
    return (U_MASK(u_charType((UChar32)cp)) & (U_GC_CO_MASK | U_GC_CN_MASK | U_GC_CS_MASK)) ||
           (cp >= 0x1F1E6 && cp <= 0x1F1FF) || cp == 0x200D;
}

/* Every code point of the cluster, and the cells they take together. */
static enum cluster_show look(const char *s, size_t len, int *cells)
{
    enum cluster_show show = SHOW_AS_IS;
    uint32_t before = 0, cp, after;
    size_t count = 0;
    *cells = 0;
    for (size_t at = 0; at < len; count++) {
        size_t used = utf8_decode(s + at, len - at, &cp);
        after = 0;
        if (at + used < len)
            utf8_decode(s + at + used, len - at - used, &after);
        if (sanitize_escapes(before, cp, after))
            return SHOW_ESCAPE;
        int add = code_width(cp);
        if (add < 0 || without_glyph(cp))
            show = SHOW_GETA;
        else
            *cells += add;
        before = cp;
        at += used;
    }
    if (*cells < 1 || *cells > 2 || count > 1 + MARKS_MAX)
        show = SHOW_GETA;
    return show;
}

enum cluster_show cluster_show(const char *s, size_t len)
{
    int cells;
    return look(s, len, &cells);
}

static size_t put(char *out, size_t size, size_t at, const char *text, size_t len)
{
    if (at + len >= size)
        return at;
    memcpy(out + at, text, len);
    out[at + len] = '\0';
    return at + len;
}

/* Only what is harmful in the cluster is escaped: 山 with a joiner behind it is 山⟦U+200D⟧. */
static size_t display_escaped(char *out, size_t size, const char *s, size_t len)
{
    struct buffer all = BUFFER_INIT;
    uint32_t cp;
    size_t fits = 0;
    sanitize_add(&all, s, len);
    /* An escape ends with its bracket; what follows whole ones is dropped when out is full. */
    for (size_t at = 0; at < all.len && at < size;) {
        at += utf8_decode(all.data + at, all.len - at, &cp);
        if (at < size && (cp == 0x27E7 || at == all.len))
            fits = at;
    }
    size_t n = put(out, size, 0, buffer_text(&all), fits);
    buffer_free(&all);
    return n;
}

size_t cluster_display(char *out, size_t size, const char *s, size_t len)
{
    int cells;
    if (size == 0)
        return 0;
    out[0] = '\0';
    switch (look(s, len, &cells)) {
    case SHOW_AS_IS:
        return put(out, size, 0, s, len);
    case SHOW_GETA:
        return put(out, size, 0, geta, sizeof geta - 1);
    default:
        return display_escaped(out, size, s, len);
    }
}

static int escaped_width(const char *s, size_t len)
{
    char shown[CLUSTER_DISPLAY_SIZE];
    size_t n = display_escaped(shown, sizeof shown, s, len);
    int width = 0;
    uint32_t cp;
    for (size_t at = 0; at < n;) {
        at += utf8_decode(shown + at, n - at, &cp);
        int cells = code_width(cp);
        width += cells > 0 ? cells : 0;
    }
    return width;
}

int cluster_width(const char *s, size_t len)
{
    int cells;
    switch (look(s, len, &cells)) {
    case SHOW_AS_IS:
        return cells;
    case SHOW_GETA:
        return 2;
    default:
        return escaped_width(s, len);
    }
}

int text_width(const char *s)
{
    size_t len = strlen(s);
    int width = 0;
    for (size_t at = 0, next; at < len; at = next) {
        next = grapheme_next(s, len, at);
        width += cluster_width(s + at, next - at);
    }
    return width;
}

size_t text_fit(const char *s, int cells)
{
    size_t len = strlen(s), at = 0;
    while (at < len) {
        size_t next = grapheme_next(s, len, at);
        cells -= cluster_width(s + at, next - at);
        if (cells < 0)
            break;
        at = next;
    }
    return at;
}
