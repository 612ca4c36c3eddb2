/*
 * Two counters of one office, the town and a laptop, as bare stores that exchange real bundles:
 * written, signed, encrypted and taken in as ever, only that the content is opened in this process.
 */
#ifndef TESTS_BUNDLE_FIXTURE_H
#define TESTS_BUNDLE_FIXTURE_H

#define FIXTURE_PLACES                                        \
    {"kiri1", "kirisawa", "counter", "clerk supervisor"},     \
        {"kiri2", "kirisawa", "counter", "clerk supervisor"}, \
        {"town", "town", "town", "reviewer admin"}, {"laptop", "kirisawa", "laptop", "clerk"},
#include "../store/store_fixture.h"

#include "bundle/apply.h"
#include "bundle/header.h"
#include "bundle/unpack.h"
#include "bundle/writer.h"

enum { COUNTER = 0, SECOND = 1, LAPTOP = 3 };

/* --- The stores --- */

/* One place's store, of its own for every test. */
static inline struct store *fresh(const char *test, size_t place)
{
    char *name = xasprintf("%s-%s", test, places[place].name);
    struct store *store = store_named(name, device_keys[place]);
    xfree(&name);
    return store;
}

static inline void one_record(struct store *store, size_t device, const char *phone)
{
    char id[UUID_SIZE];
    uuid7_new(id);
    put(store, device, id, NULL, SET("name", "桐生", "kana", "キリュウ", "phone", phone));
    put(store, device, id, "finalise", SET("state", "received"));
}

static inline int64_t events_of(struct store *store)
{
    int64_t n;
    database_int(store_database(store), NULL, &n, "SELECT count(*) FROM event", "");
    return n;
}

/* --- Closing: what the supervisor puts their name to --- */

struct day_closing {
    struct store *store;
    size_t device;
    const struct key_pair *actor; /* NULL = the device's user */
    struct event *out;            /* NULL allowed */
};

static inline enum status append_day_close(void *context, struct error *err)
{
    struct day_closing *c = context;
    struct user_keys keys = {user_keys_of[c->device], device_keys[c->device]};
    char head[HASH_HEX_SIZE];
    int64_t last, before;
    const char *device = keys.device->fingerprint;
    enum status st = journal_head(c->store, device, &last, head, err);
    if (!st)
        st = journal_last(c->store, device, OP_CLOSE, 1, last, &before, err);
    if (st)
        return st;
    if (c->actor)
        keys.user = (struct key_pair *)(uintptr_t)c->actor;
    struct line body = event_body();
    line_add_text(&body, "day", "2027-04-05");
    line_add_number(&body, "first", before + 1);
    line_add_number(&body, "last", last);
    line_add_text(&body, "head", head);
    line_add_map(&body, "counts");
    line_add_text(&body, "list", head);
    line_add_map(&body, "carried");
    struct journal_entry entry = {OP_CLOSE, NULL, NULL, &body};
    return journal_append(c->store, &keys, &entry, c->out, err);
}

static inline void close_day(struct store *store, size_t device)
{
    struct error err = {0};
    struct day_closing c = {store, device, NULL, NULL};
    must(store_transaction(store, append_day_close, &c, &err), &err);
    clock_set(clock_now() + 1000);
}

/* --- Sending --- */

static inline enum status send_chain(struct store *store, size_t device, bool all,
                                     struct bundle_written *out, struct error *err)
{
    struct user_keys keys = {user_keys_of[device], device_keys[device]};
    const struct bundle_order order = {.dir = fixture_dir, .all = all};
    return bundle_write_chain(store, &keys, &order, out, err);
}

/* Everything the town has, to one device; and how far it has its chain. */
static inline void send_down(struct store *store, size_t to, struct bundle_written *extract,
                             struct bundle_written *receipt)
{
    struct error err = {0};
    struct user_keys keys = {user_keys_of[TOWN], device_keys[TOWN]};
    const struct bundle_order order = {.dir = fixture_dir};
    struct strings records = STRINGS_INIT;
    struct statement *s;
    enum status st = database_query(store_database(store), &err, &s,
                                    "SELECT record FROM record ORDER BY record", "");
    while (!st && statement_next(s, &st, &err))
        strings_add(&records, statement_text(s, 0));
    statement_close(&s);
    must(st, &err);
    must(bundle_write_extract(store, &keys, &order, device_keys[to]->fingerprint, &records, extract,
                              &err),
         &err);
    must(bundle_write_receipt(store, &keys, &order, device_keys[to]->fingerprint, receipt, &err),
         &err);
    strings_free(&records);
}

static inline enum status take_in(struct store *store, size_t device, const char *file,
                                  struct bundle_applied *out, struct error *err)
{
    const struct key_pair *identity = device == TOWN ? root_key : device_keys[device];
    return bundle_apply(store, identity, file, out, err);
}

/* Taken in without a complaint. */
static inline struct bundle_applied taken(struct store *store, size_t place, const char *file)
{
    struct bundle_applied out;
    struct error err = {0};
    must(take_in(store, place, file, &out, &err), &err);
    return out;
}

/* One sentence, and nothing has changed. */
static inline void refused(struct store *store, size_t place, const char *file,
                           enum status expected, const char *why)
{
    struct bundle_applied out;
    struct error err = {0};
    int64_t before = events_of(store);
    enum status st = take_in(store, place, file, &out, &err);
    if (st != expected || !strstr(error_text(&err), why))
        fail_msg("%s (%s): %s, expected %s", file, status_name(st), error_text(&err), why);
    assert_int_equal(events_of(store), before);
    assert_null(strchr(error_text(&err), '\n'));
}

#endif
