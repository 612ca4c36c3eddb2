/*
 * office/action_internal: what a decision does to other records (`updates` of an action): gathered
 * before anything is written, written in the transaction of the action. Shared by action*.c only.
 */
#ifndef OFFICE_ACTION_INTERNAL_H
#define OFFICE_ACTION_INTERNAL_H

#include "form/workflow.h"
#include "office/office_internal.h"

/* One record and what becomes of it: field values, then an action ("" = none). */
struct update {
    char *record, *action, *reason;
    struct values values;
};
struct updates {
    struct update *items;
    size_t count;
};

/* Runs the SQL of the action's `updates` over the record as it stands. */
enum status action_gather(struct host *host, const struct instance *instance,
                          const struct record *record, const struct workflow_action *action,
                          struct updates *out, struct error *err);
/* Corrects (職権) and acts. Values that stand there already are no change. Errors name the record.
 */
enum status action_update(struct session *session, const struct updates *updates,
                          struct error *err);
void updates_free(struct updates *updates);

#endif
