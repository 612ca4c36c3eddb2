/* kind chain: journals on their way to the town. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "bundle/writer_internal.h"
#include "store/transport.h"

/* Of an event in a bundle, more often too much than too little: for the room on the medium. */
enum { EVENT_BYTES = 600 };

/* --- What goes --- */

static enum status role_of(struct writing *w, const char *device, char role[16], struct error *err)
{
    struct registry_device known = {0};
    enum status st =
        registry_device(store_registry(w->store), REGISTRY_NEWEST, device, &known, err);
    snprintf(role, 16, "%s", st ? "" : known.role);
    registry_device_free(&known);
    return st;
}

/* Where the own chain ends: a counter sends whole days, others all they have. More than fits into
 * one bundle goes with the next, after the town's receipt. */
static enum status own_end(struct writing *w, struct bundle_chain *chain, struct error *err)
{
    char role[16], hash[HASH_HEX_SIZE];
    enum status st = role_of(w, chain->device, role, err);
    if (!st)
        st = journal_head(w->store, chain->device, &chain->last, hash, err);
    if (!st && chain->last - chain->first >= BUNDLE_EVENTS_MAX)
        chain->last = chain->first + BUNDLE_EVENTS_MAX - 1;
    return st || strcmp(role, "counter") != 0
               ? st
               : journal_last(w->store, chain->device, OP_CLOSE, chain->first, chain->last,
                              &chain->last, err);
}

static enum status head_of(struct writing *w, struct bundle_chain *chain, const char *checkpoint,
                           struct error *err)
{
    struct line line;
    if (!checkpoint)
        return journal_hash(w->store, chain->device, chain->last, chain->head, err);
    enum status st = line_read(checkpoint, strlen(checkpoint), &line, err);
    if (st)
        return st;
    const char *head = line_text(&line, "head");
    snprintf(chain->head, sizeof chain->head, "%s", head ? head : "");
    line_free(&line);
    return OK;
}

/* Adds a device's chain, if there is anything the town has no receipt for. */
static enum status add_chain(struct writing *w, const char *device, struct strings *forms,
                             struct error *err)
{
    struct bundle_chain chain = {0};
    bool own = strcmp(device, w->header.from) == 0;
    int64_t received, epoch, fork = 0;
    char hash[HASH_HEX_SIZE], *checkpoint = NULL;
    snprintf(chain.device, sizeof chain.device, "%s", device);
    enum status st = transport_received(w->store, device, &received, hash, &epoch, err);
    chain.first = w->order->all ? 1 : received + 1;
    if (!st)
        st = own ? own_end(w, &chain, err)
                 : transport_checkpoint_of(w->store, device, w->turn, &chain.last, &checkpoint,
                                           &fork, err);
    if (fork && fork < chain.first) /* the town may have received the other side */
        chain.first = fork;
    bool any = !st && chain.last >= chain.first &&
               w->header.count + chain.last - chain.first < BUNDLE_EVENTS_MAX;
    if (any)
        st = head_of(w, &chain, checkpoint, err);
    if (any && !st)
        st = journal_chain_forms(w->store, device, chain.first, chain.last, forms, err);
    if (any && !st) {
        header_add_chain(&w->header, &chain);
        w->header.count += chain.last - chain.first + 1;
        w->out->first = own ? chain.first : w->out->first;
        w->out->last = own ? chain.last : w->out->last;
    }
    xfree(&checkpoint);
    return st;
}

static enum status choose(struct writing *w, struct error *err)
{
    struct strings devices = STRINGS_INIT, forms = STRINGS_INIT;
    enum status st = add_chain(w, w->header.from, &forms, err);
    if (!st)
        st = journal_devices(w->store, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++)
        if (strcmp(devices.items[i], w->header.from) != 0)
            st = add_chain(w, devices.items[i], &forms, err);
    if (!st && !w->header.chain_count)
        st = error_set(err, E_NOT_FOUND,
                       _("送るものがありません。窓口の記録は日締めをすると送れます"));
    if (!st)
        writing_requires(w, &forms);
    strings_free(&devices);
    strings_free(&forms);
    return st;
}

