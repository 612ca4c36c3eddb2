/* Enrolling places with the town (登録). */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/line.h"
#include "text/sanitize.h"

enum { BLOCK_SIZE = 5000, PAPER_DIGITS = 16 };

enum status registry_certify_device(const struct signing *s, const struct key_card *card,
                                    const char *office, const char *brief, const char *name,
                                    const char *role, struct error *err)
{
    struct registry_device device = {
        .recipient = card->recipient,
        .office = (char *)(uintptr_t)office,
        .brief = (char *)(uintptr_t)brief,
        .name = (char *)(uintptr_t)name,
        .role = (char *)(uintptr_t)role,
    };
    memcpy(device.id, card->fingerprint, sizeof device.id);
    memcpy(device.key, card->public_key, sizeof device.key);
    return registry_add_device(store_registry(s->store), s->root, &device, err);
}

enum status registry_certify_user(const struct signing *s, const struct key_card *card,
                                  const char *device, const char *office, const char *login,
                                  const char *name, const struct strings *roles, struct error *err)
{
    struct registry_user user = {
        .login = (char *)(uintptr_t)login,
        .name = (char *)(uintptr_t)name,
        .office = (char *)(uintptr_t)office,
        .roles = *roles,
    };
    memcpy(user.id, card->fingerprint, sizeof user.id);
    memcpy(user.key, card->public_key, sizeof user.key);
    snprintf(user.device, sizeof user.device, "%s", device);
    return registry_add_user(store_registry(s->store), s->root, &user, err);
}

enum status registry_give_block(const struct signing *s, const char *device, const char *brief,
                                struct error *err)
{
    struct registry_block block = {0};
    enum status st = registry_free_block(store_registry(s->store), brief, BLOCK_SIZE, &block, err);
    snprintf(block.device, sizeof block.device, "%s", device);
    if (!st)
        st = registry_add_block(store_registry(s->store), s->root, &block, err);
    xfree(&block.brief);
    return st;
}

/* --- A device goes on where another ended --- */

static bool decided(const struct signing *s, const char *device)
{
    struct registry_revocation decision = {0};
    bool is = registry_revocation(store_registry(s->store), REGISTRY_NEWEST, device, &decision,
                                  NULL) == OK;
    registry_revocation_free(&decision);
    return is;
}

enum status registry_end_key(const struct signing *s, const struct replacement *r,
                             const char *device, struct error *err)
{
    struct registry_revocation end = {.reason = (char *)(uintptr_t)_("新しい鍵に替わった")};
    char here[HASH_HEX_SIZE];
    int64_t seq;
    if (journal_fork(s->store, r->old) && decided(s, r->old))
        return OK; /* the town has said which side counts */
    enum status st = journal_head(s->store, device, &seq, here, err);
    snprintf(end.id, sizeof end.id, "%s", r->old);
    strings_take(&end.heads, seq > r->seq ? registry_head(device, seq, here)
                                          : registry_head(device, r->seq, r->head));
    if (!st)
        st = registry_revoke(store_registry(s->store), s->root, &end, err);
    strings_free(&end.heads);
    return st;
}

static enum status move_users(const struct signing *s, const char *from, const char *to,
                              struct error *err)
{
    struct registry_users users;
    struct registry *registry = store_registry(s->store);
    enum status st = registry_users(registry, REGISTRY_NEWEST, from, &users, err);
    for (size_t i = 0; !st && i < users.count; i++) {
        snprintf(users.items[i].device, sizeof users.items[i].device, "%s", to);
        st = registry_add_user(registry, s->root, &users.items[i], err);
    }
    registry_users_free(&users);
    return st;
}

/* Their keys were on a device that is lost; the new ones come with the request. */
static enum status end_users(const struct signing *s, const struct replacement *lost,
                             struct error *err)
{
    struct registry_users users;
    enum status st =
        registry_users(store_registry(s->store), REGISTRY_NEWEST, lost->old, &users, err);
    for (size_t i = 0; !st && i < users.count; i++)
        st = registry_end_key(s,
                              &(struct replacement){users.items[i].id, lost->head, lost->seq, true},
                              lost->old, err);
    registry_users_free(&users);
    return st;
}

