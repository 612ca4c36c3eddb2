/* {"section":"blobs"}: bytes of attachments. Each is hashed with the salt its event has; bytes
 * nobody here has heard of wait until their events come. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "bundle/sections.h"
#include "crypto/base64.h"
#include "store/attachment.h"
#include "store/scope.h"

struct blob {
    bool open;
    char name[HASH_HEX_SIZE];
    int64_t left;
    struct hash hash;          /* the first time through */
    struct incoming *incoming; /* the second */
    bool unknown;
};

void intake_blob_free(struct intake *in)
{
    if (in->blob)
        incoming_free(&in->blob->incoming);
    xfree(&in->blob);
}

enum status blobs_begin(struct intake *in, const struct line *line, struct error *err)
{
    in->blob = xcalloc(1, sizeof *in->blob);
    in->record_count = line_number(line, "count");
    return line->count == 2 && in->record_count > 0 ? OK : intake_wrong(err, "blobs");
}

/* Whoever has the records is to have the file, too. */
static enum status stir(void *context, struct error *err)
{
    struct intake *in = context;
    return scope_stir_file(in->store, in->blob->name, err);
}

static enum status end_blob(struct intake *in, struct error *err)
{
    struct blob *b = in->blob;
    uint8_t hash[HASH_SIZE];
    char hex[HASH_HEX_SIZE];
    if (!b->open)
        return OK;
    b->open = false;
    if (b->left)
        return intake_wrong(err, "size");
    if (b->incoming) {
        enum status st = incoming_finish(&b->incoming, err);
        return st ? st : store_transaction(in->store, stir, in, err);
    }
    if (in->write || b->unknown)
        return OK;
    hash_finish(&b->hash, hash);
    hex_encode(hex, hash, sizeof hash);
    if (strcmp(hex, b->name) != 0)
        return error_set(err, E_CRYPTO, "%s",
                         _("添付の中身が、記録にあるものと違います。取り込んでいません"));
    in->out->blobs++;
    return OK;
}

static enum status start_blob(struct intake *in, const char *name, int64_t size, struct error *err)
{
    struct blob *b = in->blob;
    struct attachment known = {0};
    uint8_t salt[HASH_SIZE];
    enum status st = attachment_find(in->store, name, &known, err);
    *b = (struct blob){.open = true, .left = size};
    memcpy(b->name, name, sizeof b->name);
    if (st == E_NOT_FOUND) {
        b->unknown = in->gap = in->blob_gap = true;
        st = OK;
    } else if (!st && (known.size != size || !hex_decode(salt, sizeof salt, known.salt))) {
        st = intake_wrong(err, "size");
    } else if (!st && in->write) {
        st = known.here ? OK : incoming_begin(in->store, name, &b->incoming, err);
        in->out->blobs += !st && !known.here;
    } else if (!st) {
        hash_start(&b->hash, "satomado-blob-1");
        hash_add(&b->hash, salt, sizeof salt);
    }
    attachment_free(&known);
    return st;
}

static enum status blob_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct line line;
    uint8_t bytes[HASH_SIZE];
    enum status st = end_blob(in, err);
    if (!st)
        st = line_read(text, len, &line, err);
    if (st)
        return st;
    const char *name = line_text(&line, "blob");
    int64_t size = line_number(&line, "size");
    if (line.count != 2 || !name || !hex_decode(bytes, sizeof bytes, name) || size < 1 ||
        size > ATTACHMENT_MAX || --in->record_count < 0)
        st = intake_wrong(err, "blob");
    else
        st = start_blob(in, name, size, err);
    line_free(&line);
    return st;
}

enum status intake_piece(const char *text, size_t len, int64_t left, uint8_t **bytes, size_t *size,
                         struct error *err)
{
    size_t begin = strlen(BLOB_PIECE_BEGIN), chars = len < begin + 2 ? 0 : len - begin - 2;
    *size = left < ATTACHMENT_PIECE ? (size_t)left : (size_t)ATTACHMENT_PIECE;
    *bytes = NULL;
    if (!*size || chars != (*size + 2) / 3 * 4 || !str_starts(text, BLOB_PIECE_BEGIN) ||
        strcmp(text + len - 2, "\"}") != 0)
        return intake_wrong(err, "data");
    *bytes = xmalloc(*size);
    return base64_decode(*bytes, *size, text + begin, chars) ? OK : intake_wrong(err, "data");
}

static enum status piece_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct blob *b = in->blob;
    uint8_t *bytes;
    size_t size;
    enum status st = intake_piece(text, len, b->open ? b->left : 0, &bytes, &size, err);
    if (!st && b->incoming)
        st = incoming_add(b->incoming, bytes, size, err);
    else if (!st && !in->write && !b->unknown)
        hash_add(&b->hash, bytes, size);
    b->left -= (int64_t)size;
    xfree(&bytes);
    return st;
}

enum status blobs_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    return str_starts(text, "{\"blob\":") ? blob_line(in, text, len, err)
                                          : piece_line(in, text, len, err);
}

enum status blobs_end(struct intake *in, struct error *err)
{
    enum status st = end_blob(in, err);
    return !st && in->record_count ? intake_wrong(err, "blobs") : st;
}
