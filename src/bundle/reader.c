#include "bundle/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/payload.h"

#define BLOCK 65536

struct reader {
    int fd;
    off_t payload_at, size;
    struct bundle_header header;
    uint8_t public_key[SEAL_PUBLIC_SIZE];
    bool checked;
};

/* --- Private copy --- */

/* A file whose name is gone as soon as it is open. */
static int nameless(const char *dir)
{
    char *path = xasprintf("%s/incoming-%ld", dir, (long)getpid());
    unlink(path); /* of a process that ended in between */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        unlink(path);
    xfree(&path);
    return fd;
}

/* More than the file system says a file is may still come: counted while copying. */
static enum status copy(int from, int to, const char *path, struct error *err)
{
    uint8_t *block = xmalloc(BLOCK);
    int64_t total = 0;
    enum status st = OK;
    while (!st) {
        ssize_t got = read(from, block, BLOCK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            st = error_errno(err, E_IO, _("%s を読めません"), path);
        if (got <= 0)
            break;
        total += got;
        if (total > BUNDLE_FILE_MAX)
            st = error_set(err, E_LIMIT, _("%s は大きすぎます（2GiBまで）"), path);
        else if ((st = file_write_all(to, block, (size_t)got, err)) == E_FULL)
            error_set(err, E_FULL,
                      _("このパソコンの空きが足りず、%s を取り込めません。何も変えていません。"
                        "古い控えや送付便を片付けてください"),
                      path);
    }
    xfree(&block);
    return st;
}

static enum status open_private(const char *path, const char *dir, int *fd, struct error *err)
{
    *fd = -1;
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat info;
    if (from < 0)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("%s を開けません"), path);
    enum status st = OK;
    if (fstat(from, &info) != 0 || !S_ISREG(info.st_mode))
        st = error_set(err, E_PARSE, _("%s はファイルではありません"), path);
    else if (info.st_size > BUNDLE_FILE_MAX)
        st = error_set(err, E_LIMIT, _("%s は大きすぎます（2GiBまで）"), path);
    if (st || !dir) {
        if (st)
            close(from);
        else
            *fd = from;
        return st;
    }
    *fd = nameless(dir);
    if (*fd < 0)
        st = error_errno(err, E_IO, _("フォルダー %s に書けません"), dir);
    else
        st = copy(from, *fd, path, err);
    close(from);
    return st;
}

/* --- Header --- */

/* Reads up to `size` bytes at a place; fewer at the end of the file. */
static enum status read_at(int fd, off_t at, uint8_t *data, size_t size, size_t *got,
                           struct error *err)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = pread(fd, data + *got, size - *got, at + (off_t)*got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, E_IO, "%s", _("送付便を読めません"));
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return OK;
}

static enum status read_header(struct reader *r, struct error *err)
{
    uint8_t *head = xmalloc(HEADER_MAX);
    size_t len = 0, at = 0;
    enum status st = read_at(r->fd, 0, head, HEADER_MAX, &len, err);
    if (!st)
        st = header_parse(&r->header, head, len, &at, err);
    r->payload_at = (off_t)at;
    r->size = lseek(r->fd, 0, SEEK_END);
    xfree(&head);
    return st;
}

enum status reader_open(const char *path, const char *private_dir, struct reader **out,
                        struct error *err)
{
    struct reader *r = xcalloc(1, sizeof *r);
    enum status st = open_private(path, private_dir, &r->fd, err);
    if (!st)
        st = read_header(r, err);
    if (st)
        reader_free(&r);
    *out = r;
    return st;
}

void reader_free(struct reader **reader)
{
    if (!*reader)
        return;
    if ((*reader)->fd >= 0)
        close((*reader)->fd);
    header_free(&(*reader)->header);
    xfree(reader);
}

const struct bundle_header *reader_header(const struct reader *reader)
{
    return &reader->header;
}

/* --- Checks --- */

static enum status payload_hash(struct reader *r, char hex[HASH512_HEX_SIZE], struct error *err)
{
    uint8_t *block = xmalloc(BLOCK), sum[HASH512_SIZE];
    struct hash hash;
    size_t got = 0;
    enum status st = OK;
    hash512_start(&hash, NULL);
    for (off_t at = r->payload_at; !st && at < r->size; at += (off_t)got) {
        st = read_at(r->fd, at, block, BLOCK, &got, err);
        if (!st && !got)
            break;
        hash_add(&hash, block, got);
    }
    hash_finish(&hash, sum);
    hex_encode(hex, sum, sizeof sum);
    xfree(&block);
    return st;
}

