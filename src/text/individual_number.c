#include "text/individual_number.h"

#include <stdint.h>
#include <string.h>

#include "text/utf8.h"

enum { NUMBER_DIGITS = 12 };

/* What may stand between two digits of one run. */
enum join { JOIN_NONE, JOIN_SAME, JOIN_ANY };

struct run {
    int digits[NUMBER_DIGITS]; /* the first ones */
    size_t count;
    size_t next; /* where to look for the next run */
};

static int digit_of(uint32_t cp)
{
    if (cp >= '0' && cp <= '9')
        return (int)(cp - '0');
    return cp >= 0xFF10 && cp <= 0xFF19 ? (int)(cp - 0xFF10) : -1;
}

static bool is_separator(uint32_t cp)
{
    return cp == ' ' || cp == 0x3000 || cp == '-' || cp == 0xFF0D || cp == 0x2212 ||
           (cp >= 0x2010 && cp <= 0x2015) || cp == 0x30FC || cp == 0xFF70 ||
           cp == 0x30FB || cp == 0xFF65 || cp == 0x00B7; /* 中点 */
}

/* The code point at at; 0 at the end. */
static uint32_t peek(const char *s, size_t len, size_t at, size_t *used)
{
    uint32_t cp = 0;
    *used = at < len ? utf8_decode(s + at, len - at, &cp) : 0;
    return cp;
}

static size_t read_group(const char *s, size_t len, size_t at, struct run *run)
{
    for (;;) {
        size_t used;
        int digit = digit_of(peek(s, len, at, &used));
        if (digit < 0)
            return at;
        if (run->count < NUMBER_DIGITS)
            run->digits[run->count] = digit;
        run->count++;
        at += used;
    }
}

/* The run that begins with the digit at at. A run of equal separators that ends at another one
 * shares its last group with the run after it: 12 1234-5678-9018. */
static void read_run(const char *s, size_t len, size_t at, enum join join, struct run *run)
{
    uint32_t separator = 0;
    size_t group = at, used, more;
    run->count = 0;
    for (;;) {
        at = read_group(s, len, at, run);
        run->next = at;
        uint32_t cp = peek(s, len, at, &used);
        if (join == JOIN_NONE || !is_separator(cp) || digit_of(peek(s, len, at + used, &more)) < 0)
            return;
        if (join == JOIN_SAME && separator && cp != separator) {
            run->next = group;
            return;
        }
        separator = cp;
        at += used;
        group = at;
    }
}

static bool check_digit_right(const int digits[NUMBER_DIGITS])
{
    int sum = 0;
    for (int n = 1; n < NUMBER_DIGITS; n++)
        sum += digits[NUMBER_DIGITS - 1 - n] * (n <= 6 ? n + 1 : n - 5);
    int rest = sum % 11;
    return digits[NUMBER_DIGITS - 1] == (rest <= 1 ? 0 : 11 - rest);
}

/* Sets found when a run is an Individual Number; returns the longest run. */
static size_t read_runs(const char *s, enum join join, bool *found)
{
    size_t len = strlen(s), longest = 0, used;
    for (size_t at = 0; at < len;) {
        if (digit_of(peek(s, len, at, &used)) < 0) {
            at += used;
            continue;
        }
        struct run run;
        read_run(s, len, at, join, &run);
        if (run.count == NUMBER_DIGITS && check_digit_right(run.digits))
            *found = true;
        if (run.count > longest)
            longest = run.count;
        at = run.next;
    }
    return longest;
}

bool individual_number_in(const char *s)
{
    bool found = false;
    for (enum join join = JOIN_NONE; join <= JOIN_ANY; join++)
        read_runs(s, join, &found);
    return found;
}

size_t digit_run_longest(const char *s)
{
    bool found;
    return read_runs(s, JOIN_ANY, &found);
}
