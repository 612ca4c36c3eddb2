/*
 * office/worklist: the lists of work to do (作業一覧), with counts for the menu.
 */
#ifndef OFFICE_WORKLIST_H
#define OFFICE_WORKLIST_H

#include "office/session.h"

struct worklist_row {
    char *id;     /* record or draft uuid */
    char *number; /* 受付番号 or 未付番 */
    char *form;   /* title */
    char *title;  /* person or name */
    char *state;  /* label */
    char *stage;  /* 未送信, 送付済, 町到達, "" for drafts */
    char *when;   /* ISO date or time that matters for this list */
    char *note;
    char *mark;    /* 期限: "超過3日", "あと2日" ..., to stand before the line; "" = none */
    char *due;     /* its day, ISO */
    char *left;    /* days to it, "-3" = three over */
    char *detail;  /* text to be read before the record is opened, "" = none */
    char *other;   /* 重複候補: the other person of the pair, "" = none */
    bool is_draft; /* id is a draft */
    bool is_person; /* id is a person */
};

struct worklist_rows {
    struct worklist_row *items;
    size_t count;
    long total; /* rows there are, of which items is one page */
};

/* Name of the list of records that were kept long enough; the town's administrator disposes. */
#define WORKLIST_KEPT      "kept"
#define WORKLIST_REVIEW    "review"
#define WORKLIST_REMINDERS "reminders" /* 督促 */
#define WORKLIST_PROTECTED "protected" /* 閲覧制限 */

struct worklist {
    char *name;  /* "drafts", "returned", ... or "FORM.NAME" of the list a form has */
    char *title; /* user text, already translated */
};
struct worklists {
    struct worklist *items;
    size_t count;
};

/* The lists this place has: the program's own, then those of the forms. */
enum status worklist_all(struct session *session, struct worklists *out, struct error *err);
void worklists_free(struct worklists *list);
enum status worklist_count(struct session *session, const char *name, long *out, struct error *err);
enum status worklist_load(struct session *session, const char *name, long offset, long limit,
                          struct worklist_rows *out, struct error *err);
void worklist_rows_free(struct worklist_rows *rows);

#endif
