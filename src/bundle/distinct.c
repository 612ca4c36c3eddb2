#include "bundle/distinct.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"

/* The last 12 digits of a UUID of version 7 are random: 40 bits of them tell a million records
 * apart but for less than one, in five bytes each. */
enum { UUID_LENGTH = 36, TAIL = 24, KEY = 5, SLOTS = 1 << 16, MOST = SLOTS / 4 * 3 };

struct distinct {
    uint8_t slots[SLOTS][KEY]; /* open addressing; zeros = free */
    size_t used;
    FILE *rest; /* keys for which there was no slot, some of them more than once */
    bool failed;
};

struct distinct *distinct_new(void)
{
    return xcalloc(1, sizeof(struct distinct));
}

static void put_aside(struct distinct *d, const uint8_t key[KEY])
{
    if (!d->rest && !d->failed)
        d->rest = tmpfile();
    d->failed = d->failed || !d->rest || fwrite(key, 1, KEY, d->rest) != KEY;
}

static void add_key(struct distinct *d, const uint8_t key[KEY])
{
    static const uint8_t none[KEY];
    size_t at = ((size_t)key[2] << 8 | key[1]) % SLOTS;
    while (memcmp(d->slots[at], none, KEY) != 0 && memcmp(d->slots[at], key, KEY) != 0)
        at = (at + 1) % SLOTS;
    if (memcmp(d->slots[at], key, KEY) == 0)
        return;
    if (d->used == MOST) {
        put_aside(d, key);
        return;
    }
    memcpy(d->slots[at], key, KEY);
    d->used++;
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
    add_key(d, key);
}

/* What was put aside is in no slot: each round counts a table full of it. */
enum status distinct_count(struct distinct *d, long *out, struct error *err)
{
    for (*out = 0; d->used && !d->failed;) {
        FILE *rest = d->rest;
        uint8_t key[KEY];
        *out += (long)d->used;
        memset(d->slots, 0, sizeof d->slots);
        d->used = 0;
        d->rest = NULL;
        if (!rest)
            break;
        rewind(rest);
        while (fread(key, KEY, 1, rest) == 1)
            add_key(d, key);
        d->failed = d->failed || ferror(rest);
        fclose(rest);
    }
    return d->failed
               ? error_set(err, E_IO, "%s",
                           _("一時ファイルを読み書きできません。/tmp の空きを確かめてください"))
               : OK;
}

void distinct_free(struct distinct **slot)
{
    if (*slot && (*slot)->rest)
        fclose((*slot)->rest);
    xfree(slot);
}
