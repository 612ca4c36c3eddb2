/*
 * form/evaluate: runs a bound expression over an instance, with the typing of XLSForm's engines:
 * dates compare as dates and subtract as days, blank is '' and number('') is NaN, answers that are
 * not relevant are absent. The instance and form/functions call it.
 */
#ifndef FORM_EVALUATE_H
#define FORM_EVALUATE_H

#include <stdint.h>

#include "base/clock.h"
#include "form/expression_tree.h"
#include "form/instance.h"

enum result_kind { RESULT_STRING, RESULT_NUMBER, RESULT_BOOLEAN, RESULT_DATE, RESULT_NODES };

/* A value; whoever gets one frees it. */
struct result {
    enum result_kind kind;
    bool boolean;
    bool time;            /* the date has a time of day */
    double number;        /* of a date: days since 1970-01-01, office time */
    char *text;           /* of a string; NULL = "" */
    struct result *nodes; /* of several rows */
    size_t count;
};

struct row;
/* Where an expression stands. */
struct scope {
    const struct instance *instance;
    const struct row *row;
    const struct field *self;    /* NULL: the form */
    const struct choice *choice; /* inside a choice_filter */
};

struct result evaluate(const struct expression *expression, const struct scope *scope);
struct result evaluate_node(const struct node *node, const struct scope *scope);
bool evaluate_boolean(const struct expression *expression, const struct scope *scope);

void result_free(struct result *result);
struct result result_text(const char *text);
struct result result_take(char *text); /* owns it from now on */
struct result result_number(double number);
struct result result_boolean(bool boolean);
struct result result_date(double days, bool time);

/* Several rows count as their first, none as blank. */
bool to_boolean(const struct result *result);
double to_number(const struct result *result);
char *to_text(const struct result *result); /* the caller frees */
bool to_date(const struct result *result, struct date *out);
bool to_days(const struct result *result, double *days, bool *time);
bool is_blank(const struct result *result);

/* A stored value as the type of its field has it. */
struct result result_stored(const struct field *field, const char *value);
/* What is stored in the field for a result; the caller frees. */
char *result_store(const struct field *field, const struct result *result);
/* Without exponent; "NaN" and "Infinity" as XPath has them. The caller frees. */
char *number_text(double number);
double number_of_text(const char *text);
int64_t days_ms(double days);
double ms_days(int64_t ms);

#endif
