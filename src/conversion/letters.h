/*
 * conversion/letters: the keys pressed for kana (ローマ字), and which of them became which kana, so
 * that any part can be had back as letters. A struct letters of zero bytes is ready to use.
 */
#ifndef CONVERSION_LETTERS_H
#define CONVERSION_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/romaji.h"

struct letters {
    struct romaji romaji;
    struct letter {
        char key;     /* as pressed, upper case kept */
        size_t start; /* offset in the kana of the syllable it belongs to */
    } * items;
    size_t count;
};

void letters_free(struct letters *letters);
void letters_clear(struct letters *letters);
void letters_key(struct letters *letters, char key);
/* Takes back the last waiting letter, else the last kana; false when there is nothing. */
bool letters_backspace(struct letters *letters);
/* A waiting n becomes ん; the kana, borrowed until the next key. */
const char *letters_finish(struct letters *letters);
/* Kana so far and the letters that wait, as shown. The caller frees. */
char *letters_text(const struct letters *letters);
/* Keys of the kana between two offsets; the caller frees. */
char *letters_between(const struct letters *letters, size_t from, size_t to);

#endif
