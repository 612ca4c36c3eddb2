/*
 * text/municipality_code: the six-digit code of a prefecture or municipality
 * (全国地方公共団体コード, JIS X 0401 and 0402 with check digit).
 */
#ifndef TEXT_MUNICIPALITY_CODE_H
#define TEXT_MUNICIPALITY_CODE_H

/* The check digit of a code's first five digits: weights 6 to 2, eleven minus the rest by eleven.
 */
char municipality_code_check(const char *five_digits);

#endif
