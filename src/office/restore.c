/* Starting again from a backup (復元). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "office/care_internal.h"
#include "office/setup_internal.h"
#include "store/account.h"
#include "store/attachment.h"
#include "store/journal.h"
#include "store/transport.h"
#include "store/verify.h"

struct restoring {
    const struct care_restore *wish;
    const struct care_watch *watch;
    struct care_restored *out;
    struct settings *settings;
    struct care_copy copy;
    bool town;
    struct key_pair *admin, *root;
    struct user_keys keys; /* the administrator and the new device */
    char *keys_dir;        /* where the new device's key waits: DIR/.copy */
    char head[HASH_HEX_SIZE];
};

/* --- May this be? --- */

static enum status same_town(struct restoring *r, struct error *err)
{
    struct registry_town town = {0};
    const char *root = settings_get(r->settings, "town.root");
    if (registry_town(store_registry(r->copy.store), REGISTRY_NEWEST, &town, NULL))
        return error_set(err, E_INVALID,
                         _("この控えは町に登録される前のものです。戻すより、設置からやり直して"
                           "ください（satomado init）"));
    bool same = strcmp(town.fingerprint, root) == 0;
    registry_town_free(&town);
    return same ? OK
                : error_set(err, E_CONFLICT, _("ほかの町の控えです（この場所の町の根 %.16s…）"),
                            root);
}

static enum status admin_opens(struct restoring *r, struct error *err)
{
    enum status st =
        keyring_user_unlock(r->wish->dir, r->wish->login, r->wish->password, &r->admin, err);
    if (!st && !registry_has_role(store_registry(r->copy.store), REGISTRY_NEWEST,
                                  r->admin->fingerprint, "admin"))
        st = error_set(err, E_DENIED, _("控えから戻せるのは管理者です（%s さんは違います）"),
                       r->wish->login);
    if (!st && r->town)
        st = keyring_open(r->wish->dir, KEY_ROOT, r->wish->login, r->admin, &r->root, err);
    return st;
}

/* --- The new device --- */

/* Whoever has a key here holds the new device's key, and the escrow. */
static enum status make_device_key(struct restoring *r, struct error *err)
{
    struct account_list accounts;
    struct registry_town town = {0};
    struct key_holder holders[256];
    size_t count = 0;
    enum status st = account_list(r->copy.store, &accounts, err);
    if (!st)
        st = registry_town(store_registry(r->copy.store), REGISTRY_NEWEST, &town, err);
    for (size_t i = 0; !st && i < accounts.count && count + 1 < ARRAY_LEN(holders); i++) {
        struct key_card card;
        if (keyring_user_card(r->wish->dir, accounts.items[i].login, &card, NULL) == OK)
            holders[count++] = (struct key_holder){accounts.items[i].login, card.recipient};
    }
    holders[count++] = (struct key_holder){KEY_ESCROW, town.escrow};
    if (!st)
        st = keyring_create(r->keys_dir, KEY_DEVICE, holders, count, &r->keys.device, err);
    r->keys.user = r->admin;
    account_list_free(&accounts);
    registry_town_free(&town);
    return st;
}

/* The first event of the new chain says where the old one ended. */
static enum status begin_chain(struct restoring *r, struct error *err)
{
    struct line body = event_body();
    line_add_text(&body, "restored", r->out->old);
    line_add_number(&body, "seq", r->out->old_head);
    line_add_text(&body, "head", r->head);
    struct journal_entry entry = {OP_USER, NULL, NULL, &body};
    return journal_append(r->copy.store, &r->keys, &entry, NULL, err);
}

/* What the town has not got of the old chain must still travel: its device puts its name to it once
 * more, if its key can still be opened. */
static enum status end_chain(struct restoring *r, struct error *err)
{
    struct key_pair *old = NULL;
    struct buffer line = BUFFER_INIT;
    if (!r->out->old_head || keyring_open_aside(r->wish->dir, KEY_DEVICE, r->out->old,
                                                r->wish->login, r->admin, &old, NULL))
        return OK;
    checkpoint_sign(&line, settings_get(r->settings, "town.root"), old, r->out->old_head, r->head);
    enum status st =
        transport_checkpoint(r->copy.store, r->out->old, r->out->old_head, line.data, err);
    key_pair_free(&old);
    buffer_free(&line);
    return st;
}

static enum status accept_newer(struct restoring *r, struct error *err)
{
    return r->wish->registry ? setup_accept_lines(store_registry(r->copy.store), r->wish->registry,
                                                  settings_get(r->settings, "town.root"), err)
                             : OK;
}

/* What the restored database did not know was never certified again: the town does it at once. */
static enum status certify_town(struct restoring *r, struct error *err)
{
    struct signing s = {r->copy.store, r->root};
    char *epoch = store_fact(r->copy.store, "epoch");
    char *next = xasprintf("%ld", (*epoch ? strtol(epoch, NULL, 10) : 1) + 1);
    const struct replacement wish = {r->out->old, r->head, r->out->old_head};
    struct key_card card;
    enum status st = keyring_card(r->keys_dir, KEY_DEVICE, &card, err);
    if (!st)
        st = registry_replace_device(&s, &wish, &card, err);
    if (!st)
        st = store_set_fact(r->copy.store, "epoch", next, err);
    xfree(&epoch);
    xfree(&next);
    return st;
}

