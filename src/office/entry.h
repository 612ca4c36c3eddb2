/*
 * office/entry: one record while somebody writes it (入力), from the empty form to 受付確定.
 *
 * The counter paints what is here and hands over what was typed; every rule is asked here. The
 * draft is saved by the caller's beat (entry_save_draft, at field exit and at most 2 s after the
 * last key) and never holds an 個人番号.
 */
#ifndef OFFICE_ENTRY_H
#define OFFICE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "form/definition.h"
#include "form/instance.h"
#include "office/session.h"

struct entry;

enum finding_severity {
    FINDING_ERROR,      /* stops 受付確定 */
    FINDING_DEFICIENCY, /* 不備: explained, received all the same */
    FINDING_WARNING,    /* asks once */
    FINDING_NOTE,       /* informs */
};

/* Rule of the notes on letters the receiving system may lack: said at the field and nowhere else.
 */
#define RULE_LETTERS "letters"

struct finding {
    char *rule; /* name of the check, or "" for a field's own rule */
    char *path; /* field it speaks of, or "" */
    char *message;
    enum finding_severity severity;
    bool explained; /* 説明済・本人が提出を希望 was ticked */
};

struct findings {
    struct finding *items;
    size_t count;
};

/* A new record of a form. */
enum status entry_new(struct session *session, const char *form_id, struct entry **out,
                      struct error *err);
/* The same with what is known of a person filled in; household takes address and phone only. */
enum status entry_new_for(struct session *session, const char *form_id, const char *person,
                          bool household, struct entry **out, struct error *err);
/* Forms whose records refer to one like this (outside repeats) and that this user may begin. */
enum status entry_forms_about(struct session *session, const char *record, struct strings *ids,
                              struct strings *titles, struct strings *readings, struct error *err);
/* The same as entry_new() with that reference filled in, and what the form takes from it. */
enum status entry_new_about(struct session *session, const char *form_id, const char *record,
                            struct entry **out, struct error *err);
/* A draft or a held case; E_BUSY names who has it open. */
enum status entry_resume(struct session *session, const char *draft, struct entry **out,
                         struct error *err);
/* A finalised record, to look at or (entry_correct) to correct. Writes a `read` event. */
enum status entry_open(struct session *session, const char *record, struct entry **out,
                       struct error *err);
void entry_free(struct entry **entry);

/* A draft opens under the version of its form it was begun with. True when a newer one is
 * installed; `differences` (may be NULL) gets what is different, one sentence each. */
bool entry_newer(const struct entry *entry, struct strings *differences);
/* The town wants that to be asked when such a draft is opened (form.version_policy: offer), and not
 * only when somebody wishes (pin). */
bool entry_offers_version(const struct entry *entry);
/* The draft goes on under the newest version: every answer is kept, what was typed is judged anew.
 * The form before is no longer borrowed from the entry. */
enum status entry_upgrade(struct entry *entry, struct error *err);

const char *entry_id(const struct entry *entry); /* uuid of draft and record */
const struct form *entry_form(const struct entry *entry);
struct instance *entry_instance(struct entry *entry);
bool entry_is_final(const struct entry *entry);
const char *entry_receipt_no(const struct entry *entry); /* "" = 未付番 */
/* Name of the person as typed so far, for the top of every section; "" when none. */
const char *entry_title(struct entry *entry);

/* What was typed into a field, in the user's spelling. Recalculates what depends on it. A refusal
 * names the field and leaves the value as it was; what was typed is kept with the draft and shown
 * until it is mended (entry_finding names it) - except an individual number, which is kept
 * nowhere. */
enum status entry_type(struct entry *entry, const char *path, const char *typed, struct error *err);
/* The same while the field has not been left. False: it waits, because these digits may be the
 * beginning of an individual number. */
bool entry_typing(struct entry *entry, const char *path, const char *typed);
/* The value as the user should see it; the caller frees. */
char *entry_display(struct entry *entry, const char *path);
/* The text to go on typing with: what was refused, else the value in the user's spelling. The
 * caller frees. */
char *entry_edit_text(struct entry *entry, const char *path);
/* What is wrong with the field now, NULL when nothing; *missing: it is only blank yet. Borrowed
 * until the next change. */
const char *entry_problem(struct entry *entry, const char *path, bool *missing);
/* Records a reference field may point at (their ids and titles), narrowed by what was typed. */
struct worklist_rows;
enum status entry_references(struct entry *entry, const char *path, const char *typed, long limit,
                             struct worklist_rows *out, struct error *err);
/* A file for a field of type image or file (an image must be one). `checked`: somebody looked that
 * neither the side with the 個人番号 nor a symbol and number is on it; without that, and without
 * what it is a copy of, it is refused. What stood there before stays in a record's history. */
