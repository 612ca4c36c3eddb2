/*
 * cli/cli: the command line. One table of commands: help, man page and shell completion are made
 * from it. Results go to stdout, refusals to stderr, one line each.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "cli/output.h"

/* Exit codes (see the manual). */
enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1, /* by a rule */
    EXIT_USAGE = 2,
    EXIT_DATA = 3, /* data or I/O error */
    EXIT_NOT_PERMITTED = 4,
};

struct office;
struct session;
struct cli_command;

/* What stands before the command's own words, and what was opened for it. */
struct cli {
    const struct cli_command *command;
    const char *data;           /* data directory */
    const char *user;           /* --as, NULL when not given */
    int password_fd;            /* -1 = not given */
    const char *const *options; /* value per row of command->options: NULL = not given, "" = flag */
    const char *const *words;   /* positional words after the command */
    size_t count;
    enum output_format format; /* --format, for a command that has it */
    struct office *office;     /* there when the command needs it, else NULL or by cli_office() */
    struct session *session;   /* there when the command needs it, else NULL */
};

struct cli_option {
    const char *name;     /* "--to" */
    const char *argument; /* "DIR"; NULL for a flag */
    const char *help;
};

/* What a command cannot begin without: it is opened, or refused, before run() is called. */
enum cli_need {
    NEEDS_NOTHING,
    NEEDS_OFFICE,  /* the place of --data */
    NEEDS_SESSION, /* also a person who works there: --as and the password */
};

struct cli_command {
    const char *name;                 /* "day close" */
    const char *words;                /* "FILE...", "" for none: shown in the usage line */
    const char *help;                 /* one sentence */
    const struct cli_option *options; /* ends with a NULL name; NULL = none */
    size_t min_words, max_words;
    int (*run)(struct cli *cli); /* returns an exit code, having said why on stderr */
    enum cli_need need;
};

/* The row of a command that lists, and the options of one that has no other. */
#define FORMAT_OPTION                             \
    {                                             \
        "--format", "F", N_("table、ndjson、csv") \
    }
extern const struct cli_option cli_format_options[];

/* The commands of one file; each array ends with a NULL name, cli_groups with NULL. */
extern const struct cli_command *const cli_groups[];
/* What may stand before the command; ends with a NULL name. */
extern const struct cli_option cli_global_options[];

/* Runs argv (argv[0] = program). Without a command returns -1: the caller opens the counter with
 * cli->data and cli->user. */
int cli_main(struct cli *cli, int argc, char **argv);
void cli_close(struct cli *cli);

/* Value of one of the command's own options, or NULL. */
const char *cli_option(const struct cli *cli, const char *name);

/* Print err on stderr and return the exit code it means. */
int cli_fail(const struct error *err);
/* The same for wrong words; shows the usage line. */
int cli_usage(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The office of --data, for a command that needs it only sometimes; NULL: an exit code in *code
 * after printing why. */
struct office *cli_office(struct cli *cli, int *code);
/* One password line from --password-fd, $SATOMADO_PASSWORD_FILE or the terminal (no echo).
 * E_USAGE when there is none. out is wiped by the caller. */
enum status cli_password(const struct cli *cli, const char *prompt, char *out, size_t size,
                         struct error *err);

/* --help, man page and completion, from the table (cli/help.c). */
void cli_help(void);
/* Prints the commands of two words that begin with `first` ("" = all). Returns how many. */
size_t cli_help_group(const char *first);
void cli_help_command(const struct cli_command *command);
void cli_manual(void);
void cli_completion(void);

#endif
