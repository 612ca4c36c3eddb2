/* 標準処理期間: the days of the right calendar, without the time in which something is corrected.
 */
#include "town_fixture.h"

#include "office/calendar.h"
#include "office/due.h"
#include "office/office_internal.h"
#include "office/parameters.h"
#include "office/worklist.h"
#include "store/database.h"
#include "store/record.h"

static const char holidays[] =
    "日,名\n2027/4/29,昭和の日\n2027/5/3,憲法記念日\n2027/5/4,みどりの日\n2027/5/5,こどもの日\n"
    "2028/1/1,元日\n2028/1/10,成人の日\n2028/2/11,建国記念の日\n2028/2/23,天皇誕生日\n"
    "2028/4/29,昭和の日\n2028/12/31,なし\n";

static void at(int year, int month, int day, int hour, int minute)
{
    clock_set(office_time_ms(&(struct office_time){{year, month, day}, hour, minute, 0, 0}));
}

static void know_holidays(const char *dir)
{
    struct error err = {0};
    struct holidays found;
    struct place p = place_enter(dir, "admin");
    char *file = file_path(dir, "holidays.csv");
    must(file_write(file, holidays, sizeof holidays - 1, &err), &err);
    must(calendar_import(p.user, file, &found, &err), &err);
    holidays_free(&found);
    place_leave(&p);
    xfree(&file);
}

static void change(const char *town, const char *key, const char *value, const char *from)
{
    struct error err = {0};
    struct place admin = place_enter(town, "admin");
    must(parameters_set(admin.user, key, value, from, &err), &err);
    place_leave(&admin);
}

/* The clock of a record; `by` NULL: it has none. */
static void runs(struct session *user, const char *id, const char *clock,
                 enum due_standing standing, const char *by, long left)
{
    struct error err = {0};
    struct record record;
    struct dues dues;
    const struct due *found = NULL;
    char day[ISO_DATE_SIZE];
    must(record_load(office_store(user->office), id, &record, &err), &err);
    must(due_all(user, &record, &dues, &err), &err);
    for (size_t i = 0; i < dues.count; i++)
        found = strcmp(dues.items[i].clock->name, clock) == 0 ? &dues.items[i] : found;
    if (!by != !found)
        fail_msg("%s: %s", clock, found ? "there" : "not there");
    if (found) {
        iso_date(day, found->by);
        char *said = xasprintf("%s %d %s %ld", clock, (int)found->standing, day, found->left);
        char *wanted = xasprintf("%s %d %s %ld", clock, (int)standing, by, left);
        assert_string_equal(said, wanted);
        xfree(&said);
        xfree(&wanted);
    }
    dues_free(&dues);
    record_free(&record);
}

static void does(struct session *user, const char *id, const char *action, const char *value)
{
    struct error err = {0};
    const char *const values[] = {value, NULL};
    must(action_do(user, id, action, "理由", values, &err), &err);
}

/* One day before, on and after the last day; a closed day after it is over. */
static void decisions_count_open_days(void **state)
{
    (void)state;
    char record[37], leap[37], year[37], later[37], *town = fixture_copy("due", "town");
    know_holidays(town);
    on(2027, 4, 5);
    struct place p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
    runs(p.user, record, "decide", DUE_RUNNING, "2027-05-21", 30);
    runs(p.user, record, "relay", DUE_MET, "2027-04-07", 2);
    on(2027, 5, 20);
    runs(p.user, record, "decide", DUE_RUNNING, "2027-05-21", 1);
    on(2027, 5, 21);
    runs(p.user, record, "decide", DUE_RUNNING, "2027-05-21", 0);
    on(2027, 5, 22); /* Saturday */
    runs(p.user, record, "decide", DUE_RUNNING, "2027-05-21", -1);
    on(2027, 5, 25);
    runs(p.user, record, "decide", DUE_RUNNING, "2027-05-21", -2);
    does(p.user, record, "decide", "decided_on=R9.5.20");
    runs(p.user, record, "decide", DUE_MET, "2027-05-21", 1);
    place_leave(&p);

    change(town, "sla.decide", "3", "R9.12.1");
    on(2027, 12, 27); /* the town is closed from the 29th to the 3rd */
    p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_isurugi, year, NULL);
    on(2028, 1, 4);
    runs(p.user, year, "decide", DUE_RUNNING, "2028-01-05", 1);
    on(2028, 1, 6);
    runs(p.user, year, "decide", DUE_RUNNING, "2028-01-05", -1);
    on(2028, 2, 25);
    filed(p.user, "furusato_basic", basic_kiryu, leap, NULL);
    on(2028, 2, 29);
    runs(p.user, leap, "decide", DUE_RUNNING, "2028-03-01", 1);
    place_leave(&p);

    /* what was filed before the change keeps its days */
    change(town, "sla.decide", "10", "R10.3.1");
    on(2028, 3, 1);
    p = place_enter(town, "kacho");
    runs(p.user, leap, "decide", DUE_RUNNING, "2028-03-01", 0);
    filed(p.user, "furusato_basic", basic_kiryu, later, NULL);
    runs(p.user, later, "decide", DUE_RUNNING, "2028-03-15", 10);
    place_leave(&p);
    xfree(&town);
}

