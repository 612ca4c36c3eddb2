#include "office/rebuild.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/apply.h"
#include "bundle/writer.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "office/transfer.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/transport.h"

enum { KEY_BYTES = 1 << 16, REGISTRY_BYTES = 64 << 20, ESCROWS_MAX = 16 };

void rebuilt_free(struct rebuilt *out)
{
    strings_free(&out->refused);
}

struct rebuilding {
    const struct rebuild *wish;
    struct rebuilt *out;
    struct place place;
    struct key_pair *escrows[ESCROWS_MAX];
    size_t escrow_count;
    struct key_pair *root, *year;
    struct registry_device old; /* the town's last device */
    struct office *office;
    char head[HASH_HEX_SIZE];
};

/* --- What lies in the safes --- */

static enum status read_escrows(struct rebuilding *r, struct error *err)
{
    enum status st = OK;
    if (r->wish->escrows->count > ESCROWS_MAX)
        return error_set(err, E_LIMIT, _("預託鍵のファイルは%dまでです"), ESCROWS_MAX);
    for (size_t i = 0; !st && i < r->wish->escrows->count; i++) {
        st = setup_read_identity(r->wish->escrows->items[i], &r->escrows[i], err);
        r->escrow_count += !st;
    }
    return st;
}

static enum status place_root(const char *dir, const char *from, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *to = file_path(dir, "keys/root.key");
    enum status st = file_read(from, KEY_BYTES, &text, err);
    if (!st)
        st = file_write(to, text.data, text.len, err);
    buffer_free(&text);
    xfree(&to);
    return st;
}

static enum status open_root(struct rebuilding *r, struct error *err)
{
    const struct key_holder admin = {r->wish->admin, r->place.user->recipient};
    enum status st = place_root(r->wish->dir, r->wish->root_key, err);
    for (size_t i = 0; !st && !r->root && i < r->escrow_count; i++)
        keyring_open(r->wish->dir, KEY_ROOT, KEY_ESCROW, r->escrows[i], &r->root, NULL);
    if (!st && !r->root)
        st = error_set(err, E_DENIED,
                       _("預託鍵では根の鍵 %s が開きません。この根の鍵を写したときの預託鍵を"
                         "示してください"),
                       r->wish->root_key);
    return st ? st : keyring_share(r->wish->dir, KEY_ROOT, r->root, &admin, err);
}

/* --- The registry --- */

static bool is_bundle(const char *file)
{
    return str_ends(file, ".smb");
}

static enum status accept(void *context, struct error *err)
{
    struct rebuilding *r = context;
    enum status st = OK;
    for (size_t i = 0; !st && i < r->wish->files->count; i++) {
        struct buffer text = BUFFER_INIT;
        if (is_bundle(r->wish->files->items[i]))
            continue;
        st = file_read(r->wish->files->items[i], REGISTRY_BYTES, &text, err);
        char root[HASH_HEX_SIZE];
        if (!st)
            st = setup_registry_root(buffer_text(&text), root, err);
        if (!st)
            st = setup_accept_lines(store_registry(r->place.store), buffer_text(&text), root, err);
        buffer_free(&text);
    }
    return st;
}

/* The device of the town that is in force. */
static enum status find_old(struct rebuilding *r, struct error *err)
{
    struct registry *registry = store_registry(r->place.store);
    struct registry_devices devices = {0};
    enum status st = registry_devices(registry, REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++)
        if (strcmp(devices.items[i].role, "town") == 0 &&
            !registry_revoked(registry, REGISTRY_NEWEST, devices.items[i].id)) {
            registry_device_free(&r->old);
            st = registry_device(registry, REGISTRY_NEWEST, devices.items[i].id, &r->old, err);
        }
    registry_devices_free(&devices);
    return st || *r->old.id ? st : error_set(err, E_NOT_FOUND, _("登録簿に町の端末がありません"));
}

