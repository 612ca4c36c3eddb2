#include "crypto/age_header.h"

#include <string.h>

#include "base/intl.h"
#include "crypto/base64.h"
#include "crypto/sodium.h"

#define VERSION_LINE "age-encryption.org/v1\n"
#define X25519_INFO  "age-encryption.org/v1/X25519"

enum {
    WRAPPED_SIZE = AGE_FILE_KEY_SIZE + crypto_aead_chacha20poly1305_ietf_ABYTES,
    MAC_SIZE = crypto_auth_hmacsha256_BYTES,
    BODY_COLUMNS = 64, /* base64 characters of a full body line */
};

void age_hkdf(uint8_t out[32], const void *salt, size_t salt_len, const void *secret,
              size_t secret_len, const char *info)
{
    crypto_auth_hmacsha256_state state;
    uint8_t extracted[MAC_SIZE];
    crypto_auth_hmacsha256_init(&state, salt, salt_len);
    crypto_auth_hmacsha256_update(&state, secret, secret_len);
    crypto_auth_hmacsha256_final(&state, extracted);
    crypto_auth_hmacsha256_init(&state, extracted, sizeof extracted);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)info, strlen(info));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)"\x01", 1);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(extracted, sizeof extracted);
    sodium_memzero(&state, sizeof state);
}

/* The MAC over the header's bytes up to and including "---". */
static void header_mac(uint8_t mac[MAC_SIZE], const uint8_t file_key[AGE_FILE_KEY_SIZE],
                       const void *header, size_t len)
{
    uint8_t key[32];
    age_hkdf(key, "", 0, file_key, AGE_FILE_KEY_SIZE, "header");
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, sizeof key);
    crypto_auth_hmacsha256_update(&state, header, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
}

/* The key that wraps the file key between an ephemeral share and a recipient. */
static bool wrap_key(uint8_t out[32], const uint8_t scalar[AGE_KEY_SIZE],
                     const uint8_t point[AGE_KEY_SIZE], const uint8_t share[AGE_KEY_SIZE],
                     const struct age_recipient *recipient)
{
    uint8_t shared[32], salt[2 * AGE_KEY_SIZE];
    /* Not 0 when the result is all zeros: a point of low order would give a key anybody knows. */
    bool good = crypto_scalarmult(shared, scalar, point) == 0;
    memcpy(salt, share, AGE_KEY_SIZE);
    memcpy(salt + AGE_KEY_SIZE, recipient->key, AGE_KEY_SIZE);
    if (good)
        age_hkdf(out, salt, sizeof salt, shared, sizeof shared, X25519_INFO);
    sodium_memzero(shared, sizeof shared);
    return good;
}

/* --- Writing --- */

static void add_base64(struct buffer *out, const uint8_t *data, size_t len)
{
    char text[BODY_COLUMNS + 1];
    sodium_bin2base64(text, sizeof text, data, len, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    buffer_add_text(out, text);
}

static bool add_stanza(struct buffer *out, const struct age_recipient *recipient,
                       const uint8_t file_key[AGE_FILE_KEY_SIZE])
{
    static const uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
    uint8_t ephemeral[AGE_KEY_SIZE], share[AGE_KEY_SIZE], key[32], body[WRAPPED_SIZE];
    randombytes_buf(ephemeral, sizeof ephemeral);
    crypto_scalarmult_base(share, ephemeral);
    bool good = wrap_key(key, ephemeral, recipient->key, share, recipient);
    if (good) {
        crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key, AGE_FILE_KEY_SIZE, NULL, 0,
                                                  NULL, nonce, key);
        buffer_add_text(out, "-> X25519 ");
        add_base64(out, share, sizeof share);
        buffer_add_char(out, '\n');
        add_base64(out, body, sizeof body);
        buffer_add_char(out, '\n');
    }
    sodium_memzero(ephemeral, sizeof ephemeral);
    sodium_memzero(key, sizeof key);
    return good;
}

