#include "cli/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/csv.h"
#include "text/sanitize.h"
#include "text/width.h"

struct output {
    enum output_format format;
    const char *const *columns;
    const char *const *titles;
    size_t count;
    struct strings cells; /* a table is laid out when all rows are known */
};

static const char *const format_names[] = {"table", "ndjson", "csv"};

enum status output_format(const char *name, enum output_format *out, struct error *err)
{
    *out = OUTPUT_TABLE;
    if (!name)
        return OK;
    if (strcmp(name, "text") == 0)
        name = format_names[OUTPUT_TABLE];
    for (size_t i = 0; i < ARRAY_LEN(format_names); i++) {
        if (strcmp(format_names[i], name) == 0) {
            *out = (enum output_format)i;
            return OK;
        }
    }
    return error_set(err, E_USAGE, _("--format は table、ndjson、csv のどれかです（%s）"), name);
}

static void json_text(struct buffer *b, const char *text)
{
    buffer_add_char(b, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_printf(b, "\\%c", *text);
        else if ((unsigned char)*text < ' ' || *text == 0x7f)
            buffer_printf(b, "\\u%04x", (unsigned)*text);
        else
            buffer_add_char(b, *text);
    }
    buffer_add_char(b, '"');
}

/* A cell a spreadsheet would take for a formula is preceded by an apostrophe. */
static void csv_text(struct buffer *b, const char *text, enum csv_place place)
{
    char *cell = xasprintf("%s%s", csv_is_formula(text) ? "'" : "", text);
    csv_add_cell(b, cell, strlen(cell), place);
    xfree(&cell);
}

static void write_line(struct output *out, const char *const *cells)
{
    struct buffer line = BUFFER_INIT;
    if (out->format == OUTPUT_NDJSON)
        buffer_add_char(&line, '{');
    for (size_t i = 0; i < out->count; i++) {
        char *clean = sanitize_text(cells[i] ? cells[i] : "");
        if (out->format == OUTPUT_CSV) {
            csv_text(&line, clean, out->count == 1 ? CSV_ALONE : i ? CSV_NEXT : CSV_FIRST);
        } else {
            if (i)
                buffer_add_char(&line, ',');
            json_text(&line, out->columns[i]);
            buffer_add_char(&line, ':');
            json_text(&line, clean);
        }
        xfree(&clean);
    }
    puts(out->format == OUTPUT_NDJSON ? (buffer_add_char(&line, '}'), line.data)
                                      : buffer_text(&line));
    buffer_free(&line);
}

struct output *output_begin(enum output_format format, const char *const *columns,
                            const char *const *titles, size_t count)
{
    struct output *out = xcalloc(1, sizeof *out);
    out->format = format;
    out->columns = columns;
    out->titles = titles;
    out->count = count;
    if (format == OUTPUT_CSV)
        write_line(out, columns);
    return out;
}

void output_row(struct output *out, const char *const *cells)
{
    if (out->format != OUTPUT_TABLE) {
        write_line(out, cells);
        return;
    }
    for (size_t i = 0; i < out->count; i++)
        strings_take(&out->cells, sanitize_text(cells[i] ? cells[i] : ""));
}

static void table_line(const struct output *out, const size_t *widths, const char *const *cells)
{
    for (size_t i = 0; i < out->count; i++) {
        size_t used = (size_t)text_width(cells[i]);
        fputs(cells[i], stdout);
        if (i + 1 < out->count)
            printf("%*s", (int)(widths[i] - used + 2), "");
    }
    putchar('\n');
}

static void table(const struct output *out)
{
    size_t *widths = xcalloc(out->count, sizeof *widths);
    for (size_t i = 0; i < out->count; i++)
        widths[i] = (size_t)text_width(out->titles[i]);
    for (size_t i = 0; i < out->cells.count; i++) {
        size_t width = (size_t)text_width(out->cells.items[i]);
        if (width > widths[i % out->count])
            widths[i % out->count] = width;
    }
    table_line(out, widths, out->titles);
    for (size_t i = 0; i < out->cells.count; i += out->count)
        table_line(out, widths, (const char *const *)out->cells.items + i);
    xfree(&widths);
}

void output_end(struct output **slot)
{
    struct output *out = *slot;
    if (out->format == OUTPUT_TABLE && out->cells.count)
        table(out);
    else if (out->format == OUTPUT_TABLE)
        output_note("%s", _("（ありません）")); /* beside the output, which stays empty for scripts */
    strings_free(&out->cells);
    xfree(slot);
}

static void line_to(FILE *file, const char *fmt, va_list ap)
{
    char *text = xvasprintf(fmt, ap), *clean = sanitize_text(text);
    fprintf(file, "%s\n", clean);
    xfree(&clean);
    xfree(&text);
}

void output_line(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    line_to(stdout, fmt, ap);
    va_end(ap);
}

void output_note(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    line_to(stderr, fmt, ap);
    va_end(ap);
}

void output_lines(const char *text)
{
    char *clean = sanitize_lines(text);
    fputs(clean, stdout);
    xfree(&clean);
}

void output_file(const char *text)
{
    if (isatty(STDOUT_FILENO))
        output_lines(text);
    else
        fputs(text, stdout);
}
