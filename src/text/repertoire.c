#include "text/repertoire.h"

#include <stdint.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/encoding.h"
#include "text/grapheme.h"
#include "text/sanitize.h"
#include "text/utf8.h"

static const struct {
    const char *name, *text;
} rows[] = {
#define REPERTOIRE_ROW(bit, name, text) {name, text},
    REPERTOIRE_LIST(REPERTOIRE_ROW)
#undef REPERTOIRE_ROW
};

/* How the encoding writes text; false when it lacks it. */
static bool written(const char *encoding, const char *text, struct buffer *out)
{
    buffer_clear(out);
    return encoding_encode(encoding, text, out, NULL) == OK && out->len;
}

static unsigned by_cp932(unsigned code)
{
    static const struct {
        unsigned first, last;
        unsigned bits;
    } ranges[] = {
        {0x0000, 0x007F, IN_ASCII},           {0x00A1, 0x00DF, IN_HALF_KANA},
        {0x8140, 0x84BE, IN_JIS_OTHER},       {0x8740, 0x879C, IN_CP932_EXTENSION},
        {0x889F, 0x9872, IN_JIS_LEVEL_1},     {0x989F, 0xEAA4, IN_JIS_LEVEL_2},
        {0xED40, 0xEEFC, IN_CP932_EXTENSION}, {0xF040, 0xF9FC, IS_GAIJI},
        {0xFA40, 0xFC4B, IN_CP932_EXTENSION},
    };
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].bits;
    return 0;
}

static unsigned code_of(const struct buffer *bytes)
{
    unsigned code = 0;
    for (size_t i = 0; i < bytes->len; i++)
        code = code << 8 | (unsigned char)bytes->data[i];
    return code;
}

/* The set a letter is in, its selector taken off. */
static unsigned by_trial(const char *text)
{
    struct buffer out = BUFFER_INIT;
    unsigned bits = written("CP932", text, &out) ? by_cp932(code_of(&out)) : 0;
    if (!bits || bits & IN_CP932_EXTENSION) {
        /* Two bytes: the first plane; three: the second. */
        if (written("EUC-JISX0213", text, &out))
            bits |= out.len == 2 ? IN_JIS_LEVEL_3 : out.len == 3 ? IN_JIS_LEVEL_4 : 0;
        if (!bits && written("EUC-JP", text, &out) && out.len == 3)
            bits = IN_JIS_X_0212;
    }
    buffer_free(&out);
    return bits;
}

/* The twelve of the block that are letters in their own right are left out (Unicode 4.0). */
static bool is_compatibility(uint32_t cp)
{
    static const uint8_t unified[] = {0x0E, 0x0F, 0x11, 0x13, 0x14, 0x1F,
                                      0x21, 0x23, 0x24, 0x27, 0x28, 0x29};
    if (cp >= 0xFA00 && cp <= 0xFA29 && memchr(unified, (int)(cp & 0xFF), sizeof unified))
        return false;
    return (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x2F800 && cp <= 0x2FA1F);
}

static bool is_private(uint32_t cp)
{
    return (cp >= 0xE000 && cp <= 0xF8FF) || (cp >= 0xF0000 && cp <= 0x10FFFD);
}

static bool is_selector(uint32_t cp)
{
    return (cp >= 0xE0100 && cp <= 0xE01EF) || (cp >= 0xFE00 && cp <= 0xFE0F);
}

unsigned repertoire_of(const char *cluster, size_t len)
{
    struct buffer bare = BUFFER_INIT;
    unsigned bits = 0;
    uint32_t cp;
    for (size_t at = 0, used; at < len; at += used) {
        used = utf8_decode(cluster + at, len - at, &cp);
        bits |= is_compatibility(cp) ? IS_COMPATIBILITY : 0;
        bits |= is_private(cp) ? IS_GAIJI : 0;
        if (at && is_selector(cp))
            bits |= HAS_IVS;
        else
            buffer_add(&bare, cluster + at, used);
    }
    unsigned set = by_trial(buffer_text(&bare));
    buffer_free(&bare);
    return bits | (set || bits & IS_GAIJI ? set : BEYOND_JIS);
}

static void join(unsigned bits, bool names, struct buffer *out)
{
    size_t start = out->len;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (bits & 1u << i)
            buffer_printf(out, "%s%s", out->len > start ? (names ? " " : "、") : "",
                          names ? rows[i].name : _(rows[i].text));
}

void repertoire_text(unsigned bits, struct buffer *out)
{
    join(bits, false, out);
}

void repertoire_names(unsigned bits, struct buffer *out)
{
    join(bits, true, out);
}

void repertoire_codes(const char *cluster, size_t len, struct buffer *out)
{
    uint32_t cp;
    for (size_t at = 0, used; at < len; at += used) {
        used = utf8_decode(cluster + at, len - at, &cp);
        buffer_printf(out, at ? " U+%04X" : "U+%04X", (unsigned)cp);
    }
}

static void add_letter(const char *cluster, size_t len, struct buffer *out)
{
    struct buffer letter = BUFFER_INIT;
    buffer_add_text(&letter, "「");
    sanitize_add(&letter, cluster, len);
    buffer_add_text(&letter, "」（");
    repertoire_codes(cluster, len, &letter);
    buffer_add_text(&letter, "、");
    repertoire_text(repertoire_of(cluster, len), &letter);
    buffer_add_text(&letter, "）");
    if (!strstr(buffer_text(out), letter.data)) {
        buffer_add_text(out, out->len ? "、" : "");
        buffer_add(out, letter.data, letter.len);
    }
    buffer_free(&letter);
}

enum status repertoire_lacking(const char *encoding, const char *text, struct buffer *out,
                               struct error *err)
{
    struct buffer found = BUFFER_INIT;
    size_t len = strlen(text), loss;
    enum status st = encoding_loss(encoding, text, &loss, err);
    for (size_t at = 0, next; !st && loss < len && at < len; at = next) {
        next = grapheme_next(text, len, at);
        char *cluster = xstrndup(text + at, next - at);
        size_t place;
        st = encoding_loss(encoding, cluster, &place, err);
        if (!st && place < next - at)
            add_letter(cluster, next - at, &found);
        xfree(&cluster);
    }
    if (!st && found.len)
        buffer_add(out, found.data, found.len);
    buffer_free(&found);
    return st;
}
