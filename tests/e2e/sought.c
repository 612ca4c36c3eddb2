#include "sought.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void sought_free(struct sought *w)
{
    if (w->is_regex)
        regfree(&w->regex);
    buffer_free(&w->text);
    buffer_free(&w->match);
}

/* TEXT, "TEXT" or /REGEX/, and behind it perhaps `at ROW` (negative: from the bottom). */
bool sought_parse(struct scenario *s, const char *argument, struct sought *w)
{
    char *copy = xstrdup(argument);
    char *at = NULL;
    for (char *p = copy; (p = strstr(p, " at ")) != NULL; p++)
        at = p;
    if (at) {
        char *end;
        long row = strtol(at + 4, &end, 10);
        if (row != 0 && *end == '\0') {
            w->row = (int)row;
            *at = '\0';
        }
    }
    size_t len = strlen(copy);
    bool good = scenario_text(s, copy, &w->text, NULL);
    if (good && len > 2 && copy[0] == '/' && copy[len - 1] == '/') {
        buffer_splice(&w->text, w->text.len - 1, 1, NULL, 0);
        buffer_splice(&w->text, 0, 1, NULL, 0);
        w->is_regex = regcomp(&w->regex, buffer_text(&w->text), REG_EXTENDED) == 0;
        good = w->is_regex || scenario_fail(s, "not a regular expression");
    } else if (good && w->text.len == 0) {
        good = scenario_fail(s, "there is no text to look for");
    }
    xfree(&copy);
    return good;
}

bool sought_matches(struct sought *w, const char *text)
{
    if (!w->is_regex)
        return strstr(text, buffer_text(&w->text)) != NULL;
    regmatch_t group[2];
    if (regexec(&w->regex, text, 2, group, 0) != 0)
        return false;
    regmatch_t *best = group[1].rm_so >= 0 ? &group[1] : &group[0];
    buffer_clear(&w->match);
    buffer_add(&w->match, text + best->rm_so, (size_t)(best->rm_eo - best->rm_so));
    return true;
}

bool sought_on_screen(struct scenario *s, void *what)
{
    struct sought *w = what;
    int rows = terminal_rows(s->seat->terminal);
    int only = w->row < 0 ? rows + w->row : w->row - 1;
    bool found = false;
    for (int i = 0; i < rows && !found; i++) {
        if (w->row != 0 && i != only)
            continue;
        struct screen_row row = terminal_row(s->seat->terminal, i);
        found = sought_matches(w, buffer_text(&row.text));
        screen_row_free(&row);
    }
    return found;
}