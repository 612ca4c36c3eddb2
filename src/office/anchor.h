/*
 * office/anchor: a page to print and seal (封): the heads of all chains that are here and the
 * registry's, so that a database rolled back or written anew can be told from the sealed paper.
 */
#ifndef OFFICE_ANCHOR_H
#define OFFICE_ANCHOR_H

#include "office/session.h"

/* Day of the newest page (store_fact). */
#define ANCHOR_FACT "anchor"

/* Writes (and prints, where a printer is set) print/anchor-2026-11-24.txt. No names of residents
 * are on it. */
enum status anchor_write(struct session *session, char path[256], struct error *err);
/* Every head of a page is still here, in the same chain at the same number. E_CONFLICT names the
 * first that is not. *heads: how many there are. */
enum status anchor_check(struct session *session, const char *file, size_t *heads,
                         struct error *err);

#endif
