/*
 * office/people: finding somebody and seeing everything about them (人物).
 */
#ifndef OFFICE_PEOPLE_H
#define OFFICE_PEOPLE_H

#include "office/session.h"
#include "office/worklist.h"

struct hit {
    char *id;
    bool is_person;
    char *title; /* name */
    char *kana;
    char *detail; /* birth date, address / form, receipt number, state */
};

struct hits {
    struct hit *items;
    size_t count;
    bool more;
    double milliseconds;
};

/* One box: digits, kana, kanji. Protected persons are found by the supervisor only. */
enum status people_search(struct session *session, const char *text, long offset, long limit,
                          struct hits *out, struct error *err);
void hits_free(struct hits *hits);

struct person_page {
    char *id;
    char *name;
    char *kana;
    char *birth; /* 和暦 with age */
    char *address;
    char *phone;
    bool protected; /* 閲覧制限: shown to the supervisor only */
    struct worklist_rows records;
};

/* Writes a `read` event. */
enum status people_load(struct session *session, const char *person, struct person_page *out,
                        struct error *err);
void person_page_free(struct person_page *page);

/* Same person / somebody else, with a reason. */
enum status people_same(struct session *session, const char *keep, const char *other,
                        const char *reason, struct error *err);
enum status people_other(struct session *session, const char *a, const char *b, const char *reason,
                         struct error *err);

#endif
