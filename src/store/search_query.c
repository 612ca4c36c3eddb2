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
        out->items = xreallocarray(out->items, out->count + 1, sizeof *out->items);
        read_hit(s, &out->items[out->count++]);
    }
    statement_close(&s);
    return st;
}

/* --- The one box --- */

enum how { BY_DIGITS, BY_KANA, BY_TEXT };

static const char *const queries[] = {
    /* Each arm of the OR has its own index. */
    [BY_DIGITS] = "SELECT " COLUMNS " FROM search s WHERE (s.number_key>=?1 AND s.number_key<?3"
                  " OR s.phone_key>=?1 AND s.phone_key<?3"
                  " OR s.postcode_key>=?1 AND s.postcode_key<?3 OR s.birth_key=?1"
                  " OR s.birth_key=?4 OR s.receipt_no=?5) AND" VISIBLE
                  " ORDER BY s.is_person DESC, s.sort, s.record LIMIT ?6 OFFSET ?7",
    [BY_KANA] =
        "SELECT " COLUMNS " FROM search s WHERE s.kana_key>=?1 AND s.kana_key<?3 AND" VISIBLE
        " ORDER BY s.kana_key, s.is_person DESC, s.record LIMIT ?6 OFFSET ?7",
    [BY_TEXT] = "SELECT " COLUMNS " FROM search s WHERE s.id IN (SELECT rowid FROM search_name_gram"
                " WHERE search_name_gram MATCH ?4 UNION SELECT rowid FROM search_address_gram"
                " WHERE search_address_gram MATCH ?4) AND (instr(s.name_key,?1) OR"
                " instr(s.kana_key,?1) OR instr(s.address_key,?1)) AND" VISIBLE
                " ORDER BY s.is_person DESC, s.sort, s.record LIMIT ?6 OFFSET ?7",
};

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
        return xstrdup("-");
    iso_date(iso, day);
    return search_digits(iso);
}

static char *match_of(const char *key)
{
    struct buffer grams = BUFFER_INIT, out = BUFFER_INIT;
    struct strings words = STRINGS_INIT;
    search_grams(key, &grams);
    strings_split(&words, buffer_text(&grams), ' ');
    for (size_t i = 0; i < words.count; i++)
        if (*words.items[i])
            buffer_printf(&out, "%s%s", out.len ? " AND " : "", words.items[i]);
    strings_free(&words);
    buffer_free(&grams);
    return buffer_steal(&out);
}

static enum status ask(struct store *store, enum how how, const char *text, const char *key,
                       bool hidden, long offset, long limit, struct search_hits *out,
                       struct error *err)
{
    struct statement *s;
    char *end = after(key), *fourth = how == BY_TEXT ? match_of(key) : birth_digits(text);
    enum status st = database_query(store_database(store), err, &s, queries[how], "titttii", key,
                                    (int64_t)hidden, end, fourth, text,
                                    (int64_t)(limit < 0 ? -1 : limit + 1), (int64_t)offset);
    xfree(&end);
    xfree(&fourth);
    return st ? st : collect(s, limit, out, err);
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
    enum status st = ask(store, how, text, key, hidden, offset, limit, out, err);
    /* A reading that begins nowhere may stand inside one, or in a name written in kana. */
    if (!st && how == BY_KANA && !out->count && !offset)
        st = ask(store, BY_TEXT, text, key, hidden, offset, limit, out, err);
    if (!st && how != BY_DIGITS && !out->count && !offset)
        st = ask(store, BY_DIGITS, text, "\xf4\x8f\xbf\xbf", hidden, offset, limit, out, err);
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
        " ?4<>'') AND" VISIBLE " AND same ORDER BY same&1 DESC, same DESC, s.sort LIMIT ?7",
        "titttti", kana_key, (int64_t)hidden, birth_key, phone_key, address_key, except,
        (int64_t)limit);
    while (!st && statement_next(s, &st, err)) {
        out->items = xreallocarray(out->items, out->count + 1, sizeof *out->items);
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
