/*
 * conversion/reading: how what stands in a name field is read (読み), kept along while it is
 * edited, so that the field for the reading fills itself. A struct reading of zero bytes is an
 * empty field.
 */
#ifndef CONVERSION_READING_H
#define CONVERSION_READING_H

#include <stdbool.h>
#include <stddef.h>

struct reading {
    struct reading_piece {
        char *text;
        char *kana; /* hiragana; NULL: nobody knows */
    } * items;
    size_t count;
};

void reading_free(struct reading *reading);
/* Begins with a text and how it is read, "" when that is not known: what is kana reads itself. */
void reading_begin(struct reading *reading, const char *text, const char *kana);
/* The text has become another one; `typed`: how what came in is read, NULL when that is not known.
 * `reads` says whether a word is read so, to find what is left of a reading when only a part of its
 * word is left; it may be NULL. */
void reading_change(struct reading *reading, const char *text, const char *typed,
                    bool (*reads)(const char *kana, const char *word));
/* Hiragana of the whole; NULL when a part of it is not known. The caller frees. */
char *reading_text(const struct reading *reading);

#endif
