/*
 * scenario: runs one .scn file. Everything a scenario makes lies under one directory of its own
 * ($TMP), and its variables are environment variables, so that shell lines see them too.
 */
#ifndef TESTS_E2E_SCENARIO_H
#define TESTS_E2E_SCENARIO_H

#include <stdbool.h>

struct scenario_options {
    const char *tmp;   /* directory of this scenario, empty */
    const char *cache; /* where sample towns are kept for the scenarios of one run */
    double patience;   /* factor on every time limit, for slow builds */
    bool verbose;      /* print each step */
};

/* True when every step held; what did not goes to standard output as TAP diagnostics. */
bool scenario_run(const char *file, const struct scenario_options *options);
/* The directives and what follows them, one a line, to standard output. */
void scenario_help(void);

#endif
