#include "counter/input.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "conversion/wordlist.h"
#include "text/grapheme.h"
#include "text/width.h"
#include "ui/paint.h"
#include "ui/screen.h"

static struct {
    struct desk *desk; /* NULL before login */
    struct conversion *conversion;
    enum conversion_kind kind;
    bool kana;                   /* F6 */
    bool off;                    /* the field under the cursor takes no kana */
    bool modal;                  /* the last key was for a window */
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
    input.off = false;
}

void input_use_none(void)
{
    input.off = true;
}

const char *input_label(void)
{
    return !input.desk ? "" : input.kana && !input.off ? _("[かな]") : _("[英数]");
}

const char *input_help(void)
{
    if (!input.kana)
        return "";
    return _("\n\nかな漢字変換のあいだの鍵:\n"
             "Space         漢字にする、次の候補\n"
             "1 ... 9       その候補\n"
             "上下 PgUp PgDn 前後の候補、前後の組\n"
             "左右          前後の文節\n"
             "Shift-左右    文節を縮める、伸ばす（Esc--、Esc-+）\n"
             "F6 F7 F8      ひらがな、カタカナ、半角カタカナ\n"
             "F9 F10        全角英数、半角英数\n"
             "Enter         決める\n"
             "Esc           候補からかなへ、かなから前へ");
}

/* Dictionaries are opened when somebody wants them first. */
static void open_conversion(void)
{
    const char *dir = office_dir(input.desk->office);
    char *learning = xasprintf("%s/learning/%s", dir, session_login_name(input.desk->session));
    char *own = file_path(dir, WORDLIST_FILE);
    char *town = file_path(dir, WORDLIST_TOWN_FILE);
    const struct conversion_setup setup = {office_setting(input.desk->office, "dictionaries"), own,
                                           town, learning};
    input.conversion = conversion_new(&setup);
    xfree(&learning);
    xfree(&town);
    xfree(&own);
}

static bool writing(void)
{
    char *text = input.conversion ? conversion_text(input.conversion) : NULL;
    bool yes = text && *text;
    xfree(&text);
    return yes;
}

bool input_reads(const char *kana, const char *word)
{
    return input.conversion && conversion_reads(input.conversion, kana, word);
}

/* --- Events --- */

/* Nothing typed is dropped without a word. */
static void refuse_more(void)
{
    terminal_beep();
    screen_message(STYLE_WARNING,
                   _("続けて打てるのは%d字までです。Space で変換するか Enter で決めてください"),
                   CONVERSION_CHARACTERS);
}

/* One key; what it decided is added to the event's text. False: not used. */
static bool give(enum conversion_key key, char character)
{
    const char *reading;
    bool full = key == CONVERSION_CHARACTER && conversion_full(input.conversion);
    enum conversion_kind kind = input.modal ? CONVERSION_PLAIN : input.kind;
    bool used = conversion_key(input.conversion, kind, key, character);
    if (full && conversion_full(input.conversion))
        refuse_more();
    const char *decided = conversion_decided(input.conversion, &reading);
    if (decided) {
        buffer_add_text(&input.text, decided);
        buffer_add_text(&input.reading, reading);
    }
    return used;
}

static void filter_text(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x80 && give(CONVERSION_CHARACTER, *p))
            continue;
        buffer_add_char(&input.text, *p);
        if (input.reading.len)
            buffer_add_char(&input.reading, *p);
    }
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
        {ACT_PAGE_UP, CONVERSION_PAGE_UP}, {ACT_PAGE_DOWN, CONVERSION_PAGE_DOWN},
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

/* While something is being written every key belongs to it, unless no text is wanted any more: the
 * screen was closed over it. */
void input_filter(struct ui_event *event, bool modal)
{
    bool key = event->type == EVENT_KEY, text = event->type == EVENT_TEXT;
    if (!input.desk)
        return;
    input.modal = modal;
    if (key && event->action == ACT_KANA && !writing()) {
        toggle();
        event->type = EVENT_NONE;
        return;
    }
    if (!input.kana || !paint_wants_text() || (!key && !text) ||
        (!writing() && (!text || (input.off && !modal))))
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

/* Below the clause when there is room, else above, else beside it as far up as it must. */
static void paint_words(const struct clause *clause, int row, int column, int rows, int columns)
{
    size_t first = clause->chosen / CONVERSION_PAGE * CONVERSION_PAGE;
    size_t count = clause->words.count - first;
    int shown = count < CONVERSION_PAGE ? (int)count : CONVERSION_PAGE, width = 8;
    int here = text_width(clause->words.items[clause->chosen]);
    for (int i = 0; i < shown; i++) {
        int cells = text_width(clause->words.items[first + (size_t)i]) + 5;
        width = cells > width ? cells : width;
    }
    if (width > columns - 2)
        width = columns - 2;
    int height = shown + 2, top = row + 1, left = column;
    if (top + height > rows) {
        top = row - height;
        if (top < 0) {
            top = rows - height;
            left = column + here;
        }
    }
    if (left + width + 1 > columns)
        left = left > column && column > width ? column - width - 1 : columns - width - 1;
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

/* Kana that is longer than the line shows its end. */
static void paint_kana(const char *text, int row, int column, int columns)
{
    size_t len = strlen(text), from = 0;
    while (text_width(text + from) >= columns)
        from = grapheme_next(text, len, from);
    int width = text_width(text + from);
    if (column + width >= columns)
        column = columns - width - 1;
    column += paint_text(row, column, width, text + from, STYLE_UNDERLINE);
    paint_cursor(row, column);
}

/* So are clauses: those before the current one give way. */
static void paint_clauses(const struct clause *clauses, size_t count, size_t current, int row,
                          int column, int rows, int columns)
{
    int widths[CONVERSION_CHARACTERS], all = 0, here = column;
    size_t first = 0;
    for (size_t i = 0; i < count; i++)
        all += widths[i] = text_width(clauses[i].words.items[clauses[i].chosen]);
    if (column + all >= columns)
        column = columns - all - 1 > 0 ? columns - all - 1 : 0;
    for (; first < current && all >= columns; first++)
        all -= widths[first];
    for (size_t i = first; i < count; i++) {
        if (i == current)
            here = column;
        column +=
            paint_text(row, column, columns - column, clauses[i].words.items[clauses[i].chosen],
                       i == current ? STYLE_REVERSE : STYLE_UNDERLINE);
    }
    paint_words(&clauses[current], row, here, rows, columns);
    paint_cursor(row, here);
}

void input_paint(int rows, int columns)
{
    const struct clause *clauses;
    size_t current, count;
    int row, column;
    if (!writing() || !paint_wants_text())
        return;
    paint_cursor_at(&row, &column);
    count = conversion_clauses(input.conversion, &clauses, &current);
    if (count) {
        paint_clauses(clauses, count, current, row, column, rows, columns);
        return;
    }
    char *text = conversion_text(input.conversion);
    paint_kana(text, row, column, columns);
    xfree(&text);
}
