/*
 * conversion/engine: kana to kanji by clauses (かな漢字変換の本体): libanthy, kept behind a narrow
 * door, because it does not survive malformed input. Without the library engine_new() gives NULL.
 */
#ifndef CONVERSION_ENGINE_H
#define CONVERSION_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strings.h"

struct engine;

/* What is learnt is kept in directory `home` (made when it is not there). One at a time. */
struct engine *engine_new(const char *home);
void engine_free(struct engine **engine);

#define ENGINE_CHARACTERS 60
/* Hiragana, ー、。 and ASCII, well-formed, at most ENGINE_CHARACTERS. */
bool engine_accepts(const char *kana);

/* Number of clauses, 0 when it cannot be converted. */
size_t engine_convert(struct engine *engine, const char *kana);
/* Makes a clause longer (by > 0) or shorter by so many characters; returns the number of clauses. */
size_t engine_resize(struct engine *engine, size_t clause, int by);
/* Reading and words of a clause, the likeliest first. The caller frees. */
char *engine_reading(struct engine *engine, size_t clause);
void engine_words(struct engine *engine, size_t clause, struct strings *out);
/* Learns that this word was taken; a word that is not the engine's own changes nothing. */
void engine_learn(struct engine *engine, size_t clause, const char *word);

#endif
