/*
 * Stores without an office: a registry with three devices (two counters and the town), one form
 * known by its schema, and events written straight into the journal.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/random.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/record.h"
#include "store/registry.h"
#include "store/search.h"

/* Name, office, role of the device; roles of its user. Others may be asked for before this is
 * included; the town is the third. */
#ifndef FIXTURE_PLACES
#define FIXTURE_PLACES                                                                  \
    {"kirisawa", "kirisawa", "counter", "clerk"}, {"uese", "uese", "counter", "clerk"}, \
        {"town", "town", "town", "reviewer admin"},
#endif
static const struct {
    const char *name, *office, *role, *roles;
} places[] = {FIXTURE_PLACES};
enum { DEVICES = ARRAY_LEN(places), TOWN = 2 };

static char fixture_dir[64];
static struct key_pair *root_key, *device_keys[DEVICES], *user_keys_of[DEVICES];
static struct strings fixture_registry; /* entry, seal, entry, seal */

static inline void must(enum status st, const struct error *err)
{
    if (st)
        fail_msg("%s", error_text(err));
}

/* --- The form: name and kana are one value, a repeat, an application's states --- */

static struct strings words(const char *list)
{
    struct strings out = STRINGS_INIT;
    strings_split(&out, list, ' ');
    return out;
}

static const struct schema *fixture_schema(void *context, const char *form, long version)
{
    static struct schema schema;
    (void)context;
    if (strcmp(form, "demo") != 0 || version > 1)
        return NULL;
    if (schema.form)
        return &schema;
    static struct schema_field fields[] = {
        {"receipt_no", -1, SEARCH_NUMBER, ""}, {"title", -1, SEARCH_NONE, ""},
        {"state", -1, SEARCH_NONE, ""},        {"name", -1, SEARCH_NAME, "name"},
        {"kana", -1, SEARCH_KANA, "name"},     {"phone", -1, SEARCH_PHONE, ""},
        {"note", -1, SEARCH_NONE, ""},         {"what", 0, SEARCH_NONE, ""},
        {"received_on", -1, SEARCH_NONE, ""},  {"decided_on", -1, SEARCH_NONE, ""},
    };
    static struct schema_repeat repeats[] = {{"things", -1}};
    static struct schema_state states[] = {{"received", true, true},
                                           {"decided", true, false},
                                           {"withdrawn", false, false},
                                           {"correction", false, true}};
    static struct schema_action actions[5];
    actions[0] = (struct schema_action){"finalise", STRINGS_INIT, "received",
                                        words("clerk reviewer"), false};
    strings_add(&actions[0].from, "");
    actions[1] =
        (struct schema_action){"decide", words("received"), "decided", words("reviewer"), true};
    actions[2] = (struct schema_action){"withdraw", words("received"), "withdrawn",
                                        words("clerk reviewer"), false};
    actions[3] = (struct schema_action){"return", words("received"), "correction",
                                        words("clerk reviewer"), false};
    actions[4] = (struct schema_action){"resubmit", words("correction"), "received",
                                        words("clerk reviewer"), false};
    schema = (struct schema){"demo",
                             1,
                             false,
                             fields,
                             ARRAY_LEN(fields),
                             repeats,
                             ARRAY_LEN(repeats),
                             actions,
                             ARRAY_LEN(actions),
                             states,
                             ARRAY_LEN(states)};
    return &schema;
}

static inline void fixture_schema_free(void)
{
    struct schema *s = (struct schema *)(uintptr_t)fixture_schema(NULL, "demo", 1);
    for (size_t i = 0; i < s->action_count; i++) {
        strings_free(&s->actions[i].from);
        strings_free(&s->actions[i].roles);
    }
}

/* --- The registry --- */

