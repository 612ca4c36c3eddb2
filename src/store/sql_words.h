/*
 * store/sql_words: what can be said of an SQL text before it is compiled, word by word as SQLite
 * reads it: strings and names in their quotes, comments left out. Query checks ask.
 */
#ifndef STORE_SQL_WORDS_H
#define STORE_SQL_WORDS_H

#include <stdbool.h>

#include "base/strings.h"

/* In small letters: names without quotes, strings with the quote before them ('now), signs one by
 * one. */
void sql_words(const char *sql, struct strings *out);
/* 'now' in any spelling, the machine's zone, and functions that mean now when they are asked for
 * less. */
bool sql_asks_the_clock(const struct strings *words);
/* A query of its own (WITH) by one of these names: what is read in it would look as if the view of
 * that name had read it. Returns the name, or NULL. */
const char *sql_poses_as(const struct strings *words, const struct strings *names);

#endif
