/*
 * conversion/variants: the other forms of kanji that family registers know (異体字): 高 and 髙.
 */
#ifndef CONVERSION_VARIANTS_H
#define CONVERSION_VARIANTS_H

#include "base/strings.h"

/* After the words that are there: the same with one kanji in another form. */
void variants_add(struct strings *words);

#endif
