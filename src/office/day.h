/*
 * office/day: closing a day (日締め).
 *
 * A supervisor sees what was finalised, which drafts are open and whose, which cases are held;
 * hands over or carries the drafts with a reason; closes: a `close` event signed with their own
 * key, the bundle written, read back and verified, the 日計表 made. Closing again (entries made
 * later for the same day) makes a 追加便, never a second number for the same record.
 */
#ifndef OFFICE_DAY_H
#define OFFICE_DAY_H

#include "base/strings.h"
#include "office/session.h"

struct day_form {
    char *form;
    char *title;
    long finalised;
    long deficient;
};

struct day_draft {
    char *draft;
    char *form_title;
    char *title; /* the person as far as typed */
    char *owner; /* login */
    char *owner_name;
    char *saved_at; /* ISO time */
    char *carried;  /* reason when carried for this day, else "" */
    bool held;      /* 保留: does not block */
    char *note;     /* of a hold */
};

struct day_record {
    char *record;
    char *receipt_no;
    char *form_title;
    char *title;
    char *received_at;
    bool deficient;
    bool late;      /* 後入力 */
    bool protected; /* 閲覧制限: no name on paper */
};

struct day {
    struct date date;
    bool closed;   /* a close event covers everything there is */
    long closings; /* how many closes there are for the day */
    struct day_form *forms;
    size_t form_count;
    struct day_record *records;
    size_t record_count;
    struct day_record *entered; /* 後入力 of this day: received on another day before */
    size_t entered_count;
    struct day_draft *drafts;
    size_t draft_count;
    int64_t closed_to;      /* the last event its closings cover; 0 */
    long blocking;          /* drafts neither held nor carried */
    struct strings earlier; /* ISO days before it with records and without a closing */
};

enum status day_load(struct session *session, struct date date, struct day *out, struct error *err);
void day_free(struct day *day);

enum status day_hand_over(struct session *session, const char *draft, const char *login,
                          struct error *err);
enum status day_carry(struct session *session, struct date date, const char *draft,
                      const char *reason, struct error *err);

struct day_result {
    char bundle[512];               /* path of the written bundle */
    char sheet[512];                /* path of the 日計表 */
    char hash[16];                  /* short hash printed on it */
    char attachments[512];          /* the bundle with the day's attachments; "" when it has none */
    char attachments_problem[1024]; /* why it was not written: the next bundle brings them */
    long number;                    /* of the bundle */
    long records;
    bool again;                /* 追加便 */
    char backup[512];          /* path of the database's backup (控え); "" when it failed */
    char backup_problem[1024]; /* why; the day is closed all the same */
};

struct transfer_order;

/* Called between steps (done of total, what); return false to stop before anything is final. */
typedef bool (*day_progress)(void *arg, long done, long total, const char *what);

/* E_RULE names every draft that keeps the day open, and its owner. */
enum status day_closable(const struct day *day, struct error *err);
/* Closes the day, writes the bundle as `to` says (NULL, or no folder in it: the setting's or
 * bundles/out) and makes a backup. E_RULE as day_closable. E_NOT_FOUND when all of it is closed and
 * in a bundle already. */
enum status day_close(struct session *session, struct date date, const struct transfer_order *to,
                      day_progress progress, void *arg, struct day_result *out, struct error *err);

#endif
