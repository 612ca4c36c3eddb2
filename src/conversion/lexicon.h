/*
 * conversion/lexicon: every word list that is asked (語彙): the town's own words first, then the
 * system's lists of names and places, then the general one.
 */
#ifndef CONVERSION_LEXICON_H
#define CONVERSION_LEXICON_H

#include <stdbool.h>

#include "base/strings.h"

/* What is being written: names and places ask their dictionaries first and teach nothing. */
enum conversion_kind {
    CONVERSION_PLAIN,
    CONVERSION_FAMILY_NAME,
    CONVERSION_GIVEN_NAME,
    CONVERSION_NAME,
    CONVERSION_PLACE,
};

struct lexicon;

/* `dictionaries`: directory of the SKK dictionaries; `own`, `town`: words added here and those the
 * town sent (wordlists), taken anew whenever the file is replaced. Any may be NULL or missing. */
struct lexicon *lexicon_new(const char *dictionaries, const char *own, const char *town);
void lexicon_free(struct lexicon **lexicon);

/* Adds the words read so that suit what is written, the likeliest first. Of plain text only the
 * town's own words unless `general`, for when nothing else knows any. */
void lexicon_words(struct lexicon *lexicon, enum conversion_kind kind, bool general,
                   const char *reading, struct strings *out);
/* Is the word, in any of the lists, read so? */
bool lexicon_reads(struct lexicon *lexicon, const char *reading, const char *word);

#endif
