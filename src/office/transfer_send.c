/* Sending: what goes out, and who has what. */
#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/copy.h"
#include "bundle/inspect.h"
#include "bundle/writer.h"
#include "office/office_internal.h"
#include "office/transfer_internal.h"
#include "store/attachment.h"
#include "store/journal.h"
#include "store/registry.h"
#include "store/scope.h"
#include "store/transport.h"

enum { LINEAGE_MAX = 64 };

static struct bundle_order order_of(const struct transfer_order *order)
{
    return (struct bundle_order){.dir = order->to, .all = order->all};
}

static enum status done(struct session *session, const struct transfer_order *order,
                        const struct bundle_written *written, struct strings *files,
                        struct error *err)
{
    strings_add(files, written->path);
    return transfer_register(session, order, written, err);
}

/* --- Up --- */

enum status transfer_attachments(struct session *session, const struct transfer_order *order,
                                 const struct bundle_written *chain, struct strings *files,
                                 struct error *err)
{
    struct store *store = session->office->store;
    const struct bundle_order how = order_of(order);
    struct bundle_written written;
    struct strings blobs = STRINGS_INIT;
    enum status st = bundle_blobs_to_send(store, chain, &blobs, err);
    if (!st && blobs.count) {
        st = bundle_write_blobs(store, session->keys, &how, NULL, &blobs, &written, err);
        if (!st)
            st = done(session, order, &written, files, err);
        else if (st == E_NOT_FOUND) /* their bytes have not come here either */
            st = OK;
    }
    strings_free(&blobs);
    return st;
}

/* When nothing is new, the town may still miss an attachment. */
static enum status create_up(struct session *session, const struct transfer_order *order,
                             struct strings *files, struct error *err)
{
    const struct bundle_order how = order_of(order);
    struct bundle_written chain;
    struct error why;
    enum status nothing =
        bundle_write_chain(session->office->store, session->keys, &how, &chain, &why);
    enum status st = nothing == E_NOT_FOUND ? OK : nothing;
    if (!st && !nothing)
        st = done(session, order, &chain, files, &why);
    if (!st)
        st = transfer_attachments(session, order, &chain, files, &why);
    if (!st && !files->count)
        st = nothing;
    if (st && err)
        *err = why;
    return st;
}

/* --- Down --- */

/* The device, then those whose work it goes on with. */
static void lineage(struct store *store, const char *device, struct strings *out)
{
    char *now = xstrdup(device);
    while (*now && out->count < LINEAGE_MAX) {
        struct registry_device known = {0};
        strings_add(out, now);
        bool found =
            registry_device(store_registry(store), REGISTRY_NEWEST, now, &known, NULL) == OK;
        xfree(&now);
        now = xstrdup(found && known.replaces ? known.replaces : "");
        registry_device_free(&known);
    }
    xfree(&now);
}

/* What a device is to have that it did not confirm to have. *confirmed: the number of the extract
 * it did, 0 = none, or everything is to go. */
static enum status records_for(struct session *session, const char *device, bool all,
                               struct strings *out, long *confirmed, struct error *err)
{
    struct store *store = session->office->store;
    struct registry *r = store_registry(store);
    struct strings devices = STRINGS_INIT, rules = STRINGS_INIT;
    struct transport_extract since = {.number = 0}, newest;
    long said = 0;
    enum status st = transport_extracts(store, device, &since, &newest, err);
    if (!st)
        st = registry_scope(r, REGISTRY_NEWEST, device, &rules, &said, err);
    lineage(store, device, &devices);
    const struct scope_order order = {
        .devices = &devices,
        .rules = &rules,
        .number = all ? 0 : since.number,
        .arrival = since.arrival,
        .widened = said > since.registry,
    };
    *confirmed = since.number;
    if (!st)
        st = scope_records(store, &order, out, err);
    strings_free(&devices);
    strings_free(&rules);
    return st;
}

