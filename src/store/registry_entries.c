/* What the entries of the registry say: written by the town, looked up by everybody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/registry_internal.h"
#include "store/store.h"

static enum status unknown(struct error *err, const char *what)
{
    return error_set(err, E_NOT_FOUND, _("登録簿に%sがありません"), what);
}

static char *text_of(const struct line *line, const char *name)
{
    const char *text = line_text(line, name);
    return xstrdup(text ? text : "");
}

static void id_of(char out[HASH_HEX_SIZE], const struct line *line, const char *name)
{
    const char *text = line_text(line, name);
    snprintf(out, HASH_HEX_SIZE, "%s", text ? text : "");
}

static void key_of(uint8_t out[SEAL_PUBLIC_SIZE], const struct line *line, const char *name)
{
    const char *text = line_text(line, name);
    if (!text || !hex_decode(out, SEAL_PUBLIC_SIZE, text))
        memset(out, 0, SEAL_PUBLIC_SIZE);
}

static void add_key(struct line *line, const char *name, const uint8_t key[SEAL_PUBLIC_SIZE])
{
    char hex[2 * SEAL_PUBLIC_SIZE + 1];
    hex_encode(hex, key, SEAL_PUBLIC_SIZE);
    line_add_text(line, name, hex);
}

static void add_recipient(struct line *line, const char *name, const struct age_recipient *to)
{
    char text[AGE_RECIPIENT_SIZE];
    age_recipient_encode(text, to);
    line_add_text(line, name, text);
}

static void recipient_of(struct age_recipient *out, const struct line *line, const char *name)
{
    const char *text = line_text(line, name);
    if (!text || !age_recipient_decode(out, text))
        *out = (struct age_recipient){0};
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- Town --- */

enum status registry_town(struct registry *r, long at, struct registry_town *out, struct error *err)
{
    long version = 0;
    const struct registry_entry *e = registry_find(r, at, "town", NULL, NULL, &version);
    *out = (struct registry_town){0};
    if (!e)
        return unknown(err, _("町"));
    const struct strings *others = line_list(&e->line, "others");
    out->version = version;
    out->name = text_of(&e->line, "name");
    out->code = text_of(&e->line, "code");
    key_of(out->root, &r->entries[0].line, "root");
    seal_fingerprint(out->fingerprint, out->root);
    recipient_of(&out->recipient, &e->line, "recipient");
    recipient_of(&out->escrow, &e->line, "escrow");
    for (size_t i = 0; others && i < others->count; i++) {
        out->others = xroom(out->others, out->other_count, sizeof *out->others);
        if (age_recipient_decode(&out->others[out->other_count], others->items[i]))
            out->other_count++;
    }
    return OK;
}

enum status registry_add_town(struct registry *r, const struct key_pair *root,
                              const struct registry_town *town, struct error *err)
{
    struct line line = registry_begin(r, "town");
    line_add_text(&line, "name", or_empty(town->name));
    line_add_text(&line, "code", or_empty(town->code));
    add_key(&line, "root", town->root);
    add_recipient(&line, "recipient", &town->recipient);
    add_recipient(&line, "escrow", &town->escrow);
    struct strings *others = line_add_list(&line, "others");
    for (size_t i = 0; i < town->other_count; i++) {
        char text[AGE_RECIPIENT_SIZE];
        age_recipient_encode(text, &town->others[i]);
        strings_add(others, text);
    }
    return registry_append(r, root, &line, err);
}

void registry_town_free(struct registry_town *town)
{
    xfree(&town->name);
    xfree(&town->code);
    xfree(&town->others);
}

/* --- Devices --- */

static void read_device(const struct registry_entry *e, long version, struct registry_device *out)
{
    *out = (struct registry_device){.version = version,
                                    .office = text_of(&e->line, "office"),
                                    .brief = text_of(&e->line, "brief"),
                                    .name = text_of(&e->line, "name"),
                                    .role = text_of(&e->line, "role"),
                                    .replaces = text_of(&e->line, "replaces")};
    id_of(out->id, &e->line, "device");
    key_of(out->key, &e->line, "key");
    recipient_of(&out->recipient, &e->line, "recipient");
}

