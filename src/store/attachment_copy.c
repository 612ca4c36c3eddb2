/* The bytes of attachments beside a backup, and back. They never change, so only what is new is
 * copied. */
#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/attachment_internal.h"

struct copying {
    struct database *from, *to;
    const char *blob;
};

static enum status blobs_of(struct database *db, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(db, err, &s, "SELECT hash FROM blob ORDER BY hash", "");
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

static enum status copy_head(struct copying *c, char salt[ATTACHMENT_SALT_HEX], int64_t *id,
                             struct error *err)
{
    struct statement *s;
    enum status st =
        database_query(c->from, err, &s,
                       "SELECT salt,size,name,copy_of,added FROM blob WHERE hash=?", "t", c->blob);
    if (!st && statement_next(s, &st, err)) {
        snprintf(salt, ATTACHMENT_SALT_HEX, "%s", statement_text(s, 0));
        st = database_run(c->to, err,
                          "INSERT INTO blob(hash,salt,size,name,copy_of,added) VALUES(?,?,?,?,?,?)",
                          "ttittt", c->blob, statement_text(s, 0), statement_int(s, 1),
                          statement_text(s, 2), statement_text(s, 3), statement_text(s, 4));
    }
    statement_close(&s);
    return st ? st : database_int(c->to, err, id, "SELECT last_insert_rowid()", "");
}

/* Hashed on the way: a damaged copy is none. */
static enum status copy_blob(void *context, struct error *err)
{
    struct copying *c = context;
    struct statement *s = NULL;
    struct hash hash;
    char salt[ATTACHMENT_SALT_HEX] = "", made[HASH_HEX_SIZE];
    int64_t id, n = 0;
    enum status st = copy_head(c, salt, &id, err);
    attachment_hash_begin(&hash, salt);
    if (!st)
        st = database_query(c->from, err, &s,
                            "SELECT p.bytes FROM piece p JOIN blob b ON b.id=p.blob"
                            " WHERE b.hash=? ORDER BY p.n",
                            "t", c->blob);
    while (!st && statement_next(s, &st, err)) {
        size_t len;
        const void *data = statement_bytes(s, 0, &len);
        hash_add(&hash, data, len);
        st = database_run(c->to, err, "INSERT INTO piece(blob,n,bytes) VALUES(?,?,?)", "iib", id,
                          n++, data, len);
    }
    statement_close(&s);
    attachment_hash_end(&hash, made);
    if (!st && strcmp(made, c->blob) != 0)
        st = error_set(err, E_CORRUPT, _("添付 %.16s の中身が壊れています"), c->blob);
    return st;
}

static enum status copy_all(struct copying *c, bool prune, struct error *err)
{
    struct strings have = STRINGS_INIT, there = STRINGS_INIT;
    struct error damaged = {0};
    enum status st = blobs_of(c->from, &have, err);
    if (!st)
        st = blobs_of(c->to, &there, err);
    for (size_t i = 0; !st && i < have.count; i++) {
        if (strings_find(&there, have.items[i]) >= 0)
            continue;
        c->blob = have.items[i];
        st = database_transaction(c->to, copy_blob, c, err ? err : &damaged);
        if (st == E_CORRUPT) { /* the others are worth having */
            if (err)
                damaged = *err;
            st = OK;
        }
    }
    for (size_t i = 0; !st && prune && i < there.count; i++)
        if (strings_find(&have, there.items[i]) < 0)
            st = database_run(c->to, err, "DELETE FROM blob WHERE hash=?", "t", there.items[i]);
    strings_free(&have);
    strings_free(&there);
    if (!st && damaged.code && err)
        *err = damaged;
    return st ? st : damaged.code;
}

enum status attachments_copy(const char *from, const char *to, bool prune, struct error *err)
{
    struct copying c = {0};
    char *source = file_path(from, ATTACHMENT_FILE), *target = file_path(to, ATTACHMENT_FILE);
    enum status st = OK;
    if (file_exists(source)) { /* else nothing was ever attached */
        st = database_open(source, attachment_migrations(), &c.from, err);
        if (!st)
            st = database_open(target, attachment_migrations(), &c.to, err);
        if (!st)
            st = copy_all(&c, prune, err);
    }
    database_free(&c.from);
    database_free(&c.to);
    xfree(&source);
    xfree(&target);
    return st;
}
