/*
 * store/gazetteer: the postcode book of a place (郵便番号簿), in a file of its own beside the
 * journal: it came from outside, can be had again, and is in no backup.
 */
#ifndef STORE_GAZETTEER_H
#define STORE_GAZETTEER_H

#include <stddef.h>

#include "base/status.h"
#include "text/ken_all.h"

struct gazetteer;

#define GAZETTEER_FILE "gazetteer.db"

/* E_NOT_FOUND when no book was ever taken in. */
enum status gazetteer_open(const char *dir, struct gazetteer **out, struct error *err);
void gazetteer_free(struct gazetteer **gazetteer);

/* Takes a book in; what was there before is replaced by all of it, or stays when anything is wrong.
 * encoding NULL: UTF-8 if it is, else CP932. *count = places. */
enum status gazetteer_import(const char *dir, const char *file, const char *encoding, long *count,
                             struct error *err);

/* Seven digits exactly. */
enum status gazetteer_postcode(struct gazetteer *gazetteer, const char *digits,
                               struct postal_areas *out, struct error *err);
/* Up to `limit` places by the beginning of the postcode (digits), or of the town's name or reading
 * (kanji, kana, romaji); when no town begins so, those whose address holds it. */
enum status gazetteer_find(struct gazetteer *gazetteer, const char *text, long limit,
                           struct postal_areas *out, struct error *err);

#endif
