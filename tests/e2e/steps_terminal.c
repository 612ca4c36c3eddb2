/* Typing, and the terminal itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/xmem.h"
#include "keys.h"
#include "scenario_internal.h"

/* ---- typing ---- */

static bool do_type(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = scenario_text(s, argument, &text, NULL);
    if (good && text.len)
        terminal_send(s->seat->terminal, text.data, text.len);
    buffer_free(&text);
    return good;
}

static bool do_paste(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = scenario_text(s, argument, &text, NULL);
    if (good)
        terminal_paste(s->seat->terminal, buffer_text(&text), text.len);
    buffer_free(&text);
    return good;
}

static bool read_named(struct scenario *s, const char *argument, struct buffer *text)
{
    struct buffer path = BUFFER_INIT;
    struct error err;
    bool good = scenario_text(s, argument, &path, NULL);
    if (good && file_read(buffer_text(&path), 1 << 24, text, &err) != OK)
        good = scenario_fail(s, "%s", error_text(&err));
    buffer_free(&path);
    return good;
}

static bool do_paste_file(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = read_named(s, argument, &text);
    if (good)
        terminal_paste(s->seat->terminal, buffer_text(&text), text.len);
    buffer_free(&text);
    return good;
}

/* As a scanner does that is a keyboard: all at once, Enter behind each line. */
static bool do_type_file(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    bool good = read_named(s, argument, &text);
    for (size_t i = 0; good && i < text.len; i++)
        if (text.data[i] == '\n')
            text.data[i] = '\r';
    if (good && text.len)
        terminal_send(s->seat->terminal, text.data, text.len);
    buffer_free(&text);
    return good;
}

/* key NAME[*N]...: a terminal gives no sign that a lone Esc is finished but time. */
static bool do_key(struct scenario *s, const char *argument)
{
    struct strings names = STRINGS_INIT;
    bool good = true;
    strings_split(&names, argument, ' ');
    for (size_t i = 0; good && i < names.count; i++) {
        char *name = names.items[i];
        char *star = strlen(name) > 1 ? strchr(name + 1, '*') : NULL;
        long times = star ? strtol(star + 1, NULL, 10) : 1;
        struct buffer bytes = BUFFER_INIT;
        const char *why;
        if (star)
            *star = '\0';
        if (*name && !keys_sequence(s->term, name, &bytes, &why))
            good = scenario_fail(s, "%s (%s): %s", name, s->term, why);
        for (long n = 0; good && n < times && bytes.len; n++) {
            terminal_send(s->seat->terminal, bytes.data, bytes.len);
            s->keys++;
            if (str_eq(name, "Esc"))
                terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
        }
        buffer_free(&bytes);
    }
    strings_free(&names);
    return good;
}

/* ---- the terminal ---- */

static bool do_resize(struct scenario *s, const char *argument)
{
    int rows, columns;
    char more;
    if (sscanf(argument, "%dx%d%c", &columns, &rows, &more) != 2 || rows < 1 || columns < 1)
        return scenario_fail(s, "COLUMNSxROWS");
    terminal_resize(s->seat->terminal, rows, columns);
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    return true;
}

static bool do_term(struct scenario *s, const char *argument)
{
    struct buffer bytes = BUFFER_INIT;
    const char *why;
    snprintf(s->term, sizeof s->term, "%s", argument);
    setenv("TERM", argument, 1);
    bool known = keys_sequence(s->term, "Up", &bytes, &why);
    buffer_free(&bytes);
    return known || scenario_fail(s, "no description of the terminal %s", argument);
}

/* For what must happen on a terminal nobody knows. */
static bool do_unknown_term(struct scenario *s, const char *argument)
{
    snprintf(s->term, sizeof s->term, "%s", "dumb");
    setenv("TERM", argument, 1);
    return true;
}

static bool do_terminal(struct scenario *s, const char *argument)
{
    for (size_t i = 0; i < s->seat_count; i++) {
        if (str_eq(s->seats[i].name, argument)) {
            s->seat = &s->seats[i];
            return true;
        }
    }
    if (s->seat_count == MAX_TERMINALS || !*argument)
        return scenario_fail(s, "terminal NAME; %d at most", MAX_TERMINALS);
    s->seat = &s->seats[s->seat_count++];
    *s->seat = (struct seat){.name = xstrdup(argument), .terminal = terminal_new(24, 80)};
    terminal_on_change(s->seat->terminal, scenario_look, s);
    return true;
}

static bool do_bytes_mark(struct scenario *s, const char *argument)
{
    (void)argument;
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    s->bytes_mark = terminal_bytes(s->seat->terminal);
    return true;
}

static bool do_bytes_at_most(struct scenario *s, const char *argument)
{
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    size_t bytes = terminal_bytes(s->seat->terminal) - s->bytes_mark;
    return bytes <= (size_t)atol(argument) ||
           scenario_fail(s, "the program wrote %zu bytes", bytes);
}

static bool do_keys_mark(struct scenario *s, const char *argument)
{
    (void)argument;
    s->keys = 0;
    return true;
}

static bool do_keys_at_most(struct scenario *s, const char *argument)
{
    return s->keys <= atol(argument) || scenario_fail(s, "%ld keys were pressed", s->keys);
}

const struct directive steps_terminal[] = {
    {"type", "TEXT", do_type},
    {"key", "NAME[*N]... - F1 Enter Esc Tab S-Tab Up C-x M-x ...", do_key},
    {"paste", "TEXT - as a bracketed paste where the program knows it", do_paste},
    {"paste-file", "PATH", do_paste_file},
    {"type-file", "PATH - as fast as the program takes it, Enter behind each line", do_type_file},
    {"size", "COLUMNSxROWS", do_resize},
    {"resize", "COLUMNSxROWS", do_resize},
    {"term", "NAME - terminal type", do_term},
    {"unknown-term", "NAME - a type without description", do_unknown_term},
    {"terminal", "NAME - go to another terminal, made when new", do_terminal},
    {"bytes-mark", " - count what the program writes from here", do_bytes_mark},
    {"bytes-at-most", "N", do_bytes_at_most},
    {"keys-mark", " - count what `key` presses from here", do_keys_mark},
    {"keys-at-most", "N", do_keys_at_most},
    {NULL, NULL, NULL},
};
