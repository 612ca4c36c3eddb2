#include "text/encoding.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/strings.h"
#include "text/encoding_internal.h"
#include "text/sanitize.h"
#include "text/utf8.h"

static const char utf8_name[] = "UTF-8";
static const char cp932_name[] = CP932_NAME;

/* What others call the two that we know by heart. What is called Shift_JIS in Japan is CP932. */
static const struct {
    const char *alias, *name;
} aliases[] = {
    {"UTF-8", utf8_name},      {"UTF8", utf8_name},         {"CP932", cp932_name},
    {"Shift_JIS", cp932_name}, {"Shift-JIS", cp932_name},   {"SJIS", cp932_name},
    {"MS932", cp932_name},     {"Windows-31J", cp932_name},
};

/* One character of JIS, two of Unicode: as JIS X 0208 maps it and as Windows does. */
static const uint32_t twins[][2] = {
    {0x301C, 0xFF5E}, {0x2016, 0x2225}, {0x2212, 0xFF0D},
    {0x00A2, 0xFFE0}, {0x00A3, 0xFFE1}, {0x00AC, 0xFFE2},
};

static bool same_character(uint32_t typed, uint32_t read)
{
    for (size_t i = 0; i < ARRAY_LEN(twins); i++)
        if (twins[i][0] == typed && twins[i][1] == read)
            return true;
    return typed == read;
}

const char *encoding_known_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcasecmp(aliases[i].alias, name) == 0)
            return aliases[i].name;
    return name;
}

static enum status unknown(const char *name, struct error *err)
{
    return error_set(err, E_UNSUPPORTED,
                     _("文字コード「%s」は使えません。UTF-8 か CP932 などを指定してください"),
                     name);
}

static enum status bad_bytes(const char *name, const char *data, size_t at, struct error *err)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += data[i] == '\n';
    return error_set(err, E_PARSE,
                     _("%zu行目（先頭から%zuバイト目の %02X）は文字コード %s として読めません。"
                       "文字コードの指定を確かめてください"),
                     line, at + 1, (unsigned char)data[at], name);
}

static enum status decode_utf8(const char *data, size_t len, struct buffer *utf8, struct error *err)
{
    uint32_t cp;
    size_t start = len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t at = start, used; at < len; at += used) {
        used = utf8_decode(data + at, len - at, &cp);
        if (cp == UTF8_BAD || cp == 0)
            return bad_bytes(utf8_name, data, at, err);
    }
    buffer_add(utf8, data + start, len - start);
    return OK;
}

enum status encoding_decode(const char *name, const char *data, size_t len, struct buffer *utf8,
                            struct error *err)
{
    name = encoding_known_name(name);
    if (name == utf8_name)
        return decode_utf8(data, len, utf8, err);
    struct converter *c = converter_get(name);
    if (!c)
        return unknown(name, err);
    struct buffer text = BUFFER_INIT;
    size_t done = converter_decode(c, data, len, &text);
    enum status st = OK;
    const char *nul = text.len ? memchr(text.data, '\0', text.len) : NULL;
    if (done < len)
        st = bad_bytes(name, data, done, err);
    else if (nul)
        st = error_set(err, E_PARSE, _("文字コード %s として読むと 00 が含まれています"), name);
    else
        buffer_add(utf8, buffer_text(&text), text.len);
    buffer_free(&text);
    return st;
}

static enum status lacks(const char *name, const char *utf8, size_t at, struct error *err)
{
    uint32_t cp, ignored;
    struct buffer shown = BUFFER_INIT;
    size_t number = 1, used = utf8_decode(utf8 + at, strlen(utf8 + at), &cp);
    for (size_t i = 0; i < at; number++)
        i += utf8_decode(utf8 + i, at - i, &ignored);
    sanitize_add(&shown, utf8 + at, used);
    enum status st =
        cp == UTF8_BAD ? error_set(err, E_INVALID, _("%zu文字目が正しい文字ではありません"), number)
                       : error_set(err, E_INVALID,
                                   _("%zu文字目の「%s」（U+%04X）は文字コード %s にありません"),
                                   number, buffer_text(&shown), cp, name);
    buffer_free(&shown);
    return st;
}