static inline void certify(struct registry *r)
{
    struct error err = {0};
    struct registry_town town = {.name = "奥霧町",
                                 .code = "994014",
                                 .recipient = root_key->recipient,
                                 .escrow = root_key->recipient};
    memcpy(town.root, root_key->seal.public_key, SEAL_PUBLIC_SIZE);
    must(registry_add_town(r, root_key, &town, &err), &err);
    for (size_t i = 0; i < DEVICES; i++) {
        struct registry_device d = {.recipient = device_keys[i]->recipient,
                                    .office = (char *)(uintptr_t)places[i].office,
                                    .brief = (char *)(uintptr_t)places[i].name,
                                    .name = "1",
                                    .role = (char *)(uintptr_t)places[i].role};
        struct registry_user u = {.login = "tanaka", .name = "田中", .office = d.office};
        struct registry_block b = {.brief = d.brief, .first = 1, .last = 5000};
        memcpy(d.key, device_keys[i]->seal.public_key, SEAL_PUBLIC_SIZE);
        memcpy(u.key, user_keys_of[i]->seal.public_key, SEAL_PUBLIC_SIZE);
        snprintf(u.device, sizeof u.device, "%s", device_keys[i]->fingerprint);
        snprintf(b.device, sizeof b.device, "%s", device_keys[i]->fingerprint);
        strings_split(&u.roles, places[i].roles, ' ');
        must(registry_add_device(r, root_key, &d, &err), &err);
        must(registry_add_user(r, root_key, &u, &err), &err);
        must(registry_add_block(r, root_key, &b, &err), &err);
        strings_free(&u.roles);
    }
}

static inline enum status keep_entry(void *context, const char *entry, const char *seal,
                                     struct error *err)
{
    (void)err;
    strings_add(context, entry);
    strings_add(context, seal);
    return OK;
}

struct taking_registry {
    struct store *store;
    const struct strings *lines;
};

static inline enum status take_registry(void *context, struct error *err)
{
    struct taking_registry *t = context;
    enum status st = OK;
    bool added;
    for (size_t i = 0; !st && i + 1 < t->lines->count; i += 2)
        st = registry_accept(store_registry(t->store), t->lines->items[i], t->lines->items[i + 1],
                             root_key->fingerprint, &added, err);
    return st;
}

/* A new store in DIR/name that is the device's (NULL = nobody's). */
static inline struct store *store_named(const char *name, const struct key_pair *device)
{
    struct error err = {0};
    struct store *store;
    char *dir = file_path(fixture_dir, name);
    must(file_make_dirs(dir, &err), &err);
    must(store_open(dir, &store, &err), &err);
    store_set_schemas(store, fixture_schema, NULL);
    struct taking_registry t = {store, &fixture_registry};
    must(store_transaction(store, take_registry, &t, &err), &err);
    if (device)
        must(store_set_fact(store, "device", device->fingerprint, &err), &err);
    xfree(&dir);
    return store;
}

static inline int fixture_build(void **state)
{
    struct error err = {0};
    (void)state;
    /* in memory where there is such a place: nothing here asks how fast the disk is */
    snprintf(fixture_dir, sizeof fixture_dir, "%s/satomado-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(fixture_dir));
    clock_set(office_time_ms(&(struct office_time){{2027, 4, 5}, 9, 0, 0, 0}));
    root_key = key_pair_new();
    for (size_t i = 0; i < DEVICES; i++) {
        device_keys[i] = key_pair_new();
        user_keys_of[i] = key_pair_new();
    }
    struct store *store = store_named("registry", NULL);
    certify(store_registry(store));
    must(registry_export(store_registry(store), 1, REGISTRY_NEWEST, keep_entry, &fixture_registry,
                         &err),
         &err);
    store_free(&store);
    return 0;
}

static inline int fixture_tear(void **state)
{
    char *command = xasprintf("rm -rf '%s'", fixture_dir);
    int rc = system(command);
    (void)state;
    xfree(&command);
    key_pair_free(&root_key);
    for (size_t i = 0; i < DEVICES; i++) {
        key_pair_free(&device_keys[i]);
        key_pair_free(&user_keys_of[i]);
    }
    strings_free(&fixture_registry);
    fixture_schema_free();
    clock_set(0);
    return rc;
}

/* --- Writing --- */

struct writing {
    struct store *store;
    size_t device;
    const char *record, *action; /* NULL = a put */
    const char *const *set;      /* path, value, ..., NULL */
    bool resolve;
};

static inline enum status append_set(void *context, struct error *err)
{
    struct writing *w = context;
    struct user_keys keys = {user_keys_of[w->device], device_keys[w->device]};
    struct line body = event_body();
    if (w->action)
        line_add_text(&body, "action", w->action);
    struct strings *set = line_add_map(&body, "set");
    for (size_t i = 0; w->set[i]; i += 2)
        map_set(set, w->set[i], w->set[i + 1]);
    enum event_op op = w->resolve ? OP_RESOLVE : w->action ? OP_ACT : OP_PUT;
    struct journal_entry entry = {op, w->record, "demo@1", &body};
    return journal_append(w->store, &keys, &entry, NULL, err);
}

/* The clock goes on by a second with each event. */
static inline void put(struct store *store, size_t device, const char *record, const char *action,
                       const char *const *set)
{
    struct error err = {0};
    struct writing w = {store, device, record, action, set, false};
    must(store_transaction(store, append_set, &w, &err), &err);
    clock_set(clock_now() + 1000);
}
static inline void resolve(struct store *store, size_t device, const char *record,
                           const char *const *set)
{
    struct error err = {0};
    struct writing w = {store, device, record, NULL, set, true};
    must(store_transaction(store, append_set, &w, &err), &err);
    clock_set(clock_now() + 1000);
}
#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- Carrying events --- */

struct triple {
    char *header, *body, *seal;
};
struct triples {
    struct triple *items;
    size_t count;
};

static inline void triples_free(struct triples *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].header);
        xfree(&list->items[i].body);
        xfree(&list->items[i].seal);
    }
    xfree(&list->items);
    list->count = 0;
}

