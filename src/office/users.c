#include "office/users.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/journal.h"

enum { ID_DIGITS_LEAST = 8 };

/* --- Accounts of this place --- */

enum status users_password(struct office *office, const char *login, const char *old_password,
                           const char *new_password, struct error *err)
{
    if (strcmp(old_password, new_password) == 0)
        return error_set(err, E_INVALID, _("新しい合言葉がいままでと同じです"));
    return account_set_password(office->store, office->dir, login, old_password, new_password, err);
}

enum status users_lock(struct session *session, const char *login, bool locked, struct error *err)
{
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st && locked && strcmp(login, session->login) == 0)
        st = error_set(err, E_RULE, _("自分の利用を止めることはできません"));
    return st ? st : account_lock(session->office->store, login, locked, err);
}

/* The certified user of a login here. */
static enum status user_here(struct office *office, const char *login, struct registry_user *out,
                             struct error *err)
{
    enum status st =
        registry_user_of(office_registry(office), REGISTRY_NEWEST, office->device, login, out, err);
    return st == E_NOT_FOUND
               ? error_set(err, E_NOT_FOUND,
                           _("利用者「%s」は、ここではまだ町に認められていません"), login)
               : st;
}

enum status users_renew(struct session *session, const char *login, const char *password,
                        struct error *err)
{
    struct office *office = session->office;
    struct registry_user known = {0};
    struct key_pair *user = NULL;
    struct replacement old = {.old = known.id};
    char head[HASH_HEX_SIZE];
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st && strcmp(login, session->login) == 0)
        st = error_set(err, E_RULE, _("自分の鍵は新しくできません。ほかの管理者に頼んでください"));
    if (!st)
        st = user_here(office, login, &known, err);
    if (!st)
        st = journal_head(office->store, office->device, &old.seq, head, err);
    if (!st)
        st = account_renew(office->store, office->dir, login, password, &user, err);
    if (!st) {
        old.head = head;
        st = setup_admit(session, user, login, known.name, &known.roles, &old, err);
    }
    key_pair_free(&user);
    registry_user_free(&known);
    return st;
}

/* --- The registry --- */

static bool names_place(const struct office *office, const struct registry_user *user,
                        const char *place)
{
    struct registry_device device = {0};
    if (str_empty(place) || str_starts(user->device, place))
        return true;
    bool same = registry_device(store_registry(office->store), REGISTRY_NEWEST, user->device,
                                &device, NULL) == OK &&
                (strcmp(device.office, place) == 0 || strcmp(device.name, place) == 0);
    registry_device_free(&device);
    return same;
}

struct changing {
    struct signing signing;
    struct registry_user user;
    struct registry_revocation end;
};

static enum status change_roles(void *context, struct error *err)
{
    struct changing *c = context;
    return registry_add_user(store_registry(c->signing.store), c->signing.root, &c->user, err);
}

static enum status find_user(struct session *session, const char *login, const char *place,
                             struct registry_user *out, struct error *err)
{
    struct registry_users users;
    enum status st =
        registry_users(office_registry(session->office), REGISTRY_NEWEST, NULL, &users, err);
    size_t found = 0;
    for (size_t i = 0; !st && i < users.count; i++) {
        if (strcmp(users.items[i].login, login) != 0 ||
            !names_place(session->office, &users.items[i], place))
            continue;
        if (found++)
            continue;
        *out = users.items[i];
        users.items[i] = (struct registry_user){0};
    }
    registry_users_free(&users);
    if (!st && !found)
        st = error_set(err, E_NOT_FOUND, _("利用者「%s」は登録簿にありません"), login);
    if (!st && found > 1)
        st = error_set(err, E_CONFLICT,
                       _("「%s」は%zu か所にいます。--place で局か端末の名を示してください"), login,
                       found);
    return st;
}

