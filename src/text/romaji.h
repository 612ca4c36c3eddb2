/*
 * text/romaji: Latin letters to hiragana (ローマ字入力), Hepburn and Kunrei and what keyboards add
 * (nn, xtu, ltu, - for ー). For typing without an input method and for finding menu entries.
 * A struct romaji of zero bytes is ready to use.
 */
#ifndef TEXT_ROMAJI_H
#define TEXT_ROMAJI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define ROMAJI_PENDING_MAX 7

struct romaji {
    struct buffer kana;
    char pending[ROMAJI_PENDING_MAX + 1]; /* letters that wait for the rest of a syllable */
    size_t pending_len;
};

/* One typed ASCII character; upper case is taken as lower, what is in no rule stays as typed. */
void romaji_key(struct romaji *r, char c);
/* Takes back the last pending letter, else the last kana; false when both are empty. */
bool romaji_backspace(struct romaji *r);
/* Ends the input: a waiting n becomes ん, other waiting letters stay as typed. */
void romaji_finish(struct romaji *r);
/* Borrowed until the next call. */
const char *romaji_kana(const struct romaji *r);
const char *romaji_pending(const struct romaji *r);
void romaji_clear(struct romaji *r);
void romaji_free(struct romaji *r);

/* A whole text at once, finished; the caller frees. */
char *romaji_to_hiragana(const char *s);
/* The other way, for the one or two kana at the beginning of `kana` that are one syllable: keys
 * that give them, NULL when none do; *len: their bytes. Borrowed until the next call. */
const char *romaji_keys(const char *kana, size_t *len);

#endif
