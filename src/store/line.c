#include "store/line.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"

/* --- Making --- */

/* Takes the name. */
static struct line_member *add(struct line *line, char *name, enum line_kind kind)
{
    if (line->count == line->cap) {
        line->cap = line->cap ? line->cap * 2 : 4;
        line->items = xreallocarray(line->items, line->cap, sizeof *line->items);
    }
    struct line_member *m = &line->items[line->count++];
    *m = (struct line_member){.name = name, .kind = kind};
    return m;
}

void line_add_text(struct line *line, const char *name, const char *value)
{
    add(line, xstrdup(name), LINE_TEXT)->text = xstrdup(value);
}

void line_add_number(struct line *line, const char *name, int64_t value)
{
    add(line, xstrdup(name), LINE_NUMBER)->number = value;
}

struct strings *line_add_list(struct line *line, const char *name)
{
    return &add(line, xstrdup(name), LINE_LIST)->list;
}

struct strings *line_add_map(struct line *line, const char *name)
{
    return &add(line, xstrdup(name), LINE_MAP)->list;
}

void line_free(struct line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        xfree(&line->items[i].name);
        xfree(&line->items[i].text);
        strings_free(&line->items[i].list);
    }
    xfree(&line->items);
    line->count = line->cap = 0;
}

/* --- Asking --- */

static const struct line_member *member(const struct line *line, const char *name,
                                        enum line_kind kind)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->items[i].kind == kind && strcmp(line->items[i].name, name) == 0)
            return &line->items[i];
    return NULL;
}

const char *line_text(const struct line *line, const char *name)
{
    const struct line_member *m = member(line, name, LINE_TEXT);
    return m ? m->text : NULL;
}

int64_t line_number(const struct line *line, const char *name)
{
    const struct line_member *m = member(line, name, LINE_NUMBER);
    return m ? m->number : 0;
}

const struct strings *line_list(const struct line *line, const char *name)
{
    const struct line_member *m = member(line, name, LINE_LIST);
    return m ? &m->list : NULL;
}

const struct strings *line_map(const struct line *line, const char *name)
{
    const struct line_member *m = member(line, name, LINE_MAP);
    return m ? &m->list : NULL;
}

static long map_find(const struct strings *map, const char *name)
{
    for (size_t i = 0; map && i + 1 < map->count; i += 2)
        if (strcmp(map->items[i], name) == 0)
            return (long)i;
    return -1;
}

const char *map_get(const struct strings *map, const char *name)
{
    long i = map_find(map, name);
    return i < 0 ? NULL : map->items[i + 1];
}

void map_set(struct strings *map, const char *name, const char *value)
{
    long i = map_find(map, name);
    if (i >= 0) {
        char *copy = xstrdup(value);
        xfree(&map->items[i + 1]);
        map->items[i + 1] = copy;
        return;
    }
    strings_add(map, name);
    strings_add(map, value);
}

/* --- Writing --- */

static void write_text(struct buffer *out, const char *text)
{
    buffer_add_char(out, '"');
    const char *start = text;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_add(out, start, (size_t)(text - start));
        if (c < 0x20)
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_printf(out, "\\%c", c);
        start = text + 1;
    }
    buffer_add(out, start, (size_t)(text - start));
    buffer_add_char(out, '"');
}

static void write_list(struct buffer *out, const struct line_member *m)
{
    bool map = m->kind == LINE_MAP;
    buffer_add_char(out, map ? '{' : '[');
    for (size_t i = 0; i < m->list.count; i++) {
        if (i)
            buffer_add_char(out, map && i % 2 ? ':' : ',');
        write_text(out, m->list.items[i]);
    }
    buffer_add_char(out, map ? '}' : ']');
}

void line_write(const struct line *line, struct buffer *out)
{
    buffer_add_char(out, '{');
    for (size_t i = 0; i < line->count; i++) {
        const struct line_member *m = &line->items[i];
        if (i)
            buffer_add_char(out, ',');
        write_text(out, m->name);
        buffer_add_char(out, ':');
        if (m->kind == LINE_TEXT)
            write_text(out, m->text);
        else if (m->kind == LINE_NUMBER)
            buffer_printf(out, "%lld", (long long)m->number);
        else
            write_list(out, m);
    }
    buffer_add_char(out, '}');
}

/* --- Reading --- */

struct reader {
    const char *at, *end;
    const char *wrong; /* first thing that does not fit */
};

static bool fail(struct reader *r, const char *what)
{
    if (!r->wrong)
        r->wrong = what;
    return false;
}

