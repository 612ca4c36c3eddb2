#include "bundle/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/payload.h"
#include "bundle/reader.h"
#include "crypto/hash.h"

enum { BLOCK = 65536, SPACE_LEFT = 1 << 20 };

/* Reads a file to its end, hashing; writes it to `to` unless that is -1. */
static enum status pass(int from, int to, char hex[HASH512_HEX_SIZE], struct error *err)
{
    uint8_t *block = xmalloc(BLOCK), sum[HASH512_SIZE];
    struct hash hash;
    off_t at = 0;
    enum status st = OK;
    hash512_start(&hash, NULL);
    while (!st) {
        ssize_t got = pread(from, block, BLOCK, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            st = error_errno(err, E_IO, "%s", _("送付便を読めません"));
        if (got <= 0)
            break;
        hash_add(&hash, block, (size_t)got);
        at += got;
        if (to >= 0)
            st = file_write_all(to, block, (size_t)got, err);
    }
    hash_finish(&hash, sum);
    hex_encode(hex, sum, sizeof sum);
    xfree(&block);
    return st;
}

static bool same_file(const char *path, const char *hex)
{
    char there[HASH512_HEX_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool same = fd >= 0 && pass(fd, -1, there, NULL) == OK && strcmp(there, hex) == 0;
    if (fd >= 0)
        close(fd);
    return same;
}

static enum status write_copy(int from, const char *path, const char *expected, struct error *err)
{
    char *temp = xasprintf("%s.tmp%ld", path, (long)getpid()), hex[HASH512_HEX_SIZE] = "";
    int to = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum status st = to < 0 ? error_errno(err, E_IO, _("%s を書けません"), path) : OK;
    if (!st)
        st = payload_full(path, pass(from, to, hex, err), err);
    if (!st && fsync(to) != 0)
        st = error_errno(err, E_IO, _("%s を書き終えられません"), path);
    if (!st) {
        posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
        st = pass(to, -1, hex, err);
    }
    if (!st && strcmp(hex, expected) != 0)
        st =
            error_set(err, E_IO,
                      _("%s に書いた内容が読み戻すと違います。別の媒体に書き出してください"), path);
    if (!st && rename(temp, path) != 0)
        st = error_errno(err, E_IO, _("%s に名前を付けられません"), path);
    if (to >= 0)
        close(to);
    if (st && to >= 0)
        unlink(temp);
    xfree(&temp);
    return st;
}

static enum status look(const char *file, const char *dir, int *fd, struct error *err)
{
    struct reader *reader = NULL;
    uint64_t room;
    enum status st = reader_open(file, NULL, &reader, err); /* its header says it is a bundle */
    reader_free(&reader);
    *fd = st ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    if (!st && *fd < 0)
        st = error_errno(err, E_IO, _("%s を開けません"), file);
    off_t size = *fd < 0 ? 0 : lseek(*fd, 0, SEEK_END);
    if (!st && file_free_space(dir, &room) && room < (uint64_t)size + SPACE_LEFT)
        st = error_set(err, E_FULL, _("%s の空きが足りません（%lldMiB要ります）"), dir,
                       (long long)(((uint64_t)size + SPACE_LEFT) >> 20) + 1);
    return st;
}

enum status bundle_copy(const char *file, const char *dir, char path[512], struct error *err)
{
    const char *slash = strrchr(file, '/');
    char *to = file_path(dir, slash ? slash + 1 : file), hex[HASH512_HEX_SIZE];
    int from = -1;
    file_sweep(dir, slash ? slash + 1 : file);
    enum status st = look(file, dir, &from, err);
    if (!st)
        st = pass(from, -1, hex, err);
    if (!st && file_exists(to))
        st = same_file(to, hex) ? OK : error_set(err, E_EXISTS, _("%s はすでにあります"), to);
    else if (!st && (st = write_copy(from, to, hex, err)) == OK &&
             (st = file_sync_dir(dir, err)) != OK)
        unlink(to); /* said not to be written, it is not there either */
    if (path)
        snprintf(path, 512, "%s", st ? "" : to);
    if (from >= 0)
        close(from);
    xfree(&to);
    return st;
}
