/*
 * text/pattern: regular expressions of forms (正規表現), as XLSForm's engines read them: those of
 * Java, the whole text must match. Independent of the process's locale.
 */
#ifndef TEXT_PATTERN_H
#define TEXT_PATTERN_H

#include <stdbool.h>

struct pattern;

/* NULL when it is none; *message then says why, the caller frees. */
struct pattern *pattern_new(const char *text, char **message);
/* False as well when the text takes longer than a keystroke may (catastrophic backtracking), or is
 * malformed. Not from two threads at once with the same pattern. */
bool pattern_matches(struct pattern *pattern, const char *text);
void pattern_free(struct pattern **pattern);

#endif
