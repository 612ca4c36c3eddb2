/*
 * form/expression: the expressions of XLSForm (XPath 1.0 operators, ODK functions, ${field}).
 *
 * Parsed once into a small tree and bound to the fields of a form; form/evaluate runs it over an
 * instance. Loader and instance call it.
 */
#ifndef FORM_EXPRESSION_H
#define FORM_EXPRESSION_H

#include "form/definition.h"

struct expression;

/* file, line and column say where the text stands; errors count columns from there. E_PARSE. */
enum status expression_parse(const char *text, const char *file, size_t line, size_t column,
                             struct expression **out, struct error *err);
/* It stands in a cell of a sheet: mistakes found later name the cell, no letter of it. */
void expression_in_cell(struct expression *expression);
void expression_free(struct expression **expression);

/* Resolves the names against the form as seen from `self` (NULL = from the form itself). Unknown
 * names are refused with the nearest one, at the place of the name. */
enum status expression_bind(struct expression *expression, const struct form *form,
                            const struct field *self, struct error *err);
/* Indexes (form->fields) of the fields it reads, `.` included. Borrowed. After binding. */
size_t expression_reads(const struct expression *expression, const size_t **indexes);
/* True when today(), now(), param() or a host lookup is in it: its value may change by itself. */
bool expression_volatile(const struct expression *expression);

#endif
