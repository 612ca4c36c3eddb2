/*
 * store/holidays: the national holidays (国民の祝日・休日) known here, taken in from the Cabinet
 * Office's file. Local to the data directory, like the postcodes: no event of any record.
 */
#ifndef STORE_HOLIDAYS_H
#define STORE_HOLIDAYS_H

#include "base/clock.h"
#include "store/store.h"

struct holiday {
    struct date day;
    char *name;
};

struct holidays {
    struct holiday *items; /* by day */
    size_t count;
};

void holidays_add(struct holidays *list, struct date day, const char *name);
void holidays_free(struct holidays *list);

/* The years from the first to the last day of the list become as the list has them, all or none;
 * other years stay. Names are stored as they are. */
enum status holidays_replace(struct store *store, const struct holidays *list, struct error *err);
/* Those from first to last, both counted in. */
enum status holidays_between(struct store *store, struct date first, struct date last,
                             struct holidays *out, struct error *err);
/* Every year up to this one is known; 0 when nothing was taken in. */
int holidays_last_year(struct store *store);

#endif
