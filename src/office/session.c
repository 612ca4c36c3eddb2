#include "office/session.h"

#include <string.h>

#include "base/disk.h"
#include "base/intl.h"
#include "base/log.h"
#include "base/xmem.h"
#include "config.h"
#include "office/office_internal.h"
#include "office/reference.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/search.h"

/* Who may do what: the only place that says so. */
#define ROLE(bit) (1u << (bit))
enum role_bit { CLERK, SUPERVISOR, FIELD, REVIEWER, ADMIN, AUDITOR };

static const char *const role_names[] = {
    [CLERK] = "clerk",       [SUPERVISOR] = "supervisor", [FIELD] = "field",
    [REVIEWER] = "reviewer", [ADMIN] = "admin",           [AUDITOR] = "auditor",
};

static const char *const role_titles[] = {
    [CLERK] = N_("窓口職員"),      [SUPERVISOR] = N_("責任者"), [FIELD] = N_("集落支援員"),
    [REVIEWER] = N_("町の担当課"), [ADMIN] = N_("管理者"),      [AUDITOR] = N_("監査役"),
};

static const struct {
    const char *text;
    unsigned roles, at_town; /* everywhere, at the town besides */
} permissions[] = {
#define PERMISSION_TEXT(name, words) [name].text = words,
    PERMISSION_LIST(PERMISSION_TEXT)
#undef PERMISSION_TEXT
        [MAY_ENTER]
            .roles = ROLE(CLERK) | ROLE(SUPERVISOR) | ROLE(FIELD) | ROLE(REVIEWER),
    [MAY_READ].roles =
        ROLE(CLERK) | ROLE(SUPERVISOR) | ROLE(FIELD) | ROLE(REVIEWER) | ROLE(AUDITOR),
    /* The town decides what protected people apply for, and on the protection itself. */
    [MAY_READ_PROTECTED].roles = ROLE(SUPERVISOR),
    [MAY_READ_PROTECTED].at_town = ROLE(REVIEWER),
    [MAY_CLOSE_DAY].roles = ROLE(SUPERVISOR),
    [MAY_EXPORT].roles = ROLE(SUPERVISOR) | ROLE(FIELD) | ROLE(REVIEWER),
    [MAY_APPLY].roles = ROLE(SUPERVISOR) | ROLE(FIELD) | ROLE(REVIEWER) | ROLE(ADMIN),
    [MAY_DECIDE].roles = ROLE(REVIEWER),
    [MAY_REASSIGN].roles = ROLE(SUPERVISOR),
    [MAY_ADMINISTER].roles = ROLE(ADMIN),
};

bool session_has_role(const struct session *session, const char *role)
{
    return strings_find(&session->roles, role) >= 0;
}

/* The roles that have a permission at this place. */
static unsigned allowed(const struct session *session, enum permission permission)
{
    bool town = session->office->role == OFFICE_TOWN;
    return permissions[permission].roles | (town ? permissions[permission].at_town : 0);
}

bool session_may(const struct session *session, enum permission permission)
{
    unsigned roles = allowed(session, permission);
    for (size_t i = 0; i < ARRAY_LEN(role_names); i++)
        if ((roles & ROLE(i)) && session_has_role(session, role_names[i]))
            return true;
    return false;
}

enum status session_require(const struct session *session, enum permission permission,
                            struct error *err)
{
    struct buffer who = BUFFER_INIT;
    unsigned roles = allowed(session, permission);
    if (session_may(session, permission))
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(role_names); i++)
        if (roles & ROLE(i))
            buffer_printf(&who, "%s%s", who.len ? "・" : "", _(role_titles[i]));
    error_set(err, E_DENIED, _("「%s」は%sができます。%sさんの権限にはありません"),
              _(permissions[permission].text), buffer_text(&who), session->name);
    buffer_free(&who);
    return E_DENIED;
}

enum status session_roles_known(const struct strings *roles, struct error *err)
{
    for (size_t i = 0; i < roles->count; i++) {
        bool known = false;
        for (size_t r = 0; r < ARRAY_LEN(role_names); r++)
            known = known || strcmp(role_names[r], roles->items[i]) == 0;
        if (!known)
            return error_set(err, E_INVALID,
                             _("役割「%s」はありません。clerk、supervisor、field、reviewer、admin、"
                               "auditor から選んでください"),
                             roles->items[i]);
    }
    return roles->count ? OK : error_set(err, E_INVALID, _("役割を一つは示してください"));
}

/* --- Login --- */

static enum status append_start(void *context, struct error *err)
{
    struct session *session = context;
    struct line body = event_body();
    char nonce[33];
    uint8_t bytes[16];
    random_bytes(bytes, sizeof bytes);
    hex_encode(nonce, bytes, sizeof bytes);
    line_add_text(&body, "nonce", nonce);
    line_add_text(&body, "program", PACKAGE_VERSION);
    struct journal_entry entry = {OP_START, NULL, NULL, &body};
    return journal_append(session->office->store, session->keys, &entry, NULL, err);
}

