#include "scenario.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "scenario_internal.h"

#define FILE_LIMIT (1 << 20)
#define MAX_DEPTH  16

bool scenario_fail(struct scenario *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    buffer_clear(&s->why);
    buffer_add_text(&s->why, text);
    xfree(&text);
    return false;
}

/* ---- text ---- */

static void add_code_point(struct buffer *out, unsigned long c)
{
    char utf8[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, c >>= 6)
        utf8[i] = (char)(0x80 | (c & 0x3f));
    utf8[0] = (char)(len == 1 ? c : ((0xf00ul >> len) & 0xff) | c);
    buffer_add(out, utf8, len);
}

/* $NAME or ${NAME} at *at; a $ before anything else stands for itself. */
static bool add_variable(struct scenario *s, const char **at, struct buffer *out)
{
    const char *name = *at + 1;
    bool braced = *name == '{';
    name += braced;
    size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    if (len == 0 || (braced && name[len] != '}')) {
        buffer_add_char(out, '$');
        ++*at;
        return true;
    }
    char *key = xstrndup(name, len);
    const char *value = getenv(key);
    if (value)
        buffer_add_text(out, value);
    else
        scenario_fail(s, "$%s has no value", key);
    xfree(&key);
    *at = name + len + braced;
    return value != NULL;
}

static bool add_escape(struct scenario *s, const char **at, struct buffer *out)
{
    static const char from[] = "nte\"\\$", to[] = "\n\t\033\"\\$";
    const char *c = *at + 1;
    const char *found = *c ? strchr(from, *c) : NULL;
    if (found) {
        buffer_add_char(out, to[found - from]);
        *at = c + 1;
        return true;
    }
    if (str_starts(c, "u{")) {
        char *end;
        unsigned long code = strtoul(c + 2, &end, 16);
        if (*end == '}' && code > 0 && code < 0x110000) {
            add_code_point(out, code);
            *at = end + 1;
            return true;
        }
    }
    return scenario_fail(s, "no such escape: \\%.8s", c);
}

bool scenario_text(struct scenario *s, const char *argument, struct buffer *out, const char **rest)
{
    bool quoted = *argument == '"';
    const char *at = argument + quoted;
    while (*at && !(quoted && *at == '"')) {
        bool good = true;
        if (*at == '$')
            good = add_variable(s, &at, out);
        else if (quoted && *at == '\\')
            good = add_escape(s, &at, out);
        else
            buffer_add_char(out, *at++);
        if (!good)
            return false;
    }
    if (quoted && *at != '"')
        return scenario_fail(s, "a quotation mark is missing");
    at += quoted;
    at += strspn(at, " ");
    if (rest)
        *rest = at;
    else if (*at)
        return scenario_fail(s, "too much after the text: %s", at);
    return true;
}

/* ---- the world around ---- */

bool scenario_eventually(struct scenario *s, bool (*holds)(struct scenario *, void *), void *what)
{
    int64_t end = clock_mono() + s->limit_ms;
    for (;;) {
        bool over = !terminal_running(s->seat->terminal) || clock_mono() > end;
        terminal_pump(s->seat->terminal, over ? 0 : 20);
        if (holds(s, what))
            return true;
        if (over)
            return false;
    }
}

