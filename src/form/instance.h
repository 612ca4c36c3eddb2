/*
 * form/instance: one record of a form while it is filled in (記入): values, rows of repeats, and
 * what the form's expressions make of them.
 *
 * Setting a value re-evaluates only what depends on it. Values are the canonical strings the
 * journal stores (form/answer turns typed text into them). A path is `name` outside repeats
 * (groups do not show), `repeat/<row uuid>/name` inside, nested likewise. Office owns instances.
 */
#ifndef FORM_INSTANCE_H
#define FORM_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "form/definition.h"

struct instance;

/* What a form needs from outside. Function pointers may be NULL: then the answer is blank.
 * Returned strings are freed by the instance; NULL = not known. */
struct form_host {
    void *context;
    const char *language;
    const char *user;   /* login */
    const char *device; /* name */
    int64_t (*now)(void *context);
    void (*new_row)(void *context, char uuid[37]);
    /* param(key) on the date that counts for the record (ISO, may be "" = today) */
    char *(*parameter)(void *context, const char *key, const char *received_on);
    /* ${last-saved#field} */
    char *(*last_saved)(void *context, const char *form, const char *field);
    /* Field of the record a reference points at; label of it when field is NULL */
    char *(*reference)(void *context, const char *form, const char *record, const char *field);
    /* pulldata(table, column, key column, key) */
    char *(*pulldata)(void *context, const char *table, const char *column, const char *key_column,
                      const char *key);
    /* Field of the record before this one (前回), as the form says which that is */
    char *(*previous)(void *context, const struct instance *instance, const struct field *field);
    /* Open days after from up to to, by the calendar of a place ("" = the town's) */
    /* Never negative, but for -1: they cannot be counted. */
    long (*business_days)(void *context, struct date from, struct date to, const char *place);
};

/* The form and the host must outlive it. Empty: no defaults, nothing calculated. */
struct instance *instance_new(const struct form *form, const struct form_host *host);
void instance_free(struct instance **instance);
const struct form *instance_form(const struct instance *instance);

/* Puts a stored value in as it is, without recalculating; rows come to be by their paths
 * (`.alive` = false leaves a row out). E_NOT_FOUND: no such field (left out by the caller). */
enum status instance_load(struct instance *instance, const char *path, const char *value,
                          struct error *err);
/* After instance_new: defaults, then everything calculated. */
void instance_start(struct instance *instance);
/* After the last instance_load: everything evaluated; `recalculate` false leaves stored calculated
 * values alone (finalised records). */
void instance_settle(struct instance *instance, bool recalculate);
/* The day, a parameter or another record may have changed: evaluates again what depends on the
 * world outside. */
void instance_refresh(struct instance *instance);

/* The value, relevant or not; "" when blank or unknown. Borrowed until the next change. */
const char *instance_get(const struct instance *instance, const char *path);
/* Canonical value. E_NOT_FOUND: no such path. Read-only and calculated fields are E_DENIED. */
enum status instance_set(struct instance *instance, const char *path, const char *value,
                         struct error *err);
/* The same for implicit and read-only fields, by the program. */
enum status instance_put(struct instance *instance, const char *path, const char *value,
                         struct error *err);

/* Whether only the program writes the field: it is calculated, implicit, or of a type like start.
 */
bool field_is_made(const struct field *field);
bool instance_relevant(const struct instance *instance, const char *path);
bool instance_required(const struct instance *instance, const char *path);
bool instance_read_only(const struct instance *instance, const char *path);
/* What is wrong with the answer now: required and blank, or constraint broken; NULL when nothing.
 * Irrelevant fields have no problem. Borrowed until the next change. *missing (may be NULL): it is
 * only blank yet. */
const char *instance_problem(const struct instance *instance, const char *path, bool *missing);

/* One line of the form as it stands: every field, group heads, and every row of repeats. */
struct item {
    const struct field *field;
    const char *path; /* of the field; of the row for a row's head; of the group's name */
    const char *row;  /* uuid of the nearest row around it, "" outside repeats */
    int depth;
    bool relevant;
    bool row_head; /* the head of a row of field (a repeat); row is its uuid */
};
/* In order; borrowed until rows or relevance change. */
size_t instance_items(const struct instance *instance, const struct item **items);

/* Rows of a repeat: `path` = `repeat` or `outer/<row>/repeat`. */
size_t instance_row_count(const struct instance *instance, const char *path);
const char *instance_row(const struct instance *instance, const char *path, size_t i);
/* New row at the end, defaults applied. E_LIMIT when repeat_count is reached. */
enum status instance_add_row(struct instance *instance, const char *path, char uuid[37],
                             struct error *err);
/* `path` of the row: `repeat/<row>`. */
enum status instance_copy_row(struct instance *instance, const char *path, char uuid[37],
                              struct error *err);
enum status instance_delete_row(struct instance *instance, const char *path, struct error *err);

/* The choices offered now for a select field (choice_filter applied, removed ones left out). The
 * caller frees *out; the choices are borrowed. */
size_t instance_choices(const struct instance *instance, const char *path,
                        const struct choice *const **out);

/* What is to be stored: relevant values that are not blank, `.alive` of rows, in form order.
 * Irrelevant and blank ones are left out (clearing what was stored before is the caller's diff). */
struct value {
    char *path;
    char *value;
};
struct values {
    struct value *items;
    size_t count, cap;
};
void values_add(struct values *values, const char *path, const char *value);
const char *values_get(const struct values *values, const char *path); /* NULL when not there */
void values_free(struct values *values);
void instance_values(const struct instance *instance, struct values *out);
/* Everything as it stands, irrelevant included: for drafts. */
void instance_all_values(const struct instance *instance, struct values *out);

/* The form's instance_name now; the caller frees. */
char *instance_title(const struct instance *instance);
/* Value of a bound expression as text (label with ${} inside, tests); the caller frees. */
char *instance_evaluate(const struct instance *instance, const struct expression *expression,
                        const char *path);
/* Whether a bound expression is true of the record as it stands. */
bool instance_holds(const struct instance *instance, const struct expression *expression);
/* A label with ${field} filled in; the caller frees. */
char *instance_label(const struct instance *instance, const struct label *label, const char *path);

#endif