static bool take(struct reader *r, char c)
{
    if (r->at >= r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* Length of the well-formed UTF-8 character at the front, 0 when there is none (RFC 3629). */
static size_t utf8_at(const struct reader *r)
{
    static const struct {
        unsigned char low, high, second_low, second_high, len;
    } rows[] = {
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *s = (const unsigned char *)r->at;
    size_t left = (size_t)(r->end - r->at);
    if (left && s[0] >= 0x20 && s[0] < 0x80) /* most there are */
        return 1;
    for (size_t i = 0; left && i < ARRAY_LEN(rows); i++) {
        if (s[0] < rows[i].low || s[0] > rows[i].high)
            continue;
        size_t len = rows[i].len;
        if (left < len || s[1] < rows[i].second_low || s[1] > rows[i].second_high)
            return 0;
        for (size_t k = 2; k < len; k++)
            if ((s[k] & 0xc0) != 0x80)
                return 0;
        return len;
    }
    return 0;
}

/* Only what write_text() writes: \" \\ and \u0001..\u001f. */
static bool read_escape(struct reader *r, struct buffer *out)
{
    uint8_t code;
    if (take(r, '"') || take(r, '\\')) {
        buffer_add_char(out, r->at[-1]);
        return true;
    }
    if (r->end - r->at < 5 || memcmp(r->at, "u00", 3) != 0)
        return fail(r, "escape");
    char hex[3] = {r->at[3], r->at[4], '\0'};
    if (!hex_decode(&code, 1, hex) || code == 0 || code >= 0x20)
        return fail(r, "escape");
    buffer_add_char(out, (char)code);
    r->at += 5;
    return true;
}

/* Up to the next quote or escape. */
static bool skip_plain(struct reader *r)
{
    size_t len = 1;
    while (len && r->at < r->end && *r->at != '"' && *r->at != '\\')
        r->at += len = utf8_at(r);
    return len || fail(r, "UTF-8");
}

static bool read_escaped(struct reader *r, struct buffer *text)
{
    while (r->at < r->end && *r->at != '"') {
        const char *start = r->at;
        if (take(r, '\\') ? !read_escape(r, text) : !skip_plain(r))
            return false;
        if (*start != '\\')
            buffer_add(text, start, (size_t)(r->at - start));
    }
    return take(r, '"') || fail(r, "\"");
}

static bool read_text(struct reader *r, char **out)
{
    if (!take(r, '"'))
        return fail(r, "\"");
    const char *start = r->at;
    if (!skip_plain(r))
        return false;
    struct buffer text = BUFFER_INIT;
    bool whole = take(r, '"'); /* most have no escapes */
    if (!whole)
        buffer_add(&text, start, (size_t)(r->at - start));
    bool good = whole || read_escaped(r, &text);
    if (good)
        *out = whole ? xstrndup(start, (size_t)(r->at - 1 - start)) : buffer_steal(&text);
    buffer_free(&text);
    return good;
}

static bool read_number(struct reader *r, int64_t *out)
{
    bool negative = take(r, '-');
    const char *start = r->at;
    int64_t value = 0;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        int digit = *r->at++ - '0';
        if (value > (INT64_MAX - digit) / 10)
            return fail(r, "number");
        value = value * 10 + digit;
    }
    size_t len = (size_t)(r->at - start);
    if (len == 0 || (*start == '0' && (len > 1 || negative)))
        return fail(r, "number");
    *out = negative ? -value : value;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorting finds a name that stands twice without comparing each with each. */
static bool names_differ(const struct strings *map)
{
    size_t count = map->count / 2;
    const char **names = xcalloc(count, sizeof *names);
    bool good = true;
    for (size_t i = 0; i < count; i++)
        names[i] = map->items[2 * i];
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 1; i < count && good; i++)
        good = strcmp(names[i - 1], names[i]) != 0;
    xfree(&names);
    return good;
}

static bool read_list(struct reader *r, struct line_member *m)
{
    bool map = m->kind == LINE_MAP;
    char close = map ? '}' : ']', *text = NULL;
    r->at++;
    if (take(r, close))
        return true;
    for (;;) {
        if (!read_text(r, &text))
            return false;
        strings_take(&m->list, text);
        if (map) {
            if (!take(r, ':') || !read_text(r, &text))
                return fail(r, ":");
            strings_take(&m->list, text);
        }
        if (take(r, close))
            return !map || names_differ(&m->list) || fail(r, "duplicate");
        if (!take(r, ','))
            return fail(r, ",");
    }
}

static bool read_member(struct reader *r, struct line *line)
{
    char *name = NULL;
    if (!read_text(r, &name))
        return false;
    bool known = false;
    for (size_t i = 0; i < line->count; i++)
        known = known || strcmp(line->items[i].name, name) == 0;
    char c = r->end - r->at >= 2 ? r->at[1] : '\0';
    enum line_kind kind = c == '"'   ? LINE_TEXT
                          : c == '[' ? LINE_LIST
                          : c == '{' ? LINE_MAP
                                     : LINE_NUMBER;
    struct line_member *m = add(line, name, kind);
    if (known)
        return fail(r, "duplicate");
    if (!take(r, ':'))
        return fail(r, ":");
    switch (kind) {
    case LINE_TEXT:
        return read_text(r, &m->text);
    case LINE_NUMBER:
        return read_number(r, &m->number);
    default:
        return read_list(r, m);
    }
}

enum status line_read(const char *text, size_t len, struct line *out, struct error *err)
{
    struct reader r = {text, text + len, NULL};
    *out = (struct line)LINE_INIT;
    bool good = len <= LINE_MAX_BYTES && take(&r, '{');
    if (good && !take(&r, '}')) {
        do
            good = read_member(&r, out);
        while (good && take(&r, ','));
        good = good && take(&r, '}');
    }
    if (good && r.at == r.end)
        return OK;
    line_free(out);
    return error_set(err, E_PARSE, _("行の書き方が正しくありません（%zuバイト目、%s）"),
                     (size_t)(r.at - text) + 1, r.wrong ? r.wrong : "{}");
}