enum status registry_device(struct registry *r, long at, const char *device,
                            struct registry_device *out, struct error *err)
{
    long version = 0;
    const struct registry_entry *e = registry_find(r, at, "device", "device", device, &version);
    *out = (struct registry_device){0};
    if (!e)
        return unknown(err, _("その端末"));
    read_device(e, version, out);
    return OK;
}

/* In the order they were certified first, each as it is known now. */
enum status registry_devices(struct registry *r, long at, struct registry_devices *out,
                             struct error *err)
{
    long newest = registry_version(r), last = at && at < newest ? at : newest;
    *out = (struct registry_devices){0};
    for (long i = 1; i <= last; i++) {
        const char *kind = r->entries[i - 1].kind;
        const char *id = line_text(&r->entries[i - 1].line, "device");
        bool seen = false;
        if (!id || strcmp(kind, "device") != 0)
            continue;
        for (size_t d = 0; d < out->count; d++)
            seen = seen || strcmp(out->items[d].id, id) == 0;
        if (seen)
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        enum status st = registry_device(r, at, id, &out->items[out->count], err);
        if (st)
            return st;
        out->count++;
    }
    return OK;
}

enum status registry_device_like(struct registry *r, long at, const char *digits,
                                 struct registry_device *out, struct error *err)
{
    long newest = registry_version(r);
    *out = (struct registry_device){0};
    for (long i = at && at < newest ? at : newest; i >= 1; i--) {
        const struct registry_entry *e = &r->entries[i - 1];
        const char *kind = line_text(&e->line, "kind"), *id = line_text(&e->line, "device");
        if (str_eq(kind, "device") && id && str_starts(id, digits)) {
            read_device(e, i, out);
            return OK;
        }
    }
    return unknown(err, _("その端末"));
}

enum status registry_add_device(struct registry *r, const struct key_pair *root,
                                const struct registry_device *device, struct error *err)
{
    struct line line = registry_begin(r, "device");
    char id[HASH_HEX_SIZE];
    seal_fingerprint(id, device->key);
    line_add_text(&line, "device", id);
    add_key(&line, "key", device->key);
    add_recipient(&line, "recipient", &device->recipient);
    line_add_text(&line, "office", or_empty(device->office));
    line_add_text(&line, "brief", or_empty(device->brief));
    line_add_text(&line, "name", or_empty(device->name));
    line_add_text(&line, "role", or_empty(device->role));
    if (!str_empty(device->replaces))
        line_add_text(&line, "replaces", device->replaces);
    return registry_append(r, root, &line, err);
}

void registry_device_free(struct registry_device *device)
{
    xfree(&device->office);
    xfree(&device->brief);
    xfree(&device->name);
    xfree(&device->role);
    xfree(&device->replaces);
}

void registry_devices_free(struct registry_devices *list)
{
    for (size_t i = 0; i < list->count; i++)
        registry_device_free(&list->items[i]);
    xfree(&list->items);
    list->count = 0;
}

/* --- Users --- */

static void read_user(const struct registry_entry *e, long version, struct registry_user *out)
{
    const struct strings *roles = line_list(&e->line, "roles");
    *out = (struct registry_user){.version = version,
                                  .login = text_of(&e->line, "login"),
                                  .name = text_of(&e->line, "name"),
                                  .office = text_of(&e->line, "office")};
    id_of(out->id, &e->line, "user");
    id_of(out->device, &e->line, "device");
    key_of(out->key, &e->line, "key");
    for (size_t i = 0; roles && i < roles->count; i++)
        strings_add(&out->roles, roles->items[i]);
}

enum status registry_user(struct registry *r, long at, const char *key, struct registry_user *out,
                          struct error *err)
{
    long version = 0;
    const struct registry_entry *e = registry_find(r, at, "user", "user", key, &version);
    *out = (struct registry_user){0};
    if (!e)
        return unknown(err, _("その利用者"));
    read_user(e, version, out);
    return OK;
}

bool registry_revoked(struct registry *r, long at, const char *key)
{
    return registry_find(r, at, "revoke", "revoked", key, NULL) != NULL;
}

static int by_login(const void *a, const void *b)
{
    return strcmp(((const struct registry_user *)a)->login,
                  ((const struct registry_user *)b)->login);
}

