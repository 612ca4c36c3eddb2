/* What is asked at every key or save reads through an index, not from one end of a table to the
 * other: what takes no time among ten people must take none among half a million. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "store/database.h"
#include "store/journal.h"
#include "store/record.h"
#include "store/search.h"
#include "store/store.h"

enum { PEOPLE = 200, FEW = 20 };

struct office {
    char dir[64];
    struct store *store;
    long steps;       /* rows stepped over without an index */
    char worst[2048]; /* the statement that did */
};

static int see(unsigned mask, void *context, void *stmt, void *time)
{
    struct office *o = context;
    (void)mask, (void)time;
    long steps = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1) +
                 sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_AUTOINDEX, 1);
    if (steps > o->steps) {
        o->steps = steps;
        snprintf(o->worst, sizeof o->worst, "%s", sqlite3_sql(stmt));
    }
    return 0;
}

static enum status put_people(void *context, struct error *err)
{
    struct store *store = context;
    enum status st = OK;
    for (int i = 0; !st && i < PEOPLE; i++) {
        char id[37], phone[16], number[32];
        snprintf(id, sizeof id, "00000000-0000-7000-8000-%012d", i);
        snprintf(phone, sizeof phone, "090-0000-%04d", i);
        snprintf(number, sizeof number, "令8-霧沢-FB-%05d-0", i);
        const struct search_value values[] = {
            {SEARCH_NAME, "name", "霧沢"},
            {SEARCH_KANA, "kana", "キリサワ"},
            {SEARCH_PHONE, "", phone},
            {SEARCH_BIRTH, "", "1988-07-14"},
        };
        const struct search_record record = {.record = id,
                                             .form = "person",
                                             .person = id,
                                             .receipt_no = number,
                                             .merged_into = "",
                                             .is_person = true,
                                             .values = values,
                                             .count = i ? 3 : 4};
        st = search_put(store, &record, err);
        if (!st)
            st = database_run(store_database(store), err,
                              "INSERT INTO record VALUES(?, 'person@1', 1, '', '', 'written',"
                              " '2026-11-24', '', '', '', 'd', '', 0, 0, 1, 0, 0, 0)",
                              "t", id);
    }
    return st;
}

static int open_office(void **state)
{
    struct office *o = xcalloc(1, sizeof *o);
    struct error err;
    snprintf(o->dir, sizeof o->dir, "/tmp/satomado-scan-XXXXXX");
    assert_non_null(mkdtemp(o->dir));
    assert_int_equal(store_open(o->dir, &o->store, &err), OK);
    assert_int_equal(store_transaction(o->store, put_people, o->store, &err), OK);
    sqlite3_trace_v2(database_handle(store_database(o->store)), SQLITE_TRACE_PROFILE, see, o);
    *state = o;
    return 0;
}

static int close_office(void **state)
{
    struct office *o = *state;
    store_free(&o->store);
    char *command = xasprintf("rm -rf '%s'", o->dir);
    int rc = system(command);
    xfree(&command);
    xfree(&o);
    return rc;
}

static void find(struct office *o, const char *text, size_t hits)
{
    struct search_hits found;
    o->steps = 0;
    assert_int_equal(search_query(o->store, text, true, 0, 5, &found, NULL), OK);
    assert_int_equal(found.count, hits);
    search_hits_free(&found);
    if (o->steps > FEW)
        fail_msg("\"%s\": %ld rows without an index: %s", text, o->steps, o->worst);
}

static void numbers_are_looked_up(void **state)
{
    find(*state, "090-0000-0123", 1);
    find(*state, "令8-霧沢-FB-00123-0", 1);
    find(*state, "昭63.7.14", 1);
}

static void candidates_are_looked_up(void **state)
{
    struct office *o = *state;
    struct search_candidates found;
    o->steps = 0;
    assert_int_equal(search_candidates(o->store, "ナシ", "1988-07-14", "090-0000-0007", "", "",
                                       true, 5, &found, NULL),
                     OK);
    assert_int_equal(found.count, 1);
    search_candidates_free(&found);
    assert_true(o->steps <= FEW);
}

