/*
 * bundle/copy: a bundle file from one place to another (送付便の写し): onto a stick, into the folder
 * of what waits. Office calls it.
 */
#ifndef BUNDLE_COPY_H
#define BUNDLE_COPY_H

#include "base/status.h"

/* Into DIR under its own name: temporary name, synced, read back and compared, renamed, directory
 * synced; looks for room before. OK also when the same file is there; E_EXISTS: another one is.
 * E_PARSE: no bundle. E_FULL. `path` (may be NULL) gets where it went. */
enum status bundle_copy(const char *file, const char *dir, char path[512], struct error *err);

#endif
