/* What office asks: the one box, a person's records, people who may be the same. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/concealed.h"
#include "store/database.h"
#include "store/search_internal.h"
#include "store/store.h"
#include "text/era.h"
#include "text/fold.h"
#include "text/kana.h"

#define COLUMNS \
    "s.record,s.form,s.person,s.receipt_no,s.name,s.kana,s.birth,s.address,s.phone,s.is_person"
/* A person who is somebody else's twin is found through the other; nobody sees a hidden one. */
#define VISIBLE " s.merged_into='' AND (?2 OR s.record NOT IN " CONCEALED ")"

static void hit_free(struct search_hit *h)
{
    char **texts[] = {&h->record, &h->form,  &h->person,  &h->receipt_no, &h->name,
                      &h->kana,   &h->birth, &h->address, &h->phone};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
}

void search_hits_free(struct search_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++)
        hit_free(&hits->items[i]);
    xfree(&hits->items);
    hits->count = 0;
}

static void read_hit(struct statement *s, struct search_hit *h)
{
    *h = (struct search_hit){0};
    char **texts[] = {&h->record, &h->form,  &h->person,  &h->receipt_no, &h->name,
                      &h->kana,   &h->birth, &h->address, &h->phone};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = xstrdup(statement_text(s, (int)i));
    h->is_person = statement_int(s, 9) != 0;
}

static enum status collect(struct statement *s, long limit, struct search_hits *out,
                           struct error *err)
{
    enum status st = OK;
    while (!st && statement_next(s, &st, err)) {
        if (limit >= 0 && (long)out->count == limit) {
            out->more = true;
            break;
        }
        out->items = xroom(out->items, out->count, sizeof *out->items);
        read_hit(s, &out->items[out->count++]);
    }
    statement_close(&s);
    return st;
}

/* --- The one box --- */

enum how { BY_DIGITS, BY_KANA, BY_NUMBER, BY_TEXT };

static const char *const queries[] = {
    /* Each arm of the OR has its own index, from which blank keys are left out, and says so; a day
     * of birth is a word among the pieces of names. */
    [BY_DIGITS] = "SELECT " COLUMNS " FROM search s WHERE ("
                  "s.number_key<>'' AND s.number_key>=?1 AND s.number_key<?3"
                  " OR s.phone_key<>'' AND s.phone_key>=?1 AND s.phone_key<?3"
                  " OR s.postcode_key<>'' AND s.postcode_key>=?1 AND s.postcode_key<?3"
                  " OR s.number_run<>'' AND s.number_run>=?1 AND s.number_run<?3"
                  " OR s.receipt_no<>'' AND s.receipt_no=?5"
                  " OR s.id IN (SELECT rowid FROM search_name_gram"
                  " WHERE search_name_gram MATCH 'b'||?1||' OR b'||?4)) AND" VISIBLE
                  " ORDER BY s.is_person DESC, s.sort, s.record LIMIT ?6 OFFSET ?7",
    [BY_KANA] =
        "SELECT " COLUMNS " FROM search s WHERE s.kana_key>=?1 AND s.kana_key<?3 AND" VISIBLE
        " ORDER BY s.kana_key, s.is_person DESC, s.record LIMIT ?6 OFFSET ?7",
    /* A part of a receipt number; ?4: its code and what follows, where it begins with the place. */
    [BY_NUMBER] = "SELECT " COLUMNS " FROM search s WHERE ("
                  "s.number_text<>'' AND s.number_text>=?1 AND s.number_text<?3"
                  " OR s.number_tail<>'' AND s.number_tail>=?1 AND s.number_tail<?3"
                  " OR s.receipt_no<>'' AND s.receipt_no=?5"
                  " OR ?4<>'' AND s.number_tail<>'' AND s.number_tail>=?4 AND"
                  " s.number_tail<?4||char(1114111) AND instr(s.number_text,?1)) AND" VISIBLE
                  " ORDER BY s.number_tail, s.number_text, s.record LIMIT ?6 OFFSET ?7",
};

/* Text is looked for in one place after another; nobody stands in two. Where a piece is one of very
 * many, sorting them all would take longer than reading any page: they come as they were entered.
 */
#define BEGINS "(s.name_key>=?1 AND s.name_key<?3)"
#define NAMED  "(instr(s.name_key,?1) OR instr(s.kana_key,?1))"
#define AMONG(set) \
    " FROM " set " g CROSS JOIN search s ON s.id=g.rowid WHERE g." set " MATCH ?4 AND "

