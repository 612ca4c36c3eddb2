/*
 * office/action: moving a finalised record on (補正・差戻し・決定・却下・取下げ・書損 ...).
 *
 * Which actions exist is said by the form's workflow; who may do them by their roles. Each is one
 * `act` event signed with the actor's own key.
 */
#ifndef OFFICE_ACTION_H
#define OFFICE_ACTION_H

#include "office/session.h"

struct action_row {
    char *name;
    char *label;
    bool reason_required;
    bool decision;
    char *reason_draft; /* 却下理由書案: prepared from the failed checks, or "" */
    /* What the user has to be asked for: fields and their labels. */
    struct action_ask {
        char *name;
        char *label;
    } * asks;
    size_t ask_count;
};

struct action_list {
    struct action_row *items;
    size_t count;
};

/* What this user may do with the record now. */
enum status action_list(struct session *session, const char *record, struct action_list *out,
                        struct error *err);
void action_list_free(struct action_list *list);

/* values: "name=value" pairs the action asks for (decided_on, deadline ...), NULL-terminated or
 * NULL. E_RULE says why the action is not possible in the record's state, or names the error a rule
 * `when: decide` found against a decision that would leave the record in force. */
enum status action_do(struct session *session, const char *record, const char *action,
                      const char *reason, const char *const *values, struct error *err);

#endif
