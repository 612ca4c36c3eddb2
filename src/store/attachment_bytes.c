/* The bytes of attachments: DIR/attachments.db. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/attachment_internal.h"
#include "store/store_internal.h"

/* Pieces are rows of their own: one value of 20 MB would be 20 MB of memory each time. */
static const char tables[] =
    "CREATE TABLE blob(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, salt TEXT NOT NULL,"
    " size INTEGER NOT NULL, name TEXT NOT NULL, copy_of TEXT NOT NULL, added TEXT NOT NULL);"
    "CREATE TABLE piece(blob INTEGER NOT NULL REFERENCES blob(id) ON DELETE CASCADE,"
    " n INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE UNIQUE INDEX piece_place ON piece(blob, n);";
static const char *const migrations[] = {tables, NULL};

const char *const *attachment_migrations(void)
{
    return migrations;
}

/* Opened when it is first wanted: most days nobody attaches anything. */
static enum status open_bytes(struct store *store, struct database **out, struct error *err)
{
    enum status st = OK;
    if (!store->attachments) {
        char *path = file_path(store->dir, ATTACHMENT_FILE);
        st = database_open(path, migrations, &store->attachments, err);
        xfree(&path);
    }
    *out = store->attachments;
    return st;
}

bool attachment_here(struct store *store, const char *blob)
{
    struct database *db;
    int64_t id = 0;
    return open_bytes(store, &db, NULL) == OK &&
           database_int(db, NULL, &id, "SELECT id FROM blob WHERE hash=?", "t", blob) == OK && id;
}

static enum status not_here(const char *blob, struct error *err)
{
    return error_set(err, E_NOT_FOUND, _("添付 %.16s はここにありません"), blob);
}

enum status attachment_find_added(struct store *store, const char *blob, struct attachment *out,
                                  struct error *err)
{
    struct database *db;
    struct statement *s = NULL;
    enum status st = open_bytes(store, &db, err);
    if (!st)
        st = database_query(db, err, &s,
                            "SELECT salt, size, name, copy_of, added FROM blob WHERE hash=?", "t",
                            blob);
    bool found = !st && statement_next(s, &st, err);
    if (found) {
        *out = (struct attachment){.here = true, .size = statement_int(s, 1)};
        snprintf(out->blob, sizeof out->blob, "%s", blob);
        snprintf(out->salt, sizeof out->salt, "%s", statement_text(s, 0));
        out->name = xstrdup(statement_text(s, 2));
        out->copy_of = xstrdup(statement_text(s, 3));
        out->at = xstrdup(statement_text(s, 4));
        out->path = xstrdup("");
        out->actor = xstrdup("");
    }
    statement_close(&s);
    return st || found ? st : not_here(blob, err);
}

/* --- Bytes in --- */

void attachment_hash_begin(struct hash *hash, const char *salt)
{
    uint8_t bytes[HASH_SIZE];
    hash_start(hash, "satomado-blob-1");
    if (hex_decode(bytes, sizeof bytes, salt))
        hash_add(hash, bytes, sizeof bytes);
}

void attachment_hash_end(struct hash *hash, char out[HASH_HEX_SIZE])
{
    uint8_t bytes[HASH_SIZE];
    hash_finish(hash, bytes);
    hex_encode(out, bytes, sizeof bytes);
}

struct copying {
    struct database *db;
    int fd; /* read from its beginning */
    struct attachment what;
    const char *expected; /* hash, NULL when it becomes what it becomes */
};

