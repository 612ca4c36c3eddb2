#include "store/numbers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/registry.h"
#include "store/store.h"
#include "text/era.h"

/* Weighted sum of the digits and of the series' bytes, so that a number of another series does not
 * pass either. */
static int check_digit(const char *series, long number)
{
    static const int weights[] = {2, 3, 5, 7, 11};
    unsigned sum = 0;
    for (const unsigned char *p = (const unsigned char *)series; *p; p++)
        sum = (sum * 3 + *p) % 997;
    for (int i = 0; i < 5; i++, number /= 10)
        sum += (unsigned)(number % 10) * (unsigned)weights[i];
    return (int)(sum % 11 % 10);
}

/* "令8-霧沢-FP": the fiscal year by the era in force on its first day. */
static void make_series(char *out, size_t size, struct date received_on, const char *brief,
                        const char *code)
{
    char day[ERA_TEXT_SIZE];
    era_format_kanji_short(day, sizeof day, (struct date){fiscal_year(received_on), 4, 1});
    char *dot = strchr(day, '.');
    if (dot)
        *dot = '\0';
    snprintf(out, size, "%s-%s-%s", day, brief, code);
}

bool numbers_parse(const char *text, struct receipt_number *out)
{
    const char *check = strrchr(text, '-'), *number = check;
    while (number > text && number[-1] != '-')
        number--;
    size_t digits = check ? (size_t)(check - number) : 0;
    if (digits != 5 || number == text || strlen(check) != 2 || !isdigit((unsigned char)check[1]) ||
        strspn(number, "0123456789") != 5 || (size_t)(number - text) > sizeof out->series)
        return false;
    snprintf(out->series, sizeof out->series, "%.*s", (int)(number - text - 1), text);
    out->number = strtol(number, NULL, 10);
    out->check = check[1] - '0';
    return out->number > 0 && out->check == check_digit(out->series, out->number);
}

static enum status next_free(struct store *store, const struct registry_blocks *blocks,
                             const char *device, const char *brief, const char *series, long *out,
                             struct error *err)
{
    for (size_t i = 0; i < blocks->count; i++) {
        const struct registry_block *b = &blocks->items[i];
        int64_t top;
        if (strcmp(b->brief, brief) != 0)
            continue;
        enum status st = database_int(store_database(store), err, &top,
                                      "SELECT max(number) FROM number WHERE series=? AND number>=?"
                                      " AND number<=?",
                                      "tii", series, (int64_t)b->first, (int64_t)b->last);
        if (st)
            return st;
        *out = top ? (long)top + 1 : b->first;
        if (*out <= b->last)
            return OK;
    }
    return error_set(err, E_LIMIT,
                     _("この端末の番号の枠を使い切りました。町の管理者に次の枠を頼んでください"
                       "（町で key numbers %.16s、それから送付便か key accept）"),
                     device);
}

enum status numbers_take(struct store *store, struct registry *registry, const char *device,
                         const char *code, struct date received_on, const char *record,
                         char out[RECEIPT_NUMBER_SIZE], struct error *err)
{
    struct registry_device place = {0};
    struct registry_blocks blocks = {0};
    char series[80];
    long number = 0;
    enum status st = registry_device(registry, REGISTRY_NEWEST, device, &place, err);
    if (st == E_NOT_FOUND)
        return error_set(err, E_DENIED,
                         _("この端末は町の登録簿にまだないので、受付番号を付けられません。管理者が "
                           "satomado key enrol の申請を町へ届けてください"));
    if (!st)
        st = registry_blocks(registry, REGISTRY_NEWEST, device, &blocks, err);
    if (!st) {
        make_series(series, sizeof series, received_on, place.brief, code);
        st = next_free(store, &blocks, device, place.brief, series, &number, err);
    }
    if (!st) {
        snprintf(out, RECEIPT_NUMBER_SIZE, "%s-%05ld-%d", series, number,
                 check_digit(series, number));
        st = numbers_note(store, record, out, err);
    }
    registry_blocks_free(&blocks);
    registry_device_free(&place);
    return st;
}

enum status numbers_note(struct store *store, const char *record, const char *receipt_no,
                         struct error *err)
{
    struct receipt_number n;
    if (!numbers_parse(receipt_no, &n))
        return OK;
    return database_run(store_database(store), err,
                        "INSERT OR IGNORE INTO number(series,number,record) VALUES(?,?,?)", "tit",
                        n.series, (int64_t)n.number, record);
}

enum status numbers_of(struct store *store, const char *record, struct strings *out,
                       struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT format('%s-%05d', series, number) FROM number"
                                    " WHERE record=?",
                                    "t", record);
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status numbers_left(struct store *store, struct registry *registry, const char *device,
                         const char *code, struct date received_on, long *left, struct error *err)
{
    struct registry_device place = {0};
    struct registry_blocks blocks = {0};
    char series[80];
    *left = 0;
    enum status st = registry_device(registry, REGISTRY_NEWEST, device, &place, err);
    if (!st)
        st = registry_blocks(registry, REGISTRY_NEWEST, device, &blocks, err);
    if (!st)
        make_series(series, sizeof series, received_on, place.brief, code);
    for (size_t i = 0; !st && i < blocks.count; i++) {
        int64_t top;
        st = database_int(store_database(store), err, &top,
                          "SELECT max(number) FROM number WHERE series=? AND number>=?"
                          " AND number<=?",
                          "tii", series, (int64_t)blocks.items[i].first,
                          (int64_t)blocks.items[i].last);
        *left += blocks.items[i].last - (top ? (long)top : blocks.items[i].first - 1);
    }
    registry_blocks_free(&blocks);
    registry_device_free(&place);
    return st;
}

enum status numbers_duplicates(struct store *store, struct strings *out, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(store), err, &s,
                                    "SELECT receipt_no FROM record WHERE receipt_no<>''"
                                    " GROUP BY receipt_no HAVING count(*)>1 ORDER BY receipt_no",
                                    "");
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}
