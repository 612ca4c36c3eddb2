/*
 * base/child: this program run again as a process of its own (子プロセス), for work that must not
 * hold or harm the one the user works with: spending memory on a password, opening what came from
 * outside. Crypto and bundle call it.
 *
 * The child is the same executable with one argument and an empty environment; descriptors 0 and 1
 * are its end of one socket, 2 is /dev/null, no other is open.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/status.h"

struct child {
    pid_t pid;
    int fd; /* our end of the socket */
};

/* E_BUSY when no process is to be had. */
enum status child_start(struct child *child, const char *argument, struct error *err);
/* Sends what fits into the socket at once; *sent is how many bytes did. E_BUSY: the child is gone.
 */
enum status child_send(struct child *child, const void *data, size_t len, size_t *sent,
                       struct error *err);
/* Nothing more will be sent: the child reads the end of its input. */
void child_send_end(struct child *child);
/* Waits until bytes can be read (or, with `sending`, sent) but at most ms milliseconds; E_BUSY
 * when the time is over. */
enum status child_wait(struct child *child, bool sending, int ms, struct error *err);
/* Reads what is there: *got bytes, 0 at the end; E_BUSY when the child broke off. *got is 0 and
 * *waiting set when nothing is there yet. */
enum status child_receive(struct child *child, void *data, size_t size, size_t *got, bool *waiting,
                          struct error *err);
/* Ends the child, whatever it is doing, and frees what it took. */
void child_end(struct child *child);

/* Runs a program of ours that lies beside this one, argv[0] its name, with input on its standard
 * input, and appends what it writes. E_NOT_FOUND when it is not installed; E_PARSE with what it said when it failed; E_BUSY
 * when it is silent for so many seconds or breaks off; E_LIMIT for more output than `limit`. */
enum status child_run(const char *const *argv, const void *input, size_t len, size_t limit,
                      int seconds, struct buffer *output, struct error *err);

#endif
