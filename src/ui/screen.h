/*
 * ui/screen: screens on a stack (画面), and the loop that keeps them: events, then data, then
 * cells, then the cursor, once for all that was pending.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui/terminal.h"

struct screen {
    const char *name;
    /* Paints the body: `rows` rows from row `top` on, and says where the cursor rests. */
    void (*paint)(void *state, int top, int rows, int columns);
    void (*event)(void *state, const struct ui_event *event);
    /* Called about twice a second and after every event. May be NULL. */
    void (*beat)(void *state);
    /* It comes to the top again after what lay over it has gone. May be NULL. */
    void (*back)(void *state);
    void (*free)(void *state);
    /* Keys of the bottom line, ends with ACT_NONE. */
    const enum action *keys;
};

/* What the program paints around every screen, and does all the time. */
struct screen_frame {
    void *context;
    int header_rows;
    void (*header)(void *context, int columns);
    /* Milliseconds since the last event; called with every beat. */
    void (*idle)(void *context, long ms);
    /* The terminal is gone or the program is asked to end: keep what was typed. */
    void (*end)(void *context);
    /* Sees every event first and may change or swallow it (EVENT_NONE): an input method. `modal`:
     * it is for a window over the screen. */
    void (*filter)(void *context, struct ui_event *event, bool modal);
    /* Painted last, over everything. */
    void (*over)(void *context, int rows, int columns);
};

/* state is freed with the screen. */
void screen_push(const struct screen *screen, void *state);
/* The top one goes, its state is freed at once: its functions return after this. */
void screen_pop(void);
/* All but the lowest go. */
void screen_pop_all(void);
/* State of the nearest screen of that kind below or at the top, NULL when there is none. */
void *screen_state(const struct screen *screen);
/* Before anything is painted; the frame must stay. */
void screen_use(const struct screen_frame *frame);
/* Until the last screen has gone or screen_quit(). All are gone when it returns. */
void screen_run(void);
void screen_quit(void);
/* There is more to do at the next beat: it comes as soon as what is there is painted and what was
 * typed in between is taken in. */
void screen_hurry(void);

/* A line or a few above the keys, until the next event. */
void screen_message(unsigned style, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One turn of painting with something over it, and the next event: for dialogs. */
struct ui_event screen_modal(void (*over)(void *context, int rows, int columns), void *context);
/* The same with the header and nothing of the screens: for a door that is closed. */
struct ui_event screen_alone(void (*paint)(void *context, int rows, int columns), void *context);
/* Help: `about` (may be ""), then the keys of the screen on top, and `more` behind them. */
void screen_help(const char *about, const char *more);

#endif
