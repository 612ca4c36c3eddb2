/*
 * conversion/conversion: typing Japanese on a keyboard without an input method (かな漢字変換):
 * letters become kana, kana become clauses with words to choose from. Knows no screen: keys go in,
 * what to show and what was decided come out.
 */
#ifndef CONVERSION_CONVERSION_H
#define CONVERSION_CONVERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strings.h"
#include "conversion/lexicon.h"

struct conversion;

/* Where words come from; any may be NULL or missing. */
struct conversion_setup {
    const char *dictionaries; /* directory of the SKK dictionaries */
    const char *own;          /* words added here (wordlist) */
    const char *town;         /* words the town sent, in the same form; NULL = none */
    const char *learning;     /* directory for what this user's choices teach */
};
struct conversion *conversion_new(const struct conversion_setup *setup);
void conversion_free(struct conversion **conversion);

enum conversion_key {
    CONVERSION_CHARACTER, /* a printing ASCII character; Space converts */
    CONVERSION_ENTER,
    CONVERSION_ESCAPE,
    CONVERSION_BACKSPACE,
    CONVERSION_LEFT,
    CONVERSION_RIGHT,
    CONVERSION_SHORTER,
    CONVERSION_LONGER,
    CONVERSION_UP,
    CONVERSION_DOWN,
    CONVERSION_PAGE_UP,
    CONVERSION_PAGE_DOWN,
    CONVERSION_HIRAGANA,
    CONVERSION_KATAKANA,
    CONVERSION_HALF,         /* half-width katakana */
    CONVERSION_WIDE_LETTERS, /* full-width letters */
    CONVERSION_LETTERS,
};

#define CONVERSION_PAGE       9  /* words that are shown at once, picked by 1 to 9 */
#define CONVERSION_CHARACTERS 60 /* kana that may be written before something is decided */

/* False: the key begins nothing: it is for somebody else, after what it may have decided. */
bool conversion_key(struct conversion *conversion, enum conversion_kind kind,
                    enum conversion_key key, char character);
/* What was decided by the last key, NULL when nothing; *reading its hiragana, "" when it has none.
 * Borrowed until the next key. */
const char *conversion_decided(const struct conversion *conversion, const char **reading);
/* No more kana are taken until something is decided. */
bool conversion_full(const struct conversion *conversion);
/* Does a dictionary know the word, read so? */
bool conversion_reads(const struct conversion *conversion, const char *kana, const char *word);
/* Gives up what is being written. */
void conversion_cancel(struct conversion *conversion);

/* One piece of what is being written. */
struct clause {
    char *reading; /* hiragana */
    struct strings words;
    size_t chosen;
    size_t engine; /* number in the engine, (size_t)-1 = not from there */
};
/* All that is being written, as it stands; "" when nothing is. The caller frees. */
char *conversion_text(const struct conversion *conversion);
/* The pieces once they are words to choose from, borrowed; 0 while it is still kana. *current: the
 * one the keys work on. */
size_t conversion_clauses(const struct conversion *conversion, const struct clause **clauses,
                          size_t *current);

#endif
