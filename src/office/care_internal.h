/*
 * office/care_internal: a database that is being looked at before it takes its place. Shared by
 * care.c, restore.c and dispose.c only.
 */
#ifndef OFFICE_CARE_INTERNAL_H
#define OFFICE_CARE_INTERNAL_H

#include "office/care.h"
#include "office/office_internal.h"
#include "store/verify.h"

/* A directory DIR/.copy with a database of its own. */
struct care_copy {
    char *dir, *file;
    struct store *store; /* open, with the schemas of its own registry */
    struct catalogue *catalogue;
};

/* Copies the database `from` into DIR/.copy (what an interrupted run left there is removed) and
 * opens and verifies it. After a failure there is nothing to release. */
enum status care_copy_make(const char *dir, const char *from, bool whole,
                           const struct care_watch *watch, struct care_copy *out,
                           struct verified *verified, struct error *err);
/* Closes it and moves its database to `path`. */
enum status care_copy_place(struct care_copy *copy, const char *path, struct error *err);
/* Closes it and removes what is left. Of one that was placed only the directory is left. */
void care_copy_free(struct care_copy *copy);

/* Disposals ordered since a database was copied are carried out in it: they stand in a list beside
 * the backups of the data directory `dir`. */
#define DISPOSED_FILE "disposed"
#define REGISTRY_FILE "registry"
enum status care_forget(struct store *store, const char *dir, const char *root, struct error *err);

#endif