int scenario_shell(struct scenario *s, const char *command)
{
    char *path = file_path(s->options->tmp, "output");
    fflush(stdout); /* or the child would write what is waiting in it once more */
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        setenv("SATOMADO_PASSWORD_FILE", getenv("PASSWORD_FILE"), 1);
        if (!freopen("/dev/null", "r", stdin) || !freopen(path, "w", stdout) ||
            dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(127);
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    int64_t end = clock_mono() + 24 * (int64_t)s->limit_ms;
    while (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
        for (size_t i = 0; i < s->seat_count; i++)
            terminal_pump(s->seats[i].terminal, 0);
        terminal_pump(s->seat->terminal, 2);
        if (clock_mono() > end)
            kill(-pid, SIGKILL);
    }
    buffer_clear(&s->output);
    file_read(path, FILE_LIMIT, &s->output, NULL);
    while (s->output.len && s->output.data[s->output.len - 1] == '\n')
        buffer_splice(&s->output, s->output.len - 1, 1, NULL, 0);
    xfree(&path);
    return pid < 0 ? 127 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void scenario_print_screen(struct scenario *s)
{
    struct terminal *t = s->seat->terminal;
    int row, column;
    bool shown = terminal_cursor(t, &row, &column);
    printf("#   %d x %d, cursor %s%d,%d%s\n", terminal_rows(t), terminal_columns(t),
           shown ? "" : "hidden at ", row + 1, column + 1,
           terminal_running(t) ? "" : ", no program is running");
    for (int i = 0; i < terminal_rows(t); i++) {
        struct screen_row line = terminal_row(t, i);
        if (line.text.len)
            printf("# %3d|%s\n", i + 1, buffer_text(&line.text));
        screen_row_free(&line);
    }
}

/* A program may go by itself or by what a scenario does to it, but not by a fault. */
static bool ended_well(const struct terminal *t)
{
    int status = terminal_status(t);
    int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return by == 0 || by == SIGHUP || by == SIGTERM || by == SIGKILL || by == SIGINT;
}

bool scenario_leave(struct scenario *s, bool strict)
{
    bool good = true;
    for (size_t i = 0; i < s->seat_count; i++) {
        struct seat *seat = &s->seats[i];
        terminal_hang_up(seat->terminal);
        if (strict && !terminal_wait_end(seat->terminal, s->limit_ms))
            good = scenario_fail(s, "%s goes on after its terminal has gone", seat->command);
        else if (strict && !ended_well(seat->terminal))
            good = scenario_fail(s, "%s ended by signal %d", seat->command,
                                 WTERMSIG(terminal_status(seat->terminal)));
        terminal_free(&seat->terminal);
        xfree(&seat->name);
        xfree(&seat->command);
    }
    return good;
}

/* Reports of the sanitizers go to files, since the terminals show the program's screen. */
static bool no_reports(struct scenario *s)
{
    char *pattern = xasprintf("%s/sanitizer*", s->options->tmp);
    glob_t found = {0};
    bool none = glob(pattern, 0, NULL, &found) == GLOB_NOMATCH;
    if (!none)
        scenario_fail(s, "the sanitizers complain");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct buffer report = BUFFER_INIT;
        file_read(found.gl_pathv[i], FILE_LIMIT, &report, NULL);
        struct strings lines = STRINGS_INIT;
        strings_split(&lines, buffer_text(&report), '\n');
        for (size_t n = 0; n < lines.count; n++)
            printf("# %s\n", lines.items[n]);
        strings_free(&lines);
        buffer_free(&report);
    }
    globfree(&found);
    xfree(&pattern);
    return none;
}

/* ---- the language ---- */

static const struct directive *const directive_tables[] = {
    steps_program, steps_terminal, steps_screen, steps_world, steps_fault, steps_measure,
};

/* The line after the `end` that belongs to the `repeat` before line from; 0 when there is none. */
static size_t after_end(const struct strings *lines, size_t from)
{
    int open = 1;
    for (size_t i = from; i < lines->count; i++) {
        const char *line = lines->items[i] + strspn(lines->items[i], " \t");
        if (str_starts(line, "repeat "))
            open++;
        else if (str_eq(line, "end") && --open == 0)
            return i + 1;
    }
    return 0;
}

bool scenario_step(struct scenario *s, const char *line)
{
    size_t len = strcspn(line, " \t");
    char *name = xstrndup(line, len);
    const char *argument = line + len + strspn(line + len, " \t");
    const struct directive *found = NULL;
    const char *names[64];
    size_t count = 0;
    for (size_t t = 0; t < ARRAY_LEN(directive_tables); t++) {
        for (const struct directive *d = directive_tables[t]; d->name; d++) {
            if (count < ARRAY_LEN(names))
                names[count++] = d->name;
            if (str_eq(name, d->name))
                found = d;
        }
    }
    bool good;
    if (found) {
        good = found->run(s, argument);
    } else {
        const char *near = str_nearest(name, names, count);
        good = scenario_fail(s, "unknown directive %s%s%s", name, near ? "; perhaps " : "",
                             near ? near : "");
    }
    xfree(&name);
    return good;
}

static bool run_lines(struct scenario *s, const struct strings *lines, size_t from, size_t to);

/* The lines from..to as often as argument says; $I counts. */
static bool repeat_lines(struct scenario *s, const char *argument, const struct strings *lines,
                         size_t from, size_t to)
{
    struct buffer number = BUFFER_INIT;
    bool good = scenario_text(s, argument, &number, NULL);
    long times = strtol(buffer_text(&number), NULL, 10);
    good = good && (times > 0 || scenario_fail(s, "repeat N ... end"));
    for (long n = 1; good && n <= times; n++) {
        buffer_clear(&number);
        buffer_printf(&number, "%ld", n);
        setenv("I", buffer_text(&number), 1);
        good = run_lines(s, lines, from, to);
    }
    buffer_free(&number);
    return good;
}

static bool run_lines(struct scenario *s, const struct strings *lines, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const char *line = lines->items[i] + strspn(lines->items[i], " \t");
        size_t number = i + 1;
        if (*line == '\0' || *line == '#')
            continue;
        if (s->stop_if_struck && terminal_struck())
            return false;
        if (s->options->verbose)
            printf("# %s:%zu: %s\n", s->file, number, line);
        bool good;
        if (str_starts(line, "repeat ")) {
            size_t next = after_end(lines, number);
            good = next ? repeat_lines(s, line + strlen("repeat "), lines, number, next - 1)
                        : scenario_fail(s, "repeat without end");
            i = next - 1;
        } else {
            good = scenario_step(s, line);
        }
        if (!good) {
            if (!(s->stop_if_struck && terminal_struck()))
                printf("# %s:%zu: %s\n", s->file, number, line);
            return false;
        }
    }
    return true;
}

