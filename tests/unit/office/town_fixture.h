/*
 * A fictitious town with its counters, each a data directory of its own, for tests that go the
 * whole way. What is here is made once for a program: places are kept closed and copied, so that
 * each test has its own.
 */
#ifndef TESTS_TOWN_FIXTURE_H
#define TESTS_TOWN_FIXTURE_H

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
#include "bundle/unpack.h"
#include "crypto/keyring.h"
#include "office/action.h"
#include "office/day.h"
#include "office/entry.h"
#include "office/setup.h"
#include "office/transfer.h"

#define PASSWORD "okugiri-demo"

/* Every main() here begins with it. */
#define FIXTURE_CHILDREN(argc, argv)                                      \
    do {                                                                  \
        if ((argc) > 1 && strcmp((argv)[1], KEYRING_CHILD_ARGUMENT) == 0) \
            return keyring_child_main();                                  \
        if ((argc) == 2 && strcmp((argv)[1], UNPACK_CHILD) == 0)          \
            return unpack_child_main();                                   \
    } while (0)

/* One opened place and who is logged in there. */
struct place {
    char *dir;
    struct office *office;
    struct session *user;
};

static char fixture_dir[64];

static inline void must(enum status st, const struct error *err)
{
    if (st)
        fail_msg("%s", error_text(err));
}

static inline void on(int year, int month, int day)
{
    clock_set(office_time_ms(&(struct office_time){{year, month, day}, 10, 0, 0, 0}));
}

static inline void shell(const char *format, const char *a, const char *b)
{
    char *command = xasprintf("%s '%s' '%s'", format, a, b);
    assert_int_equal(system(command), 0);
    xfree(&command);
}

/* --- Places --- */

static inline struct place place_enter(const char *dir, const char *login)
{
    struct place p = {.dir = xstrdup(dir)};
    struct error err = {0};
    must(office_open(dir, &p.office, &err), &err);
    must(session_login(p.office, login, PASSWORD, &p.user, &err), &err);
    return p;
}

static inline void place_leave(struct place *p)
{
    session_free(&p->user);
    office_free(&p->office);
    xfree(&p->dir);
}

struct fixture_user {
    const char *login, *name, *role;
};

static inline void place_make(const char *name, const char *role, const char *office,
                              const char *brief, const char *device,
                              const struct fixture_user *users, size_t count, const char *root,
                              struct buffer *request)
{
    struct error err = {0};
    char *dir = file_path(fixture_dir, name), *file = file_resource("forms/towns/okugiri.yaml");
    const struct setup setup = {.dir = dir,
                                .town_file = file,
                                .office = office,
                                .brief = brief,
                                .device = device,
                                .role = role,
                                .admin = "admin",
                                .password = PASSWORD,
                                .root = root};
    must(setup_init(&setup, &err), &err);
    struct place p = place_enter(dir, "admin");
    for (size_t i = 0; i < count; i++)
        must(setup_add_user(p.user, users[i].login, users[i].name, &users[i].role, 1, PASSWORD,
                            &err),
             &err);
    if (request)
        must(setup_request(p.user, request, &err), &err);
    place_leave(&p);
    xfree(&dir);
    xfree(&file);
}

static inline void fixture_accept(const char *name, const struct buffer *registry)
{
    struct error err = {0};
    char *dir = file_path(fixture_dir, name);
    struct place p = place_enter(dir, "admin");
    must(setup_accept_registry(p.user, buffer_text(registry), NULL, &err), &err);
    place_leave(&p);
    xfree(&dir);
}

static const struct fixture_user fixture_town_users[] = {{"kacho", "課長", "reviewer"}};
static const struct fixture_user fixture_counter_users[] = {
    {"yamada", "山田", "clerk"},
    {"sato", "佐藤", "supervisor"},
};

