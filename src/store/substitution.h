/*
 * store/substitution: the town's substitution table (縮退): which letter is written for one that
 * another system does not hold. Reference data of this place: brought in from a file, in no
 * journal, replaced whole.
 */
#ifndef STORE_SUBSTITUTION_H
#define STORE_SUBSTITUTION_H

#include "store/store.h"

/* pairs: letter, what is written for it, letter, ... */
enum status substitution_replace(struct store *store, const struct strings *pairs,
                                 struct error *err);
/* Appends the pairs, sorted by letter (byte order). */
enum status substitution_read(struct store *store, struct strings *pairs, struct error *err);

#endif
