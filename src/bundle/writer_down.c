/* From the town: kinds extract and receipt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "bundle/writer_internal.h"
#include "store/attachment.h"
#include "store/reference.h"
#include "store/transport.h"

enum { LINE_BYTES = 1000 }; /* of an event or entry, more often too much than too little */

/* --- extract --- */

/* One record's events somebody may read there: its history, not who looked at it; what is held here
 * is nobody's business yet. Each goes with the hashes that end it, so that nothing can be left out
 * unseen. */
struct whole {
    struct writing *w;
    struct strings hashes, bases; /* of the events in force */
    struct strings *forms;
    int64_t count;
    bool write;
};

static enum status one_event(void *context, const struct event *event, const char *held,
                             struct error *err)
{
    struct whole *r = context;
    if (!event_op_history(event->op) || *held)
        return OK;
    if (r->write)
        return writing_event(r->w, event, held, err);
    r->count++;
    strings_add(&r->hashes, event->hash);
    for (size_t i = 0; i < event->bases.count; i++)
        strings_add(&r->bases, event->bases.items[i]);
    if (r->forms && *event->form && strings_find(r->forms, event->form) < 0)
        strings_add(r->forms, event->form);
    return OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status put_heads(struct whole *r, const char *record, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "record", record);
    struct strings *heads = line_add_list(&line, "heads");
    strings_sort(&r->bases);
    strings_sort(&r->hashes);
    for (size_t i = 0; i < r->hashes.count; i++)
        if (!r->bases.count || !bsearch(&r->hashes.items[i], r->bases.items, r->bases.count,
                                        sizeof *r->bases.items, by_text))
            strings_add(heads, r->hashes.items[i]);
    return writing_line(r->w, &line, err);
}

/* Twice through the record: first which events there are, then the events. */
static enum status one_record(struct writing *w, const char *record, struct strings *forms,
                              bool write, struct error *err)
{
    struct whole r = {.w = w, .forms = forms};
    enum status st = journal_read_record(w->store, record, one_event, &r, err);
    if (!write)
        w->header.count += r.count;
    if (!st && write)
        st = put_heads(&r, record, err);
    r.write = true;
    if (!st && write)
        st = journal_read_record(w->store, record, one_event, &r, err);
    strings_free(&r.hashes);
    strings_free(&r.bases);
    return st;
}

static enum status put_entry(void *context, const char *entry, const char *seal, struct error *err)
{
    enum status st = writing_text(context, entry, err);
    return st ? st : writing_text(context, seal, err);
}

static enum status put_registry(struct writing *w, int64_t first, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "registry");
    line_add_number(&line, "first", first);
    line_add_number(&line, "last", w->header.registry);
    enum status st = writing_line(w, &line, err);
    return st ? st
              : registry_export(store_registry(w->store), (long)first, (long)w->header.registry,
                                put_entry, w, err);
}

static enum status put_records(struct writing *w, const struct strings *records,
                               const struct transport_extract *since,
                               const struct transport_extract *after, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "records");
    line_add_number(&line, "count", (int64_t)records->count);
    line_add_text(&line, "since", since->id);
    line_add_text(&line, "after", after->id);
    enum status st = writing_line(w, &line, err);
    for (size_t i = 0; !st && i < records->count; i++)
        st = one_record(w, records->items[i], NULL, true, err);
    return st;
}

enum status bundle_write_extract(struct store *store, const struct user_keys *keys,
                                 const struct bundle_order *order, const char *to_device,
                                 const struct strings *records, struct bundle_written *out,
                                 struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .order = order, .out = out};
    struct strings forms = STRINGS_INIT;
    struct references references = {0};
    struct transport_extract since = {.number = 0}, after = {.number = 0};
    enum status st = writing_begin(&w, BUNDLE_EXTRACT, err);
    if (!st)
        st = journal_newest(store, &out->last, err);
    if (!st)
        st = transport_extracts(store, to_device, &since, &after, err);
    if (order->all)
        since = (struct transport_extract){.number = 0};
    writing_choose_references(&w, since.registry, &references);
    out->first = w.header.registry;
    if (!st)
        st = writing_address_device(&w, to_device, err);
    for (size_t i = 0; !st && i < records->count; i++)
        st = one_record(&w, records->items[i], &forms, false, err);
    if (!st && w.header.count > BUNDLE_EVENTS_MAX)
        st =
            error_set(err, E_LIMIT, _("一つの送付便に入る出来事は%d件までです"), BUNDLE_EVENTS_MAX);
    writing_requires(&w, &forms);
    if (!st)
        st = writing_start(
            &w, (w.header.count + w.header.registry) * LINE_BYTES + references_bytes(&references),
            err);
    if (!st)
        st = put_registry(&w, since.registry + 1, err);
    if (!st)
        st = writing_references(&w, &references, err);
    if (!st)
        st = put_records(&w, records, &since, &after, err);
    out->records = (long)records->count;
    xfree(&references.items);
    strings_free(&forms);
    return writing_finish(&w, to_device, st, err);
}

