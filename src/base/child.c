#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/xmem.h"

/* What the child has open, and signals as a fresh program finds them. */
static int spawn(pid_t *pid, const char *program, char *const *argv, bool speaks, int fd)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *envp[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fd, 0);
    posix_spawn_file_actions_adddup2(&files, fd, 1);
    if (speaks)
        posix_spawn_file_actions_adddup2(&files, fd, 2);
    else
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(pid, program, &files, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static enum status start(struct child *child, const char *program, char *const *argv, bool speaks,
                         struct error *err)
{
    int ends[2];
    *child = (struct child){.pid = -1, .fd = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_errno(err, E_BUSY, "%s", _("補助の処理を始められません"));
    int rc = spawn(&child->pid, program, argv, speaks, ends[1]);
    close(ends[1]);
    if (rc != 0) {
        close(ends[0]);
        child->pid = -1;
        errno = rc;
        return error_errno(err, E_BUSY, "%s", _("補助の処理を始められません"));
    }
    child->fd = ends[0];
    return OK;
}

enum status child_start(struct child *child, const char *argument, struct error *err)
{
    char *argv[] = {"satomado", (char *)argument, NULL};
    return start(child, "/proc/self/exe", argv, false, err);
}

static enum status broken(struct error *err)
{
    return error_set(err, E_BUSY, "%s",
                     _("補助の処理が途中で止まりました。空きメモリーを確かめてやり直してください"));
}

enum status child_send(struct child *child, const void *data, size_t len, size_t *sent,
                       struct error *err)
{
    ssize_t put = send(child->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    *sent = put > 0 ? (size_t)put : 0;
    if (put < 0 && errno != EAGAIN && errno != EINTR)
        return broken(err);
    return OK;
}

void child_send_end(struct child *child)
{
    shutdown(child->fd, SHUT_WR);
}

enum status child_wait(struct child *child, bool sending, int ms, struct error *err)
{
    struct pollfd fd = {.fd = child->fd, .events = (short)(POLLIN | (sending ? POLLOUT : 0))};
    int rc = poll(&fd, 1, ms);
    if (rc < 0 && errno == EINTR)
        return OK;
    return rc > 0 ? OK : error_set(err, E_BUSY, "%s", _("補助の処理が時間内に終わりません"));
}

enum status child_receive(struct child *child, void *data, size_t size, size_t *got, bool *waiting,
                          struct error *err)
{
    ssize_t len = recv(child->fd, data, size, MSG_DONTWAIT);
    *got = len > 0 ? (size_t)len : 0;
    *waiting = len < 0 && (errno == EAGAIN || errno == EINTR);
    return len < 0 && !*waiting ? broken(err) : OK;
}

void child_end(struct child *child)
{
    if (child->fd >= 0)
        close(child->fd);
    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    *child = (struct child){.pid = -1, .fd = -1};
}

/* --- Programs that lie beside this one --- */

/* Its path, NULL when it is not installed. The caller frees. */
static char *program_beside(const char *name)
{
    char exe[4096];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(exe, '/');
    char *path = xasprintf("%.*s/%s", slash ? (int)(slash - exe) : 0, exe, name);
    if (access(path, X_OK) != 0)
        xfree(&path);
    return path;
}

/* Sends and receives side by side, so that neither waits for the other. */
static enum status exchange(struct child *child, const char *input, size_t len, size_t limit,
                            int seconds, struct buffer *output, struct error *err)
{
    char data[65536];
    size_t sent = 0, got = 1;
    bool waiting = false, open = true;
    enum status st = OK;
    while (!st && got) {
        if (open && sent == len) {
            child_send_end(child);
            open = false;
        }
        size_t more = 0;
        st = child_wait(child, open, seconds * 1000, err);
        if (!st && open)
            st = child_send(child, input + sent, len - sent, &more, err);
        sent += more;
        if (!st)
            st = child_receive(child, data, sizeof data, &got, &waiting, err);
        if (!st)
            buffer_add(output, data, got);
        if (!st && output->len > limit)
            st = error_set(err, E_LIMIT, "%s", _("補助の処理の答えが長すぎます"));
        got += waiting;
    }
    return st;
}

enum status child_run(const char *const *argv, const void *input, size_t len, size_t limit,
                      int seconds, struct buffer *output, struct error *err)
{
    struct child child;
    int result = -1;
    char *program = program_beside(argv[0]);
    if (!program)
        return error_set(err, E_NOT_FOUND, _("%s が入っていません。入れてからやり直してください"),
                         argv[0]);
    enum status st = start(&child, program, (char *const *)argv, true, err);
    if (!st)
        st = exchange(&child, input, len, limit, seconds, output, err);
    if (!st) {
        while (waitpid(child.pid, &result, 0) < 0 && errno == EINTR)
            ;
        child.pid = -1;
        while (result != 0 && output->len && output->data[output->len - 1] == '\n')
            output->data[--output->len] = '\0';
        if (result != 0 && output->len)
            st = error_set(err, E_PARSE, "%s", buffer_text(output));
        else if (result != 0)
            st = broken(err);
    }
    child_end(&child);
    xfree(&program);
    return st;
}
