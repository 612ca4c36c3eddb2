/* How much the program writes for a key and how long it takes; make bench makes a table of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "keys.h"
#include "scenario_internal.h"

/* An answer is over when nothing more has come for this long. */
#define ANSWER_QUIET_MS 8

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

typedef void (*sender)(struct terminal *t, const char *data, size_t len);

/* Send one key, or a paste; the line `NAME <tab> bytes <tab> ms` goes into the file $FIGURES. */
static bool measure_sent(struct scenario *s, const char *name, const char *bytes, size_t len,
                         sender send)
{
    struct terminal *t = s->seat->terminal;
    const char *path = getenv("FIGURES");
    FILE *out = path ? fopen(path, "a") : NULL;
    if (!out)
        return scenario_fail(s, "$FIGURES names no file that can be written");
    size_t before = terminal_bytes(t);
    double start = now_ms(), last = start;
    send(t, bytes, len);
    if (terminal_bytes(t) > before)
        last = now_ms();
    while (terminal_pump(t, terminal_bytes(t) > before ? ANSWER_QUIET_MS : s->limit_ms))
        last = now_ms();
    size_t written = terminal_bytes(t) - before;
    fprintf(out, "%s\t%zu\t%.3f\n", name, written, last - start);
    fclose(out);
    return written || scenario_fail(s, "the program does not answer");
}

static bool measure_one(struct scenario *s, const char *name, const char *bytes, size_t len)
{
    return measure_sent(s, name, bytes, len, terminal_send);
}

static bool do_measure_paste(struct scenario *s, const char *argument)
{
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len);
    struct buffer path = BUFFER_INIT, text = BUFFER_INIT;
    struct error err;
    bool good = scenario_text(s, argument + len + strspn(argument + len, " "), &path, NULL);
    if (good && file_read(buffer_text(&path), 1 << 24, &text, &err) != OK)
        good = scenario_fail(s, "%s", error_text(&err));
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    good = good && measure_sent(s, name, buffer_text(&text), text.len, terminal_paste);
    buffer_free(&path);
    buffer_free(&text);
    xfree(&name);
    return good;
}

/* Length of the character at text. */
static size_t character(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xc0) == 0x80)
        len++;
    return len;
}

static bool do_measure_type(struct scenario *s, const char *argument)
{
    size_t len = strcspn(argument, " ");
    char *name = xstrndup(argument, len);
    struct buffer text = BUFFER_INIT;
    bool good = scenario_text(s, argument + len + strspn(argument + len, " "), &text, NULL);
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    for (const char *c = buffer_text(&text); good && *c; c += character(c))
        good = measure_one(s, name, c, character(c));
    buffer_free(&text);
    xfree(&name);
    return good;
}

/* NAME[*N] */
static bool measure_key(struct scenario *s, const char *name, char *key)
{
    char *star = strlen(key) > 1 ? strchr(key + 1, '*') : NULL;
    long times = star ? strtol(star + 1, NULL, 10) : 1;
    struct buffer bytes = BUFFER_INIT;
    const char *why;
    if (star)
        *star = '\0';
    bool good = keys_sequence(s->term, key, &bytes, &why) ||
                scenario_fail(s, "%s (%s): %s", key, s->term, why);
    for (long n = 0; good && n < times; n++)
        good = measure_one(s, name, buffer_text(&bytes), bytes.len);
    buffer_free(&bytes);
    return good;
}

static bool do_measure_key(struct scenario *s, const char *argument)
{
    struct strings words = STRINGS_INIT;
    bool good = true;
    strings_split(&words, argument, ' ');
    terminal_settle(s->seat->terminal, QUIET_MS, s->limit_ms);
    for (size_t i = 1; good && i < words.count; i++)
        good = measure_key(s, words.items[0], words.items[i]);
    strings_free(&words);
    return good;
}

const struct directive steps_measure[] = {
    {"measure-type", "NAME TEXT - what each character costs, into the file $FIGURES",
     do_measure_type},
    {"measure-paste", "NAME PATH - the same for a file pasted at once", do_measure_paste},
    {"measure-key", "NAME KEY[*N]... - the same for keys", do_measure_key},
    {NULL, NULL, NULL},
};
