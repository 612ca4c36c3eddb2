/*
 * office/form_files: form files before they are installed: checked against what is installed, taken
 * in from XLSForm and given out as it. The form commands use it; setup installs.
 */
#ifndef OFFICE_FORM_FILES_H
#define OFFICE_FORM_FILES_H

#include "form/xlsform.h"
#include "office/office.h"

/* Loads a form file as it would be installed. With an office (NULL: without) also what is there
 * already: the version has to grow, and no field may change its type or be put elsewhere. */
enum status form_file_check(struct office *office, const char *file, struct error *err);

/* A .csv (encoding NULL: UTF-8 or CP932, as it is) or .xlsx as the text of a form file, which the
 * caller frees; see xlsform_import(). */
enum status form_file_import(const char *file, const char *encoding, char **yaml,
                             struct xlsform_notes *notes, struct error *mistake, struct error *err);
/* The sheets of a form, "id@version" of the office or a form file, as CSV. */
enum status form_file_export(struct office *office, const char *name, struct buffer *csv,
                             struct xlsform_notes *notes, struct error *err);
bool form_file_is_path(const char *name);
/* Writes such CSV as an .xlsx file. */
enum status form_file_write_xlsx(const struct buffer *csv, const char *path, struct error *err);

#endif
