/* What is filed about another record (この記録について): forms that refer to it. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "office/entry_internal.h"

/* The field outside repeats that refers to records of that form; NULL when there is none. */
static const struct field *reference_to(const struct form *form, const char *to)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *field = form->fields[i];
        if (field->type == FIELD_REFERENCE && !field->repeat && strcmp(field->to, to) == 0 &&
            !field_is_made(field))
            return field;
    }
    return NULL;
}

static bool may_begin(const struct session *session, const struct form *form)
{
    const struct workflow_action *first = workflow_first(form->workflow);
    for (size_t i = 0; first && i < first->roles.count; i++)
        if (session_has_role(session, first->roles.items[i]))
            return true;
    return false;
}

enum status entry_forms_about(struct session *session, const char *record, struct strings *ids,
                              struct strings *titles, struct strings *readings, struct error *err)
{
    struct catalogue *catalogue = session->office->catalogue;
    struct form_rows rows = {0};
    struct record about;
    enum status st = record_load_for(session, record, &about, err);
    if (st)
        return st;
    st = catalogue_forms(catalogue, office_language(session->office), &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        const struct form *form;
        st = catalogue_form(catalogue, rows.items[i].id, 0, &form, err);
        if (st || !reference_to(form, about.form) || !may_begin(session, form))
            continue;
        strings_add(ids, rows.items[i].id);
        strings_add(titles, rows.items[i].title);
        strings_add(readings, rows.items[i].reading);
    }
    form_rows_free(&rows);
    record_free(&about);
    return st;
}

enum status entry_new_about(struct session *session, const char *form_id, const char *record,
                            struct entry **out, struct error *err)
{
    struct record about;
    *out = NULL;
    enum status st = record_load_for(session, record, &about, err);
    if (st)
        return st;
    st = entry_new(session, form_id, out, err);
    const struct field *field = st ? NULL : reference_to((*out)->form, about.form);
    if (!st && !field)
        st = error_set(err, E_INVALID, _("様式「%s」には、この記録を選ぶ欄がありません"), form_id);
    if (!st)
        st = entry_type(*out, field->name, record, err);
    if (st)
        entry_free(out);
    record_free(&about);
    return st;
}
