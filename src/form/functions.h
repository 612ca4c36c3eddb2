/*
 * form/functions: the functions an expression may call: one table. form/expression looks names up
 * in it, form/evaluate calls through it.
 */
#ifndef FORM_FUNCTIONS_H
#define FORM_FUNCTIONS_H

#include "form/evaluate.h"

struct call {
    const struct node *node;
    const struct scope *scope;
};

struct function {
    const char *name;
    size_t least, most; /* arguments */
    bool outside;       /* its value may change though no answer did */
    struct result (*run)(const struct call *call);
};

#define ANY_NUMBER 1000

/* NULL when there is none. */
const struct function *function_find(const char *name);
const char *function_nearest(const char *name);
/* Why a function that ODK documents is not among ours; NULL for any other name. */
const char *function_lacking(const char *name);
/* Whether it is ODK's too; those of ours besides do not run on a tablet. */
bool function_in_odk(const char *name);

/* Argument i evaluated; "" or NaN or false when it is left out. */
struct result call_value(const struct call *call, size_t i);
char *call_text(const struct call *call, size_t i);
double call_number(const struct call *call, size_t i);
bool call_boolean(const struct call *call, size_t i);
bool call_date(const struct call *call, size_t i, struct date *out);

#endif