/* --- For whom --- */

/* The other counters of the office can take it on: not every counter has a line to the town. A
 * laptop has no business with what the counters do. */
static enum status address_office(struct writing *w, struct error *err)
{
    struct registry_devices devices = {0};
    struct registry_device own = {0};
    struct registry *r = store_registry(w->store);
    enum status st = registry_device(r, REGISTRY_NEWEST, w->header.from, &own, err);
    if (!st)
        st = registry_devices(r, REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        const struct registry_device *d = &devices.items[i];
        if (!registry_revoked(r, REGISTRY_NEWEST, d->id) && strcmp(d->role, "counter") == 0 &&
            strcmp(d->office, own.office) == 0 && strcmp(d->id, own.id) != 0 &&
            w->recipient_count < BUNDLE_RECIPIENTS_MAX)
            st = writing_address(w, &d->recipient, err);
    }
    registry_devices_free(&devices);
    registry_device_free(&own);
    return st;
}

/* --- Writing --- */

static enum status sign_checkpoint(struct writing *w, const struct bundle_chain *chain,
                                   struct error *err)
{
    struct buffer line = BUFFER_INIT;
    checkpoint_sign(&line, w->header.town, w->keys->device, chain->last, chain->head);
    enum status st = writing_text(w, line.data, err);
    buffer_free(&line);
    return st;
}

static enum status pass_checkpoint(struct writing *w, const struct bundle_chain *chain,
                                   struct error *err)
{
    char *line = NULL;
    int64_t seq, fork;
    enum status st =
        transport_checkpoint_of(w->store, chain->device, w->turn, &seq, &line, &fork, err);
    if (!st && (!line || seq != chain->last))
        st = error_set(err, E_BUSY, "%s",
                       _("書いている間に新しい送付便が取り込まれました。もう一度書いてください"));
    if (!st)
        st = writing_text(w, line, err);
    xfree(&line);
    return st;
}

static enum status put_lines(void *context, const struct journal_lines *lines, struct error *err)
{
    struct writing *w = context;
    enum status st = writing_text(w, lines->header, err);
    if (!st)
        st = writing_text(w, lines->body ? lines->body : DISPOSED_LINE, err);
    if (!st && event_op_sealed(lines->op))
        st = writing_text(w, lines->seal ? lines->seal : UNSEALED_LINE, err);
    if (!st && event_op_history(lines->op))
        distinct_add(w->records, lines->record);
    return st ? st : writing_step(w, w->header.count, err);
}

static enum status put_chain(struct writing *w, const struct bundle_chain *chain, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "chain");
    line_add_text(&line, "device", chain->device);
    line_add_number(&line, "first", chain->first);
    line_add_number(&line, "last", chain->last);
    enum status st = writing_line(w, &line, err);
    if (!st)
        st = journal_read_path(w->store, chain->device, chain->first, chain->last, chain->head,
                               put_lines, w, err);
    if (st)
        return st;
    return strcmp(chain->device, w->header.from) == 0 ? sign_checkpoint(w, chain, err)
                                                      : pass_checkpoint(w, chain, err);
}

enum status bundle_write_chain(struct store *store, const struct user_keys *keys,
                               const struct bundle_order *order, struct bundle_written *out,
                               struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .order = order, .out = out};
    enum status st = writing_begin(&w, BUNDLE_CHAIN, err);
    w.turn = w.header.number;
    if (!st)
        st = writing_address_town(&w, err);
    if (!st)
        st = address_office(&w, err);
    if (!st)
        st = choose(&w, err);
    if (!st)
        st = writing_start(&w, w.header.count * EVENT_BYTES, err);
    if (!st)
        w.records = distinct_new();
    for (size_t i = 0; !st && i < w.header.chain_count; i++)
        st = put_chain(&w, &w.header.chains[i], err);
    if (!st)
        st = distinct_count(w.records, &out->records, err);
    distinct_free(&w.records);
    return writing_finish(&w, "", st, err);
}
