/*
 * ui/terminal: the terminal taken over and given back (端末), and what comes from it as events.
 * Only this room knows curses.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>

#include "base/status.h"
#include "ui/keymap.h"

enum ui_event_type {
    EVENT_NONE,
    EVENT_TEXT,  /* typed characters, all that were pending; `text` */
    EVENT_PASTE, /* pasted between brackets; `text` may hold line ends */
    EVENT_KEY,   /* `action`, `number` for ACT_SECTION */
    EVENT_RESIZE,
    EVENT_TIMEOUT,
    EVENT_END, /* the terminal is gone, or somebody asks the program to end */
};

struct ui_event {
    enum ui_event_type type;
    enum action action;
    int number;
    const char *text;    /* UTF-8, borrowed until the next event */
    const char *reading; /* of a converted text: its hiragana, likewise; else NULL */
};

#define SCREEN_ROWS_MIN    20
#define SCREEN_COLUMNS_MIN 60

/* E_UNSUPPORTED names the terminal when its description is missing or lacks what is needed. */
enum status terminal_start(int escape_ms, struct error *err);
void terminal_stop(void);
/* Waits at most timeout_ms (< 0 = without end). */
struct ui_event terminal_event(int timeout_ms);
/* The end of a typed text, meant for what comes up next: the next event. */
void terminal_give_back(const char *text);
/* Something is already waiting to be read: no need to paint yet. */
bool terminal_pending(void);
void terminal_size(int *rows, int *width);
void terminal_beep(void);
/* Whether half blocks (▀▄█) are drawn: not by the old terminals, which have no such letters. */
bool terminal_has_blocks(void);
/* Leaves nothing of what was shown, scrollback included. */
void terminal_wipe(void);

#endif
