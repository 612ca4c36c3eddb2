/* The rules of settlements and their supporters as the shipped forms have them. */
#include "rules_fixture.h"

/* --- Settlements and inspections --- */

static void settlement(const struct town *t, const char *name, const char *did, char id[37])
{
    char *called = xasprintf("settlement_name=%s", name), *dense = xasprintf("did=%s", did);
    const char *const values[] = {called, dense, "census_year=2020", NULL};
    filed(t, "settlement", NULL, values, id);
    xfree(&called);
    xfree(&dense);
}

static void inspect(const struct town *t, const char *settlement, const char *day,
                    const char *const *more, char id[37])
{
    char where[80], *based = xasprintf("based_on=%s", day),
                    *on_day = xasprintf("inspected_on=%s", day);
    const char *const values[] = {field_of(where, "settlement", settlement),
                                  based,
                                  on_day,
                                  "basis=juki",
                                  "inspector=樋口",
                                  "cooperating=3",
                                  "staff=課長",
                                  NULL};
    filed(t, "inspection", values, more, id);
    xfree(&based);
    xfree(&on_day);
}

static void sums_agree_with_their_parts(void **state)
{
    static const struct {
        const char *values[6], *rule, *text;
    } rows[] = {
        /* one below, at, one above */
        {{"population=10", "age_0_14=1", "age_15_64=4", "age_65=4"},
         "E-INSPECT-SUM",
         "1足りません"},
        {{"population=10", "age_0_14=1", "age_15_64=4", "age_65=5"}, "E-INSPECT-SUM", NULL},
        {{"population=10", "age_0_14=1", "age_15_64=4", "age_65=6"}, "E-INSPECT-SUM", "1多く"},
        /* what is not known stands under 不詳; what is missing altogether is not made up */
        {{"population=10", "age_0_14=1", "age_65=5", "age_unknown=4"}, "E-INSPECT-SUM", NULL},
        {{"population=10", "age_0_14=1", "age_65=5", "age_unknown=3"}, "E-INSPECT-SUM", "不詳"},
        {{"population=10"}, "E-INSPECT-SUM", NULL},
        {{"age_65=5"}, "E-INSPECT-WHOLE", "計5"},
        {{"away=3", "away_town=1", "away_far=1"}, "E-INSPECT-SUM", "1足りません"},
        {{"away=3", "home_month=1", "home_never=2"}, "E-INSPECT-SUM", NULL},
        {{"vacant=2", "vacant_good=1", "vacant_danger=2"}, "E-INSPECT-SUM", "空き家"},
        {{"joint_work=6", "work_mowing=4", "work_road=2"}, "E-INSPECT-SUM", NULL},
        {{"households=8", "future_stay=4", "future_leave=3"}, "E-INSPECT-SUM", "将来意向"},
        {{"households=8", "future_stay=4", "future_leave=3", "future_unknown=1"},
         "E-INSPECT-SUM",
         NULL},
        {{"population=10", "age_65=10", "age_75=10"}, "E-INSPECT-INSIDE", NULL},
        {{"population=10", "age_65=10", "age_75=11"}, "E-INSPECT-INSIDE", "75歳以上（11）"},
        {{"households=8", "elderly_only=3", "elderly_single=4"}, "E-INSPECT-INSIDE", "単身"},
        {{"households=8", "elderly_only=9"}, "E-INSPECT-INSIDE", "高齢者のみの世帯（9）"},
        {{"households=8", "population=8"}, "E-INSPECT-HOUSEHOLDS", NULL},
        {{"households=8", "population=7"}, "E-INSPECT-HOUSEHOLDS", "7人"},
        /* few households: their wishes are hidden */
        {{"households=4", "future_stay=4"}, "N-INSPECT-HIDE", "4世帯"},
        {{"households=5", "future_stay=5"}, "N-INSPECT-HIDE", NULL},
    };
    on(2026, 10, 15);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(*state, "inspection", rows[i].values, rows[i].rule, rows[i].text);
}

/* A row of a rule names its field: there the key to the next deficiency goes. */
static void each_sum_points_at_its_total(void **state)
{
    static const struct {
        const char *values[4], *rule, *path;
    } rows[] = {
        {{"population=10", "age_65=4"}, "E-INSPECT-SUM", "population"},
        {{"away=3", "away_town=1"}, "E-INSPECT-SUM", "away"},
        {{"vacant_good=1"}, "E-INSPECT-WHOLE", "vacant"},
        {{"households=8", "carless=9"}, "E-INSPECT-INSIDE", "carless"},
        {{"households=8", "population=7"}, "E-INSPECT-HOUSEHOLDS", "population"},
    };
    on(2026, 10, 15);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry *entry = begun(*state, "inspection", rows[i].values, NULL);
        assert_string_equal(finding(entry, rows[i].rule)->path, rows[i].path);
        entry_free(&entry);
    }
}

