/* The tables come from the journal alone, and whatever is changed behind its back is found. */
#include "store_fixture.h"

#include "store/numbers.h"
#include "store/verify.h"

static struct store *filled(const char *name)
{
    char id[UUID_SIZE];
    struct store *store = store_named(name, device_keys[0]);
    for (int i = 0; i < 6; i++) {
        uuid7_new(id);
        put(store, 0, id, NULL, SET("name", "桐生", "kana", "キリュウ", "phone", "090-1111-2222"));
        put(store, 0, id, "finalise", SET("state", "received"));
        if (i % 2)
            put(store, 0, id, "withdraw", SET("state", "withdrawn"));
        else
            put(store, 0, id, NULL,
                SET("things/"
                    "01890000-0000-7000-8000-000000000001/.alive",
                    "true",
                    "things/"
                    "01890000-0000-7000-8000-000000000001/what",
                    "青"));
    }
    return store;
}

/* All tables that are made from events, whole. */
static char *tables_of(struct store *store)
{
    static const char *const tables[] = {"record", "f_demo", "f_demo__things", "form_column"};
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        char *sql = xasprintf("SELECT * FROM %s ORDER BY 1, 2", tables[i]);
        dump_query(store, sql, &out);
        xfree(&sql);
    }
    dump_query(store, "SELECT * FROM search ORDER BY record", &out);
    dump_query(store,
               "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
               &out);
    return buffer_steal(&out);
}

static void a_rebuild_gives_what_was_there(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = filled("rebuild");
    char *live = tables_of(store);
    must(projection_rebuild(store, NULL, NULL, &err), &err);
    char *again = tables_of(store);
    assert_true(strcmp(live, again) == 0);
    xfree(&again);
    must(database_script(store_database(store),
                         "UPDATE f_demo SET phone='1'; DELETE FROM record; DROP VIEW demo;"
                         " DROP VIEW demo__things; DROP TABLE f_demo__things",
                         &err),
         &err);
    must(projection_rebuild(store, NULL, NULL, &err), &err);
    again = tables_of(store);
    assert_true(strcmp(live, again) == 0);
    xfree(&again);
    xfree(&live);
    store_free(&store);
}

/* --- verify --- */

static void note_line(void *context, const char *line)
{
    strings_add(context, line);
}

static enum status verified(struct store *store, struct strings *lines)
{
    struct verified out;
    struct error err = {0};
    strings_free(lines);
    enum status st = store_verify(store, note_line, lines, &out, &err);
    assert_int_equal(st == OK, lines->count == 0);
    return st;
}

struct damage {
    const char *what, *sql;
};

static void each_damage(const struct damage *damages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error err = {0};
        char *name = xasprintf("damage-%s", damages[i].what);
        struct store *store = filled(name);
        struct strings lines = STRINGS_INIT;
        assert_int_equal(verified(store, &lines), OK);
        must(database_script(store_database(store), damages[i].sql, &err), &err);
        if (verified(store, &lines) != E_CORRUPT)
            fail_msg("%s was not found", damages[i].what);
        strings_free(&lines);
        store_free(&store);
        xfree(&name);
    }
}

