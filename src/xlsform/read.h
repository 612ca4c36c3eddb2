/*
 * xlsform/read: an .xlsx file as the CSV that form/workbook reads: each sheet after the other, its
 * name first, every row of it, blank ones too, so that rows keep their numbers.
 */
#ifndef XLSFORM_READ_H
#define XLSFORM_READ_H

#include "base/buffer.h"
#include "base/status.h"

/* E_PARSE, E_LIMIT: the message names the part of the file. */
enum status xlsx_read(const void *data, size_t len, struct buffer *csv, struct error *err);

#endif
