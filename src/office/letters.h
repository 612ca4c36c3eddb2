/*
 * office/letters: letters that a receiving system may not hold (文字): which it lacks, and what the
 * town has decided to write for them (縮退). Nothing is replaced here: who exports asks, and shows
 * what was written for what.
 */
#ifndef OFFICE_LETTERS_H
#define OFFICE_LETTERS_H

#include "office/session.h"

struct substitution {
    char *letter;  /* a grapheme cluster, or one code point of one */
    char *written; /* may be "": the letter is left out */
};
struct substitutions {
    struct substitution *items; /* by letter */
    size_t count;
};

/* The table as it is here; empty when none was brought in. */
enum status substitutions_load(struct office *office, struct substitutions *out, struct error *err);
void substitutions_free(struct substitutions *table);
/* What is written for a letter of len bytes; NULL when the table has none. Borrowed. */
const char *substitution_for(const struct substitutions *table, const char *letter, size_t len);
/* The table of a CSV file in place of the one that is here: a header "letter,written" or
 * "字,代わり", then a letter (itself, or as U+845B, several with blanks between) and what is
 * written; more columns are remarks. encoding NULL: found out. *out (may be NULL) = the new table.
 * E_PARSE names file and line. For who may administer. */
enum status substitutions_import(struct session *session, const char *path, const char *encoding,
                                 struct substitutions *out, struct error *err);

/* The same as it came from the town. */
enum status substitutions_use(struct office *office, const char *path, struct error *err);

/* "「𠮷」（U+20BB7、JIS外）" of letters in text that the receiving system (setting
 * receiver.encoding) may not hold, "" when none. The caller frees. */
char *letters_not_held(const struct office *office, const char *text);

#endif
