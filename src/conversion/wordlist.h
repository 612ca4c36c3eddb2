/*
 * conversion/wordlist: a town's own words (町の語): one dictionary file (conversion/dictionary)
 * that words are added to and taken from. It is replaced whole: who has it open reads the old one
 * on.
 */
#ifndef CONVERSION_WORDLIST_H
#define CONVERSION_WORDLIST_H

#include <stddef.h>

#include "base/status.h"

/* Name of the file in a data directory. */
#define WORDLIST_FILE "dictionary"
/* Those the town sent, under its reference data. */
#define WORDLIST_TOWN_FILE "reference/dictionary"

struct wordlist_count {
    long added;
    long known;   /* were there already, with the same reading */
    long skipped; /* of an SKK file: words with an ending, numbers, Lisp: what no name is */
};

/* Adds the words of a file's text: an SKK dictionary (EUC-JP, or UTF-8), or rows of CSV or TSV:
 * reading in kana, word, and a note if there is one ("姓", "名"). encoding NULL: as its first line
 * says, else UTF-8 if it is, else EUC-JP for SKK and CP932 for CSV. A first row that is no word is
 * a header. E_INVALID names `name` and the line that is none; nothing is added then. */
enum status wordlist_import(const char *path, const char *text, size_t len, const char *encoding,
                            const char *name, struct wordlist_count *count, struct error *err);
/* Takes out the words read so, or only `word` (may be NULL). E_NOT_FOUND when there is none. */
enum status wordlist_remove(const char *path, const char *reading, const char *word, long *count,
                            struct error *err);

/* Each word, by reading, whose reading or itself begins with `start`. */
typedef void (*wordlist_sink)(void *context, const char *reading, const char *word,
                              const char *note);
enum status wordlist_each(const char *path, const char *start, wordlist_sink sink, void *context,
                          struct error *err);

#endif