static enum status copy_pieces(struct copying *c, int64_t id, struct error *err)
{
    char *piece = xmalloc(ATTACHMENT_PIECE);
    struct hash hash;
    enum status st = OK;
    ssize_t len = 1;
    attachment_hash_begin(&hash, c->what.salt);
    c->what.size = 0;
    for (int64_t n = 0; !st && len; n++) {
        size_t have = 0;
        while (have < ATTACHMENT_PIECE &&
               (len = read(c->fd, piece + have, ATTACHMENT_PIECE - have)) != 0) {
            if (len < 0 && errno == EINTR)
                continue;
            if (len < 0) {
                st = error_errno(err, E_IO, _("添付するファイルを読めません"));
                break;
            }
            have += (size_t)len;
        }
        c->what.size += (int64_t)have;
        if (!st && c->what.size > ATTACHMENT_MAX)
            st = error_set(err, E_LIMIT, _("添付は1つ20MBまでです"));
        if (!st && have) {
            hash_add(&hash, piece, have);
            st = database_run(c->db, err, "INSERT INTO piece(blob,n,bytes) VALUES(?,?,?)", "iib",
                              id, n, piece, have);
        }
    }
    attachment_hash_end(&hash, c->what.blob);
    xfree(&piece);
    return st;
}

static enum status copy_in(void *context, struct error *err)
{
    struct copying *c = context;
    int64_t id, known;
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    /* The hash is known at the end; until then the salt, as random, stands for it. */
    enum status st = database_run(c->db, err,
                                  "INSERT INTO blob(hash,salt,size,name,copy_of,added)"
                                  " VALUES(?1,?1,0,?2,?3,?4)",
                                  "tttt", c->what.salt, c->what.name, c->what.copy_of, now);
    if (!st)
        st = database_int(c->db, err, &id, "SELECT last_insert_rowid()", "");
    if (!st)
        st = copy_pieces(c, id, err);
    if (!st && c->expected && strcmp(c->expected, c->what.blob) != 0)
        st = error_set(err, E_CRYPTO, _("添付 %.16s の中身が記録と違います。取り込んでいません"),
                       c->expected);
    if (!st)
        st = database_int(c->db, err, &known, "SELECT count(*) FROM blob WHERE hash=?", "t",
                          c->what.blob);
    if (!st && known)
        return database_run(c->db, err, "DELETE FROM blob WHERE id=?", "i", id);
    return st ? st
              : database_run(c->db, err, "UPDATE blob SET hash=?, size=? WHERE id=?", "tii",
                             c->what.blob, c->what.size, id);
}

static enum status open_plain(const char *file, int *fd, struct error *err)
{
    struct stat info;
    *fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("%s を読めません"), file);
    if (fstat(*fd, &info) != 0 || !S_ISREG(info.st_mode))
        return error_set(err, E_INVALID, _("%s はふつうのファイルではありません"), file);
    if (info.st_size == 0)
        return error_set(err, E_INVALID, _("%s は空です"), file);
    if (info.st_size > ATTACHMENT_MAX)
        return error_set(err, E_LIMIT, _("%s は20MBより大きいので添付できません"), file);
    return OK;
}

enum status attachment_add(struct store *store, const char *file, const char *name,
                           const char *copy_of, char blob[HASH_HEX_SIZE], struct error *err)
{
    struct copying c = {.fd = -1};
    uint8_t salt[HASH_SIZE];
    enum status st = open_plain(file, &c.fd, err);
    if (!st)
        st = open_bytes(store, &c.db, err);
    if (!st) {
        random_bytes(salt, sizeof salt);
        hex_encode(c.what.salt, salt, sizeof salt);
        c.what.name = xstrdup(name);
        c.what.copy_of = xstrdup(copy_of);
        st = database_transaction(c.db, copy_in, &c, err);
        snprintf(blob, HASH_HEX_SIZE, "%s", c.what.blob);
    }
    if (c.fd >= 0)
        close(c.fd);
    attachment_free(&c.what);
    return st;
}

enum status attachment_body(struct store *store, const char *blob, struct line *body,
                            struct error *err)
{
    struct attachment a = {0};
    *body = (struct line)LINE_INIT;
    enum status st = attachment_find_added(store, blob, &a, err);
    if (!st) {
        line_add_text(body, "salt", a.salt);
        line_add_text(body, "blob", a.blob);
        line_add_text(body, "name", a.name);
        line_add_text(body, "copy_of", a.copy_of);
        line_add_number(body, "size", a.size);
    }
    attachment_free(&a);
    return st;
}

