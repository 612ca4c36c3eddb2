/*
 * office/dossier: 開示用の本人一式: everything that is kept about one person as paper: the person, each
 * record with all values and its history; and on a sheet of its own who has read or exported any of
 * it. Making it is written down as a reading of each record.
 */
#ifndef OFFICE_DOSSIER_H
#define OFFICE_DOSSIER_H

#include "office/session.h"

struct dossier {
    char file[256], readers_file[256]; /* in print/ */
    long records, readings;
};

/* For a protected person too, by who may see them: it is the person's own. E_NOT_FOUND. */
enum status dossier_write(struct session *session, const char *person, struct dossier *out,
                          struct error *err);

#endif
