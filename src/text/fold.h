/*
 * text/fold: keys to find and to order names by (検索用の畳み込み). A key is compared, never shown
 * and never stored as data: 髙橋 and 高橋, ﾀﾅｶ and たなか give the same one.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <stdbool.h>

#include "base/buffer.h"

/* Width, case and compatibility forms folded, katakana as hiragana, variation selectors, spaces
 * and the middle dot left out, old and variant kanji of names as the common one. Malformed bytes
 * are left out. The caller frees. */
char *fold_text(const char *s);
/* Appends bytes that order by memcmp as Japanese collation orders the text; false when this ICU
 * has no such collation. */
bool fold_sort_key(const char *s, struct buffer *out);
/* Names the collation's version; stored sort keys of another version are to be made anew. */
const char *fold_collator_version(void);

#endif