enum status users_roles(struct session *session, const char *login, const char *place,
                        const char *const *roles, size_t count, struct error *err)
{
    struct changing c = {.signing.store = session->office->store};
    struct strings wanted = STRINGS_INIT;
    for (size_t i = 0; i < count; i++)
        strings_add(&wanted, roles[i]);
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = session_roles_known(&wanted, err);
    if (!st)
        st = find_user(session, login, place, &c.user, err);
    if (!st && strcmp(c.user.id, session_key(session)) == 0 && strings_find(&wanted, "admin") < 0)
        st = error_set(err, E_RULE, _("自分の管理者の役割は外せません"));
    if (!st) {
        strings_free(&c.user.roles);
        c.user.roles = wanted;
        wanted = (struct strings)STRINGS_INIT;
        st = setup_with_root(session, change_roles, &c, &c.signing.root, err);
    }
    strings_free(&wanted);
    registry_user_free(&c.user);
    return st;
}

/* --- Keys --- */

static char *joined(const struct strings *list)
{
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < list->count; i++)
        buffer_printf(&text, "%s%s", i ? "," : "", list->items[i]);
    return buffer_steal(&text);
}

static void add_key(struct registry *registry, struct key_rows *out, bool device, const char *id,
                    char *name, char *office, char *roles)
{
    struct registry_revocation end = {0};
    struct key_row row = {.device = device, .name = name, .office = office, .roles = roles};
    snprintf(row.id, sizeof row.id, "%s", id);
    bool ended = registry_revocation(registry, REGISTRY_NEWEST, id, &end, NULL) == OK;
    row.ended = xstrdup(!ended ? "" : str_empty(end.reason) ? _("失効") : end.reason);
    registry_revocation_free(&end);
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = row;
}

enum status users_keys(struct session *session, struct key_rows *out, struct error *err)
{
    struct registry *registry = office_registry(session->office);
    struct registry_devices devices = {0};
    struct registry_users users = {0};
    *out = (struct key_rows){0};
    enum status st = registry_devices(registry, REGISTRY_NEWEST, &devices, err);
    if (!st)
        st = registry_all_users(registry, REGISTRY_NEWEST, &users, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        const struct registry_device *d = &devices.items[i];
        add_key(registry, out, true, d->id, xstrdup(d->name), xstrdup(d->office), xstrdup(d->role));
    }
    for (size_t i = 0; !st && i < users.count; i++) {
        const struct registry_user *u = &users.items[i];
        add_key(registry, out, false, u->id, xstrdup(u->login),
                xasprintf("%s %.8s", u->office, u->device), joined(&u->roles));
    }
    registry_devices_free(&devices);
    registry_users_free(&users);
    return st;
}

