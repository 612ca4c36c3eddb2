/*
 * text/individual_number: finds an Individual Number (個人番号, マイナンバー) in free text, so that
 * it is not kept where the law gives no ground for it. Whoever accepts text for storage asks here.
 */
#ifndef TEXT_INDIVIDUAL_NUMBER_H
#define TEXT_INDIVIDUAL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* True when s has a run of exactly 12 digits whose last is the check digit of the first 11
 * (ministerial order 平成26年総務省令第85号 第5条). Full-width digits count as digits; one space,
 * hyphen, long-vowel mark or middle dot may stand between two digits. */
bool individual_number_in(const char *s);
/* A run of so many digits may become one while it is being typed: until the field is left it is
 * not kept. */
#define INDIVIDUAL_NUMBER_BEGUN 9
/* Digits of the longest run, read in the same way. */
size_t digit_run_longest(const char *s);

#endif
