#include "bundle/payload.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/reader.h"

/* For lines full of hashes the fastest level makes the smallest files, too. */
#define LEVEL 1
/* Events worth a thread that compresses while the next are read, proven and hashed. */
#define MANY 1000

struct payload {
    char *path;
    char *temp; /* NULL once it has its name */
    int fd;
    struct bundle_header *header;
    size_t header_len;
    const struct seal_key *device;
    ZSTD_CCtx *zstd;
    struct age_writer *age;
    struct hash content; /* of the lines */
    struct hash whole;   /* of the age file */
    uint8_t block[1 << 16];
    uint8_t text[1 << 16]; /* lines that wait to be hashed and compressed together */
    size_t text_len;
};

enum status payload_full(const char *path, enum status st, struct error *err)
{
    const char *slash = strrchr(path, '/');
    if (st != E_FULL)
        return st;
    return error_set(
        err, E_FULL,
        _("%.*s の空きがなくなり、送付便は書かれていません。別の媒体に書くか、古いものを"
          "片付けてください"),
        slash > path ? (int)(slash - path) : 1, slash ? path : ".");
}

static enum status put(void *context, const void *data, size_t len, struct error *err)
{
    struct payload *p = context;
    hash_add(&p->whole, data, len);
    return payload_full(p->path, file_write_all(p->fd, data, len, err), err);
}

/* Compresses and encrypts; with ZSTD_e_end to the end of the frame. */
static enum status squeeze(struct payload *p, const void *data, size_t len, ZSTD_EndDirective mode,
                           struct error *err)
{
    ZSTD_inBuffer in = {data, len, 0};
    for (;;) {
        ZSTD_outBuffer out = {p->block, sizeof p->block, 0};
        size_t left = ZSTD_compressStream2(p->zstd, &out, &in, mode);
        if (ZSTD_isError(left))
            return error_set(err, E_INTERNAL, "zstd: %s", ZSTD_getErrorName(left));
        enum status st = out.pos ? age_writer_add(p->age, p->block, out.pos, err) : OK;
        if (st)
            return st;
        if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size)
            return OK;
    }
}

static enum status push(struct payload *p, struct error *err)
{
    hash_add(&p->content, p->text, p->text_len);
    enum status st = squeeze(p, p->text, p->text_len, ZSTD_e_continue, err);
    p->text_len = 0;
    return st;
}

static enum status add_line(struct payload *p, const char *line, size_t len, struct error *err)
{
    enum status st = OK;
    while (!st && len) {
        size_t room = sizeof p->text - 1 - p->text_len, part = len < room ? len : room;
        memcpy(p->text + p->text_len, line, part);
        p->text_len += part;
        line += part;
        len -= part;
        if (len)
            st = push(p, err);
    }
    p->text[p->text_len++] = '\n';
    return !st && p->text_len == sizeof p->text ? push(p, err) : st;
}

enum status payload_add(struct payload *payload, const char *line, size_t len, struct error *err)
{
    if (len > PAYLOAD_LINE_MAX)
        return error_set(err, E_LIMIT, _("送付便の1行が%dバイトを超えました"), PAYLOAD_LINE_MAX);
    if (!len || memchr(line, '\n', len))
        return error_set(err, E_INTERNAL, "%s", "a line of a bundle is empty or more than one");
    return add_line(payload, line, len, err);
}

static ZSTD_CCtx *compressor(int64_t events)
{
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    if (!zstd || ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, PAYLOAD_WINDOW_LOG))) {
        ZSTD_freeCCtx(zstd);
        return NULL;
    }
    /* Where the library has no threads it says so, and all is done here. */
    if (events >= MANY && !ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_nbWorkers, 1)))
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_jobSize, 1 << PAYLOAD_WINDOW_LOG);
    return zstd;
}

/* The header's length is known before its hash and signature are: both have a fixed one. */
static enum status leave_room(struct payload *p, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    memset(p->header->payload, '0', HASH512_HEX_SIZE - 1);
    header_print(p->header, &text);
    p->header_len = text.len;
    enum status st = OK;
    if (text.len > HEADER_MAX)
        st = error_set(err, E_LIMIT, "%s",
                       _("送付便の見出しが長すぎます。何回かに分けて書き出してください"));
    if (!st)
        st = payload_full(p->path, file_write_all(p->fd, text.data, text.len, err), err);
    buffer_free(&text);
    return st;
}

static enum status first_line(struct payload *p, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    header_json(p->header, &text);
    enum status st = add_line(p, text.data, text.len, err);
    buffer_free(&text);
    return st;
}

