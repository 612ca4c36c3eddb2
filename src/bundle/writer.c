#include "bundle/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/payload.h"
#include "bundle/sections.h"
#include "store/journal.h"
#include "store/registry.h"
#include "store/transport.h"

enum { PROGRESS_STEP = 500 };

struct writing {
    struct store *store;
    const struct user_keys *keys;
    struct registry_town town;
    struct bundle_header header;
    struct age_recipient recipients[BUNDLE_RECIPIENTS_MAX];
    size_t recipient_count;
    struct payload *payload;
    bundle_progress progress;
    void *context;
    struct strings forms; /* "id@version" met while counting */
    struct bundle_written *out;
    long done;
};

/* --- Lines --- */

static enum status put_text(struct writing *w, const char *text, struct error *err)
{
    return payload_add(w->payload, text, strlen(text), err);
}

static enum status put_line(struct writing *w, struct line *line, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    line_write(line, &text);
    line_free(line);
    enum status st = payload_add(w->payload, text.data, text.len, err);
    buffer_free(&text);
    return st;
}

static enum status put_event(void *context, const struct event *event, const char *held,
                             struct error *err)
{
    struct writing *w = context;
    (void)held;
    enum status st = put_text(w, event->header, err);
    if (!st)
        st = put_text(w, event->body ? event->body : DISPOSED_LINE, err);
    if (!st && event_op_sealed(event->op))
        st = put_text(w, event->seal ? event->seal : "{}", err);
    if (!st && ++w->done % PROGRESS_STEP == 0 && w->progress &&
        !w->progress(w->context, w->done, (long)w->header.count))
        st = error_set(err, E_CANCELLED, _("取り消しました。送付便は書かれていません"));
    return st;
}

/* --- Beginning and end, the same for every kind --- */

static enum status add_recipient(struct writing *w, const struct age_recipient *to,
                                 struct error *err)
{
    enum status st = header_add_recipient(&w->header, to, err);
    if (!st)
        w->recipients[w->recipient_count++] = *to;
    return st;
}

static enum status begin(struct writing *w, enum bundle_kind kind, struct error *err)
{
    long number;
    char *last = NULL;
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

static enum status start_file(struct writing *w, const char *dir, struct error *err)
{
    char name[96];
    snprintf(name, sizeof name, "sm-%.8s-%06ld-%s.smb", w->header.from, (long)w->header.number,
             bundle_kind_name(w->header.kind));
    char *path = file_path(dir, name);
    snprintf(w->out->path, sizeof w->out->path, "%s", path);
    enum status st = payload_start(path, &w->header, w->recipients, w->recipient_count,
                                   &w->keys->device->seal, &w->payload, err);
    xfree(&path);
    return st;
}

struct noting {
    struct writing *w;
    const char *peer;
};

static enum status note(void *context, struct error *err)
{
    struct noting *n = context;
    struct bundle_written *out = n->w->out;
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    struct transport_bundle row = {
        .id = out->id,
        .kind = (char *)(uintptr_t)bundle_kind_name(n->w->header.kind),
        .peer = (char *)(uintptr_t)n->peer,
        .file = out->path,
        .at = now,
        .number = out->number,
        .first = out->first,
        .last = out->last,
        .records = out->records,
    };
    return transport_note(n->w->store, &row, err);
}

static enum status finish(struct writing *w, const char *peer, enum status st, struct error *err)
{
    if (!st)
        st = payload_finish(w->payload, err);
    if (!st) {
        struct noting n = {w, peer};
        header_id(&w->header, w->out->id);
        w->out->number = (long)w->header.number;
        w->out->events = (long)w->header.count;
        st = store_transaction(w->store, note, &n, err);
    }
    payload_free(&w->payload);
    header_free(&w->header);
    registry_town_free(&w->town);
    strings_free(&w->forms);
    return st;
}

/* --- Counting what will be written --- */

static enum status count_event(void *context, const struct event *event, const char *held,
                               struct error *err)
{
    struct writing *w = context;
    (void)held;
    (void)err;
    w->header.count++;
    if (*event->form && strings_find(&w->forms, event->form) < 0)
        strings_add(&w->forms, event->form);
    return OK;
}

static enum status add_requires(struct writing *w, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < w->forms.count; i++) {
        struct registry_form form = {0};
        struct event named = {0};
        char id[48];
        snprintf(named.form, sizeof named.form, "%s", w->forms.items[i]);
        long version = event_form(&named, id);
        st = registry_form(store_registry(w->store), REGISTRY_NEWEST, id, version, &form, err);
        if (!st)
            header_add_require(&w->header, w->forms.items[i], form.hash);
        registry_form_free(&form);
    }
    return st;
}

