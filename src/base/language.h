/*
 * base/language: the language of everything shown and printed (表示のことば), one for the process.
 *
 * Said on the command line it stands; else the data directory's setting decides; else the
 * environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG); else Japanese. main() starts it, the command
 * line and the office choose, forms' labels follow. A program that never starts it is Japanese.
 */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

/* "|" between them, as in the table of settings. */
#define LANGUAGE_CODES "ja|en|ja_easy"

/* Locale (UTF-8 whatever the environment says) and catalogues, in the environment's language. */
void language_start(void);
/* Said by the user: settings no longer count. False when there is no such language. */
bool language_say(const char *code);
/* Preferred by a setting, "" = no preference. Gives the language in force. */
const char *language_prefer(const char *code);

#endif
