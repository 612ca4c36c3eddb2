/*
 * store/registry_internal: the chain as it lies in memory; for registry*.c only.
 */
#ifndef STORE_REGISTRY_INTERNAL_H
#define STORE_REGISTRY_INTERNAL_H

#include "store/line.h"
#include "store/registry.h"

struct registry_entry {
    struct line line;
    const char *kind; /* what the line says, "" = nothing */
    char *text, *seal;
    char hash[HASH_HEX_SIZE];
};

struct registry {
    struct store *store;
    struct registry_entry *entries; /* entry of version n at n - 1 */
    size_t count;
    int64_t asked; /* number of the transaction in which the table was looked at, 0 = none */
};

/* Newest entry of a kind (with member = value unless member is NULL), at most version `at`
 * (0 = newest) and below *before when that is not 0; its version goes to *before. */
const struct registry_entry *registry_find(struct registry *r, long at, const char *kind,
                                           const char *member, const char *value, long *before);
/* A new entry's first members, and its end: sealed and appended. */
struct line registry_begin(struct registry *r, const char *kind);
enum status registry_append(struct registry *r, const struct key_pair *root, struct line *line,
                            struct error *err);

#endif