/* Attachments of these records that others brought and that are not known to be there. */
static enum status blobs_for(struct store *store, const char *device, const struct strings *records,
                             bool all, struct strings *out, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < records->count; i++) {
        struct attachment_list list = {0};
        st = attachment_list_record(store, records->items[i], &list, err);
        for (size_t a = 0; !st && a < list.count; a++) {
            const struct attachment *file = &list.items[a];
            if (file->here && strcmp(file->device, device) != 0 &&
                (all || !scope_has_file(store, device, file->blob)) &&
                strings_find(out, file->blob) < 0)
                strings_add(out, file->blob);
        }
        attachment_list_free(&list);
    }
    return st;
}

static enum status send_blobs(struct session *session, const struct transfer_order *order,
                              const char *device, const struct strings *records,
                              struct strings *files, struct error *err)
{
    struct store *store = session->office->store;
    const struct bundle_order how = order_of(order);
    struct bundle_written written;
    struct strings blobs = STRINGS_INIT, due = STRINGS_INIT;
    enum status st = blobs_for(store, device, records, order->all, &blobs, err);
    if (!st)
        st = scope_files_due(store, device, &due, err);
    if (!st)
        st = blobs_for(store, device, &due, false, &blobs, err);
    if (!st && blobs.count) {
        st = bundle_write_blobs(store, session->keys, &how, device, &blobs, &written, err);
        if (!st)
            st = scope_note_files(store, device, written.number, &blobs, err);
        if (!st)
            st = done(session, order, &written, files, err);
    }
    strings_free(&blobs);
    strings_free(&due);
    return st;
}

static enum status send_to(struct session *session, const struct transfer_order *order,
                           const char *device, struct strings *files, struct error *err)
{
    struct store *store = session->office->store;
    const struct bundle_order how = order_of(order);
    struct bundle_written written;
    struct strings records = STRINGS_INIT;
    long confirmed;
    enum status st = records_for(session, device, order->all, &records, &confirmed, err);
    if (!st)
        st = bundle_write_extract(store, session->keys, &how, device, &records, &written, err);
    if (!st)
        st = scope_note_sent(store, device, written.number, confirmed, &records, err);
    if (!st)
        st = done(session, order, &written, files, err);
    if (!st)
        st = send_blobs(session, order, device, &records, files, err);
    if (!st)
        st = bundle_write_receipt(store, session->keys, &how, device, &written, err);
    if (!st)
        st = done(session, order, &written, files, err);
    strings_free(&records);
    return st;
}

/* To each place the town has certified and not revoked. */
static enum status create_down(struct session *session, const struct transfer_order *order,
                               struct strings *files, struct error *err)
{
    struct office *office = session->office;
    struct registry *r = office_registry(office);
    struct registry_devices devices = {0};
    enum status st = registry_devices(r, REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        const char *device = devices.items[i].id;
        if (strcmp(device, office->device) != 0 && !registry_revoked(r, REGISTRY_NEWEST, device))
            st = send_to(session, order, device, files, err);
    }
    registry_devices_free(&devices);
    if (!st && !files->count)
        st = error_set(err, E_NOT_FOUND,
                       _("送る相手がまだありません（窓口をまだ登録していません）"));
    return st;
}

enum status transfer_create(struct session *session, const struct transfer_order *order,
                            struct strings *files, struct error *err)
{
    enum status st = session_require(session, MAY_EXPORT, err);
    if (!st)
        st = transfer_permit(session, order, err);
    if (st)
        return st;
    return session->office->role == OFFICE_TOWN ? create_down(session, order, files, err)
                                                : create_up(session, order, files, err);
}

enum status transfer_copy(struct session *session, const char *file,
                          const struct transfer_order *order, char path[512], struct error *err)
{
    struct bundle_summary summary;
    struct bundle_written written = {.number = 0};
    enum status st = session_require(session, MAY_EXPORT, err);
    if (!st)
        st = bundle_summary(file, &summary, err);
    if (!st)
        st = transfer_permit(session, order, err);
    if (!st)
        st = bundle_copy(file, order->to, path, err);
    if (st)
        return st;
    snprintf(written.path, sizeof written.path, "%s", path);
    memcpy(written.id, summary.id, sizeof written.id);
    written.kind = summary.kind;
    written.number = summary.number;
    return transfer_register(session, order, &written, err);
}
