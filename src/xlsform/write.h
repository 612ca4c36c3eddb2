/*
 * xlsform/write: the CSV of form/workbook as an .xlsx file: each sheet with its headers in bold and
 * kept in sight, every cell as text.
 */
#ifndef XLSFORM_WRITE_H
#define XLSFORM_WRITE_H

#include <stddef.h>

#include "base/status.h"

/* The file is there whole or not at all. E_PARSE, E_LIMIT (a cell longer than Excel takes), E_IO.
 */
enum status xlsx_write(const char *csv, size_t len, const char *path, struct error *err);

#endif
