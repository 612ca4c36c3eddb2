/* What the screen shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "sought.h"

static bool has_cursor(struct scenario *s, void *what)
{
    int row, column;
    (void)what;
    return !terminal_running(s->seat->terminal) ||
           terminal_cursor(s->seat->terminal, &row, &column);
}

/* Whatever the counter shows while it waits, it shows a cursor with it: an input method draws what
 * is being converted there. */
static bool shows_cursor(struct scenario *s)
{
    return !s->seat->is_counter || scenario_eventually(s, has_cursor, NULL) ||
           scenario_fail(s, "the cursor is not visible");
}

static bool do_expect(struct scenario *s, const char *argument)
{
    struct sought w = {0};
    bool good = sought_parse(s, argument, &w);
    if (good && !scenario_eventually(s, sought_on_screen, &w))
        good = scenario_fail(s, "this is not on the screen: %s", buffer_text(&w.text));
    sought_free(&w);
    return good && shows_cursor(s);
}

static bool not_on_screen(struct scenario *s, void *what)
{
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    return !sought_on_screen(s, what);
}

static bool do_expect_not(struct scenario *s, const char *argument)
{
    struct sought w = {0};
    bool good = sought_parse(s, argument, &w);
    if (good && !scenario_eventually(s, not_on_screen, &w))
        good = scenario_fail(s, "this is on the screen: %s", buffer_text(&w.text));
    sought_free(&w);
    return good;
}

/* capture NAME /REGEX/: $NAME is what the group (or all of it) matched. */
static bool do_capture(struct scenario *s, const char *argument)
{
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len);
    struct sought w = {0};
    bool good = sought_parse(s, argument + len + strspn(argument + len, " "), &w);
    if (good && !scenario_eventually(s, sought_on_screen, &w))
        good = scenario_fail(s, "this is not on the screen: %s", buffer_text(&w.text));
    if (good)
        setenv(name, buffer_text(w.is_regex ? &w.match : &w.text), 1);
    sought_free(&w);
    xfree(&name);
    return good;
}

/* ---- fields: a label, and what stands right of it (in a table: under it) between brackets ---- */

struct place {
    struct buffer name;
    struct buffer wanted;
    struct buffer found; /* what stands there, trimmed */
    bool exists;
    int row;
    int first; /* columns inside the brackets */
    int last;
};

static void place_free(struct place *p)
{
    buffer_free(&p->name);
    buffer_free(&p->wanted);
    buffer_free(&p->found);
}

/* The bracket of label at text, or NULL: only marks and blanks may stand between and before. */
static const char *bracket_of(const char *text, const char *label, size_t label_len)
{
    if (label > text && !strchr(" *!|", label[-1]))
        return NULL;
    const char *open = label + label_len;
    open += strspn(open, " *:");
    return *open == '[' ? open : NULL;
}

/* What stands between two brackets of a line; nothing when there is no closing one. */
static void take_place(struct place *p, struct screen_row *row, int number, const char *open)
{
    const char *text = buffer_text(&row->text);
    const char *close_ = open ? strchr(open, ']') : NULL;
    if (!close_)
        return;
    const char *from = open + 1, *to = close_;
    p->exists = true;
    p->row = number;
    p->first = row->column[from - text];
    p->last = row->column[close_ - text];
    while (from < to && *from == ' ')
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '_'))
        to--;
    buffer_clear(&p->found);
    buffer_add(&p->found, from, (size_t)(to - from));
}

static void find_in_row(struct place *p, struct screen_row *row, int number)
{
    const char *text = buffer_text(&row->text);
    const char *name = buffer_text(&p->name);
    for (const char *at = text; !p->exists && (at = strstr(at, name)) != NULL; at++)
        take_place(p, row, number, bracket_of(text, at, strlen(name)));
}

/* The bracket that opens in a column of a line. */
static void take_column(struct scenario *s, struct place *p, int number, int column)
{
    struct screen_row row = terminal_row(s->seat->terminal, number);
    const char *text = buffer_text(&row.text);
    for (const char *at = text; !p->exists && (at = strchr(at, '[')) != NULL; at++)
        if (row.column[at - text] == column)
            take_place(p, &row, number, at);
    screen_row_free(&row);
}

/* In a table the label stands over its column; what is meant is the line of the cursor, else the
 * first one. */
static void find_under(struct scenario *s, struct place *p, int head)
{
    struct screen_row row = terminal_row(s->seat->terminal, head);
    const char *text = buffer_text(&row.text), *name = buffer_text(&p->name);
    size_t len = strlen(name);
    int cursor_row, cursor_column;
    if (!terminal_cursor(s->seat->terminal, &cursor_row, &cursor_column))
        cursor_row = -1;
    for (const char *at = text; !p->exists && (at = strstr(at, name)) != NULL; at++) {
        if ((at > text && at[-1] != ' ') || (at[len] && at[len] != ' '))
            continue;
        int column = row.column[at - text];
        if (cursor_row > head)
            take_column(s, p, cursor_row, column);
        if (!p->exists)
            take_column(s, p, head + 1, column);
    }
    screen_row_free(&row);
}

