#include "store/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"

enum { STEP_PAGES = 512, RESTARTS = 20 };

static enum status fail(sqlite3 *db, const char *path, struct error *err)
{
    int rc = sqlite3_errcode(db) & 0xff;
    enum status code = rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? E_CORRUPT
                       : rc == SQLITE_FULL                         ? E_FULL
                       : rc == SQLITE_BUSY || rc == SQLITE_LOCKED  ? E_BUSY
                                                                   : E_IO;
    return error_set(err, code, _("%s: %s（%s）"), path, status_text(code), sqlite3_errmsg(db));
}

/* Another process that writes makes the copy begin again; after some of that it goes in one step,
 * for which writers wait. */
static enum status copy_pages(sqlite3 *source, sqlite3 *target, const char *to,
                              backup_progress progress, void *context, struct error *err)
{
    sqlite3_backup *work = sqlite3_backup_init(target, "main", source, "main");
    if (!work)
        return fail(target, to, err);
    enum status st = OK;
    int rc = SQLITE_OK, left = 0, restarts = 0;
    do {
        rc = sqlite3_backup_step(work, restarts > RESTARTS ? -1 : STEP_PAGES);
        int total = sqlite3_backup_pagecount(work), now = sqlite3_backup_remaining(work);
        restarts += now > left && left;
        left = now;
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(5);
        else if (progress && !progress(context, total - now, total))
            st = error_set(err, E_CANCELLED, "%s", status_text(E_CANCELLED));
    } while (!st && (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED));
    sqlite3_backup_finish(work);
    return st || rc == SQLITE_DONE ? st : fail(target, to, err);
}

static enum status sync_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    enum status st =
        fd < 0 || fsync(fd) != 0 ? error_errno(err, E_IO, _("%s を書き終えられません"), path) : OK;
    if (fd >= 0)
        close(fd);
    return st;
}

enum status backup_copy(const char *from, const char *to, backup_progress progress, void *context,
                        struct error *err)
{
    sqlite3 *source = NULL, *target = NULL;
    if (file_exists(to))
        return error_set(err, E_EXISTS, _("%s はすでにあります"), to);
    if (!file_exists(from))
        return error_set(err, E_NOT_FOUND, _("%s がありません"), from);
    int fd = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_errno(err, E_IO, _("%s を書けません"), to);
    close(fd);
    enum status st = OK;
    if (sqlite3_open_v2(from, &source, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL))
        st = fail(source, from, err);
    else if (sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE, NULL))
        st = fail(target, to, err);
    if (!st) {
        sqlite3_busy_timeout(source, 5000);
        st = copy_pages(source, target, to, progress, context, err);
    }
    sqlite3_close(target);
    sqlite3_close(source);
    if (!st)
        st = sync_file(to, err);
    if (st)
        unlink(to);
    return st;
}

void backup_name(char out[BACKUP_NAME_SIZE], int64_t at)
{
    struct office_time t = office_time_at(at);
    snprintf(out, BACKUP_NAME_SIZE, "satomado-%04u%02u%02u-%02u%02u%02u.db",
             (unsigned)t.date.year % 10000, (unsigned)t.date.month % 100,
             (unsigned)t.date.day % 100, (unsigned)t.hour % 100, (unsigned)t.minute % 100,
             (unsigned)t.second % 100);
}

/* --- What is there, and what is kept --- */

static int newest_first(const void *a, const void *b)
{
    return strcmp(((const struct backup_file *)b)->name, ((const struct backup_file *)a)->name);
}

static bool read_name(const char *name, struct backup_file *out)
{
    char rest[8];
    int hms;
    struct date *d = &out->day;
    if (strlen(name) >= sizeof out->name ||
        sscanf(name, "satomado-%4d%2d%2d-%6d%7s", &d->year, &d->month, &d->day, &hms, rest) != 5 ||
        strcmp(rest, ".db") != 0 || !date_valid(*d))
        return false;
    snprintf(out->name, sizeof out->name, "%s", name);
    return true;
}

enum status backup_list(const char *dir, struct backup_files *out, struct error *err)
{
    struct dirent *entry;
    *out = (struct backup_files){0};
    DIR *d = opendir(dir);
    if (!d)
        return errno == ENOENT ? OK : error_errno(err, E_IO, _("%s を読めません"), dir);
    while ((entry = readdir(d)) != NULL) {
        struct backup_file file = {0};
        struct stat st;
        if (!read_name(entry->d_name, &file))
            continue;
        char *path = file_path(dir, file.name);
        file.bytes = stat(path, &st) == 0 ? st.st_size : 0;
        xfree(&path);
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = file;
    }
    closedir(d);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, newest_first);
    return OK;
}

void backup_files_free(struct backup_files *list)
{
    xfree(&list->items);
    list->count = 0;
}

/* True for the first copy of a new period while there is room: list is newest first. */
static bool first_of(long period, long *last, long *room)
{
    if (period == *last)
        return false;
    *last = period;
    return (*room)-- > 0;
}

enum status backup_thin(const char *dir, long daily, long monthly, long *gone, struct error *err)
{
    struct backup_files files;
    long day = 0, month = 0;
    enum status st = backup_list(dir, &files, err);
    *gone = 0;
    for (size_t i = 0; !st && i < files.count; i++) {
        struct date d = files.items[i].day;
        bool of_day = first_of(d.year * 10000L + d.month * 100 + d.day, &day, &daily);
        bool of_month = first_of(d.year * 100L + d.month, &month, &monthly);
        if (of_day || of_month)
            continue;
        char *path = file_path(dir, files.items[i].name);
        if (unlink(path) != 0)
            st = error_errno(err, E_IO, _("%s を消せません"), path);
        else
            ++*gone;
        xfree(&path);
    }
    backup_files_free(&files);
    return st;
}
