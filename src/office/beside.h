/*
 * office/beside: a record set beside what stood before it (前の版と今): field by field, for the
 * review. Before it is what it was before its newest correction or renewal; else the record before
 * it, as the form says which that is (前回); else the same person's last record of the form.
 */
#ifndef OFFICE_BESIDE_H
#define OFFICE_BESIDE_H

#include "office/session.h"

struct beside_row {
    char *section, *label;
    char *before, *now; /* as shown; "" = blank */
    bool changed;
};
struct beside {
    char *
        what; /* "訂正（職員誤記）の前", "前回の記録 令9-..."; "" when there is nothing before it */
    struct beside_row *items;
    size_t count, changed;
};

/* Writes no `read` event: whoever looks has the record open. whole: also the address and the
 * telephone of a protected person. */
enum status beside_load(struct session *session, const char *record, bool whole, struct beside *out,
                        struct error *err);
/* Two people beside each other: a as what stood before, b as now. Writes a `read` event of each. */
enum status beside_people(struct session *session, const char *a, const char *b, struct beside *out,
                          struct error *err);
void beside_free(struct beside *beside);

#endif
