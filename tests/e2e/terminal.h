/*
 * terminal: a program in a pseudo-terminal whose screen can be read. One struct per terminal; a
 * scenario may have several at once.
 */
#ifndef TESTS_E2E_TERMINAL_H
#define TESTS_E2E_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct terminal;

/* A line of the screen: its text without trailing blanks, and the column of each byte of it. */
struct screen_row {
    struct buffer text;
    int *column;
};

struct terminal *terminal_new(int rows, int columns);
void terminal_free(struct terminal **t);

/* Run `sh -c "exec COMMAND"` on the terminal, with this process's environment. */
void terminal_start(struct terminal *t, const char *command);
/* True from terminal_start until the program has ended. */
bool terminal_running(const struct terminal *t);
/* waitpid's status of the program that ended last. */
int terminal_status(const struct terminal *t);

/* Take in what the program writes, waiting at most ms for the first of it; false when nothing came.
 */
bool terminal_pump(struct terminal *t, int ms);
/* Pump until nothing has come for quiet_ms (or at_most_ms have passed). */
void terminal_settle(struct terminal *t, int quiet_ms, int at_most_ms);
/* Type bytes; pumps as needed so that neither side blocks. */
void terminal_send(struct terminal *t, const char *data, size_t len);
/* Type bytes as a bracketed paste where the program has asked for it. */
void terminal_paste(struct terminal *t, const char *data, size_t len);
void terminal_signal(struct terminal *t, int signal);
/*
 * SIGKILL whatever runs on t, with all its process group, us microseconds from now: in the midst of
 * whatever is going on, as when the power goes. One terminal at a time; terminal_struck() is true
 * once the moment has come.
 */
void terminal_strike_in(struct terminal *t, long us);
bool terminal_struck(void);
/* Close the line, as a dropped connection does. */
void terminal_hang_up(struct terminal *t);
/* Pump until the program has ended; false after ms. */
bool terminal_wait_end(struct terminal *t, int ms);

void terminal_resize(struct terminal *t, int rows, int columns);
int terminal_rows(const struct terminal *t);
int terminal_columns(const struct terminal *t);
/* Cursor from 0; false when the program has hidden it. */
bool terminal_cursor(const struct terminal *t, int *row, int *column);
/* row from 0; free with screen_row_free. */
struct screen_row terminal_row(const struct terminal *t, int row);
void screen_row_free(struct screen_row *row);
/* Call look(t, user) whenever the screen may have changed. */
void terminal_on_change(struct terminal *t, void (*look)(struct terminal *t, void *user),
                        void *user);
/* Bytes the program has written so far. */
size_t terminal_bytes(const struct terminal *t);

#endif