enum status payload_start(const char *path, struct bundle_header *header,
                          const struct age_recipient *recipients, size_t count,
                          const struct seal_key *device, struct payload **out, struct error *err)
{
    *out = NULL;
    if (file_exists(path))
        return error_set(err, E_EXISTS, _("%s はすでにあります"), path);
    struct payload *p = xcalloc(1, sizeof *p);
    p->path = xstrdup(path);
    p->temp = xasprintf("%s.tmp%ld", path, (long)getpid());
    p->header = header;
    p->device = device;
    hash_start(&p->content, NULL);
    hash512_start(&p->whole, NULL);
    enum status st = OK;
    p->fd = open(p->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (p->fd < 0)
        st = error_errno(err, E_IO, _("%s を書けません"), path);
    if (!st)
        st = leave_room(p, err);
    if (!st)
        st = age_writer_new(recipients, count, put, p, &p->age, err);
    if (!st) {
        p->zstd = compressor(header->count);
        if (!p->zstd)
            st = error_set(err, E_INTERNAL, "%s", "zstd: no compressor");
    }
    if (!st)
        st = first_line(p, err);
    if (st)
        payload_free(&p);
    *out = p;
    return st;
}

/* The last line. */
static enum status seal_content(struct payload *p, struct error *err)
{
    uint8_t hash[HASH_SIZE], seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    enum status st = push(p, err);
    hash_finish(&p->content, hash);
    seal_sign(seal, p->device, PAYLOAD_SEAL_DOMAIN, hash, sizeof hash);
    hex_encode(hex, seal, sizeof seal);
    char *line = xasprintf(PAYLOAD_SEAL_PREFIX "%s\"}\n", hex);
    if (!st)
        st = squeeze(p, line, strlen(line), ZSTD_e_end, err);
    xfree(&line);
    return st ? st : age_writer_finish(p->age, err);
}

static enum status sign_header(struct payload *p, struct error *err)
{
    uint8_t hash[HASH512_SIZE];
    struct buffer text = BUFFER_INIT;
    hash_finish(&p->whole, hash);
    hex_encode(p->header->payload, hash, sizeof hash);
    header_sign(p->header, p->device);
    header_print(p->header, &text);
    enum status st = OK;
    if (text.len != p->header_len)
        st = error_set(err, E_INTERNAL, "%s", "the header of a bundle changed its length");
    else if (lseek(p->fd, 0, SEEK_SET) != 0)
        st = error_errno(err, E_IO, _("%s を書けません"), p->path);
    else
        st = file_write_all(p->fd, text.data, text.len, err);
    buffer_free(&text);
    return st;
}

/* What the medium holds, not what the cache remembers, as far as the kernel lets go of it. */
static enum status read_back(struct payload *p, struct error *err)
{
    if (fsync(p->fd) != 0)
        return error_errno(err, E_IO, _("%s を書き終えられません"), p->path);
    posix_fadvise(p->fd, 0, 0, POSIX_FADV_DONTNEED);
    struct reader *reader = NULL;
    enum status st = reader_open(p->temp, NULL, &reader, err);
    if (!st)
        st = reader_check(reader, p->header->town, p->device->public_key, err);
    reader_free(&reader);
    if (st && st != E_IO)
        st = error_set(err, E_IO,
                       _("%s に書いた内容が読み戻すと違います。別の媒体に書き出してください"),
                       p->path);
    return st;
}

enum status payload_finish(struct payload *payload, struct error *err)
{
    enum status st = seal_content(payload, err);
    if (!st)
        st = sign_header(payload, err);
    if (!st)
        st = read_back(payload, err);
    if (!st && rename(payload->temp, payload->path) != 0)
        st = error_errno(err, E_IO, _("%s に名前を付けられません"), payload->path);
    if (st)
        return st;
    xfree(&payload->temp);
    char *slash = strrchr(payload->path, '/');
    char *dir = slash ? xstrndup(payload->path,
                                 slash == payload->path ? 1 : (size_t)(slash - payload->path))
                      : xstrdup(".");
    st = file_sync_dir(dir, err);
    if (st)
        unlink(payload->path); /* said not to be written, it is not there either */
    xfree(&dir);
    return st;
}

void payload_free(struct payload **payload)
{
    struct payload *p = *payload;
    if (!p)
        return;
    if (p->fd >= 0) {
        close(p->fd);
        if (p->temp)
            unlink(p->temp);
    }
    age_writer_free(&p->age);
    ZSTD_freeCCtx(p->zstd);
    xfree(&p->path);
    xfree(&p->temp);
    xfree(payload);
}