enum status registry_replace_device(const struct signing *s, const struct replacement *r,
                                    const struct key_card *card, struct error *err)
{
    struct registry_device device;
    struct registry *registry = store_registry(s->store);
    if (journal_fork(s->store, r->old) && !decided(s, r->old))
        return error_set(
            err, E_RULE,
            _("前の端末の記録が二つに分かれたままです。どちらを採るかを先に決めてください"
              "（key fork list、key fork decide %.16s --accept 照合値）"),
            r->old);
    enum status st = registry_device(registry, REGISTRY_NEWEST, r->old, &device, err);
    if (st)
        return st;
    xfree(&device.replaces);
    device.replaces = xstrdup(r->old);
    device.recipient = card->recipient;
    memcpy(device.id, card->fingerprint, sizeof device.id);
    memcpy(device.key, card->public_key, sizeof device.key);
    st = registry_add_device(registry, s->root, &device, err);
    if (!st)
        st = registry_give_block(s, device.id, device.brief, err);
    if (!st)
        st = r->lost ? end_users(s, r, err) : move_users(s, r->old, device.id, err);
    if (!st)
        st = registry_end_key(s, r, r->old, err);
    registry_device_free(&device);
    return st;
}

/* --- A place asks --- */

static void add_replacement(struct line *line, const struct replacement *r)
{
    line_add_text(line, "replaces", r->old);
    line_add_number(line, "seq", r->seq);
    line_add_text(line, "head", r->head);
}

/* Borrowed from the line; old NULL when it says nothing of the kind. */
static struct replacement replacement_of(const struct line *line)
{
    const struct replacement r = {line_text(line, "replaces"), line_text(line, "head"),
                                  line_number(line, "seq"), false};
    return r.old && r.head ? r : (struct replacement){0};
}

enum status setup_note_wish(struct office *office, const char *login, const char *name,
                            const struct strings *roles, const struct replacement *old,
                            struct error *err)
{
    struct line line = LINE_INIT;
    struct buffer text = BUFFER_INIT;
    char *key = xasprintf("wish:%s", login);
    line_add_text(&line, "name", name);
    struct strings *list = line_add_list(&line, "roles");
    for (size_t i = 0; i < roles->count; i++)
        strings_add(list, roles->items[i]);
    if (old)
        add_replacement(&line, old);
    line_write(&line, &text);
    enum status st = store_set_fact(office->store, key, text.data, err);
    line_free(&line);
    buffer_free(&text);
    xfree(&key);
    return st;
}

static void add_card(struct line *line, const char *kind, const struct key_card *card)
{
    char key[2 * SEAL_PUBLIC_SIZE + 1], recipient[AGE_RECIPIENT_SIZE];
    hex_encode(key, card->public_key, sizeof card->public_key);
    age_recipient_encode(recipient, &card->recipient);
    line_add_text(line, "kind", kind);
    line_add_text(line, "key", key);
    line_add_text(line, "recipient", recipient);
}

static void end_line(struct line *line, struct buffer *out)
{
    line_write(line, out);
    buffer_add_char(out, '\n');
    line_free(line);
}

static void add_user_line(struct office *office, const char *login, const struct key_card *card,
                          struct buffer *out)
{
    struct line line = LINE_INIT, wish = LINE_INIT;
    char *key = xasprintf("wish:%s", login), *text = store_fact(office->store, key);
    bool known = *text && line_read(text, strlen(text), &wish, NULL) == OK;
    const struct strings *roles = known ? line_list(&wish, "roles") : NULL;
    add_card(&line, "user", card);
    line_add_text(&line, "login", login);
    line_add_text(&line, "name", known ? line_text(&wish, "name") : login);
    struct strings *list = line_add_list(&line, "roles");
    if (!roles)
        strings_add(list, "admin"); /* the one who set the place up */
    for (size_t i = 0; roles && i < roles->count; i++)
        strings_add(list, roles->items[i]);
    const struct replacement old = known ? replacement_of(&wish) : (struct replacement){0};
    if (old.old)
        add_replacement(&line, &old);
    end_line(&line, out);
    line_free(&wish);
    xfree(&text);
    xfree(&key);
}

/* Restored from a backup: which chain ended, and where, as far as the backup knew. */
static void add_restored(struct office *office, struct line *line)
{
    char *fact = store_fact(office->store, "replaces"), old[HASH_HEX_SIZE], head[HASH_HEX_SIZE];
    long long seq;
    if (sscanf(fact, "%64s %lld %64s", old, &seq, head) == 3)
        add_replacement(line, &(struct replacement){old, head, seq, false});
    xfree(&fact);
}

