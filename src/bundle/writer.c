#include "bundle/writer_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "store/transport.h"

enum {
    PROGRESS_STEP = 500,
    NAMES_TRIED = 100,    /* numbers of bundles that were written but not noted */
    SPACE_LEFT = 1 << 20, /* bytes that stay free on the medium */
};

/* --- Beginning --- */

enum status writing_begin(struct writing *w, enum bundle_kind kind, struct error *err)
{
    long number;
    char *last = NULL;
    *w->out = (struct bundle_written){.kind = bundle_kind_name(kind)};
    enum status st = registry_town(store_registry(w->store), REGISTRY_NEWEST, &w->town, err);
    if (!st)
        st = transport_next(w->store, &number, &last, err);
    if (st)
        return st;
    w->header.kind = kind;
    w->header.number = number;
    w->header.registry = registry_version(store_registry(w->store));
    snprintf(w->header.town, sizeof w->header.town, "%s", w->town.fingerprint);
    snprintf(w->header.from, sizeof w->header.from, "%s", w->keys->device->fingerprint);
    snprintf(w->header.prev, sizeof w->header.prev, "%s", *last ? last : BUNDLE_NONE);
    xfree(&last);
    return OK;
}

enum status writing_address(struct writing *w, const struct age_recipient *to, struct error *err)
{
    size_t before = w->header.to_count;
    enum status st = header_add_recipient(&w->header, to, err);
    if (!st && w->header.to_count > before)
        w->recipients[w->recipient_count++] = *to;
    return st;
}

enum status writing_address_town(struct writing *w, struct error *err)
{
    enum status st = writing_address(w, &w->town.recipient, err);
    if (!st)
        st = writing_address(w, &w->town.escrow, err);
    for (size_t i = 0; !st && i < w->town.other_count; i++)
        st = writing_address(w, &w->town.others[i], err);
    return st;
}

enum status writing_address_device(struct writing *w, const char *device, struct error *err)
{
    struct registry_device to = {0};
    enum status st = registry_device(store_registry(w->store), REGISTRY_NEWEST, device, &to, err);
    if (!st)
        st = writing_address(w, &to.recipient, err);
    if (!st)
        st = writing_address(w, &w->town.escrow, err);
    registry_device_free(&to);
    return st;
}

void writing_requires(struct writing *w, const struct strings *forms)
{
    for (size_t i = 0; i < forms->count; i++) {
        struct registry_form form = {0};
        char id[48];
        long version = form_version(forms->items[i], id);
        if (registry_form(store_registry(w->store), REGISTRY_NEWEST, id, version, &form, NULL) ==
            OK)
            header_add_require(&w->header, forms->items[i], form.hash);
        registry_form_free(&form);
    }
}

static enum status check_space(const char *dir, int64_t bytes, struct error *err)
{
    uint64_t free_bytes;
    if (!file_free_space(dir, &free_bytes) || free_bytes >= (uint64_t)bytes + SPACE_LEFT)
        return OK;
    return error_set(
        err, E_FULL,
        _("%s の空きが足りません（あと%lldMiB要ります）。別の媒体に書くか、古いものを"
          "片付けてください"),
        dir, (long long)(((uint64_t)bytes + SPACE_LEFT - free_bytes + (1 << 20) - 1) >> 20));
}

/* A file may stand there that was written and never noted (the power went): its number is passed
 * over. */
enum status writing_start(struct writing *w, int64_t bytes, struct error *err)
{
    char own[16];
    snprintf(own, sizeof own, "sm-%.8s-", w->header.from);
    file_sweep(w->order->dir, own);
    enum status st = check_space(w->order->dir, bytes, err);
    for (int i = 0; !st && !w->payload; i++, w->header.number++) {
        char name[96];
        snprintf(name, sizeof name, "sm-%.8s-%06ld-%s.smb", w->header.from, (long)w->header.number,
                 w->out->kind);
        char *path = file_path(w->order->dir, name);
        if (strlen(path) >= sizeof w->out->path)
            st = error_set(err, E_LIMIT, _("フォルダーの名前が長すぎます: %s"), w->order->dir);
        snprintf(w->out->path, sizeof w->out->path, "%s", path);
        if (!st && (!file_exists(path) || i == NAMES_TRIED))
            st = payload_start(path, &w->header, w->recipients, w->recipient_count,
                               &w->keys->device->seal, &w->payload, err);
        xfree(&path);
        if (w->payload)
            break;
    }
    return st;
}

/* --- Lines --- */

enum status writing_text(struct writing *w, const char *text, struct error *err)
{
    return payload_add(w->payload, text, strlen(text), err);
}

enum status writing_line(struct writing *w, struct line *line, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    line_write(line, &text);
    line_free(line);
    enum status st = payload_add(w->payload, text.data, text.len, err);
    buffer_free(&text);
    return st;
}

enum status writing_step(struct writing *w, int64_t total, struct error *err)
{
    bundle_progress progress = w->order->progress;
    if (++w->done % PROGRESS_STEP == 0 && progress &&
        !progress(w->order->context, (long)w->done, (long)total))
        return error_set(err, E_CANCELLED, _("取り消しました。送付便は書かれていません"));
    return OK;
}

enum status writing_event(void *context, const struct event *event, const char *held,
                          struct error *err)
{
    struct writing *w = context;
    (void)held;
    enum status st = writing_text(w, event->header, err);
    if (!st)
        st = writing_text(w, event->body ? event->body : DISPOSED_LINE, err);
    if (!st && event_op_sealed(event->op))
        st = writing_text(w, event->seal ? event->seal : UNSEALED_LINE, err);
    return st ? st : writing_step(w, w->header.count, err);
}

/* --- End --- */

struct noting {
    struct writing *w;
    const char *peer;
};

static enum status note(void *context, struct error *err)
{
    struct noting *n = context;
    const struct bundle_header *header = &n->w->header;
    struct bundle_written *out = n->w->out;
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    struct transport_bundle row = {
        .id = out->id,
        .kind = (char *)(uintptr_t)out->kind,
        .peer = (char *)(uintptr_t)n->peer,
        .file = out->path,
        .at = now,
        .number = out->number,
        .first = out->first,
        .last = out->last,
        .records = out->records,
    };
    struct transport_chain *chains = xcalloc(header->chain_count + 1, sizeof *chains);
    for (size_t i = 0; i < header->chain_count; i++) {
        memcpy(chains[i].device, header->chains[i].device, HASH_HEX_SIZE);
        chains[i].first = header->chains[i].first;
        chains[i].last = header->chains[i].last;
    }
    enum status st = transport_note(n->w->store, &row, chains, header->chain_count, err);
    xfree(&chains);
    return st;
}

enum status writing_finish(struct writing *w, const char *peer, enum status st, struct error *err)
{
    if (!st)
        st = payload_finish(w->payload, err);
    if (!st) {
        struct noting n = {w, peer};
        header_id(&w->header, w->out->id);
        w->out->number = (long)w->header.number;
        w->out->events = (long)w->header.count;
        w->out->devices = (long)w->header.chain_count;
        st = store_transaction(w->store, note, &n, err);
        if (st)
            unlink(w->out->path);
    }
    payload_free(&w->payload);
    header_free(&w->header);
    registry_town_free(&w->town);
    return st;
}