static enum status users(struct registry *r, long at, const char *device, bool ended,
                         struct registry_users *out)
{
    long newest = registry_version(r), last = at && at < newest ? at : newest;
    *out = (struct registry_users){0};
    for (long i = last; i >= 1; i--) {
        const struct line *line = &r->entries[i - 1].line;
        const char *kind = r->entries[i - 1].kind, *id = line_text(line, "user");
        const char *where = line_text(line, "device"), *login = line_text(line, "login");
        /* Of a key only what was said last counts: it may have moved to another device. */
        bool seen = strcmp(kind, "user") != 0 || !id || !login || !where ||
                    (device && strcmp(where, device) != 0) ||
                    (!ended && registry_revoked(r, at, id)) ||
                    registry_find(r, at, "user", "user", id, NULL) != &r->entries[i - 1];
        for (size_t u = 0; !seen && !ended && u < out->count; u++)
            seen =
                strcmp(out->items[u].login, login) == 0 && strcmp(out->items[u].device, where) == 0;
        if (seen)
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        read_user(&r->entries[i - 1], i, &out->items[out->count++]);
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_login);
    return OK;
}

enum status registry_users(struct registry *r, long at, const char *device,
                           struct registry_users *out, struct error *err)
{
    (void)err;
    return users(r, at, device, false, out);
}

enum status registry_user_of(struct registry *r, long at, const char *device, const char *login,
                             struct registry_user *out, struct error *err)
{
    struct registry_users list;
    users(r, at, device, false, &list);
    *out = (struct registry_user){0};
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].login, login) == 0) {
            *out = list.items[i];
            list.items[i] = (struct registry_user){0};
        }
    registry_users_free(&list);
    return out->login ? OK : unknown(err, _("その利用者"));
}

enum status registry_all_users(struct registry *r, long at, struct registry_users *out,
                               struct error *err)
{
    (void)err;
    return users(r, at, NULL, true, out);
}

bool registry_has_role(struct registry *r, long at, const char *key, const char *role)
{
    const struct registry_entry *e = registry_find(r, at, "user", "user", key, NULL);
    const struct strings *roles = e ? line_list(&e->line, "roles") : NULL;
    return roles && strings_find(roles, role) >= 0 && !registry_revoked(r, at, key);
}

enum status registry_add_user(struct registry *r, const struct key_pair *root,
                              const struct registry_user *user, struct error *err)
{
    struct line line = registry_begin(r, "user");
    char id[HASH_HEX_SIZE];
    seal_fingerprint(id, user->key);
    line_add_text(&line, "user", id);
    add_key(&line, "key", user->key);
    line_add_text(&line, "login", or_empty(user->login));
    line_add_text(&line, "name", or_empty(user->name));
    line_add_text(&line, "office", or_empty(user->office));
    line_add_text(&line, "device", user->device);
    struct strings *roles = line_add_list(&line, "roles");
    for (size_t i = 0; i < user->roles.count; i++)
        strings_add(roles, user->roles.items[i]);
    return registry_append(r, root, &line, err);
}

void registry_user_free(struct registry_user *user)
{
    xfree(&user->login);
    xfree(&user->name);
    xfree(&user->office);
    strings_free(&user->roles);
}

void registry_users_free(struct registry_users *list)
{
    for (size_t i = 0; i < list->count; i++)
        registry_user_free(&list->items[i]);
    xfree(&list->items);
    list->count = 0;
}

/* --- Forms --- */

static void read_form(const struct registry_entry *e, long version, bool text,
                      struct registry_form *out)
{
    *out = (struct registry_form){.version = version,
                                  .id = text_of(&e->line, "form"),
                                  .number = (long)line_number(&e->line, "number"),
                                  .title = text_of(&e->line, "title"),
                                  .code = text_of(&e->line, "code"),
                                  .text = text ? text_of(&e->line, "text") : NULL};
    const char *whole = line_text(&e->line, "text");
    hash_hex_of(out->hash, "satomado-form-1", or_empty(whole), strlen(or_empty(whole)));
}

enum status registry_form(struct registry *r, long at, const char *id, long number,
                          struct registry_form *out, struct error *err)
{
    long version = 0;
    const struct registry_entry *e;
    *out = (struct registry_form){0};
    while ((e = registry_find(r, at, "form", "form", id, &version)))
        if (!number || line_number(&e->line, "number") == number) {
            read_form(e, version, true, out);
            return OK;
        }
    return error_set(err, E_NOT_FOUND, _("様式「%s」は登録簿にありません"), id);
}