enum status setup_request(struct session *session, struct buffer *out, struct error *err)
{
    struct office *office = session->office;
    struct account_list accounts = {0};
    struct key_card card;
    struct line line = LINE_INIT;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = keyring_card(office->dir, KEY_DEVICE, &card, err);
    if (!st)
        st = account_list(office->store, &accounts, err);
    if (st)
        return st;
    add_card(&line, "device", &card);
    line_add_text(&line, "office", office_name(office));
    line_add_text(&line, "brief", settings_get(office->settings, "office.short"));
    line_add_text(&line, "name", office_counter(office));
    line_add_text(&line, "role", settings_get(office->settings, "role"));
    add_restored(office, &line);
    end_line(&line, out);
    for (size_t i = 0; !st && i < accounts.count; i++) {
        st = keyring_user_card(office->dir, accounts.items[i].login, &card, err);
        if (!st)
            add_user_line(office, accounts.items[i].login, &card, out);
    }
    account_list_free(&accounts);
    return st;
}

/* --- The town trusts --- */

struct trusting {
    struct signing signing;
    const char *request, *paper, *lost;
    char device[HASH_HEX_SIZE];
    char *office;
};

static bool read_card(const struct line *line, struct key_card *card)
{
    const char *key = line_text(line, "key"), *recipient = line_text(line, "recipient");
    if (!key || !recipient || !hex_decode(card->public_key, sizeof card->public_key, key) ||
        !age_recipient_decode(&card->recipient, recipient))
        return false;
    seal_fingerprint(card->fingerprint, card->public_key);
    return true;
}

/* What the town has of the lost one stays good. */
static enum status replace_lost(struct trusting *t, const struct key_card *card, struct error *err)
{
    struct registry_devices devices = {0};
    struct replacement gone = {.lost = true};
    char head[HASH_HEX_SIZE];
    size_t found = 0;
    enum status st =
        registry_devices(store_registry(t->signing.store), REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++)
        if (strlen(t->lost) >= 8 && str_starts(devices.items[i].id, t->lost) && ++found)
            gone.old = devices.items[i].id;
    if (!st && found != 1)
        st = error_set(err, E_NOT_FOUND, _("「%s」で始まる端末は登録簿にありません（key list）"),
                       t->lost);
    if (!st)
        st = journal_head(t->signing.store, gone.old, &gone.seq, head, err);
    gone.head = head;
    if (!st)
        st = registry_replace_device(&t->signing, &gone, card, err);
    registry_devices_free(&devices);
    return st;
}

static enum status trust_device(struct trusting *t, const struct line *line,
                                const struct key_card *card, struct error *err)
{
    const char *office = line_text(line, "office"), *brief = line_text(line, "brief");
    const char *name = line_text(line, "name"), *role = line_text(line, "role");
    if (!office || !brief || !name || !role || strcmp(role, "town") == 0)
        return error_set(err, E_PARSE, _("登録申請の端末の行が正しくありません"));
    if (t->paper && !str_starts(card->fingerprint, t->paper))
        return error_set(err, E_CRYPTO,
                         _("申請の端末の指紋（%.16s…）が紙のものと違います。認めませんでした"),
                         card->fingerprint);
    memcpy(t->device, card->fingerprint, sizeof t->device);
    xfree(&t->office);
    t->office = xstrdup(office);
    struct registry_device known = {0};
    bool there = registry_device(store_registry(t->signing.store), REGISTRY_NEWEST, t->device,
                                 &known, NULL) == OK;
    registry_device_free(&known);
    if (there)
        return OK;
    const struct replacement gone = replacement_of(line);
    if (gone.old)
        return registry_replace_device(&t->signing, &gone, card, err);
    if (t->lost)
        return replace_lost(t, card, err);
    enum status st = registry_certify_device(&t->signing, card, office, brief, name, role, err);
    return st ? st : registry_give_block(&t->signing, t->device, brief, err);
}

static enum status trust_user(struct trusting *t, const struct line *line,
                              const struct key_card *card, struct error *err)
{
    const char *login = line_text(line, "login"), *name = line_text(line, "name");
    const struct strings *roles = line_list(line, "roles");
    const struct replacement old = replacement_of(line);
    if (!login || !name || !roles || !t->office)
        return error_set(err, E_PARSE, _("登録申請の利用者の行が正しくありません"));
    enum status st =
        registry_certify_user(&t->signing, card, t->device, t->office, login, name, roles, err);
    if (!st && old.old &&
        !registry_revoked(store_registry(t->signing.store), REGISTRY_NEWEST, old.old))
        st = registry_end_key(&t->signing, &old, t->device, err);
    return st;
}

