#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/strings.h"
#include "text/encoding_internal.h"
#include "text/utf8.h"

/* Codes that some iconv reads or writes unlike Windows, and the JIS form of the character that is
 * written to the same code. */
static const struct known {
    uint16_t code, cp, jis;
} known[] = {
    {0x8160, 0xFF5E, 0x301C}, {0x8161, 0x2225, 0x2016}, {0x817C, 0xFF0D, 0x2212},
    {0x8191, 0xFFE0, 0x00A2}, {0x8192, 0xFFE1, 0x00A3}, {0x81CA, 0xFFE2, 0x00AC},
    {0x8754, 0x2160, 0},      {0x8755, 0x2161, 0},      {0x8756, 0x2162, 0},
    {0x8757, 0x2163, 0},      {0x8758, 0x2164, 0},      {0x8759, 0x2165, 0},
    {0x875A, 0x2166, 0},      {0x875B, 0x2167, 0},      {0x875C, 0x2168, 0},
    {0x875D, 0x2169, 0},      {0x8782, 0x2116, 0},      {0x8784, 0x2121, 0},
    {0x878A, 0x3231, 0},      {0xFA40, 0x2170, 0},      {0xFA57, 0xFF02, 0},
    {0xFBFC, 0x9AD9, 0},
};
/* First and last of the characters users define (外字): 10 rows of 188, in their order. */
static const struct known gaiji[] = {{0xF040, 0xE000, 0}, {0xF9FC, 0xE757, 0}};

struct fix {
    uint32_t cp;
    uint16_t code;
};

struct converter {
    char name[64];
    iconv_t from, to;
    /* CP932 only: what this iconv has otherwise, each way */
    struct fix fix_from[ARRAY_LEN(known)], fix_to[2 * ARRAY_LEN(known)];
    size_t from_count, to_count;
    bool gaiji_from, gaiji_to;
};

static const iconv_t not_open = (iconv_t)-1;
static const struct converter_engine system_engine = {iconv_open, iconv, iconv_close};
static const struct converter_engine *engine = &system_engine;

/* The converters last used: opening them for each line of a file would cost more than the work. */
static _Thread_local struct converter last[4];
static _Thread_local size_t oldest;

static void close_both(struct converter *c)
{
    if (c->from != not_open)
        engine->close(c->from);
    if (c->to != not_open)
        engine->close(c->to);
    *c = (struct converter){.name = ""};
}

void converter_use(const struct converter_engine *other)
{
    for (size_t i = 0; i < ARRAY_LEN(last); i++)
        if (last[i].name[0])
            close_both(&last[i]);
    engine = other ? other : &system_engine;
}

/* Converts up to the first byte that cannot be; returns how many bytes of in were taken. in NULL
 * ends a stateful encoding. */
static size_t run(iconv_t cd, const char *in, size_t len, struct buffer *out)
{
    char *at = (char *)in;
    size_t left = len;
    for (;;) {
        buffer_reserve(out, left * 2 + 32);
        char *to = out->data + out->len;
        size_t room = out->cap - out->len - 1;
        size_t result = engine->convert(cd, in ? &at : NULL, in ? &left : NULL, &to, &room);
        out->len = (size_t)(to - out->data);
        out->data[out->len] = '\0';
        if (result != (size_t)-1 || errno != E2BIG)
            return len - left;
    }
}

static void reset(iconv_t cd)
{
    engine->convert(cd, NULL, NULL, NULL, NULL);
}

/* --- CP932 as Windows has it --- */

