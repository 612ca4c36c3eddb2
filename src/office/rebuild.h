/*
 * office/rebuild: a town whose machine and backups are lost is made again (町の作り直し) from what
 * lies elsewhere: the copy of the root key and the escrow identity from their safes, the registry
 * and the town's records as the places have them (bundles of kind `copy`), and old bundles. What
 * only the town had is lost: who read what there, drafts, decisions no bundle brought anywhere.
 */
#ifndef OFFICE_REBUILD_H
#define OFFICE_REBUILD_H

#include "base/strings.h"
#include "office/session.h"

struct rebuild {
    const char *dir, *admin, *password; /* of the new place */
    const char *root_key;               /* file of rebuild_root_out() */
    const struct strings *escrows;      /* age identity files: of this year, and earlier ones */
    const struct strings *files;        /* registries as text, bundles (.smb) */
};

struct rebuilt {
    long registry; /* version taken over */
    long events, records;
    int64_t last;           /* of the old device's events: the newest that is known */
    struct strings refused; /* files that were not taken in: "FILE: why" */
};
void rebuilt_free(struct rebuilt *out);

/* The new town's device takes the place of the old one, whose known events stay good and whose
 * users' keys end; the epoch is a new one, so that every place sends again what is not here.
 * E_EXISTS when something is there; nothing stays when it fails. */
enum status rebuild_town(const struct rebuild *wish, struct rebuilt *out, struct error *err);

/* Until it is done, copies of places that come late are taken in like any bundle; what they bring
 * of the old device beyond what was known then is held as revoked, for the town to admit. E_RULE.
 */
bool rebuild_open(struct office *office);
enum status rebuild_done(struct session *session, struct error *err);

/* A place: what it has for such a town, into a folder: its registry (text) and a bundle with the
 * records that came from the town, whole. Paths are added to `files`. */
enum status rebuild_give(struct session *session, const char *folder, struct strings *files,
                         struct error *err);

/* Day, and what rebuild_root_state() said, of the newest copy (store_fact). */
#define ROOT_COPY_FACT "root.copied"
/* Root key and escrow in force, as text: a copy made with others does not open with what there is.
 * The caller frees. */
char *rebuild_root_state(struct office *office);
/* Town: the root key's file, which administrators and the escrow open, is copied out to be kept
 * away; `remove`: it stays nowhere here, and nothing can be certified until it is put back. */
enum status rebuild_root_out(struct session *session, const char *to, bool remove,
                             struct error *err);
/* Puts it back from such a file. E_CRYPTO: not this town's. */
enum status rebuild_root_in(struct session *session, const char *from, struct error *err);

#endif