static void what_was_changed_is_found(void **state)
{
    (void)state;
    static const struct damage damages[] = {
        {"body", "UPDATE event SET body=replace(body,'桐生','桐王') WHERE seq=1"},
        {"header", "UPDATE event SET header=replace(header,'\"seq\":4','\"seq\":5') WHERE seq=4"},
        {"seal", "UPDATE event SET seal=(SELECT seal FROM event WHERE seq=5) WHERE seq=2"},
        {"no-seal", "UPDATE event SET seal=NULL WHERE seq=2"},
        {"no-body", "UPDATE event SET body=NULL WHERE seq=1"},
        {"removed", "DELETE FROM event WHERE seq=7"},
        {"removed-last", "DELETE FROM event WHERE seq=18"},
        {"removed-first", "DELETE FROM event WHERE seq=1"},
        {"all-removed", "DELETE FROM event"},
        {"swapped", "UPDATE event SET seq=100 WHERE seq=3; UPDATE event SET seq=3 WHERE seq=4;"
                    "UPDATE event SET seq=4 WHERE seq=100"},
        {"swapped-bodies",
         "UPDATE event SET body=(SELECT body FROM event WHERE seq=4) WHERE seq=1"},
        {"other-record", "UPDATE event SET record=(SELECT record FROM event WHERE seq=4)"
                         " WHERE seq=1"},
        {"op", "UPDATE event SET op=4 WHERE seq=1"},
        {"hidden", "UPDATE event SET held='fork' WHERE seq=18"},
        {"head", "UPDATE chain SET seq=17"},
        {"table", "UPDATE f_demo SET phone='1'"},
        {"row", "DELETE FROM f_demo WHERE record=(SELECT max(record) FROM f_demo)"},
        {"row-too-many", "INSERT INTO record SELECT 'x',form,version,receipt_no,title,state,"
                         "received_on,received_at,person,office,device,deadline,deficient,"
                         "conflict,in_force,open,first,last FROM record LIMIT 1"},
        {"registry", "UPDATE registry SET entry=replace(entry,'田中','中田') WHERE version=3"},
        {"registry-cut", "DELETE FROM registry WHERE version=4"},
    };
    each_damage(damages, ARRAY_LEN(damages));
}

/* Any single bit of any line of the journal. */
static void every_flipped_bit_is_found(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = filled("bits");
    struct triples all = {0};
    collect_chain(store, 0, &all);
    size_t tried = 0;
    for (size_t i = 0; i < all.count; i++) {
        char *const lines[] = {all.items[i].header, all.items[i].body, all.items[i].seal};
        for (size_t l = 0; l < ARRAY_LEN(lines); l++) {
            size_t len = lines[l] ? strlen(lines[l]) : 0;
            for (size_t at = (i + l) % 7; at < len; at += 7) {
                struct event e;
                struct registry_user user = {0};
                char before = lines[l][at];
                lines[l][at] ^= (char)(1 << (at % 8));
                enum status st = event_read(lines[0], lines[1], lines[2], &e, &err);
                if (!st) {
                    /* a header's hash is its own: then it is another event than the chain's */
                    char hash[HASH_HEX_SIZE];
                    must(journal_hash(store, device_keys[0]->fingerprint, (int64_t)i + 1, hash,
                                      &err),
                         &err);
                    bool other = strcmp(e.hash, hash) != 0;
                    must(registry_user(store_registry(store), REGISTRY_NEWEST,
                                       user_keys_of[0]->fingerprint, &user, &err),
                         &err);
                    bool unsealed = lines[2] && !event_seal_valid(&e, user.key);
                    if (!other && !unsealed)
                        fail_msg("event %zu line %zu byte %zu", i, l, at);
                    registry_user_free(&user);
                    event_free(&e);
                }
                lines[l][at] = before;
                tried++;
            }
        }
    }
    assert_true(tried > 1000);
    triples_free(&all);
    store_free(&store);
}

/* What SQL takes for the history of a record is what the program does. */
static void history_is_one_list(void **state)
{
    (void)state;
    int bits = 0;
    assert_int_equal(sscanf(EVENT_IS_HISTORY("op"), "(%d>>op&1)", &bits), 1);
    for (int op = 0; op < OP_COUNT; op++)
        assert_int_equal(bits >> op & 1, event_op_history((enum event_op)op));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_is_one_list),
        cmocka_unit_test(a_rebuild_gives_what_was_there),
        cmocka_unit_test(what_was_changed_is_found),
        cmocka_unit_test(every_flipped_bit_is_found),
    };
    return cmocka_run_group_tests_name("store/journal", tests, fixture_build, fixture_tear);
}
