/* Ending the program at a moment nobody has chosen, and what was on the screen until then. */
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/xmem.h"
#include "scenario_internal.h"

/* An expression looked for on every screen, and the file that takes what it finds. */
struct watch {
    struct watch *next;
    regex_t regex;
    char *path;
    struct strings found;
};

static void take_found(struct watch *w, const char *text, size_t len)
{
    char *found = xstrndup(text, len);
    if (strings_find(&w->found, found) < 0) {
        FILE *file = fopen(w->path, "a");
        if (file) {
            fprintf(file, "%s\n", found);
            fclose(file);
        }
        strings_add(&w->found, found);
    }
    xfree(&found);
}

void scenario_look(struct terminal *t, void *user)
{
    struct scenario *s = user;
    regmatch_t match;
    for (int i = 0; s->watches && i < terminal_rows(t); i++) {
        struct screen_row row = terminal_row(t, i);
        for (struct watch *w = s->watches; w; w = w->next) {
            const char *at = buffer_text(&row.text);
            while (regexec(&w->regex, at, 1, &match, 0) == 0 && match.rm_eo > match.rm_so) {
                take_found(w, at + match.rm_so, (size_t)(match.rm_eo - match.rm_so));
                at += match.rm_eo;
            }
        }
        screen_row_free(&row);
    }
}

void scenario_watches_free(struct scenario *s)
{
    while (s->watches) {
        struct watch *w = s->watches;
        s->watches = w->next;
        regfree(&w->regex);
        strings_free(&w->found);
        xfree(&w->path);
        xfree(&w);
    }
}

/* watch NAME /REGEX/: each different text that matches on any screen becomes a line of $TMP/NAME.
 */
static bool do_watch(struct scenario *s, const char *argument)
{
    size_t len = strcspn(argument, " "), end = strlen(argument);
    const char *regex = argument + len + strspn(argument + len, " ");
    struct error err;
    if (*regex != '/' || end < 2 || argument[end - 1] != '/' || argument + end - regex < 3)
        return scenario_fail(s, "watch NAME /REGEX/");
    char *name = xstrndup(argument, len);
    char *pattern = xstrndup(regex + 1, (size_t)(argument + end - regex - 2));
    struct watch *w = xcalloc(1, sizeof *w);
    bool good = regcomp(&w->regex, pattern, REG_EXTENDED) == 0;
    if (good) {
        w->path = file_path(s->options->tmp, name);
        w->next = s->watches;
        s->watches = w;
        good = file_write(w->path, "", 0, &err) == OK || scenario_fail(s, "%s", error_text(&err));
    } else {
        scenario_fail(s, "not a regular expression");
        xfree(&w);
    }
    xfree(&name);
    xfree(&pattern);
    return good;
}

/* From 0 to limit - 1; a scenario draws the same as long as $SEED and its $NUMBER are the same. */
static long draw(long limit)
{
    static unsigned short state[3];
    if (!state[0]) {
        const char *seed = getenv("SEED"), *number = getenv("NUMBER");
        state[0] = 0x330e;
        state[1] = (unsigned short)strtoul(seed ? seed : "1", NULL, 10);
        state[2] = (unsigned short)strtoul(number ? number : "1", NULL, 10);
        for (int i = 0; i < 8; i++)
            nrand48(state); /* the first draws of neighbouring seeds are alike */
    }
    return nrand48(state) % limit;
}

/*
 * kill-within MS FILE: play FILE, and at some moment of the next MS milliseconds kill what runs on
 * this terminal. The rest of FILE is left out; a file that ends sooner is waited for.
 */
static bool do_kill_within(struct scenario *s, const char *argument)
{
    struct buffer text = BUFFER_INIT;
    char name[256];
    long ms;
    bool good = scenario_text(s, argument, &text, NULL);
    if (good && (sscanf(buffer_text(&text), "%ld %255s", &ms, name) != 2 || ms < 1))
        good = scenario_fail(s, "kill-within MS FILE");
    buffer_free(&text);
    if (!good)
        return false;
    struct terminal *t = s->seat->terminal;
    terminal_strike_in(t, 1 + draw(ms) * 1000 + draw(1000));
    s->stop_if_struck = true;
    good = scenario_include(s, name) || terminal_struck();
    s->stop_if_struck = false;
    while (good && !terminal_struck())
        terminal_pump(t, 10);
    terminal_signal(t, SIGKILL); /* what was started in that very moment */
    return good && (terminal_wait_end(t, s->limit_ms) ||
                    scenario_fail(s, "the program goes on after it was killed"));
}

const struct directive steps_fault[] = {
    {"kill-within", "MS FILE - play FILE and kill the program at some moment of it",
     do_kill_within},
    {"watch", "NAME /REGEX/ - whatever matches on a screen becomes a line of $TMP/NAME", do_watch},
    {NULL, NULL, NULL},
};
