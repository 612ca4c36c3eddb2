#include "conversion/letters.h"

#include <string.h>

#include "base/xmem.h"

void letters_free(struct letters *l)
{
    romaji_free(&l->romaji);
    xfree(&l->items);
    l->count = 0;
}

void letters_clear(struct letters *l)
{
    romaji_clear(&l->romaji);
    l->count = 0;
}

static void add(struct letters *l, char key, size_t start)
{
    l->items = xroom(l->items, l->count, sizeof *l->items);
    l->items[l->count++] = (struct letter){key, start};
}

/* A letter belongs to the syllable that begins where the kana ended when it came; those that still
 * wait, to the one that will begin where it ends now. */
void letters_key(struct letters *l, char key)
{
    add(l, key, l->romaji.kana.len);
    romaji_key(&l->romaji, key);
    for (size_t i = l->count - l->romaji.pending_len; i < l->count; i++)
        l->items[i].start = l->romaji.kana.len;
}

/* しゃ without its ゃ was typed as sha: from now on it was typed as shi or si. */
static void mend_last(struct letters *l)
{
    const char *kana = romaji_kana(&l->romaji);
    size_t start = l->count ? l->items[l->count - 1].start : 0, len;
    char *keys = letters_between(l, start, strlen(kana)), *made = romaji_to_hiragana(keys);
    bool same = strcmp(made, kana + start) == 0;
    while (!same && l->count && l->items[l->count - 1].start >= start)
        l->count--;
    for (const char *rest = kana + start; !same && *rest; rest += len) {
        const char *again = romaji_keys(rest, &len);
        for (; again && *again; again++)
            add(l, *again, (size_t)(rest - kana));
        if (!again)
            break;
    }
    xfree(&keys);
    xfree(&made);
}

bool letters_backspace(struct letters *l)
{
    bool waiting = l->romaji.pending_len > 0;
    if (!romaji_backspace(&l->romaji))
        return false;
    if (waiting) {
        l->count--;
        return true;
    }
    while (l->count && l->items[l->count - 1].start >= l->romaji.kana.len)
        l->count--;
    mend_last(l);
    return true;
}

const char *letters_finish(struct letters *l)
{
    romaji_finish(&l->romaji);
    return romaji_kana(&l->romaji);
}

char *letters_text(const struct letters *l)
{
    return xasprintf("%s%s", romaji_kana(&l->romaji), romaji_pending(&l->romaji));
}

char *letters_between(const struct letters *l, size_t from, size_t to)
{
    struct buffer keys = BUFFER_INIT;
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].start >= from && l->items[i].start < to)
            buffer_add_char(&keys, l->items[i].key);
    return buffer_steal(&keys);
}
