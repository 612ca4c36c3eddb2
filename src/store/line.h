/*
 * store/line: one line of JSON with a fixed order of members: how events, registry entries and
 * bundle lines are written. Store and bundle call it.
 *
 * A member is a text, a whole number, a list of texts or a map of texts; nothing nests deeper.
 * Writing is canonical (no spaces, members in the order given, only ", \ and control characters
 * escaped), and reading takes nothing else: a line that was read writes back byte for byte.
 */
#ifndef STORE_LINE_H
#define STORE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/strings.h"

#define LINE_MAX_BYTES (1 << 20)

enum line_kind { LINE_TEXT, LINE_NUMBER, LINE_LIST, LINE_MAP };

struct line_member {
    char *name;
    enum line_kind kind;
    char *text;          /* of a text */
    int64_t number;      /* of a number */
    struct strings list; /* of a list; of a map: name, value, name, value */
};

struct line {
    struct line_member *items;
    size_t count, cap;
};

#define LINE_INIT  \
    {              \
        NULL, 0, 0 \
    }

void line_free(struct line *line);
void line_add_text(struct line *line, const char *name, const char *value);
void line_add_number(struct line *line, const char *name, int64_t value);
/* The list is filled by the caller through what comes back. */
struct strings *line_add_list(struct line *line, const char *name);
struct strings *line_add_map(struct line *line, const char *name);

void line_write(const struct line *line, struct buffer *out);
/* E_PARSE for anything that would not be written so: duplicate members, other spacing, numbers with
 * leading zeros, NUL, malformed UTF-8, lone surrogates, more than LINE_MAX_BYTES. */
enum status line_read(const char *text, size_t len, struct line *out, struct error *err);

/* NULL / 0 / NULL when there is no such member of that kind. Borrowed. */
const char *line_text(const struct line *line, const char *name);
int64_t line_number(const struct line *line, const char *name);
const struct strings *line_list(const struct line *line, const char *name);
const struct strings *line_map(const struct line *line, const char *name);
/* Value in a map, NULL when it is not there. */
const char *map_get(const struct strings *map, const char *name);
void map_set(struct strings *map, const char *name, const char *value);

#endif