static const struct place {
    const char *grams; /* the index of pieces, NULL = there is a better one */
    const char *from, *order;
} places[] = {
    {NULL, " FROM search s WHERE " BEGINS " AND" VISIBLE,
     " ORDER BY s.name_key, s.is_person DESC, s.sort, s.record"},
    {"search_name_gram", AMONG("search_name_gram") NAMED " AND NOT " BEGINS " AND" VISIBLE,
     " ORDER BY s.is_person DESC, s.sort, s.record"},
    {"search_address_gram",
     AMONG("search_address_gram") "instr(s.address_key,?1) AND NOT " NAMED " AND" VISIBLE,
     " ORDER BY s.is_person DESC, s.sort, s.record"},
};

enum { MANY = 2000 };

static enum how how_of(const char *key)
{
    bool digits = *key;
    for (const char *p = key; *p; p++)
        digits = digits && (isdigit((unsigned char)*p) || *p == '-');
    return digits ? BY_DIGITS : kana_is_hiragana(key) ? BY_KANA : BY_TEXT;
}

/* The least text above every text that begins with `prefix`. */
static char *after(const char *prefix)
{
    return xasprintf("%s\xf4\x8f\xbf\xbf", prefix);
}

/* Typed era dates ask for the day. */
static char *birth_digits(const char *text)
{
    struct date day;
    char iso[ISO_DATE_SIZE];
    if (era_parse(text, 0, clock_today(), &day, NULL))
        return xstrdup("0");
    iso_date(iso, day);
    return search_digits(iso);
}

/* All pairs of the text; of a single letter itself. */
static char *match_of(const char *key)
{
    struct buffer grams = BUFFER_INIT, out = BUFFER_INIT;
    struct strings words = STRINGS_INIT;
    search_grams(key, &grams);
    strings_split(&words, buffer_text(&grams), ' ');
    bool single = words.count == 2; /* " x9727" */
    for (size_t i = 0; i < words.count; i++)
        if (*words.items[i] && (single || strchr(words.items[i] + 1, 'x')))
            buffer_printf(&out, "%s%s", out.len ? " AND " : "", words.items[i]);
    strings_free(&words);
    buffer_free(&grams);
    return buffer_steal(&out);
}

struct asking {
    struct store *store;
    const char *text, *key;
    bool hidden;
    long offset, limit; /* limit < 0: all */
    struct search_hits *out;
};

static enum status run(const struct asking *a, const char *sql, const char *fourth, long offset,
                       long limit, struct statement **s, struct error *err)
{
    char *end = after(a->key);
    enum status st =
        database_query(store_database(a->store), err, s, sql, "titttii", a->key, (int64_t)a->hidden,
                       end, fourth, a->text, (int64_t)limit, (int64_t)offset);
    xfree(&end);
    return st;
}

/* "in-00002" of "霧沢-in-00002"; "" where there is no such part. */
static char *code_part(const char *key)
{
    const char *at = strchr(key, '-');
    while (at && !islower((unsigned char)at[1]))
        at = strchr(at + 1, '-');
    return xstrdup(at ? at + 1 : "");
}

static enum status ask(const struct asking *a, enum how how, struct error *err)
{
    struct statement *s;
    char *fourth = how == BY_NUMBER ? code_part(a->key) : birth_digits(a->text);
    enum status st =
        run(a, queries[how], fourth, a->offset, a->limit < 0 ? -1 : a->limit + 1, &s, err);
    xfree(&fourth);
    return st ? st : collect(s, a->limit, a->out, err);
}

/* --- Text: names that begin with it, names and readings with it inside, addresses --- */

static enum status is_many(struct store *store, const struct place *place, const char *match,
                           bool *many, struct error *err)
{
    int64_t count = 0;
    char *sql = xasprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s MATCH ? LIMIT %d)",
                          place->grams, place->grams, MANY + 1);
    enum status st = database_int(store_database(store), err, &count, sql, "t", match);
    xfree(&sql);
    *many = count > MANY;
    return st;
}

static enum status count_place(const struct asking *a, const struct place *place, const char *match,
                               long *total, struct error *err)
{
    struct statement *s;
    char *sql = xasprintf("SELECT count(*)%s", place->from);
    enum status st = run(a, sql, match, 1, 1, &s, err);
    *total = !st && statement_next(s, &st, err) ? (long)statement_int(s, 0) : 0;
    statement_close(&s);
    xfree(&sql);
    return st;
}

/* What of the page is there; *before: how many there are in the places before it, and then in this
 * one too as long as the page is not full. */
static enum status ask_place(const struct asking *a, const struct place *place, const char *match,
                             long *before, struct error *err)
{
    struct statement *s;
    bool many = false;
    long first = a->offset > *before ? a->offset - *before : 0, had = (long)a->out->count;
    enum status st = place->grams ? is_many(a->store, place, match, &many, err) : OK;
    if (st)
        return st;
    char *sql = xasprintf("SELECT " COLUMNS "%s%s LIMIT ?6 OFFSET ?7", place->from,
                          many ? " ORDER BY g.rowid" : place->order);
    st = run(a, sql, match, first, a->limit < 0 ? -1 : a->limit - had + 1, &s, err);
    xfree(&sql);
    if (!st)
        st = collect(s, a->limit, a->out, err);
    long got = (long)a->out->count - had, total = first + got;
    if (!st && !a->out->more && first && !got)
        st = count_place(a, place, match, &total, err);
    *before += total;
    return st;
}

