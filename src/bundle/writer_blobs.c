/* kind blobs: bytes of attachments, after the events that name them. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "bundle/writer_internal.h"
#include "crypto/base64.h"
#include "store/attachment.h"
#include "store/transport.h"

static enum status put_piece(void *context, const void *data, size_t len, struct error *err)
{
    struct writing *w = context;
    struct buffer text = BUFFER_INIT;
    buffer_add_text(&text, BLOB_PIECE_BEGIN);
    base64_add(&text, data, len);
    buffer_add_text(&text, "\"}");
    enum status st = payload_add(w->payload, text.data, text.len, err);
    buffer_free(&text);
    return st ? st : writing_step(w, 0, err);
}

static enum status put_blob(struct writing *w, const struct attachment *a, struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "blob", a->blob);
    line_add_number(&line, "size", a->size);
    enum status st = writing_line(w, &line, err);
    return st ? st : attachment_read(w->store, a->blob, put_piece, w, err);
}

/* Those that are here, with their sizes. */
static enum status look_up(struct writing *w, const struct strings *blobs,
                           struct attachment_list *out, int64_t *bytes, struct error *err)
{
    enum status st = OK;
    *bytes = 0;
    for (size_t i = 0; !st && i < blobs->count; i++) {
        struct attachment a = {0};
        st = attachment_find(w->store, blobs->items[i], &a, err);
        if (st == E_NOT_FOUND || (!st && !a.here)) {
            attachment_free(&a);
            st = OK;
            continue;
        }
        if (st)
            break;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = a;
        *bytes += a.size + a.size / 3;
    }
    if (!st && !out->count)
        st = error_set(err, E_NOT_FOUND, _("送る添付はありません"));
    return st;
}

static enum status address(struct writing *w, const char *device, struct error *err)
{
    if (device)
        return writing_address_device(w, device, err);
    return writing_address_town(w, err);
}

enum status bundle_write_blobs(struct store *store, const struct user_keys *keys,
                               const struct bundle_order *order, const char *to_device,
                               const struct strings *blobs, struct bundle_written *out,
                               struct error *err)
{
    struct writing w = {.store = store, .keys = keys, .order = order, .out = out};
    struct attachment_list list = {0};
    struct line line = LINE_INIT;
    int64_t bytes;
    enum status st = writing_begin(&w, BUNDLE_BLOBS, err);
    if (!st)
        st = look_up(&w, blobs, &list, &bytes, err);
    if (!st)
        st = address(&w, to_device, err);
    if (!st)
        st = writing_start(&w, bytes, err);
    line_add_text(&line, "section", "blobs");
    line_add_number(&line, "count", (int64_t)list.count);
    if (!st)
        st = writing_line(&w, &line, err);
    line_free(&line);
    for (size_t i = 0; !st && i < list.count; i++)
        st = put_blob(&w, &list.items[i], err);
    out->records = (long)list.count;
    attachment_list_free(&list);
    return writing_finish(&w, to_device ? to_device : "", st, err);
}

enum status bundle_blobs_to_send(struct store *store, const struct bundle_written *chain,
                                 struct strings *blobs, struct error *err)
{
    struct attachment_list list = {0};
    char *device = journal_device(store);
    enum status st = transport_missing_list(store, blobs, err);
    if (!st && chain->last)
        st = attachment_list_chain(store, device, chain->first, chain->last, &list, err);
    for (size_t i = 0; !st && i < list.count; i++)
        if (strings_find(blobs, list.items[i].blob) < 0)
            strings_add(blobs, list.items[i].blob);
    attachment_list_free(&list);
    xfree(&device);
    return st;
}
