/* An event: a header, a body and a seal, a line each. Refused, or it is the same when it is read
 * line by line as from a bundle. */
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "fuzz.h"
#include "store/event.h"
#include "store/line.h"

/* A line that was read is written as it was. */
static void line_comes_back(const char *text)
{
    struct line line;
    struct buffer again = BUFFER_INIT;
    if (line_read(text, strlen(text), &line, NULL))
        return;
    line_write(&line, &again);
    if (strcmp(buffer_text(&again), text) != 0)
        fuzz_fail("a line with two spellings");
    line_free(&line);
    buffer_free(&again);
}

static bool is_line(const char *text)
{
    struct line line;
    if (line_read(text, strlen(text), &line, NULL))
        return false;
    line_free(&line);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len), id[48];
    struct strings lines = STRINGS_INIT;
    struct error err = {0};
    struct event event, other;
    strings_split(&lines, text, '\n');
    const char *body = lines.count > 1 && *lines.items[1] ? lines.items[1] : NULL;
    const char *seal = lines.count > 2 && *lines.items[2] ? lines.items[2] : NULL;
    for (size_t i = 0; i < lines.count; i++)
        line_comes_back(lines.items[i]);
    if (lines.count && event_read(lines.items[0], body, seal, &event, &err) == OK) {
        static const uint8_t nobody[SEAL_PUBLIC_SIZE];
        event_seal_valid(&event, nobody);
        event_form(&event, id);
        if (event_read(lines.items[0], NULL, NULL, &other, &err) ||
            strcmp(event.hash, other.hash) != 0)
            fuzz_fail("an event is another one when it is read in pieces");
        /* from elsewhere a body has to be a line as well, not only what the header hashed */
        if (body && (event_read_body(&other, body, &err) == OK) != is_line(body))
            fuzz_fail("a body is taken in that is no line, or refused that is one");
        event_free(&other);
        event_free(&event);
    } else if (lines.count && !*err.detail) {
        fuzz_fail("refused without a word");
    }
    strings_free(&lines);
    xfree(&text);
    return 0;
}
