/* Records that were kept long enough stand in a list of the town's: on no day too early, as the
 * parameters of the day say, and gone from it when they are disposed of. */
#include "rules_fixture.h"

#include "office/dispose.h"

static long kept(const struct town *t, struct date day)
{
    on(day.year, day.month, day.day);
    return listed(t, WORKLIST_KEPT);
}

/* On the first day it is not listed yet, on the next it is. */
static void comes_between(const struct town *t, struct date last, struct date next)
{
    long before = kept(t, last);
    if (kept(t, next) != before + 1)
        fail_msg("%ld before %d-%02d-%02d, %ld on it", before, next.year, next.month, next.day,
                 listed(t, WORKLIST_KEPT));
}

static void visit(const struct town *t, const char *day, char id[37])
{
    char *watched = xasprintf("watched_on=%s", day);
    const char *const values[] = {watched,           "method=visit", "target_name=霧島 花",
                                  "watched_by=石動", "result=same",  NULL};
    filed(t, "watch_over", values, NULL, id);
    xfree(&watched);
}

static void inspection(const struct town *t, const char *day, char id[37])
{
    static const char *const place[] = {"settlement_name=奥日影", "did=no", "census_year=2020",
                                        NULL};
    char settlement[37], where[80];
    filed(t, "settlement", place, NULL, settlement);
    char *based = xasprintf("based_on=%s", day), *when = xasprintf("inspected_on=%s", day);
    const char *const values[] = {field_of(where, "settlement", settlement),
                                  based,
                                  when,
                                  "basis=juki",
                                  "inspector=樋口",
                                  "cooperating=3",
                                  "staff=課長",
                                  NULL};
    filed(t, "inspection", values, NULL, id);
    xfree(&based);
    xfree(&when);
}

static void records_are_kept_through_the_last_day(void **state)
{
    struct town *t = *state;
    char id[37];
    on(2028, 3, 1);
    visit(t, "2027-04-01", id);
    comes_between(t, (struct date){2028, 4, 1}, (struct date){2028, 4, 2});
    on(2028, 3, 1);
    visit(t, "2028-02-29", id); /* there is no such day a year later */
    comes_between(t, (struct date){2029, 2, 28}, (struct date){2029, 3, 1});
    on(2028, 3, 1);
    visit(t, "2027-02-28", id);
    comes_between(t, (struct date){2028, 2, 28}, (struct date){2028, 2, 29});
    on(2028, 3, 1);
    inspection(t, "2028-02-29", id);
    comes_between(t, (struct date){2038, 2, 28}, (struct date){2038, 3, 1});
}

/* From the day it ended, not the day it began; while it stands it is not listed at all. */
static void registrations_count_from_their_end(void **state)
{
    struct town *t = *state;
    static const char *const who[] = {"family_name=桐生",
                                      "given_name=春",
                                      "family_kana=キリュウ",
                                      "given_kana=ハル",
                                      "birth_date=S60.4.1",
                                      "prefecture=北峰県",
                                      "municipality=雪見町",
                                      "address=桐生1",
                                      "phone=090-1234-5678",
                                      "info_consent=yes",
                                      NULL};
    struct error err = {0};
    char id[37];
    on(2030, 5, 1);
    filed(t, "furusato_basic", who, NULL, id);
    long none = kept(t, (struct date){2040, 5, 1});
    on(2030, 5, 2);
    act(t, id, "decide");
    assert_int_equal(kept(t, (struct date){2040, 5, 1}), none);
    on(2031, 6, 30);
    must(action_do(t->clerk, id, "cancel", "意向の返事がない", NULL, &err), &err);
    comes_between(t, (struct date){2034, 6, 30}, (struct date){2034, 7, 1});
    /* the town changes how long */
    parameter(t, "retention.registration", "5", "2034-07-02");
    comes_between(t, (struct date){2036, 6, 30}, (struct date){2036, 7, 1});
    assert_int_equal(kept(t, (struct date){2034, 7, 1}), kept(t, (struct date){2034, 7, 2}) + 1);
}

/* A designation: from the day it was abolished on, not the day of its decision. */
static void designations_count_from_their_abolition(void **state)
{
    struct town *t = *state;
    static const char *const group[] = {"group_kind=npo", "group_name=沖の会", "scope=草刈り",
                                        NULL},
                             *const ended[] = {"ended_on=2032-02-29", NULL};
    struct error err = {0};
    char id[37];
    on(2030, 5, 1);
    filed(t, "group_designation", group, NULL, id);
    act(t, id, "decide");
    long none = kept(t, (struct date){2031, 12, 31});
    on(2032, 3, 5);
    must(action_do(t->clerk, id, "abolish", "解散した", ended, &err), &err);
    assert_int_equal(kept(t, (struct date){2031, 12, 31}), none);
    comes_between(t, (struct date){2042, 2, 28}, (struct date){2042, 3, 1});
}

static void what_is_disposed_of_leaves_the_list(void **state)
{
    struct town *t = *state;
    struct worklist_rows rows;
    struct strings records = STRINGS_INIT;
    struct error err = {0};
    size_t done;
    long all = kept(t, (struct date){2041, 1, 1});
    assert_true(all >= 5);
    /* a page of it, by the administrator, who reads no other list */
    must(worklist_load(t->admin, WORKLIST_KEPT, all - 2, 5, &rows, &err), &err);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.total, all);
    assert_int_equal(worklist_load(t->admin, "recent", 0, 1, &(struct worklist_rows){0}, &err),
                     E_DENIED);
    for (size_t i = 0; i < rows.count; i++)
        strings_add(&records, rows.items[i].id);
    worklist_rows_free(&rows);
    must(dispose_records(t->admin, &records, "保存期間満了", &done, &err), &err);
    assert_int_equal(done, 2);
    assert_int_equal(kept(t, (struct date){2041, 1, 1}), all - 2);
    strings_free(&records);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_kept_through_the_last_day),
        cmocka_unit_test(registrations_count_from_their_end),
        cmocka_unit_test(designations_count_from_their_abolition),
        cmocka_unit_test(what_is_disposed_of_leaves_the_list),
    };
    return cmocka_run_group_tests_name("retention", tests, build_town, tear_town);
}
