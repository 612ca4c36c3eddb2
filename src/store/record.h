/*
 * store/record: reading records: one whole with its history, or rows of many.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/clock.h"
#include "store/merge.h"
#include "store/store.h"

/* A record whole, straight from its events. */
struct record {
    char id[UUID_SIZE];
    char form[48];
    long version; /* newest in force */
    struct merge_event *events;
    size_t event_count;
    int64_t first, last; /* of its events, counted as all events arrived */
    struct merge merge;
};

/* E_NOT_FOUND when no event speaks of it. */
enum status record_load(struct store *store, const char *id, struct record *out, struct error *err);
/* As it stood before one of its events, by hash; E_NOT_FOUND when nothing was before it. */
enum status record_load_before(struct store *store, const char *id, const char *event,
                               struct record *out, struct error *err);
void record_free(struct record *record);
/* E_NOT_FOUND in the words of record_load(). */
enum status record_not_here(const char *id, struct error *err);
/* The value that shows; "" when there is none. */
const char *record_value(const struct record *record, const char *path);
/* 町到達日: the day the town got it (ISO date, "" while that is not known). On the town the day it
 * came in, elsewhere that of the receipt that covers the bundle it went with. */
enum status record_reached_town(struct store *store, const char *id, char out[ISO_DATE_SIZE],
                                struct error *err);
/* Heads of a record as sorted hashes; none for a new one. */
enum status record_heads(struct store *store, const char *id, struct strings *out,
                         struct error *err);

/* How far a record of this place has come on its way to the town. */
enum record_stage { STAGE_NONE, STAGE_UNSENT, STAGE_SENT, STAGE_ARRIVED };

/* The row every record has. */
struct record_row {
    char *record, *form, *receipt_no, *title, *state, *received_on, *received_at, *person, *office,
        *device, *deadline;
    long version;
    bool deficient, conflict, in_force, open;
    enum record_stage stage;
    char *reached; /* 町到達日 as record_reached_town() says it */
    long acts;     /* done with it, its receipt included. Both only where the filter has `times` */
};
struct record_rows {
    struct record_row *items;
    size_t count;
    long total; /* all that match */
};
void record_rows_free(struct record_rows *rows);

/* NULL and 0 ask for nothing. */
struct record_filter {
    const char *record, *form, *state, *person, *device, *receipt_no, *title;
    const char *received_from, *received_to; /* ISO dates, both included */
    const char *entered_on; /* day its first event was written here; narrow by received_... too */
    const char *deadline_to;
    const char *not_form;
    bool numbered; /* has a receipt number */
    bool conflict, open, in_force, deficient;
    bool shared;  /* another record has its number: its device was there twice */
    bool times;   /* no condition: fills `reached` and `acts` */
    bool visible; /* not those of protected people (store/concealed) */
    enum record_stage stage;
    bool newest_first, by_deadline; /* the order; else by receipt */
};
/* limit < 0 = all. Only the total when limit is 0. */
enum status record_query(struct store *store, const struct record_filter *filter, long offset,
                         long limit, struct record_rows *out, struct error *err);

/* Values of a form's records as a table: columns by field name, sorted by one ("-" in front =
 * descending, "" = by arrival); `visible`: without protected people's. `cells` is rows * columns;
 * ids by row. Unknown columns are "". */
struct record_cells {
    char **ids, **cells;
    size_t rows, columns;
    long total;
};
enum status record_table(struct store *store, const char *form, const struct strings *columns,
                         const char *sort, bool visible, long offset, long limit,
                         struct record_cells *out, struct error *err);
/* The row the statement stands at: an id, then a cell for each column. For store/recordset too. */
void record_cells_add(struct record_cells *cells, struct statement *row);
void record_cells_free(struct record_cells *cells);

/* Records of a form in one of the states whose day, the first of the `from` columns that is not
 * empty, is before a date: the longest ago first. Names are those of the form. */
struct record_ages {
    struct record_age {
        char *record, *since; /* ISO date */
    } * items;
    size_t count;
    long total;
};
enum status record_older(struct store *store, const char *form, const struct strings *states,
                         const struct strings *from, const char *before, long offset, long limit,
                         struct record_ages *out, struct error *err);
void record_ages_free(struct record_ages *ages);

/* One field of the newest record in force of a form whose other field has a value; NULL when there
 * is none. The caller frees. key_column may be "record", the id. `visible`: none of protected
 * people. */
char *record_lookup(struct store *store, const char *form, const char *column,
                    const char *key_column, const char *key, bool visible);

/* The record in force with the same value in one field that comes next before a date in another;
 * NULL when there is none. `except` is left out. The caller frees. */
char *record_before(struct store *store, const char *form, const char *same, const char *value,
                    const char *by, const char *before, const char *except, bool visible);

/* Rows of `record` whose newest event of this device is after / not after what was exported. */
enum status record_unsent(struct store *store, bool visible, long *unsent, long *unreceived,
                          struct error *err);

#endif
