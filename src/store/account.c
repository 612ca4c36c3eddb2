#include "store/account.h"

#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/database.h"
#include "store/store.h"
#include "text/utf8.h"

enum { FREE_TRIES = 3, WAIT_MOST = 60 };

/* E_INVALID with the reason for a password that is too short or is the login. */
static enum status check_password(const char *login, const char *password, struct error *err)
{
    if (!utf8_valid(password, strlen(password)) || utf8_count(password) < PASSWORD_MIN)
        return error_set(err, E_INVALID, _("合言葉は%d文字以上にしてください"), PASSWORD_MIN);
    if (strstr(password, login))
        return error_set(err, E_INVALID, _("合言葉に利用者名を入れないでください"));
    return OK;
}

enum status account_create(struct store *store, const char *dir, const char *login,
                           const char *password, struct key_pair **out, struct error *err)
{
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    *out = NULL;
    enum status st = check_password(login, password, err);
    if (!st)
        st = keyring_user_create(dir, login, password, out, err);
    if (!st)
        st = database_run(store_database(store), err,
                          "INSERT INTO account(login,created_at,locked) VALUES(?,?,0)", "tt", login,
                          now);
    if (st)
        key_pair_free(out);
    return st;
}

enum status account_renew(struct store *store, const char *dir, const char *login,
                          const char *password, struct key_pair **out, struct error *err)
{
    *out = NULL;
    enum status st = check_password(login, password, err);
    if (!st)
        st = keyring_user_set_aside(dir, login, err);
    if (!st)
        st = keyring_user_create(dir, login, password, out, err);
    if (!st)
        st = account_lock(store, login, false, err);
    if (st)
        key_pair_free(out);
    return st;
}

/* --- Failed attempts slow the next one down, whether the login exists or not --- */

static int64_t wait_of(int64_t failures)
{
    int64_t over = failures - FREE_TRIES;
    return over < 0 ? 0 : over > 5 ? WAIT_MOST : (int64_t)2 << over;
}

static enum status check_wait(struct store *store, const char *login, struct error *err)
{
    struct statement *s;
    int64_t left = 0, now = clock_now() / 1000;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT failures, last FROM attempt WHERE login=?", "t", login);
    if (!st && statement_next(s, &st, err)) {
        int64_t wait = wait_of(statement_int(s, 0)), since = now - statement_int(s, 1);
        left = since < 0 ? wait : wait - since;
    }
    statement_close(&s);
    if (!st && left > 0)
        st = error_set(err, E_BUSY, _("続けて違いました。あと%lld秒待ってください"),
                       (long long)left);
    return st;
}

static void note_attempt(struct store *store, const char *login, bool good)
{
    struct database *db = store_database(store);
    if (good)
        database_run(db, NULL, "DELETE FROM attempt WHERE login=?", "t", login);
    else
        database_run(db, NULL,
                     "INSERT INTO attempt(login,failures,last) VALUES(?,1,?) ON CONFLICT(login) DO"
                     " UPDATE SET failures=failures+1, last=excluded.last",
                     "ti", login, clock_now() / 1000);
}

static enum status check_locked(struct store *store, const char *login, struct error *err)
{
    int64_t locked;
    enum status st = database_int(store_database(store), err, &locked,
                                  "SELECT locked FROM account WHERE login=?", "t", login);
    return st || !locked ? st : error_set(err, E_PASSWORD, "%s", status_text(E_PASSWORD));
}

enum status account_login(struct store *store, const char *dir, const char *login,
                          const char *password, struct user_keys **out, struct error *err)
{
    *out = NULL;
    enum status st = check_wait(store, login, err);
    if (!st)
        st = keyring_login(dir, login, password, out, err);
    if (!st)
        st = check_locked(store, login, err);
    if (st)
        user_keys_free(out);
    if (!st || st == E_PASSWORD)
        note_attempt(store, login, !st);
    return st;
}

enum status account_confirm(struct store *store, const char *dir, const char *login,
                            const char *password, struct error *err)
{
    struct key_pair *user = NULL;
    enum status st = check_wait(store, login, err);
    if (!st)
        st = keyring_user_unlock(dir, login, password, &user, err);
    key_pair_free(&user);
    if (!st || st == E_PASSWORD)
        note_attempt(store, login, !st);
    return st;
}

enum status account_set_password(struct store *store, const char *dir, const char *login,
                                 const char *old_password, const char *new_password,
                                 struct error *err)
{
    enum status st = check_password(login, new_password, err);
    if (!st)
        st = check_wait(store, login, err);
    if (!st) {
        st = keyring_user_password(dir, login, old_password, new_password, err);
        if (!st || st == E_PASSWORD)
            note_attempt(store, login, !st);
    }
    return st;
}

enum status account_lock(struct store *store, const char *login, bool locked, struct error *err)
{
    enum status st =
        database_run(store_database(store), err, "UPDATE account SET locked=? WHERE login=?", "it",
                     (int64_t)locked, login);
    if (!st && database_changes(store_database(store)) == 0)
        st = error_set(err, E_NOT_FOUND, _("利用者「%s」はいません"), login);
    if (!st && !locked)
        note_attempt(store, login, true);
    return st;
}

enum status account_list(struct store *store, struct account_list *out, struct error *err)
{
    struct statement *s;
    *out = (struct account_list){0};
    enum status st =
        database_query(store_database(store), err, &s,
                       "SELECT login, created_at, locked FROM account ORDER BY login", "");
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = (struct account_row){
            xstrdup(statement_text(s, 0)), xstrdup(statement_text(s, 1)), statement_int(s, 2) != 0};
    }
    statement_close(&s);
    return st;
}

void account_list_free(struct account_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].login);
        xfree(&list->items[i].created_at);
    }
    xfree(&list->items);
    list->count = 0;
}
