/*
 * sought: a text or an expression that a step looks for, on the screen or in what a command
 * printed.
 */
#ifndef TESTS_E2E_SOUGHT_H
#define TESTS_E2E_SOUGHT_H

#include <regex.h>

#include "scenario_internal.h"

/* What to look for: a text, or an expression between slashes; in one row (from 1) or any (0). */
struct sought {
    struct buffer text;
    bool is_regex;
    regex_t regex;
    int row;
    struct buffer match; /* the first group, or the whole match */
};

/* TEXT, "TEXT" or /REGEX/, and behind it perhaps `at ROW` (negative: from the bottom). Free it in
 * either case. */
bool sought_parse(struct scenario *s, const char *argument, struct sought *w);
void sought_free(struct sought *w);
bool sought_matches(struct sought *w, const char *text);
/* Whether what (a struct sought) is on the current screen; fits scenario_eventually. */
bool sought_on_screen(struct scenario *s, void *what);

#endif
