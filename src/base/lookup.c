#include "base/lookup.h"

#include <stdint.h>
#include <string.h>

#include "base/xmem.h"

enum { SIZE_MIN = 16 };

/* FNV-1a. Who picks names that collide makes only the form slow that he wrote: its size is limited.
 */
static size_t hash(const char *name)
{
    uint64_t h = 0xcbf29ce484222325;
    for (const char *s = name; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3;
    return (size_t)(h ^ h >> 32);
}

/* Where the name is, or where it would go. */
static struct lookup_entry *place(const struct lookup *lookup, const char *name)
{
    for (size_t i = hash(name);; i++) {
        struct lookup_entry *entry = &lookup->entries[i & (lookup->size - 1)];
        if (!entry->name || strcmp(entry->name, name) == 0)
            return entry;
    }
}

static void grow(struct lookup *lookup)
{
    struct lookup old = *lookup;
    lookup->size = old.size ? old.size * 2 : SIZE_MIN;
    lookup->entries = xcalloc(lookup->size, sizeof *lookup->entries);
    for (size_t i = 0; i < old.size; i++)
        if (old.entries[i].name)
            *place(lookup, old.entries[i].name) = old.entries[i];
    xfree(&old.entries);
}

bool lookup_add(struct lookup *lookup, const char *name, size_t value)
{
    if (lookup->count * 2 >= lookup->size)
        grow(lookup);
    struct lookup_entry *entry = place(lookup, name);
    if (entry->name)
        return false;
    *entry = (struct lookup_entry){name, value};
    lookup->count++;
    return true;
}

bool lookup_find(const struct lookup *lookup, const char *name, size_t *value)
{
    if (!lookup->size)
        return false;
    const struct lookup_entry *entry = place(lookup, name);
    if (entry->name && value)
        *value = entry->value;
    return entry->name != NULL;
}

void lookup_free(struct lookup *lookup)
{
    xfree(&lookup->entries);
    *lookup = (struct lookup)LOOKUP_INIT;
}
