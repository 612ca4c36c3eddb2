/*
 * office/rotate: the town's identities of the year (年度の鍵): whom bundles to the town and the
 * escrow are encrypted to. A new one each fiscal year; the old file is kept until it is destroyed,
 * and with it the last way to open the bundles of that year.
 */
#ifndef OFFICE_ROTATE_H
#define OFFICE_ROTATE_H

#include "base/strings.h"
#include "office/session.h"

/* Town: a new identity of the town. Bundles to the old one are still opened here. `old` gets the
 * first 16 digits of the old key's fingerprint. */
enum status rotate_town(struct session *session, char old[17], struct error *err);
/* Town: a new root key, named by an entry that the old one seals and the new one proves. Places
 * follow it from the fingerprint on their paper, which stays that of the town. `fingerprint`: of
 * the new key, for the town's own papers. */
enum status rotate_root(struct session *session, char fingerprint[65], struct error *err);
/* Town: a new escrow, written to the file `to` (an age identity file) and nowhere else. */
enum status rotate_escrow(struct session *session, const char *to, struct error *err);
/* The old identities of the town that are kept here: 16 digits each. */
enum status rotate_kept(struct session *session, struct strings *out, struct error *err);
/* Destroys one of them: what only it opens is closed for good. */
enum status rotate_destroy(struct session *session, const char *old, struct error *err);

#endif
