/* 持出し台帳, registered media, and what each place is to have. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/medium.h"
#include "base/xmem.h"
#include "bundle/writer.h"
#include "form/parameter.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "office/transfer_internal.h"
#include "store/carried.h"
#include "store/scope.h"
#include "store/transport.h"

/* The town is not heard of for so long: what is known here of keys and forms may be old. */
enum { SILENT_DAYS = 30 };

static bool says(struct office *office, const char *parameter, const char *value)
{
    const struct town_profile *town = catalogue_town(office->catalogue);
    const char *is = town ? town_profile_value(town, parameter, clock_today()) : NULL;
    return is && strcmp(is, value) == 0;
}

/* --- Where it may go --- */

/* Whether the path, or what there is of it so far, lies in the data directory. */
static bool inside(struct office *office, const char *path)
{
    char *dir = realpath(office->dir, NULL), *part = xstrdup(path), *at, *slash;
    while (!(at = realpath(part, NULL)) && (slash = strrchr(part, '/')) && slash > part)
        *slash = '\0';
    size_t len = dir ? strlen(dir) : 0;
    bool in = dir && at && strncmp(at, dir, len) == 0 && (at[len] == '/' || !at[len]);
    free(dir);
    free(at);
    xfree(&part);
    return in;
}

/* The caller frees the label. */
static bool registered(struct office *office, const char *uuid, char **label)
{
    struct registry_media media;
    bool known = false;
    *label = NULL;
    if (registry_media(office_registry(office), REGISTRY_NEWEST, &media, NULL))
        return false;
    for (size_t i = 0; i < media.count; i++)
        if (medium_uuid_same(media.items[i].uuid, uuid)) {
            known = !media.items[i].retired;
            *label = xstrdup(media.items[i].label);
        }
    registry_media_free(&media);
    return known;
}

bool transfer_leaves(struct session *session, const char *folder)
{
    return !inside(session->office, folder);
}

bool transfer_wants_approval(struct session *session, const char *folder)
{
    return transfer_leaves(session, folder) && says(session->office, "transfer.approval", "true");
}

enum status transfer_permit(struct session *session, const struct transfer_order *order,
                            struct error *err)
{
    struct office *office = session->office;
    char uuid[MEDIUM_UUID_SIZE], *label = NULL;
    enum status st = (inside(office, order->to) ? file_make_dirs : file_make_dir)(order->to, err);
    if (st || inside(office, order->to))
        return st;
    if (transfer_wants_approval(session, order->to) && str_empty(order->approval))
        return error_set(
            err, E_RULE,
            _("持ち出しには承認番号が要ります（町の設定）。番号を示して、もう一度書いて"
              "ください"));
    if (!says(office, "transfer.media", "registered"))
        return OK;
    bool known = medium_uuid(order->to, uuid) && registered(office, uuid, &label);
    xfree(&label);
    if (known)
        return OK;
    return error_set(err, E_RULE,
                     _("%s は町に登録した媒体ではありません（%s）。登録した媒体に書いてください"),
                     order->to, *uuid ? uuid : _("識別番号を読めません"));
}

/* --- 持出し台帳 --- */

enum status transfer_register(struct session *session, const struct transfer_order *order,
                              const struct bundle_written *written, struct error *err)
{
    struct office *office = session->office;
    char now[ISO_TIME_SIZE], uuid[MEDIUM_UUID_SIZE], *label = NULL;
    if (inside(office, order->to))
        return OK;
    iso_time(now, clock_now());
    medium_uuid(order->to, uuid);
    registered(office, uuid, &label);
    char *medium = label ? xasprintf("%s (%s)", label, uuid) : xstrdup(uuid);
    const struct carried row = {
        .number = written->number,
        .records = written->records,
        .bundle = (char *)(uintptr_t)written->id,
        .kind = (char *)(uintptr_t)written->kind,
        .peer = (char *)(uintptr_t)(office->role == OFFICE_TOWN ? "" : office_town(office)),
        .file = (char *)(uintptr_t)written->path,
        .medium = medium,
        .at = now,
        .who = session->login,
        .reason = (char *)(uintptr_t)(order->reason ? order->reason : ""),
        .approval = (char *)(uintptr_t)(order->approval ? order->approval : ""),
    };
    enum status st = carried_add(office->store, &row, err);
    xfree(&medium);
    xfree(&label);
    return st;
}