static void people_lead_to_their_records(void **state)
{
    struct office *o = *state;
    struct search_hits found;
    o->steps = 0;
    assert_int_equal(search_of_person(o->store, "nobody", &found, NULL), OK);
    assert_int_equal(found.count, 0);
    if (o->steps > FEW)
        fail_msg("%ld rows without an index: %s", o->steps, o->worst);
}

/* The menu's numbers: few wait among many who do not. */
static void waiting_are_counted(void **state)
{
    struct office *o = *state;
    static const struct record_filter filters[] = {
        {.conflict = true},
        {.open = true, .numbered = true},
        {.open = true, .deadline_to = "2026-11-24"},
        {.state = "correction"},
        {.numbered = true},
        {.numbered = true, .stage = STAGE_UNSENT},
    };
    for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
        struct record_rows rows;
        o->steps = 0;
        assert_int_equal(record_query(o->store, &filters[i], 0, 0, &rows, NULL), OK);
        assert_int_equal(rows.total, 0);
        if (o->steps > FEW)
            fail_msg("%ld rows without an index: %s", o->steps, o->worst);
    }
}

static enum status no_event(void *context, const struct event *event, const char *held,
                            struct error *err)
{
    (void)context, (void)event, (void)held, (void)err;
    return OK;
}

/* So are held events, of which there are few or none. */
static void held_events_are_looked_up(void **state)
{
    struct office *o = *state;
    struct database *db = store_database(o->store);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(
            database_run(db, NULL,
                         "INSERT INTO event(hash, device, seq, record, op, header, arrived)"
                         " VALUES(?1, 'd', ?1, '', 0, '', '')",
                         "i", (int64_t)i),
            OK);
    o->steps = 0;
    assert_int_equal(journal_read_held(o->store, no_event, NULL, NULL), OK);
    if (o->steps > FEW)
        fail_msg("%ld rows without an index: %s", o->steps, o->worst);
}

struct pieces {
    struct store *store;
    int64_t before, after;
};

static enum status put_twins(void *context, struct error *err)
{
    static const char count[] = "SELECT count(*) FROM search_name_gram_data";
    struct pieces *p = context;
    struct database *db = store_database(p->store);
    enum status st = database_int(db, err, &p->before, count, "");
    for (int i = 0; !st && i < PEOPLE; i++) {
        char id[37];
        snprintf(id, sizeof id, "11111111-0000-7000-8000-%012d", i);
        const struct search_value values[] = {
            {SEARCH_NAME, "name", "五十嵐"},
            {SEARCH_KANA, "kana", "イガラシ"},
            {SEARCH_BIRTH, "", "1989-01-08"},
        };
        const struct search_record record = {.record = id,
                                             .form = "person",
                                             .person = id,
                                             .receipt_no = "",
                                             .merged_into = "",
                                             .is_person = true,
                                             .values = values,
                                             .count = ARRAY_LEN(values)};
        st = search_put(p->store, &record, err);
    }
    return st ? st : database_int(db, err, &p->after, count, "");
}

/* The index of pieces writes once for all of a transaction, also where each has a twin. */
static void pieces_are_written_together(void **state)
{
    struct office *o = *state;
    struct pieces p = {.store = o->store};
    assert_int_equal(store_transaction(o->store, put_twins, &p, NULL), OK);
    assert_int_equal(p.after, p.before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_looked_up),
        cmocka_unit_test(candidates_are_looked_up),
        cmocka_unit_test(people_lead_to_their_records),
        cmocka_unit_test(waiting_are_counted),
        cmocka_unit_test(held_events_are_looked_up),
        cmocka_unit_test(pieces_are_written_together),
    };
    return cmocka_run_group_tests_name("scan", tests, open_office, close_office);
}
