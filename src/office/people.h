/*
 * office/people: finding somebody and seeing everything about them (人物).
 */
#ifndef OFFICE_PEOPLE_H
#define OFFICE_PEOPLE_H

#include "office/person_lines.h"
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

/* One box: digits, kana, kanji, or a code read from a card. Protected persons are found by the
 * supervisor only. */
enum status people_search(struct session *session, const char *text, long offset, long limit,
                          struct hits *out, struct error *err);
void hits_free(struct hits *hits);

struct person_page {
    char *id;
    char *name;
    char *kana;
    char *birth;               /* 和暦 with age */
    struct strings reach;      /* label, value, ...: where they live and how they are reached */
    bool protected;            /* 閲覧制限: shown to nobody else but who may see them */
    bool withheld;             /* `reach` is not told */
    struct person_facts facts; /* 期日・他団体の登録, of its records */
    struct worklist_rows records;
};

/* Writes a `read` event. whole: also how a protected person is reached. */
enum status people_load(struct session *session, const char *person, bool whole,
                        struct person_page *out, struct error *err);
void person_page_free(struct person_page *page);

/* 閲覧制限: from now on nobody but who may see protected people finds this one, whoever is the same
 * person, or a record of them. `until`: a day in any spelling, from today on; the restriction does
 * not end by itself, it comes to a list. NULL ends it. Papers that name them go out of print/.
 * E_DENIED for anybody else. */
enum status people_protect(struct session *session, const char *person, const char *until,
                           const char *reason, struct error *err);

/* Same person / somebody else, with a reason. */
enum status people_same(struct session *session, const char *keep, const char *other,
                        const char *reason, struct error *err);
enum status people_other(struct session *session, const char *a, const char *b, const char *reason,
                         struct error *err);

#endif
