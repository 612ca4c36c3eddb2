#include "bundle/distinct.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* The last 12 digits of a UUID of version 7 are random: 40 bits of them tell a million records apart
 * but for less than one, in five bytes each. */
enum { UUID_LENGTH = 36, TAIL = 24, KEY = 5 };

struct distinct {
    uint8_t (*slots)[KEY]; /* open addressing; zeros = free */
    size_t size, count;
};

struct distinct *distinct_new(size_t most)
{
    struct distinct *d = xcalloc(1, sizeof *d);
    d->size = most + most / 8 + 16;
    d->slots = xcalloc(d->size, sizeof *d->slots);
    return d;
}

void distinct_add(struct distinct *d, const char *uuid)
{
    static const uint8_t none[KEY];
    uint8_t key[KEY];
    if (strlen(uuid) != UUID_LENGTH)
        return;
    uint64_t tail = strtoull(uuid + TAIL, NULL, 16);
    for (size_t i = 0; i < KEY; i++)
        key[i] = (uint8_t)(tail >> 8 * i);
    key[0] |= memcmp(key, none, KEY) == 0;
    size_t at = (size_t)((tail >> 8) % d->size);
    while (memcmp(d->slots[at], none, KEY) != 0 && memcmp(d->slots[at], key, KEY) != 0)
        at = (at + 1) % d->size;
    if (memcmp(d->slots[at], none, KEY) == 0 && d->count + 1 < d->size) {
        memcpy(d->slots[at], key, KEY);
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