/* DIR/town, DIR/office, DIR/branch, enrolled with each other, on the first of April 2027. */
static inline int fixture_build(void **state)
{
    struct error err = {0};
    struct buffer request = BUFFER_INIT, registry = BUFFER_INIT;
    char root[65], device[65];
    (void)state;
    /* in memory where there is such a place: nothing here asks how fast the disk is */
    snprintf(fixture_dir, sizeof fixture_dir, "%s/satomado-town-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(fixture_dir));
    on(2027, 4, 1);
    setenv("SATOMADO_SHARE", getenv("SATOMADO_SRCDIR"), 1);
    place_make("town", "town", "奥霧町役場", "役場", "担当課1", fixture_town_users, 1, "", NULL);
    char *dir = file_path(fixture_dir, "town");
    struct place town = place_enter(dir, "admin");
    must(setup_fingerprints(town.office, root, device, &err), &err);
    place_make("office", "counter", "霧沢郵便局", "霧沢", "窓口1", fixture_counter_users,
               ARRAY_LEN(fixture_counter_users), root, &request);
    place_make("branch", "counter", "上瀬支所", "上瀬", "窓口1", fixture_counter_users,
               ARRAY_LEN(fixture_counter_users), root, &request);
    must(setup_trust(town.user, buffer_text(&request), NULL, NULL, &err), &err);
    must(setup_registry_text(town.user, &registry, &err), &err);
    place_leave(&town);
    fixture_accept("office", &registry);
    fixture_accept("branch", &registry);
    buffer_free(&request);
    buffer_free(&registry);
    xfree(&dir);
    return 0;
}

static inline int fixture_tear(void **state)
{
    (void)state;
    shell("rm -rf", fixture_dir, "/tmp/satomado-none");
    clock_set(0);
    return 0;
}

/* A fresh copy of a place, by path; the caller frees. Copies of one test stand together in `name`,
 * which is emptied first where `place` is the first of them. */
static inline char *fixture_copy(const char *name, const char *place)
{
    struct error err = {0};
    char *base = file_path(fixture_dir, name), *from = file_path(fixture_dir, place);
    char *to = file_path(base, place);
    must(file_make_dirs(base, &err), &err);
    shell("rm -rf", to, "/tmp/satomado-none");
    shell("cp -a", from, to);
    xfree(&base);
    xfree(&from);
    return to;
}

/* --- Writing --- */

/* "path=typed", NULL at the end. */
static inline void type_all(struct entry *entry, const char *const *values)
{
    struct error err = {0};
    for (size_t i = 0; values && values[i]; i++) {
        const char *equals = strchr(values[i], '=');
        char *path = xstrndup(values[i], (size_t)(equals - values[i]));
        if (entry_type(entry, path, equals + 1, &err))
            fail_msg("%s: %s", values[i], error_text(&err));
        xfree(&path);
    }
}

static inline void explain_all(struct entry *entry)
{
    const struct findings *list;
    struct error err = {0};
    must(entry_findings(entry, true, &list, &err), &err);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].severity == FINDING_DEFICIENCY)
            entry_explain(entry, list->items[i].rule, list->items[i].path, true);
}

static inline struct entry *begun(struct session *user, const char *form, const char *const *values)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_new(user, form, &entry, &err), &err);
    type_all(entry, values);
    return entry;
}

/* Written and finalised; whoever seems to be the same person is. */
static inline void filed(struct session *user, const char *form, const char *const *values,
                         char id[37], struct receipt *receipt)
{
    struct error err = {0};
    struct receipt own;
    struct candidates same;
    struct entry *entry = begun(user, form, values);
    explain_all(entry);
    must(entry_candidates(entry, &same, &err), &err);
    must(entry_finalise(entry, same.count ? same.items[0].person : "", receipt ? receipt : &own,
                        &err),
         &err);
    candidates_free(&same);
    snprintf(id, 37, "%s", entry_id(entry));
    entry_free(&entry);
}

static inline void stands(struct session *user, const char *record, const char *path,
                          const char *value)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_open(user, record, &entry, &err), &err);
    assert_string_equal(instance_get(entry_instance(entry), path), value);
    entry_free(&entry);
}

static const char *const basic_kiryu[] = {"family_name=桐生",
                                          "given_name=みなと",
                                          "family_kana=キリュウ",
                                          "given_kana=ミナト",
                                          "birth_date=S63.7.14",
                                          "prefecture=北峰県",
                                          "municipality=雪見町",
                                          "address=1-2",
                                          "phone=090-1111-2222",
                                          "info_consent=yes",
                                          NULL};
static const char *const basic_isurugi[] = {"family_name=石動",
                                            "given_name=ハル",
                                            "family_kana=イスルギ",
                                            "given_kana=ハル",
                                            "birth_date=S20.3.3",
                                            "prefecture=北峰県",
                                            "municipality=白嶺市",
                                            "address=3-4",
                                            "phone=090-3333-4444",
                                            "info_consent=yes",
                                            NULL};

static inline void closed(const char *dir, struct date day, struct day_result *out)
{
    struct error err = {0};
    struct place p = place_enter(dir, "sato");
    must(day_close(p.user, day, NULL, NULL, NULL, out, &err), &err);
    place_leave(&p);
}

static inline struct transfer_applied applied(struct session *user, const char *file)
{
    struct error err = {0};
    struct transfer_applied out;
    must(transfer_apply(user, file, &out, &err), &err);
    transfer_applied_free(&out);
    return out;
}

#endif
