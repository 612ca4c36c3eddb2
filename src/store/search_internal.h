/*
 * store/search_internal: how keys and pieces are made; for search*.c only.
 */
#ifndef STORE_SEARCH_INTERNAL_H
#define STORE_SEARCH_INTERNAL_H

#include "base/buffer.h"
#include "store/search.h"

/* Words for the piece index: one for each character and each pair. */
void search_grams(const char *key, struct buffer *out);
/* Only the digits, full-width ones too; the caller frees. */
char *search_digits(const char *text);
/* The pairs of a person, made anew after its row was written, and taken away with it. */
enum status twin_put(struct store *store, const struct search_record *record, struct error *err);
enum status twin_remove(struct store *store, const char *person, struct error *err);

#endif