static enum status trust_line(void *context, const struct line *line, struct error *err)
{
    struct trusting *t = context;
    const char *kind = line_text(line, "kind");
    struct key_card card;
    if (!read_card(line, &card))
        return error_set(err, E_PARSE, _("登録申請の行が正しくありません"));
    if (str_eq(kind, "device"))
        return trust_device(t, line, &card, err);
    if (str_eq(kind, "user"))
        return trust_user(t, line, &card, err);
    return error_set(err, E_PARSE, _("登録申請の行が正しくありません"));
}

typedef enum status (*request_line)(void *context, const struct line *line, struct error *err);

static enum status each_line(const char *request, request_line call, void *context,
                             struct error *err)
{
    struct strings lines = STRINGS_INIT;
    enum status st = OK;
    strings_split(&lines, request, '\n');
    for (size_t i = 0; !st && i < lines.count; i++) {
        struct line line;
        if (!*lines.items[i])
            continue;
        st = line_read(lines.items[i], strlen(lines.items[i]), &line, err);
        if (!st) {
            st = call(context, &line, err);
            line_free(&line);
        }
    }
    strings_free(&lines);
    return st;
}

static enum status trust(void *context, struct error *err)
{
    struct trusting *t = context;
    return each_line(t->request, trust_line, t, err);
}

enum status setup_trust(struct session *session, const char *request, const char *fingerprint,
                        const char *lost, struct error *err)
{
    struct trusting t = {.signing.store = session->office->store,
                         .request = request,
                         .paper = fingerprint,
                         .lost = lost};
    if (fingerprint && strlen(fingerprint) < PAPER_DIGITS)
        return error_set(err, E_INVALID, _("紙の指紋は始めの%d桁以上を入れてください"),
                         PAPER_DIGITS);
    enum status st = setup_with_root(session, trust, &t, &t.signing.root, err);
    xfree(&t.office);
    return st;
}

static void summarise_roles(const struct line *line, struct buffer *out)
{
    const struct strings *roles = line_list(line, "roles");
    for (size_t i = 0; roles && i < roles->count; i++)
        buffer_printf(out, "%s%s", i ? "," : "", roles->items[i]);
}

static enum status summarise(void *context, const struct line *line, struct error *err)
{
    struct buffer *out = context;
    const char *kind = line_text(line, "kind"), *name = line_text(line, "name");
    const char *office = line_text(line, "office"), *login = line_text(line, "login");
    struct key_card card;
    if (!read_card(line, &card) || !name)
        return error_set(err, E_PARSE, _("登録申請の行が正しくありません"));
    if (str_eq(kind, "device") && office)
        buffer_printf(out, _("端末  %s %s\n  指紋 %s%s\n"), office, name, card.fingerprint,
                      line_text(line, "replaces") ? _("（前の端末に替わる）") : "");
    else if (login) {
        buffer_printf(out, _("利用者 %s（%s）  役割 "), login, name);
        summarise_roles(line, out);
        buffer_printf(out, "%s\n", line_text(line, "replaces") ? _("（前の鍵に替わる）") : "");
    }
    return OK;
}

enum status setup_request_summary(const char *request, struct buffer *out, struct error *err)
{
    struct buffer raw = BUFFER_INIT;
    enum status st = each_line(request, summarise, &raw, err);
    if (!st) {
        char *shown = sanitize_lines(buffer_text(&raw));
        buffer_add_text(out, shown);
        xfree(&shown);
    }
    buffer_free(&raw);
    return st;
}

/* --- The registry travels --- */

static enum status add_entry(void *context, const char *entry, const char *seal, struct error *err)
{
    (void)err;
    buffer_printf(context, "%s\n%s\n", entry, seal);
    return OK;
}

enum status setup_registry_lines(struct registry *registry, struct buffer *out, struct error *err)
{
    return registry_export(registry, 1, REGISTRY_NEWEST, add_entry, out, err);
}

enum status setup_registry_text(struct session *session, struct buffer *out, struct error *err)
{
    return setup_registry_lines(office_registry(session->office), out, err);
}

struct accepting {
    struct office *office;
    const char *text;
};

enum status setup_registry_root(const char *text, char root[HASH_HEX_SIZE], struct error *err)
{
    struct line entry;
    uint8_t key[SEAL_PUBLIC_SIZE];
    bool read = line_read(text, strcspn(text, "\n"), &entry, NULL) == OK;
    const char *hex = read ? line_text(&entry, "root") : NULL;
    bool named = hex && hex_decode(key, sizeof key, hex);
    if (named)
        seal_fingerprint(root, key);
    line_free(&entry);
    return named
               ? OK
               : error_set(err, E_PARSE, "%s",
                           _("町の登録簿のファイルではありません。key registry --to で書いたものを"
                             "示してください"));
}