static void corrections_stop_the_clock(void **state)
{
    (void)state;
    char record[37], over[37], *town = fixture_copy("stops", "town");
    know_holidays(town);
    change(town, "sla.decide", "10", "R10.3.1");
    on(2028, 4, 3);
    struct place p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
    on(2028, 4, 5);
    does(p.user, record, "request_correction", "deadline=R10.4.20");
    on(2028, 4, 6);
    runs(p.user, record, "decide", DUE_STOPPED, "2028-04-18", 8);
    on(2028, 4, 10);
    does(p.user, record, "resubmit", NULL);
    runs(p.user, record, "decide", DUE_RUNNING, "2028-04-20", 8);
    on(2028, 4, 12);
    does(p.user, record, "request_correction", "deadline=R10.4.20");
    on(2028, 4, 14);
    runs(p.user, record, "decide", DUE_STOPPED, "2028-04-24", 6);
    does(p.user, record, "resubmit", NULL);
    on(2028, 4, 24);
    runs(p.user, record, "decide", DUE_RUNNING, "2028-04-24", 0);
    on(2028, 4, 25);
    runs(p.user, record, "decide", DUE_RUNNING, "2028-04-24", -1);
    does(p.user, record, "reject", "decided_on=R10.4.25");
    runs(p.user, record, "decide", DUE_MET, "2028-04-24", -1);

    /* over before it was stopped: it does not grow meanwhile; asked and answered on one day:
     * nothing */
    filed(p.user, "furusato_basic", basic_isurugi, over, NULL);
    does(p.user, over, "request_correction", "deadline=R10.5.20");
    does(p.user, over, "resubmit", NULL);
    on(2028, 5, 11);
    runs(p.user, over, "decide", DUE_RUNNING, "2028-05-09", -2);
    does(p.user, over, "request_correction", "deadline=R10.6.20");
    on(2028, 6, 1);
    runs(p.user, over, "decide", DUE_STOPPED, "2028-05-09", -2);
    place_leave(&p);
    xfree(&town);
}

/* 局の暦 and 町の暦; what comes after hours counts from the next open day. */
static void relays_count_by_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *place, *by;
        struct office_time at;
    } rows[] = {
        {"office", "2027-12-29", {{2027, 12, 27}, 16, 59, 0, 0}},
        {"office", "2027-12-30", {{2027, 12, 27}, 17, 0, 0, 0}},
        {"office", "2028-01-04", {{2027, 12, 29}, 10, 0, 0, 0}},
        {"branch", "2028-01-04", {{2027, 12, 27}, 10, 0, 0, 0}},
        {"branch", "2028-01-06", {{2027, 12, 29}, 10, 0, 0, 0}}, /* closed: received on the 4th */
        {"branch", "2028-03-01", {{2028, 2, 27}, 10, 0, 0, 0}},  /* a Sunday */
    };
    char record[37];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *dir = fixture_copy("relay", rows[i].place);
        know_holidays(dir);
        const struct office_time *t = &rows[i].at;
        at(t->date.year, t->date.month, t->date.day, t->hour, t->minute);
        struct place p = place_enter(dir, "yamada");
        filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
        struct record_rows found;
        struct error err = {0};
        struct due due;
        char day[ISO_DATE_SIZE];
        const struct record_filter filter = {.record = record, .times = true};
        must(record_query(office_store(p.office), &filter, 0, 1, &found, &err), &err);
        assert_true(due_next(p.user, &found.items[0], &due));
        iso_date(day, due.by);
        if (strcmp(day, rows[i].by) != 0)
            fail_msg("row %zu: %s", i, day);
        assert_string_equal(due.clock->name, "relay");
        record_rows_free(&found);
        runs(p.user, record, "decide", DUE_RUNNING, NULL, 0);
        place_leave(&p);
        xfree(&dir);
    }
}

