#include "text/kana.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "text/utf8.h"

/* Katakana is hiragana and this. */
enum { SHIFT = 0x60, FULL_ASCII = 0xFEE0, HALF_KANA = 0xFF61, HALF_KANA_END = 0xFF9F };
enum { HALF_DAKUTEN = 0xFF9E, HALF_HANDAKUTEN = 0xFF9F, DAKUTEN = 0x3099, HANDAKUTEN = 0x309A };

/* U+FF61 and on, in their order. */
static const wchar_t half_kana[] =
    L"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソ"
    L"タチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/* Plain kana and its voiced form, in pairs. */
static const wchar_t voiced[] =
    L"カガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴヽヾ";
static const wchar_t voiced_katakana_only[] = L"ワヷヰヸヱヹヲヺ";
static const wchar_t half_voiced[] = L"ハパヒピフプヘペホポ";

static bool hiragana_letter(uint32_t cp)
{
    return (cp >= 0x3041 && cp <= 0x3096) || cp == 0x309D || cp == 0x309E;
}

/* Katakana that has a hiragana of the same sound. */
static bool katakana_letter(uint32_t cp)
{
    return (cp >= 0x30A1 && cp <= 0x30F6) || cp == 0x30FD || cp == 0x30FE;
}

static bool half_kana_letter(uint32_t cp)
{
    return cp >= HALF_KANA && cp <= HALF_KANA_END;
}

/* The other half of a pair whose half number side is cp; 0 when there is none. */
static uint32_t other(const wchar_t *pairs, uint32_t cp, size_t side)
{
    for (; *pairs; pairs += 2)
        if ((uint32_t)pairs[side] == cp)
            return (uint32_t)pairs[1 - side];
    return 0;
}

/* The composed kana of cp and a combining mark; 0 when there is none. */
static uint32_t composed(uint32_t cp, uint32_t mark)
{
    uint32_t shift = hiragana_letter(cp) ? SHIFT : 0;
    uint32_t found = other(mark == DAKUTEN ? voiced : half_voiced, cp + shift, 0);
    if (found)
        return found - shift;
    return mark == DAKUTEN && !shift ? other(voiced_katakana_only, cp, 0) : 0;
}

/* The code point at *at, which moves on; 0 at the end. */
static uint32_t take(const char *s, size_t len, size_t *at)
{
    uint32_t cp = 0;
    if (*at < len)
        *at += utf8_decode(s + *at, len - *at, &cp);
    return cp;
}

static void put(struct buffer *out, uint32_t cp)
{
    char bytes[4];
    buffer_add(out, bytes, utf8_encode(bytes, cp));
}

/* One code point to one; a malformed byte is kept. */
static char *convert(const char *s, uint32_t (*change)(uint32_t))
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t cp = take(s, len, &at), changed = change(cp);
        if (changed == cp)
            buffer_add(&out, s + start, at - start);
        else
            put(&out, changed);
    }
    return buffer_steal(&out);
}

static uint32_t to_katakana(uint32_t cp)
{
    return hiragana_letter(cp) ? cp + SHIFT : cp;
}

static uint32_t to_hiragana(uint32_t cp)
{
    return katakana_letter(cp) ? cp - SHIFT : cp;
}

static uint32_t to_ascii(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - FULL_ASCII;
    switch (cp) {
    case 0x3000:
        return ' ';
    case 0x2212: /* what some systems type for － */
        return '-';
    case 0x301C: /* and for ～ */
        return '~';
    default:
        return cp;
    }
}

static uint32_t to_full_ascii(uint32_t cp)
{
    return cp == ' ' ? 0x3000 : cp > ' ' && cp < 0x7F ? cp + FULL_ASCII : cp;
}

char *kana_katakana(const char *s)
{
    return convert(s, to_katakana);
}

char *kana_hiragana(const char *s)
{
    return convert(s, to_hiragana);
}

char *kana_ascii(const char *s)
{
    return convert(s, to_ascii);
}