enum status age_header_write(struct buffer *out, const struct age_recipient *recipients,
                             size_t count, const uint8_t file_key[AGE_FILE_KEY_SIZE],
                             struct error *err)
{
    size_t start = out->len;
    uint8_t mac[MAC_SIZE];
    buffer_add_text(out, VERSION_LINE);
    for (size_t i = 0; i < count; i++)
        if (!add_stanza(out, &recipients[i], file_key))
            return error_set(err, E_CRYPTO, _("宛先の鍵（%zu番目）は使えません"), i + 1);
    buffer_add_text(out, "---");
    header_mac(mac, file_key, out->data + start, out->len - start);
    buffer_add_char(out, ' ');
    add_base64(out, mac, sizeof mac);
    buffer_add_char(out, '\n');
    return OK;
}

/* --- Reading --- */

struct span {
    const char *text;
    size_t len;
};

struct x25519_stanza {
    uint8_t share[AGE_KEY_SIZE];
    uint8_t body[WRAPPED_SIZE];
};

struct header {
    struct x25519_stanza stanzas[AGE_RECIPIENTS_MAX];
    size_t count;
    bool passphrase;
    size_t mac_len; /* bytes the MAC covers */
    uint8_t mac[MAC_SIZE];
    size_t len;
};

static bool span_is(struct span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.text, text, span.len) == 0;
}

/* Canonical base64 without padding of at most `size` bytes. */
static bool decode(uint8_t *out, size_t size, struct span text, size_t *len)
{
    const char *end = NULL;
    return base64_alphabet(text.text, text.len) &&
           sodium_base642bin(out, size, text.text, text.len, NULL, len, &end,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           end == text.text + text.len;
}

static bool decode_exactly(uint8_t *out, size_t size, struct span text)
{
    size_t len = 0;
    return decode(out, size, text, &len) && len == size;
}

static bool next_line(struct span *rest, struct span *line)
{
    const char *lf = rest->len ? memchr(rest->text, '\n', rest->len) : NULL;
    if (!lf)
        return false;
    *line = (struct span){rest->text, (size_t)(lf - rest->text)};
    rest->text += line->len + 1;
    rest->len -= line->len + 1;
    return true;
}

/* Cuts one argument off the front of a stanza's first line: visible characters, single spaces. */
static bool next_argument(struct span *line, struct span *argument)
{
    size_t len = 0;
    while (len < line->len && line->text[len] >= 0x21 && line->text[len] <= 0x7e)
        len++;
    if (!len || (len < line->len && line->text[len] != ' ') || len + 1 == line->len)
        return false;
    *argument = (struct span){line->text, len};
    size_t used = len < line->len ? len + 1 : len;
    line->text += used;
    line->len -= used;
    return true;
}

/* Body lines to the one that is shorter than full; only the first sizeof body bytes are kept. */
static bool read_body(struct span *rest, uint8_t body[WRAPPED_SIZE], size_t *total)
{
    struct span line;
    *total = 0;
    do {
        uint8_t bytes[BODY_COLUMNS / 4 * 3];
        size_t len = 0;
        if (!next_line(rest, &line) || line.len > BODY_COLUMNS ||
            !decode(bytes, sizeof bytes, line, &len))
            return false;
        for (size_t i = 0; i < len && *total + i < WRAPPED_SIZE; i++)
            body[*total + i] = bytes[i];
        *total += len;
    } while (line.len == BODY_COLUMNS);
    return true;
}

static bool read_stanza(struct span *rest, struct span line, struct header *header)
{
    struct span type, first = {"", 0}, argument;
    uint8_t body[WRAPPED_SIZE];
    size_t arguments = 0, body_len;
    if (!next_argument(&line, &type))
        return false;
    for (; line.len; arguments++) {
        if (!next_argument(&line, &argument))
            return false;
        if (!arguments)
            first = argument;
    }
    if (!read_body(rest, body, &body_len))
        return false;
    if (span_is(type, "scrypt"))
        header->passphrase = true;
    if (!span_is(type, "X25519"))
        return true;
    if (arguments != 1 || body_len != WRAPPED_SIZE || header->count == AGE_RECIPIENTS_MAX)
        return false;
    struct x25519_stanza *stanza = &header->stanzas[header->count++];
    memcpy(stanza->body, body, WRAPPED_SIZE);
    return decode_exactly(stanza->share, sizeof stanza->share, first);
}

static bool read_header(struct span all, struct header *header)
{
    struct span rest = all, line;
    if (!next_line(&rest, &line) || !span_is((struct span){line.text, line.len + 1}, VERSION_LINE))
        return false;
    for (;;) {
        if (!next_line(&rest, &line) || line.len < 4)
            return false;
        struct span after = {line.text + 3, line.len - 3};
        if (memcmp(line.text, "---", 3) == 0) {
            header->mac_len = (size_t)(after.text - all.text);
            header->len = (size_t)(rest.text - all.text);
            return after.text[0] == ' ' &&
                   decode_exactly(header->mac, MAC_SIZE,
                                  (struct span){after.text + 1, after.len - 1});
        }
        if (memcmp(line.text, "-> ", 3) != 0 || !read_stanza(&rest, after, header))
            return false;
    }
}

/* 1: the file key; 0: written for another identity; -1: a share no honest writer makes. */
static int open_stanza(const struct x25519_stanza *stanza, const uint8_t identity[AGE_KEY_SIZE],
                       uint8_t file_key[AGE_FILE_KEY_SIZE])
{
    static const uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
    struct age_recipient self;
    uint8_t key[32];
    age_recipient_of(&self, identity);
    if (!wrap_key(key, identity, stanza->share, stanza->share, &self))
        return -1;
    int rc = crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL, stanza->body,
                                                       WRAPPED_SIZE, NULL, 0, nonce, key);
    sodium_memzero(key, sizeof key);
    return rc == 0;
}