static bool run_file(struct scenario *s, const char *file)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    struct error err;
    bool good = false;
    const char *outer = s->file;
    s->file = file;
    if (++s->depth > MAX_DEPTH)
        scenario_fail(s, "files include one another without end");
    else if (file_read(file, FILE_LIMIT, &text, &err) != OK)
        scenario_fail(s, "%s", error_text(&err));
    else {
        strings_split(&lines, buffer_text(&text), '\n');
        good = run_lines(s, &lines, 0, lines.count);
    }
    s->depth--;
    s->file = outer;
    strings_free(&lines);
    buffer_free(&text);
    return good;
}

bool scenario_include(struct scenario *s, const char *name)
{
    const char *slash = strrchr(s->file, '/');
    char *path = xasprintf("%.*s%s", slash ? (int)(slash - s->file + 1) : 0, s->file, name);
    bool good = run_file(s, path);
    xfree(&path);
    return good;
}

static void set_path(const char *variable, const char *dir, const char *name)
{
    char *path = file_path(dir, name);
    setenv(variable, path, 1);
    xfree(&path);
}

static void set_sanitizer_log(const char *variable, const char *tmp)
{
    const char *old = getenv(variable);
    char *value = xasprintf("%s%slog_path=%s/sanitizer", old ? old : "", old ? ":" : "", tmp);
    setenv(variable, value, 1);
    xfree(&value);
}

static bool prepare(struct scenario *s)
{
    const char *tmp = s->options->tmp;
    setenv("TMP", tmp, 1);
    set_path("DIR", tmp, "demo");
    set_path("DATA", tmp, "demo/office");
    set_path("HOME", tmp, "home");
    set_path("PASSWORD_FILE", tmp, "password");
    setenv("LANG", "C.UTF-8", 1);
    static const char *const unwanted[] = {"LC_ALL",   "LC_CTYPE", "LC_MESSAGES",
                                           "LANGUAGE", "LINES",    "COLUMNS",
                                           "ESCDELAY", "TERMINFO", "SATOMADO_DATA"};
    for (size_t i = 0; i < ARRAY_LEN(unwanted); i++)
        unsetenv(unwanted[i]);
    set_sanitizer_log("ASAN_OPTIONS", tmp);
    set_sanitizer_log("UBSAN_OPTIONS", tmp);
    static const char password[] = "okugiri-demo\n";
    struct error err;
    if (file_make_dirs(getenv("HOME"), &err) != OK ||
        file_write(getenv("PASSWORD_FILE"), password, strlen(password), &err) != OK)
        return scenario_fail(s, "%s", error_text(&err));
    return scenario_step(s, "term xterm-256color") && scenario_step(s, "terminal 1") &&
           scenario_step(s, "clock 2026-11-24T09:12:00+09:00");
}

bool scenario_run(const char *file, const struct scenario_options *options)
{
    struct scenario s = {.options = options, .limit_ms = (int)(5000 * options->patience)};
    bool good = prepare(&s) && run_file(&s, file);
    if (!good) {
        printf("# %s\n", buffer_text(&s.why));
        if (s.seat)
            scenario_print_screen(&s);
    }
    if (!scenario_leave(&s, good) || !no_reports(&s)) {
        if (good)
            printf("# %s: %s\n", file, buffer_text(&s.why));
        good = false;
    }
    scenario_watches_free(&s);
    buffer_free(&s.output);
    buffer_free(&s.why);
    return good;
}

void scenario_help(void)
{
    for (size_t t = 0; t < ARRAY_LEN(directive_tables); t++)
        for (const struct directive *d = directive_tables[t]; d->name; d++)
            printf("  %-18s%s\n", d->name, d->usage);
    printf("  repeat            N ... end   ($I counts)\n"
           "  # a comment\n");
}
