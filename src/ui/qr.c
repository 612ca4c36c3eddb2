#include "ui/qr.h"

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "text/qr.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/paint.h"
#include "ui/screen.h"
#include "ui/wrap.h"

enum { BESIDE_LEAST = 12 }; /* cells for what stands beside it */

struct picture {
    const char *title, *beside;
    struct strings lines;
    int cells;
};

static bool fits(const struct picture *p, int rows, int columns)
{
    return rows >= (int)p->lines.count && columns >= p->cells + BESIDE_LEAST;
}

static void paint_picture(void *context, int rows, int columns)
{
    const struct picture *p = context;
    int left = p->cells + 1, cells = columns - left;
    for (int row = 0; row < rows; row++)
        paint_fill(row, 0, columns, STYLE_NORMAL);
    if (!fits(p, rows, columns)) {
        paint_text(0, 0, columns, _("画面が小さすぎます"), STYLE_BOLD);
        return;
    }
    for (size_t i = 0; i < p->lines.count; i++)
        paint_text((int)i, 0, p->cells, p->lines.items[i], STYLE_PAPER);
    paint_text(0, left, cells, p->title, STYLE_TITLE);
    wrap_paint(p->beside, 0, 2, left, rows - 4, cells, STYLE_NORMAL);
    paint_text(rows - 1, left, cells, _("Enter・Esc で戻る"), STYLE_DIM);
    paint_cursor(rows - 1, left);
}

static void show_text(const struct picture *p, const char *why, const char *token)
{
    struct buffer text = BUFFER_INIT;
    buffer_printf(&text, "%s\n\n%s\n%s", p->beside, why, token);
    dialog_text(p->title, buffer_text(&text));
    buffer_free(&text);
}

void qr_show(const char *title, const char *beside, const char *token)
{
    struct picture p = {.title = title, .beside = beside};
    struct error err;
    int rows, columns;
    terminal_size(&rows, &columns);
    if (!terminal_has_blocks()) {
        show_text(&p, _("この端末はQRの図を描けません。QRの中の文字は次のとおりです:"), token);
        return;
    }
    if (qr_lines(token, QR_SCREEN, &p.lines, &err)) {
        show_text(&p, error_text(&err), token);
        return;
    }
    p.cells = text_width(p.lines.items[0]);
    struct ui_event event = {.type = EVENT_NONE};
    if (fits(&p, rows, columns))
        while (event.type != EVENT_END && !(event.type == EVENT_KEY && (event.action == ACT_ENTER ||
                                                                        event.action == ACT_BACK)))
            event = screen_modal(paint_picture, &p);
    else
        show_text(&p, _("画面が小さく、QRの図が入りません。QRの中の文字は次のとおりです:"), token);
    strings_free(&p.lines);
}
