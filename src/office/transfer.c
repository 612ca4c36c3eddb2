#include "office/transfer.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/apply.h"
#include "bundle/inspect.h"
#include "bundle/writer.h"
#include "office/dispose.h"
#include "office/office_internal.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/transport.h"

static char *peer_name(struct office *office, const char *device)
{
    struct registry_device known = {0};
    char *name = NULL;
    if (registry_device(office_registry(office), REGISTRY_NEWEST, device, &known, NULL) == OK)
        name = strcmp(known.role, "town") == 0 ? xstrdup(office_town(office))
                                               : xasprintf("%s %s", known.office, known.name);
    registry_device_free(&known);
    return name ? name : xstrdup(office_town(office));
}

enum status transfer_list(struct session *session, struct transfer_list *out, struct error *err)
{
    struct transport_bundles rows;
    *out = (struct transfer_list){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = transport_bundles(session->office->store, &rows, err);
    if (st)
        return st;
    out->items = xcalloc(rows.count + 1, sizeof *out->items);
    for (size_t i = 0; i < rows.count; i++) {
        const struct transport_bundle *b = &rows.items[i];
        const char *slash = strrchr(b->file, '/');
        const char *status = b->incoming                     ? _("取込済")
                             : strcmp(b->kind, "chain") != 0 ? _("作成済")
                             : *b->received                  ? _("受領済")
                                                             : _("受領待ち");
        out->items[out->count++] = (struct transfer_row){
            .incoming = b->incoming,
            .number = b->number,
            .file = xstrdup(slash ? slash + 1 : b->file),
            .peer = peer_name(session->office, b->peer),
            .at = xstrdup(b->at),
            .records = b->records,
            .status = xstrdup(status),
            .id = xstrdup(b->id),
        };
    }
    transport_bundles_free(&rows);
    return OK;
}

void transfer_list_free(struct transfer_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct transfer_row *r = &list->items[i];
        char **texts[] = {&r->file, &r->peer, &r->at, &r->status, &r->id};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status transfer_find(const char *dir, struct strings *out, struct error *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return error_errno(err, E_IO, _("フォルダー %s を開けません"), dir);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.' && str_ends(e->d_name, ".smb"))
            strings_take(out, file_path(dir, e->d_name));
    closedir(d);
    strings_sort(out);
    return OK;
}

/* On the town the identity of the year opens bundles, elsewhere the device's own. */
static enum status identity(struct session *session, struct key_pair **opened,
                            const struct key_pair **out, struct error *err)
{
    *opened = NULL;
    *out = session->keys->device;
    if (session->office->role != OFFICE_TOWN)
        return OK;
    enum status st = keyring_open(session->office->dir, KEY_TOWN, session->login,
                                  session->keys->user, opened, err);
    *out = *opened;
    return st;
}

typedef enum status (*taking)(struct store *, const struct key_pair *, const char *,
                              struct bundle_applied *, struct error *);

static enum status take(struct session *session, taking call, const char *file,
                        struct transfer_applied *out, struct error *err)
{
    struct office *office = session->office;
    struct key_pair *opened;
    const struct key_pair *key;
    struct bundle_applied applied;
    *out = (struct transfer_applied){0};
    enum status st = session_require(session, MAY_APPLY, err);
    if (!st)
        st = identity(session, &opened, &key, err);
    if (st)
        return st;
    st = call(office->store, key, file, &applied, err);
    key_pair_free(&opened);
    if (!st && call == bundle_apply)
        st = dispose_carry_out(session, err);
    if (st)
        return st;
    out->from = peer_name(office, applied.from);
    out->number = applied.number;
    out->events = applied.events;
    out->records = applied.records;
    out->decisions = applied.decisions;
    out->held = applied.held;
    out->receipt = applied.receipt;
    out->again = applied.again;
    return applied.entries ? catalogue_prepare(office->catalogue, err) : OK;
}

enum status transfer_apply(struct session *session, const char *file, struct transfer_applied *out,
                           struct error *err)
{
    return take(session, bundle_apply, file, out, err);
}

enum status transfer_verify(struct session *session, const char *file, struct transfer_applied *out,
                            struct error *err)
{
    return take(session, bundle_verify, file, out, err);
}

static enum status create_up(struct session *session, const char *to, struct strings *files,
                             struct error *err)
{
    struct bundle_written written;
    const struct bundle_order order = {.dir = to};
    enum status st =
        bundle_write_chain(session->office->store, session->keys, &order, &written, err);
    if (!st)
        strings_add(files, written.path);
    return st;
}

/* To each place the town has certified: its records as they stand at the town, then how far its
 * work has come in. */
static enum status create_down(struct session *session, const char *to, struct strings *files,
                               struct error *err)
{
    struct office *office = session->office;
    const struct bundle_order order = {.dir = to};
    struct registry_devices devices = {0};
    struct bundle_written written;
    enum status st = registry_devices(office_registry(office), REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        struct strings records = STRINGS_INIT;
        const char *device = devices.items[i].id;
        if (strcmp(device, office->device) == 0)
            continue;
        st = journal_records_since(office->store, device, 0, &records, err);
        if (!st)
            st = bundle_write_extract(office->store, session->keys, &order, device, &records,
                                      &written, err);
        if (!st)
            strings_add(files, written.path);
        if (!st)
            st = bundle_write_receipt(office->store, session->keys, &order, device, &written, err);
        if (!st)
            strings_add(files, written.path);
        strings_free(&records);
    }
    registry_devices_free(&devices);
    if (!st && !files->count)
        st = error_set(err, E_NOT_FOUND,
                       _("送る相手がまだありません（窓口をまだ登録していません）"));
    return st;
}

enum status transfer_create(struct session *session, const char *to, struct strings *files,
                            struct error *err)
{
    enum status st = session_require(session, MAY_EXPORT, err);
    if (!st)
        st = file_make_dirs(to, err);
    if (st)
        return st;
    return session->office->role == OFFICE_TOWN ? create_down(session, to, files, err)
                                                : create_up(session, to, files, err);
}
