#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/child.h"
#include "base/files.h"
#include "base/intl.h"
#include "crypto/keyring_file.h"

/* Longest the child may take before the machine counts as too busy, in milliseconds. */
#define CHILD_TIME 60000

/* Salt, then the password up to the end of input; the key comes back. */
struct request {
    uint8_t salt[PASSWORD_SALT_SIZE];
    char password[PASSWORD_MAX];
};

/* When memory runs out the kernel shall take this process, not the one the user works in. */
static void offer_to_kernel(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t ignored = write(fd, "1000", 4);
    (void)ignored;
    close(fd);
}

static bool read_request(struct request *request, size_t *len)
{
    size_t got = 0;
    for (;;) {
        ssize_t n = read(0, (char *)request + got, sizeof *request - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        got += (size_t)n;
        if (got == sizeof *request)
            break;
    }
    if (got < sizeof request->salt)
        return false;
    *len = got - sizeof request->salt;
    return true;
}

int keyring_child_main(void)
{
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
    offer_to_kernel();
    sodium_ready();
    struct request *request = secret_new(sizeof *request);
    uint8_t *key = secret_new(PASSWORD_KEY_SIZE);
    size_t len = 0;
    int rc = 1;
    if (read_request(request, &len) &&
        crypto_pwhash(key, PASSWORD_KEY_SIZE, request->password, len, request->salt,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) == 0 &&
        file_write_all(1, key, PASSWORD_KEY_SIZE, NULL) == OK)
        rc = 0;
    sodium_free(key);
    sodium_free(request);
    _exit(rc);
}

/* Exactly one key and the end: anything else is a child that could not do it. */
static enum status receive_key(struct child *child, uint8_t *key, struct error *err)
{
    size_t have = 0;
    for (;;) {
        uint8_t more[1];
        size_t got;
        bool waiting, full = have == PASSWORD_KEY_SIZE;
        enum status st = child_wait(child, false, CHILD_TIME, err);
        if (!st)
            st = child_receive(child, full ? more : key + have,
                               full ? sizeof more : PASSWORD_KEY_SIZE - have, &got, &waiting, err);
        if (st)
            return st;
        if (waiting)
            continue;
        if (got && !full) {
            have += got;
            continue;
        }
        if (!got && full)
            return OK;
        return error_set(err, E_BUSY, "%s",
                         _("メモリーが足りず合言葉を確かめられません。ほかの処理を終えてから"
                           "やり直してください"));
    }
}

enum status keyring_stretch(uint8_t key[PASSWORD_KEY_SIZE], const uint8_t salt[PASSWORD_SALT_SIZE],
                            const char *password, struct error *err)
{
    struct child child;
    size_t len = strlen(password), sent = 0, total = PASSWORD_SALT_SIZE + len;
    if (len > PASSWORD_MAX)
        return error_set(err, E_LIMIT, _("合言葉は%dバイトまでです"), PASSWORD_MAX);
    enum status st = child_start(&child, KEYRING_CHILD_ARGUMENT, err);
    if (st)
        return st;
    struct request *request = secret_new(sizeof *request);
    memcpy(request->salt, salt, PASSWORD_SALT_SIZE);
    memcpy(request->password, password, len);
    for (size_t at = 0; at < total && !st; at += sent) {
        st = child_send(&child, (char *)request + at, total - at, &sent, err);
        if (!st && !sent)
            st = child_wait(&child, true, CHILD_TIME, err);
    }
    sodium_free(request);
    child_send_end(&child);
    if (!st)
        st = receive_key(&child, key, err);
    child_end(&child);
    return st;
}
