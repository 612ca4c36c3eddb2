#include "conversion/dictionary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "text/encoding.h"

struct dictionary {
    char *data;
    size_t size;
    size_t start; /* of the sorted lines */
    bool utf8;
};

static const char *find_text(const char *data, size_t size, const char *text)
{
    return memmem(data, size, text, strlen(text));
}

/* Lines before the sorted part are comments, and words with an ending, which names do not have. */
static bool find_start(struct dictionary *d)
{
    const char *line_end = memchr(d->data, '\n', d->size);
    const char *section = find_text(d->data, d->size, DICTIONARY_SECTION);
    size_t head = line_end ? (size_t)(line_end - d->data) : d->size;
    const char *end = section ? memchr(section, '\n', d->size - (size_t)(section - d->data)) : NULL;
    d->utf8 = find_text(d->data, head, "utf-8") != NULL;
    d->start = end ? (size_t)(end - d->data) + 1 : 0;
    return end != NULL;
}

enum status dictionary_open(const char *path, struct dictionary **out, struct error *err)
{
    struct stat info;
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("辞書 %s を開けません"),
                           path);
    struct dictionary d = {0};
    if (fstat(fd, &info) == 0 && info.st_size > 0) {
        d.size = (size_t)info.st_size;
        d.data = mmap(NULL, d.size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (!d.data || d.data == MAP_FAILED)
        return error_set(err, E_PARSE, _("辞書 %s を読めません"), path);
    if (!find_start(&d)) {
        munmap(d.data, d.size);
        return error_set(err, E_PARSE, _("%s は辞書ではありません（送りなしの部分がありません）"),
                         path);
    }
    *out = xmemdup(&d, sizeof d);
    return OK;
}

void dictionary_free(struct dictionary **slot)
{
    if (*slot)
        munmap((*slot)->data, (*slot)->size);
    xfree(slot);
}

/* --- Looking up --- */

static size_t line_start(const struct dictionary *d, size_t at)
{
    while (at > d->start && d->data[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_length(const struct dictionary *d, size_t at)
{
    const char *end = memchr(d->data + at, '\n', d->size - at);
    return end ? (size_t)(end - d->data) - at : d->size - at;
}

/* Order of the reading that begins the line at `at`, against key. */
static int compare(const struct dictionary *d, size_t at, const char *key, size_t len)
{
    size_t line = line_length(d, at);
    const char *blank = memchr(d->data + at, ' ', line);
    size_t reading = blank ? (size_t)(blank - d->data) - at : line;
    int order = memcmp(d->data + at, key, reading < len ? reading : len);
    return order ? order : reading < len ? -1 : reading > len;
}

/* The line of the reading; false when there is none. */
static bool find_line(const struct dictionary *d, const char *key, size_t len, size_t *at)
{
    size_t low = d->start, high = d->size;
    while (low < high) {
        size_t middle = line_start(d, low + (high - low) / 2);
        int order = compare(d, middle, key, len);
        if (order == 0) {
            *at = middle;
            return true;
        }
        if (order < 0)
            low = middle + line_length(d, middle) + 1;
        else
            high = middle;
    }
    return false;
}

/* Does the note hold one of the words of `notes`? */
static bool note_has(const char *note, const char *notes)
{
    struct strings words = STRINGS_INIT;
    bool has = false;
    strings_split(&words, notes, ' ');
    for (size_t i = 0; i < words.count; i++)
        has = has || strstr(note, words.items[i]);
    strings_free(&words);
    return has;
}

/* "word" or "word;note"; Lisp expressions are no words. */
static void take(const char *item, const char *note, bool with, struct strings *out)
{
    const char *semicolon = strchr(item, ';');
    size_t len = semicolon ? (size_t)(semicolon - item) : strlen(item);
    bool has = note && semicolon && note_has(semicolon, note);
    if (!len || *item == '(' || has != with)
        return;
    char *word = xstrndup(item, len);
    if (strings_find(out, word) < 0)
        strings_take(out, word);
    else
        xfree(&word);
}

void dictionary_find(const struct dictionary *d, const char *reading, const char *note,
                     struct strings *out)
{
    struct buffer key = BUFFER_INIT, line = BUFFER_INIT;
    struct strings items = STRINGS_INIT;
    const char *encoding = d->utf8 ? "UTF-8" : "EUC-JP";
    size_t at;
    if (*reading && encoding_encode(encoding, reading, &key, NULL) == OK &&
        find_line(d, buffer_text(&key), key.len, &at) &&
        encoding_decode(encoding, d->data + at, line_length(d, at), &line, NULL) == OK) {
        const char *words = strchr(buffer_text(&line), '/');
        strings_split(&items, words ? words : "", '/');
        for (size_t i = 0; note && i < items.count; i++)
            take(items.items[i], note, true, out);
        for (size_t i = 0; i < items.count; i++)
            take(items.items[i], note, false, out);
    }
    strings_free(&items);
    buffer_free(&line);
    buffer_free(&key);
}
