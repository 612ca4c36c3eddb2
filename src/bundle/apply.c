#include "bundle/apply.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake.h"
#include "bundle/reader.h"
#include "store/projection.h"
#include "store/registry.h"
#include "store/transport.h"

/* --- Who made it --- */

static enum status check_signer(struct store *store, struct reader *reader,
                                struct registry_device *signer, struct error *err)
{
    const struct bundle_header *header = reader_header(reader);
    struct registry_town town = {0};
    enum status st = registry_town(store_registry(store), REGISTRY_NEWEST, &town, err);
    if (!st && strcmp(town.fingerprint, header->town) != 0)
        st = error_set(err, E_DENIED, _("別の町の送付便です。取り込めません"));
    if (!st && registry_device(store_registry(store), REGISTRY_NEWEST, header->from, signer, NULL))
        st = error_set(
            err, E_DENIED,
            _("町の登録簿にない端末の送付便です（%.8s）。町が端末を替えたなら、町で書き出した"
              "登録簿（key registry）をここで key accept してください"),
            header->from);
    if (!st && registry_revocation(store_registry(store), REGISTRY_NEWEST, header->from,
                                   &(struct registry_revocation){0}, NULL) == OK)
        st = error_set(err, E_DENIED, _("失効した端末の送付便です（%.8s）"), header->from);
    if (!st && header->kind != BUNDLE_CHAIN && strcmp(signer->role, "town") != 0)
        st = error_set(err, E_DENIED, _("この種類の送付便は町だけが作れます"));
    if (!st && header->kind == BUNDLE_CHAIN &&
        (header->chain_count != 1 || strcmp(header->chains[0].device, header->from) != 0))
        st = error_set(err, E_DENIED, _("送付便の端末と中身の端末が違います"));
    if (!st)
        st = reader_check(reader, header->town, signer->key, err);
    registry_town_free(&town);
    return st;
}

static enum status run(struct store *store, const struct key_pair *identity, struct reader *reader,
                       const struct registry_device *signer, bool write, struct bundle_applied *out,
                       struct error *err)
{
    uint8_t identities[1][AGE_KEY_SIZE];
    struct intake *intake = intake_new(store, reader_header(reader), signer, write, out);
    memcpy(identities[0], identity->identity, AGE_KEY_SIZE);
    enum status st = reader_lines(reader, identities, 1, intake_line, intake, err);
    explicit_bzero(identities, sizeof identities);
    if (!st)
        st = intake_finish(intake, err);
    intake_free(&intake);
    return st;
}

/* --- Afterwards --- */

struct noting {
    struct store *store;
    const struct bundle_header *header;
    const struct bundle_applied *applied;
    const char *file;
};

static enum status note(void *context, struct error *err)
{
    struct noting *n = context;
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    struct transport_bundle row = {
        .id = (char *)(uintptr_t)n->applied->id,
        .incoming = true,
        .kind = (char *)(uintptr_t)n->applied->kind,
        .peer = (char *)(uintptr_t)n->applied->from,
        .file = (char *)(uintptr_t)n->file,
        .at = now,
        .number = n->applied->number,
        .first = n->header->chain_count ? n->header->chains[0].first : 0,
        .last = n->header->chain_count ? n->header->chains[0].last : 0,
        .records = n->applied->records,
    };
    return transport_note(n->store, &row, err);
}

static enum status open_and_check(struct store *store, const char *file, struct reader **reader,
                                  struct registry_device *signer, struct bundle_applied *out,
                                  struct error *err)
{
    *out = (struct bundle_applied){0};
    enum status st = reader_open(file, store_dir(store), reader, err);
    if (st)
        return st;
    const struct bundle_header *header = reader_header(*reader);
    header_id(header, out->id);
    snprintf(out->kind, sizeof out->kind, "%s", bundle_kind_name(header->kind));
    snprintf(out->from, sizeof out->from, "%s", header->from);
    out->number = (long)header->number;
    out->again = transport_knows(store, out->id);
    return check_signer(store, *reader, signer, err);
}

enum status bundle_verify(struct store *store, const struct key_pair *identity, const char *file,
                          struct bundle_applied *out, struct error *err)
{
    struct reader *reader = NULL;
    struct registry_device signer = {0};
    enum status st = open_and_check(store, file, &reader, &signer, out, err);
    if (!st)
        st = run(store, identity, reader, &signer, false, out, err);
    registry_device_free(&signer);
    reader_free(&reader);
    return st;
}

enum status bundle_apply(struct store *store, const struct key_pair *identity, const char *file,
                         struct bundle_applied *out, struct error *err)
{
    struct reader *reader = NULL;
    struct registry_device signer = {0};
    struct bundle_applied seen;
    enum status st = open_and_check(store, file, &reader, &signer, out, err);
    if (!st && !out->again) {
        seen = *out;
        st = run(store, identity, reader, &signer, false, &seen, err);
        if (!st)
            st = run(store, identity, reader, &signer, true, out, err);
        if (!st) {
            struct noting n = {store, reader_header(reader), out, file};
            st = store_transaction(store, note, &n, err);
        }
    }
    registry_device_free(&signer);
    reader_free(&reader);
    return st;
}
