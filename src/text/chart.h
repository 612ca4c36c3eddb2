/*
 * text/chart: bars and pyramids made of letters, for screen and paper alike: plain ASCII, so that
 * every terminal and printer draws them in the same cells. Reports use it.
 */
#ifndef TEXT_CHART_H
#define TEXT_CHART_H

#include <stddef.h>

#include "base/buffer.h"

/* One line for each value: label, bar, number. Values below 0 have no bar, NAN (not there) is "-". `width` in cells; at
 * least the labels and 10 cells of bar are written. */
void chart_bars(struct buffer *out, const char *const *labels, const double *values, size_t count,
                int width);
/* Two bars for each label, one to the left, one to the right of it, on one scale (人口ピラミッド);
 * the last row stands at the bottom. */
void chart_pyramid(struct buffer *out, const char *const *labels, const double *left,
                   const double *right, size_t count, int width);

#endif
