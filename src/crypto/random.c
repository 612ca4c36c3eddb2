#include "crypto/random.h"

#include <stdio.h>

#include "base/clock.h"
#include "crypto/sodium.h"

void random_bytes(void *out, size_t len)
{
    sodium_ready();
    randombytes_buf(out, len);
}

uint32_t random_below(uint32_t below)
{
    sodium_ready();
    return below ? randombytes_uniform(below) : 0;
}

/* RFC 9562, 6.2, method 1: the 12 bits after the milliseconds count within one millisecond. The
 * count starts in the lower half of its range, so that there is room; when it runs over, or the
 * clock goes back, the identifiers' time runs ahead of the clock. */
void uuid7_new(char out[UUID_SIZE])
{
    static uint64_t last_ms;
    static unsigned count;
    uint8_t tail[8];
    random_bytes(tail, sizeof tail);
    uint64_t now = (uint64_t)clock_now();
    if (now > last_ms) {
        last_ms = now;
        count = random_below(2048);
    } else if (++count > 0xfff) {
        last_ms++;
        count = random_below(2048);
    }
    snprintf(out, UUID_SIZE, "%08x-%04x-7%03x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             (unsigned)(last_ms >> 16), (unsigned)(last_ms & 0xffff), count,
             (unsigned)((tail[0] & 0x3f) | 0x80), tail[1], tail[2], tail[3], tail[4], tail[5],
             tail[6], tail[7]);
}
