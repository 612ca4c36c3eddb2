#include "counter/input.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "text/width.h"
#include "ui/paint.h"

#define DICTIONARIES "/usr/share/skk"

enum { PAGE = 9 };

static struct {
    struct desk *desk; /* NULL before login */
    struct conversion *conversion;
    enum conversion_kind kind;
    bool kana;
    struct buffer text, reading; /* of the event given on */
} input;

void input_begin(struct desk *desk)
{
    input.desk = desk;
    input.kana = false;
}

void input_end(void)
{
    conversion_free(&input.conversion);
    buffer_free(&input.text);
    buffer_free(&input.reading);
    input.desk = NULL;
    input.kana = false;
}

void input_use(enum conversion_kind kind)
{
    input.kind = kind;
}

const char *input_label(void)
{
    return !input.desk ? "" : input.kana ? _("[かな]") : _("[英数]");
}

/* Dictionaries are opened when somebody wants them first. */
static void open_conversion(void)
{
    const char *dir = office_dir(input.desk->office);
    char *learning = xasprintf("%s/learning/%s", dir, session_login_name(input.desk->session));
    char *own = file_path(dir, "dictionary");
    const struct conversion_setup setup = {DICTIONARIES, own, learning};
    input.conversion = conversion_new(&setup);
    xfree(&learning);
    xfree(&own);
}

static bool writing(void)
{
    char *text = input.conversion ? conversion_text(input.conversion) : NULL;
    bool yes = text && *text;
    xfree(&text);
    return yes;
}

/* --- Events --- */

/* One key; what it decided is added to the event's text. False: not used. */
static bool give(enum conversion_key key, char character)
{
    const char *reading;
    bool used = conversion_key(input.conversion, input.kind, key, character);
    const char *decided = conversion_decided(input.conversion, &reading);
    if (decided) {
        buffer_add_text(&input.text, decided);
        buffer_add_text(&input.reading, reading);
    }
    return used;
}

static void filter_text(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p >= 0x80 || !give(CONVERSION_CHARACTER, *p))
            buffer_add_char(&input.text, *p);
}

static void filter_key(enum action action)
{
    static const struct {
        enum action action;
        enum conversion_key key;
    } keys[] = {
        {ACT_ENTER, CONVERSION_ENTER},     {ACT_NEXT, CONVERSION_ENTER},
        {ACT_BACK, CONVERSION_ESCAPE},     {ACT_BACKSPACE, CONVERSION_BACKSPACE},
        {ACT_LEFT, CONVERSION_LEFT},       {ACT_RIGHT, CONVERSION_RIGHT},
        {ACT_UP, CONVERSION_UP},           {ACT_DOWN, CONVERSION_DOWN},
        {ACT_SHORTER, CONVERSION_SHORTER}, {ACT_LONGER, CONVERSION_LONGER},
        {ACT_KANA, CONVERSION_HIRAGANA},   {ACT_NEXT_PROBLEM, CONVERSION_KATAKANA},
        {ACT_HOLD, CONVERSION_HALF},       {ACT_UNDO, CONVERSION_WIDE_LETTERS},
        {ACT_CONFIRM, CONVERSION_LETTERS},
    };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].action == action)
            give(keys[i].key, 0);
}

static void toggle(void)
{
    input.kana = !input.kana;
    if (input.kana && !input.conversion)
        open_conversion();
}

/* While something is being written every key belongs to it. */
void input_filter(struct ui_event *event)
{
    bool key = event->type == EVENT_KEY, text = event->type == EVENT_TEXT;
    if (!input.desk)
        return;
    if (key && event->action == ACT_KANA && !writing()) {
        toggle();
        event->type = EVENT_NONE;
        return;
    }
    if (!input.kana || (!writing() && (!text || !paint_wants_text())) || (!key && !text))
        return;
    buffer_clear(&input.text);
    buffer_clear(&input.reading);
    if (text)
        filter_text(event->text);
    else
        filter_key(event->action);
    event->type = input.text.len ? EVENT_TEXT : EVENT_NONE;
    event->text = buffer_text(&input.text);
    event->reading = input.reading.len ? buffer_text(&input.reading) : NULL;
}

/* --- Painting --- */

static void paint_words(const struct clause *clause, int row, int column, int rows, int columns)
{
    size_t first = clause->chosen / PAGE * PAGE, count = clause->words.count - first;
    int shown = count < PAGE ? (int)count : PAGE, width = 8;
    for (int i = 0; i < shown; i++) {
        int cells = text_width(clause->words.items[first + (size_t)i]) + 5;
        width = cells > width ? cells : width;
    }
    if (width > columns - 2)
        width = columns - 2;
    int height = shown + 2, top = row + 1 + height <= rows ? row + 1 : row - height;
    int left = column + width + 1 <= columns ? column : columns - width - 1;
    paint_box(top, left, height, width + 1);
    for (int i = 0; i < shown; i++) {
        size_t at = first + (size_t)i;
        char *line = xasprintf("%d %s", i + 1, clause->words.items[at]);
        paint_field(top + 1 + i, left + 1, width - 1, line,
                    at == clause->chosen ? STYLE_REVERSE : STYLE_NORMAL);
        xfree(&line);
    }
    paint_format(top + height - 1, left + 2, width - 2, STYLE_DIM, "%zu/%zu", clause->chosen + 1,
                 clause->words.count);
}

/* In place, as far as the line has room. */
void input_paint(int rows, int columns)
{
    const struct clause *clauses;
    size_t current, count;
    int row, column;
    char *text = input.conversion ? conversion_text(input.conversion) : xstrdup("");
    int width = text_width(text);
    if (width) {
        paint_cursor_at(&row, &column);
        if (column + width >= columns)
            column = columns - width - 1 > 0 ? columns - width - 1 : 0;
        count = conversion_clauses(input.conversion, &clauses, &current);
        int at = column + (count ? 0 : paint_text(row, column, width, text, STYLE_UNDERLINE));
        int here = at;
        for (size_t i = 0; i < count; i++) {
            if (i == current)
                here = at;
            at += paint_text(row, at, columns - at, clauses[i].words.items[clauses[i].chosen],
                             i == current ? STYLE_REVERSE : STYLE_UNDERLINE);
        }
        if (count)
            paint_words(&clauses[current], row, here, rows, columns);
        paint_cursor(row, here);
    }
    xfree(&text);
}
