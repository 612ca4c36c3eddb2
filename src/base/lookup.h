/*
 * base/lookup: which of many names it is, in a time that does not grow with their number. Names
 * are borrowed and must stay where they are as long as the lookup lives.
 */
#ifndef BASE_LOOKUP_H
#define BASE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

struct lookup {
    struct lookup_entry {
        const char *name; /* NULL: nobody is here */
        size_t value;
    } * entries;
    size_t count, size; /* size: a power of two, 0 at first */
};

#define LOOKUP_INIT \
    {               \
        NULL, 0, 0  \
    }

/* False, and nothing changed, when the name is there already. */
bool lookup_add(struct lookup *lookup, const char *name, size_t value);
/* *value (may be NULL) is what was given with the name. */
bool lookup_find(const struct lookup *lookup, const char *name, size_t *value);
void lookup_free(struct lookup *lookup);

#endif
