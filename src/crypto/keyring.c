#include "crypto/keyring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/keyring_file.h"
#include "crypto/random.h"

static const char *const FILES[] = {
    [KEY_DEVICE] = "device.key",
    [KEY_ROOT] = "root.key",
    [KEY_TOWN] = "town.identity",
};

bool keyring_login_valid(const char *login)
{
    static const char *const taken[] = {"device", "root", "town", KEY_ESCROW};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < ARRAY_LEN(taken); i++)
        if (str_eq(login, taken[i]))
            return false;
    size_t len = strlen(login);
    return len && len <= LOGIN_MAX && strchr(letters, login[0]) &&
           strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

/* DIR/keys/NAME; the caller frees. */
static char *key_path(const char *dir, const char *name)
{
    return xasprintf("%s/keys/%s", dir, name);
}

static char *user_path(const char *dir, const char *login)
{
    return xasprintf("%s/keys/%s.key", dir, login);
}

/* Who changes a key file holds the folder, so that no change is lost to another one's. */
static enum status hold_folder(const char *dir, int *fd, struct error *err)
{
    char *path = file_path(dir, "keys");
    enum status st = file_make_dirs(path, err);
    *fd = -1;
    if (!st && (*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        st = error_errno(err, E_IO, _("フォルダー %s を開けません"), path);
    while (!st && flock(*fd, LOCK_EX) != 0)
        if (errno != EINTR)
            st = error_errno(err, E_IO, _("フォルダー %s を使えません"), path);
    xfree(&path);
    return st;
}

static void release_folder(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void card_of(struct key_card *card, const struct key_pair *pair)
{
    memcpy(card->public_key, pair->seal.public_key, SEAL_PUBLIC_SIZE);
    card->recipient = pair->recipient;
    memcpy(card->fingerprint, pair->fingerprint, HASH_HEX_SIZE);
}

/* Writes a new key; the pair goes to *out on success and is freed otherwise. */
static enum status put_new(const char *dir, const char *path, const struct key_file *file,
                           struct key_pair *pair, struct key_pair **out, struct error *err)
{
    int folder;
    enum status st = hold_folder(dir, &folder, err);
    if (!st && file_exists(path))
        st = error_set(err, E_EXISTS, _("鍵 %s はすでにあります"), path);
    if (!st)
        st = key_file_write(path, file, err);
    release_folder(folder);
    if (st)
        key_pair_free(&pair);
    else
        *out = pair;
    return st;
}

static enum status read_card(const char *path, struct key_card *out, struct error *err)
{
    struct key_file file;
    enum status st = key_file_read(path, &file, err);
    if (!st)
        *out = file.card;
    key_file_free(&file);
    return st;
}

static enum status move_key(const char *from, const char *to, struct error *err)
{
    return rename(from, to) == 0 ? OK
                                 : error_errno(err, E_IO, _("%s を %s に移せません"), from, to);
}

/* Keeps a key beside its old place under a name nothing else looks for. */
static enum status set_aside(const char *path, struct error *err)
{
    struct key_card card;
    enum status st = read_card(path, &card, err);
    if (st)
        return st;
    char *aside = xasprintf("%s-%.16s.old", path, card.fingerprint);
    st = move_key(path, aside, err);
    xfree(&aside);
    return st;
}

/* --- Users --- */

enum status keyring_user_create(const char *dir, const char *login, const char *password,
                                struct key_pair **out, struct error *err)
{
    if (!keyring_login_valid(login))
        return error_set(err, E_INVALID,
                         _("利用者名 %s は使えません。英小文字で始め、英小文字・数字・_・- で%d"
                           "文字までにしてください"),
                         login, LOGIN_MAX);
    char *path = user_path(dir, login);
    struct key_pair *pair = key_pair_new();
    struct key_file file = {0};
    card_of(&file.card, pair);
    enum status st = OK;
    if (file_exists(path)) /* before the work; put_new() looks again */
        st = error_set(err, E_EXISTS, _("鍵 %s はすでにあります"), path);
    if (!st)
        st = key_file_lock(&file, pair, password, err);
    if (st)
        key_pair_free(&pair);
    else
        st = put_new(dir, path, &file, pair, out, err);
    xfree(&path);
    return st;
}

/* Spends the time of a try, so that it cannot be told whether a login exists. */
static enum status refuse_login(const char *password, struct error *err)
{
    static const uint8_t salt[PASSWORD_SALT_SIZE];
    uint8_t *key = secret_new(PASSWORD_KEY_SIZE);
    enum status st = keyring_stretch(key, salt, password, err);
    sodium_free(key);
    return st ? st : error_set(err, E_PASSWORD, "%s", status_text(E_PASSWORD));
}

/* Reads a user's file and opens it. */
static enum status open_user(const char *dir, const char *login, const char *password,
                             struct key_file *file, struct key_pair **out, struct error *err)
{
    enum status st = E_NOT_FOUND;
    memset(file, 0, sizeof *file);
    if (strlen(password) > PASSWORD_MAX)
        return error_set(err, E_PASSWORD, "%s", status_text(E_PASSWORD));
    if (keyring_login_valid(login)) {
        char *path = user_path(dir, login);
        st = key_file_read(path, file, err);
        if (!st && !file->has_password)
            st = error_set(err, E_CORRUPT, _("%s は利用者の鍵ではありません"), path);
        xfree(&path);
    }
    if (st == E_NOT_FOUND)
        return refuse_login(password, err);
    return st ? st : key_file_unlock(file, password, out, err);
}

enum status keyring_user_unlock(const char *dir, const char *login, const char *password,
                                struct key_pair **out, struct error *err)
{
    struct key_file file;
    enum status st = open_user(dir, login, password, &file, out, err);
    key_file_free(&file);
    return st;
}

enum status keyring_user_password(const char *dir, const char *login, const char *old_password,
                                  const char *new_password, struct error *err)
{
    struct key_file file = {0};
    struct key_pair *pair = NULL;
    int folder;
    enum status st = hold_folder(dir, &folder, err);
    if (!st)
        st = open_user(dir, login, old_password, &file, &pair, err);
    if (!st)
        st = key_file_lock(&file, pair, new_password, err);
    if (!st) {
        char *path = user_path(dir, login);
        st = key_file_write(path, &file, err);
        xfree(&path);
    }
    key_pair_free(&pair);
    key_file_free(&file);
    release_folder(folder);
    return st;
}

enum status keyring_user_set_aside(const char *dir, const char *login, struct error *err)
{
    char *path = user_path(dir, login);
    int folder;
    enum status st = hold_folder(dir, &folder, err);
    if (!st)
        st = keyring_login_valid(login)
                 ? set_aside(path, err)
                 : error_set(err, E_NOT_FOUND, _("利用者 %s の鍵はありません"), login);
    release_folder(folder);
    xfree(&path);
    return st;
}

enum status keyring_user_card(const char *dir, const char *login, struct key_card *out,
                              struct error *err)
{
    if (!keyring_login_valid(login))
        return error_set(err, E_NOT_FOUND, _("利用者 %s の鍵はありません"), login);
    char *path = user_path(dir, login);
    enum status st = read_card(path, out, err);
    xfree(&path);
    return st;
}

/* --- Keys with holders --- */

enum status keyring_create(const char *dir, enum key_kind kind, const struct key_holder *holders,
                           size_t count, struct key_pair **out, struct error *err)
{
    if (!count)
        return error_set(err, E_RULE, "%s", _("鍵には少なくとも1人の持ち主が要ります"));
    char *path = key_path(dir, FILES[kind]);
    struct key_pair *pair = key_pair_new();
    struct key_file file = {0};
    card_of(&file.card, pair);
    enum status st = OK;
    for (size_t i = 0; i < count && !st; i++)
        st = key_file_wrap(&file, pair, &holders[i], err);
    if (st)
        key_pair_free(&pair);
    else
        st = put_new(dir, path, &file, pair, out, err);
    key_file_free(&file);
    xfree(&path);
    return st;
}

enum status keyring_open(const char *dir, enum key_kind kind, const char *holder,
                         const struct key_pair *holder_key, struct key_pair **out,
                         struct error *err)
{
    char *path = key_path(dir, FILES[kind]);
    struct key_file file;
    enum status st = key_file_read(path, &file, err);
    if (!st)
        st = key_file_unwrap(&file, holder, holder_key, out, err);
    key_file_free(&file);
    xfree(&path);
    return st;
}

enum status keyring_list_aside(const char *dir, enum key_kind kind, struct strings *out,
                               struct error *err)
{
    char *folder = file_path(dir, "keys"), *path = key_path(dir, FILES[kind]);
    const char *name = strrchr(path, '/') + 1;
    DIR *d = opendir(folder);
    enum status st = d ? OK : error_errno(err, E_IO, _("フォルダー %s を開けません"), folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        const char *rest = e->d_name + strlen(name);
        if (str_starts(e->d_name, name) && strlen(rest) == 1 + 16 + 4 && *rest == '-' &&
            str_ends(rest, ".old"))
            strings_take(out, xstrndup(rest + 1, 16));
    }
    if (d)
        closedir(d);
    strings_sort(out);
    xfree(&folder);
    xfree(&path);
    return st;
}

/* Every byte of the file, where the file system writes in place. */
static bool overwrite(const char *path)
{
    uint8_t noise[512];
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    off_t left = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    bool good = fd >= 0 && left >= 0 && lseek(fd, 0, SEEK_SET) == 0;
    for (; good && left > 0; left -= (off_t)sizeof noise) {
        random_bytes(noise, sizeof noise);
        good = file_write_all(fd, noise, left < (off_t)sizeof noise ? (size_t)left : sizeof noise,
                              NULL) == OK;
    }
    good = good && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return good;
}

static enum status destroy(const char *dir, const char *path, struct error *err)
{
    char *folder = file_path(dir, "keys");
    int held;
    enum status st = hold_folder(dir, &held, err);
    if (!st && (!overwrite(path) || unlink(path) != 0))
        st = error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("%s を消せません"), path);
    if (!st)
        st = file_sync_dir(folder, err);
    release_folder(held);
    xfree(&folder);
    return st;
}

enum status keyring_destroy(const char *dir, enum key_kind kind, struct error *err)
{
    char *path = key_path(dir, FILES[kind]);
    enum status st = destroy(dir, path, err);
    xfree(&path);
    return st;
}

enum status keyring_destroy_aside(const char *dir, enum key_kind kind, const char *fingerprint,
                                  struct error *err)
{
    char *path = key_path(dir, FILES[kind]), *aside = xasprintf("%s-%.16s.old", path, fingerprint);
    enum status st = destroy(dir, aside, err);
    xfree(&path);
    xfree(&aside);
    return st;
}

enum status keyring_open_aside(const char *dir, enum key_kind kind, const char *fingerprint,
                               const char *holder, const struct key_pair *holder_key,
                               struct key_pair **out, struct error *err)
{
    char *path = key_path(dir, FILES[kind]), *aside = xasprintf("%s-%.16s.old", path, fingerprint);
    struct key_file file;
    enum status st = key_file_read(file_exists(aside) ? aside : path, &file, err);
    *out = NULL;
    if (!st)
        st = key_file_unwrap(&file, holder, holder_key, out, err);
    if (!st && !str_starts((*out)->fingerprint, fingerprint)) {
        key_pair_free(out);
        st = error_set(err, E_NOT_FOUND, _("その鍵はここにありません（%.16s）"), fingerprint);
    }
    key_file_free(&file);
    xfree(&path);
    xfree(&aside);
    return st;
}

/* A change of a key file that is there. */
typedef enum status (*key_change)(struct key_file *file, const void *context, struct error *err);

static enum status change(const char *dir, enum key_kind kind, key_change work, const void *context,
                          struct error *err)
{
    char *path = key_path(dir, FILES[kind]);
    struct key_file file = {0};
    int folder;
    enum status st = hold_folder(dir, &folder, err);
    if (!st)
        st = key_file_read(path, &file, err);
    if (!st)
        st = work(&file, context, err);
    if (!st)
        st = key_file_write(path, &file, err);
    key_file_free(&file);
    release_folder(folder);
    xfree(&path);
    return st;
}

struct sharing {
    const struct key_pair *opened;
    const struct key_holder *holder;
};

static enum status share(struct key_file *file, const void *context, struct error *err)
{
    const struct sharing *sharing = context;
    if (!str_eq(file->card.fingerprint, sharing->opened->fingerprint))
        return error_set(err, E_CONFLICT, "%s", _("開いた鍵とファイルの鍵が違います"));
    return key_file_wrap(file, sharing->opened, sharing->holder, err);
}

enum status keyring_share(const char *dir, enum key_kind kind, const struct key_pair *opened,
                          const struct key_holder *holder, struct error *err)
{
    struct sharing sharing = {opened, holder};
    return change(dir, kind, share, &sharing, err);
}

bool keyring_shared(const char *dir, enum key_kind kind, const struct key_holder *holder)
{
    char *path = key_path(dir, FILES[kind]);
    struct key_file file;
    bool shared = key_file_read(path, &file, NULL) == OK;
    const struct wrapping *w = shared ? key_file_find(&file, holder->name) : NULL;
    shared = w && memcmp(&w->recipient, &holder->recipient, sizeof w->recipient) == 0;
    key_file_free(&file);
    xfree(&path);
    return shared;
}

static enum status unshare(struct key_file *file, const void *context, struct error *err)
{
    struct wrapping *w = key_file_find(file, context);
    if (!w)
        return error_set(err, E_NOT_FOUND, _("%s はこの鍵の持ち主になっていません"),
                         (const char *)context);
    if (file->count == 1)
        return error_set(err, E_RULE, "%s",
                         _("最後の持ち主は外せません。先にほかの人へ渡してください"));
    *w = file->wrappings[--file->count];
    return OK;
}

enum status keyring_unshare(const char *dir, enum key_kind kind, const char *holder,
                            struct error *err)
{
    return change(dir, kind, unshare, holder, err);
}

enum status keyring_replace(const char *dir, enum key_kind kind, const char *from_dir,
                            struct error *err)
{
    char *path = key_path(dir, FILES[kind]), *new = key_path(from_dir, FILES[kind]);
    int folder;
    enum status st = hold_folder(dir, &folder, err);
    if (!st && file_exists(new) && file_exists(path))
        st = set_aside(path, err);
    if (!st && file_exists(new))
        st = move_key(new, path, err);
    release_folder(folder);
    xfree(&path);
    xfree(&new);
    return st;
}

enum status keyring_card(const char *dir, enum key_kind kind, struct key_card *out,
                         struct error *err)
{
    char *path = key_path(dir, FILES[kind]);
    enum status st = read_card(path, out, err);
    xfree(&path);
    return st;
}

/* --- Login --- */

enum status keyring_login(const char *dir, const char *login, const char *password,
                          struct user_keys **out, struct error *err)
{
    struct user_keys *keys = xcalloc(1, sizeof *keys);
    enum status st = keyring_user_unlock(dir, login, password, &keys->user, err);
    if (!st)
        st = keyring_open(dir, KEY_DEVICE, login, keys->user, &keys->device, err);
    if (st)
        user_keys_free(&keys);
    *out = keys;
    return st;
}

void user_keys_free(struct user_keys **keys)
{
    if (*keys) {
        key_pair_free(&(*keys)->user);
        key_pair_free(&(*keys)->device);
    }
    xfree(keys);
}
