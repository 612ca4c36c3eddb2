/*
 * office/recordview: a finalised record as somebody reads it: labelled values by section, history,
 * conflicts, findings stored with it. For the record screen, `record show` and the review.
 */
#ifndef OFFICE_RECORDVIEW_H
#define OFFICE_RECORDVIEW_H

#include "office/session.h"

struct view_line {
    char *section;
    char *label; /* "" for a heading of a repeat row */
    char *value; /* display text */
    char *path;
    char *before; /* value in the version before (review), NULL when unchanged or unknown */
    char
        *compared; /* "前回 51  -9 (-17.6%)" beside the previous record; NULL: nothing to compare */
    bool conflict;
};

struct view_event {
    char *at; /* 和暦 and time */
    char *who;
    char *place;
    char *what; /* 受付確定, 訂正（職員誤記）... */
    char *reason;
    char *changes; /* "住所: 旧 → 新" lines */
};

struct record_view {
    char *id;
    char *form_id;
    char *form_title;
    char *receipt_no;
    char *title;
    char *state; /* label */
    char *stage;
    char *person;
    bool deficient;
    bool conflict;
    bool carded;   /* it may be given out as a paper with a QR code (office/card) */
    bool compares; /* the form knows a record before it (前回) */
    bool withheld; /* something is not shown because the person is protected */
    struct view_line *lines;
    size_t line_count;
    struct view_event *events;
    size_t event_count;
    char **notes; /* deficiencies received with it, decision, validity: one sentence each */
    size_t note_count;
    size_t due_count; /* of the notes the last so many are 期限 */
};

/* Writes a `read` event unless the reader is the office's own maintenance. whole: also the address
 * and the telephone of a protected person (閲覧制限). */
enum status record_view_load(struct session *session, const char *record, bool whole,
                             struct record_view *out, struct error *err);
void record_view_free(struct record_view *view);

/* A list of a form's records, as they are shown, sorted as the form's `list:` says. */
struct record_table {
    char **names;  /* field names */
    char **titles; /* labels */
    size_t columns;
    char **cells; /* rows * columns */
    char **ids;
    size_t rows;
};
/* where: see recordset_open(), NULL = all; columns: names or labels of fields, NULL = those of
 * `list:`. */
enum status record_table_load(struct session *session, const char *form_id, const char *where,
                              const struct strings *columns, struct record_table *out,
                              struct error *err);
void record_table_free(struct record_table *table);

#endif
