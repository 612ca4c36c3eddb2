#include "office/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "form/ledgers.h"
#include "form/loader.h"
#include "form/parameter.h"
#include "form/workflow.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/account.h"

enum { FILE_LIMIT = 1 << 20 };

/* --- A place: directory, settings, keys --- */

void setup_close_place(struct place *place)
{
    key_pair_free(&place->user);
    key_pair_free(&place->device);
    store_free(&place->store);
}

static enum status write_settings(const struct setup *setup, const char *town, const char *root,
                                  const char *device, struct error *err)
{
    struct settings *settings = settings_new();
    const char *const rows[][2] = {
        {"role", setup->role},
        {"town", town},
        {"town.root", root},
        {"office", setup->office},
        {"office.short", setup->brief},
        {"device", setup->device},
        {"device.id", device},
    };
    enum status st = OK;
    for (size_t i = 0; !st && i < ARRAY_LEN(rows); i++)
        st = settings_set(settings, rows[i][0], rows[i][1], err);
    if (!st)
        st = settings_save(settings, setup->dir, err);
    settings_free(&settings);
    return st;
}

enum status setup_make_place(const char *dir, const char *admin, const char *password,
                             struct place *place, struct error *err)
{
    char *settings = file_path(dir, SETTINGS_FILE), *keys = file_path(dir, "keys");
    *place = (struct place){0};
    enum status st = file_exists(settings)
                         ? error_set(err, E_EXISTS, _("%s はすでに設置されています"), dir)
                         : file_make_dirs(keys, err);
    if (!st)
        st = store_open(dir, &place->store, err);
    if (!st)
        st = account_create(place->store, dir, admin, password, &place->user, err);
    if (!st) {
        const struct key_holder holder = {admin, place->user->recipient};
        st = keyring_create(dir, KEY_DEVICE, &holder, 1, &place->device, err);
    }
    if (!st)
        st = store_set_fact(place->store, "device", place->device->fingerprint, err);
    xfree(&settings);
    xfree(&keys);
    return st;
}

/* --- The town's registry --- */

static enum status read_text(const char *file, struct buffer *out, struct error *err)
{
    enum status st = file_read(file, FILE_LIMIT, out, err);
    if (!st && memchr(out->data, '\0', out->len))
        st = error_set(err, E_PARSE, _("%s は文字のファイルではありません"), file);
    return st;
}

/* Fragments stand in forms/common beside the forms that come with the program. */
enum status setup_fragment(void *context, const char *name, struct buffer *out, struct error *err)
{
    (void)context;
    char *relative = xasprintf("forms/common/%s.yaml", name), *file = file_resource(relative);
    enum status st = read_text(file, out, err);
    xfree(&relative);
    xfree(&file);
    return st;
}

enum status setup_workflows(struct workflows **out, char **text, struct error *err)
{
    struct buffer words = BUFFER_INIT;
    char *file = file_resource("forms/workflows.yaml");
    enum status st = read_text(file, &words, err);
    if (!st)
        st = workflows_load(words.data, file, out, err);
    if (text)
        *text = buffer_steal(&words);
    buffer_free(&words);
    xfree(&file);
    return st;
}

enum status setup_add_form(const struct signing *s, const struct workflows *workflows,
                           const char *file, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct form *form = NULL;
    enum status st = read_text(file, &text, err);
    if (!st)
        st = form_load(text.data, file, workflows, setup_fragment, NULL, &form, err);
    if (!st) {
        const struct registry_form entry = {
            .id = form->id,
            .number = form->version,
            .title = (char *)(uintptr_t)label_text(&form->title, "ja"),
            .code = form->code,
            .text = form->text,
        };
        st = registry_add_form(store_registry(s->store), s->root, &entry, err);
    }
    form_free(&form);
    buffer_free(&text);
    return st;
}

