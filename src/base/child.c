#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/intl.h"

/* What the child has open, and signals as a fresh program finds them. */
static int spawn(pid_t *pid, const char *argument, int fd)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *argv[] = {"satomado", (char *)argument, NULL};
    char *envp[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fd, 0);
    posix_spawn_file_actions_adddup2(&files, fd, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(pid, "/proc/self/exe", &files, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

enum status child_start(struct child *child, const char *argument, struct error *err)
{
    int ends[2];
    *child = (struct child){.pid = -1, .fd = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_errno(err, E_BUSY, "%s", _("補助の処理を始められません"));
    int rc = spawn(&child->pid, argument, ends[1]);
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
