/*
 * xlsform/package: the parts of an .xlsx file, which is a ZIP archive. Files come from anywhere:
 * number, size and ratio of the parts are limited before anything is unpacked.
 */
#ifndef XLSFORM_PACKAGE_H
#define XLSFORM_PACKAGE_H

#include "base/buffer.h"
#include "base/status.h"

/* What a form never comes near. */
enum {
    PACKAGE_PARTS_MAX = 2000,
    PACKAGE_RATIO_MAX = 400,       /* unpacked to packed, of parts above a mebibyte */
    PACKAGE_PART_MAX = 48 << 20,   /* bytes unpacked */
    PACKAGE_TOTAL_MAX = 128 << 20, /* of all parts that are read */
};

struct package;

/* Over bytes that must outlive it. E_PARSE when it is no ZIP archive, E_LIMIT. */
enum status package_open(const void *data, size_t len, struct package **out, struct error *err);
void package_close(struct package **package);
/* Appends a part. E_NOT_FOUND, E_LIMIT, E_PARSE (damaged, encrypted). */
enum status package_part(struct package *package, const char *name, struct buffer *out,
                         struct error *err);

#endif
