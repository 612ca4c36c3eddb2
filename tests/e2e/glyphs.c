#include "glyphs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/strings.h"
#include "base/xmem.h"

#define CODES 0x110000

/* Ranges that libvterm and glibc agree on. */
struct range {
    uint32_t first;
    uint32_t last;
};
static const struct range narrow_range = {0xe000, 0xf8ff};
static const struct range wide_range = {0x4e00, 0x9fff};
static const struct range run_range = {0xe0100, 0xe01ef};

/* The code points of one width seen so far; the n-th has the n-th stand-in of the range. */
struct pool {
    struct range range;
    uint32_t *codes;
    size_t count;
};

struct glyphs {
    struct pool narrow;
    struct pool wide;
    struct strings runs;      /* combining runs, UTF-8 */
    uint32_t stand_in[CODES]; /* 0 = none yet */
    unsigned char part[4];    /* the beginning of a character */
    size_t part_len;
    struct buffer run;
};

struct glyphs *glyphs_new(void)
{
    struct glyphs *g = xcalloc(1, sizeof *g);
    g->narrow.range = narrow_range;
    g->wide.range = wide_range;
    return g;
}

void glyphs_free(struct glyphs **g)
{
    if (!*g)
        return;
    xfree(&(*g)->narrow.codes);
    xfree(&(*g)->wide.codes);
    strings_free(&(*g)->runs);
    buffer_free(&(*g)->run);
    xfree(g);
}

static void add_code(struct buffer *out, uint32_t c)
{
    char utf8[4];
    size_t len = 1;
    if (c < 0x80) {
        utf8[0] = (char)c;
    } else {
        len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (size_t i = len - 1; i > 0; i--, c >>= 6)
            utf8[i] = (char)(0x80 | (c & 0x3f));
        utf8[0] = (char)((0xf00u >> len) | c);
    }
    buffer_add(out, utf8, len);
}

static void exhausted(const char *what)
{
    fprintf(stderr, "play: more different %s than the screen can hold\n", what);
    exit(2);
}

static uint32_t pool_add(struct pool *pool, uint32_t code)
{
    uint32_t stand_in = pool->range.first + (uint32_t)pool->count;
    if (stand_in > pool->range.last)
        exhausted("characters");
    pool->codes = xroom(pool->codes, pool->count, sizeof *pool->codes);
    pool->codes[pool->count++] = code;
    return stand_in;
}

static void flush_run(struct glyphs *g, struct buffer *out)
{
    if (g->run.len == 0)
        return;
    long n = strings_find(&g->runs, buffer_text(&g->run));
    if (n < 0) {
        n = (long)g->runs.count;
        strings_add(&g->runs, buffer_text(&g->run));
    }
    if (run_range.first + (uint32_t)n > run_range.last)
        exhausted("combining sequences");
    add_code(out, run_range.first + (uint32_t)n);
    buffer_clear(&g->run);
}

static void encode_code(struct glyphs *g, uint32_t code, struct buffer *out)
{
    int width = wcwidth((wchar_t)code);
    if (width == 0) {
        add_code(&g->run, code);
        return;
    }
    flush_run(g, out);
    if (!g->stand_in[code])
        g->stand_in[code] = pool_add(width == 2 ? &g->wide : &g->narrow, code);
    add_code(out, g->stand_in[code]);
}

/* Length of the UTF-8 sequence that starts with byte; 0 for a byte that starts none. */
static size_t sequence_length(unsigned char byte)
{
    return byte < 0x80   ? 1
           : byte < 0xc2 ? 0
           : byte < 0xe0 ? 2
           : byte < 0xf0 ? 3
           : byte < 0xf5 ? 4
                         : 0;
}

static uint32_t decode_sequence(const unsigned char *s, size_t len)
{
    uint32_t c = len == 1 ? s[0] : s[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        c = c << 6 | (s[i] & 0x3f);
    return c;
}

void glyphs_encode(struct glyphs *g, const char *data, size_t len, struct buffer *out)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)data[i];
        bool continues = (byte & 0xc0) == 0x80;
        if (g->part_len && !continues) {
            encode_code(g, 0xfffd, out);
            g->part_len = 0;
        }
        if (byte < 0x80) {
            flush_run(g, out);
            buffer_add_char(out, (char)byte);
            continue;
        }
        if (g->part_len == 0 && sequence_length(byte) == 0) {
            encode_code(g, 0xfffd, out);
            continue;
        }
        g->part[g->part_len++] = byte;
        if (g->part_len < sequence_length(g->part[0]))
            continue;
        uint32_t code = decode_sequence(g->part, g->part_len);
        bool whole = code < CODES && !(code >= 0xd800 && code < 0xe000) &&
                     code >= (g->part_len == 3   ? 0x800u
                              : g->part_len == 4 ? 0x10000u
                                                 : 0x80u);
        /* C1 controls act on a terminal: they are passed on for what they are. */
        if (whole && code < 0xa0)
            buffer_add(out, g->part, g->part_len);
        else
            encode_code(g, whole ? code : 0xfffd, out);
        g->part_len = 0;
    }
    flush_run(g, out);
}

static bool within(struct range range, size_t count, uint32_t code)
{
    return code >= range.first && code - range.first < count;
}

void glyphs_decode(const struct glyphs *g, uint32_t code, struct buffer *out)
{
    if (within(run_range, g->runs.count, code))
        buffer_add_text(out, g->runs.items[code - run_range.first]);
    else if (within(narrow_range, g->narrow.count, code))
        add_code(out, g->narrow.codes[code - narrow_range.first]);
    else if (within(wide_range, g->wide.count, code))
        add_code(out, g->wide.codes[code - wide_range.first]);
    else
        add_code(out, code);
}