/* --- copy: what came in extracts, back to a town that lost it --- */

enum status bundle_write_copy(struct store *store, const struct user_keys *keys,
                              const struct bundle_order *order, struct bundle_written *out,
                              struct error *err)
{
    static const struct transport_extract none = {.number = 0};
    struct writing w = {.store = store, .keys = keys, .order = order, .out = out};
    struct strings forms = STRINGS_INIT, records = STRINGS_INIT;
    enum status st = writing_begin(&w, BUNDLE_COPY, err);
    if (!st)
        st = journal_extracted(store, &records, err);
    if (!st && !records.count)
        st = error_set(err, E_NOT_FOUND, "%s", _("町から届いた記録はありません"));
    if (!st)
        st = writing_address_town(&w, err);
    for (size_t i = 0; !st && i < records.count; i++)
        st = one_record(&w, records.items[i], &forms, false, err);
    writing_requires(&w, &forms);
    if (!st)
        st = writing_start(&w, w.header.count * LINE_BYTES, err);
    if (!st)
        st = put_records(&w, &records, &none, &none, err);
    out->records = (long)records.count;
    strings_free(&records);
    strings_free(&forms);
    return writing_finish(&w, "", st, err);
}

/* --- receipt --- */

struct receiving {
    struct writing *w;
    const struct strings *devices;
};

static enum status put_held(void *context, const struct event *event, const char *held,
                            struct error *err)
{
    struct receiving *r = context;
    struct line line = LINE_INIT;
    if (strings_find(r->devices, event->device) < 0)
        return OK;
    line_add_text(&line, "held", event->hash);
    line_add_text(&line, "reason", held);
    return writing_line(r->w, &line, err);
}

static enum status put_head(struct writing *w, const char *device, struct error *err)
{
    struct line line = LINE_INIT;
    char hash[HASH_HEX_SIZE];
    int64_t seq;
    enum status st = journal_head(w->store, device, &seq, hash, err);
    if (st)
        return st;
    line_add_text(&line, "device", device);
    line_add_number(&line, "seq", seq);
    line_add_text(&line, "hash", hash);
    return writing_line(w, &line, err);
}

/* 添付未着: attachments whose events came from these devices, without their bytes. */
static enum status put_missing(struct writing *w, const struct strings *devices, struct error *err)
{
    struct attachment_list list = {0};
    enum status st = attachment_list_missing(w->store, &list, err);
    for (size_t i = 0; !st && i < list.count; i++) {
        struct line line = LINE_INIT;
        if (strings_find(devices, list.items[i].device) < 0)
            continue;
        line_add_text(&line, "missing", list.items[i].blob);
        st = writing_line(w, &line, err);
    }
    attachment_list_free(&list);
    return st;
}

static enum status put_receipt(struct writing *w, const struct strings *devices, struct error *err)
{
    struct receiving r = {w, devices};
    struct line line = LINE_INIT;
    char now[ISO_TIME_SIZE], *epoch = store_fact(w->store, "epoch");
    iso_time(now, clock_now());
    line_add_text(&line, "section", "receipt");
    line_add_number(&line, "epoch", *epoch ? strtol(epoch, NULL, 10) : 1);
    line_add_number(&line, "registry", w->header.registry);
    line_add_text(&line, "at", now);
    xfree(&epoch);
    enum status st = writing_line(w, &line, err);
    for (size_t i = 0; !st && i < devices->count; i++)
        st = put_head(w, devices->items[i], err);
    if (!st)
        st = journal_read_held(w->store, put_held, &r, err);
    return st ? st : put_missing(w, devices, err);
}

enum status bundle_write_receipt(struct store *store, const struct user_keys *keys,
                                 const struct bundle_order *order, const char *to_device,
                                 struct bundle_written *out, struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .order = order, .out = out};
    struct strings devices = STRINGS_INIT;
    enum status st = writing_begin(&w, BUNDLE_RECEIPT, err);
    if (!st)
        st = writing_address_device(&w, to_device, err);
    if (!st)
        st = transport_carried_by(store, to_device, &devices, err);
    if (!st)
        st = writing_start(&w, LINE_BYTES, err);
    if (!st)
        st = put_receipt(&w, &devices, err);
    strings_free(&devices);
    return writing_finish(&w, to_device, st, err);
}
