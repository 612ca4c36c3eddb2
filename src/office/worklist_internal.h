/*
 * office/worklist_internal: how records become rows of lists, shared inside the room.
 */
#ifndef OFFICE_WORKLIST_INTERNAL_H
#define OFFICE_WORKLIST_INTERNAL_H

#include "office/office_internal.h"
#include "office/worklist.h"

/* Copies every text; NULL becomes "". */
void worklist_add(struct worklist_rows *out, struct worklist_row row);
void worklist_add_record(struct office *office, const struct record_row *row,
                         struct worklist_rows *out);
/* Records by their next clock (office/due), those that are over first. */
enum status worklist_load_urgent(struct session *session, const struct record_filter *filter,
                                 long offset, long limit, struct worklist_rows *out,
                                 struct error *err);
/* 督促: what was asked for by a day that is over or near, where the workflow has a reminder. */
enum status worklist_load_reminders(struct session *session, long offset, long limit,
                                    struct worklist_rows *out, struct error *err);
/* "督促2回（R9.6.11）" of a record that waits for somebody; NULL of any other. The caller frees. */
char *worklist_reminded(struct session *session, const struct record_row *row);
/* 重複候補: pairs of people, by what agrees. */
enum status worklist_load_twins(struct session *session, long offset, long limit,
                                struct worklist_rows *out, struct error *err);
/* The mark of a day by which something is to come, in days. */
void worklist_mark_deadline(struct worklist_row *row, const char *day);
/* The mark of every record in rows that has a clock running. */
void worklist_mark_due(struct session *session, struct worklist_rows *rows);
/* The lists forms have (`worklists` of a form file). */
enum status worklist_add_rules(struct session *session, struct worklists *out, struct error *err);
/* E_NOT_FOUND when no form has it. */
enum status worklist_load_rule(struct session *session, const char *name, long offset, long limit,
                               struct worklist_rows *out, struct error *err);
/* Records that have been kept long enough, as forms and parameters say (`retention`). */
enum status worklist_load_kept(struct session *session, long offset, long limit,
                               struct worklist_rows *out, struct error *err);
void worklists_add(struct worklists *list, const char *name, const char *title);

/* 未送信, 送付済, 町到達 or "". */
const char *stage_text(enum record_stage stage);
/* Label of a state in the form's workflow; the name itself when it is unknown. */
const char *state_text(const struct form *form, const char *state, const char *language);

#endif
