/*
 * form/functions_internal: the table of functions, shared by the files that hold their bodies.
 */
#ifndef FORM_FUNCTIONS_INTERNAL_H
#define FORM_FUNCTIONS_INTERNAL_H

#include "form/functions.h"

/* body, name, least and most arguments, may change though no answer did */
#define FUNCTION_LIST(X)                                                       \
    /* functions.c */                                                          \
    X(function_if, "if", 3, 3, false)                                          \
    X(function_coalesce, "coalesce", 2, ANY_NUMBER, false)                     \
    X(function_not, "not", 1, 1, false)                                        \
    X(function_true, "true", 0, 0, false)                                      \
    X(function_false, "false", 0, 0, false)                                    \
    X(function_boolean, "boolean", 1, 1, false)                                \
    X(function_boolean_from_string, "boolean-from-string", 1, 1, false)        \
    X(function_checklist, "checklist", 3, ANY_NUMBER, false)                   \
    X(function_weighted_checklist, "weighted-checklist", 4, ANY_NUMBER, false) \
    X(function_once, "once", 1, 1, false)                                      \
    X(function_count, "count", 1, 1, false)                                    \
    X(function_count_non_empty, "count-non-empty", 1, 1, false)                \
    X(function_sum, "sum", 1, ANY_NUMBER, false)                               \
    X(function_min, "min", 1, ANY_NUMBER, false)                               \
    X(function_max, "max", 1, ANY_NUMBER, false)                               \
    X(function_position, "position", 0, 1, false)                              \
    X(function_indexed_repeat, "indexed-repeat", 3, 7, false)                  \
    X(function_param, "param", 1, 1, true)                                     \
    X(function_lookup, "lookup", 2, 2, true)                                   \
    X(function_pulldata, "pulldata", 4, 4, true)                               \
    X(function_previous, "previous", 1, 1, true)                               \
    X(function_version, "version", 0, 0, false)                                \
    X(function_uuid, "uuid", 0, 1, false)                                      \
    X(function_choice_name, "jr:choice-name", 2, 2, false)                     \
    /* functions_number.c */                                                   \
    X(function_number, "number", 1, 1, false)                                  \
    X(function_int, "int", 1, 1, false)                                        \
    X(function_round, "round", 1, 2, false)                                    \
    X(function_floor, "floor", 1, 1, false)                                    \
    X(function_ceiling, "ceiling", 1, 1, false)                                \
    X(function_abs, "abs", 1, 1, false)                                        \
    X(function_pow, "pow", 2, 2, false)                                        \
    X(function_sqrt, "sqrt", 1, 1, false)                                      \
    X(function_exp, "exp", 1, 1, false)                                        \
    X(function_exp10, "exp10", 1, 1, false)                                    \
    X(function_log, "log", 1, 1, false)                                        \
    X(function_log10, "log10", 1, 1, false)                                    \
    X(function_sin, "sin", 1, 1, false)                                        \
    X(function_cos, "cos", 1, 1, false)                                        \
    X(function_tan, "tan", 1, 1, false)                                        \
    X(function_asin, "asin", 1, 1, false)                                      \
    X(function_acos, "acos", 1, 1, false)                                      \
    X(function_atan, "atan", 1, 1, false)                                      \
    X(function_atan2, "atan2", 2, 2, false)                                    \
    X(function_pi, "pi", 0, 0, false)                                          \
    X(function_random, "random", 0, 0, false)                                  \
    X(function_distance, "distance", 1, ANY_NUMBER, false)                     \
    X(function_area, "area", 1, 1, false)                                      \
    X(function_area, "enclosed-area", 1, 1, false)                             \
    X(function_geofence, "geofence", 2, 2, false)                              \
    /* functions_text.c */                                                     \
    X(function_string, "string", 1, 1, false)                                  \
    X(function_string_length, "string-length", 0, 1, false)                    \
    X(function_normalize_space, "normalize-space", 0, 1, false)                \
    X(function_substr, "substr", 2, 3, false)                                  \
    X(function_substring, "substring", 2, 3, false)                            \
    X(function_substring_before, "substring-before", 2, 2, false)              \
    X(function_substring_after, "substring-after", 2, 2, false)                \
    X(function_contains, "contains", 2, 2, false)                              \
    X(function_starts_with, "starts-with", 2, 2, false)                        \
    X(function_ends_with, "ends-with", 2, 2, false)                            \
    X(function_concat, "concat", 1, ANY_NUMBER, false)                         \
    X(function_join, "join", 2, ANY_NUMBER, false)                             \
    X(function_translate, "translate", 3, 3, false)                            \
    X(function_regex, "regex", 2, 2, false)                                    \
    X(function_base64_decode, "base64-decode", 1, 1, false)                    \
    X(function_selected, "selected", 2, 2, false)                              \
    X(function_selected, "is-selected", 2, 2, false)                           \
    X(function_selected_at, "selected-at", 2, 2, false)                        \
    X(function_count_selected, "count-selected", 1, 1, false)                  \
    X(function_kana, "kana", 1, 1, false)                                      \
    /* functions_date.c */                                                     \
    X(function_today, "today", 0, 0, true)                                     \
    X(function_now, "now", 0, 0, true)                                         \
    X(function_date, "date", 1, 1, false)                                      \
    X(function_date_time, "date-time", 1, 1, false)                            \
    X(function_decimal_date_time, "decimal-date-time", 1, 1, false)            \
    X(function_decimal_time, "decimal-time", 1, 1, false)                      \
    X(function_format_date, "format-date", 2, 2, false)                        \
    X(function_format_date_time, "format-date-time", 2, 2, false)              \
    X(function_age_at, "age-at", 2, 2, false)                                  \
    X(function_fiscal_year, "fiscal-year", 1, 1, false)                        \
    X(function_wareki, "wareki", 1, 1, false)                                  \
    X(function_add_years, "add-years", 2, 2, false)                            \
    X(function_business_days, "business-days", 2, 3, true)

#define FUNCTION_DECLARE(body, name, least, most, outside) \
    struct result body(const struct call *call);
FUNCTION_LIST(FUNCTION_DECLARE)
#undef FUNCTION_DECLARE

/* From 0 up to, not including, 1. */
double random_fraction(void);

/* One value after the other: arguments from `first` on, each row of those that have several. */
struct each {
    const struct call *call;
    size_t arg, node;
    struct result value; /* of the argument at hand */
    bool open;
};
struct each each_start(const struct call *call, size_t first);
/* NULL at the end; borrowed until the next call. */
const struct result *each_next(struct each *each);

#endif
