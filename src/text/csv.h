/*
 * text/csv: tables as comma-separated values (RFC 4180), read and written row by row in any
 * encoding. Who takes in or gives out a CSV file uses this; what the columns mean is theirs.
 *
 * Reading takes CRLF and LF, quoted cells with line breaks, and a byte-order mark of UTF-8; lines
 * without a byte are skipped. What is not written so is refused with its line.
 */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"

/* A row longer than this is refused: a quote was not closed. */
#define CSV_ROW_MAX (1 << 20)

struct csv_cell {
    const char *text; /* UTF-8, without the quotes */
    size_t len;
    const char *bytes; /* the same as it stood in the file; NULL in an encoding like UTF-16 or */
    size_t size;       /* ISO-2022-JP, where a cell has no bytes of its own */
    size_t line;       /* where it begins, from 1 */
};

struct csv_row {
    size_t line;
    const struct csv_cell *cells;
    size_t count; /* at least 1 */
};

struct csv_reader;

/* path "-" is standard input. encoding NULL: UTF-8 when the whole file is, else CP932 (of what is
 * no plain file it has to be given: E_USAGE). E_NOT_FOUND, E_IO, E_UNSUPPORTED. */
enum status csv_open(const char *path, const char *encoding, struct csv_reader **out,
                     struct error *err);
/* The same over bytes in memory, which must outlive it. `name` stands in messages. */
enum status csv_open_memory(const char *data, size_t len, const char *encoding, const char *name,
                            struct csv_reader **out, struct error *err);
void csv_close(struct csv_reader **reader);
/* Line where the row read last begins, also when it was refused; behind all rows the last one. */
size_t csv_line(const struct csv_reader *reader);
/* The encoding it is read in. Borrowed. */
const char *csv_encoding(const struct csv_reader *reader);
/* *row is borrowed until the next call, NULL at the end. E_INVALID: this row has bytes that the
 * encoding does not have; the next call goes on behind it. E_PARSE, E_LIMIT, E_IO: nothing more can
 * be read. All name file and line. */
enum status csv_next(struct csv_reader *reader, const struct csv_row **row, struct error *err);

/* Each row of a whole file in memory, `name` in messages; anything but OK from the sink stops. */
typedef enum status (*csv_sink)(void *context, const struct csv_row *row, struct error *err);
enum status csv_read(const char *data, size_t len, const char *encoding, const char *name,
                     csv_sink sink, void *context, struct error *err);

/* A cell a spreadsheet would take for a formula: it begins with = + - @, a tab or a CR and is no
 * plain number; apostrophes before that do not count. Such a cell is written with one apostrophe
 * more, and csv_unguarded() takes that one off again: what it was is what comes back. */
bool csv_is_formula(const char *text);
/* text, or what stands behind the apostrophe that guards a formula. */
const char *csv_unguarded(const char *text);
/* Appends one cell, quoted where it has to be; CSV_ALONE: the only one of its row. */
enum csv_place { CSV_FIRST, CSV_NEXT, CSV_ALONE };
void csv_add_cell(struct buffer *line, const char *text, size_t len, enum csv_place place);
void csv_end_row(struct buffer *line);

#endif
