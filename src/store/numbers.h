/*
 * store/numbers: receipt numbers (受付番号) `令8-霧沢-FP-00045-7`: fiscal year of the day of
 * receipt, office, form code, number from the device's own block, check digit.
 *
 * Office takes one inside the transaction that finalises a record; the projection notes the number
 * of every record it sees. What was once seen is never given again.
 */
#ifndef STORE_NUMBERS_H
#define STORE_NUMBERS_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/status.h"
#include "base/strings.h"

struct store;
struct registry;

#define RECEIPT_NUMBER_SIZE 96

struct receipt_number {
    char series[80]; /* "令8-霧沢-FP" */
    long number;     /* 1..99999 */
    int check;
};

/* Reads a number as printed. False: not of this form, or the check digit is wrong. */
bool numbers_parse(const char *text, struct receipt_number *out);

/* The next number of `device` for a form code on a day of receipt. Must be called inside the
 * caller's transaction, which also appends the record; rolled back, the number is free again.
 * E_LIMIT: the device has no block for its office, or it is used up; says what to ask the town. */
enum status numbers_take(struct store *store, struct registry *registry, const char *device,
                         const char *code, struct date received_on, const char *record,
                         char out[RECEIPT_NUMBER_SIZE], struct error *err);

/* Remembers the number of a record that came from anywhere; texts of another form are left out. */
enum status numbers_note(struct store *store, const char *record, const char *receipt_no,
                         struct error *err);

/* The numbers a record was ever seen with, without their check digits ("令8-霧沢-FP-00045"). */
enum status numbers_of(struct store *store, const char *record, struct strings *out,
                       struct error *err);

/* Numbers left for this device in a series. */
enum status numbers_left(struct store *store, struct registry *registry, const char *device,
                         const char *code, struct date received_on, long *left, struct error *err);
/* Receipt numbers that more than one record has (a copied device), in order. */
enum status numbers_duplicates(struct store *store, struct strings *out, struct error *err);

#endif
