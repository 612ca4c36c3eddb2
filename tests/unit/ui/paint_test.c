/* Whatever character a record holds: painted, it acts on no cell but its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "../clean.h"
#include "seen.h"
#include "text/utf8.h"
#include "text/width.h"
#include "ui/paint.h"

enum { ROWS = 24, CELLS = 79, FRAMES_A_TERMINAL = 8 };

/* curses' own sequences out of what it wrote: what is left are a record's letters. */
static void take_out_sequences(struct buffer *out, const struct buffer *bytes)
{
    buffer_clear(out);
    for (size_t at = 0; at < bytes->len; at++) {
        char c = bytes->data[at];
        if (c == '\r' || c == '\b' || c == '\n')
            continue;
        if (c != '\033') {
            buffer_add_char(out, c);
            continue;
        }
        c = bytes->data[++at];
        if (c == '(' || c == ')') {
            at++;
        } else {
            assert_true(c == '[');
            do
                c = bytes->data[++at];
            while (c == '?' || c == ';' || (c >= '0' && c <= '9'));
            assert_non_null(strchr("ABCDGHJKLMPXbdhlmrt@", c));
        }
    }
}

/* One row: as many characters as fit, "|" behind each. Returns the first that did not fit. */
static uint32_t paint_row(uint32_t cp, int row, struct buffer *wanted)
{
    int used = 0;
    buffer_clear(wanted);
    for (; cp <= 0x10ffff; cp++) {
        char bytes[5], shown[CLUSTER_DISPLAY_SIZE];
        size_t len = utf8_encode(bytes, cp);
        if (!len)
            continue;
        bytes[len] = '\0';
        int cells = cluster_width(bytes, len);
        if (used + cells + 1 > CELLS)
            break;
        assert_int_equal(paint_text(row, used, CELLS - used, bytes, STYLE_NORMAL), cells);
        paint_text(row, used + cells, 1, "|", STYLE_NORMAL);
        cluster_display(shown, sizeof shown, bytes, len);
        buffer_printf(wanted, "%s|", shown);
        used += cells + 1;
    }
    return cp;
}

static void no_character_leaves_its_cells(void **state)
{
    struct buffer rows[ROWS] = {0}, letters = BUFFER_INIT;
    uint32_t cp = 1;
    (void)state;
    if (!seen_begin())
        skip();
    for (int frame = 1; cp <= 0x10ffff; frame++) {
        if (frame % FRAMES_A_TERMINAL == 0)
            seen_forget();
        paint_begin();
        for (int row = 0; row < ROWS; row++) {
            cp = paint_row(cp, row, &rows[row]);
            paint_text(row, CELLS, 1, "]", STYLE_NORMAL);
        }
        paint_end();
        seen_update();
        for (int row = 0; row < ROWS; row++) {
            char *found = seen_text(row, 0, CELLS), *edge = seen_text(row, CELLS, 1);
            if (strcmp(found, buffer_text(&rows[row])) != 0 || strcmp(edge, "]") != 0)
                fail_msg("before U+%04X, row %d: seen |%s|%s, wanted |%s|]", (unsigned)cp, row,
                         found, edge, buffer_text(&rows[row]));
            xfree(&found);
            xfree(&edge);
        }
        take_out_sequences(&letters, seen_bytes());
        assert_int_equal(first_unclean(buffer_text(&letters), letters.len), letters.len);
    }
    for (int row = 0; row < ROWS; row++)
        buffer_free(&rows[row]);
    buffer_free(&letters);
    seen_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_leaves_its_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
