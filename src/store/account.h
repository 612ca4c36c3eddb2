/*
 * store/account: who may log in at this data directory (利用者). Office's session and set-up call
 * it, and the commands that look after accounts.
 *
 * An account is a key file made by crypto/keyring plus a row here: locked or not, since when, and
 * how long the next attempt has to wait. Opening the key is the password check; roles come from
 * the registry, where the town has certified the key.
 */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/strings.h"
#include "crypto/keyring.h"

struct store;

#define PASSWORD_MIN 8 /* characters */

/* Makes the user's key (DIR/keys/LOGIN.key) and the account; the key comes back open so that the
 * device's key can be shared with it. E_EXISTS: the login is taken. */
enum status account_create(struct store *store, const char *dir, const char *login,
                           const char *password, struct key_pair **out, struct error *err);

/* A forgotten password: the old key is put aside and a new one made for the login, which is unlocked.
 * What was signed with the old one stays signed with it; the town certifies the new one. */
enum status account_renew(struct store *store, const char *dir, const char *login,
                          const char *password, struct key_pair **out, struct error *err);

/* Logs in. E_PASSWORD: unknown user, wrong password or locked account, not told apart. E_BUSY:
 * memory is short, or after failures "あとN秒"; the wait grows to one minute, is counted for each
 * login by itself, whether it exists or not, and outlives the program. */
enum status account_login(struct store *store, const char *dir, const char *login,
                          const char *password, struct user_keys **out, struct error *err);
/* The same check without keys coming back: screen lock, closing of the day. */
enum status account_confirm(struct store *store, const char *dir, const char *login,
                            const char *password, struct error *err);
/* Wraps the key anew; the old password is checked as at login. */
enum status account_set_password(struct store *store, const char *dir, const char *login,
                                 const char *old_password, const char *new_password,
                                 struct error *err);
/* A locked account cannot log in; its key stays. Unlocking also forgets failed attempts. */
enum status account_lock(struct store *store, const char *login, bool locked, struct error *err);

struct account_row {
    char *login;
    char *created_at; /* ISO time */
    bool locked;
};
struct account_list {
    struct account_row *items;
    size_t count;
};
enum status account_list(struct store *store, struct account_list *out, struct error *err);
void account_list_free(struct account_list *list);

#endif