static int by_form(const void *a, const void *b)
{
    return strcmp(((const struct registry_form *)a)->id, ((const struct registry_form *)b)->id);
}

enum status registry_forms(struct registry *r, long at, struct registry_forms *out,
                           struct error *err)
{
    long version = 0;
    const struct registry_entry *e;
    (void)err;
    *out = (struct registry_forms){0};
    while ((e = registry_find(r, at, "form", NULL, NULL, &version))) {
        const char *id = line_text(&e->line, "form");
        bool seen = !id;
        for (size_t i = 0; !seen && i < out->count; i++)
            seen = strcmp(out->items[i].id, id) == 0;
        if (seen)
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        read_form(e, version, false, &out->items[out->count++]);
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_form);
    return OK;
}

enum status registry_add_form(struct registry *r, const struct key_pair *root,
                              const struct registry_form *form, struct error *err)
{
    struct registry_form known = {0};
    enum status st = registry_form(r, REGISTRY_NEWEST, form->id, 0, &known, NULL);
    bool same = !st && known.number == form->number && strcmp(known.text, form->text) == 0;
    bool older = !st && known.number >= form->number;
    registry_form_free(&known);
    if (same)
        return OK;
    if (older)
        return error_set(
            err, E_CONFLICT,
            _("様式「%s」の版 %ld は、登録済みの版より新しくありません。version を上げてください"),
            form->id, form->number);
    struct line line = registry_begin(r, "form");
    line_add_text(&line, "form", form->id);
    line_add_number(&line, "number", form->number);
    line_add_text(&line, "title", or_empty(form->title));
    line_add_text(&line, "code", or_empty(form->code));
    line_add_text(&line, "text", form->text);
    return registry_append(r, root, &line, err);
}

void registry_form_free(struct registry_form *form)
{
    xfree(&form->id);
    xfree(&form->title);
    xfree(&form->code);
    xfree(&form->text);
}

void registry_forms_free(struct registry_forms *list)
{
    for (size_t i = 0; i < list->count; i++)
        registry_form_free(&list->items[i]);
    xfree(&list->items);
    list->count = 0;
}

/* --- Parameters and workflows --- */

static const struct {
    const char *kind, *title;
} texts[] = {
    [REGISTRY_PARAMETERS] = {"parameters", N_("町の設定")},
    [REGISTRY_WORKFLOWS] = {"workflow", N_("処理の流れ")},
    [REGISTRY_LEDGERS] = {"ledgers", N_("台帳の並び")},
};

enum status registry_text(struct registry *r, long at, enum registry_text which, char **out,
                          struct error *err)
{
    const struct registry_entry *e = registry_find(r, at, texts[which].kind, NULL, NULL, NULL);
    *out = NULL;
    if (!e)
        return unknown(err, _(texts[which].title));
    *out = text_of(&e->line, "text");
    return OK;
}

enum status registry_add_text(struct registry *r, const struct key_pair *root,
                              enum registry_text which, const char *text, struct error *err)
{
    struct line line = registry_begin(r, texts[which].kind);
    line_add_text(&line, "text", text);
    return registry_append(r, root, &line, err);
}

/* --- Blocks of receipt numbers --- */

static void add_block(struct registry_blocks *out, const struct registry_entry *e, long version)
{
    out->items = xroom(out->items, out->count, sizeof *out->items);
    struct registry_block *b = &out->items[out->count++];
    *b = (struct registry_block){.version = version,
                                 .brief = text_of(&e->line, "brief"),
                                 .first = (long)line_number(&e->line, "first"),
                                 .last = (long)line_number(&e->line, "last")};
    id_of(b->device, &e->line, "device");
}

enum status registry_blocks(struct registry *r, long at, const char *device,
                            struct registry_blocks *out, struct error *err)
{
    long newest = registry_version(r), last = at && at < newest ? at : newest;
    (void)err;
    *out = (struct registry_blocks){0};
    for (long i = 1; i <= last; i++) {
        const struct line *line = &r->entries[i - 1].line;
        const char *kind = line_text(line, "kind"), *whose = line_text(line, "device");
        if (kind && whose && strcmp(kind, "numbers") == 0 && strcmp(whose, device) == 0)
            add_block(out, &r->entries[i - 1], i);
    }
    return OK;
}

