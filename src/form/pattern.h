/*
 * form/pattern: the regular expressions of regex(): POSIX extended ones with \d and (?: as people
 * who write forms know them; the whole text must match. Independent of the process's locale.
 */
#ifndef FORM_PATTERN_H
#define FORM_PATTERN_H

#include <stdbool.h>

struct pattern;

/* NULL when it is none; *message then says why, the caller frees. */
struct pattern *pattern_new(const char *text, char **message);
bool pattern_matches(const struct pattern *pattern, const char *text);
void pattern_free(struct pattern **pattern);

#endif
