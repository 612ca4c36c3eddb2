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
/* What makes a pair of people p and s, and what agrees in them (enum search_same). An address alone
 * is no reason: whole families have the same one. */
#define TWIN_PHONE "s.phone_key=p.phone_key AND s.phone_key<>''"
#define TWIN_KANA                                                                                  \
    "s.kana_key=p.kana_key AND p.kana_key<>'' AND (s.birth_key=p.birth_key AND p.birth_key<>'' OR" \
    " s.address_key=p.address_key AND p.address_key<>'')"
#define TWIN_SAME                                                                                \
    "(s.kana_key=p.kana_key AND p.kana_key<>'' AND s.birth_key=p.birth_key AND p.birth_key<>'')" \
    " + 2*(" TWIN_PHONE ") + 4*(s.address_key=p.address_key AND p.address_key<>'')"
/* The pairs of a person, made anew after its row was written, and taken away with it. */
enum status twin_put(struct store *store, const struct search_record *record, struct error *err);
enum status twin_remove(struct store *store, const char *person, struct error *err);

#endif
