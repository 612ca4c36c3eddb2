#include "text/qr.h"

#include "base/buffer.h"
#include "base/intl.h"
#include "config.h"

#ifdef HAVE_QRENCODE

#include <qrencode.h>

enum { EDGE = 4 }; /* of white around it, which the standard asks for */

bool qr_draws(void)
{
    return true;
}

static bool is_dark(const QRcode *code, int row, int column)
{
    return row >= 0 && column >= 0 && row < code->width && column < code->width &&
           code->data[row * code->width + column] & 1;
}

enum status qr_lines(const char *text, enum qr_use use, struct strings *out, struct error *err)
{
    static const char *const blocks[] = {" ", "▀", "▄", "█"};
    QRecLevel level = use == QR_PAPER ? QR_ECLEVEL_M : QR_ECLEVEL_L;
    QRcode *code = QRcode_encodeString(text, 0, level, QR_MODE_8, 1);
    if (!code)
        return error_set(err, E_LIMIT, _("QRにするには長すぎます"));
    for (int row = -EDGE; row < code->width + EDGE; row += 2) {
        struct buffer line = BUFFER_INIT;
        for (int column = -EDGE; column < code->width + EDGE; column++)
            buffer_add_text(
                &line, blocks[is_dark(code, row, column) | is_dark(code, row + 1, column) << 1]);
        strings_take(out, buffer_steal(&line));
    }
    QRcode_free(code);
    return OK;
}

#else

bool qr_draws(void)
{
    return false;
}

enum status qr_lines(const char *text, enum qr_use use, struct strings *out, struct error *err)
{
    (void)text;
    (void)use;
    (void)out;
    return error_set(err, E_UNSUPPORTED,
                     _("このプログラムはQRの図を描けません（libqrencode なしで作られています）"));
}

#endif
