/*
 * office/comparison: a record beside the one before it (前回との比較): what stood there last time and
 * how much it has changed. Which record that is the form says (`previous` of its settings). For the
 * entry screen, the record screen and reports.
 */
#ifndef OFFICE_COMPARISON_H
#define OFFICE_COMPARISON_H

#include "office/office_internal.h"

struct comparison {
    char *record;       /* of the previous one; "" when there is none */
    struct record last; /* loaded when there is one */
};

/* Finds the previous record of the one in the instance; `record` is its id. Only the first call, and
 * one after which it is another record, costs a loading. */
enum status comparison_find(struct comparison *comparison, struct host *host,
                            const struct instance *instance, const char *record, struct error *err);
void comparison_free(struct comparison *comparison);

/* "-9 (-17.6%)", "増減なし", of an appearance `percent` "+7.4pt", of what is no number "同じ" or "変更".
 * 比較不能 when one of the two is not there: that is never 0. "" when both are not. The caller
 * frees. */
char *comparison_change(const struct field *field, const char *before, const char *now);
/* "前回 51  -9 (-17.6%)" for a field; NULL where there is nothing to compare. The caller frees. */
char *comparison_text(const struct comparison *comparison, struct host *host,
                      const struct instance *instance, const struct field *field);

#endif
