#include "conversion/reading.h"

#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "text/kana.h"

static void clear(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        xfree(&r->items[i].text);
        xfree(&r->items[i].kana);
    }
    r->count = 0;
}

void reading_free(struct reading *r)
{
    clear(r);
    xfree(&r->items);
}

/* Kana, and the marks and blanks between them, read themselves; the caller frees. */
static char *own_kana(const char *text)
{
    char *full = kana_zenkaku_kana(text), *kana = kana_hiragana(full);
    xfree(&full);
    if (*text && !kana_is_hiragana(kana))
        xfree(&kana);
    return kana;
}

/* Takes both over. */
static void add(struct reading *r, char *text, char *kana)
{
    if (!*text) {
        xfree(&text);
        xfree(&kana);
        return;
    }
    r->items = xroom(r->items, r->count, sizeof *r->items);
    r->items[r->count++] = (struct reading_piece){text, kana};
}

void reading_begin(struct reading *r, const char *text, const char *kana)
{
    clear(r);
    add(r, xstrdup(text), *kana ? kana_hiragana(kana) : own_kana(text));
}

/* --- What is left of a word --- */

static bool inside_character(const char *text, size_t at)
{
    return ((unsigned char)text[at] & 0xc0) == 0x80;
}

static size_t character_before(const char *text, size_t at)
{
    do
        at--;
    while (at > 0 && inside_character(text, at));
    return at;
}

static size_t character_after(const char *text, size_t at)
{
    do
        at++;
    while (inside_character(text, at));
    return at;
}

/* The longest beginning (or end) of the reading that the rest of a word may be read as. */
static char *rest_of(const char *kana, const char *rest, bool beginning,
                     bool (*reads)(const char *kana, const char *word))
{
    size_t from = 0, to = strlen(kana);
    char *own = own_kana(rest);
    if (own)
        return own;
    while (reads && from < to) {
        if (beginning)
            to = character_before(kana, to);
        else
            from = character_after(kana, from);
        char *part = xstrndup(kana + from, to - from);
        if (*part && reads(part, rest))
            return part;
        xfree(&part);
    }
    return NULL;
}

/* A piece of which the bytes from..to are gone. */
static void add_cut(struct reading *to, const struct reading_piece *piece, size_t from, size_t end,
                    bool beginning, bool (*reads)(const char *kana, const char *word))
{
    size_t len = strlen(piece->text);
    char *rest = beginning ? xstrndup(piece->text, from) : xstrdup(piece->text + end);
    bool whole = strlen(rest) == len;
    char *kana = !piece->kana ? NULL
                 : whole      ? xstrdup(piece->kana)
                              : rest_of(piece->kana, rest, beginning, reads);
    add(to, rest, kana);
}

/* What was before, as one text; the caller frees. */
static char *text_of(const struct reading *r)
{
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < r->count; i++)
        buffer_add_text(&text, r->items[i].text);
    return buffer_steal(&text);
}

void reading_change(struct reading *r, const char *text, const char *typed,
                    bool (*reads)(const char *kana, const char *word))
{
    struct reading next = {0};
    char *old = text_of(r);
    size_t old_len = strlen(old), len = strlen(text), same = 0, tail = 0, at = 0;
    while (same < old_len && same < len && old[same] == text[same])
        same++;
    while (same > 0 && (inside_character(old, same) || inside_character(text, same)))
        same--;
    while (tail < old_len - same && tail < len - same &&
           old[old_len - 1 - tail] == text[len - 1 - tail])
        tail++;
    while (tail > 0 && inside_character(text, len - tail))
        tail--;
    char *came = xstrndup(text + same, len - tail - same);
    char *kana = typed ? kana_hiragana(typed) : own_kana(came);
    size_t gone = old_len - tail; /* old bytes same..gone went */
    for (size_t i = 0; i < r->count; i++) {
        const struct reading_piece *piece = &r->items[i];
        size_t size = strlen(piece->text), end = at + size;
        if (at < same)
            add_cut(&next, piece, end < same ? size : same - at, size, true, reads);
        if (end >= same && at <= same && came) {
            add(&next, came, kana);
            came = kana = NULL;
        }
        if (end > gone)
            add_cut(&next, piece, 0, at > gone ? 0 : gone - at, false, reads);
        at = end;
    }
    if (came)
        add(&next, came, kana);
    reading_free(r);
    *r = next;
    xfree(&old);
}

char *reading_text(const struct reading *r)
{
    struct buffer kana = BUFFER_INIT;
    for (size_t i = 0; i < r->count; i++) {
        if (!r->items[i].kana) {
            buffer_free(&kana);
            return NULL;
        }
        buffer_add_text(&kana, r->items[i].kana);
    }
    return buffer_steal(&kana);
}
