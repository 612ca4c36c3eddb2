/* The world around the program: time, environment, command lines, files. */
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "sought.h"

/* More than any file of a data directory that a scenario makes. */
#define HUGE_FILE ((size_t)1 << 30)

static bool do_clock(struct scenario *s, const char *argument)
{
    struct error err;
    if (str_eq(argument, "real")) {
        unsetenv("SATOMADO_CLOCK");
        return true;
    }
    int64_t ms;
    if (!iso_time_parse(&ms, argument))
        return scenario_fail(s, "not a time like 2026-11-24T09:12:00+09:00");
    char *path = file_path(s->options->tmp, "clock");
    setenv("SATOMADO_CLOCK", path, 1);
    bool good = file_write(path, argument, strlen(argument), &err) == OK ||
                scenario_fail(s, "%s", error_text(&err));
    xfree(&path);
    return good;
}

static bool do_locale(struct scenario *s, const char *argument)
{
    (void)s;
    setenv("LANG", argument, 1);
    return true;
}

static bool do_env(struct scenario *s, const char *argument)
{
    struct buffer value = BUFFER_INIT;
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len);
    bool good = *name || scenario_fail(s, "env NAME VALUE");
    good = good && scenario_text(s, argument + len + strspn(argument + len, " "), &value, NULL);
    if (good)
        setenv(name, buffer_text(&value), 1);
    xfree(&name);
    buffer_free(&value);
    return good;
}

/* 0 to 127 is the program's own answer; above, it was a signal. */
static bool judge(struct scenario *s, int status, bool refusal)
{
    if (refusal ? status > 0 && status < 126 : status == 0)
        return true;
    struct strings lines = STRINGS_INIT;
    strings_split(&lines, buffer_text(&s->output), '\n');
    for (size_t i = 0; i < lines.count; i++)
        printf("#   > %s\n", lines.items[i]);
    strings_free(&lines);
    return scenario_fail(s, "it ended with %d", status);
}

static bool run_cli(struct scenario *s, const char *argument, bool refusal)
{
    char *command = xasprintf("\"$SATOMADO\" --data \"$DATA\" %s", argument);
    bool good = judge(s, scenario_shell(s, command), refusal);
    xfree(&command);
    return good;
}

static bool do_run(struct scenario *s, const char *argument)
{
    return run_cli(s, argument, false);
}

static bool do_run_refused(struct scenario *s, const char *argument)
{
    return run_cli(s, argument, true);
}

static bool do_shell(struct scenario *s, const char *argument)
{
    return judge(s, scenario_shell(s, argument), false);
}

static bool do_shell_refused(struct scenario *s, const char *argument)
{
    return judge(s, scenario_shell(s, argument), true);
}

static bool do_output(struct scenario *s, const char *argument)
{
    struct sought w = {0};
    bool good = sought_parse(s, argument, &w);
    if (good && !sought_matches(&w, buffer_text(&s->output)))
        good = scenario_fail(s, "not in the output: %s", buffer_text(&s->output));
    sought_free(&w);
    return good;
}

static bool do_output_not(struct scenario *s, const char *argument)
{
    struct sought w = {0};
    bool good = sought_parse(s, argument, &w);
    if (good && sought_matches(&w, buffer_text(&s->output)))
        good = scenario_fail(s, "in the output: %s", buffer_text(&s->output));
    sought_free(&w);
    return good;
}

static bool do_capture_output(struct scenario *s, const char *argument)
{
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len);
    struct sought w = {0};
    bool good = sought_parse(s, argument + len + strspn(argument + len, " "), &w);
    if (good && !sought_matches(&w, buffer_text(&s->output)))
        good = scenario_fail(s, "not in the output: %s", buffer_text(&s->output));
    if (good)
        setenv(name, buffer_text(w.is_regex ? &w.match : &w.text), 1);
    sought_free(&w);
    xfree(&name);
    return good;
}

/* Append the rows of an answer: | between columns, a new line between rows. */
static bool read_rows(struct scenario *s, sqlite3 *db, const char *query, struct buffer *out)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) != SQLITE_OK)
        return scenario_fail(s, "%s", sqlite3_errmsg(db));
    int rc;
    for (int row = 0; (rc = sqlite3_step(statement)) == SQLITE_ROW; row++) {
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            const char *value = (const char *)sqlite3_column_text(statement, column);
            buffer_add_text(out, column ? "|" : row ? "\n" : "");
            buffer_add_text(out, value ? value : "");
        }
    }
    bool good = rc == SQLITE_DONE || scenario_fail(s, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return good;
}