/* --- Bytes from elsewhere: beside the database until all are there --- */

static int open_new(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

struct incoming {
    struct store *store;
    struct attachment what;
    int fd;
    int64_t got;
};

enum status incoming_begin(struct store *store, const char *blob, struct incoming **out,
                           struct error *err)
{
    struct incoming *in = xcalloc(1, sizeof *in);
    struct error why = {0};
    *out = NULL;
    enum status st = attachment_find(store, blob, &in->what, &why);
    if (st || !*in->what.event)
        st = error_set(err, E_HELD, _("添付 %.16s を記した記録がまだ届いていません"), blob);
    if (!st) {
        char *name = xasprintf("incoming-%ld", (long)getpid());
        char *path = file_path(store->dir, name);
        unlink(path);
        in->fd = open_new(path);
        if (in->fd < 0)
            st = error_errno(err, E_IO, _("添付を書けません"));
        else
            unlink(path); /* a name nobody needs: it is gone whatever happens */
        xfree(&path);
        xfree(&name);
    }
    in->store = store;
    if (st) {
        attachment_free(&in->what);
        xfree(&in);
    }
    *out = in;
    return st;
}

enum status incoming_add(struct incoming *in, const void *data, size_t len, struct error *err)
{
    in->got += (int64_t)len;
    if (in->got > in->what.size || in->got > ATTACHMENT_MAX)
        return error_set(err, E_LIMIT, _("添付 %.16s が記録にある大きさを超えています"),
                         in->what.blob);
    return in->what.here ? OK : file_write_all(in->fd, data, len, err);
}

enum status incoming_finish(struct incoming **slot, struct error *err)
{
    struct incoming *in = *slot;
    struct copying c = {.fd = in->fd, .what = in->what, .expected = in->what.blob};
    char expected[HASH_HEX_SIZE];
    memcpy(expected, in->what.blob, sizeof expected);
    c.expected = expected;
    enum status st = OK;
    if (in->got != in->what.size)
        st = error_set(err, E_CRYPTO, _("添付 %.16s の中身が記録と違います。取り込んでいません"),
                       expected);
    if (!st && !in->what.here && lseek(in->fd, 0, SEEK_SET) != 0)
        st = error_errno(err, E_IO, _("添付を書けません"));
    if (!st && !in->what.here)
        st = open_bytes(in->store, &c.db, err);
    if (!st && !in->what.here)
        st = database_transaction(c.db, copy_in, &c, err);
    incoming_free(slot);
    return st;
}

void incoming_free(struct incoming **slot)
{
    if (!*slot)
        return;
    close((*slot)->fd);
    attachment_free(&(*slot)->what);
    xfree(slot);
}

/* --- Bytes out --- */

enum status attachment_read(struct store *store, const char *blob, attachment_sink sink,
                            void *context, struct error *err)
{
    struct database *db;
    struct statement *s = NULL;
    struct attachment a = {0};
    struct hash hash;
    char made[HASH_HEX_SIZE];
    int64_t size = 0;
    enum status st = attachment_find_added(store, blob, &a, err);
    if (!st)
        st = open_bytes(store, &db, err);
    if (!st)
        st = database_query(db, err, &s,
                            "SELECT p.bytes FROM piece p JOIN blob b ON b.id=p.blob"
                            " WHERE b.hash=? ORDER BY p.n",
                            "t", blob);
    attachment_hash_begin(&hash, a.salt);
    while (!st && statement_next(s, &st, err)) {
        size_t len;
        const void *data = statement_bytes(s, 0, &len);
        hash_add(&hash, data, len);
        size += (int64_t)len;
        if (sink)
            st = sink(context, data, len, err);
    }
    statement_close(&s);
    attachment_hash_end(&hash, made);
    if (!st && (strcmp(made, blob) != 0 || size != a.size))
        st = error_set(err, E_CORRUPT, _("添付 %.16s の中身が壊れています"), blob);
    attachment_free(&a);
    return st;
}

static enum status write_piece(void *context, const void *data, size_t len, struct error *err)
{
    return file_write_all(*(int *)context, data, len, err);
}

enum status attachment_export(struct store *store, const char *blob, const char *file,
                              struct error *err)
{
    char *temporary = xasprintf("%s.%ld.tmp", file, (long)getpid());
    if (file_exists(file)) {
        xfree(&temporary);
        return error_set(err, E_EXISTS, _("%s がすでにあります"), file);
    }
    int fd = open_new(temporary);
    enum status st = fd < 0 ? error_errno(err, E_IO, _("%s に書けません"), file)
                            : attachment_read(store, blob, write_piece, &fd, err);
    if (!st && fsync(fd) != 0)
        st = error_errno(err, E_IO, _("%s に書けません"), file);
    if (fd >= 0)
        close(fd);
    /* link() and not rename(): what somebody else put there meanwhile stays. */
    if (!st && link(temporary, file) != 0 && (errno == EEXIST || rename(temporary, file) != 0))
        st = error_errno(err, errno == EEXIST ? E_EXISTS : E_IO, _("%s に書けません"), file);
    if (fd >= 0)
        unlink(temporary);
    char *slash = strrchr(temporary, '/');
    temporary[slash == temporary ? 1 : slash ? slash - temporary : 0] = '\0';
    if (!st)
        st = file_sync_dir(*temporary ? temporary : ".", err);
    xfree(&temporary);
    return st;
}

/* --- Bytes gone --- */

enum status attachment_erase(struct store *store, const char *blob, struct error *err)
{
    struct database *db;
    enum status st = open_bytes(store, &db, err);
    return st ? st : database_run(db, err, "DELETE FROM blob WHERE hash=?", "t", blob);
}

static bool named(struct store *store, const char *blob)
{
    int64_t n;
    /* When the journal cannot be asked, nothing goes. */
    return database_int(store->db, NULL, &n, "SELECT count(*) FROM attachment WHERE blob=?", "t",
                        blob) != OK ||
           n > 0;
}

enum status attachment_drop(struct store *store, const char *blob, struct error *err)
{
    return named(store, blob) ? OK : attachment_erase(store, blob, err);
}

static enum status blobs_before(struct store *store, const char *before, struct strings *out,
                                struct error *err)
{
    struct database *db;
    struct statement *s = NULL;
    enum status st = open_bytes(store, &db, err);
    if (!st)
        st = database_query(db, err, &s,
                            "SELECT hash FROM blob WHERE ?1 IS NULL OR added<?1 ORDER BY hash", "t",
                            before);
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status attachment_unnamed(struct store *store, const char *before, struct strings *out,
                               struct error *err)
{
    struct strings all = STRINGS_INIT;
    enum status st = blobs_before(store, before, &all, err);
    for (size_t i = 0; i < all.count; i++)
        if (!named(store, all.items[i]))
            strings_add(out, all.items[i]);
    strings_free(&all);
    return st;
}

enum status attachment_verify(struct store *store, void (*report)(void *context, const char *line),
                              void *context, int64_t *checked, struct error *err)
{
    struct strings all = STRINGS_INIT;
    char *path = file_path(store->dir, ATTACHMENT_FILE);
    *checked = 0;
    enum status st = store->attachments || file_exists(path)
                         ? blobs_before(store, NULL, &all, err)
                         : OK; /* nothing was ever attached here */
    for (size_t i = 0; !st && i < all.count; i++) {
        struct error why = {0};
        if (attachment_read(store, all.items[i], NULL, NULL, &why))
            report(context, error_text(&why));
        ++*checked;
    }
    strings_free(&all);
    xfree(&path);
    return st;
}
