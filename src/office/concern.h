/*
 * office/concern: records changed in two places at once whose changes fit each other field by
 * field, but not the rules of the form (要確認).
 */
#ifndef OFFICE_CONCERN_H
#define OFFICE_CONCERN_H

#include "office/session.h"

/* Looks at those that were not looked at yet. Called when something has come in and whenever the
 * list is asked for (a value was chosen, the tables were made again). A record whose form is not
 * here is left for later. */
enum status concern_look(struct session *session, struct error *err);

struct worklist_rows;
/* The list of them; each says what is wrong. */
enum status concern_worklist(struct session *session, long offset, long limit,
                             struct worklist_rows *out, struct error *err);

#endif
