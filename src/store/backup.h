/*
 * store/backup: copies of the database (控え), made while others go on working.
 *
 * A copy is one SQLite file, DIR/satomado-20261124-171502.db, beside nothing else: keys are never
 * copied, and drafts belong to the day. Office's care makes, checks and thins them.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"

/* Pages done of pages in all; false stops. */
typedef bool (*backup_progress)(void *context, int64_t done, int64_t total);

/* Copies the database file `from` as it stands at one moment into the new file `to`, on disk when
 * it returns. Works in steps: nobody who writes waits for it. E_EXISTS when `to` is there;
 * E_CORRUPT: `from` is no database; E_CANCELLED leaves nothing. `progress` may be NULL. */
enum status backup_copy(const char *from, const char *to, backup_progress progress, void *context,
                        struct error *err);

/* Name of the copy of a moment (ms since 1970, office time): "satomado-20261124-171502.db". */
#define BACKUP_NAME_SIZE 40
void backup_name(char out[BACKUP_NAME_SIZE], int64_t at);

struct backup_file {
    char name[BACKUP_NAME_SIZE];
    struct date day;
    int64_t bytes;
};
struct backup_files {
    struct backup_file *items; /* newest first */
    size_t count;
};
/* The copies in a directory; none when it is not there. */
enum status backup_list(const char *dir, struct backup_files *out, struct error *err);
void backup_files_free(struct backup_files *list);

/* Keeps the newest copy of each of the newest `daily` days and of each of the newest `monthly`
 * months, and deletes the others. *gone: how many. */
enum status backup_thin(const char *dir, long daily, long monthly, long *gone, struct error *err);

#endif
