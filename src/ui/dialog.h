/*
 * ui/dialog: small windows that want an answer before work goes on (問いかけ).
 */
#ifndef UI_DIALOG_H
#define UI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strings.h"

/* Text to read; scrolls; any of Enter and Esc closes. */
void dialog_text(const char *title, const char *text);
/* はい / いいえ; Esc is いいえ, and other keys are no answer. */
bool dialog_confirm(const char *title, const char *text);
/* One line; false when given up. The caller frees *out. `start` is what stands there at first. */
bool dialog_prompt(const char *title, const char *text, const char *start, char **out);
/* Index of the chosen row, -1 when given up; up to nine rows are chosen by their number as well.
 * readings may be NULL. */
long dialog_choose(const char *title, const struct strings *rows, const struct strings *readings,
                   long selected);
/* The same, narrowed from the start by what was typed before the window opened. */
long dialog_choose_typed(const char *title, const struct strings *rows,
                         const struct strings *readings, long selected, const char *typed);
/* A line that says how far long work has come; Esc asks to stop: false. */
bool dialog_progress(const char *title, long done, long total);

#endif
