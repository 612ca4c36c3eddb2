#include "seen.h"

#include "config.h"

#ifdef HAVE_VTERM

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vterm.h>

#include "../../e2e/glyphs.h"
#include "base/xmem.h"
#include "ui/paint.h"

enum { ROWS = 24, COLUMNS = 80 };

static struct {
    SCREEN *curses;
    FILE *out, *in;
    int from;
    VTerm *vt;
    VTermScreen *screen;
    struct glyphs *glyphs;
    struct buffer bytes;
} seen;

static void make_terminal(void)
{
    if (seen.vt)
        vterm_free(seen.vt);
    glyphs_free(&seen.glyphs);
    seen.glyphs = glyphs_new();
    seen.vt = vterm_new(ROWS, COLUMNS);
    vterm_set_utf8(seen.vt, 1);
    seen.screen = vterm_obtain_screen(seen.vt);
    vterm_screen_enable_altscreen(seen.screen, 1);
    vterm_screen_reset(seen.screen, 1);
}

bool seen_begin(void)
{
    int ends[2];
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("LINES", "24", 1);
    setenv("COLUMNS", "80", 1);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    seen.from = ends[0];
    seen.out = fdopen(ends[1], "w");
    seen.in = fopen("/dev/null", "r");
    seen.curses = newterm("xterm-256color", seen.out, seen.in);
    make_terminal();
    return seen.curses != NULL;
}

void seen_end(void)
{
    endwin();
    delscreen(seen.curses);
    fclose(seen.out);
    fclose(seen.in);
    close(seen.from);
    vterm_free(seen.vt);
    seen.vt = NULL;
    glyphs_free(&seen.glyphs);
    buffer_free(&seen.bytes);
}

void seen_forget(void)
{
    make_terminal();
    paint_again();
}

void seen_update(void)
{
    char data[65536];
    struct buffer out = BUFFER_INIT;
    ssize_t len;
    buffer_clear(&seen.bytes);
    while ((len = read(seen.from, data, sizeof data)) > 0)
        buffer_add(&seen.bytes, data, (size_t)len);
    glyphs_encode(seen.glyphs, seen.bytes.data, seen.bytes.len, &out);
    if (out.len)
        vterm_input_write(seen.vt, out.data, out.len);
    buffer_free(&out);
}

const struct buffer *seen_bytes(void)
{
    return &seen.bytes;
}

char *seen_text(int row, int column, int cells)
{
    struct buffer out = BUFFER_INIT;
    for (int at = column; at < column + cells;) {
        VTermScreenCell cell;
        vterm_screen_get_cell(seen.screen, (VTermPos){.row = row, .col = at}, &cell);
        if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
            buffer_add_char(&out, ' ');
        else
            for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
                glyphs_decode(seen.glyphs, cell.chars[i], &out);
        at += cell.width > 1 ? cell.width : 1;
    }
    while (out.len && out.data[out.len - 1] == ' ')
        buffer_splice(&out, out.len - 1, 1, NULL, 0);
    return buffer_steal(&out);
}

void seen_cursor(int *row, int *column)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(seen.vt), &pos);
    *row = pos.row;
    *column = pos.col;
}

#else

bool seen_begin(void)
{
    return false;
}

void seen_end(void)
{
}

void seen_forget(void)
{
}

void seen_update(void)
{
}

const struct buffer *seen_bytes(void)
{
    return NULL;
}

char *seen_text(int row, int column, int cells)
{
    (void)row, (void)column, (void)cells;
    return NULL;
}

void seen_cursor(int *row, int *column)
{
    *row = *column = 0;
}

#endif
