/*
 * scenario_internal: what scenario.c (the language) and steps_*.c (what each directive does) share.
 */
#ifndef TESTS_E2E_SCENARIO_INTERNAL_H
#define TESTS_E2E_SCENARIO_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "scenario.h"
#include "terminal.h"

#define MAX_TERMINALS 8

struct seat {
    char *name;
    char *command; /* what was started on it last */
    bool is_counter;
    struct terminal *terminal;
};

struct scenario {
    const struct scenario_options *options;
    struct seat seats[MAX_TERMINALS];
    size_t seat_count;
    struct seat *seat; /* the one that is typed into */
    char term[64];
    int limit_ms; /* how long something may take to come true */
    size_t bytes_mark;
    long keys; /* pressed since keys-mark; what is typed as text is none */
    const char *file; /* being played */
    int depth;        /* of files within files */
    bool stop_if_struck;
    struct watch *watches;
    struct buffer output; /* of the last run or shell */
    struct buffer why;    /* of the failure */
};

/* One directive: what follows its name is in argument, not yet expanded. */
struct directive {
    const char *name;
    const char *usage;
    bool (*run)(struct scenario *s, const char *argument);
};

/* What each of the steps_*.c knows; each table ends with a NULL name. */
extern const struct directive steps_program[], steps_terminal[], steps_screen[], steps_world[],
    steps_fault[], steps_measure[];

/* The screen counts as at rest when nothing has come for this long. */
#define QUIET_MS 120

/* Note why the step does not hold; always false. */
bool scenario_fail(struct scenario *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * Append the text an argument stands for: $NAME and ${NAME} expanded; "..." with \n \t \e \" \\
 * and \u{XXXX}. With rest, a quoted text may be followed by something else, which *rest is set to;
 * an unquoted one reaches to the end.
 */
bool scenario_text(struct scenario *s, const char *argument, struct buffer *out, const char **rest);
/* Run one line of a scenario. */
bool scenario_step(struct scenario *s, const char *line);
/* Run a file named from beside the one being played. */
bool scenario_include(struct scenario *s, const char *name);
/* Note what the watches find on a terminal's screen; user is the scenario. */
void scenario_look(struct terminal *t, void *user);
void scenario_watches_free(struct scenario *s);
/*
 * Poll until holds(s, what) or the time is over; a program that has ended will not change its
 * screen any more.
 */
bool scenario_eventually(struct scenario *s, bool (*holds)(struct scenario *, void *), void *what);
/* Run a shell command while all terminals go on; its output goes to s->output. */
int scenario_shell(struct scenario *s, const char *command);
/* The screen of the current terminal as TAP diagnostics. */
void scenario_print_screen(struct scenario *s);
/* Close the terminals; false when a program crashed or would not go. */
bool scenario_leave(struct scenario *s, bool strict);

#endif
