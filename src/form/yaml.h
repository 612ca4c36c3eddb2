/*
 * form/yaml: a YAML file as a small tree that knows where everything stands. Only what form files
 * need is taken: one document of maps, lists and texts. Anchors, aliases, tags, duplicate keys,
 * malformed UTF-8, more than 1 MiB and nesting deeper than 32 are refused with their place.
 */
#ifndef FORM_YAML_H
#define FORM_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    char *text;          /* of a text */
    struct yaml **items; /* of a list; of a map: key, value, key, value */
    size_t count;
    size_t line, column; /* from 1; of a text in quotes, its first letter */
    size_t source;       /* 0: the file read; else as yaml_mark says */
};

enum status yaml_read(const char *text, const char *file, struct yaml **out, struct error *err);
/* Frees the tree. (libyaml exports a yaml_free of its own.) */
void yaml_drop(struct yaml **node);
/* Block style, always the same for the same tree. */
void yaml_write(const struct yaml *node, struct buffer *out);

/* Value of a map's key; NULL when there is none or the node is no map. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
/* Text of a map's key, NULL when there is none or it is no text. */
const char *yaml_text(const struct yaml *map, const char *key);
/* "yes", "true", "on" -> true. */
bool yaml_is_true(const char *text);
/* Says of every node of the tree that it stands in another file. */
void yaml_mark(struct yaml *node, size_t source);
/* Takes the item at i out of a list and puts the items of `other` (a list, emptied) there. */
void yaml_splice(struct yaml *list, size_t i, struct yaml *other);

#endif