static bool is_lead(unsigned char c)
{
    return (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
}

static bool answers(iconv_t cd, const char *in, size_t len, const char *expected,
                    size_t expected_len)
{
    struct buffer out = BUFFER_INIT;
    bool same = run(cd, in, len, &out) == len && out.len == expected_len &&
                memcmp(out.data, expected, out.len) == 0;
    reset(cd);
    buffer_free(&out);
    return same;
}

static bool reads(struct converter *c, uint16_t code, uint32_t cp)
{
    char bytes[2] = {(char)(code >> 8), (char)code}, text[4];
    return answers(c->from, bytes, 2, text, utf8_encode(text, cp));
}

static bool writes(struct converter *c, uint32_t cp, uint16_t code)
{
    char bytes[2] = {(char)(code >> 8), (char)code}, text[4];
    return answers(c->to, text, utf8_encode(text, cp), bytes, 2);
}

static void try_known(struct converter *c)
{
    for (const struct known *k = known; k < known + ARRAY_LEN(known); k++) {
        if (!reads(c, k->code, k->cp))
            c->fix_from[c->from_count++] = (struct fix){k->cp, k->code};
        if (!writes(c, k->cp, k->code))
            c->fix_to[c->to_count++] = (struct fix){k->cp, k->code};
        if (k->jis && !writes(c, k->jis, k->code))
            c->fix_to[c->to_count++] = (struct fix){k->jis, k->code};
    }
    for (const struct known *k = gaiji; k < gaiji + ARRAY_LEN(gaiji); k++) {
        c->gaiji_from = c->gaiji_from || !reads(c, k->code, k->cp);
        c->gaiji_to = c->gaiji_to || !writes(c, k->cp, k->code);
    }
}

/* The character of a code whose answer has to be put right, 0 for any other. */
static uint32_t fixed_character(const struct converter *c, unsigned char lead, unsigned char trail)
{
    if (c->gaiji_from && lead >= 0xF0 && lead <= 0xF9 && trail >= 0x40 && trail <= 0xFC &&
        trail != 0x7F)
        return 0xE000u + (lead - 0xF0u) * 188 + (trail - 0x40u) - (trail > 0x7F);
    for (size_t i = 0; i < c->from_count; i++)
        if (c->fix_from[i].code == (lead << 8 | trail))
            return c->fix_from[i].cp;
    return 0;
}

static uint32_t fixed_code(const struct converter *c, uint32_t cp)
{
    if (c->gaiji_to && cp >= 0xE000 && cp <= 0xE757) {
        uint32_t row = (cp - 0xE000) / 188, cell = (cp - 0xE000) % 188;
        return (0xF0 + row) << 8 | (0x40 + cell + (cell >= 0x3F));
    }
    for (size_t i = 0; i < c->to_count; i++)
        if (c->fix_to[i].cp == cp)
            return c->fix_to[i].code;
    return 0;
}

static size_t decode_fixed(struct converter *c, const char *data, size_t len, struct buffer *utf8)
{
    size_t done = 0; /* converted up to here */
    for (size_t at = 0; at < len;) {
        bool two = is_lead((unsigned char)data[at]) && at + 1 < len;
        uint32_t cp =
            two ? fixed_character(c, (unsigned char)data[at], (unsigned char)data[at + 1]) : 0;
        size_t next = at + (two ? 2 : 1);
        if (cp) {
            char text[4];
            size_t taken = at > done ? run(c->from, data + done, at - done, utf8) : 0;
            if (done + taken < at)
                return done + taken;
            buffer_add(utf8, text, utf8_encode(text, cp));
            done = next;
        }
        at = next;
    }
    return done + (len > done ? run(c->from, data + done, len - done, utf8) : 0);
}

static size_t encode_fixed(struct converter *c, const char *utf8, size_t len, struct buffer *out)
{
    size_t done = 0;
    for (size_t at = 0, used; at < len; at += used) {
        uint32_t cp;
        used = utf8_decode(utf8 + at, len - at, &cp);
        uint32_t code = fixed_code(c, cp);
        if (!code)
            continue;
        char bytes[2] = {(char)(code >> 8), (char)code};
        size_t taken = at > done ? run(c->to, utf8 + done, at - done, out) : 0;
        if (done + taken < at)
            return done + taken;
        buffer_add(out, bytes, 2);
        done = at + used;
    }
    return done + (len > done ? run(c->to, utf8 + done, len - done, out) : 0);
}

/* --- Any encoding --- */

static bool open_both(struct converter *c, const char *name)
{
    /* A slash would ask iconv to replace characters. */
    if (!*name || strchr(name, '/') || strlen(name) >= sizeof c->name)
        return false;
    c->from = engine->open("UTF-8", name);
    c->to = engine->open(name, "UTF-8");
    if (c->from == not_open || c->to == not_open) {
        close_both(c);
        return false;
    }
    snprintf(c->name, sizeof c->name, "%s", name);
    if (str_eq(name, CP932_NAME))
        try_known(c);
    return true;
}

struct converter *converter_get(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(last); i++)
        if (last[i].name[0] && str_eq(last[i].name, name))
            return &last[i];
    struct converter *c = &last[oldest];
    if (c->name[0])
        close_both(c);
    if (!open_both(c, name))
        return NULL;
    oldest = (oldest + 1) % ARRAY_LEN(last);
    return c;
}

size_t converter_decode(struct converter *c, const char *data, size_t len, struct buffer *utf8)
{
    reset(c->from);
    if (!len)
        return 0;
    bool fixed = c->from_count || c->gaiji_from;
    size_t done = fixed ? decode_fixed(c, data, len, utf8) : run(c->from, data, len, utf8);
    if (done == len)
        run(c->from, NULL, 0, utf8);
    return done;
}

size_t converter_encode(struct converter *c, const char *utf8, size_t len, struct buffer *out)
{
    reset(c->to);
    bool fixed = c->to_count || c->gaiji_to;
    size_t done = fixed ? encode_fixed(c, utf8, len, out) : run(c->to, utf8, len, out);
    if (done == len)
        run(c->to, NULL, 0, out);
    return done;
}