/* What a table of settlements may show of 将来意向: not whose answer it was. */
static void wishes_of_few_are_hidden(void **state)
{
    struct town *t = *state;
    static const struct {
        struct date day;
        const char *households, *shown;
    } rows[] = {
        {{2026, 10, 15}, "households=4", "伏せる"},
        {{2026, 10, 15}, "households=5", "残る3 迷う0 転居1"},
        {{2026, 10, 15}, "households=6", "残る3 迷う0 転居1"},
        {{2026, 10, 15}, "households=", "伏せる"}, /* not known how many */
        {{2027, 4, 1}, "households=5", "伏せる"},  /* the town raised the bound to six */
        {{2027, 4, 1}, "households=6", "残る3 迷う0 転居1"},
        {{2027, 3, 31}, "households=5", "残る3 迷う0 転居1"},
    };
    on(2027, 4, 1);
    parameter(t, "inspection.hide_households", "6", "2027-04-01");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const values[] = {rows[i].households, "future_stay=3", "future_leave=1", NULL};
        on(rows[i].day.year, rows[i].day.month, rows[i].day.day);
        struct entry *entry = begun(t, "inspection", values, NULL);
        assert_string_equal(instance_get(entry_instance(entry), "future_shown"), rows[i].shown);
        entry_free(&entry);
    }
}

/* 奥日影 R6.10.15 and R8.10.15. */
static void an_inspection_finds_the_one_before(void **state)
{
    struct town *t = *state;
    static const char *const first[] = {
        "households=24", "population=51", "age_65=29",    "age_unknown=0",
        "age_15_64=22",  "vacant=5",      "joint_work=6", NULL};
    static const char *const second[] = {
        "households=21", "population=42", "age_65=27", "age_15_64=15",
        "vacant=8",      "joint_work=4",  NULL};
    char place[37], other[37], old[37], new[37], elsewhere[37];
    on(2024, 10, 20);
    settlement(t, "奥日影", "no", place);
    settlement(t, "里前", "no", other);
    inspect(t, place, "R6.10.15", first, old);
    inspect(t, other, "R6.10.16", first, elsewhere);
    stands(t, old, "aging_rate", "56.9");
    stands(t, old, "previous_inspection", "");
    on(2026, 10, 20);
    assert_int_equal(listed(t, "settlement.uninspected"), 2);
    inspect(t, place, "R8.10.15", second, new);
    stands(t, new, "aging_rate", "64.3");
    stands(t, new, "previous_inspection", old);
    stands(t, new, "title", "奥日影 令和8年10月15日");
    assert_int_equal(listed(t, "settlement.uninspected"), 1);
    on(2027, 3, 31); /* still the same fiscal year */
    assert_int_equal(listed(t, "settlement.uninspected"), 1);
    on(2027, 4, 1);
    assert_int_equal(listed(t, "settlement.uninspected"), 2);
}

/* --- Supporters --- */

static void supporter(const struct town *t, const char *const *more, char id[37])
{
    static const char *const values[] = {"supporter_name=樋口 澄", "appointed_on=R8.11.16",
                                         "standing=head", NULL};
    filed(t, "supporter", values, more, id);
}

/* hours: "9:00-12:30" */
static void worked(const struct town *t, const char *who, const char *day, const char *from,
                   const char *to, const char *did)
{
    char whose[80], id[37],
        *texts[] = {xasprintf("day=%s", day), xasprintf("start_time=%s", from),
                    xasprintf("end_time=%s", to), xasprintf("did=%s", did)};
    const char *const values[] = {field_of(whose, "supporter", who),
                                  texts[0],
                                  "kind=patrol",
                                  texts[1],
                                  texts[2],
                                  texts[3],
                                  NULL};
    filed(t, "supporter_day", NULL, values, id);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(&texts[i]);
}

static void month_says(const struct town *t, const char *who, const char *path, const char *text)
{
    char whose[80];
    const char *const values[] = {field_of(whose, "supporter", who), "month_of=R8.11.30", NULL};
    struct entry *entry = begun(t, "supporter_month", values, NULL);
    finding(entry, "");
    const char *value = instance_get(entry_instance(entry), path);
    if (!strstr(value, text))
        fail_msg("%s: %s", path, value);
    entry_free(&entry);
}

