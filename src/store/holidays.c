#include "store/holidays.h"

#include "base/xmem.h"
#include "store/store_internal.h"

void holidays_add(struct holidays *list, struct date day, const char *name)
{
    list->items = xroom(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = (struct holiday){day, xstrdup(name)};
}

void holidays_free(struct holidays *list)
{
    for (size_t i = 0; i < list->count; i++)
        xfree(&list->items[i].name);
    xfree(&list->items);
    list->count = 0;
}

struct replacing {
    struct store *store;
    const struct holidays *list;
};

static enum status replace(void *context, struct error *err)
{
    struct replacing *r = context;
    struct database *db = store_database(r->store);
    char first[ISO_DATE_SIZE], last[ISO_DATE_SIZE], day[ISO_DATE_SIZE];
    int from = 9999, to = 0;
    for (size_t i = 0; i < r->list->count; i++) {
        int year = r->list->items[i].day.year;
        from = year < from ? year : from;
        to = year > to ? year : to;
    }
    iso_date(first, (struct date){from, 1, 1});
    iso_date(last, (struct date){to, 12, 31});
    enum status st =
        database_run(db, err, "DELETE FROM holiday WHERE day BETWEEN ? AND ?", "tt", first, last);
    for (size_t i = 0; !st && i < r->list->count; i++) {
        iso_date(day, r->list->items[i].day);
        st = database_run(db, err, "INSERT INTO holiday(day,name) VALUES(?,?)", "tt", day,
                          r->list->items[i].name);
    }
    return st;
}

enum status holidays_replace(struct store *store, const struct holidays *list, struct error *err)
{
    struct replacing r = {store, list};
    return database_transaction(store_database(store), replace, &r, err);
}

enum status holidays_between(struct store *store, struct date first, struct date last,
                             struct holidays *out, struct error *err)
{
    struct statement *rows;
    char from[ISO_DATE_SIZE], to[ISO_DATE_SIZE];
    *out = (struct holidays){0};
    iso_date(from, first);
    iso_date(to, last);
    enum status st = database_query(store_database(store), err, &rows,
                                    "SELECT day,name FROM holiday WHERE day BETWEEN ? AND ?"
                                    " ORDER BY day",
                                    "tt", from, to);
    if (st)
        return st;
    while (statement_next(rows, &st, err)) {
        struct date day;
        if (iso_date_parse(&day, statement_text(rows, 0)))
            holidays_add(out, day, statement_text(rows, 1));
    }
    statement_close(&rows);
    if (st)
        holidays_free(out);
    return st;
}

int holidays_last_year(struct store *store)
{
    int64_t year = 0;
    if (database_int(store_database(store), NULL, &year,
                     "SELECT CAST(substr(max(day),1,4) AS INTEGER) FROM holiday", ""))
        return 0;
    return (int)year;
}