enum status setup_accept_lines(struct registry *registry, const char *text, const char *root,
                               struct error *err)
{
    struct strings lines = STRINGS_INIT;
    enum status st = OK;
    bool added;
    strings_split(&lines, text, '\n');
    if (lines.count % 2 == 0 || *lines.items[lines.count - 1])
        st = error_set(err, E_PARSE, "%s",
                       _("登録簿のファイルが途中で切れています。もう一度写してください"));
    for (size_t i = 0; !st && i + 1 < lines.count; i += 2)
        st = registry_accept(registry, lines.items[i], lines.items[i + 1],
                             str_empty(root) ? NULL : root, &added, err);
    strings_free(&lines);
    return st;
}

static enum status accept_all(void *context, struct error *err)
{
    struct accepting *a = context;
    return setup_accept_lines(office_registry(a->office), a->text,
                              settings_get(a->office->settings, "town.root"), err);
}

enum status setup_share_escrow(struct session *session, struct error *err)
{
    struct registry_town town = {0};
    enum status st = registry_town(office_registry(session->office), REGISTRY_NEWEST, &town, err);
    const struct key_holder escrow = {KEY_ESCROW, town.escrow};
    if (!st)
        st = keyring_share(session->office->dir, KEY_DEVICE, session->keys->device, &escrow, err);
    bool at_town = session->office->role == OFFICE_TOWN;
    if (!st && at_town)
        st = setup_share(session, KEY_ROOT, &escrow, err);
    if (!st && at_town)
        st = setup_share(session, KEY_TOWN, &escrow, err);
    registry_town_free(&town);
    return st;
}

enum status setup_keep_escrow(struct session *session, bool *changed, struct error *err)
{
    struct registry_town town = {0};
    struct office *office = session->office;
    if (changed)
        *changed = false;
    if (office->role == OFFICE_TOWN || !registry_version(office_registry(office)))
        return OK;
    enum status st = registry_town(office_registry(office), REGISTRY_NEWEST, &town, err);
    const struct key_holder escrow = {KEY_ESCROW, town.escrow};
    if (!st && !keyring_shared(office->dir, KEY_DEVICE, &escrow)) {
        st = keyring_share(office->dir, KEY_DEVICE, session->keys->device, &escrow, err);
        if (changed)
            *changed = !st;
    }
    registry_town_free(&town);
    return st;
}

/* Whose key was renewed keeps the login: the card is that of the new one. */
static enum status withdraw_from(struct office *office, const char *login, bool *any,
                                 struct error *err)
{
    static const enum key_kind kinds[] = {KEY_DEVICE, KEY_TOWN, KEY_ROOT};
    struct key_card card;
    enum status st = keyring_user_card(office->dir, login, &card, err);
    if (st == E_NOT_FOUND) /* an account without a key opens nothing */
        return OK;
    if (st || !registry_revoked(office_registry(office), REGISTRY_NEWEST, card.fingerprint))
        return st;
    const struct key_holder holder = {login, card.recipient};
    for (size_t i = 0; !st && i < ARRAY_LEN(kinds); i++) {
        if (!keyring_shared(office->dir, kinds[i], &holder))
            continue;
        st = keyring_unshare(office->dir, kinds[i], login, err);
        if (st == E_RULE) /* nobody else could open it: the escrow has not come yet */
            st = OK;
        else
            *any = *any || !st;
    }
    return st;
}

enum status setup_withdraw_ended(struct office *office, bool *any, struct error *err)
{
    struct account_list list = {0};
    *any = false;
    enum status st = account_list(office->store, &list, err);
    for (size_t i = 0; !st && i < list.count; i++)
        st = withdraw_from(office, list.items[i].login, any, err);
    account_list_free(&list);
    return st;
}

enum status setup_accept_registry(struct session *session, const char *text, long *version,
                                  struct error *err)
{
    struct accepting a = {session->office, text};
    char root[HASH_HEX_SIZE];
    bool withdrawn;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = setup_registry_root(text, root, err);
    if (!st)
        st = store_transaction(session->office->store, accept_all, &a, err);
    if (!st)
        st = setup_share_escrow(session, err);
    if (!st)
        st = setup_withdraw_ended(session->office, &withdrawn, err);
    if (version)
        *version = registry_version(office_registry(session->office));
    return st ? st : catalogue_prepare(session->office->catalogue, err);
}