static enum status take_registry(struct rebuilding *r, struct error *err)
{
    char root[HASH_HEX_SIZE];
    enum status st = store_transaction(r->place.store, accept, r, err);
    r->out->registry = registry_version(store_registry(r->place.store));
    if (!st && !r->out->registry)
        st = error_set(err, E_INVALID, "%s",
                       _("窓口で bundle rebuild が書いた登録簿のファイルを示してください"));
    if (st)
        return st;
    registry_root(store_registry(r->place.store), root);
    if (strcmp(root, r->root->fingerprint) != 0)
        return error_set(err, E_CRYPTO,
                         _("この根の鍵（%.16s）は、登録簿の町のもの（%.16s）ではありません"),
                         r->root->fingerprint, root);
    return find_old(r, err);
}

static enum status write_settings(struct rebuilding *r, struct error *err)
{
    struct registry_town town = {0};
    struct settings *settings = settings_new();
    enum status st = registry_town(store_registry(r->place.store), REGISTRY_NEWEST, &town, err);
    const char *const rows[][2] = {
        {"role", "town"},
        {"town", town.name},
        {"town.root", town.fingerprint},
        {"office", r->old.office},
        {"office.short", r->old.brief},
        {"device", r->old.name},
        {"device.id", r->place.device->fingerprint},
    };
    for (size_t i = 0; !st && i < ARRAY_LEN(rows); i++)
        st = settings_set(settings, rows[i][0], rows[i][1], err);
    if (!st)
        st = settings_save(settings, r->wish->dir, err);
    settings_free(&settings);
    registry_town_free(&town);
    return st;
}

/* --- Bundles --- */

static enum status apply_one(struct rebuilding *r, const char *file, struct error *err)
{
    struct bundle_applied applied;
    enum status st = E_NOT_FOUND;
    for (size_t i = 0; st == E_NOT_FOUND && i < r->escrow_count; i++)
        st = bundle_apply(r->office->store, r->escrows[i], file, &applied, err);
    if (!st && !applied.again) {
        r->out->events += applied.events;
        r->out->records += applied.records;
    }
    return st;
}

/* In any order: what waits for another is tried again as long as something comes of it. */
static void apply_all(struct rebuilding *r)
{
    const struct strings *files = r->wish->files;
    bool *done = xcalloc(files->count + 1, sizeof *done), more = true;
    while (more) {
        more = false;
        strings_free(&r->out->refused);
        for (size_t i = 0; i < files->count; i++) {
            struct error why = {0};
            if (done[i] || !is_bundle(files->items[i]))
                continue;
            done[i] = apply_one(r, files->items[i], &why) == OK;
            more = more || done[i];
            if (!done[i])
                strings_take(&r->out->refused,
                             xasprintf("%s: %s", files->items[i], error_text(&why)));
        }
    }
    xfree(&done);
}

static enum status allow_copies(void *context, struct error *err)
{
    struct rebuilding *r = context;
    return store_set_fact(r->office->store, REBUILDING_FACT, "yes", err);
}

static enum status take_bundles(struct rebuilding *r, struct error *err)
{
    enum status st = office_open(r->wish->dir, &r->office, err);
    if (!st)
        st = catalogue_prepare(r->office->catalogue, err);
    if (!st)
        st = store_transaction(r->office->store, allow_copies, r, err);
    if (!st)
        apply_all(r);
    return st;
}

/* --- The town again --- */

static enum status name_year(struct rebuilding *r, const struct signing *s, struct error *err)
{
    struct registry_town town = {0};
    enum status st = registry_town(store_registry(s->store), REGISTRY_NEWEST, &town, err);
    town.recipient = r->year->recipient;
    if (!st)
        st = registry_add_town(store_registry(s->store), s->root, &town, err);
    registry_town_free(&town);
    return st;
}

static enum status begin_chain(struct rebuilding *r, struct error *err)
{
    struct user_keys keys = {r->place.user, r->place.device};
    struct line body = event_body();
    line_add_text(&body, "restored", r->old.id);
    line_add_number(&body, "seq", r->out->last);
    line_add_text(&body, "head", r->head);
    struct journal_entry entry = {OP_USER, NULL, NULL, &body};
    return journal_append(r->office->store, &keys, &entry, NULL, err);
}