static enum status change(void *context, struct error *err)
{
    struct restoring *r = context;
    char *old = journal_device(r->copy.store);
    snprintf(r->out->old, sizeof r->out->old, "%s", old);
    xfree(&old);
    char *replaces = NULL;
    enum status st = journal_head(r->copy.store, r->out->old, &r->out->old_head, r->head, err);
    if (!st && r->town)
        st = accept_newer(r, err);
    if (!st) {
        replaces = xasprintf("%s %lld %s", r->out->old, (long long)r->out->old_head, r->head);
        st = store_set_fact(r->copy.store, "replaces", replaces, err);
        xfree(&replaces);
    }
    if (!st)
        st = store_set_fact(r->copy.store, "device", r->keys.device->fingerprint, err);
    if (!st && r->town)
        st = certify_town(r, err);
    if (!st)
        st = end_chain(r, err);
    return st ? st : begin_chain(r, err);
}

/* --- Taking its place --- */

static enum status move(const char *from, const char *to, struct error *err)
{
    return rename(from, to) == 0 || errno == ENOENT
               ? OK
               : error_errno(err, E_IO, _("%s を %s に移せません"), from, to);
}

/* The old one goes aside with its journal, which may hold a half-written change. */
static enum status put_aside(struct restoring *r, struct error *err)
{
    static const char *const tails[] = {"", "-journal"};
    struct office_time t = office_time_at(clock_now());
    char *file = file_path(r->wish->dir, STORE_FILE);
    enum status st = OK;
    int again = 0;
    if (file_exists(file)) {
        snprintf(r->out->kept, sizeof r->out->kept, "%s.before-%04d%02d%02d-%02d%02d%02d", file,
                 t.date.year, t.date.month, t.date.day, t.hour, t.minute, t.second);
        for (size_t n = strlen(r->out->kept); file_exists(r->out->kept);) /* twice in a second */
            snprintf(r->out->kept + n, sizeof r->out->kept - n, "-%d", ++again);
    }
    for (size_t i = 0; !st && *r->out->kept && i < ARRAY_LEN(tails); i++) {
        char *from = xasprintf("%s%s", file, tails[i]);
        char *to = xasprintf("%s%s", r->out->kept, tails[i]);
        st = move(from, to, err);
        xfree(&from);
        xfree(&to);
    }
    xfree(&file);
    return st;
}

/* Attachments lie beside the backup; those that are here already stay. */
static enum status bring_attachments(struct restoring *r, struct error *err)
{
    if (!r->wish->file)
        return OK;
    const char *slash = strrchr(r->wish->file, '/');
    char *dir = slash ? xstrndup(r->wish->file, (size_t)(slash - r->wish->file) + 1) : xstrdup(".");
    enum status st = attachments_copy(dir, r->wish->dir, false, err);
    xfree(&dir);
    return st;
}

static enum status take_place(struct restoring *r, struct error *err)
{
    char *file = file_path(r->wish->dir, STORE_FILE);
    enum status st = put_aside(r, err);
    if (!st)
        st = keyring_replace(r->wish->dir, KEY_DEVICE, r->keys_dir, err);
    if (!st)
        st = settings_set(r->settings, "device.id", r->out->device, err);
    if (!st)
        st = settings_save(r->settings, r->wish->dir, err);
    if (!st)
        st = care_copy_place(&r->copy, file, err);
    if (!st)
        st = bring_attachments(r, err);
    xfree(&file);
    return st;
}

enum status care_restore(const struct care_restore *wish, const struct care_watch *watch,
                         struct care_restored *out, struct error *err)
{
    struct restoring r = {.wish = wish, .watch = watch, .out = out};
    struct verified verified = {0};
    *out = (struct care_restored){0};
    char *own = file_path(wish->dir, STORE_FILE);
    enum status st = settings_load(wish->dir, &r.settings, err);
    if (!st)
        st = care_copy_make(wish->dir, wish->file ? wish->file : own, true, watch, &r.copy,
                            &verified, err);
    xfree(&own);
    if (st)
        goto out;
    r.town = settings_is(r.settings, "role", "town");
    r.keys_dir = r.copy.dir;
    st = same_town(&r, err);
    if (!st)
        st = care_forget(r.copy.store, wish->dir, settings_get(r.settings, "town.root"), err);
    if (!st)
        st = admin_opens(&r, err);
    if (!st)
        st = make_device_key(&r, err);
    if (!st)
        st = store_transaction(r.copy.store, change, &r, err);
    if (!st) {
        snprintf(out->device, sizeof out->device, "%s", r.keys.device->fingerprint);
        out->events = verified.events;
        out->records = verified.records;
        out->certified = r.town;
        st = take_place(&r, err);
    }
    care_copy_free(&r.copy);
out:
    key_pair_free(&r.keys.device);
    key_pair_free(&r.admin);
    key_pair_free(&r.root);
    settings_free(&r.settings);
    return st;
}
