/*
 * office/demo_internal: what the two halves of the sample town share, its places (demo) and what
 * happened in them (demo_history). Nobody else includes it.
 */
#ifndef OFFICE_DEMO_INTERNAL_H
#define OFFICE_DEMO_INTERNAL_H

#include "office/session.h"
#include "office/setup.h"

/* The directories of the places below the town's, in the order the registry has them. */
enum { DEMO_COUNTERS = 3 };
extern const char *const demo_counters[DEMO_COUNTERS];

enum status demo_enter(const char *dir, const char *login, struct office **office,
                       struct session **session, struct error *err);
void demo_leave(struct office **office, struct session **session);

/* What the script tells, up to the day of `start` (ms). */
enum status demo_history(const struct demo *demo, int64_t start, struct error *err);

#endif
