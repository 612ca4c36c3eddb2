#include "bundle/distinct.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* The last 16 digits of a UUID of version 7 are random: 62 bits tell a million of them apart. */
enum { UUID_LENGTH = 36, TAIL = 19 };

struct distinct {
    uint64_t *slots; /* open addressing; 0 = free */
    size_t mask, count;
};

struct distinct *distinct_new(size_t most)
{
    struct distinct *d = xcalloc(1, sizeof *d);
    size_t size = 16;
    while (size < most + most / 8)
        size *= 2;
    d->slots = xcalloc(size, sizeof *d->slots);
    d->mask = size - 1;
    return d;
}

void distinct_add(struct distinct *d, const char *uuid)
{
    if (strlen(uuid) != UUID_LENGTH)
        return;
    uint64_t key = strtoull(uuid + TAIL, NULL, 16) << 48 | strtoull(uuid + TAIL + 5, NULL, 16);
    key += !key;
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15U >> 32) & d->mask;
    while (d->slots[at] && d->slots[at] != key)
        at = (at + 1) & d->mask;
    if (!d->slots[at] && d->count < d->mask) {
        d->slots[at] = key;
        d->count++;
    }
}

size_t distinct_count(const struct distinct *d)
{
    return d->count;
}

void distinct_free(struct distinct **slot)
{
    if (*slot)
        xfree(&(*slot)->slots);
    xfree(slot);
}
