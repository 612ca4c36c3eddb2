#include <stdint.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "office/csv_internal.h"
#include "text/encoding.h"

/* "CP932 eee0" -> bytes; false when it is none. */
static bool read_note(const char *note, char encoding[64], struct buffer *bytes)
{
    const char *blank = strchr(note, ' ');
    size_t len = blank ? (size_t)(blank - note) : 0, digits = blank ? strlen(blank + 1) : 0;
    if (!len || len >= 64 || !digits || digits % 2)
        return false;
    memcpy(encoding, note, len);
    encoding[len] = '\0';
    buffer_reserve(bytes, digits / 2);
    if (!hex_decode((uint8_t *)bytes->data, digits / 2, blank + 1))
        return false;
    bytes->len = digits / 2;
    return true;
}

bool csv_bytes_fit(const char *note, const char *text)
{
    char encoding[64];
    struct buffer bytes = BUFFER_INIT, read = BUFFER_INIT;
    bool fit = read_note(note, encoding, &bytes) &&
               encoding_decode(encoding, bytes.data, bytes.len, &read, NULL) == OK &&
               str_eq(buffer_text(&read), text);
    buffer_free(&bytes);
    buffer_free(&read);
    return fit;
}

char *csv_bytes_note(const char *encoding, const char *text, const char *bytes, size_t size)
{
    struct buffer written = BUFFER_INIT;
    char *note = NULL;
    bool same = encoding_encode(encoding, text, &written, NULL) == OK && written.len == size &&
                memcmp(buffer_text(&written), bytes, size) == 0;
    buffer_free(&written);
    if (same || !size)
        return NULL;
    char *hex = xmalloc(size * 2 + 1);
    hex_encode(hex, (const uint8_t *)bytes, size);
    note = xasprintf("%s %s", encoding, hex);
    xfree(&hex);
    return note;
}

bool csv_bytes_of(const struct record *record, const char *path, const char *encoding,
                  const char *text, struct buffer *out)
{
    const struct merge_field *field = merge_field(&record->merge, path);
    char of[64];
    if (!field || field->conflict)
        return false;
    const struct line *body = &record->events[field->candidates[field->chosen].event].body;
    const struct strings *map = line_map(body, CSV_BYTES_MEMBER);
    const char *note = map ? map_get(map, path) : NULL;
    buffer_clear(out);
    return note && csv_bytes_fit(note, text) && read_note(note, of, out) && str_eq(of, encoding);
}
