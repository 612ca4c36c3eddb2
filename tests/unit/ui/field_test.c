/* The field and the text box as they are typed into and seen, against a model that is too simple to
 * be wrong: text, cursor and, where libvterm is, the cells of the terminal agree after each of many
 * random keys. FUZZ_RUNS keys (make fuzz-edit RUNS=1000000), $SEED. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "edit_model.h"
#include "seen.h"
#include "text/kana.h"
#include "text/width.h"
#include "ui/field.h"
#include "ui/paint.h"

enum { RUNS = 8000, ROW = 3, COLUMN = 10, LONG = 150 };

struct both {
    struct field_view view;
    struct model *m;
    int rows; /* of a box; 1 = one line */
};

/* --- Keys --- */

static const char *some_text(void)
{
    static const char *const typed[] = {"a",
                                        "7",
                                        " ",
                                        "-",
                                        "あ",
                                        "か",
                                        "ハ",
                                        "\u3099",
                                        "\u309a",
                                        "゛",
                                        "ｶ",
                                        "葛\U000E0100",
                                        "城",
                                        "𠮷",
                                        "髙",
                                        "﨑",
                                        "神",
                                        "神",
                                        "、",
                                        "。",
                                        "」",
                                        "「",
                                        "（",
                                        "ー",
                                        "っ",
                                        "々",
                                        "👨‍👩‍👧",
                                        "🇯🇵",
                                        "é",
                                        "e\u0301",
                                        "か\u309a",
                                        "\u202e",
                                        "\ue000",
                                        "ーん",
                                        "桐生みなと",
                                        "二〇二六年、町の「水路」を直した。",
                                        "Kiriyama Minato 8-11-24"};
    return typed[(size_t)rand() % ARRAY_LEN(typed)];
}

static bool is_half_mark(const char *text)
{
    return str_starts(text, "ﾞ") || str_starts(text, "ﾟ");
}

static void send_text(struct both *b, bool pasted)
{
    struct buffer text = BUFFER_INIT;
    for (int i = pasted ? rand() % 5 : 0; i >= 0; i--) {
        buffer_add_text(&text, some_text());
        if (pasted && rand() % 3 == 0)
            buffer_add_text(&text, rand() % 2 ? "\n" : "\t");
    }
    const struct ui_event event = {.type = pasted ? EVENT_PASTE : EVENT_TEXT,
                                   .text = buffer_text(&text)};
    assert_false(is_half_mark(event.text)); /* edit_test has what they join */
    assert_true(field_event(&b->view, &event, b->m->cells));
    if (pasted)
        model_paste(b->m, event.text);
    else
        model_insert(b->m, event.text);
    buffer_free(&text);
}

static void model_up(struct model *m)
{
    if (m->lines)
        model_vertical(m, -1);
}

static void model_down(struct model *m)
{
    if (m->lines)
        model_vertical(m, 1);
}

static void model_enter(struct model *m)
{
    if (m->lines)
        model_insert(m, "\n");
}

static void send_key(struct both *b)
{
    static const struct {
        enum action action;
        void (*model)(struct model *m);
    } keys[] = {{ACT_BACKSPACE, model_backspace},
                {ACT_BACKSPACE, model_backspace},
                {ACT_DELETE, model_delete},
                {ACT_LEFT, model_left},
                {ACT_LEFT, model_left},
                {ACT_LEFT, model_left},
                {ACT_RIGHT, model_right},
                {ACT_RIGHT, model_right},
                {ACT_HOME, model_home},
                {ACT_END, model_end},
                {ACT_UP, model_up},
                {ACT_UP, model_up},
                {ACT_DOWN, model_down},
                {ACT_DOWN, model_down},
                {ACT_KILL, model_kill},
                {ACT_YANK, model_yank},
                {ACT_UNDO, model_undo},
                {ACT_ENTER, model_enter}};
    size_t key = (size_t)rand() % ARRAY_LEN(keys);
    const struct ui_event event = {.type = EVENT_KEY, .action = keys[key].action, .text = ""};
    field_event(&b->view, &event, b->m->cells);
    keys[key].model(b->m);
}

/* --- Both are the same --- */

static void compare_text(const struct both *b, long run)
{
    char *text = model_text(b->m, 0, b->m->count), *before = model_text(b->m, 0, b->m->cursor);
    if (strcmp(text, edit_text(&b->view.edit)) != 0 || strlen(before) != b->view.edit.cursor)
        fail_msg("key %ld: %s|%zu, the model has %s|%zu", run, edit_text(&b->view.edit),
                 b->view.edit.cursor, text, strlen(before));
    xfree(&text);
    xfree(&before);
}