enum status transfer_carried(struct session *session, bool out_only, struct carry_list *out,
                             struct error *err)
{
    struct carried_list rows;
    *out = (struct carry_list){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = carried_rows(session->office->store, out_only, &rows, err);
    if (st)
        return st;
    out->items = xcalloc(rows.count + 1, sizeof *out->items);
    for (; out->count < rows.count; out->count++) {
        const struct carried *c = &rows.items[out->count];
        const char *slash = strrchr(c->file, '/');
        out->items[out->count] = (struct carry_row){
            .id = (long)c->id,
            .number = c->number,
            .records = c->records,
            .at = xstrdup(c->at),
            .who = xstrdup(c->who),
            .peer = xstrdup(c->peer),
            .file = xstrdup(slash ? slash + 1 : c->file),
            .medium = xstrdup(c->medium),
            .reason = xstrdup(c->reason),
            .approval = xstrdup(c->approval),
            .closed_at = xstrdup(c->closed_at),
            .closed_by = xstrdup(c->closed_by),
            .outcome = xstrdup(c->outcome),
        };
    }
    carried_list_free(&rows);
    return OK;
}

void carry_list_free(struct carry_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct carry_row *r = &list->items[i];
        char **texts[] = {&r->at,     &r->who,      &r->peer,      &r->file,      &r->medium,
                          &r->reason, &r->approval, &r->closed_at, &r->closed_by, &r->outcome};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status transfer_return(struct session *session, long id, const char *outcome,
                            struct error *err)
{
    char now[ISO_TIME_SIZE];
    enum status st = session_require(session, MAY_EXPORT, err);
    iso_time(now, clock_now());
    if (!st && str_empty(outcome))
        st = error_set(err, E_INVALID,
                       _("どうなったかを書いてください（返却、町に渡した、消去など）"));
    return st ? st : carried_close(session->office->store, id, now, session->login, outcome, err);
}

/* --- Notices --- */

static void notice_silence(struct office *office, struct strings *out)
{
    char *at = NULL;
    int64_t ms = 0;
    if (office->role != OFFICE_TOWN && transport_newest_receipt(office->store, &at, NULL) == OK &&
        *at && iso_time_parse(&ms, at)) {
        long days = (long)((clock_now() - ms) / (24 * INT64_C(3600000)));
        if (days >= SILENT_DAYS)
            strings_take(out, xasprintf(_("町からの便が%ld日届いていません。登録簿と様式が古いかも"
                                          "しれません"),
                                        days));
        if (days < 0)
            strings_take(out,
                         xasprintf(_("この端末の時計が、町の受領より%ld日前になっています。時計を"
                                     "合わせてください"),
                                   -days));
    }
    xfree(&at);
}

enum status transfer_notices(struct session *session, struct strings *out, struct error *err)
{
    struct store *store = session->office->store;
    struct strings held = STRINGS_INIT, missing = STRINGS_INIT;
    struct carried_list away = {0};
    enum status st = session_require(session, MAY_READ, err);
    if (st)
        return st;
    notice_silence(session->office, out);
    st = transport_held_list(store, &held, err);
    if (!st)
        st = transport_missing_list(store, &missing, err);
    if (!st)
        st = carried_rows(store, true, &away, err);
    if (held.count)
        strings_take(out,
                     xasprintf(_("町で保留になっている出来事が%zu件あります"), held.count / 2));
    if (missing.count)
        strings_take(out,
                     xasprintf(_("町に届いていない添付が%zu件あります。送付便を作ると送ります"),
                               missing.count));
    if (away.count)
        strings_take(
            out, xasprintf(_("持ち出したままの送付便が%zu件あります（持出し台帳）"), away.count));
    strings_free(&held);
    strings_free(&missing);
    carried_list_free(&away);
    return st;
}

/* --- Media --- */

enum status transfer_media(struct session *session, const char *path, struct medium_list *out,
                           struct error *err)
{
    struct registry_media media;
    char uuid[MEDIUM_UUID_SIZE] = "";
    *out = (struct medium_list){0};
    enum status st = registry_media(office_registry(session->office), REGISTRY_NEWEST, &media, err);
    if (st)
        return st;
    if (path)
        medium_uuid(path, uuid);
    out->items = xcalloc(media.count + 1, sizeof *out->items);
    for (; out->count < media.count; out->count++) {
        const struct registry_medium *m = &media.items[out->count];
        out->items[out->count] = (struct medium_row){.uuid = xstrdup(m->uuid),
                                                     .label = xstrdup(m->label),
                                                     .retired = m->retired,
                                                     .here = medium_uuid_same(m->uuid, uuid)};
    }
    registry_media_free(&media);
    return OK;
}

void medium_list_free(struct medium_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].uuid);
        xfree(&list->items[i].label);
    }
    xfree(&list->items);
    list->count = 0;
}

