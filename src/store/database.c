#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/log.h"
#include "base/xmem.h"

enum { STANDARD_CACHE_KIB = 2000, KEPT = 64, BUSY_MS = 5000, RETRY_MS = 1 };

struct statement {
    sqlite3_stmt *stmt;
    struct database *db;
    uint32_t sum; /* of its text */
    bool in_use;
};

struct database {
    sqlite3 *handle;
    struct statement kept[KEPT];
    size_t next; /* slot to give up when all are taken */
    int depth;
    bool reading;         /* the open transaction only reads */
    int64_t transactions; /* begun so far */
    int64_t data_version;
    int64_t waiting_since; /* for a lock; monotonic */
    int turn;              /* open file whose lock is the turn, or -1 */
};

static const struct {
    const char *name, *value;
    const char *reads; /* what reading it back gives */
} pragmas[] = {
    {"journal_mode", "TRUNCATE", "truncate"},
    {"synchronous", "EXTRA", "3"},
    {"foreign_keys", "ON", "1"},
    {"trusted_schema", "OFF", "0"},
    {"cell_size_check", "ON", "1"},
    {"mmap_size", "0", "0"},
    {"temp_store", "MEMORY", "2"},
    {"secure_delete", "ON", "1"},
};

static enum status fail(struct database *db, struct error *err, int rc)
{
    static const struct {
        int rc;
        enum status code;
    } codes[] = {
        {SQLITE_BUSY, E_BUSY},       {SQLITE_LOCKED, E_BUSY},    {SQLITE_FULL, E_FULL},
        {SQLITE_CORRUPT, E_CORRUPT}, {SQLITE_NOTADB, E_CORRUPT}, {SQLITE_CONSTRAINT, E_CONFLICT},
        {SQLITE_TOOBIG, E_LIMIT},    {SQLITE_AUTH, E_DENIED},    {SQLITE_INTERRUPT, E_LIMIT},
    };
    enum status code = E_IO;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i].rc == (rc & 0xff))
            code = codes[i].code;
    int cause = code == E_IO && db->handle ? sqlite3_system_errno(db->handle) : 0;
    if (cause == EFBIG || cause == EDQUOT)
        code = E_FULL; /* SQLite knows ENOSPC only */
    const char *text = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
    log_line("database: %s (%d)", text, rc);
    bool shut = code == E_IO && ((rc & 0xff) == SQLITE_READONLY || cause == EACCES ||
                                 cause == EROFS || cause == EPERM);
    const char *file = db->handle ? sqlite3_db_filename(db->handle, "main") : NULL;
    if (shut)
        error_set(err, code,
                  _("%s に書けません。フォルダーの持ち主と権限、媒体が書けるかを確かめてください"
                    "（%s）"),
                  file && *file ? file : _("データベース"), text);
    else if (code == E_CORRUPT)
        error_set(err, code,
                  _("データベースが壊れています（%s）。使うのをやめ、控えから戻してください"
                    "（satomado restore 控えのファイル）"),
                  text);
    else
        error_set(err, code, "%s (%s)", status_text(code), text);
    if (err)
        err->os_error = rc;
    return code;
}

/* Most begin alike ("INSERT INTO ..."): they are told apart by this before they are compared.
 * FNV-1a.
 */
static uint32_t sum_of(const char *sql)
{
    uint32_t sum = 2166136261U;
    for (; *sql; sql++)
        sum = (sum ^ (uint8_t)*sql) * 16777619U;
    return sum;
}

static enum status prepare(struct database *db, const char *sql, struct statement **out,
                           struct error *err)
{
    struct statement *slot = NULL;
    uint32_t sum = sum_of(sql);
    for (size_t i = 0; i < KEPT; i++) {
        struct statement *s = &db->kept[i];
        if (s->stmt && !s->in_use && s->sum == sum && strcmp(sqlite3_sql(s->stmt), sql) == 0) {
            s->in_use = true;
            *out = s;
            return OK;
        }
    }
    for (size_t n = 0; n < KEPT && !slot; n++, db->next = (db->next + 1) % KEPT)
        if (!db->kept[db->next].in_use)
            slot = &db->kept[db->next];
    if (!slot)
        return error_set(err, E_INTERNAL, _("開いたままの問合せが多すぎます"));
    sqlite3_finalize(slot->stmt);
    slot->stmt = NULL;
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->stmt, NULL);
    if (rc)
        return fail(db, err, rc);
    slot->db = db;
    slot->sum = sum;
    slot->in_use = true;
    *out = slot;
    return OK;
}