char *kana_zenkaku_kana(const char *s)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t cp = take(s, len, &at);
        if (!half_kana_letter(cp)) {
            buffer_add(&out, s + start, at - start);
            continue;
        }
        cp = (uint32_t)half_kana[cp - HALF_KANA];
        size_t behind = at;
        uint32_t mark = take(s, len, &behind), whole = 0;
        if (mark == HALF_DAKUTEN || mark == HALF_HANDAKUTEN)
            whole = composed(cp, mark == HALF_DAKUTEN ? DAKUTEN : HANDAKUTEN);
        if (whole)
            at = behind;
        put(&out, whole ? whole : cp);
    }
    return buffer_steal(&out);
}

char *kana_zenkaku(const char *s)
{
    char *kana = kana_zenkaku_kana(s);
    char *all = convert(kana, to_full_ascii);
    xfree(&kana);
    return all;
}

/* The half-width kana of a full-width one without mark; 0 when there is none. */
static uint32_t half_of(uint32_t cp)
{
    const wchar_t *found = cp ? wcschr(half_kana, (wchar_t)cp) : NULL;
    return found ? HALF_KANA + (uint32_t)(found - half_kana) : 0;
}

char *kana_hankaku(const char *s)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t cp = take(s, len, &at), mark = HALF_DAKUTEN;
        uint32_t plain = other(voiced, cp, 1);
        if (!plain)
            plain = other(voiced_katakana_only, cp, 1);
        if (!plain) {
            plain = other(half_voiced, cp, 1);
            mark = HALF_HANDAKUTEN;
        }
        if (plain && half_of(plain)) {
            put(&out, half_of(plain));
            put(&out, mark);
        } else if (half_of(cp)) {
            put(&out, half_of(cp));
        } else if (to_ascii(cp) != cp) {
            put(&out, to_ascii(cp));
        } else {
            buffer_add(&out, s + start, at - start);
        }
    }
    return buffer_steal(&out);
}

char *kana_compose(const char *s)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t cp = take(s, len, &at);
        size_t behind = at;
        uint32_t mark = take(s, len, &behind), whole = 0;
        if (mark == DAKUTEN || mark == HANDAKUTEN)
            whole = composed(cp, mark);
        if (whole) {
            put(&out, whole);
            at = behind;
        } else {
            buffer_add(&out, s + start, at - start);
        }
    }
    return buffer_steal(&out);
}

char *kana_plain_hyphens(const char *s)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t cp = take(s, len, &at);
        if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x30FC || cp == 0xFF0D ||
            cp == 0xFF70)
            buffer_add_char(&out, '-');
        else
            buffer_add(&out, s + start, at - start);
    }
    return buffer_steal(&out);
}

/* Every code point is of the kind or a space, and one at least is no space. */
static bool all_are(const char *s, bool (*kind)(uint32_t))
{
    size_t len = strlen(s);
    bool any = false;
    for (size_t at = 0; at < len;) {
        uint32_t cp = take(s, len, &at);
        if (cp == ' ' || cp == 0x3000)
            continue;
        if (!kind(cp))
            return false;
        any = true;
    }
    return any;
}

static bool long_mark_or_dot(uint32_t cp)
{
    return cp == 0x30FC || cp == 0x30FB;
}

static bool katakana(uint32_t cp)
{
    return katakana_letter(cp) || (cp >= 0x30F7 && cp <= 0x30FA) ||
           (cp >= 0x31F0 && cp <= 0x31FF) || long_mark_or_dot(cp);
}

static bool hiragana(uint32_t cp)
{
    return hiragana_letter(cp) || long_mark_or_dot(cp);
}

bool kana_is_katakana(const char *s)
{
    return all_are(s, katakana);
}

bool kana_is_hiragana(const char *s)
{
    return all_are(s, hiragana);
}

bool kana_is_hankaku(const char *s)
{
    size_t len = strlen(s);
    for (size_t at = 0; at < len;) {
        uint32_t cp = take(s, len, &at);
        if ((cp < 0x20 || cp > 0x7E) && !half_kana_letter(cp))
            return false;
    }
    return len > 0;
}