/* 3:30 + 4:00 + 0 + 4:00 + 4:00 outside and 1:00 inside of a DID; next week 15:29. */
static void weeks_are_counted_and_the_year_is_judged(void **state)
{
    struct town *t = *state;
    static const char *const side[] = {"duty=side", NULL};
    char who[37];
    on(2026, 12, 1);
    supporter(t, side, who);
    worked(t, who, "R8.11.16", "9:00", "12:30", "no");
    worked(t, who, "R8.11.17", "9:00", "13:00", "no");
    worked(t, who, "R8.11.19", "9:00", "13:00", "no");
    worked(t, who, "R8.11.20", "9:00", "13:00", "no");
    worked(t, who, "R8.11.20", "14:00", "15:00", "yes");
    worked(t, who, "R8.11.23", "9:00", "13:00", "no");
    worked(t, who, "R8.11.24", "9:00", "13:00", "no");
    worked(t, who, "R8.11.25", "9:00", "13:00", "no");
    worked(t, who, "R8.11.26", "9:00", "12:29", "no");
    month_says(t, who, "month_weeks", "令和8年11月16日の週 15:30（DID 1:00 は別） 基準に届く");
    month_says(t, who, "month_weeks", "令和8年11月23日の週 15:29");
    month_says(t, who, "month_did", "60");
    month_says(t, who, "month_minutes", "1859");
    month_says(t, who, "month_days", "8");
    /* 16 to 30 November: 15 days are 2.14 weeks */
    month_says(t, who, "year_average", "868");
    month_says(t, who, "verdict", "兼任");
    parameter(t, "supporter.did_in_week", "true", "2026-12-01");
    month_says(t, who, "month_weeks", "16:30（DID 1:00 を含む） 基準に届く");
    month_says(t, who, "year_average", "896");
    parameter(t, "supporter.fulltime_min", "896", "2026-12-01");
    month_says(t, who, "verdict", "専任として扱う");
    parameter(t, "supporter.fulltime_min", "897", "2026-12-01");
    month_says(t, who, "verdict", "兼任");
    on(2026, 11, 30); /* the day before the change */
    month_says(t, who, "month_weeks", "は別）");
    on(2026, 12, 1);
    parameter(t, "supporter.did_in_week", "false", "2026-12-01");
    parameter(t, "supporter.fulltime_min", "930", "2026-12-01");
}

/* The rule counts minutes to the average of 930 and no less. */
static void full_duty_begins_at_fifteen_and_a_half_hours(void **state)
{
    struct town *t = *state;
    char who[37], whose[80];
    static const char *const end[] = {"appointed_on=R9.4.5",    "ended_on=R9.4.18", "duty=side",
                                      "supporter_name=早瀬 一", "standing=post",    NULL};
    on(2027, 4, 30); /* two whole weeks from a Monday: 5 to 18 April */
    filed(t, "supporter", end, NULL, who);
    worked(t, who, "R9.4.5", "0:00", "15:30", "no");
    worked(t, who, "R9.4.12", "0:00", "15:28", "no");
    const char *const values[] = {field_of(whose, "supporter", who), "month_of=R9.4.30", NULL};
    says(t, "supporter_month", values, "N-MONTH-AVERAGE",
         "15:29（2.0週、基準 15:30）: 専任の基準に届きません");
    worked(t, who, "R9.4.13", "0:00", "0:02", "no");
    says(t, "supporter_month", values, "N-MONTH-AVERAGE",
         "15:30（2.0週、基準 15:30）: 専任として扱います");
    worked(t, who, "R9.4.14", "0:00", "0:02", "no");
    says(t, "supporter_month", values, "N-MONTH-AVERAGE", "15:31");
}

static void costs_have_a_limit_by_duty(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *values[6], *text;
    } rows[] = {
        {{"duty=side", "cost/+/cost_year=2026", "cost/./cost_amount=399999"}, NULL},
        {{"duty=side", "cost/+/cost_year=2026", "cost/./cost_amount=400000"}, NULL},
        {{"duty=side", "cost/+/cost_year=2026", "cost/./cost_amount=400001"}, "1円超えます"},
        {{"duty=full", "cost/+/cost_year=2026", "cost/./cost_amount=5000000"}, NULL},
        {{"duty=full", "cost/+/cost_year=2026", "cost/./cost_amount=5000001"}, "専任1人"},
    };
    on(2026, 11, 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "supporter", rows[i].values, "W-SUPPORTER-LIMIT", rows[i].text);
    /* each year with the limit of its own */
    static const char *const two[] = {"duty=side", "cost/+/cost_year=2026",
                                      "cost/./cost_amount=450000", NULL};
    static const char *const next[] = {"duty=side", "cost/+/cost_year=2027",
                                       "cost/./cost_amount=450000", NULL};
    on(2027, 4, 1);
    parameter(t, "supporter.limit_side", "450000", "2027-04-01");
    says(t, "supporter", two, "W-SUPPORTER-LIMIT", "50000円超えます");
    says(t, "supporter", next, "W-SUPPORTER-LIMIT", NULL);
}

