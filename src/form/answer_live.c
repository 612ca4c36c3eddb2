/* Answers while they are typed: what turns at once, and how much there is room for. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "text/encoding.h"
#include "text/grapheme.h"
#include "text/kana.h"
#include "text/utf8.h"
#include "text/width.h"

enum { LINE_CHARACTERS = 1000, BOX_CHARACTERS = 20000 };

static char *live_katakana(const char *text)
{
    char *full = kana_zenkaku_kana(text), *out = kana_katakana(full);
    xfree(&full);
    return out;
}

static char *live_hiragana(const char *text)
{
    char *full = kana_zenkaku_kana(text), *out = kana_hiragana(full);
    xfree(&full);
    return out;
}

/* An input method gives ー where somebody means the hyphen of a number. */
static char *live_digits(const char *text)
{
    char *ascii = kana_ascii(text), *out = kana_plain_hyphens(ascii);
    xfree(&ascii);
    return out;
}

static const struct {
    unsigned appearance;
    char *(*turn)(const char *text);
} turns[] = {
    {APPEAR_ZENKAKU, kana_zenkaku},
    {APPEAR_KATAKANA, live_katakana},
    {APPEAR_HIRAGANA, live_hiragana},
    {APPEAR_HANKAKU, kana_hankaku},
    {APPEAR_POSTCODE | APPEAR_TEL | APPEAR_CORPORATE_NUMBER | APPEAR_AMOUNT, live_digits},
};

static bool is_digits(const struct field *field)
{
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_RANGE:
    case FIELD_TIME:
    case FIELD_BARCODE:
        return true;
    default:
        return false;
    }
}

char *answer_live(const struct field *field, const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(turns); i++)
        if (field->appearance & turns[i].appearance)
            return turns[i].turn(text);
    return is_digits(field) ? kana_ascii(text) : xstrdup(text);
}

static long limit(const struct field *field, const char *key, long otherwise)
{
    const char *value = field_parameter(field, key);
    return value ? atol(value) : otherwise;
}

/* Three ways to measure a text. */
static size_t in_characters(const struct field *field, const char *text)
{
    (void)field;
    return grapheme_count(text, strlen(text));
}

/* What the encoding lacks is said elsewhere; here such a letter takes what a double-byte code does.
 */
static size_t in_bytes(const struct field *field, const char *text)
{
    const char *encoding = field_parameter(field, "encoding");
    size_t len = strlen(text), bytes = encoding_length(encoding ? encoding : "CP932", text);
    if (bytes != (size_t)-1)
        return bytes;
    bytes = 0;
    for (size_t at = 0, next; at < len; at = next) {
        next = grapheme_next(text, len, at);
        char *letter = xstrndup(text + at, next - at);
        size_t taken = encoding_length(encoding ? encoding : "CP932", letter);
        bytes += taken == (size_t)-1 ? 2 : taken;
        xfree(&letter);
    }
    return bytes;
}

static size_t in_cells(const struct field *field, const char *text)
{
    (void)field;
    return (size_t)text_width(text);
}

static const struct {
    const char *key, *unit;
    size_t (*measure)(const struct field *field, const char *text);
} measures[] = {
    {"max-characters", N_("字"), in_characters},
    {"max-bytes", N_("バイト"), in_bytes},
    {"max-cells", N_("桁"), in_cells},
};

/* 0: no limit. Some number of characters always is one. */
static size_t most_of(const struct field *field, size_t measure)
{
    bool box = field->appearance & APPEAR_MULTILINE;
    long otherwise = measure ? 0 : box ? BOX_CHARACTERS : LINE_CHARACTERS;
    return (size_t)limit(field, measures[measure].key, otherwise);
}

enum status answer_fits(const struct field *field, const char *text, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(measures); i++) {
        size_t most = most_of(field, i), now = most ? measures[i].measure(field, text) : 0;
        const char *unit = _(measures[i].unit);
        if (now > most)
            return error_set(err, E_INVALID, _("%zu%sまでです（%zu%sになります）"), most, unit, now,
                             unit);
    }
    return OK;
}

char *answer_use(const struct field *field, const char *text)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < ARRAY_LEN(measures); i++)
        if (field_parameter(field, measures[i].key))
            buffer_printf(&out, "%s%zu/%zu%s", out.len ? " " : "", measures[i].measure(field, text),
                          most_of(field, i), _(measures[i].unit));
    return buffer_steal(&out);
}

bool answer_full(const struct field *field, const char *text)
{
    size_t len = strlen(text), digits = strspn(text, "0123456789");
    if (field->type == FIELD_DATE) /* 1 to 5 begin a date of an era, which has 7 digits */
        return digits == len && len == (text[0] == '1' && text[1] == '9'   ? 8
                                        : text[0] == '2' && text[1] == '0' ? 8
                                                                           : 7);
    if (field->appearance & APPEAR_POSTCODE)
        return digits == len && len == 7;
    return field_parameter(field, "max-characters") &&
           in_characters(field, text) == most_of(field, 0);
}