struct saying {
    struct signing signing;
    struct registry_medium medium;
    const char *device;
    const struct strings *rules;
};

static enum status say_medium(void *context, struct error *err)
{
    struct saying *s = context;
    return registry_add_medium(store_registry(s->signing.store), s->signing.root, &s->medium, err);
}

enum status transfer_register_medium(struct session *session, const char *uuid, const char *label,
                                     bool retired, struct error *err)
{
    struct saying s = {.signing.store = session->office->store};
    char *known = NULL;
    if (!medium_uuid_written(uuid))
        return error_set(err, E_INVALID,
                         _("「%s」は媒体の識別番号（UUID）ではありません。lsblk -o "
                           "NAME,UUID,LABEL で見られます"),
                         uuid);
    registered(session->office, uuid, &known);
    if (retired && !known)
        return error_set(err, E_NOT_FOUND, _("登録されていない媒体です: %s"), uuid);
    s.medium = (struct registry_medium){.uuid = (char *)(uintptr_t)uuid,
                                        .label = label ? (char *)(uintptr_t)label : known,
                                        .retired = retired};
    enum status st = setup_with_root(session, say_medium, &s, &s.signing.root, err);
    xfree(&known);
    return st;
}

/* --- Scope --- */

static enum status find_place(struct session *session, const char *place,
                              char device[HASH_HEX_SIZE], struct error *err)
{
    struct registry_devices devices;
    size_t found = 0;
    enum status st =
        registry_devices(office_registry(session->office), REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        const struct registry_device *d = &devices.items[i];
        char *both = xasprintf("%s %s", d->office, d->name);
        if (strcmp(d->name, place) == 0 || strcmp(d->office, place) == 0 ||
            strcmp(both, place) == 0 || (strlen(place) >= 8 && str_starts(d->id, place))) {
            memcpy(device, d->id, HASH_HEX_SIZE);
            found++;
        }
        xfree(&both);
    }
    registry_devices_free(&devices);
    if (!st && found != 1)
        st = error_set(err, found ? E_CONFLICT : E_NOT_FOUND,
                       found ? _("「%s」に当たる端末がいくつもあります（「局の名 端末の名」で示して"
                                 "ください）")
                             : _("「%s」という端末はありません（key list）"),
                       place);
    return st;
}

static enum status say_scope(void *context, struct error *err)
{
    struct saying *s = context;
    return registry_add_scope(store_registry(s->signing.store), s->signing.root, s->device,
                              s->rules, err);
}

enum status transfer_set_scope(struct session *session, const char *place,
                               const struct strings *rules, struct error *err)
{
    char device[HASH_HEX_SIZE];
    struct saying s = {.signing.store = session->office->store, .device = device, .rules = rules};
    enum status st = find_place(session, place, device, err);
    for (size_t i = 0; !st && i < rules->count; i++)
        st = scope_check(session->office->store, rules->items[i], err);
    return st ? st : setup_with_root(session, say_scope, &s, &s.signing.root, err);
}

enum status transfer_scope(struct session *session, const char *place, struct strings *rules,
                           struct error *err)
{
    char device[HASH_HEX_SIZE];
    enum status st = find_place(session, place, device, err);
    return st ? st
              : registry_scope(office_registry(session->office), REGISTRY_NEWEST, device, rules,
                               NULL, err);
}
