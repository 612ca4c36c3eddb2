/*
 * One fictitious town, for tests of the rules in the shipped forms: records are written through the
 * same use cases as at the counter, by one who may also decide.
 */
#ifndef TESTS_RULES_FIXTURE_H
#define TESTS_RULES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/keyring.h"
#include "office/action.h"
#include "office/catalogue.h"
#include "office/entry.h"
#include "office/parameters.h"
#include "office/setup.h"
#include "office/worklist.h"

#define PASSWORD "okugiri-demo"

struct town {
    char dir[64];
    struct office *office;
    struct session *admin, *clerk;
};

static inline void must(enum status st, const struct error *err)
{
    if (st)
        fail_msg("%s", error_text(err));
}

static inline void on(int year, int month, int day)
{
    clock_set(office_time_ms(&(struct office_time){{year, month, day}, 10, 0, 0, 0}));
}

static inline int build_town(void **state)
{
    struct town *t = xcalloc(1, sizeof *t);
    struct error err = {0};
    static const char *const roles[] = {"clerk", "reviewer"};
    snprintf(t->dir, sizeof t->dir, "/tmp/satomado-rules-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    on(2027, 4, 1);
    char *share = getenv("SATOMADO_SRCDIR");
    setenv("SATOMADO_SHARE", share, 1);
    char *data = file_path(t->dir, "town"), *file = file_resource("forms/towns/okugiri.yaml");
    const struct setup setup = {.dir = data,
                                .town_file = file,
                                .office = "奥霧町役場",
                                .brief = "役場",
                                .device = "担当課1",
                                .role = "town",
                                .admin = "admin",
                                .password = PASSWORD,
                                .root = ""};
    must(setup_init(&setup, &err), &err);
    must(office_open(data, &t->office, &err), &err);
    must(session_login(t->office, "admin", PASSWORD, &t->admin, &err), &err);
    must(setup_add_user(t->admin, "kacho", "課長", roles, ARRAY_LEN(roles), PASSWORD, &err), &err);
    must(session_login(t->office, "kacho", PASSWORD, &t->clerk, &err), &err);
    xfree(&data);
    xfree(&file);
    *state = t;
    return 0;
}

static inline int tear_town(void **state)
{
    struct town *t = *state;
    session_free(&t->clerk);
    session_free(&t->admin);
    office_free(&t->office);
    char *command = xasprintf("rm -rf '%s'", t->dir);
    int rc = system(command);
    xfree(&command);
    xfree(&t);
    clock_set(0);
    return rc;
}

/* --- Writing --- */

/* "path=typed", NULL at the end. A path `repeat/+/field` makes a row, `repeat/./field` goes on. */
static inline void type_all(struct entry *entry, const char *const *values)
{
    struct error err = {0};
    char row[37] = "";
    for (size_t i = 0; values && values[i]; i++) {
        const char *equals = strchr(values[i], '='), *slash = strchr(values[i], '/');
        char *path = xstrndup(values[i], (size_t)(equals - values[i]));
        if (slash && slash < equals) {
            char *repeat = xstrndup(values[i], (size_t)(slash - values[i]));
            if (slash[1] == '+')
                must(entry_add_row(entry, repeat, row, &err), &err);
            xfree(&path);
            path = xasprintf("%s/%s/%.*s", repeat, row, (int)(equals - slash - 3), slash + 3);
            xfree(&repeat);
        }
        if (entry_type(entry, path, equals + 1, &err))
            fail_msg("%s: %s", values[i], error_text(&err));
        xfree(&path);
    }
}

static inline const struct finding *finding(struct entry *entry, const char *rule)
{
    const struct findings *list;
    struct error err = {0};
    must(entry_findings(entry, true, &list, &err), &err);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].rule, rule) == 0)
            return &list->items[i];
    return NULL;
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

static inline void finalise(struct entry *entry, char id[37], struct receipt *receipt)
{
    struct error err = {0};
    struct candidates same;
    must(entry_candidates(entry, &same, &err), &err);
    must(entry_finalise(entry, same.count && same.items[0].likely ? same.items[0].person : "",
                        receipt, &err),
         &err);
    candidates_free(&same);
    snprintf(id, 37, "%s", entry_id(entry));
}

static inline struct entry *begun(const struct town *t, const char *form, const char *const *person,
                                  const char *const *values)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_new(t->clerk, form, &entry, &err), &err);
    type_all(entry, person);
    type_all(entry, values);
    return entry;
}

static inline void filed(const struct town *t, const char *form, const char *const *person,
                         const char *const *values, char id[37])
{
    struct entry *entry = begun(t, form, person, values);
    struct receipt receipt;
    explain_all(entry);
    finalise(entry, id, &receipt);
    entry_free(&entry);
}

static inline void act(const struct town *t, const char *record, const char *action)
{
    struct error err = {0};
    must(action_do(t->clerk, record, action, "", NULL, &err), &err);
}

static inline void stands(const struct town *t, const char *record, const char *path,
                          const char *value)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_open(t->clerk, record, &entry, &err), &err);
    assert_string_equal(instance_get(entry_instance(entry), path), value);
    entry_free(&entry);
}

/* The value from a day on, as `town set` does it. */
static inline void parameter(const struct town *t, const char *key, const char *value,
                             const char *from)
{
    struct error err = {0};
    must(parameters_set(t->admin, key, value, from, &err), &err);
}

/* What one rule says of a record that is only begun: `text` stands in its message; NULL = nothing
 * may be said. */
static inline void says(const struct town *t, const char *form, const char *const *values,
                        const char *rule, const char *text)
{
    struct entry *entry = begun(t, form, values, NULL);
    const struct finding *found = finding(entry, rule);
    if (text && !found)
        fail_msg("%s says nothing", rule);
    if (text && !strstr(found->message, text))
        fail_msg("%s: %s", rule, found->message);
    if (!text && found)
        fail_msg("%s: %s", rule, found->message);
    entry_free(&entry);
}

/* How many rows a list has. */
static inline long listed(const struct town *t, const char *list)
{
    struct error err = {0};
    long count;
    must(worklist_count(t->clerk, list, &count, &err), &err);
    return count;
}

/* "name=VALUE": the reference of another record. */
static inline const char *field_of(char out[80], const char *name, const char *id)
{
    snprintf(out, 80, "%s=%s", name, id);
    return out;
}

#define RULES_CHILDREN(argc, argv)                                        \
    do {                                                                  \
        if ((argc) > 1 && strcmp((argv)[1], KEYRING_CHILD_ARGUMENT) == 0) \
            return keyring_child_main();                                  \
    } while (0)

#endif