static enum status add_files(const struct signing *s, const struct workflows *workflows,
                             const char *dir, const struct strings *forms, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < forms->count; i++) {
        char *name = xasprintf("forms/%s/%s.yaml", dir, forms->items[i]);
        char *file = file_resource(name);
        st = setup_add_form(s, workflows, file, err);
        xfree(&name);
        xfree(&file);
    }
    return st;
}

/* The ledgers that come with the program, every form and every report they name. */
static enum status add_ledgers(const struct signing *s, const struct workflows *workflows,
                               struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct ledgers *ledgers = NULL;
    char *file = file_resource("forms/ledgers.yaml");
    enum status st = read_text(file, &text, err);
    if (!st)
        st = ledgers_load(text.data, file, &ledgers, err);
    if (!st)
        st = registry_add_text(store_registry(s->store), s->root, REGISTRY_LEDGERS, text.data, err);
    xfree(&file);
    for (size_t i = 0; !st && i < ledgers->count; i++) {
        st = add_files(s, workflows, ledgers->items[i].name, &ledgers->items[i].forms, err);
        if (!st)
            st = add_files(s, workflows, "reports", &ledgers->items[i].reports, err);
    }
    ledgers_free(&ledgers);
    buffer_free(&text);
    return st;
}

static enum status add_standard_forms(const struct signing *s, struct error *err)
{
    struct workflows *workflows = NULL;
    char *text = NULL;
    enum status st = setup_workflows(&workflows, &text, err);
    if (!st)
        st = registry_add_text(store_registry(s->store), s->root, REGISTRY_WORKFLOWS, text, err);
    if (!st)
        st = add_ledgers(s, workflows, err);
    workflows_free(&workflows);
    xfree(&text);
    return st;
}

struct key_card setup_card(const struct key_pair *pair)
{
    struct key_card card = {.recipient = pair->recipient};
    memcpy(card.public_key, pair->seal.public_key, sizeof card.public_key);
    memcpy(card.fingerprint, pair->fingerprint, sizeof card.fingerprint);
    return card;
}

struct founding {
    const struct setup *setup;
    struct place *place;
    const struct key_pair *root, *year, *escrow;
    const char *town, *code, *profile;
};

static enum status found(void *context, struct error *err)
{
    struct founding *f = context;
    struct signing s = {f->place->store, f->root};
    struct strings roles = STRINGS_INIT;
    const struct key_card device = setup_card(f->place->device), admin = setup_card(f->place->user);
    struct registry_town town = {
        .name = (char *)(uintptr_t)f->town,
        .code = (char *)(uintptr_t)f->code,
        .recipient = f->year->recipient,
        .escrow = f->escrow->recipient,
    };
    memcpy(town.root, f->root->seal.public_key, sizeof town.root);
    enum status st = registry_add_town(store_registry(s.store), f->root, &town, err);
    if (!st)
        st = registry_certify_device(&s, &device, f->setup->office, f->setup->brief,
                                     f->setup->device, "town", err);
    strings_add(&roles, "admin");
    if (!st)
        st = registry_certify_user(&s, &admin, device.fingerprint, f->setup->office,
                                   f->setup->admin, f->setup->admin, &roles, err);
    if (!st)
        st = registry_give_block(&s, device.fingerprint, f->setup->brief, err);
    if (!st)
        st = registry_add_text(store_registry(s.store), f->root, REGISTRY_PARAMETERS, f->profile,
                               err);
    if (!st)
        st = add_standard_forms(&s, err);
    strings_free(&roles);
    return st;
}

enum status setup_write_identity(const char *file, const struct key_pair *escrow, struct error *err)
{
    char identity[AGE_IDENTITY_SIZE], recipient[AGE_RECIPIENT_SIZE];
    age_identity_encode(identity, escrow->identity);
    age_recipient_encode(recipient, &escrow->recipient);
    char *text = xasprintf("# public key: %s\n%s\n", recipient, identity);
    enum status st = file_write(file, text, strlen(text), err);
    explicit_bzero(text, strlen(text));
    explicit_bzero(identity, sizeof identity);
    xfree(&text);
    return st;
}

