/*
 * crypto/keyring_file: the text of a key file and the wrapping of what it holds. Private to this
 * room: crypto/keyring.h has what others call.
 *
 *   satomado-key 1
 *   public <base64 Ed25519 public key>
 *   recipient age1...
 *   password <base64 salt> <base64 nonce ‖ sealed secret>     a user's key has this one line
 *   holder <name> age1... <base64 sealed box of the secret>   another key one for each holder
 *   sum <base64 BLAKE2b-256 of all lines before>              damage is told from a wrong password
 */
#ifndef CRYPTO_KEYRING_FILE_H
#define CRYPTO_KEYRING_FILE_H

#include <stddef.h>

#include "base/buffer.h"
#include "crypto/keyring.h"
#include "crypto/sodium.h"

enum {
    SECRET_SIZE = SEAL_SEED_SIZE + AGE_KEY_SIZE, /* signing seed, then identity */
    PASSWORD_SALT_SIZE = crypto_pwhash_SALTBYTES,
    PASSWORD_KEY_SIZE = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    PASSWORD_NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    PASSWORD_SEALED_SIZE =
        PASSWORD_NONCE_SIZE + SECRET_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HOLDER_SEALED_SIZE = SECRET_SIZE + crypto_box_SEALBYTES,
    PASSWORD_MAX = 1024, /* bytes */
};

/* The secret wrapped to one holder. */
struct wrapping {
    char name[LOGIN_MAX + 1];
    struct age_recipient recipient;
    uint8_t sealed[HOLDER_SEALED_SIZE];
};

struct key_file {
    struct key_card card;
    bool has_password;
    uint8_t salt[PASSWORD_SALT_SIZE];
    uint8_t sealed[PASSWORD_SEALED_SIZE];
    struct wrapping *wrappings;
    size_t count;
};

/* E_NOT_FOUND, E_CORRUPT. */
enum status key_file_read(const char *path, struct key_file *out, struct error *err);
enum status key_file_write(const char *path, const struct key_file *file, struct error *err);
void key_file_free(struct key_file *file);
/* The wrapping of a holder, or NULL. */
struct wrapping *key_file_find(const struct key_file *file, const char *name);

/* Wraps to one more holder, or anew to one of the same name. */
enum status key_file_wrap(struct key_file *file, const struct key_pair *pair,
                          const struct key_holder *holder, struct error *err);
/* Opens what is wrapped to a holder. E_DENIED: to nobody of this name and key. */
enum status key_file_unwrap(const struct key_file *file, const char *holder,
                            const struct key_pair *holder_key, struct key_pair **out,
                            struct error *err);
/* Wraps by a password. E_BUSY. */
enum status key_file_lock(struct key_file *file, const struct key_pair *pair, const char *password,
                          struct error *err);
/* E_PASSWORD, E_BUSY. */
enum status key_file_unlock(const struct key_file *file, const char *password,
                            struct key_pair **out, struct error *err);

/* The key a password makes, spent in the child. E_BUSY when memory is short. */
enum status keyring_stretch(uint8_t key[PASSWORD_KEY_SIZE], const uint8_t salt[PASSWORD_SALT_SIZE],
                            const char *password, struct error *err);

#endif
