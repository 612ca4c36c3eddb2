#include "ui/screen.h"

#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/field.h"
#include "ui/paint.h"
#include "ui/wrap.h"

enum { DEPTH = 32, BEAT_MS = 500, MESSAGE_ROWS = 3 };

static struct {
    const struct screen_frame *frame;
    struct {
        const struct screen *screen;
        void *state;
    } items[DEPTH];
    int count;
    bool quit, ended, hurry;
    char *message;
    unsigned message_style;
    int64_t last_event;
} stack;

void screen_push(const struct screen *screen, void *state)
{
    if (stack.count == DEPTH) {
        if (screen->free)
            screen->free(state);
        return;
    }
    stack.items[stack.count].screen = screen;
    stack.items[stack.count++].state = state;
}

void screen_pop(void)
{
    if (!stack.count)
        return;
    stack.count--;
    if (stack.items[stack.count].screen->free)
        stack.items[stack.count].screen->free(stack.items[stack.count].state);
    if (stack.count && stack.items[stack.count - 1].screen->back)
        stack.items[stack.count - 1].screen->back(stack.items[stack.count - 1].state);
}

void screen_pop_all(void)
{
    while (stack.count > 1)
        screen_pop();
}

void *screen_state(const struct screen *screen)
{
    for (int i = stack.count; i-- > 0;)
        if (stack.items[i].screen == screen)
            return stack.items[i].state;
    return NULL;
}

void screen_hurry(void)
{
    stack.hurry = true;
}

void screen_quit(void)
{
    stack.quit = true;
}

void screen_message(unsigned style, const char *fmt, ...)
{
    va_list ap;
    xfree(&stack.message);
    va_start(ap, fmt);
    stack.message = xvasprintf(fmt, ap);
    va_end(ap);
    stack.message_style = style;
}

/* --- Painting --- */

/* Cells of a key with the gap after it; 0 when it is never shown. */
static int key_cells(enum action key)
{
    const char *label = action_label(key);
    return *label ? text_width(label) + 1 : 0;
}

/* Where not all have room, going on and going back have it before the others. */
static bool goes_first(enum action key)
{
    return key == ACT_CONFIRM || key == ACT_BACK;
}

static void paint_keys(int row, int columns, const enum action *keys)
{
    int column = 1, room = columns - 1;
    for (const enum action *key = keys; key && *key; key++)
        room -= goes_first(*key) ? key_cells(*key) : 0;
    for (; keys && *keys; keys++) {
        int cells = key_cells(*keys);
        bool first = goes_first(*keys);
        if (!cells || (!first && cells > room))
            continue;
        room -= first ? 0 : cells;
        paint_text(row, column, cells - 1, action_label(*keys), STYLE_REVERSE);
        column += cells;
    }
}

/* Rows the message takes above the keys: a refusal is read to its end. */
static int paint_message(int rows, int columns)
{
    int cells = columns - 2;
    if (!stack.message)
        return 1;
    int count = (int)wrap_height(stack.message, cells);
    if (count > MESSAGE_ROWS)
        count = MESSAGE_ROWS;
    wrap_paint(stack.message, 0, rows - 1 - count, 1, count, cells, stack.message_style);
    return count;
}

/* False when there is no room for anything else. */
static bool paint_frame(int rows, int columns)
{
    paint_begin();
    if (rows < SCREEN_ROWS_MIN || columns < SCREEN_COLUMNS_MIN) {
        paint_format(0, 0, columns, STYLE_BOLD, _("画面が小さすぎます。%dx%d以上にしてください"),
                     SCREEN_COLUMNS_MIN, SCREEN_ROWS_MIN);
        return false;
    }
    stack.frame->header(stack.frame->context, columns);
    return true;
}

