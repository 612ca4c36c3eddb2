/*
 * bundle/distinct: how many different records there were, in the same memory for ten and for a
 * million: what does not fit waits in a temporary file. Writer and intake count with it.
 */
#ifndef BUNDLE_DISTINCT_H
#define BUNDLE_DISTINCT_H

#include "base/status.h"

struct distinct;

struct distinct *distinct_new(void);
/* A UUID; others are not counted. */
void distinct_add(struct distinct *distinct, const char *uuid);
/* Of all added so far; afterwards none are. E_IO: the file could not be written or read. */
enum status distinct_count(struct distinct *distinct, long *out, struct error *err);
/* NULL allowed. */
void distinct_free(struct distinct **distinct);

#endif
