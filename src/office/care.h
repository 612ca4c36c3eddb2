/*
 * office/care: looking after a data directory (手入れ): backups, starting again from one, and what
 * a doctor would ask.
 *
 * A backup is the database alone. Starting again from one is starting a new chain: what the lost
 * database had sent must never be said again under the same numbers, so this place gets a new
 * device key, and the town certifies it before its bundles are taken in.
 */
#ifndef OFFICE_CARE_H
#define OFFICE_CARE_H

#include "base/strings.h"
#include "office/session.h"

/* Done of total, of what; false stops where nothing is final yet. */
typedef bool (*care_progress)(void *context, long done, long total, const char *what);
/* One line about something that is wrong. */
typedef void (*care_report)(void *context, const char *line);

struct care_watch { /* members may be NULL */
    care_progress progress;
    care_report report;
    void *context;
};

struct care_backup {
    char path[512];
    int64_t events, records;
    long gone; /* older backups deleted */
};

/* Copies the database into `to` (NULL = DIR/backup), opens the copy again and verifies it, and only
 * then gives it its name. Afterwards thins the directory (settings backup.daily, backup.monthly).
 * `whole`: every event and row is verified, else only what store_verify_quick() sees. */
enum status care_backup(struct office *office, const char *to, bool whole,
                        const struct care_watch *watch, struct care_backup *out, struct error *err);

struct care_restore {
    const char *dir;  /* data directory whose database is lost or damaged */
    const char *file; /* a backup; NULL = the database as it is, for a new key only */
    const char
        *registry;     /* town: the registry as an office has it, as text; NULL = none is newer */
    const char *login; /* an administrator of this place */
    const char *password;
};
struct care_restored {
    char kept[512];   /* where the database that was there is now; "" when there was none */
    char old[65];     /* device that ended */
    int64_t old_head; /* its last event in the backup */
    char device[65];  /* device that begins */
    int64_t events, records;
    bool certified; /* on the town */
};

/* Verifies the backup whole; puts it in the place of the database, which is kept beside it; makes a
 * new device key and begins its chain with an event, sealed by the administrator, that names the
 * head of the old one. On the town the new key is certified at once, the old one revoked and the
 * epoch raised; elsewhere an enrolment request has to go to the town. E_CORRUPT: nothing was
 * changed. Called again after a failure half-way it does all of it. */
enum status care_restore(const struct care_restore *restore, const struct care_watch *watch,
                         struct care_restored *out, struct error *err);

/* --- What a doctor asks --- */

enum care_verdict { CARE_GOOD, CARE_NOTE, CARE_BAD };

struct care_finding {
    enum care_verdict verdict;
    const char *what; /* what was looked at, translated; borrowed */
    char *answer;     /* what was found, and what to do */
};
struct care_findings {
    struct care_finding *items;
    size_t count;
    enum care_verdict worst;
};

/* Looks at the file, keys, disk, encryption, clock, backups, registry, held and forked records. */
enum status care_doctor(struct office *office, struct care_findings *out, struct error *err);
void care_findings_free(struct care_findings *list);

#endif