/* At the town the place's calendar says whether it came late, the town's by when it is decided. */
static void relay_and_decision_are_apart(void **state)
{
    (void)state;
    struct day_result day;
    char record[37], *office = fixture_copy("apart", "office"),
                     *town = fixture_copy("apart", "town");
    know_holidays(office);
    know_holidays(town);
    on(2027, 12, 27);
    struct place p = place_enter(office, "yamada");
    filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
    place_leave(&p);
    closed(office, clock_today(), &day);
    on(2027, 12, 30);
    p = place_enter(town, "kacho");
    applied(p.user, day.bundle);
    runs(p.user, record, "relay", DUE_MET, "2027-12-29", -1);
    runs(p.user, record, "decide", DUE_RUNNING, "2028-02-16", 30);
    place_leave(&p);
    xfree(&office);
    xfree(&town);
}

/* What is over stands first whatever came first, what is stopped last. */
static void lists_begin_with_what_is_over(void **state)
{
    (void)state;
    struct error err = {0};
    struct worklist_rows rows;
    char stopped[37], over[37], running[37], *town = fixture_copy("order", "town");
    know_holidays(town);
    on(2027, 4, 5);
    struct place p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_kiryu, stopped, NULL);
    on(2027, 4, 6);
    does(p.user, stopped, "request_correction", "deadline=R9.4.20");
    filed(p.user, "furusato_basic", basic_isurugi, over, NULL);
    on(2027, 5, 31);
    filed(p.user, "furusato_basic", basic_kiryu, running, NULL);
    must(worklist_load(p.user, "review", 0, -1, &rows, &err), &err);
    assert_int_equal(rows.count, 3);
    assert_string_equal(rows.items[0].id, over);
    assert_string_equal(rows.items[0].mark, "超過5日");
    assert_string_equal(rows.items[0].due, "2027-05-24");
    assert_string_equal(rows.items[0].left, "-5");
    assert_string_equal(rows.items[1].id, running);
    assert_string_equal(rows.items[1].mark, "あと30日");
    assert_string_equal(rows.items[2].id, stopped);
    assert_string_equal(rows.items[2].mark, "停止中");
    worklist_rows_free(&rows);
    must(worklist_load(p.user, "review", 1, 1, &rows, &err), &err);
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.total, 3);
    assert_string_equal(rows.items[0].id, running);
    worklist_rows_free(&rows);
    place_leave(&p);
    xfree(&town);
}

/* A calendar that has no such day, or cannot be read, tells no day: not the first one, not a wrong
 * one. */
static void no_day_is_told_that_is_not_known(void **state)
{
    (void)state;
    struct error err = {0};
    struct record record;
    struct record_rows found;
    struct dues dues;
    struct due due;
    struct date day;
    char weekly[37], id[37], *town = fixture_copy("unknown", "town");
    change(town, "calendar.closed", "日 月 火 木 金 土", "R9.4.1");
    on(2027, 4, 5);
    struct place p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_kiryu, weekly, NULL);
    runs(p.user, weekly, "decide", DUE_RUNNING, "2027-10-27", 30);
    place_leave(&p);

    change(town, "calendar.closed", "日 月 火 水 木 金 土", "R9.4.2");
    p = place_enter(town, "kacho");
    filed(p.user, "furusato_basic", basic_isurugi, id, NULL);
    runs(p.user, id, "decide", DUE_RUNNING, NULL, 0);
    assert_int_equal(calendar_after(p.office, NULL, clock_today(), 1, false, NULL, 0, &day, &err),
                     E_NOT_FOUND);
    assert_true(*err.detail);
    place_leave(&p);

    change(town, "calendar.closed", "土 日", "R9.4.3");
    p = place_enter(town, "kacho");
    runs(p.user, id, "decide", DUE_RUNNING, "2027-05-17", 30);
    const struct record_filter filter = {.record = id, .times = true};
    must(record_query(office_store(p.office), &filter, 0, 1, &found, &err), &err);
    assert_true(due_next(p.user, &found.items[0], &due));
    must(record_load(office_store(p.office), id, &record, &err), &err);
    must(database_run(store_database(office_store(p.office)), &err, "DROP TABLE holiday", ""),
         &err);
    assert_false(due_next(p.user, &found.items[0], &due));
    assert_int_not_equal(due_all(p.user, &record, &dues, &err), OK);
    dues_free(&dues);
    record_free(&record);
    record_rows_free(&found);
    place_leave(&p);
    xfree(&town);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_count_open_days),
        cmocka_unit_test(corrections_stop_the_clock),
        cmocka_unit_test(relays_count_by_the_place),
        cmocka_unit_test(relay_and_decision_are_apart),
        cmocka_unit_test(lists_begin_with_what_is_over),
        cmocka_unit_test(no_day_is_told_that_is_not_known),
    };
    return cmocka_run_group_tests_name("office/due", tests, fixture_build, fixture_tear);
}