enum status entry_attach(struct entry *entry, const char *path, const char *file,
                         const char *copy_of, bool checked, struct error *err);
enum status entry_detach(struct entry *entry, const char *path, struct error *err);
/* The bytes into a new file. E_NOT_FOUND: 添付未着. */
enum status entry_attachment_export(struct entry *entry, const char *path, const char *file,
                                    struct error *err);
/* A field as it is written on a command line: its path, or inside repeats by the numbers of the
 * rows as in CSV (member[2].member_name). The row after the last comes to be; E_INVALID: a row
 * further on, E_NOT_FOUND names the nearest field. The caller frees. */
enum status entry_field_path(struct entry *entry, const char *written, char **path,
                             struct error *err);
/* Repeat rows. */
enum status entry_add_row(struct entry *entry, const char *repeat, char row[37], struct error *err);
enum status entry_copy_row(struct entry *entry, const char *row_path, char row[37],
                           struct error *err);
enum status entry_delete_row(struct entry *entry, const char *row_path, struct error *err);
/* 前件複写: the value of the record finalised or typed before, only where the form allows it. */
enum status entry_copy_previous(struct entry *entry, const char *path, struct error *err);
/* 前回との比較: "前回 51  -9 (-17.6%)" of a field, NULL where there is nothing to compare. The
 * caller frees. */
char *entry_beside(struct entry *entry, const char *path);
/* 前回と同じ: the value of the previous record. E_NOT_FOUND: there is none. */
enum status entry_same(struct entry *entry, const char *path, struct error *err);
/* The same for all blank fields of a section; what is filled in stays. *count: how many. */
enum status entry_same_section(struct entry *entry, int section, size_t *count, struct error *err);

/* Everything wrong or worth saying now; borrowed until the next change. `finalise` also runs the
 * rules that look at other records and are only due then. */
enum status entry_findings(struct entry *entry, bool finalise, const struct findings **out,
                           struct error *err);
/* The rules' summary line of the moment ("担い手活動 2/3回（あと1回）"), "" when none. Borrowed. */
const char *entry_summary(struct entry *entry);
/* 説明済・本人が提出を希望, or back. */
void entry_explain(struct entry *entry, const char *rule, const char *path, bool explained);

/* True when something typed is in no draft yet (of a finalised record: in no correction). */
bool entry_unsaved(const struct entry *entry);
enum status entry_save_draft(struct entry *entry, const char *cursor_path, struct error *err);
/* Milliseconds since the epoch of the last save, 0 when never. */
int64_t entry_saved_at(const struct entry *entry);
/* 後入力: real time of receipt (any spelling of date and time), paper number, who received it ("" =
 * the one who types) and reason, before 受付確定. E_EXISTS: that paper was taken in already. */
enum status entry_set_late(struct entry *entry, const char *received_at, const char *paper_no,
                           const char *receiver, const char *reason, struct error *err);
/* Field where the cursor was when the draft was saved; "" when unknown. */
const char *entry_cursor(const struct entry *entry);
/* Throws a draft away with its attachments (asked before by the caller). E_BUSY: open elsewhere. */
enum status entry_discard(struct session *session, const char *draft, struct error *err);
/* 保留: park with note and next contact date (ISO, may be ""). */
enum status entry_hold(struct entry *entry, const char *note, const char *next_contact,
                       struct error *err);

/* What 受付確定 gives back. */
struct receipt {
    char number[96]; /* 受付番号 */
    char slip[256];  /* path of the 受付票 */
    bool deficient;  /* 受付（不備あり） */
};
/* The 内容確認書 as text and as a file under print/; the caller frees *text. */
enum status entry_confirmation(struct entry *entry, char **text, char path[256], struct error *err);
/* 受付確定: number, put + act in one transaction, 受付票. Refused with E_RULE while an error stands
 * or a deficiency is not explained; the record is then unchanged. A person is linked: `person`
 * is a uuid, or "" for the one the entry was begun for, else a new one. */
enum status entry_finalise(struct entry *entry, const char *person, struct receipt *out,
                           struct error *err);
/* Save a correction of a finalised record. kind: applicant | clerk | ex_officio. */
enum status entry_correct(struct entry *entry, const char *kind, const char *reason,
                          struct error *err);

/* People who may be the same (重複候補), before 受付確定. Of two who were recorded as different
 * people only the one with more in common is among them. */
struct candidate {
    char *person; /* uuid */
    char *line;   /* name, birth date, address as one line */
    char *why;    /* 氏名カナと生年月日が同じ ... */
    bool likely;  /* name and birth date agree, not only what a household shares */
};
struct candidates {
    struct candidate *items;
    size_t count;
};
enum status entry_candidates(struct entry *entry, struct candidates *out, struct error *err);
void candidates_free(struct candidates *list);

#endif
