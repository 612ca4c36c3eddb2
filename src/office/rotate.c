#include "office/rotate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/account.h"

struct rotating {
    struct signing signing;
    struct registry_town town;
};

static enum status certify(void *context, struct error *err)
{
    struct rotating *r = context;
    return registry_add_town(store_registry(r->signing.store), r->signing.root, &r->town, err);
}

static enum status begin(struct session *session, struct rotating *r, struct error *err)
{
    *r = (struct rotating){.signing.store = session->office->store};
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st && session->office->role != OFFICE_TOWN)
        st = error_set(err, E_DENIED, _("町の鍵は町のデータでだけ変えられます"));
    if (!st)
        st = setup_root_here(session, err);
    return st ? st
              : registry_town(store_registry(r->signing.store), REGISTRY_NEWEST, &r->town, err);
}

/* For administrators and the escrow; the identity of the year also for whoever takes bundles in. */
static enum status make_key(struct session *session, enum key_kind kind,
                            struct age_recipient escrow, const char *where, struct key_pair **out,
                            struct error *err)
{
    struct office *office = session->office;
    struct registry_users users;
    struct key_holder holders[256];
    size_t count = 0;
    enum status st =
        registry_users(office_registry(office), REGISTRY_NEWEST, office->device, &users, err);
    for (size_t i = 0; !st && i < users.count && count + 1 < ARRAY_LEN(holders); i++) {
        const struct registry_user *u = &users.items[i];
        struct key_card card;
        bool may = strings_find(&u->roles, "admin") >= 0 ||
                   (kind == KEY_TOWN && strings_find(&u->roles, "reviewer") >= 0);
        if (may && keyring_user_card(office->dir, u->login, &card, NULL) == OK)
            holders[count++] = (struct key_holder){u->login, card.recipient};
    }
    holders[count++] = (struct key_holder){KEY_ESCROW, escrow};
    if (!st)
        st = keyring_create(where, kind, holders, count, out, err);
    registry_users_free(&users);
    return st;
}

/* Where the new key waits; also what an interrupted run left there. */
static void forget(const char *where)
{
    char *keys = file_path(where, "keys"), *year = file_path(keys, "town.identity"),
         *root = file_path(keys, "root.key");
    unlink(year);
    unlink(root);
    rmdir(keys);
    rmdir(where);
    xfree(&year);
    xfree(&root);
    xfree(&keys);
}

/* The key is in its place before the registry names it: should the machine stop between, what comes
 * is still written for the kept one, and it is done again. */
enum status rotate_town(struct session *session, char old[17], struct error *err)
{
    struct office *office = session->office;
    struct rotating r;
    struct key_pair *key = NULL;
    struct key_card card;
    char *where = file_path(office->dir, ".rotate");
    enum status st = begin(session, &r, err);
    if (!st)
        st = keyring_card(office->dir, KEY_TOWN, &card, err);
    forget(where);
    if (!st)
        st = file_make_dirs(where, err);
    if (!st)
        st = make_key(session, KEY_TOWN, r.town.escrow, where, &key, err);
    if (!st) {
        memcpy(old, card.fingerprint, 16);
        old[16] = '\0';
        r.town.recipient = key->recipient;
        st = keyring_replace(office->dir, KEY_TOWN, where, err);
    }
    if (!st)
        st = setup_with_root(session, certify, &r, &r.signing.root, err);
    forget(where);
    key_pair_free(&key);
    registry_town_free(&r.town);
    xfree(&where);
    return st;
}

struct rooting {
    struct store *store;
    const struct key_pair *old, *next;
};

static enum status add_root(void *context, struct error *err)
{
    const struct rooting *r = context;
    return registry_add_root(store_registry(r->store), r->old, r->next, err);
}

/* As with the town's: a run that was interrupted is done again, with the root the registry knows.
 */
enum status rotate_root(struct session *session, char fingerprint[65], struct error *err)
{
    struct office *office = session->office;
    struct rotating r;
    struct key_pair *old = NULL, *next = NULL;
    char *where = file_path(office->dir, ".rotate"), now[HASH_HEX_SIZE];
    enum status st = begin(session, &r, err);
    registry_root(office_registry(office), now);
    if (!st)
        st = keyring_open_aside(office->dir, KEY_ROOT, now, session->login, session->keys->user,
                                &old, err);
    forget(where);
    if (!st)
        st = file_make_dirs(where, err);
    if (!st)
        st = make_key(session, KEY_ROOT, r.town.escrow, where, &next, err);
    if (!st)
        st = keyring_replace(office->dir, KEY_ROOT, where, err);
    if (!st)
        st = store_transaction(office->store, add_root, &(struct rooting){office->store, old, next},
                               err);
    if (!st)
        snprintf(fingerprint, 65, "%s", next->fingerprint);
    forget(where);
    key_pair_free(&old);
    key_pair_free(&next);
    registry_town_free(&r.town);
    xfree(&where);
    return st;
}

enum status rotate_escrow(struct session *session, const char *to, struct error *err)
{
    struct rotating r;
    struct key_pair *escrow = key_pair_new();
    enum status st = begin(session, &r, err);
    if (!st && file_exists(to))
        st = error_set(err, E_EXISTS, _("%s はすでにあります"), to);
    if (!st)
        st = setup_write_identity(to, escrow, err);
    if (!st) {
        r.town.escrow = escrow->recipient;
        st = setup_with_root(session, certify, &r, &r.signing.root, err);
    }
    if (!st)
        st = setup_share_escrow(session, err);
    key_pair_free(&escrow);
    registry_town_free(&r.town);
    return st;
}

enum status rotate_kept(struct session *session, struct strings *out, struct error *err)
{
    enum status st = session_require(session, MAY_ADMINISTER, err);
    return st ? st : keyring_list_aside(session->office->dir, KEY_TOWN, out, err);
}

enum status rotate_destroy(struct session *session, const char *old, struct error *err)
{
    struct strings kept = STRINGS_INIT;
    enum status st = rotate_kept(session, &kept, err);
    if (!st && strings_find(&kept, old) < 0)
        st = error_set(err, E_NOT_FOUND, _("古い町の鍵 %s はここにありません（key rotate --list）"),
                       old);
    if (!st)
        st = keyring_destroy_aside(session->office->dir, KEY_TOWN, old, err);
    strings_free(&kept);
    return st;
}
