#include "office/care.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/care_internal.h"
#include "store/attachment.h"
#include "store/backup.h"
#include "store/verify.h"

#define COPY_DIR   ".copy"
#define BACKUP_DIR "backup"

/* --- A copy that is looked at before it counts --- */

/* Everything in a directory that holds only files and directories of files, and itself. */
static void remove_dir(const char *dir)
{
    struct dirent *entry;
    DIR *d = opendir(dir);
    while (d && (entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *path = file_path(dir, entry->d_name);
        if (unlink(path) != 0 && (errno == EISDIR || errno == EPERM))
            remove_dir(path);
        xfree(&path);
    }
    if (d)
        closedir(d);
    rmdir(dir);
}

static void close_store(struct care_copy *copy)
{
    catalogue_free(&copy->catalogue);
    store_free(&copy->store);
}

void care_copy_free(struct care_copy *copy)
{
    close_store(copy);
    if (copy->dir)
        remove_dir(copy->dir);
    xfree(&copy->dir);
    xfree(&copy->file);
}

static bool copying(void *context, int64_t done, int64_t total)
{
    const struct care_watch *watch = context;
    return !watch->progress ||
           watch->progress(watch->context, (long)done, (long)total, _("写しています"));
}

static void unheard(void *context, const char *line)
{
    (void)context;
    (void)line;
}

enum status care_copy_make(const char *dir, const char *from, bool whole,
                           const struct care_watch *watch, struct care_copy *out,
                           struct verified *verified, struct error *err)
{
    verify_report report = watch->report ? watch->report : unheard;
    *out = (struct care_copy){.dir = file_path(dir, COPY_DIR)};
    out->file = file_path(out->dir, STORE_FILE);
    remove_dir(out->dir);
    enum status st = file_make_dirs(out->dir, err);
    if (!st)
        st = backup_copy(from, out->file, copying, (void *)(uintptr_t)watch, err);
    if (!st)
        st = store_open(out->dir, &out->store, err);
    if (!st) {
        out->catalogue = catalogue_new(out->store);
        if (watch->progress)
            watch->progress(watch->context, 0, 0, _("確かめています"));
        st = (whole ? store_verify : store_verify_quick)(out->store, report, watch->context,
                                                         verified, err);
    }
    if (st)
        care_copy_free(out);
    return st;
}

enum status care_copy_place(struct care_copy *copy, const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
    close_store(copy);
    enum status st = rename(copy->file, path) == 0
                         ? file_sync_dir(dir, err)
                         : error_errno(err, E_IO, _("%s を置けません"), path);
    xfree(&dir);
    return st;
}

/* --- Backup --- */

static enum status room_for(const char *from, const char *to, struct error *err)
{
    uint64_t free_bytes, needed = file_size(from);
    if (!file_free_space(to, &free_bytes) || free_bytes > needed + needed / 8)
        return OK;
    return error_set(err, E_FULL,
                     _("%s の空きが足りません（要る %llu MB、空き %llu MB）。古いものを移すか、"
                       "ほかの場所を --to で指してください"),
                     to, (unsigned long long)(needed >> 20) + 1,
                     (unsigned long long)(free_bytes >> 20));
}

enum status care_backup(struct office *office, const char *to, bool whole,
                        const struct care_watch *watch, struct care_backup *out, struct error *err)
{
    struct care_copy copy;
    struct verified verified;
    char name[BACKUP_NAME_SIZE];
    char *dir = to ? xstrdup(to) : file_path(office->dir, BACKUP_DIR);
    char *from = file_path(office->dir, STORE_FILE);
    *out = (struct care_backup){0};
    backup_name(name, clock_now());
    enum status st = (to ? file_make_dir : file_make_dirs)(dir, err);
    if (!st)
        st = room_for(from, dir, err);
    if (!st)
        st = care_copy_make(dir, from, whole, watch, &copy, &verified, err);
    if (!st) {
        char *path = file_path(dir, name);
        st = care_copy_place(&copy, path, err);
        care_copy_free(&copy);
        snprintf(out->path, sizeof out->path, "%s", path);
        xfree(&path);
        out->events = verified.events;
        out->records = verified.records;
    }
    if (!st)
        st = attachments_copy(office->dir, dir, true, err);
    if (!st)
        st = backup_thin(dir, settings_number(office->settings, "backup.daily"),
                         settings_number(office->settings, "backup.monthly"), &out->gone, err);
    xfree(&dir);
    xfree(&from);
    return st;
}
