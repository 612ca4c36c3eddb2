/*
 * form/workflow: states and actions of records (状態・処理). forms/workflows.yaml declares the four
 * types (申請・届出・記録・相談); a form extends one. Office asks it what may be done.
 */
#ifndef FORM_WORKFLOW_H
#define FORM_WORKFLOW_H

#include "form/definition.h"

struct workflow_state {
    char *name; /* ASCII */
    struct label label;
    bool in_force; /* seen by rules: not draft, withdrawn, void, rejected */
    bool open;     /* somebody still has to do something */
};

struct workflow_action {
    char *name;
    struct label label;
    struct strings from; /* states; "" = not yet a record (受付確定) */
    char *to;
    struct strings roles;
    bool reason_required;
    bool reminder;       /* 督促: of what was asked for and has not come; may be done again */
    bool decision;       /* 決定: by the town only; runs the checks `when: decide` */
    struct strings asks; /* implicit or form fields the user is asked for (deadline, decided_on) */
    /* Fields it sets: name, expression text pairs (`valid_until: add-years(...)`). */
    struct setting *sets;
    size_t set_count;
    struct label notice;      /* text of the notice printed; may be empty */
    struct expression *guard; /* must be true, else guard_message says why not; NULL = may */
    struct label guard_message;
    /* SQL whose rows are other records (`record`) and what becomes of them: the other columns are
     * fields and their new values, but for `action` (done with them) and `reason`. */
    char **updates;
    size_t update_count;
};

/* 標準処理期間: as many days as a parameter of the town says, from one moment of a record to
 * another. The first day is not counted, nor any while the record waits in one of `stops`. */
struct workflow_clock {
    char *name;
    struct label label;
    char *parameter;
    bool town;      /* by the town's calendar, else by that of the place that received it */
    bool every_day; /* closed days count too */
    /* Moments: a date field, or an action; the first of them that has come. */
    struct strings from, to;
    struct strings stops; /* states */
};

struct workflow {
    struct workflow_state *states;
    size_t state_count;
    struct workflow_action *actions;
    size_t action_count;
    struct workflow_clock *clocks;
    size_t clock_count;
};

/* The file forms/workflows.yaml: name -> workflow. */
struct workflows;
enum status workflows_load(const char *text, const char *file, struct workflows **out,
                           struct error *err);
void workflows_free(struct workflows **workflows);

void workflow_free(struct workflow **workflow);
const struct workflow_state *workflow_state(const struct workflow *workflow, const char *name);
const struct workflow_action *workflow_action(const struct workflow *workflow, const char *name);
bool workflow_allows(const struct workflow_action *action, const char *state);
/* The action that makes a record: the first that starts from nothing. NULL when there is none. */
const struct workflow_action *workflow_first(const struct workflow *workflow);

#endif
