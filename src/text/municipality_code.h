/*
 * text/municipality_code: the six-digit code of a prefecture or municipality
 * (全国地方公共団体コード, JIS X 0401 and 0402 with check digit).
 */
#ifndef TEXT_MUNICIPALITY_CODE_H
#define TEXT_MUNICIPALITY_CODE_H

#include <stdbool.h>

/* The check digit of a code's first five digits: weights 6 to 2, eleven minus the rest by eleven.
 */
char municipality_code_check(const char *five_digits);
/* Six ASCII digits, a prefecture from 01 to 47 and the right check digit. */
bool municipality_code_valid(const char *six_digits);

#endif