/* `texts` says whether they outlive the statement's run (SQLITE_STATIC) or are copied. */
static void bind(struct statement *s, sqlite3_destructor_type texts, const char *types, va_list ap)
{
    for (int i = 1; *types; i++, types++) {
        if (*types == 'i') {
            sqlite3_bind_int64(s->stmt, i, va_arg(ap, int64_t));
            continue;
        }
        if (*types == 'b') { /* outlives the statement's run: it is run before the caller returns */
            const void *data = va_arg(ap, const void *);
            sqlite3_bind_blob64(s->stmt, i, data, va_arg(ap, size_t), SQLITE_STATIC);
            continue;
        }
        const char *text = va_arg(ap, const char *);
        sqlite3_bind_text(s->stmt, i, text, -1, texts);
    }
}

void statement_close(struct statement **statement)
{
    struct statement *s = *statement;
    *statement = NULL;
    if (!s)
        return;
    sqlite3_reset(s->stmt);
    sqlite3_clear_bindings(s->stmt);
    s->in_use = false;
}

bool statement_next(struct statement *s, enum status *st, struct error *err)
{
    int rc = sqlite3_step(s->stmt);
    *st = rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : fail(s->db, err, rc);
    return rc == SQLITE_ROW;
}

const char *statement_text(struct statement *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s->stmt, column);
    return text ? text : "";
}

const void *statement_bytes(struct statement *s, int column, size_t *len)
{
    const void *data = sqlite3_column_blob(s->stmt, column);
    *len = (size_t)sqlite3_column_bytes(s->stmt, column);
    return data ? data : "";
}

int statement_columns(struct statement *s)
{
    return sqlite3_column_count(s->stmt);
}

int64_t statement_int(struct statement *s, int column)
{
    return sqlite3_column_int64(s->stmt, column);
}

bool statement_is_null(struct statement *s, int column)
{
    return sqlite3_column_type(s->stmt, column) == SQLITE_NULL;
}

static enum status vquery(struct database *db, struct error *err, struct statement **out,
                          sqlite3_destructor_type texts, const char *sql, const char *types,
                          va_list ap)
{
    *out = NULL;
    enum status st = prepare(db, sql, out, err);
    if (!st)
        bind(*out, texts, types, ap);
    return st;
}

enum status database_query(struct database *db, struct error *err, struct statement **out,
                           const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    enum status st = vquery(db, err, out, SQLITE_TRANSIENT, sql, types, ap);
    va_end(ap);
    return st;
}

enum status database_run(struct database *db, struct error *err, const char *sql, const char *types,
                         ...)
{
    struct statement *s;
    va_list ap;
    va_start(ap, types);
    enum status st = vquery(db, err, &s, SQLITE_STATIC, sql, types, ap);
    va_end(ap);
    while (!st && statement_next(s, &st, err))
        continue;
    statement_close(&s);
    return st;
}

static enum status query_texts(struct database *db, struct error *err, struct statement **out,
                               sqlite3_destructor_type texts, const char *sql,
                               const char *const *values, size_t count)
{
    *out = NULL;
    enum status st = prepare(db, sql, out, err);
    for (size_t i = 0; !st && i < count; i++)
        sqlite3_bind_text((*out)->stmt, (int)i + 1, values[i], -1, texts);
    return st;
}

enum status database_query_texts(struct database *db, struct error *err, struct statement **out,
                                 const char *sql, const char *const *values, size_t count)
{
    return query_texts(db, err, out, SQLITE_TRANSIENT, sql, values, count);
}

enum status database_run_texts(struct database *db, struct error *err, const char *sql,
                               const char *const *values, size_t count)
{
    struct statement *s;
    enum status st = query_texts(db, err, &s, SQLITE_STATIC, sql, values, count);
    while (!st && statement_next(s, &st, err))
        continue;
    statement_close(&s);
    return st;
}