static enum status payload_fits(struct reader *reader, struct error *err)
{
    char hex[HASH512_HEX_SIZE];
    enum status st = payload_hash(reader, hex, err);
    return st || str_eq(hex, reader->header.payload)
               ? st
               : error_set(err, E_CRYPTO, "%s",
                           _("送付便の中身が見出しと合いません。途中で切れたか改変されています"
                             "。もう一度写すか、作り直してもらってください"));
}

enum status reader_check(struct reader *reader, const char *town,
                         const uint8_t public_key[SEAL_PUBLIC_SIZE], struct error *err)
{
    if (!str_eq(reader->header.town, town))
        return error_set(err, E_DENIED, "%s", _("ほかの町の送付便です。取り込みません"));
    if (!header_verify(&reader->header, public_key))
        return error_set(err, E_CRYPTO, "%s",
                         _("送付便の署名が合いません。改変されたおそれがあります"
                           "。取り込まず、町の管理者に知らせてください"));
    enum status st = payload_fits(reader, err);
    if (st)
        return st;
    memcpy(reader->public_key, public_key, SEAL_PUBLIC_SIZE);
    reader->checked = true;
    return OK;
}

/* --- Content --- */

struct content {
    const struct reader *reader;
    struct hash hash;
    bool begun, sealed;
    unpack_line line;
    void *context;
};

static enum status foreign(struct error *err)
{
    return error_set(err, E_CRYPTO, "%s",
                     _("送付便の中身が、見出しに署名した装置のものではありません"));
}

static bool first_line_fits(const struct content *c, const char *line, size_t len)
{
    struct buffer expected = BUFFER_INIT;
    header_json(&c->reader->header, &expected);
    bool same = expected.len == len && memcmp(expected.data, line, len) == 0;
    buffer_free(&expected);
    return same;
}

static bool seal_fits(struct content *c, const char *line, size_t len)
{
    size_t prefix = strlen(PAYLOAD_SEAL_PREFIX);
    uint8_t seal[SEAL_SIZE], hash[HASH_SIZE];
    char hex[SEAL_HEX_SIZE] = "";
    if (len != prefix + SEAL_HEX_SIZE - 1 + 2 || !str_eq(line + len - 2, "\"}"))
        return false;
    memcpy(hex, line + prefix, SEAL_HEX_SIZE - 1);
    hash_finish(&c->hash, hash);
    return hex_decode(seal, sizeof seal, hex) &&
           seal_verify(seal, c->reader->public_key, PAYLOAD_SEAL_DOMAIN, hash, sizeof hash);
}

static enum status take(void *context, const char *line, size_t len, struct error *err)
{
    struct content *c = context;
    if (c->sealed)
        return foreign(err);
    if (c->begun && str_starts(line, PAYLOAD_SEAL_PREFIX)) {
        c->sealed = true;
        return seal_fits(c, line, len) ? OK : foreign(err);
    }
    hash_add(&c->hash, line, len);
    hash_add(&c->hash, "\n", 1);
    if (c->begun)
        return c->line(c->context, line, len, err);
    c->begun = true;
    return first_line_fits(c, line, len) ? OK : foreign(err);
}

enum status reader_lines(struct reader *reader, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err)
{
    struct content c = {.reader = reader, .line = line, .context = context};
    if (!reader->checked)
        return error_set(err, E_INTERNAL, "%s", "a bundle is opened before it was checked");
    hash_start(&c.hash, NULL);
    enum status st = unpack_lines(reader->fd, reader->payload_at, reader->size - reader->payload_at,
                                  identities, count, take, &c, err);
    if (!st && !c.sealed)
        st = foreign(err);
    return st;
}

enum status reader_plain(struct reader *reader, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err)
{
    enum status st = payload_fits(reader, err);
    return st ? st
              : unpack_lines(reader->fd, reader->payload_at, reader->size - reader->payload_at,
                             identities, count, line, context, err);
}
