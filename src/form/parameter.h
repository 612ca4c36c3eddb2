/*
 * form/parameter: numbers and choices set by a town's ordinance (町の設定値), typed, bounded, each
 * value with its first day in force (施行日). The file is forms/towns/TOWN.yaml; the registry
 * carries its text.
 *
 *   town: {name: 奥霧町, code: "380007", prefecture: 瀬田川県, ...}
 *   parameters:
 *     premium.min_activities:
 *       label: 担い手活動の回数（年）
 *       type: integer            # integer | decimal | boolean | text | choice | date |
 *                                # closed_days | hours (text/calendar)
 *       min: 0
 *       max: 365
 *       at: filing               # filing 申請日 | decision 決定日
 *       article: 要綱第4条        # or source: L5864
 *       values: [{from: 2026-04-01, is: 3}]
 */
#ifndef FORM_PARAMETER_H
#define FORM_PARAMETER_H

#include "base/clock.h"
#include "form/definition.h"

/* Which day's value counts for a record. */
enum parameter_day { AT_FILING, AT_DECISION, AT_TODAY };

struct parameter {
    char *key;
    struct label label;
    char *type;
    char *article;
    enum parameter_day at;
    struct strings choices;
    struct parameter_value {
        struct date from;
        char *value;
    } * values; /* by date */
    size_t count;
};

struct town_profile {
    struct strings facts; /* key, value: name, code, prefecture ... of `town:` */
    struct parameter *items;
    size_t count;
};

enum status town_profile_load(const char *text, const char *file, struct town_profile **out,
                              struct error *err);
void town_profile_free(struct town_profile **profile);
const char *town_profile_fact(const struct town_profile *profile, const char *key); /* or NULL */
const struct parameter *town_profile_parameter(const struct town_profile *profile, const char *key);
/* Value in force on a day; NULL when there is none yet or no such key. Borrowed. */
const char *town_profile_value(const struct town_profile *profile, const char *key, struct date on);
/* A value that is a number of days, years or times: digits and nothing else, up to `most`. false,
 * and *out as it was, for anything else and for NULL. */
bool town_profile_whole(const char *value, long most, long *out);
/* The text with one more value of a key, for `town set`; E_INVALID when out of bounds. The caller
 * frees *text. */
enum status town_profile_set(const char *text, const char *key, const char *value, struct date from,
                             char **out, struct error *err);

/* The text with those parameters of another that it does not have, as they stand there; their keys
 * are added to `keys`. What is there stays. Those of one place (calendar.closed.霧沢) are left out.
 * *out is NULL when nothing is missing; the caller frees it. */
enum status town_profile_complete(const char *text, const char *other, const char *file,
                                  struct strings *keys, char **out, struct error *err);

#endif
