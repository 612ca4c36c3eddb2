/*
 * store/search: finding people and records by what somebody remembers of them (検索), and the
 * lookups that start from a person. Office asks; the projection tells it about every record inside
 * the transaction of the event.
 *
 * What was typed is never changed: search columns hold folded copies. Every list comes in the
 * order of ICU's Japanese sort keys. Everything here can be made again from the projection.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/strings.h"

struct store;

/* `search:` of a form's field. */
enum search_kind {
    SEARCH_NONE,
    SEARCH_NAME,
    SEARCH_KANA,
    SEARCH_ADDRESS,
    SEARCH_PHONE,
    SEARCH_POSTCODE,
    SEARCH_BIRTH,
    SEARCH_NUMBER,
};
#define SEARCH_KINDS (SEARCH_NUMBER + 1)
/* "name" -> SEARCH_NAME; SEARCH_NONE for anything else. */
enum search_kind search_kind_of(const char *name);

/* --- Told by the projection --- */

struct search_value {
    enum search_kind kind;
    const char *group; /* merge group and repeat row: values of one group are one name; may be "" */
    const char *value; /* as stored */
};

struct search_record {
    const char *record; /* uuid */
    const char *form;
    const char *person; /* uuid of the person it belongs to, "" when none */
    const char *receipt_no;
    const char *not_same;    /* people it is known to be other than, with blanks between */
    const char *merged_into; /* a person that is the same as another one, else "" */
    bool is_person;
    bool hidden; /* 閲覧制限 of a person: nobody but the supervisor finds them or their records */
    /* In the order of the form's fields; the first group of each kind is shown in lists. */
    const struct search_value *values;
    size_t count;
};

/* Makes the record findable as it stands now; inside the caller's transaction. */
enum status search_put(struct store *store, const struct search_record *record, struct error *err);
/* Disposed of. */
enum status search_remove(struct store *store, const char *record, struct error *err);
/* Before a rebuild; the caller then puts every record again. */
enum status search_clear(struct store *store, struct error *err);
/* After a disposal: no word of it stays in the index. */
enum status search_optimize(struct store *store, struct error *err);
/* Makes all sort keys anew when another collator than this program's has made them (a newer ICU);
 * else nothing. Whoever begins to work with the store calls it once. */
enum status search_renew(struct store *store, struct error *err);

/* --- Asked by office --- */

struct search_hit {
    char *record;
    char *form;
    char *person; /* the person it leads to (through 同一人物), "" when none */
    bool is_person;
    char *receipt_no;
    char *name;
    char *kana;
    char *birth; /* ISO date or what stands there */
    char *address;
    char *phone;
};

struct search_hits {
    struct search_hit *items;
    size_t count;
    bool more;           /* there are hits after this page */
    double milliseconds; /* it took */
};
void search_hits_free(struct search_hits *hits);

/* One box: digits ask receipt numbers, birth dates, phones and postcodes; kana asks readings, then
 * names and addresses; anything else names, then addresses. `hidden`: the asker may see protected
 * people. */
enum status search_query(struct store *store, const char *text, bool hidden, long offset,
                         long limit, struct search_hits *out, struct error *err);

/* Records that belong to a person, those of merged persons included, newest first. */
enum status search_of_person(struct store *store, const char *person, struct search_hits *out,
                             struct error *err);
/* The person one stands for: follows 同一人物 to its end; `person` itself when it leads nowhere. */
enum status search_person(struct store *store, const char *person, char out[37], struct error *err);

/* Why somebody may be the same person. */
enum search_same {
    SAME_KANA_BIRTH = 1,
    SAME_PHONE = 2,
    SAME_ADDRESS = 4,
};

struct search_candidate {
    struct search_hit hit; /* a person */
    unsigned same;         /* of enum search_same */
};
struct search_candidates {
    struct search_candidate *items;
    size_t count;
};
void search_candidates_free(struct search_candidates *list);

/* People that may be this one (重複候補), those with most in common first, at most `limit`. The
 * strings may be "" (not asked by). `except`: a person left out, or "". */
enum status search_candidates(struct store *store, const char *kana, const char *birth,
                              const char *phone, const char *address, const char *except,
                              bool hidden, long limit, struct search_candidates *out,
                              struct error *err);

/* --- People that may be one and the same (重複候補) --- */

struct search_twin {
    char *a, *b;   /* people */
    unsigned same; /* of enum search_same */
};
struct search_twins {
    struct search_twin *items;
    size_t count;
    long total;
};
/* Pairs nobody has judged, those with name and birthday in common first. `hidden`: the asker may
 * see protected people. limit < 0 = all. Only the total when limit is 0. */
enum status search_twins(struct store *store, bool hidden, long offset, long limit,
                         struct search_twins *out, struct error *err);
void search_twins_free(struct search_twins *list);

#endif
