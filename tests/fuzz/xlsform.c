/* The CSV of an XLSForm: refused, or a form file with notes; and what is a form goes out and comes
 * back. */
#include <string.h>

#include "base/xmem.h"
#include "form/loader.h"
#include "form/xlsform.h"
#include "fuzz.h"

static void out_and_back(const char *yaml)
{
    struct form *form = NULL;
    struct workbook sheets = {0}, again = {0};
    struct xlsform_notes notes = {0}, more = {0};
    struct buffer csv = BUFFER_INIT;
    struct error err = {0}, mistake = {0};
    char *text = NULL;
    if (form_load(yaml, "f.yaml", fuzz_workflows(), NULL, NULL, &form, &err))
        fuzz_fail(error_text(&err));
    if (xlsform_export(form, &sheets, &notes, &err))
        fuzz_fail(error_text(&err));
    workbook_write(&sheets, &csv);
    if (workbook_read(buffer_text(&csv), csv.len, "UTF-8", "f.csv", true, &again, &err) ||
        xlsform_import(&again, "f.csv", fuzz_workflows(), &text, &more, &mistake, &err))
        fuzz_fail(error_text(&err));
    if (mistake.code || more.lost)
        fuzz_fail(mistake.code ? error_text(&mistake) : more.items.items[0]);
    xfree(&text);
    xlsform_notes_free(&notes);
    xlsform_notes_free(&more);
    workbook_free(&sheets);
    workbook_free(&again);
    buffer_free(&csv);
    form_free(&form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct workbook sheets = {0};
    struct xlsform_notes notes = {0};
    struct error err = {0}, mistake = {0};
    char *yaml = NULL;
    enum status st = workbook_read((const char *)data, len, NULL, "f.csv", len % 2, &sheets, &err);
    if (!st)
        st = xlsform_import(&sheets, "f.csv", fuzz_workflows(), &yaml, &notes, &mistake, &err);
    if (st && !*err.detail)
        fuzz_fail("refused without a word");
    if (!st && !mistake.code)
        out_and_back(yaml);
    workbook_free(&sheets);
    xlsform_notes_free(&notes);
    xfree(&yaml);
    return 0;
}
