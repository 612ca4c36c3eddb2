/*
 * office/dispose: forgetting records for good (廃棄). The town orders it when their time of keeping
 * is over; every place that has them does it and says so.
 */
#ifndef OFFICE_DISPOSE_H
#define OFFICE_DISPOSE_H

#include "base/strings.h"
#include "office/session.h"

/* Town, an administrator: values, history and files of the records go, here at once and elsewhere
 * with the next bundles. Headers stay. With somebody's last record goes the person. Refused (E_RULE) while something of a record is held or
 * still to be done. `done` counts; what was disposed of before a refusal stays disposed of. */
enum status dispose_records(struct session *session, const struct strings *records,
                            const char *reason, size_t *done, struct error *err);

struct disposal_row {
    char *record;
    char *form_title;
    char *at; /* 和暦 */
    char *who;
    char *reason;
    char *gone_on; /* ISO date: the last backup that may still hold it is gone */
    char *done_at; /* places that have done it; here, and where it was acknowledged */
    char *open_at; /* places that may have it and have said nothing */
};
struct disposal_rows {
    struct disposal_row *items;
    size_t count;
};
enum status dispose_rows(struct session *session, struct disposal_rows *out, struct error *err);
void disposal_rows_free(struct disposal_rows *list);

/* After bundles were taken in: does what the town ordered (drafts, free pages) and writes the event
 * that tells it so. Nothing when there is nothing. */
enum status dispose_carry_out(struct session *session, struct error *err);

#endif