enum status setup_read_identity(const char *file, struct key_pair **out, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct key_pair *key = key_pair_new();
    enum status st = file_read(file, 4096, &text, err);
    const char *secret = st ? NULL : strstr(buffer_text(&text), "AGE-SECRET-KEY-1");
    char *line = secret ? xstrndup(secret, strcspn(secret, "\r\n")) : NULL;
    if (!st && !(line && age_identity_decode(key->identity, line)))
        st = error_set(err, E_PARSE, _("%s は age の鍵のファイルではありません"), file);
    age_recipient_of(&key->recipient, key->identity);
    if (line)
        explicit_bzero(line, strlen(line));
    if (text.data)
        explicit_bzero(text.data, text.len);
    xfree(&line);
    buffer_free(&text);
    if (st)
        key_pair_free(&key);
    *out = key;
    return st;
}

static enum status found_town(const struct setup *setup, struct place *place,
                              const struct town_profile *profile, const char *text,
                              char root_id[HASH_HEX_SIZE], struct error *err)
{
    struct key_pair *root = NULL, *year = NULL, *escrow = key_pair_new();
    const struct key_holder holders[] = {{setup->admin, place->user->recipient},
                                         {KEY_ESCROW, escrow->recipient}};
    char *escrow_file = file_path(setup->dir, SETUP_ESCROW_FILE);
    enum status st = keyring_create(setup->dir, KEY_ROOT, holders, ARRAY_LEN(holders), &root, err);
    if (!st)
        st = keyring_create(setup->dir, KEY_TOWN, holders, ARRAY_LEN(holders), &year, err);
    if (!st)
        st = keyring_share(setup->dir, KEY_DEVICE, place->device, &holders[1], err);
    if (!st)
        st = setup_write_identity(escrow_file, escrow, err);
    if (!st) {
        const char *code = town_profile_fact(profile, "code");
        struct founding f = {
            setup, place, root, year, escrow, town_profile_fact(profile, "name"), code ? code : "",
            text};
        memcpy(root_id, root->fingerprint, HASH_HEX_SIZE);
        st = store_transaction(place->store, found, &f, err);
    }
    key_pair_free(&root);
    key_pair_free(&year);
    key_pair_free(&escrow);
    xfree(&escrow_file);
    return st;
}

/* The tables of the town's forms: rules read them before the first record is there. */
static enum status make_tables(const char *dir, struct error *err)
{
    struct office *office = NULL;
    enum status st = office_open(dir, &office, err);
    if (!st)
        st = catalogue_prepare(office->catalogue, err);
    office_free(&office);
    return st;
}

/* The files of a directory that is there; empty where there is none. */
static struct strings files_in(const char *dir)
{
    struct strings dirs = STRINGS_INIT, files = STRINGS_INIT;
    struct error none;
    (void)file_list(dir, &dirs, &files, &none);
    strings_free(&dirs);
    return files;
}

void setup_look(const char *dir, struct setup_traces *out)
{
    char *keys = file_path(dir, "keys");
    *out = (struct setup_traces){files_in(dir), files_in(keys)};
    xfree(&keys);
}

void setup_traces_free(struct setup_traces *traces)
{
    strings_free(&traces->files);
    strings_free(&traces->keys);
}

static void remove_new(const char *dir, const struct strings *before)
{
    struct strings now = files_in(dir);
    for (size_t i = 0; i < now.count; i++) {
        char *file = file_path(dir, now.items[i]);
        if (strings_find(before, now.items[i]) < 0)
            unlink(file);
        xfree(&file);
    }
    strings_free(&now);
    rmdir(dir);
}

void setup_withdraw(const char *dir, const struct setup_traces *before)
{
    char *keys = file_path(dir, "keys");
    remove_new(keys, &before->keys);
    remove_new(dir, &before->files);
    xfree(&keys);
}

