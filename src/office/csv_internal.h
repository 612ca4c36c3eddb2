/*
 * office/csv_internal: the bytes a field came in as, shared by import and export.
 *
 * Some characters have several codes in an encoding (髙 is EEE0 and FBFC in CP932), and what comes
 * in by one goes out by the other. Where the bytes of a cell cannot be made from its text again,
 * the event that writes the field keeps them beside `set`, in the map `bytes`: path -> "CP932
 * eee0". They belong to that write: they travel, are verified and are disposed of with it, and
 * count as long as it is the one that shows.
 */
#ifndef OFFICE_CSV_INTERNAL_H
#define OFFICE_CSV_INTERNAL_H

#include "store/record.h"

#define CSV_BYTES_MEMBER "bytes"

/* The bytes of the write that shows, when they are of that encoding and read as text. */
bool csv_bytes_of(const struct record *record, const char *path, const char *encoding,
                  const char *text, struct buffer *out);
/* What is kept for a cell; NULL when its text gives these bytes anyway. The caller frees. */
char *csv_bytes_note(const char *encoding, const char *text, const char *bytes, size_t size);
/* Whether such a note still reads as text. */
bool csv_bytes_fit(const char *note, const char *text);

#endif
