#include "crypto/keyring_file.h"

#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/base64.h"
#include "crypto/random.h"

#define FIRST_LINE    "satomado-key 1"
#define SUM_DOMAIN    "satomado-key-file-1"
#define KEY_FILE_MAX  (1 << 20)
#define WRAPPINGS_MAX 1024

_Static_assert(AGE_KEY_SIZE == crypto_box_PUBLICKEYBYTES, "recipients open sealed boxes");

/* --- Pairs --- */

/* The pair of a secret. */
static struct key_pair *pair_of(const uint8_t secret[SECRET_SIZE])
{
    struct key_pair *pair = secret_new(sizeof *pair);
    seal_key_from_seed(&pair->seal, secret);
    memcpy(pair->identity, secret + SEAL_SEED_SIZE, AGE_KEY_SIZE);
    age_recipient_of(&pair->recipient, pair->identity);
    seal_fingerprint(pair->fingerprint, pair->seal.public_key);
    return pair;
}

static void secret_of(const struct key_pair *pair, uint8_t secret[SECRET_SIZE])
{
    crypto_sign_ed25519_sk_to_seed(secret, pair->seal.secret);
    memcpy(secret + SEAL_SEED_SIZE, pair->identity, AGE_KEY_SIZE);
}

struct key_pair *key_pair_new(void)
{
    uint8_t *secret = secret_new(SECRET_SIZE);
    random_bytes(secret, SECRET_SIZE);
    struct key_pair *pair = pair_of(secret);
    sodium_free(secret);
    return pair;
}

void key_pair_free(struct key_pair **pair)
{
    sodium_free(*pair);
    *pair = NULL;
}

/* The pair of an opened secret, if it is the one the file names. */
static enum status checked_pair(const struct key_file *file, const uint8_t *secret,
                                struct key_pair **out, struct error *err)
{
    struct key_pair *pair = pair_of(secret);
    if (memcmp(pair->seal.public_key, file->card.public_key, SEAL_PUBLIC_SIZE) != 0 ||
        memcmp(&pair->recipient, &file->card.recipient, sizeof pair->recipient) != 0) {
        key_pair_free(&pair);
        return error_set(err, E_CORRUPT, "%s",
                         _("鍵ファイルの公開鍵と中身が合いません。控えから戻してください"));
    }
    *out = pair;
    return OK;
}

/* --- Text --- */

/* The lines that say which key it is; the password's wrapping is bound to them. */
static void print_card(struct buffer *out, const struct key_card *card)
{
    char recipient[AGE_RECIPIENT_SIZE];
    age_recipient_encode(recipient, &card->recipient);
    buffer_add_text(out, FIRST_LINE "\npublic ");
    base64_add(out, card->public_key, SEAL_PUBLIC_SIZE);
    buffer_printf(out, "\nrecipient %s\n", recipient);
}

static void print_sum(struct buffer *out)
{
    uint8_t sum[HASH_SIZE];
    hash_of(sum, SUM_DOMAIN, out->data, out->len);
    buffer_add_text(out, "sum ");
    base64_add(out, sum, sizeof sum);
    buffer_add_char(out, '\n');
}

enum status key_file_write(const char *path, const struct key_file *file, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    print_card(&text, &file->card);
    if (file->has_password) {
        buffer_add_text(&text, "password ");
        base64_add(&text, file->salt, sizeof file->salt);
        buffer_add_char(&text, ' ');
        base64_add(&text, file->sealed, sizeof file->sealed);
        buffer_add_char(&text, '\n');
    }
    for (size_t i = 0; i < file->count; i++) {
        const struct wrapping *w = &file->wrappings[i];
        char recipient[AGE_RECIPIENT_SIZE];
        age_recipient_encode(recipient, &w->recipient);
        buffer_printf(&text, "holder %s %s ", w->name, recipient);
        base64_add(&text, w->sealed, sizeof w->sealed);
        buffer_add_char(&text, '\n');
    }
    print_sum(&text);
    enum status st = file_write(path, text.data, text.len, err);
    buffer_free(&text);
    return st;
}

static bool decode(uint8_t *out, size_t size, const char *text)
{
    return base64_decode(out, size, text, strlen(text));
}

