/*
 * office/parameters: changing the town's numbers (町の設定値): a new registry entry.
 */
#ifndef OFFICE_PARAMETERS_H
#define OFFICE_PARAMETERS_H

#include "office/session.h"

/* from: first day in force in any spelling, NULL = today. */
enum status parameters_set(struct session *session, const char *key, const char *value,
                           const char *from, struct error *err);

/* A town's file: E_PARSE and E_INVALID name its line. */
enum status parameters_check(const char *file, struct error *err);

#endif
