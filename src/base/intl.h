/*
 * base/intl: the one door to message catalogues.
 *
 * User text is written in Japanese in the source and looked up here; every room may use it.
 * The program binds the catalogue in main(); a missing translation shows the Japanese.
 */
#ifndef BASE_INTL_H
#define BASE_INTL_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) (text)

#endif