static void days_do_not_overlap_and_stay_in_the_appointment(void **state)
{
    struct town *t = *state;
    static const char *const dates[] = {"supporter_name=石動 健", "appointed_on=R8.4.1",
                                        "ended_on=R9.3.31",       "duty=full",
                                        "standing=staff",         NULL};
    char who[37], whose[80], place[37], where[80];
    on(2027, 4, 20);
    filed(t, "supporter", dates, NULL, who);
    settlement(t, "駅前", "yes", place);
    field_of(whose, "supporter", who);
    worked(t, who, "R9.3.31", "9:00", "12:00", "no");
    const struct {
        const char *day, *from, *to, *rule, *text;
    } rows[] = {
        {"day=R9.3.31", "start_time=11:59", "end_time=13:00", "E-DAY-OVERLAP", "09:00～12:00"},
        {"day=R9.3.31", "start_time=12:00", "end_time=13:00", "E-DAY-OVERLAP", NULL},
        {"day=R9.3.30", "start_time=11:00", "end_time=13:00", "E-DAY-OVERLAP", NULL},
        {"day=R9.3.31", "start_time=12:00", "end_time=13:00", "E-DAY-APPOINTED", NULL},
        {"day=R9.4.1", "start_time=12:00", "end_time=13:00", "E-DAY-APPOINTED", "令和9年3月31日"},
        {"day=R8.4.1", "start_time=12:00", "end_time=13:00", "E-DAY-APPOINTED", NULL},
        {"day=R8.3.31", "start_time=12:00", "end_time=13:00", "E-DAY-APPOINTED", "令和8年4月1日"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const values[] = {whose,        "kind=patrol", rows[i].day,
                                      rows[i].from, rows[i].to,    NULL};
        says(t, "supporter_day", values, rows[i].rule, rows[i].text);
    }
    const char *const dense[] = {whose,
                                 "kind=patrol",
                                 "day=R9.3.30",
                                 field_of(where, "settlement", place),
                                 "start_time=9:00",
                                 "end_time=10:00",
                                 NULL};
    says(t, "supporter_day", dense, "N-DAY-DID", "60分");
    const char *const rest[] = {whose,
                                "kind=patrol",
                                "day=R9.3.30",
                                "start_time=9:00",
                                "end_time=10:00",
                                "break_minutes=60",
                                NULL};
    says(t, "supporter_day", rest, "E-DAY-BREAK", "休憩");
}

/* Due on the 5th of the next month; that of March on the 31st itself. */
static void month_reports_are_due(void **state)
{
    struct town *t = *state;
    static const char *const values[] = {"supporter_name=奥宮 路", "appointed_on=R10.2.1",
                                         "ended_on=R10.4.30",      "duty=side",
                                         "standing=head",          NULL};
    static const struct {
        struct date day;
        long rows;
    } expected[] = {
        {{2028, 2, 29}, 0},                    /* January is before the appointment */
        {{2028, 3, 1}, 1},                     /* March itself: February is reported */
        {{2028, 4, 1}, 1},  {{2028, 5, 1}, 2}, /* April too: what is over stays */
        {{2028, 6, 1}, 2},  {{2029, 3, 31}, 2}, {{2029, 4, 1}, 1}, {{2029, 5, 1}, 0},
    };
    char who[37], id[37], whose[80];
    long others[ARRAY_LEN(expected)];
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        on(expected[i].day.year, expected[i].day.month, expected[i].day.day);
        others[i] = listed(t, "supporter.month_due");
    }
    on(2028, 2, 29);
    filed(t, "supporter", values, NULL, who);
    on(2028, 3, 1);
    assert_int_equal(listed(t, "supporter.month_due"), others[1] + 2);
    const char *const february[] = {field_of(whose, "supporter", who), "month_of=R10.2.29", NULL};
    filed(t, "supporter_month", NULL, february, id);
    const char *const again[] = {whose, "month_of=R10.2.1", NULL};
    says(t, "supporter_month", again, "E-MONTH-TWICE", "もうあります");
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        on(expected[i].day.year, expected[i].day.month, expected[i].day.day);
        assert_int_equal(listed(t, "supporter.month_due"), others[i] + expected[i].rows);
    }
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_agree_with_their_parts),
        cmocka_unit_test(each_sum_points_at_its_total),
        cmocka_unit_test(wishes_of_few_are_hidden),
        cmocka_unit_test(an_inspection_finds_the_one_before),
        cmocka_unit_test(weeks_are_counted_and_the_year_is_judged),
        cmocka_unit_test(full_duty_begins_at_fifteen_and_a_half_hours),
        cmocka_unit_test(costs_have_a_limit_by_duty),
        cmocka_unit_test(days_do_not_overlap_and_stay_in_the_appointment),
        cmocka_unit_test(month_reports_are_due),
    };
    return cmocka_run_group_tests_name("settlement", tests, build_town, tear_town);
}
