/*
 * ui/qr: a QR code over the whole screen, to be read from it or shown to somebody.
 */
#ifndef UI_QR_H
#define UI_QR_H

/* Until Enter or Esc. `beside` are the lines that stand beside it. Where it cannot be drawn, the
 * reason and the token as text are shown in its place. */
void qr_show(const char *title, const char *beside, const char *token);

#endif
