/*
 * office/demo_script: the records of the fictitious town, from a file beside its settings
 * (forms/towns/TOWN-demo.yaml). What is written there is data; this only rolls the dice and types.
 *
 *   pools:
 *     family: [桐山/キリヤマ, 霧島田/キリシマダ]
 *   people:                          # as many as asked for, spread over the days
 *     - {form: ..., family_name: "{family.1}", family_kana: "{family.2}"}
 *   start: [...]                     # once, on the first of these days
 *   rounds:                          # before them
 *     - {place: laptop, by: higuchi, ago: 700, keep: yes, records: [{form: ..., times: 3, ...}]}
 *
 * A value may hold {POOL.N}: part N of one row of a pool, the same row throughout a record; {A-B}:
 * a number, as many digits as A has; {day-N}: the day N days before.
 */
#ifndef OFFICE_DEMO_SCRIPT_H
#define OFFICE_DEMO_SCRIPT_H

#include "form/yaml.h"
#include "office/session.h"

struct dice {
    unsigned long seed; /* the same seed gives the same town everywhere */
    const struct yaml *pools;
};

enum status demo_script_load(const char *file, struct yaml **out, struct error *err);
/* Finalises each record of the list, as the session's user and on the day of the clock; what is
 * deficient is explained. An error names the form. */
enum status demo_script_write(struct session *session, const struct yaml *records,
                              struct dice *dice, struct error *err);

#endif
