/*
 * form/dependency: which field is to be evaluated after which, and what a change touches. Made
 * once for a form; the loader asks for cycles, the instance works by it.
 */
#ifndef FORM_DEPENDENCY_H
#define FORM_DEPENDENCY_H

#include "form/definition.h"

/* Indexes into form->fields. */
struct index_list {
    size_t *items;
    size_t count, cap;
};

struct dependency {
    struct index_list order;        /* every field, each after what its value comes from */
    struct index_list *values;      /* whose calculation, relevance or rows read field i */
    struct index_list *triggers;    /* whose calculation is made when field i changes */
    struct index_list *leaves;      /* whose constraint, required ... read field i */
    struct index_list outside;      /* value changes with the world outside */
    struct index_list outside_leaf; /* the same for constraint, required ... */
    size_t count;
};

/* All expressions of the form must be bound. Fields of a cycle come last, in the file's order. */
struct dependency *dependency_new(const struct form *form);
void dependency_free(struct dependency **dependency);
/* E_PARSE names the fields of a cycle: 「a → b → a」; the place is left to the caller, who finds
 * the first of them in *field (may be NULL). */
enum status dependency_check(const struct form *form, const struct field **field,
                             struct error *err);

#endif
