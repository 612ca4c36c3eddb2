/*
 * office/scanning: 連続受付: one code after the other becomes a record, as the part `scan` of a
 * form says. What is the same in all of them is decided once; what is read waits in a row here, so
 * that a scanner may be faster than the disk. No reading is lost: what is not good is told, what
 * somebody has to look at becomes a draft.
 */
#ifndef OFFICE_SCANNING_H
#define OFFICE_SCANNING_H

#include "office/catalogue.h"
#include "office/entry.h"

struct scanning;

enum scan_outcome {
    SCAN_DONE,    /* 受付確定 */
    SCAN_TWICE,   /* it was recorded before; nothing was written */
    SCAN_DRAFT,   /* left as a draft: somebody has to look at it */
    SCAN_REFUSED, /* the code is not good here */
    SCAN_SET,     /* the paper of what stays the same, which is this from now on */
    SCAN_OUTCOMES
};

/* 受付、記録済み、… in the language of the user. */
const char *scan_outcome_text(enum scan_outcome outcome);

struct scan_result {
    enum scan_outcome outcome;
    char *title;     /* whose, or of what; "" when unknown or not to be told */
    char *text;      /* number of the record, or the reason */
    char record[37]; /* id of the record or draft, "" when there is none */
};
void scan_result_free(struct scan_result *result);

/* Forms that have the part; about: only those in which this record may be what stays the same, NULL
 * = all. */
enum status scanning_forms(struct session *session, const char *about, struct form_rows *out,
                           struct error *err);
/* about: a record that stays the same, or NULL. */
enum status scanning_new(struct session *session, const char *form_id, const char *about,
                         struct scanning **out, struct error *err);
void scanning_free(struct scanning **scanning);

/* Holds what stays the same, in the fields that scan->keeps names; it is never a record itself. */
struct entry *scanning_same(struct scanning *scanning);
/* What is still wrong with it: until that is mended, codes wait. NULL: nothing. Borrowed until the
 * next change. */
const char *scanning_lacks(struct scanning *scanning);

/* A code was read. */
void scanning_push(struct scanning *scanning, const char *text);
size_t scanning_waiting(const struct scanning *scanning);
/* Works on the next one that can be; false when there is none. all: also on those that wait for
 * what is lacking, which then become drafts. */
bool scanning_step(struct scanning *scanning, bool all, struct scan_result *out);
/* How many had this outcome. */
size_t scanning_count(const struct scanning *scanning, enum scan_outcome outcome);

#endif
