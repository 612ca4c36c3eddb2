/*
 * store/journal_internal: how an event gets into the table; for journal*.c only.
 */
#ifndef STORE_JOURNAL_INTERNAL_H
#define STORE_JOURNAL_INTERNAL_H

#include "store/journal.h"

/* *held: its number is there twice, or a lower one is, and the town has not decided. */
enum status journal_insert_judged(struct store *store, const struct event *event, bool extract,
                                  bool *held, struct error *err);

#endif