/* Epochs of the lost town are not known: seconds are more than anybody ever restored a town. */
static enum status found_again(void *context, struct error *err)
{
    struct rebuilding *r = context;
    const struct signing s = {r->office->store, r->root};
    const struct replacement lost = {r->old.id, r->head, r->out->last, true};
    const struct key_card device = setup_card(r->place.device), admin = setup_card(r->place.user);
    struct strings roles = STRINGS_INIT;
    char epoch[24];
    snprintf(epoch, sizeof epoch, "%" PRId64, clock_now() / 1000);
    strings_add(&roles, "admin");
    enum status st = registry_replace_device(&s, &lost, &device, err);
    if (!st)
        st = registry_certify_user(&s, &admin, device.fingerprint, r->old.office, r->wish->admin,
                                   r->wish->admin, &roles, err);
    if (!st)
        st = name_year(r, &s, err);
    if (!st)
        st = store_set_fact(s.store, "epoch", epoch, err);
    strings_free(&roles);
    return st ? st : begin_chain(r, err);
}

static enum status make_year(struct rebuilding *r, struct error *err)
{
    struct registry_town town = {0};
    enum status st = registry_town(store_registry(r->place.store), REGISTRY_NEWEST, &town, err);
    const struct key_holder holders[] = {{r->wish->admin, r->place.user->recipient},
                                         {KEY_ESCROW, town.escrow}};
    if (!st)
        st = keyring_create(r->wish->dir, KEY_TOWN, holders, ARRAY_LEN(holders), &r->year, err);
    if (!st)
        st = keyring_share(r->wish->dir, KEY_ROOT, r->root, &holders[1], err);
    if (!st)
        st = keyring_share(r->wish->dir, KEY_DEVICE, r->place.device, &holders[1], err);
    registry_town_free(&town);
    return st;
}

static enum status rebuild(struct rebuilding *r, struct error *err)
{
    enum status st = read_escrows(r, err);
    if (!st)
        st = setup_make_place(r->wish->dir, r->wish->admin, r->wish->password, &r->place, err);
    if (!st)
        st = open_root(r, err);
    if (!st)
        st = take_registry(r, err);
    if (!st)
        st = make_year(r, err);
    if (!st)
        st = write_settings(r, err);
    if (!st)
        st = take_bundles(r, err);
    if (!st)
        st = journal_last_known(r->office->store, r->old.id, &r->out->last, r->head, err);
    if (!st)
        st = store_transaction(r->office->store, found_again, r, err);
    return st ? st : projection_retry(r->office->store, err);
}

enum status rebuild_town(const struct rebuild *wish, struct rebuilt *out, struct error *err)
{
    struct rebuilding r = {.wish = wish, .out = out};
    struct setup_traces before;
    *out = (struct rebuilt){0};
    setup_look(wish->dir, &before);
    enum status st = rebuild(&r, err);
    office_free(&r.office);
    setup_close_place(&r.place);
    if (st)
        setup_withdraw(wish->dir, &before);
    setup_traces_free(&before);
    for (size_t i = 0; i < r.escrow_count; i++)
        key_pair_free(&r.escrows[i]);
    key_pair_free(&r.root);
    key_pair_free(&r.year);
    registry_device_free(&r.old);
    return st;
}

static enum status town_admin(struct session *session, struct error *err)
{
    enum status st = session_require(session, MAY_ADMINISTER, err);
    return st || session->office->role == OFFICE_TOWN
               ? st
               : error_set(err, E_DENIED, _("町の鍵は町のデータでだけ扱えます"));
}

bool rebuild_open(struct office *office)
{
    return store_has_fact(office->store, REBUILDING_FACT);
}

static enum status close_copies(void *context, struct error *err)
{
    return store_set_fact(context, REBUILDING_FACT, "", err);
}

enum status rebuild_done(struct session *session, struct error *err)
{
    enum status st = town_admin(session, err);
    if (!st && !rebuild_open(session->office))
        st = error_set(err, E_RULE, "%s", _("町を作り直しているところではありません"));
    return st ? st
              : store_transaction(session->office->store, close_copies, session->office->store,
                                  err);
}

/* --- What a place has for it --- */

static enum status write_registry(struct session *session, const char *folder, char **path,
                                  struct error *err)
{
    struct office *office = session->office;
    struct buffer text = BUFFER_INIT;
    char *name = xasprintf("registry-%.8s-%05ld.txt", office->device,
                           registry_version(office_registry(office)));
    *path = file_path(folder, name);
    enum status st = setup_registry_lines(office_registry(office), &text, err);
    if (!st)
        st = file_write(*path, text.data, text.len, err);
    buffer_free(&text);
    xfree(&name);
    return st;
}