/* Directory, keys, registry, and last the settings: with them the place counts as set up. */
static enum status make_all(const struct setup *setup, const struct town_profile *profile,
                            const char *text, struct error *err)
{
    struct place place = {0};
    char root[HASH_HEX_SIZE] = "", device[HASH_HEX_SIZE] = "";
    enum status st = setup_make_place(setup->dir, setup->admin, setup->password, &place, err);
    if (!st) {
        memcpy(device, place.device->fingerprint, sizeof device);
        snprintf(root, sizeof root, "%s", setup->root ? setup->root : "");
        if (strcmp(setup->role, "town") == 0)
            st = found_town(setup, &place, profile, text, root, err);
    }
    if (!st)
        st = write_settings(setup, town_profile_fact(profile, "name"), root, device, err);
    setup_close_place(&place);
    return st;
}

enum status setup_init(const struct setup *setup, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct town_profile *profile = NULL;
    struct setup_traces before;
    setup_look(setup->dir, &before);
    enum status st = read_text(setup->town_file, &text, err);
    if (!st)
        st = town_profile_load(text.data, setup->town_file, &profile, err);
    if (!st && !town_profile_fact(profile, "name"))
        st =
            error_set(err, E_INVALID, _("%s に町の名（town: name）がありません"), setup->town_file);
    if (!st) {
        st = make_all(setup, profile, text.data, err);
        if (!st && strcmp(setup->role, "town") == 0)
            st = make_tables(setup->dir, err);
        if (st)
            setup_withdraw(setup->dir, &before);
    }
    town_profile_free(&profile);
    buffer_free(&text);
    setup_traces_free(&before);
    return st;
}

/* --- Further users --- */

/* On the town, root and identity of the year are shared with those who need them. */
enum status setup_share(struct session *with, enum key_kind kind, const struct key_holder *holder,
                        struct error *err)
{
    struct key_pair *opened;
    struct office *office = with->office;
    enum status st = keyring_open(office->dir, kind, with->login, with->keys->user, &opened, err);
    if (!st)
        st = keyring_share(office->dir, kind, opened, holder, err);
    key_pair_free(&opened);
    return st;
}

struct certifying {
    struct signing signing;
    const struct key_card *card;
    struct office *office;
    const char *login, *name;
    const struct strings *roles;
    const struct replacement *old; /* NULL = a first key */
};

static enum status certify(void *context, struct error *err)
{
    struct certifying *c = context;
    enum status st =
        registry_certify_user(&c->signing, c->card, c->office->device, office_name(c->office),
                              c->login, c->name, c->roles, err);
    return st || !c->old ? st : registry_end_key(&c->signing, c->old, c->office->device, err);
}

enum status setup_admit(struct session *with, const struct key_pair *user, const char *login,
                        const char *name, const struct strings *roles,
                        const struct replacement *old, struct error *err)
{
    struct office *office = with->office;
    const struct key_holder holder = {login, user->recipient};
    const struct key_card card = setup_card(user);
    struct certifying c = {{office->store, NULL}, &card, office, login, name, roles, old};
    bool town = office->role == OFFICE_TOWN;
    enum status st = keyring_share(office->dir, KEY_DEVICE, with->keys->device, &holder, err);
    if (!st && !town)
        return setup_note_wish(office, login, name, roles, old, err);
    if (!st && strings_find(roles, "reviewer") >= 0)
        st = setup_share(with, KEY_TOWN, &holder, err);
    if (!st && strings_find(roles, "admin") >= 0)
        st = setup_share(with, KEY_ROOT, &holder, err);
    return st ? st : setup_with_root(with, certify, &c, &c.signing.root, err);
}

