/*
 * people: finding somebody among many.
 *   people make DIR N [LOGIN]: N people come into the office DIR, every tenth with a registration
 *       as far as the numbers of the device reach. Their events are written as the counter writes
 *       them, many in one transaction.
 *   people find DIR N RUNS [LOGIN]: asks for people who are there, in each of the ways one asks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "form/definition.h"
#include "house.h"
#include "measure.h"
#include "office/catalogue.h"
#include "office/people.h"
#include "store/journal.h"
#include "store/numbers.h"

enum { AT_ONCE = 20000, CACHE_KIB = 1 << 20, FILED_EVERY = 10, FILED_MOST = 4000, PAGE = 20 };

struct making {
    struct house *house;
    char *device;
    char person_form[64], basic_form[64];
    const char *code;
    bool files; /* registrations too: a counter has numbers for them */
    unsigned long first, last, every;
};

static void add_person(struct strings *set, const struct person *p)
{
    map_set(set, "family_name", p->family);
    map_set(set, "given_name", p->given);
    map_set(set, "family_kana", p->family_kana);
    map_set(set, "given_kana", p->given_kana);
    map_set(set, "birth_date", p->birth);
    map_set(set, "prefecture", PERSON_PREFECTURE);
    map_set(set, "municipality", PERSON_MUNICIPALITY);
    map_set(set, "address", p->address);
    map_set(set, "phone", p->phone);
}

static enum status put(struct making *m, enum event_op op, const char *record, const char *form,
                       struct line *body, struct error *err)
{
    struct journal_entry entry = {op, record, form, body};
    return journal_append(office_store(m->house->office), session_keys(m->house->session), &entry,
                          NULL, err);
}

static enum status put_filed(struct making *m, const struct person *p, const char *person,
                             struct error *err)
{
    char id[UUID_SIZE], number[RECEIPT_NUMBER_SIZE], today[ISO_DATE_SIZE];
    struct office *office = m->house->office;
    uuid7_new(id);
    iso_date(today, clock_today());
    enum status st = numbers_take(office_store(office), office_registry(office), m->device, m->code,
                                  clock_today(), id, number, err);
    struct line body = event_body();
    struct strings *set = line_add_map(&body, "set");
    add_person(set, p);
    map_set(set, "person", person);
    map_set(set, "title", p->family);
    if (!st)
        st = put(m, OP_PUT, id, m->basic_form, &body, err);
    body = event_body();
    line_add_text(&body, "action", "finalise");
    set = line_add_map(&body, "set");
    map_set(set, "state", "received");
    map_set(set, "receipt_no", number);
    map_set(set, "received_on", today);
    return st ? st : put(m, OP_ACT, id, m->basic_form, &body, err);
}

static enum status make_batch(void *context, struct error *err)
{
    struct making *m = context;
    enum status st = OK;
    for (unsigned long i = m->first; !st && i < m->last; i++) {
        struct person p;
        char id[UUID_SIZE];
        person_make(&p, i);
        uuid7_new(id);
        struct line body = event_body();
        struct strings *set = line_add_map(&body, "set");
        add_person(set, &p);
        map_set(set, "state", "written");
        st = put(m, OP_PUT, id, m->person_form, &body, err);
        if (!st && i % m->every == 0 && m->files)
            st = put_filed(m, &p, id, err);
    }
    return st;
}

static void form_known(struct house *house, const char *id, char name[64], const char **code)
{
    const struct form *form;
    struct error err;
    must(catalogue_form(office_catalogue(house->office), id, 0, &form, &err), &err);
    snprintf(name, 64, "%s@%ld", form->id, form->version);
    *code = form->code;
}

static void make(const char *dir, unsigned long count, const char *login)
{
    struct house house;
    struct error err;
    const char *none;
    house_open(&house, dir, login);
    struct making m = {.house = &house, .device = journal_device(office_store(house.office))};
    m.files = strcmp(login, "yamada") == 0;
    form_known(&house, "person", m.person_form, &none);
    form_known(&house, "furusato_basic", m.basic_form, &m.code);
    database_many(store_database(office_store(house.office)), CACHE_KIB);
    m.every = count / FILED_MOST > FILED_EVERY ? count / FILED_MOST + 1 : FILED_EVERY;
    for (; m.first < count; m.first = m.last) {
        m.last = m.first + AT_ONCE < count ? m.first + AT_ONCE : count;
        must(store_transaction(office_store(house.office), make_batch, &m, &err), &err);
    }
    xfree(&m.device);
    house_close(&house);
}