static enum status ask_text(const struct asking *a, struct error *err)
{
    char *match = match_of(a->key);
    long before = 0;
    enum status st = OK;
    for (size_t i = 0; !st && !a->out->more && i < ARRAY_LEN(places); i++)
        st = ask_place(a, &places[i], match, &before, err);
    xfree(&match);
    return st;
}

enum status search_query(struct store *store, const char *text, bool hidden, long offset,
                         long limit, struct search_hits *out, struct error *err)
{
    int64_t start = clock_mono();
    char *key = fold_text(text);
    enum how how = how_of(key);
    *out = (struct search_hits){0};
    if (how == BY_DIGITS) {
        char *digits = search_digits(text);
        xfree(&key);
        key = digits;
    }
    if (!*key) { /* nothing was asked */
        xfree(&key);
        return OK;
    }
    struct asking a = {store, text, key, hidden, offset, limit, out};
    enum status st = how == BY_TEXT ? ask_text(&a, err) : ask(&a, how, err);
    /* A reading that begins nowhere may stand inside one, or in a name written in kana. */
    if (!st && how == BY_KANA && !out->count && !offset)
        st = ask_text(&a, err);
    a.key = "\xf4\x8f\xbf\xbf";
    if (!st && how != BY_DIGITS && !out->count && !offset)
        st = ask(&a, BY_DIGITS, err);
    a.key = key;
    if (!st && how != BY_DIGITS && !out->count && !offset)
        st = ask(&a, BY_NUMBER, err);
    xfree(&key);
    if (st)
        search_hits_free(out);
    out->milliseconds = (double)(clock_mono() - start);
    return st;
}

/* --- People --- */

enum status search_of_person(struct store *store, const char *person, struct search_hits *out,
                             struct error *err)
{
    struct statement *s;
    *out = (struct search_hits){0};
    enum status st = database_query(
        store_database(store), err, &s,
        "WITH RECURSIVE same(id) AS (VALUES(?1) UNION SELECT t.record FROM search t, same"
        " WHERE t.merged_into=same.id AND t.merged_into<>'' AND t.is_person)"
        " SELECT " COLUMNS " FROM search s JOIN same ON s.person=same.id WHERE NOT s.is_person"
        " ORDER BY s.record DESC",
        "t", person);
    return st ? st : collect(s, -1, out, err);
}

enum status search_person(struct store *store, const char *person, char out[37], struct error *err)
{
    enum status st = OK;
    snprintf(out, 37, "%s", person);
    for (int i = 0; !st && i < 100; i++) { /* a ring of 同一人物 ends somewhere */
        char *next = NULL;
        st = database_string(store_database(store), err, &next,
                             "SELECT merged_into FROM search WHERE record=? AND merged_into<>''",
                             "t", out);
        if (!next)
            break;
        snprintf(out, 37, "%s", next);
        xfree(&next);
    }
    return st;
}

void search_candidates_free(struct search_candidates *list)
{
    for (size_t i = 0; i < list->count; i++)
        hit_free(&list->items[i].hit);
    xfree(&list->items);
    list->count = 0;
}

enum status search_candidates(struct store *store, const char *kana, const char *birth,
                              const char *phone, const char *address, const char *except,
                              bool hidden, long limit, struct search_candidates *out,
                              struct error *err)
{
    struct statement *s;
    char *kana_key = fold_text(kana), *address_key = fold_text(address);
    char *birth_key = search_digits(birth), *phone_key = search_digits(phone);
    *out = (struct search_candidates){0};
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT " COLUMNS ", (s.kana_key=?1 AND s.birth_key=?3 AND ?1<>'' AND ?3<>'')"
        " + 2*(s.phone_key=?4 AND ?4<>'') + 4*(s.address_key=?5 AND ?5<>'') AS same FROM search s"
        " WHERE s.is_person AND s.record<>?6 AND (s.kana_key=?1 AND ?1<>'' OR s.phone_key=?4 AND"
        " s.phone_key<>'') AND" VISIBLE
        " AND same ORDER BY same&1 DESC, same DESC, s.sort LIMIT ?7",
        "titttti", kana_key, (int64_t)hidden, birth_key, phone_key, address_key, except,
        (int64_t)limit);
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        read_hit(s, &out->items[out->count].hit);
        out->items[out->count++].same = (unsigned)statement_int(s, 10);
    }
    statement_close(&s);
    xfree(&kana_key);
    xfree(&address_key);
    xfree(&birth_key);
    xfree(&phone_key);
    return st;
}
