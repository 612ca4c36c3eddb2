/* Starting the program, and how it ends. */
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "scenario_internal.h"

static bool start_command(struct scenario *s, const char *command)
{
    if (terminal_running(s->seat->terminal))
        return scenario_fail(s, "a program is running on this terminal already");
    if (command != s->seat->command) {
        xfree(&s->seat->command);
        s->seat->command = xstrdup(command);
    }
    s->bytes_mark = terminal_bytes(s->seat->terminal);
    terminal_start(s->seat->terminal, s->seat->command);
    return true;
}

static bool do_program(struct scenario *s, const char *argument)
{
    s->seat->is_counter = false;
    return start_command(s, argument);
}

static bool do_start(struct scenario *s, const char *argument)
{
    char *command = xasprintf("\"$SATOMADO\" --data \"$DATA\" %s", argument);
    s->seat->is_counter = true;
    bool good = start_command(s, command);
    xfree(&command);
    return good;
}

/* One sample town for all scenarios of a run that ask for the same one; each gets a copy. */
static bool do_demo(struct scenario *s, const char *argument)
{
    struct buffer name = BUFFER_INIT;
    for (const char *c = *argument ? argument : "standard"; *c; c++)
        buffer_add_char(&name, isalnum((unsigned char)*c) ? *c : '_');
    char *town = file_path(s->options->cache, buffer_text(&name));
    char *lock_path = xasprintf("%s.lock", town);
    int lock = open(lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    bool good = lock >= 0 && flock(lock, LOCK_EX) == 0;
    if (!good)
        scenario_fail(s, "cannot lock %s", lock_path);
    setenv("TOWN", town, 1);
    if (good && !file_is_dir(town)) {
        /* A town without a past, unless one is asked for: it is made faster. */
        const char *past = strstr(argument, "--years") ? "" : "--years 0";
        char *command = xasprintf("\"$SATOMADO\" demo \"$TOWN.new\" %s %s && "
                                  "mv \"$TOWN.new\" \"$TOWN\" || { rm -rf \"$TOWN.new\"; exit 1; }",
                                  past, argument);
        good = scenario_shell(s, command) == 0 ||
               scenario_fail(s, "no sample town: %s", buffer_text(&s->output));
        xfree(&command);
    }
    if (lock >= 0)
        close(lock);
    if (good && scenario_shell(s, "rm -rf \"$DIR\" && cp -a \"$TOWN\" \"$DIR\"") != 0)
        good = scenario_fail(s, "cannot copy the sample town: %s", buffer_text(&s->output));
    xfree(&lock_path);
    xfree(&town);
    buffer_free(&name);
    return good;
}

static bool do_data(struct scenario *s, const char *argument)
{
    struct buffer dir = BUFFER_INIT;
    bool good = scenario_text(s, argument, &dir, NULL);
    if (good) {
        char *path = *buffer_text(&dir) == '/' ? xstrdup(buffer_text(&dir))
                                               : file_path(getenv("DIR"), buffer_text(&dir));
        setenv("DATA", path, 1);
        xfree(&path);
    }
    buffer_free(&dir);
    return good;
}

static bool do_office(struct scenario *s, const char *argument)
{
    return do_demo(s, argument) && do_data(s, "office") && do_start(s, "");
}

static bool end_by(struct scenario *s, int signal)
{
    terminal_signal(s->seat->terminal, signal);
    return terminal_wait_end(s->seat->terminal, s->limit_ms) ||
           scenario_fail(s, "the program goes on after signal %d", signal);
}

static bool do_kill(struct scenario *s, const char *argument)
{
    (void)argument;
    return end_by(s, SIGKILL);
}

static bool do_terminate(struct scenario *s, const char *argument)
{
    (void)argument;
    return end_by(s, SIGTERM);
}

static bool do_hangup(struct scenario *s, const char *argument)
{
    (void)argument;
    terminal_hang_up(s->seat->terminal);
    return terminal_wait_end(s->seat->terminal, s->limit_ms) ||
           scenario_fail(s, "the program goes on after its terminal has gone");
}

static bool do_restart(struct scenario *s, const char *argument)
{
    (void)argument;
    if (!s->seat->command)
        return scenario_fail(s, "nothing was started yet");
    if (terminal_running(s->seat->terminal) && !end_by(s, SIGTERM))
        return false;
    return start_command(s, s->seat->command);
}

static bool do_expect_exit(struct scenario *s, const char *argument)
{
    if (!terminal_wait_end(s->seat->terminal, s->limit_ms))
        return scenario_fail(s, "the program has not ended");
    int status = terminal_status(s->seat->terminal);
    if (!WIFEXITED(status))
        return scenario_fail(s, "the program ended by signal %d", WTERMSIG(status));
    struct buffer wanted = BUFFER_INIT;
    bool good = scenario_text(s, argument, &wanted, NULL);
    if (good && wanted.len && WEXITSTATUS(status) != atoi(buffer_text(&wanted)))
        good = scenario_fail(s, "the program ended with %d", WEXITSTATUS(status));
    buffer_free(&wanted);
    return good;
}

static bool do_wait(struct scenario *s, const char *argument)
{
    int64_t end = clock_mono() + atoi(argument);
    while (clock_mono() < end && !(s->stop_if_struck && terminal_struck()))
        terminal_pump(s->seat->terminal, (int)(end - clock_mono()));
    return true;
}

static bool do_settle(struct scenario *s, const char *argument)
{
    (void)argument;
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    return true;
}

static bool do_login(struct scenario *s, const char *argument)
{
    char user[64] = "", password[64] = "okugiri-demo";
    if (sscanf(argument, "%63s %63s", user, password) < 1)
        return scenario_fail(s, "login USER [PASSWORD]");
    char *name = xasprintf("type %s", user), *secret = xasprintf("type %s", password);
    const char *lines[] = {"expect 利用者", name,        "key Enter",
                           secret,          "key Enter", "expect-not 合言葉"};
    bool good = true;
    for (size_t i = 0; good && i < ARRAY_LEN(lines); i++)
        good = scenario_step(s, lines[i]);
    xfree(&name);
    xfree(&secret);
    return good;
}

const struct directive steps_program[] = {
    {"office", "[DEMO-OPTION...] - a sample town, the counter open in its office", do_office},
    {"demo", "[DEMO-OPTION...] - a sample town in $DIR", do_demo},
    {"data", "office|branch|laptop|town|PATH - the data directory from here on: $DATA", do_data},
    {"start", "[OPTION...] - the counter on $DATA", do_start},
    {"program", "COMMAND - another program instead", do_program},
    {"login", "USER [PASSWORD]", do_login},
    {"wait", "MS", do_wait},
    {"settle", " - until the screen is at rest", do_settle},
    {"kill", " - SIGKILL", do_kill},
    {"terminate", " - SIGTERM", do_terminate},
    {"hangup", " - the terminal goes away", do_hangup},
    {"restart", " - the same program again (after SIGTERM when it runs)", do_restart},
    {"expect-exit", "[STATUS]", do_expect_exit},
    {NULL, NULL, NULL},
};
