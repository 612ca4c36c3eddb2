/*
 * text/kana: one kind of kana and letter into another, by own tables. All take UTF-8 and return a
 * new string that the caller frees; what a function does not speak of stays as it is.
 */
#ifndef TEXT_KANA_H
#define TEXT_KANA_H

#include <stdbool.h>

/* ひらがな to カタカナ, ゝゞ and ゔゕゖ included. */
char *kana_katakana(const char *s);
/* カタカナ to ひらがな, ヽヾ and ヴヵヶ included; ー and half-width kana stay. */
char *kana_hiragana(const char *s);
/* Half-width kana and ASCII to full width; ﾞ and ﾟ join the kana before them. */
char *kana_zenkaku(const char *s);
/* Only half-width kana. */
char *kana_zenkaku_kana(const char *s);
/* Full-width ASCII, katakana and 。「」、・ー゛゜ to half width; ガ becomes ｶﾞ. Hiragana stays. */
char *kana_hankaku(const char *s);
/* Full-width ASCII and the ideographic space to ASCII; kana stay. */
char *kana_ascii(const char *s);
/* Kana followed by U+3099 or U+309A to the one composed kana where there is one. Nothing else is
 * composed: か゛ with U+309B stays two characters, 神 (U+FA19) stays itself. */
char *kana_compose(const char *s);

/* Every hyphen and dash, the minus sign, and ー and ｰ, which stand for one between digits, as '-'.
 */
char *kana_plain_hyphens(const char *s);

/* True when s has at least one character and nothing but: */
bool kana_is_katakana(const char *s); /* full-width katakana, ー, ・, spaces */
bool kana_is_hiragana(const char *s); /* hiragana, ー, ・, spaces */
bool kana_is_hankaku(const char *s);  /* printing ASCII and half-width kana */

#endif
