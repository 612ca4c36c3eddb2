/* Enrolling places with the town (登録). */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/journal.h"
#include "store/line.h"

enum { BLOCK_SIZE = 5000 };

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

/* Everything the town has of the old chain stays good, and what the other one still has to send. */
static enum status revoke_old(const struct signing *s, const struct replacement *r,
                              struct error *err)
{
    struct registry_revocation end = {.reason = (char *)(uintptr_t)_("新しい端末の鍵に替わった")};
    char here[HASH_HEX_SIZE];
    int64_t seq;
    enum status st = journal_head(s->store, r->old, &seq, here, err);
    snprintf(end.id, sizeof end.id, "%s", r->old);
    strings_add(&end.heads, seq > r->seq ? here : r->head);
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

enum status registry_replace_device(const struct signing *s, const struct replacement *r,
                                    const struct key_card *card, struct error *err)
{
    struct registry_device device;
    struct registry *registry = store_registry(s->store);
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
        st = move_users(s, r->old, device.id, err);
    if (!st)
        st = revoke_old(s, r, err);
    registry_device_free(&device);
    return st;
}

/* --- A place asks --- */

enum status setup_note_wish(struct office *office, const char *login, const char *name,
                            const struct strings *roles, struct error *err)
{
    struct line line = LINE_INIT;
    struct buffer text = BUFFER_INIT;
    char *key = xasprintf("wish:%s", login);
    line_add_text(&line, "name", name);
    struct strings *list = line_add_list(&line, "roles");
    for (size_t i = 0; i < roles->count; i++)
        strings_add(list, roles->items[i]);
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
    end_line(&line, out);
    line_free(&wish);
    xfree(&text);
    xfree(&key);
}

/* Restored from a backup: which chain ended, and where, as far as the backup knew. */
static void add_replacement(struct office *office, struct line *line)
{
    char *fact = store_fact(office->store, "replaces"), old[HASH_HEX_SIZE], head[HASH_HEX_SIZE];
    long long seq;
    if (sscanf(fact, "%64s %lld %64s", old, &seq, head) == 3) {
        line_add_text(line, "replaces", old);
        line_add_number(line, "seq", seq);
        line_add_text(line, "head", head);
    }
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
    add_replacement(office, &line);
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
    const char *request;
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

static enum status trust_device(struct trusting *t, const struct line *line,
                                const struct key_card *card, struct error *err)
{
    const char *office = line_text(line, "office"), *brief = line_text(line, "brief");
    const char *name = line_text(line, "name"), *role = line_text(line, "role");
    if (!office || !brief || !name || !role || strcmp(role, "town") == 0)
        return error_set(err, E_PARSE, _("登録申請の端末の行が正しくありません"));
    memcpy(t->device, card->fingerprint, sizeof t->device);
    xfree(&t->office);
    t->office = xstrdup(office);
    struct registry_device known = {0};
    bool there = registry_device(store_registry(t->signing.store), REGISTRY_NEWEST, t->device,
                                 &known, NULL) == OK;
    registry_device_free(&known);
    if (there)
        return OK;
    const struct replacement gone = {line_text(line, "replaces"), line_text(line, "head"),
                                     line_number(line, "seq")};
    if (gone.old && gone.head)
        return registry_replace_device(&t->signing, &gone, card, err);
    enum status st = registry_certify_device(&t->signing, card, office, brief, name, role, err);
    return st ? st : registry_give_block(&t->signing, t->device, brief, err);
}

static enum status trust_line(struct trusting *t, const struct line *line, struct error *err)
{
    const char *kind = line_text(line, "kind"), *login = line_text(line, "login");
    const char *name = line_text(line, "name");
    const struct strings *roles = line_list(line, "roles");
    struct key_card card;
    if (kind && strcmp(kind, "device") == 0 && read_card(line, &card))
        return trust_device(t, line, &card, err);
    if (kind && strcmp(kind, "user") == 0 && read_card(line, &card) && login && name && roles &&
        t->office)
        return registry_certify_user(&t->signing, &card, t->device, t->office, login, name, roles,
                                     err);
    return error_set(err, E_PARSE, _("登録申請の行が正しくありません"));
}

static enum status trust(void *context, struct error *err)
{
    struct trusting *t = context;
    struct strings lines = STRINGS_INIT;
    enum status st = OK;
    strings_split(&lines, t->request, '\n');
    for (size_t i = 0; !st && i < lines.count; i++) {
        struct line line;
        if (!*lines.items[i])
            continue;
        st = line_read(lines.items[i], strlen(lines.items[i]), &line, err);
        if (!st) {
            st = trust_line(t, &line, err);
            line_free(&line);
        }
    }
    strings_free(&lines);
    return st;
}

enum status setup_trust(struct session *session, const char *request, struct error *err)
{
    struct trusting t = {.signing.store = session->office->store, .request = request};
    enum status st = setup_with_root(session, trust, &t, &t.signing.root, err);
    xfree(&t.office);
    return st;
}

/* --- The registry travels --- */

static enum status add_entry(void *context, const char *entry, const char *seal, struct error *err)
{
    (void)err;
    buffer_printf(context, "%s\n%s\n", entry, seal);
    return OK;
}

enum status setup_registry_text(struct session *session, struct buffer *out, struct error *err)
{
    return registry_export(office_registry(session->office), 1, REGISTRY_NEWEST, add_entry, out,
                           err);
}

struct accepting {
    struct office *office;
    const char *text;
};

enum status setup_accept_lines(struct registry *registry, const char *text, const char *root,
                               struct error *err)
{
    struct strings lines = STRINGS_INIT;
    enum status st = OK;
    bool added;
    strings_split(&lines, text, '\n');
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

enum status setup_accept_registry(struct session *session, const char *text, struct error *err)
{
    struct accepting a = {session->office, text};
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = store_transaction(session->office->store, accept_all, &a, err);
    return st ? st : catalogue_prepare(session->office->catalogue, err);
}
