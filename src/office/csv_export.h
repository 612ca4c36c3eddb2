/*
 * office/csv_export: records of a form as a CSV file for another system: one header row, a record a
 * line, in any encoding. A letter that the encoding lacks stops its row unless the caller has asked
 * for the town's substitution table, 〓, or to leave the row out; each is reported, none replaced
 * silently. A field that was taken in from a file and not changed since goes out with the bytes it
 * came in. The journal notes who took out which records.
 */
#ifndef OFFICE_CSV_EXPORT_H
#define OFFICE_CSV_EXPORT_H

#include "base/strings.h"
#include "office/session.h"

struct csv_export {
    const char *form;
    const char *where;             /* as in recordset_open(), or NULL */
    const struct strings *columns; /* headings; NULL = id, number, day, state and all own fields */
    const char *encoding;          /* NULL = UTF-8 */
    bool mark;                     /* a byte-order mark (UTF-8 only) */
    bool labels;                   /* headings and values as people read them */
    /* For a letter the encoding lacks, tried in this order: */
    bool substitute; /* the town's table */
    bool geta;       /* 〓 */
    bool skip;       /* leave the row out, on purpose */
};

/* One letter that the encoding lacks. */
struct csv_loss {
    const char *record, *receipt_no, *column;
    const char *letter, *codes; /* "𠮷", "U+20BB7" */
    const char *written;        /* what stands for it; NULL: the row is not in the file */
    bool skipped;               /* it was left out as asked */
};

struct csv_export_events {
    void *context;
    /* The next bytes of the file. */
    enum status (*write)(void *context, const void *data, size_t len, struct error *err);
    void (*loss)(void *context, const struct csv_loss *loss);
    void (*progress)(void *context, long done, long total); /* may be NULL */
};

struct csv_export_result {
    long written, skipped, stopped; /* rows */
};

/* OK also when rows were stopped: result tells. E_NOT_FOUND for a form or column, E_PARSE for
 * where, E_UNSUPPORTED for an encoding. */
enum status csv_export(struct session *session, const struct csv_export *how,
                       const struct csv_export_events *events, struct csv_export_result *result,
                       struct error *err);

#endif
