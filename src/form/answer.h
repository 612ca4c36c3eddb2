/*
 * form/answer: between what somebody types, what is stored and what is shown.
 */
#ifndef FORM_ANSWER_H
#define FORM_ANSWER_H

#include "base/clock.h"
#include "form/definition.h"

/* Typed text to the canonical value ("" stays ""): dates in every era spelling, full-width digits,
 * amounts with commas, choice by name, label or number, appearances applied (zenkaku, katakana,
 * tel ...). E_INVALID says what is wrong and what would be right; E_RULE for an 個人番号, which no
 * field takes (a field of type date, time, datetime, calculate or with appearance tel or
 * corporate_number is not asked). The caller frees *value. */
enum status answer_parse(const struct field *field, const char *typed, struct date today,
                         char **value, struct error *err);
/* As shown: 昭和63年7月14日, labels of choices, 1,000; unknown choices show their name. Frees:
 * caller. References show their value: the host knows their label. */
char *answer_display(const struct field *field, const char *value, const char *language);
/* As typed into the field when editing starts again: R8.11.24, numbers without commas. */
char *answer_edit_text(const struct field *field, const char *value);
/* A date and a time in any spelling (R8.11.24 9:12, 202611240912), to ms since the epoch. */
enum status answer_moment(const char *typed, struct date today, int64_t *ms, struct error *err);
/* Text that belongs to no field (reasons, notes): E_RULE when an 個人番号 stands in it. */
enum status answer_free_text(const char *text, struct error *err);
/* What typed text turns into at once (full width, katakana, plain digits ...); the caller frees. */
char *answer_live(const struct field *field, const char *text);
/* OK, or E_INVALID naming the limit of `parameters` that the text would pass: `max-characters`
 * (clusters, what a reader takes for one letter), `max-cells`, `max-bytes` (in `encoding`, CP932
 * without one). */
enum status answer_fits(const struct field *field, const char *text, struct error *err);
/* "12/20字 24/40バイト": what the text takes of each limit that the form sets; "" when it sets
 * none. The caller frees. */
char *answer_use(const struct field *field, const char *text);
/* Nothing more is expected: a date of 7 or 8 digits, a whole postcode, a limit reached. */
bool answer_full(const struct field *field, const char *text);
/* True when digits of this field cannot be an individual number (see answer_parse). */
bool answer_plain_digits(const struct field *field);

#endif
