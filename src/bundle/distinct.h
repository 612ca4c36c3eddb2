/*
 * bundle/distinct: how many different records there were, without keeping their names: memory is
 * known before the first, and small. Writer and intake count with it.
 */
#ifndef BUNDLE_DISTINCT_H
#define BUNDLE_DISTINCT_H

#include <stddef.h>

struct distinct;

/* For at most so many. */
struct distinct *distinct_new(size_t most);
/* A UUID; others are not counted. */
void distinct_add(struct distinct *distinct, const char *uuid);
size_t distinct_count(const struct distinct *distinct);
/* NULL allowed. */
void distinct_free(struct distinct **distinct);

#endif
