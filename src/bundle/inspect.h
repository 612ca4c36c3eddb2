/*
 * bundle/inspect: what stands in a bundle's header, without any key.
 */
#ifndef BUNDLE_INSPECT_H
#define BUNDLE_INSPECT_H

#include "base/buffer.h"
#include "base/status.h"
#include "crypto/age.h"
#include "crypto/hash.h"

/* The header's lines as they stand, checked for their grammar. */
enum status bundle_inspect(const char *file, struct buffer *out, struct error *err);

/* The content's lines too, for whoever has the secret of one of the recipients (an auditor with the
 * escrow). Whole, as the header says; who made it is not proven. E_NOT_FOUND: written for others.
 */
typedef enum status (*bundle_line)(void *context, const char *line, size_t len, struct error *err);
enum status bundle_content(const char *file, const uint8_t identity[AGE_KEY_SIZE], bundle_line line,
                           void *context, struct error *err);

struct bundle_summary {
    char id[HASH_HEX_SIZE];
    char from[HASH_HEX_SIZE]; /* device */
    const char *kind;
    long number;
};
/* The same in a struct. Nothing is proven by it. */
enum status bundle_summary(const char *file, struct bundle_summary *out, struct error *err);

#endif
