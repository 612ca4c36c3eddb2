/*
 * store/draft: what is typed but not finalised (下書き), and cases that wait for somebody (保留).
 * Kept in DIR/drafts.db, apart from the journal. Office's entry, day and worklists call it.
 *
 * A draft has the uuid its record will have. That settles a crash between 受付確定 and the deletion
 * of the draft: a draft whose record is in the journal is never opened or listed again, and is
 * deleted when it is met. While a draft is open in a process it is leased to that process; the
 * lease of a process that has ended is free.
 *
 * No 個人番号 comes in here: this is the last gate for every value, title and note.
 */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct store;
struct drafts;

/* The store is asked which drafts are records already; it must outlive the drafts. `place` is what
 * others are told when a draft is open here ("窓口1"). */
enum status drafts_open(const char *dir, struct store *store, const char *place,
                        struct drafts **out, struct error *err);
/* Gives back every lease of this process. */
void drafts_free(struct drafts **drafts);

/* What a draft is, without its values. */
struct draft {
    char *id;   /* uuid of draft and record */
    char *form; /* "id@version" */
    char *title;
    char *owner;      /* login */
    char *person;     /* whom it was begun for, "" when for nobody known */
    char *created_at; /* ISO times */
    char *saved_at;
    char *cursor; /* path of the field, "" when unknown */
    bool held;    /* 保留 */
    char *note;
    char *next_contact; /* ISO date or "" */
    char *carried_on;   /* ISO date of the close it was carried over, or "" */
    char *carried_reason;
    char *open_at; /* place and user that has it open in another process, else "" */
};
struct draft_list {
    struct draft *items;
    size_t count;
};
void draft_free(struct draft *draft);
void draft_list_free(struct draft_list *list);

struct draft_value {
    char *path;
    char *value;
};
struct draft_values {
    struct draft_value *items;
    size_t count;
};
void draft_values_free(struct draft_values *values);

/* One change of a value. */
struct draft_change {
    const char *path;
    const char *value; /* NULL or "" takes it away */
    /* The field's type cannot hold an individual number (date, datetime, tel, corporate number,
     * made by the program): its digits are not questioned. */
    bool plain_digits;
    /* The field was left and its checks passed. Before that a run of 9 or more digits is not
     * saved: the value saved before stays. */
    bool confirmed;
};

/* What one save writes. NULL leaves as it was (owner is needed the first time, form always: a draft
 * may have gone over to a newer version). */
struct draft_save {
    const char *id;
    const char *form;
    const char *owner;
    const char *title;
    const char *cursor;
    const struct draft_change *changes;
    size_t count;
};

/* One durable transaction; the first save makes the draft and leases it to this process.
 * E_INVALID (field = path): an individual number; nothing at all was written. E_CONFLICT: somebody
 * else has taken the draft over. E_EXISTS: the record is finalised. *left (may be NULL) tells how
 * many values wait for confirmation. */
enum status draft_save(struct drafts *drafts, const struct draft_save *save, size_t *left,
                       struct error *err);

/* Leases a draft to this process and reads it. E_BUSY names the place and user that has it open;
 * E_EXISTS: it is finalised (and gone from here). `user` is the login who opens it. */
enum status draft_open(struct drafts *drafts, const char *id, const char *user, struct draft *out,
                       struct draft_values *values, struct error *err);
/* Reads without a lease (lists, day close). */
enum status draft_read(struct drafts *drafts, const char *id, struct draft *out,
                       struct draft_values *values, struct error *err);
/* Gives the lease back. */
enum status draft_close(struct drafts *drafts, const char *id, struct error *err);
/* After 受付確定, or thrown away by the user. Deleting what is not there is OK. */
enum status draft_delete(struct drafts *drafts, const char *id, struct error *err);

/* 保留 with note and date of the next contact (ISO or ""); the lease is given back. */
enum status draft_hold(struct drafts *drafts, const char *id, const char *note,
                       const char *next_contact, struct error *err);
/* Back to an ordinary draft. */
enum status draft_unhold(struct drafts *drafts, const char *id, struct error *err);
/* 引継ぎ. E_BUSY while it is open in another living process. */
enum status draft_hand_over(struct drafts *drafts, const char *id, const char *login,
                            struct error *err);
/* Carried over the close of a day with a reason. */
enum status draft_carry(struct drafts *drafts, const char *id, const char *day, const char *reason,
                        struct error *err);

/* Some draft has this value in some field: the hash of a file that must stay. */
bool drafts_hold_value(struct drafts *drafts, const char *value);

enum draft_filter { DRAFTS_ALL, DRAFTS_OPEN, DRAFTS_HELD };
/* owner NULL = everybody's. Drafts by time of saving, holds by next contact (none = last). */
enum status draft_list(struct drafts *drafts, enum draft_filter filter, const char *owner,
                       struct draft_list *out, struct error *err);
enum status draft_count(struct drafts *drafts, long *open, long *held, struct error *err);

#endif
