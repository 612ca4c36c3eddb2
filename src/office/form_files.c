#include "office/form_files.h"

#include <string.h>

#include "base/child.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/language.h"
#include "base/xmem.h"
#include "form/loader.h"
#include "form/version.h"
#include "office/catalogue.h"
#include "office/check.h"
#include "office/setup_internal.h"

#define XLSX_PROGRAM "satomado-xlsform"

enum {
    FORM_MAX = 1 << 20,
    SHEETS_MAX = 16 << 20, /* an .xlsx or .csv file */
    CSV_MAX = 64 << 20,    /* an .xlsx as CSV */
    XLSX_SECONDS = 30,
};

/* --- Checking --- */

static enum status load_file(const char *file, struct form **out, struct error *err)
{
    struct workflows *workflows = NULL;
    struct buffer text = BUFFER_INIT;
    enum status st = setup_workflows(&workflows, NULL, err);
    *out = NULL;
    if (!st)
        st = file_read(file, FORM_MAX, &text, err);
    if (!st && text.len && memchr(text.data, '\0', text.len))
        st = error_set(err, E_PARSE, _("%s は文字のファイルではありません"), file);
    if (!st)
        st = form_load(buffer_text(&text), file, workflows, setup_fragment, NULL, out, err);
    workflows_free(&workflows);
    buffer_free(&text);
    return st;
}

static enum status check_rules(struct office *office, const struct form *form, struct error *err)
{
    const struct statement *bad;
    struct error why = {0};
    enum status st = check_allowed(office_store(office), form, &bad, &why);
    if (!st)
        return OK;
    return bad ? error_at(err, st, bad->file, bad->line, 0, "%s", why.detail)
               : error_set(err, st, "%s", error_text(&why));
}

enum status form_file_check(struct office *office, const char *file, struct error *err)
{
    const struct form *before = NULL;
    struct form *form;
    enum status st = load_file(file, &form, err);
    if (!st && office && catalogue_form(office_catalogue(office), form->id, 0, &before, NULL) == OK)
        st = version_follows(form, before, file, err);
    if (!st && office)
        st = check_rules(office, form, err);
    form_free(&form);
    return st;
}

/* --- XLSForm --- */

static bool is_xlsx(const char *path)
{
    return str_ends(path, ".xlsx") || str_ends(path, ".XLSX") || str_ends(path, ".xlsm");
}

static enum status read_sheets(const char *file, const char *encoding, struct workbook *out,
                               struct error *err)
{
    struct buffer data = BUFFER_INIT, csv = BUFFER_INIT;
    bool xlsx = is_xlsx(file);
    enum status st = file_read(file, SHEETS_MAX, &data, err);
    if (!st && xlsx) {
        const char *argv[] = {XLSX_PROGRAM, "--lang", language_prefer(""), "read", NULL};
        st = child_run(argv, data.data, data.len, CSV_MAX, XLSX_SECONDS, &csv, err);
    }
    if (!st)
        st = xlsx ? workbook_read(buffer_text(&csv), csv.len, "UTF-8", file, true, out, err)
                  : workbook_read(buffer_text(&data), data.len, encoding, file, false, out, err);
    buffer_free(&data);
    buffer_free(&csv);
    return st;
}

enum status form_file_import(const char *file, const char *encoding, char **yaml,
                             struct xlsform_notes *notes, struct error *mistake, struct error *err)
{
    struct workflows *workflows = NULL;
    struct workbook sheets = {0};
    *yaml = NULL;
    enum status st = setup_workflows(&workflows, NULL, err);
    if (!st)
        st = read_sheets(file, encoding, &sheets, err);
    if (!st)
        st = xlsform_import(&sheets, file, workflows, yaml, notes, mistake, err);
    workbook_free(&sheets);
    workflows_free(&workflows);
    return st;
}

bool form_file_is_path(const char *name)
{
    return strchr(name, '/') || str_ends(name, ".yaml");
}

enum status form_file_export(struct office *office, const char *name, struct buffer *csv,
                             struct xlsform_notes *notes, struct error *err)
{
    struct form *own = NULL;
    const struct form *form = NULL;
    struct workbook sheets = {0};
    enum status st;
    if (form_file_is_path(name)) {
        st = load_file(name, &own, err);
        form = own;
    } else {
        st = catalogue_form_named(office_catalogue(office), name, &form, err);
    }
    if (!st)
        st = xlsform_export(form, &sheets, notes, err);
    if (!st)
        workbook_write(&sheets, csv);
    workbook_free(&sheets);
    form_free(&own);
    return st;
}

enum status form_file_write_xlsx(const struct buffer *csv, const char *path, struct error *err)
{
    struct buffer said = BUFFER_INIT;
    const char *argv[] = {XLSX_PROGRAM, "--lang", language_prefer(""), "write", path, NULL};
    enum status st = child_run(argv, csv->data, csv->len, 4096, XLSX_SECONDS, &said, err);
    buffer_free(&said);
    return st;
}
