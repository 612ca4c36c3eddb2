#include "crypto/bech32.h"

#include <string.h>

static const char ALPHABET[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

enum { DIGITS = 52, CHECK = 6 }; /* of five bits each */

static uint32_t polymod_step(uint32_t check, uint8_t digit)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ digit;
    for (int i = 0; i < 5; i++)
        if (top >> i & 1)
            check ^= generator[i];
    return check;
}

/* The checksum over prefix and digits, before the check digits are added. */
static uint32_t polymod(const char *prefix, const uint8_t *digits, size_t count)
{
    uint32_t check = 1;
    for (const char *p = prefix; *p; p++)
        check = polymod_step(check, (uint8_t)*p >> 5);
    check = polymod_step(check, 0);
    for (const char *p = prefix; *p; p++)
        check = polymod_step(check, *p & 31);
    for (size_t i = 0; i < count; i++)
        check = polymod_step(check, digits[i]);
    return check;
}

void bech32_key_encode(char *out, const char *prefix, const uint8_t key[32])
{
    uint8_t digits[DIGITS + CHECK] = {0};
    for (size_t bit = 0; bit < 256; bit++)
        digits[bit / 5] |= (uint8_t)((key[bit / 8] >> (7 - bit % 8) & 1) << (4 - bit % 5));
    uint32_t check = polymod(prefix, digits, DIGITS + CHECK) ^ 1;
    for (int i = 0; i < CHECK; i++)
        digits[DIGITS + i] = check >> 5 * (5 - i) & 31;
    size_t len = strlen(prefix);
    memcpy(out, prefix, len);
    out[len++] = '1';
    for (int i = 0; i < DIGITS + CHECK; i++)
        out[len++] = ALPHABET[digits[i]];
    out[len] = '\0';
}

bool bech32_key_decode(uint8_t key[32], const char *prefix, const char *text)
{
    uint8_t digits[DIGITS + CHECK];
    size_t len = strlen(prefix);
    if (strlen(text) != BECH32_KEY_LENGTH(len) || strncmp(text, prefix, len) != 0 ||
        text[len] != '1')
        return false;
    for (int i = 0; i < DIGITS + CHECK; i++) {
        const char *found = strchr(ALPHABET, text[len + 1 + (size_t)i]);
        if (!found)
            return false;
        digits[i] = (uint8_t)(found - ALPHABET);
    }
    if (polymod(prefix, digits, DIGITS + CHECK) != 1)
        return false;
    memset(key, 0, 32);
    for (size_t bit = 0; bit < DIGITS * 5; bit++) {
        unsigned set = digits[bit / 5] >> (4 - bit % 5) & 1U;
        if (bit < 256)
            key[bit / 8] |= (uint8_t)(set << (7 - bit % 8));
        else if (set)
            return false;
    }
    return true;
}
