/* The town's reference data in an extract: what is newer than the registry the device confirmed. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "bundle/writer_internal.h"
#include "crypto/base64.h"

static enum status put_file(struct writing *w, const struct reference *r, struct error *err)
{
    char *path = reference_path(w->store, r->name);
    uint8_t *block = xmalloc(BLOB_PIECE);
    int64_t left = r->size;
    FILE *file = fopen(path, "re");
    enum status st = file ? OK : error_errno(err, E_IO, _("%s を読めません"), path);
    while (!st && left > 0) {
        struct buffer text = BUFFER_INIT;
        size_t size = left < BLOB_PIECE ? (size_t)left : (size_t)BLOB_PIECE;
        if (fread(block, 1, size, file) != size)
            st = error_errno(err, E_IO, _("%s を読めません"), path);
        buffer_add_text(&text, BLOB_PIECE_BEGIN);
        base64_add(&text, block, size);
        buffer_add_text(&text, "\"}");
        if (!st)
            st = payload_add(w->payload, text.data, text.len, err);
        buffer_free(&text);
        left -= (int64_t)size;
    }
    if (file)
        fclose(file);
    xfree(&block);
    xfree(&path);
    return st;
}

/* A town that was restored may lack bytes until it has imported them again. */
void writing_choose_references(struct writing *w, int64_t after, struct references *out)
{
    size_t kept = 0;
    reference_since(store_registry(w->store), (long)after, out, NULL);
    for (size_t i = 0; i < out->count; i++)
        if (reference_here(w->store, &out->items[i]))
            out->items[kept++] = out->items[i];
    out->count = kept;
}

int64_t references_bytes(const struct references *references)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < references->count; i++)
        bytes += references->items[i].size;
    return bytes;
}

enum status writing_references(struct writing *w, const struct references *references,
                               struct error *err)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "section", "reference");
    line_add_number(&line, "count", (int64_t)references->count);
    enum status st = writing_line(w, &line, err);
    for (size_t i = 0; !st && i < references->count; i++) {
        const struct reference *r = &references->items[i];
        line = (struct line)LINE_INIT;
        line_add_text(&line, "reference", r->name);
        line_add_number(&line, "number", r->number);
        line_add_number(&line, "size", r->size);
        st = writing_line(w, &line, err);
        if (!st)
            st = put_file(w, r, err);
    }
    return st;
}
