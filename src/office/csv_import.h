/*
 * office/csv_import: many records at once from a CSV file (取込み), under the rules of the counter:
 * each row is an entry that is typed and received (受付確定), with number, person and checks; no
 * 受付票 is written. Rows with a problem are reported with line, column and reason. Either all rows
 * become records, in one transaction, or none does, unless the good ones are to be kept.
 */
#ifndef OFFICE_CSV_IMPORT_H
#define OFFICE_CSV_IMPORT_H

#include "office/session.h"

struct csv_import {
    const char *form;
    const char *path;     /* "-" = standard input */
    const char *encoding; /* NULL: UTF-8 when the whole file is, else CP932 */
    const char *map;      /* CSV "column,field" of headings that name no field; NULL = none */
    const char
        *refused; /* file for the rows refused, as they stood, with line and reason; or NULL */
    bool dry_run; /* everything is judged, nothing is kept */
    bool keep_good;
    bool explained; /* deficiencies are explained, the resident files all the same */
};

struct csv_problem {
    size_t line;
    const char *column; /* "" = the row */
    const char *reason;
    bool warning; /* the row is taken all the same */
};

struct csv_import_events {
    void *context;
    void (*problem)(void *context, const struct csv_problem *problem);
    /* A heading whose column is not taken in. */
    void (*left_out)(void *context, const char *heading);
    void (*progress)(void *context, long done, long total); /* total 0; may be NULL */
};

struct csv_import_record {
    size_t line;
    char *id, *number;
};

struct csv_import_result {
    char encoding[64];
    long rows, refused; /* rows with a problem */
    bool kept;          /* what is in records is in the journal */
    struct csv_import_record *records;
    size_t count;
};

/* OK also when rows were refused: result tells. Errors are of the file as a whole: E_NOT_FOUND form
 * or file, E_PARSE no CSV or a heading that means nothing, E_DENIED, E_IO ...; nothing is kept then
 * but what keep_good has kept before. The caller frees result in either case. */
enum status csv_import(struct session *session, const struct csv_import *how,
                       const struct csv_import_events *events, struct csv_import_result *result,
                       struct error *err);
void csv_import_result_free(struct csv_import_result *result);

#endif
