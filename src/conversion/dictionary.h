/*
 * conversion/dictionary: word lists in SKK's format (辞書): names and places that come with the
 * system, words a town has added. Looked up in the file itself; nothing is read beforehand.
 */
#ifndef CONVERSION_DICTIONARY_H
#define CONVERSION_DICTIONARY_H

#include <stddef.h>

#include "base/status.h"
#include "base/strings.h"

/* What the sorted part of such a file begins with, and the first line of one in UTF-8. */
#define DICTIONARY_SECTION ";; okuri-nasi entries."
#define DICTIONARY_UTF8    ";; -*- coding: utf-8 -*-\n"

struct dictionary;

/* A sorted file in EUC-JP, or in UTF-8 when its first line says so. E_NOT_FOUND: no such file;
 * E_PARSE: no dictionary. */
enum status dictionary_open(const char *path, struct dictionary **out, struct error *err);
void dictionary_free(struct dictionary **dictionary);

/* Adds the words read so (hiragana), in the file's order. Those whose note holds one of the
 * words of `note` (may be NULL) come before the others; words that are in `out` already are left
 * out. */
void dictionary_find(const struct dictionary *dictionary, const char *reading, const char *note,
                     struct strings *out);

#endif
