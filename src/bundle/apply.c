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

enum { CACHE_KIB = 8 << 10 };

/* --- Who made it --- */

/* The work of a device that the town ended may be on its way still, and its stick turn up later: it
 * is taken in, and what the town did not accept is held, event by event. */
static bool is_work(const struct bundle_header *header)
{
    return header->kind == BUNDLE_CHAIN || header->kind == BUNDLE_BLOBS;
}

static enum status check_signer(struct store *store, struct reader *reader,
                                struct registry_device *signer, struct bundle_applied *out,
                                struct error *err)
{
    const struct bundle_header *header = reader_header(reader);
    struct registry *r = store_registry(store);
    struct registry_town town = {0};
    enum status st =
        registry_version(r)
            ? registry_town(r, REGISTRY_NEWEST, &town, err)
            : error_set(err, E_RULE, "%s",
                        _("この場所はまだ町に登録されていません。key enrol で登録を頼み、町の登録簿"
                          "を key accept してから取り込んでください"));
    if (!st && strcmp(town.fingerprint, header->town) != 0)
        st = error_set(err, E_DENIED, _("別の町の送付便です。取り込めません"));
    if (!st && registry_device(r, REGISTRY_NEWEST, header->from, signer, NULL))
        st = error_set(
            err, E_DENIED,
            _("町の登録簿にない端末の送付便です（%.8s）。町が端末を替えたなら、町で書き出した"
              "登録簿（key registry）をここで key accept してください"),
            header->from);
    out->ended = registry_revoked(r, REGISTRY_NEWEST, header->from);
    if (!st && out->ended && !is_work(header))
        st = error_set(
            err, E_DENIED,
            _("失効した端末の送付便です（%.8s）。取り込めません。いまの町の端末で書いた便を"
              "もらってください"),
            header->from);
    if (!st && (header->kind == BUNDLE_EXTRACT || header->kind == BUNDLE_RECEIPT) &&
        strcmp(signer->role, "town") != 0)
        st = error_set(err, E_DENIED, _("この種類の送付便は町だけが作れます"));
    if (!st && header->kind == BUNDLE_COPY && strcmp(signer->role, "town") == 0)
        st = error_set(err, E_DENIED, "%s", _("町の記録の写しは、町のほかの場所が作ります"));
    if (!st && header->kind == BUNDLE_COPY && !store_has_fact(store, REBUILDING_FACT))
        st = error_set(
            err, E_RULE, "%s",
            _("町の記録の写しです。失われた町を作り直すとき（town rebuild）だけ取り込めます"));
    if (!st)
        st = reader_check(reader, header->town, signer->key, err);
    registry_town_free(&town);
    return st;
}

/* Which bundles are missing, as far as their numbers tell. */
static enum status refuse_gap(struct store *store, const struct bundle_header *header,
                              struct bundle_applied *out, struct error *err)
{
    long newest = 0;
    enum status st = transport_newest_from(store, header->from, &newest, err);
    if (st)
        return st;
    bool named = strcmp(out->gap_device, header->from) == 0 && newest < header->number - 1;
    out->gap_number_first = named ? newest + 1 : 0;
    out->gap_number_last = named ? (long)header->number - 1 : 0;
    if (!named)
        return error_set(err, E_HELD,
                         _("前の送付便が届いていません（端末 %.8s の%lld番から%lld番までの記録）"),
                         out->gap_device, (long long)out->gap_first, (long long)out->gap_last);
    if (out->gap_number_first == out->gap_number_last)
        return error_set(err, E_HELD, _("第%ld便が届いていません（%lld番から%lld番までの記録）"),
                         out->gap_number_first, (long long)out->gap_first,
                         (long long)out->gap_last);
    return error_set(err, E_HELD,
                     _("第%ld便から第%ld便までが届いていません（%lld番から%lld番までの記録）"),
                     out->gap_number_first, out->gap_number_last, (long long)out->gap_first,
                     (long long)out->gap_last);
}

static enum status run(struct store *store, const struct key_pair *identity, struct reader *reader,
                       const struct registry_device *signer, enum intake_mode mode,
                       struct bundle_applied *out, struct error *err)
{
    uint8_t identities[1][AGE_KEY_SIZE];
    const struct bundle_header *header = reader_header(reader);
    struct intake *intake = intake_new(store, header, signer, mode, out);
    memcpy(identities[0], identity->identity, AGE_KEY_SIZE);
    enum status st = reader_lines(reader, identities, 1, intake_line, intake, err);
    explicit_bzero(identities, sizeof identities);
    if (!st)
        st = intake_finish(intake, err);
    if (!st && intake_waits_for_events(intake))
        st = error_set(err, E_HELD,
                       _("添付だけが先に届きました。その記録の入った送付便がまだ届いていません"));
    else if (!st && intake_waits(intake))
        st = refuse_gap(store, header, out, err);
    intake_free(&intake);
    return st;
}

/* Each new record touches pages all over the file: with room for those of one batch they are
 * written once. */
static enum status take_in(struct store *store, const struct key_pair *identity,
                           struct reader *reader, const struct registry_device *signer,
                           struct bundle_applied *out, struct error *err)
{
    database_many(store_database(store), CACHE_KIB);
    enum status st = run(store, identity, reader, signer, INTAKE_WRITE, out, err);
    database_many(store_database(store), 0);
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
    const struct bundle_header *header = n->header;
    struct transport_chain *chains = xcalloc(header->chain_count + 1, sizeof *chains);
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
        .records = n->applied->records,
    };
    for (size_t i = 0; i < header->chain_count; i++) {
        memcpy(chains[i].device, header->chains[i].device, HASH_HEX_SIZE);
        chains[i].first = header->chains[i].first;
        chains[i].last = header->chains[i].last;
        if (strcmp(chains[i].device, header->from) == 0) {
            row.first = chains[i].first;
            row.last = chains[i].last;
        }
    }
    enum status st = transport_note(n->store, &row, chains, header->chain_count, err);
    xfree(&chains);
    return st;
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
    return check_signer(store, *reader, signer, out, err);
}

enum status bundle_verify(struct store *store, const struct key_pair *identity, const char *file,
                          struct bundle_applied *out, struct error *err)
{
    struct reader *reader = NULL;
    struct registry_device signer = {0};
    enum status st = open_and_check(store, file, &reader, &signer, out, err);
    if (!st)
        st = run(store, identity, reader, &signer, INTAKE_COUNT, out, err);
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
        st = run(store, identity, reader, &signer, INTAKE_CHECK, &seen, err);
        if (st)
            *out = seen;
        else
            st = take_in(store, identity, reader, &signer, out, err);
        memcpy(out->unknown_form, seen.unknown_form, sizeof out->unknown_form);
        if (!st) {
            struct noting n = {store, reader_header(reader), out, file};
            st = store_transaction(store, note, &n, err);
        }
    }
    registry_device_free(&signer);
    reader_free(&reader);
    return st;
}