static void compare_screen(struct both *b, long run)
{
    char *wanted[8];
    int row, column;
    paint_begin();
    paint_text(ROW, COLUMN - 1, 1, "[", STYLE_NORMAL);
    paint_text(ROW, COLUMN + b->m->cells, 1, "]", STYLE_NORMAL);
    if (b->rows > 1)
        field_paint_box(&b->view, ROW, COLUMN, b->rows, b->m->cells, STYLE_NORMAL, true);
    else
        field_paint(&b->view, ROW, COLUMN, b->m->cells, STYLE_NORMAL, true);
    paint_end();
    seen_update();
    model_show(b->m, b->rows, wanted, &row, &column);
    for (int r = 0; r < b->rows; r++) {
        char *found = seen_text(ROW + r, COLUMN, b->m->cells);
        if (strcmp(found, wanted[r]) != 0)
            fail_msg("key %ld, row %d: seen |%s|, the model has |%s|", run, r, found, wanted[r]);
        xfree(&found);
        xfree(&wanted[r]);
    }
    int at_row, at_column;
    seen_cursor(&at_row, &at_column);
    if (at_row != ROW + row || at_column != COLUMN + column)
        fail_msg("key %ld: cursor at %d,%d, the model has %d,%d", run, at_row - ROW,
                 at_column - COLUMN, row, column);
}

/* --- Kinds of fields --- */

static char *live_zenkaku(const void *context, const char *text)
{
    (void)context;
    return kana_zenkaku(text);
}

static bool fits(const void *context, const char *text)
{
    return strlen(text) <= *(const size_t *)context;
}

static void begin(struct both *b, bool keep_killed)
{
    struct model *m = b->m;
    const size_t bytes = m->bytes;
    char *killed = keep_killed ? xstrdup(m->killed ? m->killed : "") : NULL;
    model_free(m);
    m->killed = killed && *killed ? killed : NULL;
    if (killed && !*killed)
        xfree(&killed);
    model_set(m, "桐生");
    field_set(&b->view, "桐生");
    b->view.edit.lines = m->lines;
    b->view.edit.live = m->live ? live_zenkaku : NULL;
    b->view.edit.fits = bytes ? fits : NULL;
    b->view.edit.context = &m->bytes;
}

static void random_keys(long runs, struct model kind, int rows)
{
    struct both b = {.m = xcalloc(1, sizeof *b.m), .rows = rows};
    const char *seed = getenv("SEED");
    bool screen = seen_begin();
    *b.m = kind;
    srand(seed ? (unsigned)atol(seed) : 1);
    begin(&b, false);
    for (long run = 0; run < runs; run++) {
        int what = rand() % 20;
        if (what < 8)
            send_text(&b, what == 0);
        else
            send_key(&b);
        compare_text(&b, run);
        if (screen)
            compare_screen(&b, run);
        if (b.m->count > LONG) {
            begin(&b, true);
            seen_forget();
        }
    }
    model_free(b.m);
    xfree(&b.m);
    field_free(&b.view);
    seen_end();
}

static long runs(void)
{
    const char *wanted = getenv("FUZZ_RUNS");
    return (wanted ? atol(wanted) : RUNS) / 4;
}

static void one_line_agrees_with_the_model(void **state)
{
    (void)state;
    random_keys(runs(), (struct model){.cells = 18}, 1);
}

static void what_turns_and_has_a_limit_agrees_too(void **state)
{
    (void)state;
    random_keys(runs(), (struct model){.cells = 45, .bytes = 300, .live = kana_zenkaku}, 1);
}

static void a_box_agrees_with_the_model(void **state)
{
    (void)state;
    random_keys(runs(), (struct model){.cells = 24, .lines = true}, 3);
}

/* A terminal that draws ①※○α two cells wide. */
static void so_does_one_with_wide_ambiguous_letters(void **state)
{
    (void)state;
    width_set_ambiguous(2);
    random_keys(runs(), (struct model){.cells = 21, .lines = true}, 3);
    width_set_ambiguous(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_agrees_with_the_model),
        cmocka_unit_test(what_turns_and_has_a_limit_agrees_too),
        cmocka_unit_test(a_box_agrees_with_the_model),
        cmocka_unit_test(so_does_one_with_wide_ambiguous_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