static bool query_file(struct scenario *s, const char *path, const char *query, struct buffer *out)
{
    sqlite3 *db = NULL;
    bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK ||
                scenario_fail(s, "%s: %s", path, sqlite3_errmsg(db));
    sqlite3_busy_timeout(db, s->limit_ms);
    good = good && read_rows(s, db, query, out);
    sqlite3_close(db);
    return good;
}

/* sql DATABASE "QUERY" = VALUE */
static bool do_sql(struct scenario *s, const char *argument)
{
    struct buffer query = BUFFER_INIT, wanted = BUFFER_INIT, answer = BUFFER_INIT;
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len), *path = file_path(getenv("DATA"), name);
    const char *quoted = argument + len + strspn(argument + len, " "), *rest = "";
    bool good = *quoted == '"' && scenario_text(s, quoted, &query, &rest) && *rest == '=';
    if (!good)
        scenario_fail(s, "sql DATABASE \"QUERY\" = VALUE");
    good = good && scenario_text(s, rest + 1 + strspn(rest + 1, " "), &wanted, NULL) &&
           query_file(s, path, buffer_text(&query), &answer);
    if (good && !str_eq(buffer_text(&answer), buffer_text(&wanted)))
        good = scenario_fail(s, "the answer is: %s", buffer_text(&answer));
    xfree(&name);
    xfree(&path);
    buffer_free(&query);
    buffer_free(&wanted);
    buffer_free(&answer);
    return good;
}

/* Walking a tree has no argument of its own to hand on. */
static const struct buffer *unwanted;
static char *unwanted_in;

static int look_into(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    struct buffer content = BUFFER_INIT;
    (void)info;
    (void)where;
    if (kind != FTW_F)
        return 0;
    bool there = file_read(path, HUGE_FILE, &content, NULL) == OK && content.len &&
                 memmem(content.data, content.len, unwanted->data, unwanted->len);
    buffer_free(&content);
    if (there)
        unwanted_in = xstrdup(path);
    return there;
}

static bool do_grep_absent(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = scenario_text(s, argument, &text, NULL);
    if (good && text.len == 0)
        good = scenario_fail(s, "there is no text to look for");
    unwanted = &text;
    if (good && nftw(getenv("DATA"), look_into, 16, FTW_PHYS) < 0)
        good = scenario_fail(s, "cannot read %s", getenv("DATA"));
    if (unwanted_in)
        good = scenario_fail(s, "it is in %s", unwanted_in);
    xfree(&unwanted_in);
    buffer_free(&text);
    return good;
}

static bool do_include(struct scenario *s, const char *argument)
{
    return scenario_include(s, argument);
}

static bool do_note(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = scenario_text(s, argument, &text, NULL);
    if (good)
        printf("# %s\n", buffer_text(&text));
    buffer_free(&text);
    return good;
}

static bool do_patience(struct scenario *s, const char *argument)
{
    s->limit_ms = (int)(atof(argument) * 1000 * s->options->patience);
    return s->limit_ms > 0 || scenario_fail(s, "patience SECONDS");
}

const struct directive steps_world[] = {
    {"clock", "ISO-TIME|real", do_clock},
    {"locale", "NAME", do_locale},
    {"env", "NAME VALUE", do_env},
    {"run", "CLI... - satomado --data $DATA CLI..., a shell line", do_run},
    {"run!", "CLI... - the same, and it must be refused", do_run_refused},
    {"shell", "LINE", do_shell},
    {"shell!", "LINE", do_shell_refused},
    {"output", "TEXT|/REGEX/  of the last run or shell", do_output},
    {"output-not", "TEXT|/REGEX/", do_output_not},
    {"capture-output", "NAME /REGEX/", do_capture_output},
    {"sql", "DATABASE \"QUERY\" = VALUE - a file of $DATA; | between columns, \\n between rows",
     do_sql},
    {"grep-absent", "TEXT - in no file of $DATA", do_grep_absent},
    {"include", "FILE - steps from a file beside this one", do_include},
    {"note", "TEXT - print it as a comment", do_note},
    {"patience", "SECONDS - how long to wait for what is expected", do_patience},
    {NULL, NULL, NULL},
};