static bool paint_all(int rows, int columns)
{
    int top = stack.frame->header_rows;
    if (!paint_frame(rows, columns))
        return false;
    if (!stack.count)
        return true;
    const struct screen *screen = stack.items[stack.count - 1].screen;
    paint_keys(rows - 1, columns, screen->keys);
    screen->paint(stack.items[stack.count - 1].state, top,
                  rows - top - 1 - paint_message(rows, columns), columns);
    return true;
}

static bool paint_alone(int rows, int columns)
{
    bool room = paint_frame(rows, columns);
    if (room)
        paint_message(rows, columns);
    return room;
}

static void beat(void)
{
    for (int i = 0; i < stack.count; i++)
        if (stack.items[i].screen->beat)
            stack.items[i].screen->beat(stack.items[i].state);
    stack.frame->idle(stack.frame->context, (long)(clock_mono() - stack.last_event));
}

static void the_end(void)
{
    stack.quit = stack.ended = true;
    stack.frame->end(stack.frame->context);
}

typedef void (*paint_over)(void *context, int rows, int columns);

/* One turn: painting, waiting, and what has to be done all the time. */
static struct ui_event turn(bool screens, paint_over over, void *context)
{
    int rows, columns;
    if (stack.ended)
        return (struct ui_event){.type = EVENT_END, .text = ""};
    /* What is still coming in is taken first: one painting for all of it. */
    if (!terminal_pending()) {
        terminal_size(&rows, &columns);
        if ((screens ? paint_all(rows, columns) : paint_alone(rows, columns)) && over)
            over(context, rows, columns);
        stack.frame->over(stack.frame->context, rows, columns);
        paint_end();
    }
    struct ui_event event = terminal_event(stack.hurry ? 0 : BEAT_MS);
    stack.hurry = false;
    if (event.type == EVENT_RESIZE || (event.type == EVENT_KEY && event.action == ACT_REDRAW))
        paint_again();
    if (event.type == EVENT_END)
        the_end();
    stack.frame->filter(stack.frame->context, &event, !screens || over);
    if (event.type == EVENT_KEY || event.type == EVENT_TEXT || event.type == EVENT_PASTE) {
        stack.last_event = clock_mono();
        xfree(&stack.message);
    }
    return event;
}

struct ui_event screen_modal(paint_over over, void *context)
{
    struct ui_event event = turn(true, over, context);
    if (event.type != EVENT_END)
        beat();
    return event;
}

struct ui_event screen_alone(paint_over paint, void *context)
{
    return turn(false, paint, context);
}

void screen_use(const struct screen_frame *frame)
{
    stack.frame = frame;
    stack.last_event = clock_mono();
}

void screen_run(void)
{
    stack.quit = stack.ended;
    stack.last_event = clock_mono();
    while (stack.count && !stack.quit) {
        struct ui_event event = turn(true, NULL, NULL);
        if (event.type != EVENT_TIMEOUT && event.type != EVENT_NONE && event.type != EVENT_END)
            stack.items[stack.count - 1].screen->event(stack.items[stack.count - 1].state, &event);
        if (!stack.ended)
            beat();
    }
    while (stack.count)
        screen_pop();
    xfree(&stack.message);
}

void screen_help(const char *about, const char *more)
{
    struct buffer text = BUFFER_INIT;
    const enum action *keys = stack.count ? stack.items[stack.count - 1].screen->keys : NULL;
    if (*about)
        buffer_printf(&text, "%s\n\n", about);
    for (; keys && *keys; keys++) {
        const char *names = action_keys(*keys);
        buffer_add_text(&text, names);
        for (int i = text_width(names); i < 14; i++)
            buffer_add_char(&text, ' ');
        buffer_printf(&text, "%s\n", action_help(*keys));
    }
    buffer_add_text(&text,
                    _("\nEsc のあとに文字を打つ鍵は、Alt を押しながらその文字でも同じです。"));
    buffer_add_text(&text, more);
    dialog_text(*about ? _("説明と鍵") : _("使える鍵"), buffer_text(&text));
    buffer_free(&text);
}
