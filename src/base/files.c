#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"

char *file_path(const char *dir, const char *name)
{
    return xasprintf("%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

uint64_t file_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

enum status file_make_dirs(const char *path, struct error *err)
{
    enum status st = OK;
    char *copy = xstrdup(path);
    for (char *slash = strchr(copy + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
            st = error_errno(err, E_IO, _("フォルダー %s を作れません"), copy);
            break;
        }
        if (!slash)
            break;
        *slash = '/';
    }
    xfree(&copy);
    if (!st && !file_is_dir(path))
        st = error_set(err, E_IO, _("%s はフォルダーではありません"), path);
    return st;
}

enum status file_make_dir(const char *path, struct error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return errno == ENOENT
                   ? error_set(err, E_NOT_FOUND,
                               _("フォルダー %s がありません。媒体をつないだか、名前が正しいかを"
                                 "確かめてください"),
                               path)
                   : error_errno(err, E_IO, _("フォルダー %s を作れません"), path);
    return file_is_dir(path) ? OK : error_set(err, E_IO, _("%s はフォルダーではありません"), path);
}

enum status file_read(const char *path, size_t limit, struct buffer *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("%s を開けません"), path);
    enum status st = OK;
    size_t start = out->len;
    for (;;) {
        buffer_reserve(out, 65536);
        ssize_t got = read(fd, out->data + out->len, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            st = error_errno(err, E_IO, _("%s を読めません"), path);
        if (got <= 0)
            break;
        out->len += (size_t)got;
        if (out->len - start > limit) {
            st = error_set(err, E_LIMIT, _("%s は大きすぎます（%zu バイトまで）"), path, limit);
            break;
        }
    }
    buffer_reserve(out, 1);
    out->data[out->len] = '\0';
    close(fd);
    return st;
}

enum status file_write_all(int fd, const void *data, size_t len, struct error *err)
{
    const char *p = data;
    while (len) {
        ssize_t put = write(fd, p, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
            return error_errno(err, E_FULL, "%s", _("空き容量がありません"));
        if (put < 0)
            return error_errno(err, E_IO, "%s", _("書き込めません"));
        p += put;
        len -= (size_t)put;
    }
    return OK;
}

enum status file_sync_dir(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, E_IO, _("フォルダー %s を開けません"), path);
    /* Some file systems of sticks cannot sync a directory: EINVAL is their word for "not needed".
     */
    int rc = fsync(fd);
    enum status st = OK;
    if (rc != 0 && errno != EINVAL)
        st = error_errno(err, E_IO, _("フォルダー %s を書き終えられません"), path);
    close(fd);
    return st;
}

enum status file_write(const char *path, const void *data, size_t len, struct error *err)
{
    char *temp = xasprintf("%s.tmp%ld", path, (long)getpid());
    const char *slash = strrchr(path, '/');
    char *dir = slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
    enum status st;
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        st = error_errno(err, E_IO, _("%s を書けません"), path);
        goto out;
    }
    st = file_write_all(fd, data, len, err);
    if (!st && fsync(fd) != 0)
        st = error_errno(err, E_IO, _("%s を書き終えられません"), path);
    if (close(fd) != 0 && !st)
        st = error_errno(err, E_IO, _("%s を書き終えられません"), path);
    if (!st && rename(temp, path) != 0)
        st = error_errno(err, E_IO, _("%s を置き換えられません"), path);
    if (!st)
        st = file_sync_dir(dir, err);
    else
        unlink(temp);
out:
    xfree(&dir);
    xfree(&temp);
    return st;
}

void file_sweep(const char *dir, const char *prefix)
{
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        const char *temp = strstr(entry->d_name, ".tmp");
        char *end = NULL;
        long pid = temp ? strtol(temp + 4, &end, 10) : 0;
        if (!str_starts(entry->d_name, prefix) || pid <= 0 || *end || pid > INT_MAX ||
            kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        char *path = file_path(dir, entry->d_name);
        unlink(path);
        xfree(&path);
    }
    if (d)
        closedir(d);
}

enum status file_list(const char *path, struct strings *dirs, struct strings *files,
                      struct error *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO,
                           _("フォルダー %s を開けません"), path);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        char *full = file_path(path, entry->d_name);
        strings_add(file_is_dir(full) ? dirs : files, entry->d_name);
        xfree(&full);
    }
    closedir(dir);
    strings_sort(dirs);
    strings_sort(files);
    return OK;
}

bool file_free_space(const char *path, uint64_t *bytes)
{
    struct statvfs fs;
    if (statvfs(path, &fs) != 0)
        return false;
    *bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    return true;
}

char *file_resource(const char *name)
{
    const char *share = getenv("SATOMADO_SHARE");
    char exe[4096];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash)
        *slash = '\0';
    char *beside = xasprintf("%s/share", exe);
    const char *dirs[] = {share, beside, PKGDATADIR};
    char *found = NULL;
    for (size_t i = 0; i < ARRAY_LEN(dirs) && !found; i++) {
        if (str_empty(dirs[i]))
            continue;
        found = file_path(dirs[i], name);
        if (!file_exists(found) && i + 1 < ARRAY_LEN(dirs))
            xfree(&found);
    }
    xfree(&beside);
    return found;
}

bool file_on_network(const char *path)
{
    /* statfs(2): NFS, SMB, CIFS, SMB2, 9P, AFS, CEPH, CODA, NCP */
    static const unsigned long magic[] = {0x6969,     0x517b,     0xff534d42,
                                          0xfe534d42, 0x01021997, 0x5346414f,
                                          0x00c36400, 0x73757245, 0x564c};
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(magic); i++)
        if (((unsigned long)fs.f_type & 0xffffffffUL) == magic[i])
            return true;
    return false;
}
