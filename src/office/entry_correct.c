/* 訂正: a finalised record's values are changed by a further event; the old ones stay readable. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "form/workflow.h"
#include "office/entry_internal.h"
#include "store/journal.h"

static const char *const kinds[] = {"applicant", "clerk", "ex_officio"};

struct correcting {
    struct entry *entry;
    const char *kind, *reason;
    size_t changed, attached; /* values written by the put; files, each by an event of its own */
};

/* Fields of one merge group are one value: when one changes, all are written. */
static bool group_changed(const struct entry *entry, const struct field *field,
                          const struct values *now)
{
    for (size_t i = 0; field->merge && i < entry->form->field_count; i++) {
        const struct field *other = entry->form->fields[i];
        if (!other->merge || strcmp(other->merge, field->merge) != 0 || other->repeat)
            continue;
        const char *a = values_get(now, other->name), *b = values_get(&entry->base, other->name);
        if (strcmp(a ? a : "", b ? b : "") != 0)
            return true;
    }
    return false;
}

static void changed_values(struct correcting *c, const struct values *now, struct strings *set)
{
    struct entry *entry = c->entry;
    for (size_t i = 0; i < now->count; i++) {
        const char *path = now->items[i].path, *before = values_get(&entry->base, path);
        const struct field *field = form_path_field(entry->form, path);
        bool same = before && strcmp(before, now->items[i].value) == 0;
        if (entry_attachment_new(entry, path, now->items[i].value)) {
            c->attached++;
            continue;
        }
        if (same && !(field && !field->repeat && group_changed(entry, field, now)))
            continue;
        map_set(set, path, now->items[i].value);
        c->changed += !same;
    }
    /* A blank of a group is part of its value: nobody's old building stays at a new address. */
    for (size_t i = 0; i < entry->form->field_count; i++) {
        const struct field *field = entry->form->fields[i];
        if (!field->repeat && !values_get(now, field->name) && group_changed(entry, field, now))
            map_set(set, field->name, "");
    }
    for (size_t i = 0; i < entry->base.count; i++) {
        const char *path = entry->base.items[i].path;
        if (values_get(now, path))
            continue;
        map_set(set, path, str_ends(path, "/.alive") ? "false" : "");
        c->changed++;
    }
}

static enum status correct(void *context, struct error *err)
{
    struct correcting *c = context;
    struct entry *entry = c->entry;
    struct values now = {0};
    struct line body = event_body();
    line_add_text(&body, "kind", c->kind);
    line_add_text(&body, "reason", c->reason);
    instance_values(entry->instance, &now);
    changed_values(c, &now, line_add_map(&body, "set"));
    values_free(&now);
    if (!c->changed && !c->attached) {
        line_free(&body);
        return error_set(err, E_RULE, _("変わったところがありません"));
    }
    char *name = form_name(entry->form);
    struct journal_entry event = {OP_PUT, entry->id, name, &body};
    enum status st = OK;
    if (c->changed)
        st = journal_append(entry->session->office->store, entry->session->keys, &event, NULL, err);
    else
        line_free(&body);
    xfree(&name);
    return st ? st : entry_append_attachments(entry, c->kind, c->reason, err);
}

/* What was received with 不備 and has been mended is no more deficient; what is left is said. A
 * correction never makes a record deficient: the town looks at it when it decides. */
static void settle_deficiencies(struct entry *entry)
{
    const struct findings *findings;
    struct buffer left = BUFFER_INIT;
    const struct workflow_state *state =
        workflow_state(entry->form->workflow, instance_get(entry->instance, "state"));
    if (!entry->changed || !state || !state->open || !*instance_get(entry->instance, "deficient") ||
        entry_findings(entry, true, &findings, NULL))
        return;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            buffer_printf(&left, "%s%s", left.len ? "\n" : "", findings->items[i].message);
    instance_put(entry->instance, "deficient", left.len ? "yes" : "", NULL);
    instance_put(entry->instance, "explained", buffer_text(&left), NULL);
    buffer_free(&left);
}

enum status entry_correct(struct entry *entry, const char *kind, const char *reason,
                          struct error *err)
{
    struct correcting c = {entry, kind, reason, 0, 0};
    bool known = false;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        known = known || strcmp(kinds[i], kind) == 0;
    enum status st = session_require(entry->session, MAY_ENTER, err);
    if (!st && !entry->final)
        st = error_set(err, E_RULE, _("受付確定の前は、そのまま書き直せます"));
    if (!st && (!known || !*reason))
        st = error_set(err, E_INVALID,
                       _("訂正の種類（申請者補正・職員誤記・職権）と理由が要ります"));
    if (!st)
        st = answer_free_text(reason, err);
    entry_title(entry);
    if (!st)
        settle_deficiencies(entry);
    if (!st)
        st = store_transaction(entry->session->office->store, correct, &c, err);
    if (!st) {
        values_free(&entry->base);
        instance_values(entry->instance, &entry->base);
        entry->changed = false;
    }
    return st;
}
