/* Answers while they are typed: what turns at once, and how much there is room for. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "text/encoding.h"
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

static const struct {
    unsigned appearance;
    char *(*turn)(const char *text);
} turns[] = {
    {APPEAR_ZENKAKU, kana_zenkaku},
    {APPEAR_KATAKANA, live_katakana},
    {APPEAR_HIRAGANA, live_hiragana},
    {APPEAR_HANKAKU, kana_hankaku},
    {APPEAR_POSTCODE | APPEAR_TEL | APPEAR_CORPORATE_NUMBER | APPEAR_AMOUNT, kana_ascii},
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

static enum status too_much(struct error *err, long most, const char *unit, size_t now)
{
    return error_set(err, E_INVALID, _("%ld%sまでです（%zu%sになります）"), most, unit, now, unit);
}

enum status answer_fits(const struct field *field, const char *text, struct error *err)
{
    bool box = field->appearance & APPEAR_MULTILINE;
    long characters = limit(field, "max-characters", box ? BOX_CHARACTERS : LINE_CHARACTERS);
    long cells = limit(field, "max-cells", 0), bytes = limit(field, "max-bytes", 0);
    const char *encoding = field_parameter(field, "encoding");
    size_t count = utf8_count(text);
    if (count > (size_t)characters)
        return too_much(err, characters, _("字"), count);
    if (cells && text_width(text) > cells)
        return too_much(err, cells, _("桁"), (size_t)text_width(text));
    size_t taken = bytes ? encoding_length(encoding ? encoding : "CP932", text) : 0;
    /* What the encoding lacks is said elsewhere; here it takes what a double-byte code does. */
    if (taken == (size_t)-1)
        taken = count * 2;
    if (bytes && taken > (size_t)bytes)
        return too_much(err, bytes, _("バイト"), taken);
    return OK;
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
           utf8_count(text) == (size_t)limit(field, "max-characters", 0);
}
