#include "text/chart.h"

#include <math.h>

#include "text/width.h"

enum { NUMBER = 8, BAR_LEAST = 10 };

static void repeat(struct buffer *out, char c, int times)
{
    for (int i = 0; i < times; i++)
        buffer_add_char(out, c);
}

static int widest(const char *const *labels, size_t count)
{
    int widest = 0;
    for (size_t i = 0; i < count; i++) {
        int width = text_width(labels[i]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static double greatest(const double *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = values[i] > most ? values[i] : most;
    return most;
}

/* What is not there is no 0. */
static void put_number(struct buffer *out, double value, int width)
{
    if (isnan(value))
        buffer_printf(out, "%*s", width, "-");
    else
        buffer_printf(out, "%*.10g", width, value);
}

/* What is more than nothing is at least one cell long. */
static int length(double value, double most, int cells)
{
    int bar = most > 0 && value > 0 ? (int)lround(value / most * cells) : 0;
    return value > 0 && bar == 0 ? 1 : bar;
}

void chart_bars(struct buffer *out, const char *const *labels, const double *values, size_t count,
                int width)
{
    int label = widest(labels, count), cells = width - label - NUMBER - 3;
    double most = greatest(values, count);
    cells = cells < BAR_LEAST ? BAR_LEAST : cells;
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(out, labels[i]);
        repeat(out, ' ', label - text_width(labels[i]));
        buffer_add_text(out, " |");
        repeat(out, '#', length(values[i], most, cells));
        buffer_add_char(out, ' ');
        put_number(out, values[i], 0);
        buffer_add_char(out, '\n');
    }
}

void chart_pyramid(struct buffer *out, const char *const *labels, const double *left,
                   const double *right, size_t count, int width)
{
    int label = widest(labels, count), cells = (width - label - 4) / 2 - NUMBER;
    double one = greatest(left, count), other = greatest(right, count);
    double most = one > other ? one : other;
    cells = cells < BAR_LEAST ? BAR_LEAST : cells;
    for (size_t i = 0; i < count; i++) {
        int bar = length(left[i], most, cells);
        repeat(out, ' ', cells - bar);
        put_number(out, left[i], NUMBER - 1);
        buffer_add_char(out, ' ');
        repeat(out, '#', bar);
        buffer_add_text(out, "| ");
        buffer_add_text(out, labels[i]);
        repeat(out, ' ', label - text_width(labels[i]));
        buffer_add_text(out, " |");
        repeat(out, '#', length(right[i], most, cells));
        buffer_add_char(out, ' ');
        put_number(out, right[i], 0);
        buffer_add_char(out, '\n');
    }
}
