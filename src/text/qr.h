/*
 * text/qr: QR codes drawn with half blocks (▀▄█): what the screen paints and paper shows. The only
 * place that knows libqrencode; a program that was built without it says so and everything else
 * works.
 */
#ifndef TEXT_QR_H
#define TEXT_QR_H

#include <stdbool.h>

#include "base/status.h"
#include "base/strings.h"

/* A paper gets dirty and needs a code that bears it; on a screen of 24 lines there is room for the
 * smallest only. */
enum qr_use { QR_SCREEN, QR_PAPER };

/* Whether the program was built with what draws them. */
bool qr_draws(void);
/* Its lines, all as many characters wide, black for what is to be dark, with the white edge it
 * needs. E_UNSUPPORTED: see above. E_LIMIT: the text is too long. */
enum status qr_lines(const char *text, enum qr_use use, struct strings *out, struct error *err);

#endif