static bool parse_holder(struct key_file *file, char *const *words)
{
    struct wrapping w = {0};
    if (file->count == WRAPPINGS_MAX || key_file_find(file, words[1]) ||
        !(keyring_login_valid(words[1]) || str_eq(words[1], KEY_ESCROW)) ||
        !age_recipient_decode(&w.recipient, words[2]) ||
        !decode(w.sealed, sizeof w.sealed, words[3]))
        return false;
    snprintf(w.name, sizeof w.name, "%s", words[1]);
    file->wrappings = xroom(file->wrappings, file->count, sizeof *file->wrappings);
    file->wrappings[file->count++] = w;
    return true;
}

static bool parse_public(struct key_file *file, char *const *words)
{
    if (!decode(file->card.public_key, SEAL_PUBLIC_SIZE, words[1]))
        return false;
    seal_fingerprint(file->card.fingerprint, file->card.public_key);
    return true;
}

static bool parse_recipient(struct key_file *file, char *const *words)
{
    return age_recipient_decode(&file->card.recipient, words[1]);
}

static bool parse_password(struct key_file *file, char *const *words)
{
    file->has_password = true;
    return decode(file->salt, sizeof file->salt, words[1]) &&
           decode(file->sealed, sizeof file->sealed, words[2]);
}

/* The lines between the first and the sum, in their order. */
static const struct {
    const char *word;
    size_t words;
    bool many;
    bool (*parse)(struct key_file *file, char *const *words);
} kinds[] = {
    {"public", 2, false, parse_public},
    {"recipient", 2, false, parse_recipient},
    {"password", 3, false, parse_password},
    {"holder", 4, true, parse_holder},
};

static bool parse_lines(struct key_file *file, const struct strings *lines)
{
    size_t kind = 0;
    bool again = false;
    for (size_t i = 1; i < lines->count; i++) {
        struct strings words = STRINGS_INIT;
        strings_split(&words, lines->items[i], ' ');
        while (kind < ARRAY_LEN(kinds) && !str_eq(words.items[0], kinds[kind].word)) {
            kind++;
            again = false;
        }
        bool good = kind < ARRAY_LEN(kinds) && words.count == kinds[kind].words &&
                    !(again && !kinds[kind].many) && kinds[kind].parse(file, words.items);
        again = true;
        strings_free(&words);
        if (!good)
            return false;
    }
    return file->card.fingerprint[0] && file->has_password == (file->count == 0);
}

/* True when the last line is the sum of those before; it is cut off then. */
static bool take_sum(struct buffer *text)
{
    uint8_t sum[HASH_SIZE], said[HASH_SIZE];
    size_t line = strlen("sum ") + base64_length(HASH_SIZE) + 1;
    if (text->len <= line || memchr(text->data, '\0', text->len))
        return false;
    size_t at = text->len - line;
    hash_of(sum, SUM_DOMAIN, text->data, at);
    if (text->data[at - 1] != '\n' || text->data[text->len - 1] != '\n' ||
        !str_starts(text->data + at, "sum ") ||
        !base64_decode(said, sizeof said, text->data + at + 4, base64_length(HASH_SIZE)) ||
        memcmp(sum, said, sizeof sum) != 0)
        return false;
    text->data[at - 1] = '\0';
    return true;
}

enum status key_file_read(const char *path, struct key_file *out, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    memset(out, 0, sizeof *out);
    sodium_ready();
    enum status st = file_read(path, KEY_FILE_MAX, &text, err);
    if (!st) {
        bool whole = take_sum(&text);
        if (whole)
            strings_split(&lines, text.data, '\n');
        if (!whole || !str_eq(lines.items[0], FIRST_LINE) || !parse_lines(out, &lines))
            st = error_set(err, E_CORRUPT,
                           _("鍵ファイル %s が壊れています。控えから戻してください"), path);
    }
    if (st)
        key_file_free(out);
    strings_free(&lines);
    buffer_free(&text);
    return st;
}

void key_file_free(struct key_file *file)
{
    xfree(&file->wrappings);
    file->count = 0;
}

/* --- Holders --- */

struct wrapping *key_file_find(const struct key_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (str_eq(file->wrappings[i].name, name))
            return &file->wrappings[i];
    return NULL;
}