/* The first place where what was written reads back as another character, or len. An iconv may
 * write ¥ as the backslash of CP932, and that would be a silent loss. */
static size_t first_loss(struct converter *c, const char *utf8, size_t len,
                         const struct buffer *written, bool twins_equal)
{
    struct buffer back = BUFFER_INIT;
    converter_decode(c, buffer_text(written), written->len, &back);
    size_t at = 0, other = 0;
    while (at < len && other < back.len) {
        uint32_t a, b;
        size_t used = utf8_decode(utf8 + at, len - at, &a);
        size_t other_used = utf8_decode(back.data + other, back.len - other, &b);
        if (a != b && !(twins_equal && same_character(a, b)))
            break;
        at += used;
        other += other_used;
    }
    buffer_free(&back);
    return at;
}

/* Writes up to the first character that cannot be, and gives its place, or the text's length. */
static enum status encode(const char *name, const char *utf8, struct buffer *out, size_t *done,
                          struct error *err)
{
    size_t len = strlen(utf8);
    uint32_t cp;
    *done = 0;
    if (name == utf8_name) {
        for (size_t used; *done < len; *done += used) {
            used = utf8_decode(utf8 + *done, len - *done, &cp);
            if (cp == UTF8_BAD)
                break;
        }
        buffer_add(out, utf8, *done);
        return OK;
    }
    struct converter *c = converter_get(name);
    if (!c)
        return unknown(name, err);
    *done = converter_encode(c, utf8, len, out);
    if (*done == len)
        *done = first_loss(c, utf8, len, out, name == cp932_name);
    return OK;
}

enum status encoding_encode(const char *name, const char *utf8, struct buffer *out,
                            struct error *err)
{
    struct buffer written = BUFFER_INIT;
    size_t done;
    name = encoding_known_name(name);
    enum status st = encode(name, utf8, &written, &done, err);
    if (!st && utf8[done])
        st = lacks(name, utf8, done, err);
    if (!st)
        buffer_add(out, buffer_text(&written), written.len);
    buffer_free(&written);
    return st;
}

enum status encoding_loss(const char *name, const char *utf8, size_t *place, struct error *err)
{
    struct buffer written = BUFFER_INIT;
    enum status st = encode(encoding_known_name(name), utf8, &written, place, err);
    buffer_free(&written);
    return st;
}

size_t encoding_length(const char *name, const char *utf8)
{
    struct buffer out = BUFFER_INIT;
    enum status st = encoding_encode(name, utf8, &out, NULL);
    size_t len = st == OK ? out.len : (size_t)-1;
    buffer_free(&out);
    return len;
}

/* Every kana, as far as the encoding has it, and ASCII are tried. */
enum status encoding_keeps_ascii(const char *name, bool *keeps, struct error *err)
{
    char ascii[96] = "";
    struct buffer out = BUFFER_INIT;
    name = encoding_known_name(name);
    *keeps = true;
    if (name == utf8_name || name == cp932_name)
        return OK;
    if (!converter_get(name))
        return unknown(name, err);
    for (char c = ' '; c <= '~'; c++)
        ascii[c - ' '] = c;
    *keeps = encoding_encode(name, ascii, &out, NULL) == OK && str_eq(buffer_text(&out), ascii);
    for (uint32_t cp = 0x3041; cp <= 0x30FE && *keeps; cp++) {
        char text[5] = "";
        buffer_clear(&out);
        utf8_encode(text, cp);
        if (encoding_encode(name, text, &out, NULL))
            continue;
        for (size_t i = 0; i < out.len; i++)
            *keeps = *keeps && (unsigned char)out.data[i] >= 0x30;
    }
    buffer_free(&out);
    return OK;
}
