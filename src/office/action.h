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
    bool decision, reminder;
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

/* --- With several records --- */

struct action_order {
    const char *action;
    const char *reason;        /* for all, or where nothing can be prepared; may be "" */
    bool prepared;             /* each has the reason its own failed checks give */
    const char *const *values; /* as action_do() */
};
struct action_outcome {
    char *record;
    char *name;          /* "令9-霧沢-FP-00001  桐生 みなと" */
    char notice[256];    /* the letter it made, "" = none */
    struct error letter; /* why one that is due was not made; code OK: none is lacking */
    struct error err;    /* why it was not done; code OK: it was */
};
struct action_outcomes {
    struct action_outcome *items;
    size_t count, refused;
};
/* Each is done or refused on its own, in order. E_RULE of one for which a reason was to be
 * prepared: none of its checks fails and no other reason is given. */
void action_each(struct session *session, const struct strings *records,
                 const struct action_order *order, struct action_outcomes *out);
void action_outcomes_free(struct action_outcomes *list);
/* 却下理由書案: what fails now, in the words of the rules; "" when nothing does. *out belongs to
 * the caller. */
enum status action_reason(struct session *session, const char *record, char **out,
                          struct error *err);

#endif
