/*
 * form/xlsform: forms as XLSForm has them (ODK, Kobo), in and out, so that the same form runs on a
 * tablet. A form file becomes sheets and sheets become a form file; what was exported and is
 * imported again is the same form. Office's form files call it.
 *
 * What XLSForm has no word for stands in columns and sheets named satomado_..., which other readers
 * pass over. What cannot be said at all is told note by note, never left out in silence.
 */
#ifndef FORM_XLSFORM_H
#define FORM_XLSFORM_H

#include "form/definition.h"
#include "form/workbook.h"
#include "form/workflow.h"

struct xlsform_notes {
    struct strings items; /* one line each, with its place in front */
    size_t lost;          /* how many of them tell of something that is not in the result */
};
void xlsform_notes_free(struct xlsform_notes *notes);

/* The YAML of the form that the sheets say, notes about what was changed or left out, and in
 * *mistake (E_PARSE or OK; its place is in the sheets) what still keeps it from being a correct
 * form. `file` names the sheets. E_PARSE when there is no survey to be read. The caller frees
 * *yaml. */
enum status xlsform_import(const struct workbook *workbook, const char *file,
                           const struct workflows *workflows, char **yaml,
                           struct xlsform_notes *notes, struct error *mistake, struct error *err);

/* A form as sheets. Notes tell what ODK will not understand. */
enum status xlsform_export(const struct form *form, struct workbook *out,
                           struct xlsform_notes *notes, struct error *err);

#endif