struct delivering {
    struct store *store;
    const struct triple *items;
    size_t count;
    bool extract;
};

static inline enum status deliver_all(void *context, struct error *err)
{
    struct delivering *d = context;
    enum status st = OK;
    for (size_t i = 0; !st && i < d->count; i++) {
        enum journal_taken taken;
        struct event e;
        st = event_read(d->items[i].header, d->items[i].body, d->items[i].seal, &e, err);
        if (!st)
            st = journal_accept(d->store, &e, d->extract, &taken, err);
        event_free(&e);
    }
    return st;
}

static inline void deliver_events(struct store *store, const struct triples *list, bool extract)
{
    struct error err = {0};
    struct delivering d = {store, list->items, list->count, extract};
    must(store_transaction(store, deliver_all, &d, &err), &err);
}

static inline void collect_chain(struct store *store, size_t device, struct triples *out)
{
    struct error err = {0};
    struct statement *s;
    enum status st = database_query(store_database(store), &err, &s,
                                    "SELECT header, body, seal FROM event WHERE device=?"
                                    " AND extract=0 ORDER BY seq, id",
                                    "t", device_keys[device]->fingerprint);
    while (!st && statement_next(s, &st, &err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        struct triple *t = &out->items[out->count++];
        *t = (struct triple){.header = xstrdup(statement_text(s, 0))};
        t->body = statement_is_null(s, 1) ? NULL : xstrdup(statement_text(s, 1));
        t->seal = statement_is_null(s, 2) ? NULL : xstrdup(statement_text(s, 2));
    }
    statement_close(&s);
    must(st, &err);
}

/* What `from` wrote goes to `to`. */
static inline void carry(struct store *from, size_t device, struct store *to)
{
    struct triples list = {0};
    collect_chain(from, device, &list);
    deliver_events(to, &list, false);
    triples_free(&list);
}

/* --- What stands in the tables --- */

static inline void dump_query(struct store *store, const char *sql, struct buffer *out)
{
    struct error err = {0};
    struct statement *s;
    enum status st = database_query(store_database(store), &err, &s, sql, "");
    while (!st && statement_next(s, &st, &err)) {
        for (int c = 0; c < statement_columns(s); c++)
            buffer_printf(out, "%s|", statement_text(s, c));
        buffer_add_char(out, '\n');
    }
    statement_close(&s);
    must(st, &err);
}

/* Everything that is made from events, without what only counts arrivals. */
static inline char *dump(struct store *store)
{
    struct buffer out = BUFFER_INIT;
    dump_query(store,
               "SELECT record,form,version,receipt_no,title,state,received_on,received_at,person,"
               "office,device,deadline,deficient,conflict,in_force,open FROM record"
               " ORDER BY record",
               &out);
    dump_query(store, "SELECT * FROM f_demo ORDER BY record", &out);
    dump_query(store, "SELECT * FROM f_demo__things ORDER BY record, row", &out);
    dump_query(store,
               "SELECT record,receipt_no,name,kana,phone,name_key,kana_key,phone_key,hidden"
               " FROM search ORDER BY record",
               &out);
    dump_query(store, "SELECT series,number,record FROM number ORDER BY 1,2,3", &out);
    dump_query(store, "SELECT hash,held FROM event ORDER BY hash", &out);
    return buffer_steal(&out);
}

#endif
