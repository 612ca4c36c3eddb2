/*
 * measure: what the measuring programs share: a clock, samples, and the one way of giving results.
 * A result is a line "name<TAB>value" on standard output; `run` makes the table of them.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stddef.h>

#include "base/status.h"

struct samples {
    double *items;
    size_t count;
};

/* Milliseconds of a clock that only goes forward. */
double measure_now(void);
void samples_add(struct samples *s, double value);
void samples_free(struct samples *s);
/* 0.5 is the median; 0 without samples. Sorts them. */
double samples_quantile(struct samples *s, double q);
double samples_mean(const struct samples *s);

/* KiB of a line of /proc/self/status (VmRSS, VmHWM); 0 when there is none. */
long measure_memory(const char *line);
/* From now on VmHWM counts again. */
void measure_memory_forget(void);

void report(const char *name, double value);
/* NAME.p50 and NAME.p95 */
void report_samples(const char *name, struct samples *s);

/* Ends the program with a message: a figure of something that failed is none. */
void must(enum status st, const struct error *err);
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* A number from the environment, `otherwise` when it is not set. */
long number_from(const char *variable, long otherwise);

#endif
