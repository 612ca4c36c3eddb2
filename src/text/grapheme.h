/*
 * text/grapheme: clusters, what a reader takes for one letter (書記素): か゛ written with U+3099,
 * 葛 with its variation selector. The editor moves and deletes by them. Boundaries are those of
 * UAX #29 as the ICU at hand knows it. Safe to call from several threads.
 */
#ifndef TEXT_GRAPHEME_H
#define TEXT_GRAPHEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first boundary after pos, which is the byte offset of one; len when there is none. */
size_t grapheme_next(const char *s, size_t len, size_t pos);
/* The last boundary before pos; 0 when there is none. */
size_t grapheme_prev(const char *s, size_t len, size_t pos);
size_t grapheme_count(const char *s, size_t len);

/* True for characters that never join a neighbour which is plain too: printing ASCII, kana, common
 * kanji, full-width forms. What is plain needs no look at any table. */
bool grapheme_plain(uint32_t cp);

#endif
