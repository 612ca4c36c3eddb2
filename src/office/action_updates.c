#include "office/action.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/action_internal.h"
#include "office/check.h"
#include "office/entry.h"

/* --- Gathering --- */

static void add_update(void *context, const char *const *names, const char *const *values,
                       size_t count)
{
    struct updates *out = context;
    struct update one = {xstrdup(""), xstrdup(""), xstrdup(""), {0}};
    const struct {
        const char *column;
        char **slot;
    } own[] = {{"record", &one.record}, {"action", &one.action}, {"reason", &one.reason}};
    for (size_t i = 0; i < count; i++) {
        char **slot = NULL;
        for (size_t k = 0; k < ARRAY_LEN(own); k++)
            if (strcmp(own[k].column, names[i]) == 0)
                slot = own[k].slot;
        if (slot) {
            xfree(slot);
            *slot = xstrdup(values[i]);
        } else {
            values_add(&one.values, names[i], values[i]);
        }
    }
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = one;
}

/* Where the SQL gives no reason, the paper that changed it is the reason. */
static void default_reasons(const struct instance *instance, const struct record *record,
                            struct updates *out)
{
    const struct form *form = instance_form(instance);
    for (size_t i = 0; i < out->count; i++)
        if (!*out->items[i].reason) {
            xfree(&out->items[i].reason);
            out->items[i].reason = xasprintf(_("%s（%s）による"), label_text(&form->title, "ja"),
                                             record_value(record, "receipt_no"));
        }
}

enum status action_gather(struct host *host, const struct instance *instance,
                          const struct record *record, const struct workflow_action *action,
                          struct updates *out, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < action->update_count; i++)
        st = check_rows(host, instance, record->id, action->name, action->updates[i], add_update,
                        out, err);
    default_reasons(instance, record, out);
    return st;
}

void updates_free(struct updates *updates)
{
    for (size_t i = 0; i < updates->count; i++) {
        struct update *u = &updates->items[i];
        char **texts[] = {&u->record, &u->action, &u->reason};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
        values_free(&u->values);
    }
    xfree(&updates->items);
    updates->count = 0;
}

/* --- Doing --- */

static enum status put_values(struct session *session, const struct update *update,
                              struct error *err)
{
    struct entry *entry;
    bool changed = false;
    enum status st = entry_open(session, update->record, &entry, err);
    if (st)
        return st;
    struct instance *instance = entry_instance(entry);
    for (size_t i = 0; !st && i < update->values.count; i++) {
        const struct value *v = &update->values.items[i];
        if (strcmp(instance_get(instance, v->path), v->value) == 0)
            continue;
        st = instance_put(instance, v->path, v->value, err);
        changed = true;
    }
    if (!st && changed)
        st = entry_correct(entry, "ex_officio", update->reason, err);
    entry_free(&entry);
    return st;
}

enum status action_update(struct session *session, const struct updates *updates, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < updates->count; i++) {
        const struct update *u = &updates->items[i];
        if (u->values.count)
            st = put_values(session, u, err);
        if (!st && *u->action)
            st = action_do(session, u->record, u->action, u->reason, NULL, err);
    }
    return st;
}