enum status rebuild_give(struct session *session, const char *folder, struct strings *files,
                         struct error *err)
{
    struct office *office = session->office;
    const struct transfer_order order = {.to = folder, .reason = _("町の作り直し")};
    const struct bundle_order how = {.dir = folder};
    struct bundle_written written;
    char *path = NULL;
    enum status st = session_require(session, MAY_EXPORT, err);
    if (!st && office->role == OFFICE_TOWN)
        st = error_set(err, E_RULE, "%s", _("町を作り直すための写しは、窓口や巡回端末で書きます"));
    if (!st)
        st = transfer_permit(session, &order, err);
    if (!st)
        st = write_registry(session, folder, &path, err);
    if (!st)
        strings_add(files, path);
    xfree(&path);
    if (st)
        return st;
    st = bundle_write_copy(office->store, session->keys, &how, &written, err);
    if (st == E_NOT_FOUND) /* nothing ever came from the town */
        return OK;
    if (!st)
        strings_add(files, written.path);
    return st ? st : transfer_register(session, &order, &written, err);
}

/* --- The root key --- */

char *rebuild_root_state(struct office *office)
{
    struct registry_town town = {0};
    char root[HASH_HEX_SIZE] = "", escrow[AGE_RECIPIENT_SIZE] = "";
    registry_root(office_registry(office), root);
    if (registry_town(office_registry(office), REGISTRY_NEWEST, &town, NULL) == OK)
        age_recipient_encode(escrow, &town.escrow);
    registry_town_free(&town);
    return xasprintf("%.16s %s", root, escrow);
}

static enum status note_copy(void *context, struct error *err)
{
    struct office *office = context;
    char day[ISO_DATE_SIZE], *state = rebuild_root_state(office);
    iso_date(day, clock_today());
    char *fact = xasprintf("%s %s", day, state);
    enum status st = store_set_fact(office->store, ROOT_COPY_FACT, fact, err);
    xfree(&fact);
    xfree(&state);
    return st;
}

enum status rebuild_root_out(struct session *session, const char *to, bool remove,
                             struct error *err)
{
    struct buffer text = BUFFER_INIT, again = BUFFER_INIT;
    struct key_pair *root = NULL;
    char *file = file_path(session->office->dir, "keys/root.key");
    enum status st = town_admin(session, err);
    if (!st && file_exists(to))
        st = error_set(err, E_EXISTS, _("%s はすでにあります"), to);
    if (!st)
        st = keyring_open(session->office->dir, KEY_ROOT, session->login, session->keys->user,
                          &root, err);
    if (!st)
        st = file_read(file, KEY_BYTES, &text, err);
    if (!st)
        st = file_write(to, text.data, text.len, err);
    if (!st)
        st = file_read(to, KEY_BYTES, &again, err);
    if (!st && (again.len != text.len || memcmp(again.data, text.data, text.len) != 0))
        st = error_set(err, E_IO, _("%s を読み直すと違っています"), to);
    if (!st)
        st = store_transaction(session->office->store, note_copy, session->office, err);
    if (!st && remove)
        st = keyring_destroy(session->office->dir, KEY_ROOT, err);
    key_pair_free(&root);
    buffer_free(&text);
    buffer_free(&again);
    xfree(&file);
    return st;
}

enum status rebuild_root_in(struct session *session, const char *from, struct error *err)
{
    struct office *office = session->office;
    struct key_card card;
    char now[HASH_HEX_SIZE], *file = file_path(office->dir, "keys/root.key");
    enum status st = town_admin(session, err);
    if (!st && file_exists(file))
        st = error_set(err, E_EXISTS, "%s", _("根の鍵はここにあります"));
    if (!st)
        st = place_root(office->dir, from, err);
    bool placed = !st;
    if (!st)
        st = keyring_card(office->dir, KEY_ROOT, &card, err);
    registry_root(office_registry(office), now);
    if (!st && strcmp(card.fingerprint, now) != 0)
        st = error_set(err, E_CRYPTO, _("%s はこの町の根の鍵ではありません"), from);
    if (st && placed)
        unlink(file);
    xfree(&file);
    return st;
}
