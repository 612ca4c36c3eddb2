#include "xlsform/package.h"

#include <minizip/unzip.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"

/* --- minizip reads from memory --- */

struct source {
    const char *data;
    size_t len, at;
};

static voidpf source_open(voidpf opaque, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return opaque;
}
static uLong source_read(voidpf opaque, voidpf stream, void *out, uLong size)
{
    struct source *s = stream;
    (void)opaque;
    size_t len = size < s->len - s->at ? size : s->len - s->at;
    memcpy(out, s->data + s->at, len);
    s->at += len;
    return len;
}
static uLong source_write(voidpf opaque, voidpf stream, const void *data, uLong size)
{
    (void)opaque;
    (void)stream;
    (void)data;
    (void)size;
    return 0;
}
static ZPOS64_T source_tell(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return ((struct source *)stream)->at;
}
static long source_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    struct source *s = stream;
    (void)opaque;
    ZPOS64_T from = origin == ZLIB_FILEFUNC_SEEK_END   ? s->len
                    : origin == ZLIB_FILEFUNC_SEEK_CUR ? s->at
                                                       : 0;
    if (offset > s->len || from + offset > s->len)
        return -1;
    s->at = (size_t)(from + offset);
    return 0;
}
static int source_close(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

/* --- Parts --- */

struct package {
    struct source source;
    unzFile zip;
    uint64_t total;
};

enum status package_open(const void *data, size_t len, struct package **out, struct error *err)
{
    struct package *p = xcalloc(1, sizeof *p);
    unz_global_info64 info;
    p->source = (struct source){data, len, 0};
    zlib_filefunc64_def functions = {source_open, source_read,  source_write, source_tell,
                                     source_seek, source_close, source_close, &p->source};
    p->zip = unzOpen2_64("", &functions);
    *out = NULL;
    if (!p->zip || unzGetGlobalInfo64(p->zip, &info) != UNZ_OK) {
        package_close(&p);
        return error_set(err, E_PARSE, "%s", _("xlsx のファイルではありません"));
    }
    if (info.number_entry > PACKAGE_PARTS_MAX) {
        package_close(&p);
        return error_set(err, E_LIMIT, "%s", _("xlsx の中のファイルが多すぎます"));
    }
    *out = p;
    return OK;
}

void package_close(struct package **package)
{
    if (*package && (*package)->zip)
        unzClose((*package)->zip);
    xfree(package);
}

static enum status too_large(const char *name, struct error *err)
{
    return error_set(err, E_LIMIT, _("xlsx の中の %s が大きすぎます"), name);
}

static enum status unpack(struct package *p, const char *name, struct buffer *out,
                          struct error *err)
{
    char data[65536];
    size_t before = out->len;
    int got;
    while ((got = unzReadCurrentFile(p->zip, data, sizeof data)) > 0) {
        buffer_add(out, data, (size_t)got);
        p->total += (uint64_t)got;
        /* what the directory says may be a lie */
        if (out->len - before > PACKAGE_PART_MAX || p->total > PACKAGE_TOTAL_MAX)
            return too_large(name, err);
    }
    int closed = unzCloseCurrentFile(p->zip);
    if (got < 0 || closed != UNZ_OK)
        return error_set(err, E_PARSE, _("xlsx の中の %s が壊れています"), name);
    return OK;
}

enum status package_part(struct package *p, const char *name, struct buffer *out, struct error *err)
{
    unz_file_info64 info;
    if (unzLocateFile(p->zip, name, 1) != UNZ_OK ||
        unzGetCurrentFileInfo64(p->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
        return error_set(err, E_NOT_FOUND, _("xlsx の中に %s がありません"), name);
    if (info.flag & 1)
        return error_set(err, E_PARSE, "%s",
                         _("パスワードのかかった xlsx です。外してからやり直してください"));
    if (info.uncompressed_size > PACKAGE_PART_MAX ||
        (info.uncompressed_size > 1 << 20 &&
         info.uncompressed_size / (info.compressed_size + 1) > PACKAGE_RATIO_MAX))
        return too_large(name, err);
    if (unzOpenCurrentFile(p->zip) != UNZ_OK)
        return error_set(err, E_PARSE, _("xlsx の中の %s が壊れています"), name);
    return unpack(p, name, out, err);
}