enum status registry_add_block(struct registry *r, const struct key_pair *root,
                               const struct registry_block *block, struct error *err)
{
    long version = 0;
    const struct registry_entry *e;
    while ((e = registry_find(r, REGISTRY_NEWEST, "numbers", "brief", block->brief, &version)))
        if (block->first <= line_number(&e->line, "last") &&
            block->last >= line_number(&e->line, "first"))
            return error_set(err, E_CONFLICT, _("番号の枠が重なります"));
    struct line line = registry_begin(r, "numbers");
    line_add_text(&line, "device", block->device);
    line_add_text(&line, "brief", block->brief);
    line_add_number(&line, "first", block->first);
    line_add_number(&line, "last", block->last);
    return registry_append(r, root, &line, err);
}

void registry_blocks_free(struct registry_blocks *list)
{
    for (size_t i = 0; i < list->count; i++)
        xfree(&list->items[i].brief);
    xfree(&list->items);
    list->count = 0;
}

enum status registry_free_block(struct registry *r, const char *brief, long size,
                                struct registry_block *out, struct error *err)
{
    long version = 0, top = 0;
    const struct registry_entry *e;
    while ((e = registry_find(r, REGISTRY_NEWEST, "numbers", "brief", brief, &version)))
        if (line_number(&e->line, "last") > top)
            top = (long)line_number(&e->line, "last");
    *out = (struct registry_block){0};
    if (top + size > 99999)
        return error_set(err, E_LIMIT, _("「%s」の番号の枠（99999まで）が残っていません"), brief);
    out->brief = xstrdup(brief);
    out->first = top + 1;
    out->last = top + size;
    return OK;
}

/* --- Revocations --- */

enum status registry_revocation(struct registry *r, long at, const char *key,
                                struct registry_revocation *out, struct error *err)
{
    long version = 0;
    const struct registry_entry *e = registry_find(r, at, "revoke", "revoked", key, &version);
    *out = (struct registry_revocation){0};
    if (!e)
        return unknown(err, _("その失効"));
    const struct strings *heads = line_list(&e->line, "heads");
    out->version = version;
    id_of(out->id, &e->line, "revoked");
    out->reason = text_of(&e->line, "reason");
    snprintf(out->at, sizeof out->at, "%s", or_empty(line_text(&e->line, "at")));
    for (size_t i = 0; heads && i < heads->count; i++)
        strings_add(&out->heads, heads->items[i]);
    return OK;
}

char *registry_head(const char *device, int64_t seq, const char *hash)
{
    return xasprintf("%s %lld %s", device, (long long)seq, hash);
}

bool registry_accepts(struct registry *r, const char *key, const char *device, int64_t seq,
                      const char *hash)
{
    const struct registry_entry *e =
        registry_find(r, REGISTRY_NEWEST, "revoke", "revoked", key, NULL);
    const struct strings *heads = e ? line_list(&e->line, "heads") : NULL;
    for (size_t i = 0; heads && i < heads->count; i++) {
        char chain[HASH_HEX_SIZE], head[HASH_HEX_SIZE];
        long long last;
        if (sscanf(heads->items[i], "%64s %lld %64s", chain, &last, head) == 3 &&
            strcmp(chain, device) == 0 && (seq < last || (seq == last && strcmp(head, hash) == 0)))
            return true;
    }
    return !e;
}

enum status registry_revoke(struct registry *r, const struct key_pair *root,
                            const struct registry_revocation *revocation, struct error *err)
{
    struct line line = registry_begin(r, "revoke");
    line_add_text(&line, "revoked", revocation->id);
    line_add_text(&line, "reason", or_empty(revocation->reason));
    struct strings *heads = line_add_list(&line, "heads");
    for (size_t i = 0; i < revocation->heads.count; i++)
        strings_add(heads, revocation->heads.items[i]);
    return registry_append(r, root, &line, err);
}

void registry_revocation_free(struct registry_revocation *revocation)
{
    xfree(&revocation->reason);
    strings_free(&revocation->heads);
}
