/*
 * form/yaml: a YAML file as a small tree that knows where everything stands. Only what form files
 * need is taken: one document of maps, lists and texts. Anchors, aliases, tags, duplicate keys,
 * malformed UTF-8, more than 1 MiB and nesting deeper than 32 are refused with their place.
 */
#ifndef FORM_YAML_H
#define FORM_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

/* Small, for a form with a long list of choices has tens of thousands of them. */
struct yaml {
    union {
        const char *text;    /* of a text: behind the node, in one piece of memory with it */
        struct yaml **items; /* of a list; of a map: key, value, key, value */
    };
    uint32_t count;        /* of items */
    uint32_t line, column; /* from 1; of a text in quotes, its first letter */
    uint16_t source;       /* 0: the file read; else as yaml_mark says */
    uint8_t kind;          /* enum yaml_kind */
};

struct yaml *yaml_new(enum yaml_kind kind);
struct yaml *yaml_new_text(const char *text);
/* To a list, which owns it from now on. */
void yaml_add(struct yaml *list, struct yaml *item);
/* Key and value of a map; the key must not be there. */
void yaml_put(struct yaml *map, const char *key, struct yaml *value);

enum status yaml_read(const char *text, const char *file, struct yaml **out, struct error *err);
/* Frees the tree. (libyaml exports a yaml_free of its own.) */
void yaml_drop(struct yaml **node);
/* Block style, always the same for the same tree. */
void yaml_write(const struct yaml *node, struct buffer *out);
/* On one line: [a, b], {a: b}. */
void yaml_write_line(const struct yaml *node, struct buffer *out);

/* Value of a map's key; NULL when there is none or the node is no map. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
/* Text of a map's key, NULL when there is none or it is no text. */
const char *yaml_text(const struct yaml *map, const char *key);
/* "yes", "true", "on" -> true. */
bool yaml_is_true(const char *text);
/* Says of every node of the tree that it stands in another file. */
void yaml_mark(struct yaml *node, uint16_t source);
/* Takes the item at i out of a list and puts the items of `other` (a list, emptied) there. */
void yaml_splice(struct yaml *list, size_t i, struct yaml *other);

#endif
