#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/xmem.h"

double measure_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void samples_add(struct samples *s, double value)
{
    s->items = xroom(s->items, s->count, sizeof *s->items);
    s->items[s->count++] = value;
}

void samples_free(struct samples *s)
{
    xfree(&s->items);
    s->count = 0;
}

long measure_memory(const char *line)
{
    char text[256], format[64];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    snprintf(format, sizeof format, "%s: %%ld", line);
    while (file && fgets(text, sizeof text, file))
        if (sscanf(text, format, &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

void measure_memory_forget(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file)
        return;
    fputs("5", file);
    fclose(file);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double samples_quantile(struct samples *s, double q)
{
    if (!s->count)
        return 0;
    qsort(s->items, s->count, sizeof *s->items, by_size);
    size_t at = (size_t)(q * (double)s->count);
    return s->items[at < s->count ? at : s->count - 1];
}

double samples_mean(const struct samples *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += s->items[i];
    return s->count ? sum / (double)s->count : 0;
}

void report(const char *name, double value)
{
    printf("%s\t%.4f\n", name, value);
    fflush(stdout);
}

void report_samples(const char *name, struct samples *s)
{
    static const struct {
        const char *name;
        double q;
    } quantiles[] = {{"p50", 0.5}, {"p95", 0.95}};
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        char *full = xasprintf("%s.%s", name, quantiles[i].name);
        report(full, samples_quantile(s, quantiles[i].q));
        xfree(&full);
    }
}

void must(enum status st, const struct error *err)
{
    if (st)
        die("%s", error_text(err));
}

void die(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

long number_from(const char *variable, long otherwise)
{
    const char *text = getenv(variable);
    return text && *text ? strtol(text, NULL, 10) : otherwise;
}
