/*
 * office/users: looking after accounts and keys (利用者と鍵): passwords, locks, roles, keys that
 * end.
 *
 * A key is never changed, only ended: the town revokes it in the registry. What is done here at a
 * counter and concerns the registry becomes a wish that the next enrolment request (setup_request)
 * carries to the town.
 */
#ifndef OFFICE_USERS_H
#define OFFICE_USERS_H

#include "base/strings.h"
#include "office/session.h"

/* One's own password; the key stays the same. E_PASSWORD: the old one is wrong. */
enum status users_password(struct office *office, const char *login, const char *old_password,
                           const char *new_password, struct error *err);
/* An administrator of this place: a locked account cannot log in here. Nobody locks themself. */
enum status users_lock(struct session *session, const char *login, bool locked, struct error *err);
/* An administrator: the password of `login` is forgotten. A new key takes the place of the old one,
 * with the same name and roles; the town ends the old one when it certifies the new. */
enum status users_renew(struct session *session, const char *login, const char *password,
                        struct error *err);
/* Town: other roles for a key that is certified. `place`: office or device name, id or its
 * beginning, needed where several places have such a login; NULL or "" otherwise. */
enum status users_roles(struct session *session, const char *login, const char *place,
                        const char *const *roles, size_t count, struct error *err);

struct key_row {
    bool device; /* else of a user */
    char id[65];
    char *name;   /* login, or name of the device */
    char *office; /* and for a user the device */
    char *roles;  /* of a device its role */
    char *ended;  /* reason of the revocation, "" = in force */
};
struct key_rows {
    struct key_row *items;
    size_t count;
};
/* Everything the registry has certified, devices first. */
enum status users_keys(struct session *session, struct key_rows *out, struct error *err);
void key_rows_free(struct key_rows *list);

/* Town: ends a key that is lost or was abused. `id`: its fingerprint, or at least 8 digits of its
 * beginning. What the town has of its chain stays good; or, when `good` names events by hash (at
 * least 8 digits), what stands up to these. Everything else the key wrote is held by everyone. Said
 * again with other events it admits more, or less. The keys of this machine are no longer wrapped
 * to a user's key that is ended; said again, what an earlier time left wrapped is taken away. */
enum status users_revoke(struct session *session, const char *id, const char *reason,
                         const struct strings *good, struct error *err);

/* Town: a further block of receipt numbers for a device (by its fingerprint, as above) whose blocks
 * are nearly used up; it gets there with the next bundle. */
enum status users_give_numbers(struct session *session, const char *id, struct error *err);

/* Town: the escrow identity, made at set-up, is moved to `to`, away from this machine: an age
 * identity file that opens every bundle. E_NOT_FOUND: it was taken away before. */
enum status users_escrow(struct session *session, const char *to, struct error *err);

#endif