/* --- chain --- */

struct last_close {
    int64_t seq;
};

static enum status see_close(void *context, const struct event *event, const char *held,
                             struct error *err)
{
    struct last_close *last = context;
    (void)held;
    (void)err;
    if (event->seq > last->seq)
        last->seq = event->seq;
    return OK;
}

/* A counter sends whole days: up to its last close. Others send all they have. */
static enum status chain_end(struct writing *w, int64_t *last, struct error *err)
{
    struct registry_device device = {0};
    struct last_close close = {0};
    char hash[HASH_HEX_SIZE];
    enum status st =
        registry_device(store_registry(w->store), REGISTRY_NEWEST, w->header.from, &device, err);
    if (!st && strcmp(device.role, "counter") == 0) {
        st = journal_read_op(w->store, w->header.from, OP_CLOSE, see_close, &close, err);
        *last = close.seq;
    } else if (!st) {
        st = journal_head(w->store, w->header.from, last, hash, err);
    }
    registry_device_free(&device);
    return st;
}

static enum status prepare_chain(struct writing *w, struct error *err)
{
    struct bundle_chain chain = {0};
    struct strings records = STRINGS_INIT;
    int64_t received, epoch;
    char hash[HASH_HEX_SIZE];
    enum status st = transport_received(w->store, w->header.from, &received, hash, &epoch, err);
    if (!st)
        st = chain_end(w, &chain.last, err);
    if (!st && chain.last <= received)
        st = error_set(err, E_NOT_FOUND,
                       _("送るものがありません。窓口の記録は日締めをすると送れます"));
    snprintf(chain.device, sizeof chain.device, "%s", w->header.from);
    chain.first = received + 1;
    if (!st)
        st = journal_hash(w->store, chain.device, chain.last, chain.head, err);
    if (!st)
        st = journal_chain_forms(w->store, chain.device, chain.first, chain.last, &w->header.count,
                                 &w->forms, err);
    if (!st)
        st = add_requires(w, err);
    if (!st)
        st = journal_records_since(w->store, chain.device, received, &records, err);
    header_add_chain(&w->header, &chain);
    w->out->first = chain.first;
    w->out->last = chain.last;
    w->out->records = (long)records.count;
    strings_free(&records);
    return st;
}

static enum status put_checkpoint(struct writing *w, const struct bundle_chain *chain,
                                  struct error *err)
{
    struct buffer message = BUFFER_INIT;
    struct line line = LINE_INIT;
    uint8_t seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    checkpoint_message(&message, w->header.town, chain->device, chain->last, chain->head);
    seal_sign(seal, &w->keys->device->seal, CHECKPOINT_DOMAIN, message.data, message.len);
    hex_encode(hex, seal, sizeof seal);
    line_add_text(&line, "checkpoint", chain->device);
    line_add_number(&line, "seq", chain->last);
    line_add_text(&line, "head", chain->head);
    line_add_text(&line, "sign", hex);
    buffer_free(&message);
    return put_line(w, &line, err);
}

static enum status put_chain(struct writing *w, struct error *err)
{
    const struct bundle_chain *chain = &w->header.chains[0];
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "chain");
    line_add_text(&line, "device", chain->device);
    line_add_number(&line, "first", chain->first);
    line_add_number(&line, "last", chain->last);
    enum status st = put_line(w, &line, err);
    if (!st)
        st = journal_read_chain(w->store, chain->device, chain->first, chain->last, put_event, w,
                                err);
    return st ? st : put_checkpoint(w, chain, err);
}

enum status bundle_write_chain(struct store *store, const struct user_keys *keys, const char *dir,
                               bundle_progress progress, void *context, struct bundle_written *out,
                               struct error *err)
{
    struct writing w = {
        .store = store, .keys = keys, .progress = progress, .context = context, .out = out};
    *out = (struct bundle_written){0};
    enum status st = begin(&w, BUNDLE_CHAIN, err);
    if (!st)
        st = add_recipient(&w, &w.town.recipient, err);
    if (!st)
        st = add_recipient(&w, &w.town.escrow, err);
    for (size_t i = 0; !st && i < w.town.other_count; i++)
        st = add_recipient(&w, &w.town.others[i], err);
    if (!st)
        st = prepare_chain(&w, err);
    if (!st)
        st = start_file(&w, dir, err);
    if (!st)
        st = put_chain(&w, err);
    return finish(&w, "", st, err);
}

