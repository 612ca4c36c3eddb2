/*
 * crypto/keyring: secret keys at rest (鍵束), one file each under DIR/keys, mode 0600. Office opens
 * it at login; bundle and the registry sign with what it gave. Secrets live in guarded memory and
 * are wiped when freed.
 *
 * Every key is a pair of secrets: an Ed25519 key to sign with and an X25519 identity to be written
 * to. A user's key is wrapped by the password (Argon2id, then XChaCha20-Poly1305): that it opens
 * *is* the password check. The other keys (this device's, on the town also the root and the
 * identity of the year) are wrapped to holders: users, by their recipient, and the escrow. Any
 * holder opens them; an opened key can be shared with a further holder.
 *
 *   keys/LOGIN.key   keys/device.key   keys/root.key   keys/town.identity
 */
#ifndef CRYPTO_KEYRING_H
#define CRYPTO_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "crypto/age.h"
#include "crypto/seal.h"

/* Name, file and what it is for. Logins must differ from the file names. */
enum key_kind { KEY_DEVICE, KEY_ROOT, KEY_TOWN };

/* An opened key, in guarded memory. */
struct key_pair {
    struct seal_key seal;
    uint8_t identity[AGE_KEY_SIZE];
    struct age_recipient recipient;
    char fingerprint[HASH_HEX_SIZE]; /* of the signing key */
};

/* What anybody may know of a key: its public half. */
struct key_card {
    uint8_t public_key[SEAL_PUBLIC_SIZE];
    struct age_recipient recipient;
    char fingerprint[HASH_HEX_SIZE];
};

/* What a logged-in user holds: for signing as themselves and as the device. */
struct user_keys {
    struct key_pair *user;
    struct key_pair *device;
};

/* Somebody a key is wrapped to: a login, or "escrow". */
struct key_holder {
    const char *name;
    struct age_recipient recipient;
};

#define KEY_ESCROW "escrow"
#define LOGIN_MAX  32
/* [a-z][a-z0-9_-]{0,31}, and not the name of another key file or holder. */
bool keyring_login_valid(const char *login);

/* --- Users --- */

/* Makes a key for a login. E_EXISTS when there is one; E_BUSY when memory is short. */
enum status keyring_user_create(const char *dir, const char *login, const char *password,
                                struct key_pair **out, struct error *err);
/* E_PASSWORD: wrong password, or no such login (the same time is spent). E_BUSY: not enough memory
 * or no process to be had: says nothing about the password. E_CORRUPT: the file is damaged. */
enum status keyring_user_unlock(const char *dir, const char *login, const char *password,
                                struct key_pair **out, struct error *err);
/* Wraps the same key anew; the key itself and all that was signed with it stay. */
enum status keyring_user_password(const char *dir, const char *login, const char *old_password,
                                  const char *new_password, struct error *err);
/* Puts a user's key aside as keys/LOGIN.key-FINGERPRINT.old: the password is forgotten, and with it
 * the key; a new one may be made. E_NOT_FOUND. */
enum status keyring_user_set_aside(const char *dir, const char *login, struct error *err);
/* Public half, without password. */
enum status keyring_user_card(const char *dir, const char *login, struct key_card *out,
                              struct error *err);

/* --- Keys with holders --- */

/* Makes a key wrapped to the holders (at least one). E_EXISTS when there is one. */
enum status keyring_create(const char *dir, enum key_kind kind, const struct key_holder *holders,
                           size_t count, struct key_pair **out, struct error *err);
/* Opens a key as one of its holders. E_NOT_FOUND: no such key; E_DENIED: not wrapped to the
 * holder. */
enum status keyring_open(const char *dir, enum key_kind kind, const char *holder,
                         const struct key_pair *holder_key, struct key_pair **out,
                         struct error *err);
/* Adds a holder, or replaces the wrapping of one with the same name. `opened` is the key itself. */
enum status keyring_share(const char *dir, enum key_kind kind, const struct key_pair *opened,
                          const struct key_holder *holder, struct error *err);
/* The key is wrapped to that holder with that recipient. */
bool keyring_shared(const char *dir, enum key_kind kind, const struct key_holder *holder);
/* Takes a holder away; E_NOT_FOUND when it is none. The last one cannot be taken (E_RULE). */
enum status keyring_unshare(const char *dir, enum key_kind kind, const char *holder,
                            struct error *err);
/* Puts the key of this kind that stands in from_dir in the place of dir's own, which is kept beside
 * it as keys/NAME-FINGERPRINT.old. Nothing happens when from_dir has none any more. */
enum status keyring_replace(const char *dir, enum key_kind kind, const char *from_dir,
                            struct error *err);
/* The keys of a kind that were replaced and are kept: the first 16 digits of each. */
struct strings;
enum status keyring_list_aside(const char *dir, enum key_kind kind, struct strings *out,
                               struct error *err);
/* Removes the key in its place for good, and one that was replaced: written over, synced, unlinked.
 * On a disk that writes elsewhere than it read (SSD, copy on write) and in copies the old blocks
 * may stand. E_NOT_FOUND. */
enum status keyring_destroy(const char *dir, enum key_kind kind, struct error *err);
enum status keyring_destroy_aside(const char *dir, enum key_kind kind, const char *fingerprint,
                                  struct error *err);
/* Opens a key that was replaced, by its fingerprint (16 digits or all); or the one in its place
 * when it is that. */
enum status keyring_open_aside(const char *dir, enum key_kind kind, const char *fingerprint,
                               const char *holder, const struct key_pair *holder_key,
                               struct key_pair **out, struct error *err);
enum status keyring_card(const char *dir, enum key_kind kind, struct key_card *out,
                         struct error *err);

/* --- Login --- */

/* The user's key by password, then the device's key with it. */
enum status keyring_login(const char *dir, const char *login, const char *password,
                          struct user_keys **out, struct error *err);
void user_keys_free(struct user_keys **keys);

/* A fresh pair that is in no file (escrow, tests). */
struct key_pair *key_pair_new(void);
/* Wipes it. NULL allowed. */
void key_pair_free(struct key_pair **key);

/* --- The password child --- */

/* The 64 MiB of Argon2id are spent in a process of their own, made by running this executable
 * again with this single argument. Every main() of a program that opens user keys begins with:
 *     if (argc == 2 && strcmp(argv[1], KEYRING_CHILD_ARGUMENT) == 0)
 *         return keyring_child_main();                                                          */
#define KEYRING_CHILD_ARGUMENT "--password-child"
int keyring_child_main(void);

#endif
