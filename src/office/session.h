/*
 * office/session: who works here now (担当), and what they may do.
 *
 * Unlocking the user's key is the password check; the key stays in memory until logout. The table
 * role x permission is the only place that says who may do what.
 */
#ifndef OFFICE_SESSION_H
#define OFFICE_SESSION_H

#include <stdbool.h>

#include "base/strings.h"
#include "office/office.h"

struct session;

/* permission, what is refused in words */
#define PERMISSION_LIST(X)                              \
    X(MAY_ENTER, N_("受付・入力"))                      \
    X(MAY_READ, N_("記録の閲覧"))                       \
    X(MAY_READ_PROTECTED, N_("閲覧制限のある人の閲覧")) \
    X(MAY_CLOSE_DAY, N_("日締め"))                      \
    X(MAY_EXPORT, N_("送付便の作成"))                   \
    X(MAY_APPLY, N_("送付便の取込み"))                  \
    X(MAY_DECIDE, N_("審査・決定"))                     \
    X(MAY_REASSIGN, N_("下書きの引継ぎ"))               \
    X(MAY_ADMINISTER, N_("利用者・様式・設定の管理"))

enum permission {
#define PERMISSION_ENUM(name, text) name,
    PERMISSION_LIST(PERMISSION_ENUM)
#undef PERMISSION_ENUM
};

/* Logs in. E_PASSWORD for a wrong password and an unknown user alike; E_BUSY when memory is short.
 * Writes the program's `start` event once per process. */
enum status session_login(struct office *office, const char *login, const char *password,
                          struct session **out, struct error *err);
/* Forgets the keys. */
void session_free(struct session **session);
/* The same user's password again, after the screen was locked. */
enum status session_unlock(struct session *session, const char *password, struct error *err);

const char *session_login_name(const struct session *session); /* "yamada" */
const char *session_name(const struct session *session);       /* "山田" */
const char *session_key(const struct session *session);        /* fingerprint of the signing key */
bool session_has_role(const struct session *session, const char *role);
bool session_may(const struct session *session, enum permission permission);
/* E_INVALID names the first that is no role, and all there are. At least one is wanted. */
enum status session_roles_known(const struct strings *roles, struct error *err);
/* OK, or E_DENIED naming the permission and who has it. */
enum status session_require(const struct session *session, enum permission permission,
                            struct error *err);

struct user_keys;
/* The numbers of the top line, of what they may see. */
enum status session_counts(struct session *session, struct office_counts *out, struct error *err);
/* For signing; borrowed. */
const struct user_keys *session_keys(const struct session *session);

/* The users known on this place, for handing over: login and display name. */
struct user_row {
    char *login;
    char *name;
};
struct user_list {
    struct user_row *items;
    size_t count;
};
enum status session_users(struct session *session, struct user_list *out, struct error *err);
/* The display name of a login, the login itself when nobody has it. Borrowed. */
const char *user_list_name(const struct user_list *list, const char *login);
void user_list_free(struct user_list *list);

#endif