/* --- extract --- */

static enum status address(struct writing *w, const char *device, struct error *err)
{
    struct registry_device to = {0};
    enum status st = registry_device(store_registry(w->store), REGISTRY_NEWEST, device, &to, err);
    if (!st)
        st = add_recipient(w, &to.recipient, err);
    if (!st)
        st = add_recipient(w, &w->town.escrow, err);
    registry_device_free(&to);
    return st;
}

/* Events somebody reads on the counter: history of the record, not who looked at it; what is held
 * here is nobody's business yet. */
struct filtered {
    journal_sink sink;
    void *context;
};

static enum status only_history(void *context, const struct event *event, const char *held,
                                struct error *err)
{
    struct filtered *f = context;
    return event_op_history(event->op) && !*held ? f->sink(f->context, event, held, err) : OK;
}

static enum status each_event(struct writing *w, const struct strings *records, journal_sink sink,
                              struct error *err)
{
    struct filtered f = {sink, w};
    enum status st = OK;
    for (size_t i = 0; !st && i < records->count; i++)
        st = journal_read_record(w->store, records->items[i], only_history, &f, err);
    return st;
}

static enum status put_entry(void *context, const char *entry, const char *seal, struct error *err)
{
    enum status st = put_text(context, entry, err);
    return st ? st : put_text(context, seal, err);
}

static enum status put_registry(struct writing *w, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "registry");
    line_add_number(&line, "first", 1);
    line_add_number(&line, "last", w->header.registry);
    enum status st = put_line(w, &line, err);
    return st ? st
              : registry_export(store_registry(w->store), 1, (long)w->header.registry, put_entry, w,
                                err);
}

static enum status put_records(struct writing *w, const struct strings *records, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "records");
    line_add_number(&line, "count", (int64_t)records->count);
    enum status st = put_line(w, &line, err);
    return st ? st : each_event(w, records, put_event, err);
}

enum status bundle_write_extract(struct store *store, const struct user_keys *keys, const char *dir,
                                 const char *to_device, const struct strings *records,
                                 struct bundle_written *out, struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .out = out};
    *out = (struct bundle_written){.records = (long)records->count};
    enum status st = begin(&w, BUNDLE_EXTRACT, err);
    if (!st)
        st = address(&w, to_device, err);
    if (!st)
        st = each_event(&w, records, count_event, err);
    if (!st)
        st = add_requires(&w, err);
    if (!st)
        st = start_file(&w, dir, err);
    if (!st)
        st = put_registry(&w, err);
    if (!st)
        st = put_records(&w, records, err);
    return finish(&w, to_device, st, err);
}

/* --- receipt --- */

static enum status put_held(void *context, const struct event *event, const char *held,
                            struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "held", event->hash);
    line_add_text(&line, "reason", held);
    return put_line(context, &line, err);
}

static enum status put_receipt(struct writing *w, const char *device, struct error *err)
{
    struct line line = LINE_INIT;
    char now[ISO_TIME_SIZE], hash[HASH_HEX_SIZE];
    char *epoch = store_fact(w->store, "epoch");
    int64_t seq;
    iso_time(now, clock_now());
    line_add_text(&line, "section", "receipt");
    line_add_number(&line, "epoch", *epoch ? strtol(epoch, NULL, 10) : 1);
    line_add_number(&line, "registry", w->header.registry);
    line_add_text(&line, "at", now);
    xfree(&epoch);
    enum status st = put_line(w, &line, err);
    if (!st)
        st = journal_head(w->store, device, &seq, hash, err);
    if (!st) {
        line = (struct line)LINE_INIT;
        line_add_text(&line, "device", device);
        line_add_number(&line, "seq", seq);
        line_add_text(&line, "hash", hash);
        st = put_line(w, &line, err);
    }
    return st ? st : journal_read_held(w->store, put_held, w, err);
}

enum status bundle_write_receipt(struct store *store, const struct user_keys *keys, const char *dir,
                                 const char *to_device, struct bundle_written *out,
                                 struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .out = out};
    *out = (struct bundle_written){0};
    enum status st = begin(&w, BUNDLE_RECEIPT, err);
    if (!st)
        st = address(&w, to_device, err);
    if (!st)
        st = start_file(&w, dir, err);
    if (!st)
        st = put_receipt(&w, to_device, err);
    return finish(&w, to_device, st, err);
}
