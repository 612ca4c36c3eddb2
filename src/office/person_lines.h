/*
 * office/person_lines: what a person's records say on the person's page (期日・他団体の登録): the
 * lines their forms declare (`person_page`), what was asked of the person by a day, and the clocks
 * that run.
 */
#ifndef OFFICE_PERSON_LINES_H
#define OFFICE_PERSON_LINES_H

#include "office/session.h"

struct person_fact {
    char *record, *number; /* receipt number */
    char *label, *text;    /* "有効期限", "令和10年5月9日（火）（あと30日）" */
    char *day;             /* ISO, "" = it is none */
};
struct person_facts {
    struct person_fact *items; /* days first, the earliest before the others */
    size_t count;
};

/* Of one record; those of others stay. */
enum status person_facts_add(struct session *session, const char *record, struct person_facts *out,
                             struct error *err);
void person_facts_sort(struct person_facts *list);
void person_facts_free(struct person_facts *list);

#endif
