/* {"section":"reference"}: bytes of the town's reference data. They are hashed; what is in force
 * and not here yet takes the place of the file that was here, whole. Office puts it to use. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "store/reference.h"

struct incoming_reference {
    struct reference what; /* size 0 = none is open */
    int64_t left;
    struct hash hash;
    char *path, *temporary;
    int fd; /* -1 = it is not kept */
};

static void let_go(struct incoming_reference *r)
{
    if (r->fd >= 0) {
        close(r->fd);
        unlink(r->temporary);
    }
    xfree(&r->path);
    xfree(&r->temporary);
    *r = (struct incoming_reference){.fd = -1};
}

void intake_reference_free(struct intake *in)
{
    if (in->reference)
        let_go(in->reference);
    xfree(&in->reference);
    xfree(&in->references);
}

/* The registry in the same bundle may be the first to speak of it. */
void intake_note_reference(struct intake *in, const struct line *entry)
{
    struct reference said;
    if (!reference_of_line(entry, &said))
        return;
    in->references = xroom(in->references, in->reference_count, sizeof said);
    in->references[in->reference_count++] = said;
}

static enum status find(struct intake *in, const char *name, long number, struct reference *out,
                        struct error *err)
{
    for (size_t i = 0; i < in->reference_count; i++)
        if (strcmp(in->references[i].name, name) == 0 && in->references[i].number == number) {
            *out = in->references[i];
            return OK;
        }
    return reference_numbered(store_registry(in->store), name, number, out, NULL)
               ? intake_wrong(err, "reference")
               : OK;
}

enum status reference_begin(struct intake *in, const struct line *line, struct error *err)
{
    if (!in->reference)
        in->reference = xcalloc(1, sizeof *in->reference);
    in->reference->fd = -1;
    in->record_count = line_number(line, "count");
    return line->count == 2 && in->record_count >= 0 ? OK : intake_wrong(err, "reference");
}

/* An older one that comes late, or one that is here, is not written. */
static enum status open_file(struct intake *in, struct error *err)
{
    struct incoming_reference *r = in->reference;
    struct reference newest;
    if (reference_newest(store_registry(in->store), r->what.name, &newest, NULL) ||
        newest.number != r->what.number || reference_here(in->store, &newest))
        return OK;
    char *dir = file_path(store_dir(in->store), "reference");
    r->path = reference_path(in->store, r->what.name);
    r->temporary = xasprintf("%s.new", r->path);
    enum status st = file_make_dirs(dir, err);
    if (!st)
        r->fd = open(r->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (!st && r->fd < 0)
        st = error_errno(err, E_IO, _("%s に書けません"), r->temporary);
    xfree(&dir);
    return st;
}

static enum status put_in_place(struct incoming_reference *r, const char *dir, struct error *err)
{
    bool good = fsync(r->fd) == 0 && rename(r->temporary, r->path) == 0;
    enum status st = good ? OK : error_errno(err, E_IO, _("%s に書けません"), r->path);
    if (good) {
        close(r->fd);
        r->fd = -1;
    }
    return st ? st : file_sync_dir(dir, err);
}

static enum status end_one(struct intake *in, struct error *err)
{
    struct incoming_reference *r = in->reference;
    uint8_t hash[HASH_SIZE];
    char hex[HASH_HEX_SIZE];
    if (!r->what.size)
        return OK;
    hash_finish(&r->hash, hash);
    hex_encode(hex, hash, sizeof hash);
    enum status st = OK;
    if (r->left)
        st = intake_wrong(err, "size");
    else if (strcmp(hex, r->what.hash) != 0)
        st = error_set(err, E_CRYPTO,
                       _("参照データ「%s」の中身が、町の登録簿にあるものと違います。"
                         "取り込んでいません"),
                       r->what.name);
    else if (r->fd >= 0) {
        char *dir = file_path(store_dir(in->store), "reference");
        st = put_in_place(r, dir, err);
        xfree(&dir);
    }
    let_go(r);
    return st;
}

static enum status begin_one(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct line line;
    enum status st = end_one(in, err);
    if (!st)
        st = line_read(text, len, &line, err);
    if (st)
        return st;
    const char *name = line_text(&line, "reference");
    int64_t number = line_number(&line, "number"), size = line_number(&line, "size");
    struct incoming_reference *r = in->reference;
    if (line.count != 3 || !name || number < 1 || --in->record_count < 0)
        st = intake_wrong(err, "reference");
    else
        st = find(in, name, (long)number, &r->what, err);
    if (!st && r->what.size != size)
        st = intake_wrong(err, "size");
    if (st)
        r->what.size = 0;
    r->left = r->what.size;
    hash_start(&r->hash, REFERENCE_DOMAIN);
    line_free(&line);
    return st || !in->write ? st : open_file(in, err);
}

enum status reference_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    if (str_starts(text, "{\"reference\":"))
        return begin_one(in, text, len, err);
    struct incoming_reference *r = in->reference;
    uint8_t *bytes;
    size_t size;
    enum status st = intake_piece(text, len, r->left, &bytes, &size, err);
    if (!st) {
        hash_add(&r->hash, bytes, size);
        r->left -= (int64_t)size;
    }
    if (!st && r->fd >= 0)
        st = file_write_all(r->fd, bytes, size, err);
    xfree(&bytes);
    return st;
}

enum status reference_end(struct intake *in, struct error *err)
{
    enum status st = end_one(in, err);
    return !st && in->record_count ? intake_wrong(err, "reference") : st;
}