/* --- Finding --- */

/* What somebody types who looks for p. */
static void ask_name(const struct person *p, char text[96])
{
    snprintf(text, 96, "%s", p->family);
}

static void ask_full_name(const struct person *p, char text[96])
{
    snprintf(text, 96, "%s%s", p->family, p->given);
}

static void ask_kana(const struct person *p, char text[96])
{
    snprintf(text, 96, "%s", p->family_kana);
}

static void ask_one_kanji(const struct person *p, char text[96])
{
    size_t len = (unsigned char)p->family[0] >= 0xf0 ? 4 : 3;
    snprintf(text, 96, "%.*s", (int)len, p->family);
}

static void ask_phone(const struct person *p, char text[96])
{
    snprintf(text, 96, "%s", p->phone);
}

static void ask_birth(const struct person *p, char text[96])
{
    snprintf(text, 96, "%s", p->birth);
}

static const struct way {
    const char *name;
    void (*ask)(const struct person *p, char text[96]);
    const char *bare; /* the same of a program that only has the table */
} ways[] = {
    {"find.name", ask_name, "SELECT record FROM search WHERE name LIKE '%'||?||'%' LIMIT 20"},
    {"find.full_name", ask_full_name,
     "SELECT record FROM search WHERE replace(name,' ','') LIKE '%'||?||'%' LIMIT 20"},
    {"find.one_kanji", ask_one_kanji,
     "SELECT record FROM search WHERE name LIKE '%'||?||'%' ORDER BY kana LIMIT 20"},
    {"find.kana", ask_kana, "SELECT record FROM search WHERE kana LIKE '%'||?||'%' LIMIT 20"},
    {"find.number", ask_phone, "SELECT record FROM search WHERE phone LIKE '%'||?||'%' LIMIT 20"},
    {"find.birth", ask_birth, "SELECT record FROM search WHERE birth LIKE '%'||?||'%' LIMIT 20"},
};

static void find(const char *dir, unsigned long count, unsigned long runs, const char *login)
{
    struct house house;
    struct error err;
    char *path = file_path(dir, "satomado.db"), text[96];
    struct sqlite3 *bare = bare_open(path, 1);
    house_open(&house, dir, login);
    for (size_t w = 0; w < ARRAY_LEN(ways); w++) {
        struct samples ours = {0}, theirs = {0};
        for (unsigned long r = 0; r < runs; r++) {
            struct person p;
            struct hits hits;
            person_make(&p, (r * 7919 + 13) % count);
            ways[w].ask(&p, text);
            double start = measure_now();
            must(people_search(house.session, text, 0, PAGE, &hits, &err), &err);
            samples_add(&ours, measure_now() - start);
            if (!hits.count)
                die("%s: \"%s\" was not found", ways[w].name, text);
            hits_free(&hits);
            if (r % 10)
                continue;
            start = measure_now();
            bare_query(bare, ways[w].bare, text);
            samples_add(&theirs, measure_now() - start);
        }
        char *name = xasprintf("%s.bare", ways[w].name);
        report_samples(ways[w].name, &ours);
        report_samples(name, &theirs);
        samples_free(&ours);
        samples_free(&theirs);
        xfree(&name);
    }
    house_close(&house);
    bare_close(bare);
    xfree(&path);
}

int main(int argc, char **argv)
{
    int code = house_child(argc, argv);
    if (code >= 0)
        return code;
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "make") == 0)
        make(argv[2], strtoul(argv[3], NULL, 10), argc == 5 ? argv[4] : "yamada");
    else if ((argc == 5 || argc == 6) && strcmp(argv[1], "find") == 0)
        find(argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
             argc == 6 ? argv[5] : "yamada");
    else
        die("people make DIR N [LOGIN] | people find DIR N RUNS [LOGIN]");
    return 0;
}
