/*
 * counter/input: the built-in input method (かな漢字変換) between the keyboard and the screens.
 * What is being written is shown at the cursor; what was decided reaches the field as typed text.
 */
#ifndef COUNTER_INPUT_H
#define COUNTER_INPUT_H

#include "conversion/conversion.h"
#include "counter/desk.h"
#include "ui/terminal.h"

/* After login: from here on F6 works. What this user's choices teach is kept in the data directory.
 */
void input_begin(struct desk *desk);
void input_end(void);
/* What the field under the cursor holds; plain until said, and in windows over the screen. */
void input_use(enum conversion_kind kind);
/* It holds no kana (numbers, dates): letters go straight to it, whatever F6 said. */
void input_use_none(void);
/* Does a dictionary know the word, read so? False before F6 was used. */
bool input_reads(const char *kana, const char *word);
/* For the top line: "[かな]", "[英数]", "" when there is no conversion. */
const char *input_label(void);

/* The keys while something is being written, for the help; "" while F6 was not pressed. Borrowed. */
const char *input_help(void);

/* For the frame around the screens. */
void input_filter(struct ui_event *event, bool modal);
void input_paint(int rows, int columns);

#endif
