/*
 * office/report: 帳票・集計. A report is a form with the part `report`: its fields are the
 * parameters, its SQL makes a table of what rules may read. The counter's screen and the command
 * `report` run it; nobody enters one as a record.
 */
#ifndef OFFICE_REPORT_H
#define OFFICE_REPORT_H

#include "base/buffer.h"
#include "office/catalogue.h"
#include "office/session.h"

/* One thing a report asks: its first one is the period. */
struct report_ask {
    char *name, *label;
    char *value; /* the default, as one would type it */
};
struct report_asks {
    struct report_ask *items;
    size_t count;
};

struct report_result {
    char *id, *title;
    char *about; /* "年度: 2026", the answers it was made for; "" when it asks nothing */
    char *note;  /* "" when it has none */
    const struct report *report;
    struct strings titles;  /* one for each column */
    struct strings cells;   /* rows * columns, as they are stored */
    struct strings shown;   /* the same, as they are read */
    struct strings records; /* ids of what the rows are of, where the SQL has a column `record` */
    size_t rows;
};

/* The reports of the registry; free with form_rows_free(). */
enum status report_list(struct session *session, struct form_rows *out, struct error *err);
enum status report_parameters(struct session *session, const char *id, struct report_asks *out,
                              struct error *err);
void report_asks_free(struct report_asks *asks);

/* values: "name=typed" in any spelling of the counter, a year also as R8; `period`, when it is not
 * NULL, is the answer to the first question. E_NOT_FOUND: no such report or question. */
enum status report_run(struct session *session, const char *id, const char *period,
                       const struct strings *values, struct report_result *out, struct error *err);
void report_result_free(struct report_result *result);

/* Table with totals, chart and note. `page`: on paper, where it is as wide as that; else a row is a
 * line. */
void report_text(const struct report_result *result, bool page, struct buffer *out);
/* Header of titles, a row for each row, values as they are read; what looks like a formula is
 * guarded as everywhere. The journal has first who took it out (`read`, as in csv_export). */
enum status report_csv(struct session *session, const struct report_result *result,
                       struct buffer *out, struct error *err);
/* The text into print/, printed where a command is set. */
enum status report_print(struct session *session, const struct report_result *result,
                         char path[256], struct error *err);

#endif
