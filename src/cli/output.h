/*
 * cli/output: rows on stdout as a table for people, or NDJSON or CSV for programs. Every cell goes
 * through the output filter: no byte of a record reaches the terminal as a control sequence.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stddef.h>

#include "base/status.h"

enum output_format { OUTPUT_TABLE, OUTPUT_NDJSON, OUTPUT_CSV };

struct output;

/* "table" (or "text"), "ndjson" or "csv"; NULL = table. */
enum status output_format(const char *name, enum output_format *out, struct error *err);
/* columns: machine names (keys of NDJSON, header of CSV); titles: for people. Both borrowed until
 * output_end(). */
struct output *output_begin(enum output_format format, const char *const *columns,
                            const char *const *titles, size_t count);
/* One cell per column; NULL counts as "". */
void output_row(struct output *out, const char *const *cells);
/* Writes what is pending and frees. */
void output_end(struct output **out);
/* One line of text for people, filtered; output_note() on stderr. */
void output_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void output_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Several lines, filtered. */
void output_lines(const char *text);
/* What belongs into a file goes to stdout as it is; a terminal gets it filtered. */
void output_file(const char *text);

#endif
