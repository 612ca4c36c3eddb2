/*
 * bundle/inspect: what stands in a bundle's header, without any key.
 */
#ifndef BUNDLE_INSPECT_H
#define BUNDLE_INSPECT_H

#include "base/buffer.h"
#include "base/status.h"

/* The header's lines as they stand, checked for their grammar. */
enum status bundle_inspect(const char *file, struct buffer *out, struct error *err);

#endif