static int open_any(const struct header *header, const uint8_t (*identities)[AGE_KEY_SIZE],
                    size_t count, uint8_t file_key[AGE_FILE_KEY_SIZE])
{
    for (size_t i = 0; i < header->count; i++)
        for (size_t k = 0; k < count; k++) {
            int rc = open_stanza(&header->stanzas[i], identities[k], file_key);
            if (rc)
                return rc;
        }
    return 0;
}

enum status age_unwrap(const void *data, size_t len, const uint8_t (*identities)[AGE_KEY_SIZE],
                       size_t count, uint8_t file_key[AGE_FILE_KEY_SIZE], size_t *header_len,
                       struct error *err)
{
    static const char armor[] = "-----BEGIN AGE";
    struct header header = {.count = 0};
    uint8_t mac[MAC_SIZE];
    sodium_ready();
    if (len >= sizeof armor - 1 && memcmp(data, armor, sizeof armor - 1) == 0)
        return error_set(err, E_UNSUPPORTED, "%s", _("文字に直した age ファイルは扱えません"));
    struct span all = {data, len < AGE_HEADER_MAX ? len : AGE_HEADER_MAX};
    if (!read_header(all, &header))
        return error_set(err, E_PARSE, "%s", _("age の見出しが正しくありません"));
    if (header.passphrase)
        return error_set(err, E_UNSUPPORTED, "%s",
                         _("合言葉で暗号化された age ファイルは扱えません"));
    int rc = open_any(&header, identities, count, file_key);
    if (rc < 0)
        return error_set(err, E_PARSE, "%s", _("age の見出しが正しくありません"));
    if (rc == 0)
        return error_set(err, E_NOT_FOUND, "%s", _("この鍵あての暗号ではありません"));
    header_mac(mac, file_key, data, header.mac_len);
    if (sodium_memcmp(mac, header.mac, MAC_SIZE) != 0) {
        sodium_memzero(file_key, AGE_FILE_KEY_SIZE);
        return error_set(err, E_CRYPTO, "%s", _("age の見出しが書き換えられています"));
    }
    /* The salt of the payload counts as a part of the header. */
    if (all.len - header.len < AGE_SALT_SIZE) {
        sodium_memzero(file_key, AGE_FILE_KEY_SIZE);
        return error_set(err, E_PARSE, "%s", _("age ファイルが途中で切れています"));
    }
    *header_len = header.len;
    return OK;
}
