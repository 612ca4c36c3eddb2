#include "office/recover.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/journal.h"

struct recovering {
    struct office *office;
    const char *login;
    struct key_pair *escrow, *device, *user;
    struct registry_user known;
};

static enum status find_admin(struct recovering *r, struct error *err)
{
    struct office *office = r->office;
    enum status st = registry_user_of(office_registry(office), REGISTRY_NEWEST, office->device,
                                      r->login, &r->known, NULL);
    return !st && strings_find(&r->known.roles, "admin") >= 0
               ? OK
               : error_set(err, E_DENIED, _("「%s」はこの場所の管理者ではありません"), r->login);
}

/* The town's keys open for the new one as they did for the old. */
static enum status share_town(struct recovering *r, struct error *err)
{
    static const enum key_kind kinds[] = {KEY_ROOT, KEY_TOWN};
    const struct key_holder holder = {r->login, r->user->recipient};
    enum status st = OK;
    for (size_t i = 0; !st && i < ARRAY_LEN(kinds); i++) {
        struct key_pair *opened = NULL;
        st = keyring_open(r->office->dir, kinds[i], KEY_ESCROW, r->escrow, &opened, err);
        if (!st)
            st = keyring_share(r->office->dir, kinds[i], opened, &holder, err);
        key_pair_free(&opened);
    }
    return st;
}

/* As when an administrator renews somebody else's key. */
static enum status admit(struct recovering *r, struct buffer *request, struct error *err)
{
    struct office *office = r->office;
    struct user_keys keys = {r->user, r->device};
    struct session session = {.office = office,
                              .login = (char *)(uintptr_t)r->login,
                              .name = r->known.name,
                              .roles = r->known.roles,
                              .keys = &keys};
    struct replacement old = {.old = r->known.id};
    char head[HASH_HEX_SIZE];
    bool town = office->role == OFFICE_TOWN;
    enum status st = journal_head(office->store, office->device, &old.seq, head, err);
    old.head = head;
    if (!st && town)
        st = share_town(r, err);
    if (!st)
        st = setup_admit(&session, r->user, r->login, r->known.name, &r->known.roles, &old, err);
    return st || town ? st : setup_request(&session, request, err);
}

enum status recover_admin(struct office *office, const char *login, const char *password,
                          const char *escrow_file, struct buffer *request, struct error *err)
{
    struct recovering r = {.office = office, .login = login};
    enum status st = setup_read_identity(escrow_file, &r.escrow, err);
    if (!st)
        st = find_admin(&r, err);
    if (!st)
        st = keyring_open(office->dir, KEY_DEVICE, KEY_ESCROW, r.escrow, &r.device, err);
    if (!st)
        st = account_renew(office->store, office->dir, login, password, &r.user, err);
    if (!st)
        st = admit(&r, request, err);
    registry_user_free(&r.known);
    key_pair_free(&r.escrow);
    key_pair_free(&r.device);
    key_pair_free(&r.user);
    return st;
}