static void find_place(struct scenario *s, struct place *p)
{
    int rows = terminal_rows(s->seat->terminal);
    p->exists = false;
    for (int i = 0; i < rows && !p->exists; i++) {
        struct screen_row row = terminal_row(s->seat->terminal, i);
        find_in_row(p, &row, i);
        screen_row_free(&row);
    }
    for (int i = 0; i < rows - 1 && !p->exists; i++)
        find_under(s, p, i);
}

static bool holds_value(struct scenario *s, void *what)
{
    struct place *p = what;
    find_place(s, p);
    return p->exists && str_eq(buffer_text(&p->found), buffer_text(&p->wanted));
}

static bool holds_cursor(struct scenario *s, void *what)
{
    struct place *p = what;
    int row, column;
    find_place(s, p);
    return terminal_cursor(s->seat->terminal, &row, &column) && p->exists && row == p->row &&
           column >= p->first && column <= p->last;
}

static bool do_field(struct scenario *s, const char *argument)
{
    struct place p = {0};
    const char *equals = strstr(argument, " =");
    bool good = equals || scenario_fail(s, "field NAME = VALUE");
    if (good) {
        char *name = xstrndup(argument, (size_t)(equals - argument));
        const char *value = equals + 2 + strspn(equals + 2, " ");
        good = scenario_text(s, name, &p.name, NULL) && scenario_text(s, value, &p.wanted, NULL);
        xfree(&name);
    }
    if (good && !scenario_eventually(s, holds_value, &p))
        good = p.exists
                   ? scenario_fail(s, "%s holds [%s]", buffer_text(&p.name), buffer_text(&p.found))
                   : scenario_fail(s, "there is no field %s", buffer_text(&p.name));
    place_free(&p);
    return good && shows_cursor(s);
}

static bool do_cursor_at(struct scenario *s, const char *argument)
{
    struct place p = {0};
    bool good = scenario_text(s, argument, &p.name, NULL);
    if (good && !scenario_eventually(s, holds_cursor, &p))
        good = scenario_fail(s, p.exists ? "the cursor is not in %s" : "there is no field %s",
                             buffer_text(&p.name));
    place_free(&p);
    return good;
}

/* More fields than any form has. */
#define MANY_FIELDS 300
/* The rest of a painting that has begun. */
#define STEP_MS 15

/* The next field may be at the same place of another page. */
static bool something_came(struct scenario *s, void *what)
{
    const size_t *before = what;
    return terminal_bytes(s->seat->terminal) != *before;
}

/* go-to LABEL: Tab until the cursor is there. */
static bool do_go_to(struct scenario *s, const char *argument)
{
    struct place p = {0};
    bool good = scenario_text(s, argument, &p.name, NULL), there = false;
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    for (int i = 0; good && !there && i < MANY_FIELDS; i++) {
        size_t before = terminal_bytes(s->seat->terminal);
        there = holds_cursor(s, &p);
        if (there)
            break;
        good = scenario_step(s, "key Tab") &&
               (scenario_eventually(s, something_came, &before) ||
                scenario_fail(s, "Tab does not lead on to %s", buffer_text(&p.name)));
        terminal_settle(s->seat->terminal, STEP_MS, s->limit_ms);
    }
    if (good && !there)
        good = scenario_fail(s, "Tab never leads to %s", buffer_text(&p.name));
    place_free(&p);
    return good;
}

struct position {
    int row;
    int column;
};

static bool is_cursor(struct scenario *s, void *what)
{
    struct position *wanted = what;
    int row, column;
    return terminal_cursor(s->seat->terminal, &row, &column) && row + 1 == wanted->row &&
           column + 1 == wanted->column;
}

static bool do_cursor(struct scenario *s, const char *argument)
{
    struct position wanted;
    if (sscanf(argument, "%d %d", &wanted.row, &wanted.column) != 2)
        return scenario_fail(s, "cursor ROW COLUMN");
    return scenario_eventually(s, is_cursor, &wanted) ||
           scenario_fail(s, "the cursor is elsewhere");
}

static bool do_screen(struct scenario *s, const char *argument)
{
    (void)argument;
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    scenario_print_screen(s);
    return true;
}

const struct directive steps_screen[] = {
    {"expect", "TEXT|/REGEX/ [at ROW] - rows count from 1, -1 is the last", do_expect},
    {"expect-not", "TEXT|/REGEX/ [at ROW]", do_expect_not},
    {"capture", "NAME /REGEX/ [at ROW]", do_capture},
    {"field", "LABEL = VALUE - what stands in the brackets after the label", do_field},
    {"cursor-at", "LABEL - the visible cursor is in its brackets", do_cursor_at},
    {"go-to", "LABEL - Tab until the cursor is in its brackets", do_go_to},
    {"cursor", "ROW COLUMN", do_cursor},
    {"screen", " - print it", do_screen},
    {NULL, NULL, NULL},
};
