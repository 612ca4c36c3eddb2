#include "bare.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/xmem.h"
#include "measure.h"

static void check(struct sqlite3 *db, int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
        die("SQLite: %s", sqlite3_errmsg(db));
}

struct sqlite3 *bare_open(const char *path, int keep)
{
    struct sqlite3 *db;
    if (!keep)
        unlink(path);
    check(NULL, sqlite3_open(path, &db));
    check(db, sqlite3_exec(db,
                           "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA;"
                           "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON",
                           NULL, NULL, NULL));
    if (!keep)
        check(db, sqlite3_exec(db, "CREATE TABLE bare(text TEXT NOT NULL)", NULL, NULL, NULL));
    return db;
}

void bare_close(struct sqlite3 *db)
{
    sqlite3_close(db);
}

void bare_insert(struct sqlite3 *db, const char *text, size_t len)
{
    sqlite3_stmt *insert;
    check(db, sqlite3_prepare_v2(db, "INSERT INTO bare(text) VALUES(?)", -1, &insert, NULL));
    check(db, sqlite3_bind_text(insert, 1, text, (int)len, SQLITE_STATIC));
    check(db, sqlite3_step(insert));
    sqlite3_finalize(insert);
}

long bare_query(struct sqlite3 *db, const char *sql, const char *argument)
{
    sqlite3_stmt *query;
    long rows = 0;
    check(db, sqlite3_prepare_v2(db, sql, -1, &query, NULL));
    check(db, sqlite3_bind_text(query, 1, argument, -1, SQLITE_STATIC));
    while (sqlite3_step(query) == SQLITE_ROW)
        rows++;
    sqlite3_finalize(query);
    return rows;
}