void key_rows_free(struct key_rows *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct key_row *r = &list->items[i];
        char **texts[] = {&r->name, &r->office, &r->roles, &r->ended};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

/* The one key whose fingerprint begins so, and the device whose chain it works on. */
static enum status find_key(struct session *session, const char *id, char full[65], char device[65],
                            bool *ended, struct error *err)
{
    struct key_rows keys;
    struct registry_user user = {0};
    size_t found = 0;
    if (strlen(id) < ID_DIGITS_LEAST)
        return error_set(err, E_INVALID, _("鍵の指紋は始めの%d桁以上を示してください"),
                         ID_DIGITS_LEAST);
    enum status st = users_keys(session, &keys, err);
    for (size_t i = 0; !st && i < keys.count; i++) {
        if (!str_starts(keys.items[i].id, id))
            continue;
        found++;
        memcpy(full, keys.items[i].id, 65);
        *ended = *keys.items[i].ended;
    }
    key_rows_free(&keys);
    if (!st && found != 1)
        st = error_set(err, found ? E_CONFLICT : E_NOT_FOUND,
                       found ? _("「%s」で始まる鍵がいくつもあります")
                             : _("「%s」で始まる鍵は登録簿にありません（key list）"),
                       id);
    if (st)
        return st;
    memcpy(device, full, 65);
    if (registry_user(office_registry(session->office), REGISTRY_NEWEST, full, &user, NULL) == OK)
        memcpy(device, user.device, 65);
    registry_user_free(&user);
    return OK;
}

static enum status end_key(void *context, struct error *err)
{
    struct changing *c = context;
    return registry_revoke(store_registry(c->signing.store), c->signing.root, &c->end, err);
}

/* The last good events, as the registry names them. */
static enum status accepted_heads(struct store *store, const char *device,
                                  const struct strings *good, struct strings *out,
                                  struct error *err)
{
    char head[HASH_HEX_SIZE], chain[HASH_HEX_SIZE];
    int64_t seq = 0;
    enum status st = OK;
    if (!good->count) {
        st = journal_head(store, device, &seq, head, err);
        if (!st && seq)
            strings_take(out, registry_head(device, seq, head));
    }
    for (size_t i = 0; !st && i < good->count; i++) {
        st = journal_find(store, good->items[i], chain, &seq, head, err);
        if (!st && strcmp(chain, device) != 0)
            st = error_set(err, E_INVALID, _("記録 %s はその鍵の端末のものではありません"),
                           good->items[i]);
        if (!st)
            strings_take(out, registry_head(chain, seq, head));
    }
    return st;
}

enum status users_revoke(struct session *session, const char *id, const char *reason,
                         const struct strings *good, struct error *err)
{
    struct office *office = session->office;
    struct changing c = {.signing.store = office->store};
    char device[65];
    bool ended = false, withdrawn = false;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = find_key(session, id, c.end.id, device, &ended, err);
    if (!st && ended && !good->count) {
        /* ended before, and what it opens was left to it */
        st = setup_withdraw_ended(office, &withdrawn, err);
        if (st || withdrawn)
            return st;
        st = error_set(err, E_EXISTS,
                       _("その鍵はすでに失効しています。どこまで認めるかを変えるときは --accept で"
                         "記録を示してください"));
    }
    if (!st &&
        (strcmp(c.end.id, office->device) == 0 || strcmp(c.end.id, session_key(session)) == 0))
        st = error_set(err, E_RULE, _("いま使っている鍵は失効できません"));
    if (!st && str_empty(reason))
        st = error_set(err, E_INVALID, _("失効の理由を --reason で示してください"));
    if (!st)
        st = accepted_heads(office->store, device, good, &c.end.heads, err);
    if (!st) {
        c.end.reason = (char *)(uintptr_t)reason;
        st = setup_with_root(session, end_key, &c, &c.signing.root, err);
    }
    if (!st)
        st = setup_withdraw_ended(office, &withdrawn, err);
    strings_free(&c.end.heads);
    return st;
}

struct giving {
    struct signing signing;
    const char *device, *brief;
};

static enum status give_numbers(void *context, struct error *err)
{
    struct giving *g = context;
    return registry_give_block(&g->signing, g->device, g->brief, err);
}

enum status users_give_numbers(struct session *session, const char *id, struct error *err)
{
    struct office *office = session->office;
    struct registry_device device = {0};
    char key[65], chain[65];
    bool ended = false;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = find_key(session, id, key, chain, &ended, err);
    if (!st && ended)
        st = error_set(err, E_RULE, _("その鍵は失効しています"));
    if (!st)
        st = registry_device(office_registry(office), REGISTRY_NEWEST, key, &device, err);
    struct giving g = {{office->store, NULL}, key, device.brief};
    if (!st)
        st = setup_with_root(session, give_numbers, &g, &g.signing.root, err);
    registry_device_free(&device);
    return st;
}

enum status users_escrow(struct session *session, const char *to, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *file = file_path(session->office->dir, SETUP_ESCROW_FILE);
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st && !file_exists(file))
        st = error_set(err, E_NOT_FOUND,
                       _("預託鍵はここにありません（町のデータでなければ初めからなく、町なら前に"
                         "取り出されています）"));
    if (!st && file_exists(to))
        st = error_set(err, E_EXISTS, _("%s はすでにあります"), to);
    if (!st)
        st = file_read(file, 4096, &text, err);
    if (!st)
        st = file_write(to, text.data, text.len, err);
    if (!st && unlink(file) != 0)
        st = error_errno(err, E_IO, _("%s を消せません"), file);
    if (text.data)
        explicit_bzero(text.data, text.len);
    buffer_free(&text);
    xfree(&file);
    return st;
}