enum status setup_root_here(struct session *session, struct error *err)
{
    struct office *office = session->office;
    struct key_pair *root = NULL;
    char now[HASH_HEX_SIZE];
    registry_root(office_registry(office), now);
    enum status st = keyring_open_aside(office->dir, KEY_ROOT, now, session->login,
                                        session->keys->user, &root, err);
    key_pair_free(&root);
    return st == E_NOT_FOUND
               ? error_set(err, E_NOT_FOUND, "%s",
                           _("根の鍵がここにありません。写しから戻してください（key root "
                             "--from）"))
               : st;
}

enum status setup_add_user(struct session *with, const char *login, const char *name,
                           const char *const *roles, size_t role_count, const char *password,
                           struct error *err)
{
    struct office *office = with->office;
    struct key_pair *user = NULL;
    struct strings wanted = STRINGS_INIT;
    for (size_t i = 0; i < role_count; i++)
        strings_add(&wanted, roles[i]);
    enum status st = session_require(with, MAY_ADMINISTER, err);
    if (!st)
        st = session_roles_known(&wanted, err);
    if (!st && office->role == OFFICE_TOWN)
        st = setup_root_here(with, err);
    if (!st)
        st = account_create(office->store, office->dir, login, password, &user, err);
    if (!st)
        st = setup_admit(with, user, login, name, &wanted, NULL, err);
    key_pair_free(&user);
    strings_free(&wanted);
    return st;
}

/* --- Forms and parameters of the town --- */

struct installing {
    struct signing signing;
    const char *file, *text;
};

static enum status install_form(void *context, struct error *err)
{
    struct installing *i = context;
    struct workflows *workflows = NULL;
    char *text = NULL;
    enum status st = setup_workflows(&workflows, &text, err);
    if (!st)
        st = setup_add_form(&i->signing, workflows, i->file, err);
    workflows_free(&workflows);
    xfree(&text);
    return st;
}

static enum status install_parameters(void *context, struct error *err)
{
    struct installing *i = context;
    return registry_add_text(store_registry(i->signing.store), i->signing.root, REGISTRY_PARAMETERS,
                             i->text, err);
}

enum status setup_with_root(struct session *session, database_work work, void *context,
                            const struct key_pair **root_slot, struct error *err)
{
    struct key_pair *root = NULL;
    struct office *office = session->office;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st && office->role != OFFICE_TOWN)
        st = error_set(err, E_DENIED, _("登録簿は町のデータでだけ変えられます"));
    if (!st)
        st = keyring_open(office->dir, KEY_ROOT, session->login, session->keys->user, &root, err);
    if (st == E_NOT_FOUND)
        st = error_set(err, E_NOT_FOUND, "%s",
                       _("根の鍵がここにありません。写しから戻してください（key root --from）"));
    *root_slot = root;
    if (!st)
        st = store_transaction(office->store, work, context, err);
    key_pair_free(&root);
    return st;
}

enum status setup_install_form(struct session *session, const char *file, struct error *err)
{
    struct installing i = {.signing.store = session->office->store, .file = file};
    enum status st = setup_with_root(session, install_form, &i, &i.signing.root, err);
    return st ? st : catalogue_prepare(session->office->catalogue, err);
}

enum status setup_install_parameters(struct session *session, const char *text, struct error *err)
{
    struct town_profile *profile = NULL;
    struct installing i = {.signing.store = session->office->store, .text = text};
    enum status st = town_profile_load(text, "parameters.yaml", &profile, err);
    town_profile_free(&profile);
    return st ? st : setup_with_root(session, install_parameters, &i, &i.signing.root, err);
}

enum status setup_fingerprints(struct office *office, char root[65], char device[65],
                               struct error *err)
{
    struct registry_town town = {0};
    (void)err;
    snprintf(device, 65, "%s", office->device);
    snprintf(root, 65, "%s", settings_get(office->settings, "town.root"));
    if (registry_town(office_registry(office), REGISTRY_NEWEST, &town, NULL) == OK)
        snprintf(root, 65, "%s", town.fingerprint);
    registry_town_free(&town);
    return OK;
}
