/*
 * bundle/inspect: what stands in a bundle's header, without any key.
 */
#ifndef BUNDLE_INSPECT_H
#define BUNDLE_INSPECT_H

#include "base/buffer.h"
#include "base/status.h"
#include "crypto/hash.h"

/* The header's lines as they stand, checked for their grammar. */
enum status bundle_inspect(const char *file, struct buffer *out, struct error *err);

struct bundle_summary {
    char id[HASH_HEX_SIZE];
    char from[HASH_HEX_SIZE]; /* device */
    const char *kind;
    long number;
};
/* The same in a struct. Nothing is proven by it. */
enum status bundle_summary(const char *file, struct bundle_summary *out, struct error *err);

#endif
