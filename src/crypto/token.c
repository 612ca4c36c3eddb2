#include "crypto/token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"

#define DOMAIN "satomado-token-1"
#define HEAD   "SM1"

enum { HEAD_SIZE = 4, TOWN = 4, DEVICE = 5, RECORD = 16, DAY = 2 };
enum { BODY = TOWN + DEVICE + RECORD + DAY + DAY, BYTES = BODY + SEAL_SIZE };

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char KINDS[] = {[TOKEN_PERSON] = 'P', [TOKEN_SHEET] = 'S'};

_Static_assert(HEAD_SIZE + (BYTES * 8 + 4) / 5 == TOKEN_LENGTH, "length of a token");

/* --- Base 32 (RFC 4648 without padding); what is left of the last digit is zero --- */

static void encode(char *out, const uint8_t *bytes)
{
    for (size_t digit = 0; digit * 5 < BYTES * 8; digit++) {
        unsigned value = 0;
        for (size_t bit = digit * 5; bit < digit * 5 + 5; bit++)
            value = value << 1 | (bit < BYTES * 8 ? bytes[bit / 8] >> (7 - bit % 8) & 1U : 0);
        *out++ = DIGITS[value];
    }
    *out = '\0';
}

static bool decode(uint8_t *bytes, const char *text)
{
    memset(bytes, 0, BYTES);
    for (size_t bit = 0; *text; text++) {
        const char *digit = strchr(DIGITS, toupper((unsigned char)*text));
        if (!digit)
            return false;
        for (int i = 4; i >= 0; i--, bit++) {
            unsigned set = (unsigned)(digit - DIGITS) >> i & 1U;
            if (bit < BYTES * 8)
                bytes[bit / 8] |= (uint8_t)(set << (7 - bit % 8));
            else if (set)
                return false;
        }
    }
    return true;
}

/* --- The bytes --- */

static bool put_day(uint8_t *out, struct date day)
{
    int64_t days = day.year ? date_days(day) : 0;
    out[0] = (uint8_t)(days >> 8);
    out[1] = (uint8_t)days;
    return days >= 0 && days <= UINT16_MAX;
}

static struct date get_day(const uint8_t *in)
{
    int64_t days = in[0] << 8 | in[1];
    return days ? date_from_days(days) : (struct date){0};
}

static bool put_record(uint8_t *out, const char *uuid)
{
    char hex[2 * RECORD + 1];
    size_t len = 0;
    for (; *uuid; uuid++)
        if (*uuid != '-') {
            if (len == sizeof hex - 1)
                return false;
            hex[len++] = *uuid;
        }
    hex[len] = '\0';
    return hex_decode(out, RECORD, hex);
}

static void get_record(char out[37], const uint8_t *in)
{
    char hex[2 * RECORD + 1];
    hex_encode(hex, in, RECORD);
    snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* Everything but the signature; false when something cannot be written so. */
static bool body_of(const struct token *token, uint8_t out[BODY])
{
    uint8_t *record = out + TOWN + DEVICE, *issued = record + RECORD;
    return hex_decode(out, TOWN, token->town) && hex_decode(out + TOWN, DEVICE, token->device) &&
           put_record(record, token->record) && put_day(issued, token->issued) &&
           put_day(issued + DAY, token->until);
}

/* What is signed: the head, the town whole, the body. */
enum { SIGNED = HEAD_SIZE + HASH_SIZE + BODY };

static bool signed_of(const struct token *token, const char *town, uint8_t out[SIGNED])
{
    memcpy(out, HEAD, HEAD_SIZE - 1);
    out[HEAD_SIZE - 1] = (uint8_t)KINDS[token->kind];
    return hex_decode(out + HEAD_SIZE, HASH_SIZE, town) &&
           body_of(token, out + HEAD_SIZE + HASH_SIZE);
}

bool token_sign(struct token *token, const struct seal_key *device, const char *town,
                char out[TOKEN_LENGTH + 1])
{
    uint8_t message[SIGNED], bytes[BYTES];
    char fingerprint[HASH_HEX_SIZE];
    seal_fingerprint(fingerprint, device->public_key);
    snprintf(token->device, sizeof token->device, "%.*s", TOKEN_DEV_HEX, fingerprint);
    snprintf(token->town, sizeof token->town, "%.*s", TOKEN_TOWN_HEX, town);
    if (!signed_of(token, town, message))
        return false;
    seal_sign(token->seal, device, DOMAIN, message, sizeof message);
    memcpy(bytes, message + SIGNED - BODY, BODY);
    memcpy(bytes + BODY, token->seal, SEAL_SIZE);
    memcpy(out, message, HEAD_SIZE);
    encode(out + HEAD_SIZE, bytes);
    return true;
}

bool token_holds(const struct token *token, const uint8_t device[SEAL_PUBLIC_SIZE],
                 const char *town)
{
    uint8_t message[SIGNED];
    return signed_of(token, town, message) &&
           seal_verify(token->seal, device, DOMAIN, message, sizeof message);
}

/* --- Reading --- */

/* 0 where there is none. */
static char upper_at(const char *text, size_t at)
{
    return (char)toupper((unsigned char)text[at]);
}

static bool begins(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (upper_at(text, i) != HEAD[i])
            return false;
    return true;
}

bool token_like(const char *text)
{
    return begins(text, HEAD_SIZE - 1) && strlen(text) == TOKEN_LENGTH;
}

enum status token_read(const char *text, struct token *out, struct error *err)
{
    uint8_t bytes[BYTES];
    *out = (struct token){0};
    if (!begins(text, 2))
        return error_set(err, E_INVALID, _("里窓のQRではありません"));
    if (!begins(text, 3) && isdigit((unsigned char)text[2]))
        return error_set(err, E_UNSUPPORTED, _("新しい版のQRです。プログラムを新しくしてください"));
    const char *kind = begins(text, 3) ? memchr(KINDS, upper_at(text, 3), sizeof KINDS) : NULL;
    if (!kind || strlen(text) != TOKEN_LENGTH || !decode(bytes, text + HEAD_SIZE))
        return error_set(err, E_INVALID,
                         _("QRの文字が欠けているか、余分です。もう一度読み取ってください"));
    const uint8_t *record = bytes + TOWN + DEVICE, *issued = record + RECORD;
    out->kind = (enum token_kind)(kind - KINDS);
    hex_encode(out->town, bytes, TOWN);
    hex_encode(out->device, bytes + TOWN, DEVICE);
    get_record(out->record, record);
    out->issued = get_day(issued);
    out->until = get_day(issued + DAY);
    memcpy(out->seal, bytes + BODY, SEAL_SIZE);
    return OK;
}