/* A key that the town has ended opens nothing any more, however good its password. */
static enum status in_force(struct session *session, const char *key, const char *whose,
                            struct error *err)
{
    struct registry_revocation end = {0};
    enum status st = OK;
    if (registry_revocation(office_registry(session->office), REGISTRY_NEWEST, key, &end, NULL) ==
        OK)
        st = error_set(err, E_DENIED,
                       _("%sの鍵は町が失効させました（%s）。町の管理者に尋ねてください"), whose,
                       end.reason);
    registry_revocation_free(&end);
    return st;
}

static enum status know_user(struct session *session, struct error *err)
{
    struct office *office = session->office;
    struct registry_user user = {0};
    if (registry_version(office_registry(office)) == 0) { /* set up, not enrolled yet */
        session->name = xstrdup(session->login);
        strings_add(&session->roles, role_names[ADMIN]);
        return OK;
    }
    enum status st = registry_user(office_registry(office), REGISTRY_NEWEST,
                                   session->keys->user->fingerprint, &user, err);
    if (st == E_NOT_FOUND)
        return error_set(
            err, E_DENIED,
            _("%sさんの鍵は町の登録簿にまだありません。町の管理者に登録を頼んでください"),
            session->login);
    if (!st)
        st = in_force(session, user.id, user.name, err);
    if (!st)
        st = in_force(session, session->office->device, _("この端末"), err);
    if (st) {
        registry_user_free(&user);
        return st;
    }
    session->name = xstrdup(user.name);
    for (size_t i = 0; i < user.roles.count; i++)
        strings_add(&session->roles, user.roles.items[i]);
    registry_user_free(&user);
    return OK;
}

/* A laptop that leaves the house keeps nothing a thief can read, unless the administrator took that
 * upon himself. */
static enum status disk_allows(struct session *session, struct error *err)
{
    const struct office *office = session->office;
    if (office->role != OFFICE_LAPTOP || session_may(session, MAY_ADMINISTER) ||
        settings_is(office->settings, "disk.plain", "yes") || disk_cover(office->dir) != DISK_PLAIN)
        return OK;
    return error_set(
        err, E_DENIED,
        _("この端末のディスクは暗号化されていないので、ここでは使えません。管理者が暗号化"
          "（LUKS など）するか、setting set disk.plain yes で認めてください"));
}

/* Before anybody searches, not before the login screen. Names in an old order are a flaw; a store
 * that somebody else is writing to is none. */
static void renew_search(struct office *office)
{
    struct error why;
    if (search_renew(office->store, &why))
        log_line("search: %s", error_text(&why));
}

/* What a crash left undone; nobody is kept out by it. */
static void renew_references(struct office *office)
{
    struct error why;
    if (reference_take_up(office, NULL, &why))
        log_line("reference: %s", error_text(&why));
}

static enum status tell_ended(struct session *session, enum status st, struct error *err)
{
    struct key_card card;
    if (keyring_user_card(session->office->dir, session->login, &card, NULL))
        return st;
    enum status ended = in_force(session, card.fingerprint, session->login, err);
    return ended ? ended : st;
}

enum status session_login(struct office *office, const char *login, const char *password,
                          struct session **out, struct error *err)
{
    struct session *session = xcalloc(1, sizeof *session);
    session->office = office;
    session->login = xstrdup(login);
    enum status st =
        account_login(office->store, office->dir, login, password, &session->keys, err);
    if (st == E_DENIED) /* the device's key does not open: perhaps since this one was ended */
        st = tell_ended(session, st, err);
    if (!st)
        st = registry_ready(office_registry(office), err);
    if (!st)
        st = know_user(session, err);
    if (!st)
        st = disk_allows(session, err);
    if (!st && !office->started)
        st = store_transaction(office->store, append_start, session, err);
    office->started = office->started || !st;
    if (!st)
        renew_search(office);
    if (!st)
        setup_keep_escrow(session, NULL, NULL);
    if (!st)
        renew_references(office);
    if (st)
        session_free(&session);
    *out = session;
    return st;
}

void session_free(struct session **session)
{
    if (!*session)
        return;
    user_keys_free(&(*session)->keys);
    strings_free(&(*session)->roles);
    xfree(&(*session)->login);
    xfree(&(*session)->name);
    xfree(session);
}

enum status session_unlock(struct session *session, const char *password, struct error *err)
{
    return account_confirm(session->office->store, session->office->dir, session->login, password,
                           err);
}

const char *session_login_name(const struct session *session)
{
    return session->login;
}

const char *session_name(const struct session *session)
{
    return session->name;
}

const char *session_key(const struct session *session)
{
    return session->keys->user->fingerprint;
}

const struct user_keys *session_keys(const struct session *session)
{
    return session->keys;
}

enum status session_users(struct session *session, struct user_list *out, struct error *err)
{
    struct registry_users users = {0};
    struct office *office = session->office;
    *out = (struct user_list){0};
    enum status st =
        registry_users(office_registry(office), REGISTRY_NEWEST, office->device, &users, err);
    for (size_t i = 0; !st && i < users.count; i++) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct user_row){xstrdup(users.items[i].login), xstrdup(users.items[i].name)};
    }
    registry_users_free(&users);
    return st;
}

const char *user_list_name(const struct user_list *list, const char *login)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].login, login) == 0)
            return list->items[i].name;
    return login;
}

void user_list_free(struct user_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].login);
        xfree(&list->items[i].name);
    }
    xfree(&list->items);
    list->count = 0;
}