enum status key_file_wrap(struct key_file *file, const struct key_pair *pair,
                          const struct key_holder *holder, struct error *err)
{
    struct wrapping w = {.recipient = holder->recipient};
    if (!keyring_login_valid(holder->name) && !str_eq(holder->name, KEY_ESCROW))
        return error_set(err, E_INVALID, _("鍵の持ち主の名前 %s は使えません"), holder->name);
    snprintf(w.name, sizeof w.name, "%s", holder->name);
    uint8_t *secret = secret_new(SECRET_SIZE);
    secret_of(pair, secret);
    int rc = crypto_box_seal(w.sealed, secret, SECRET_SIZE, holder->recipient.key);
    sodium_free(secret);
    if (rc != 0)
        return error_set(err, E_CRYPTO, _("%s の公開鍵は使えません"), holder->name);
    struct wrapping *old = key_file_find(file, holder->name);
    if (!old) {
        if (file->count == WRAPPINGS_MAX)
            return error_set(err, E_LIMIT, _("鍵の持ち主は%d人までです"), WRAPPINGS_MAX);
        file->wrappings = xroom(file->wrappings, file->count, sizeof *old);
        old = &file->wrappings[file->count++];
    }
    *old = w;
    return OK;
}

enum status key_file_unwrap(const struct key_file *file, const char *holder,
                            const struct key_pair *holder_key, struct key_pair **out,
                            struct error *err)
{
    const struct wrapping *w = key_file_find(file, holder);
    if (!w || memcmp(&w->recipient, &holder_key->recipient, sizeof w->recipient) != 0)
        return error_set(err, E_DENIED, _("%s はこの鍵の持ち主になっていません"), holder);
    uint8_t *secret = secret_new(SECRET_SIZE);
    enum status st;
    if (crypto_box_seal_open(secret, w->sealed, sizeof w->sealed, holder_key->recipient.key,
                             holder_key->identity) != 0)
        st = error_set(err, E_CORRUPT, _("%s に渡された鍵が壊れています"), holder);
    else
        st = checked_pair(file, secret, out, err);
    sodium_free(secret);
    return st;
}

/* --- Password --- */

enum status key_file_lock(struct key_file *file, const struct key_pair *pair, const char *password,
                          struct error *err)
{
    if (str_empty(password))
        return error_set(err, E_INVALID, "%s", _("合言葉を入れてください"));
    uint8_t *key = secret_new(PASSWORD_KEY_SIZE), *secret = secret_new(SECRET_SIZE);
    random_bytes(file->salt, sizeof file->salt);
    enum status st = keyring_stretch(key, file->salt, password, err);
    if (!st) {
        struct buffer card = BUFFER_INIT;
        print_card(&card, &file->card);
        random_bytes(file->sealed, PASSWORD_NONCE_SIZE);
        secret_of(pair, secret);
        crypto_aead_xchacha20poly1305_ietf_encrypt(file->sealed + PASSWORD_NONCE_SIZE, NULL, secret,
                                                   SECRET_SIZE, (const uint8_t *)card.data,
                                                   card.len, NULL, file->sealed, key);
        file->has_password = true;
        buffer_free(&card);
    }
    sodium_free(secret);
    sodium_free(key);
    return st;
}

enum status key_file_unlock(const struct key_file *file, const char *password,
                            struct key_pair **out, struct error *err)
{
    uint8_t *key = secret_new(PASSWORD_KEY_SIZE), *secret = secret_new(SECRET_SIZE);
    enum status st = keyring_stretch(key, file->salt, password, err);
    if (!st) {
        struct buffer card = BUFFER_INIT;
        print_card(&card, &file->card);
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(
                secret, NULL, NULL, file->sealed + PASSWORD_NONCE_SIZE,
                PASSWORD_SEALED_SIZE - PASSWORD_NONCE_SIZE, (const uint8_t *)card.data, card.len,
                file->sealed, key) != 0)
            st = error_set(err, E_PASSWORD, "%s", status_text(E_PASSWORD));
        else
            st = checked_pair(file, secret, out, err);
        buffer_free(&card);
    }
    sodium_free(secret);
    sodium_free(key);
    return st;
}
