/*
 * base/strings: what C's library lacks for byte strings: a growing list, prefix tests, hex.
 * Nothing here knows characters; that is text's work.
 */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list that owns its strings. */
struct strings {
    char **items;
    size_t count;
    size_t cap;
};

#define STRINGS_INIT \
    {                \
        NULL, 0, 0   \
    }
#define ARRAY_LEN(a) (sizeof(a) / sizeof *(a))

void strings_add(struct strings *list, const char *text);
void strings_add_len(struct strings *list, const char *text, size_t len);
/* Takes ownership of text. */
void strings_take(struct strings *list, char *text);
void strings_free(struct strings *list);
/* Index of text, or -1. */
long strings_find(const struct strings *list, const char *text);
void strings_sort(struct strings *list);
/* Split at each separator byte; empty parts are kept. */
void strings_split(struct strings *list, const char *text, char separator);

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
bool str_empty(const char *text);          /* NULL or "" */
bool str_eq(const char *a, const char *b); /* NULL equals only NULL */

/* Lowercase hex; out has 2 * len + 1 bytes. */
void hex_encode(char *out, const uint8_t *data, size_t len);
/* Exactly 2 * len lowercase hex digits and nothing after; false otherwise. */
bool hex_decode(uint8_t *out, size_t len, const char *text);

/* The candidate nearest to word for "did you mean", or NULL when none is near. Borrowed. */
const char *str_nearest(const char *word, const char *const *candidates, size_t count);

#endif