enum status database_int(struct database *db, struct error *err, int64_t *out, const char *sql,
                         const char *types, ...)
{
    struct statement *s;
    va_list ap;
    va_start(ap, types);
    enum status st = vquery(db, err, &s, SQLITE_STATIC, sql, types, ap);
    va_end(ap);
    *out = 0;
    if (!st && statement_next(s, &st, err))
        *out = statement_int(s, 0);
    statement_close(&s);
    return st;
}

enum status database_string(struct database *db, struct error *err, char **out, const char *sql,
                            const char *types, ...)
{
    struct statement *s;
    va_list ap;
    va_start(ap, types);
    enum status st = vquery(db, err, &s, SQLITE_STATIC, sql, types, ap);
    va_end(ap);
    *out = NULL;
    if (!st && statement_next(s, &st, err) && !statement_is_null(s, 0))
        *out = xstrdup(statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status database_script(struct database *db, const char *sql, struct error *err)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc ? fail(db, err, rc) : OK;
}

long database_changes(struct database *db)
{
    return sqlite3_changes(db->handle);
}

int64_t database_inserted(struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

bool database_in_transaction(const struct database *db)
{
    return db->depth > 0 && !db->reading;
}

int64_t database_transaction_number(const struct database *db)
{
    return db->depth ? db->transactions : 0;
}

void database_many(struct database *db, int kib)
{
    char *set = xasprintf("PRAGMA cache_size=%d; PRAGMA journal_mode=%s",
                          kib ? -kib : -STANDARD_CACHE_KIB, kib ? "PERSIST" : "TRUNCATE");
    database_script(db, set, NULL);
    if (!kib)
        sqlite3_db_release_memory(db->handle);
    xfree(&set);
}

/* --- Turns: who writes one transaction after another (a bundle taken in) would have the lock again
 * before anybody who waits looks. Who waits has the turn, and nobody begins without it. --- */

static bool waits_longer(struct database *db, int tries)
{
    const struct timespec step = {0, RETRY_MS * 1000000L};
    if (!tries)
        db->waiting_since = clock_mono();
    if (clock_mono() - db->waiting_since > BUSY_MS)
        return false;
    nanosleep(&step, NULL);
    return true;
}

/* Short steps: those of SQLite's own that grow let the one who waits longest wait longer. */
static int wait_for_lock(void *context, int tries)
{
    return waits_longer(context, tries);
}

/* Without it (a folder that cannot be written, a process that was stopped) the lock itself is
 * asked, as ever. */
static void take_turn(struct database *db)
{
    for (int tries = 0; db->turn >= 0 && flock(db->turn, LOCK_EX | LOCK_NB) != 0; tries++)
        if (!waits_longer(db, tries))
            return;
}

static void give_turn(struct database *db)
{
    if (db->turn >= 0)
        flock(db->turn, LOCK_UN);
}

static int open_turn(const char *path)
{
    char *name = xasprintf("%s-turn", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    xfree(&name);
    return fd;
}

static enum status end_transaction(struct database *db, enum status st, struct error *err)
{
    if (!st)
        st = database_run(db, err, "COMMIT", "");
    if (st && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    db->depth = 0;
    db->reading = false;
    return st;
}

enum status database_reading(struct database *db, database_work work, void *context,
                             struct error *err)
{
    if (db->depth)
        return work(context, err);
    enum status st = database_run(db, err, "BEGIN", "");
    if (st)
        return st;
    db->depth = 1;
    db->reading = true;
    db->transactions++;
    return end_transaction(db, work(context, err), err);
}

/* A part of a transaction that may fail by itself. */
static enum status run_part(struct database *db, database_work work, void *context,
                            struct error *err)
{
    /* After some failures SQLite has taken back the whole; what follows would stand alone. */
    if (sqlite3_get_autocommit(db->handle))
        return error_set(err, E_IO, _("書込みが取り消されました。やり直してください"));
    enum status st = database_run(db, err, "SAVEPOINT part", "");
    if (st)
        return st;
    db->depth++;
    st = work(context, err);
    db->depth--;
    if (!st)
        return database_run(db, err, "RELEASE part", "");
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
    return st;
}

enum status database_transaction(struct database *db, database_work work, void *context,
                                 struct error *err)
{
    if (db->reading)
        return error_set(err, E_INTERNAL, "%s", "a transaction that only reads wants to write");
    if (db->depth)
        return run_part(db, work, context, err);
    take_turn(db);
    enum status st = database_run(db, err, "BEGIN IMMEDIATE", "");
    give_turn(db);
    if (st)
        return st;
    db->depth = 1;
    db->transactions++;
    return end_transaction(db, work(context, err), err);
}

bool database_changed(struct database *db)
{
    int64_t version;
    if (database_int(db, NULL, &version, "PRAGMA data_version", ""))
        return false;
    bool changed = db->data_version && version != db->data_version;
    db->data_version = version;
    return changed;
}

struct sqlite3 *database_handle(struct database *db)
{
    return db->handle;
}

static enum status set_pragmas(struct database *db, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
        char *set = xasprintf("PRAGMA %s=%s", pragmas[i].name, pragmas[i].value);
        char *get = xasprintf("PRAGMA %s", pragmas[i].name), *value = NULL;
        enum status st = database_script(db, set, err);
        if (!st)
            st = database_string(db, err, &value, get, "");
        /* A build without memory mapping has no value to give. */
        if (!st && value && strcmp(value, pragmas[i].reads) != 0)
            st = error_set(err, E_IO, _("データベースの設定 %s が %s になりません（%s）"),
                           pragmas[i].name, pragmas[i].value, value);
        xfree(&set);
        xfree(&get);
        xfree(&value);
        if (st)
            return st;
    }
    return OK;
}

struct migration {
    struct database *db;
    const char *const *scripts;
};

static enum status migrate(void *context, struct error *err)
{
    struct migration *m = context;
    int64_t version, known = 0;
    enum status st = database_int(m->db, err, &version, "PRAGMA user_version", "");
    while (m->scripts[known])
        known++;
    if (!st && version > known)
        return error_set(
            err, E_UNSUPPORTED,
            _("このデータは新しい版のプログラムで書かれています。プログラムを更新してください"));
    for (; !st && version < known; version++)
        st = database_script(m->db, m->scripts[version], err);
    char *set = xasprintf("PRAGMA user_version=%lld", (long long)known);
    if (!st)
        st = database_script(m->db, set, err);
    xfree(&set);
    return st;
}

static enum status check_version(struct database *db, const char *const *migrations,
                                 struct error *err)
{
    struct migration m = {db, migrations};
    int64_t version, known = 0;
    enum status st = database_int(db, err, &version, "PRAGMA user_version", "");
    while (migrations[known])
        known++;
    return st || version == known ? st : database_transaction(db, migrate, &m, err);
}

/* SQLite is called by one thread, and nobody asks how much memory it has: no locks and no counting
 * with each allocation. Only before its first call is there anything to say. */
static void configure(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum status database_open(const char *path, const char *const *migrations, struct database **out,
                          struct error *err)
{
    *out = NULL;
    if (file_on_network(path))
        return error_set(
            err, E_UNSUPPORTED,
            _("%s はネットワーク上のフォルダーです。この機械のディスクに置いてください"), path);
    configure();
    struct database *db = xcalloc(1, sizeof *db);
    db->turn = -1;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                      SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    char *real = realpath(path, NULL); /* a linked folder is fine, a linked file is not ours */
    int rc = sqlite3_open_v2(real ? real : path, &db->handle, flags, NULL);
    free(real);
    enum status st = rc ? fail(db, err, rc) : OK;
    if (!st) {
        sqlite3_busy_handler(db->handle, wait_for_lock, db);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
        chmod(path, 0600);
        db->turn = open_turn(path);
        st = set_pragmas(db, err);
    }
    if (!st)
        st = check_version(db, migrations, err);
    if (st)
        database_free(&db);
    *out = db;
    if (db)
        database_changed(db);
    return st;
}

void database_free(struct database **db)
{
    if (!*db)
        return;
    for (size_t i = 0; i < KEPT; i++)
        sqlite3_finalize((*db)->kept[i].stmt);
    sqlite3_close((*db)->handle);
    if ((*db)->turn >= 0)
        close((*db)->turn);
    xfree(db);
}
