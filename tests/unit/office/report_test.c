/* Reports: what they ask, what they count, what they leave out; the mechanism and the shipped ones.
 */
#include "report_fixture.h"

#include "office/people.h"
#include "office/recordview.h"
#include "store/journal.h"

static struct report_result ran(const struct town *t, const char *id, const char *period,
                                const char *more)
{
    struct report_result result;
    struct strings values = STRINGS_INIT;
    struct error err = {0};
    if (more)
        strings_add(&values, more);
    must(report_run(t->clerk, id, period, &values, &result, &err), &err);
    strings_free(&values);
    fits_on_paper(&result);
    return result;
}

/* A cell as it is read, by column; the row is the one whose first cell is `row`. */
static const char *cell(const struct report_result *result, const char *row, const char *column)
{
    const struct report *report = result->report;
    for (size_t r = 0; r < result->rows; r++)
        for (size_t c = 0; c < report->column_count; c++)
            if (strcmp(result->shown.items[r * report->column_count], row) == 0 &&
                strcmp(report->columns[c].name, column) == 0)
                return result->shown.items[r * report->column_count + c];
    return "(none)";
}

static void holds(const struct report_result *result, const char *text, bool there)
{
    struct buffer page = BUFFER_INIT;
    report_text(result, false, &page);
    if (!strstr(buffer_text(&page), text) == there)
        fail_msg("%s in\n%s", text, buffer_text(&page));
    buffer_free(&page);
}

static void settlement(const struct town *t, const char *name, char id[37])
{
    char *called = xasprintf("settlement_name=%s", name);
    const char *const values[] = {called, "did=no", "census_year=2020", NULL};
    filed(t, "settlement", NULL, values, id);
    xfree(&called);
}

static void inspected(const struct town *t, const char *of, const char *day,
                      const char *const *more)
{
    char where[80], id[37], *based = xasprintf("based_on=%s", day),
                            *on_day = xasprintf("inspected_on=%s", day);
    const char *const values[] = {field_of(where, "settlement", of),
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

/* --- The mechanism --- */

static void what_is_not_asked_is_refused(void **state)
{
    const struct town *t = *state;
    struct report_result result;
    struct report_asks asks;
    struct strings values = STRINGS_INIT;
    struct error err = {0};
    struct entry *entry;
    assert_int_equal(report_run(t->clerk, "report_furusatu", NULL, NULL, &result, &err),
                     E_NOT_FOUND);
    assert_non_null(strstr(error_text(&err), "report_furusato"));
    assert_int_equal(report_run(t->clerk, "inspection", NULL, NULL, &result, &err), E_NOT_FOUND);
    strings_add(&values, "nothing=1");
    assert_int_equal(report_run(t->clerk, "report_furusato", NULL, &values, &result, &err),
                     E_NOT_FOUND);
    strings_free(&values);
    assert_int_equal(report_run(t->clerk, "report_inspections", "X9", NULL, &result, &err),
                     E_INVALID);
    /* A question without an answer. */
    assert_int_equal(report_run(t->clerk, "report_ages", NULL, NULL, &result, &err), E_INVALID);
    /* Nobody enters one as a record, and it is among no forms. */
    assert_int_equal(entry_new(t->clerk, "report_furusato", &entry, &err), E_INVALID);
    struct form_rows forms;
    must(catalogue_forms(office_catalogue(t->office), "ja", &forms, &err), &err);
    for (size_t i = 0; i < forms.count; i++)
        assert_false(str_starts(forms.items[i].id, "report_"));
    form_rows_free(&forms);
    must(report_parameters(t->clerk, "report_inspections", &asks, &err), &err);
    assert_int_equal(asks.count, 1);
    assert_string_equal(asks.items[0].value, "2027");
    report_asks_free(&asks);
}

static void every_report_runs_and_says_when_it_is_empty(void **state)
{
    const struct town *t = *state;
    struct form_rows rows;
    struct error err = {0};
    must(report_list(t->clerk, &rows, &err), &err);
    assert_true(rows.count >= 17);
    for (size_t i = 0; i < rows.count; i++) {
        struct report_asks asks;
        must(report_parameters(t->clerk, rows.items[i].id, &asks, &err), &err);
        bool ready = true;
        for (size_t a = 0; a < asks.count; a++)
            ready = ready && *asks.items[a].value;
        report_asks_free(&asks);
        if (!ready)
            continue;
        struct report_result result = ran(t, rows.items[i].id, NULL, NULL);
        if (!result.rows)
            holds(&result, "該当するものはありません", true);
        report_result_free(&result);
    }
    form_rows_free(&rows);
}

/* --- S5 --- */

static void registered_and_related_are_two_lines(void **state)
{
    const struct town *t = *state;
    static const char *const home[] = {"family_name=石動",
                                       "given_name=ハル",
                                       "family_kana=イスルギ",
                                       "given_kana=ハル",
                                       "birth_date=S20.3.3",
                                       "prefecture=瀬田川県",
                                       "municipality=奥霧町",
                                       "address=1-2",
                                       "phone=090-0000-0000",
                                       "info_consent=yes",
                                       NULL};
    static const char *const away[] = {"family_name=桐生",
                                       "given_name=みなと",
                                       "family_kana=キリュウ",
                                       "given_kana=ミナト",
                                       "birth_date=S63.7.14",
                                       "prefecture=北峰県",
                                       "municipality=雪見町",
                                       "address=1-2",
                                       "phone=090-0000-0001",
                                       "info_consent=yes",
                                       NULL};
    char id[37];
    struct error err = {0};
    filed(t, "furusato_basic", NULL, home, id);
    struct report_result r = ran(t, "report_furusato", NULL, NULL);
    assert_string_equal(cell(&r, "ベーシック", "registered"), "0"); /* not decided yet */
    report_result_free(&r);
    act(t, id, "decide");
    r = ran(t, "report_furusato", NULL, NULL);
    assert_string_equal(cell(&r, "ベーシック", "registered"), "1");
    assert_string_equal(cell(&r, "ベーシック", "related"), "0");
    assert_string_equal(cell(&r, "ベーシック", "home"), "1");
    report_result_free(&r);
    filed(t, "furusato_basic", NULL, away, id);
    act(t, id, "decide");
    r = ran(t, "report_furusato", NULL, NULL);
    assert_string_equal(cell(&r, "ベーシック", "registered"), "2");
    assert_string_equal(cell(&r, "ベーシック", "related"), "1");
    report_result_free(&r);
    /* The day before it was decided. */
    r = ran(t, "report_furusato", "R9.3.31", NULL);
    assert_string_equal(cell(&r, "ベーシック", "registered"), "0");
    report_result_free(&r);

    /* Whoever is protected has no name in the register. */
    struct record_view view;
    must(record_view_load(t->clerk, id, false, &view, &err), &err);
    r = ran(t, "report_receipts", NULL, NULL);
    holds(&r, "桐生 みなと", true);
    report_result_free(&r);
    static const char *const roles[] = {"supervisor"};
    struct session *sato;
    must(setup_add_user(t->admin, "sato", "責任者", roles, 1, PASSWORD, &err), &err);
    must(session_login(t->office, "sato", PASSWORD, &sato, &err), &err);
    must(people_protect(sato, view.person, "R10.3.31", "申出", &err), &err);
    r = ran(t, "report_receipts", NULL, NULL);
    holds(&r, "桐生 みなと", false);
    holds(&r, "（閲覧制限）", true);
    holds(&r, "石動 ハル", true);
    report_result_free(&r);
    session_free(&sato);
    record_view_free(&view);
}

/* --- Settlements --- */

static void inspections_are_compared_and_a_missing_value_is_not(void **state)
{
    const struct town *t = *state;
    char one[37], other[37];
    const char *const last[] = {"households=24",
                                "population=51",
                                "age_15_64=22",
                                "age_65=29",
                                "vacant=5",
                                "joint_work=6",
                                NULL},
                      *const now[] = {"households=21", "population=42", "age_15_64=15", "age_65=27",
                                      "age_75=17",     "vacant=8",      "joint_work=4", NULL},
                      *const partly[] = {"population=7", NULL};
    settlement(t, "奥日影", one);
    settlement(t, "滝ノ上", other);
    inspected(t, one, "R6.10.15", last);
    inspected(t, one, "R9.3.31", now); /* the last day of 令和8年度 */
    inspected(t, other, "R9.4.1", partly);
    struct report_result r = ran(t, "report_inspections", "R8", NULL);
    assert_int_equal(r.rows, 1);
    assert_string_equal(cell(&r, "奥日影", "households_change"), "-3");
    assert_string_equal(cell(&r, "奥日影", "population_change"), "-9 (-17.6%)");
    assert_string_equal(cell(&r, "奥日影", "aging_rate"), "64.3");
    assert_string_equal(cell(&r, "奥日影", "aging_change"), "+7.4pt");
    assert_string_equal(cell(&r, "奥日影", "vacant_change"), "+3");
    assert_string_equal(cell(&r, "奥日影", "work_change"), "-2");
    report_result_free(&r);
    r = ran(t, "report_inspections", "令和9年度", NULL);
    assert_int_equal(r.rows, 1);
    assert_string_equal(cell(&r, "滝ノ上", "population_change"), "比較不能");
    assert_string_equal(cell(&r, "滝ノ上", "vacant_change"), "比較不能");
    report_result_free(&r);

    r = ran(t, "report_uninspected", "2026", NULL);
    assert_string_equal(cell(&r, "滝ノ上", "settlement_name"), "滝ノ上");
    assert_string_equal(cell(&r, "奥日影", "settlement_name"), "(none)");
    report_result_free(&r);

    r = ran(t, "report_ages", "奥日影", NULL);
    assert_string_equal(cell(&r, "65～74歳", "now"), "10");
    assert_string_equal(cell(&r, "65～74歳", "before"), ""); /* 75 and over was not counted */
    holds(&r, "- | 65～74歳 |", true);
    holds(&r, "######| 15～64歳 |####", true);
    report_result_free(&r);
}

/* --- S8 --- */

static void day_of(const struct town *t, const char *who, const char *day, const char *from,
                   const char *to, const char *did)
{
    char whose[80], id[37], *on_day = xasprintf("day=%s", day),
                            *start = xasprintf("start_time=%s", from),
                            *end = xasprintf("end_time=%s", to), *dense = xasprintf("did=%s", did);
    const char *const values[] = {field_of(whose, "supporter", who),
                                  on_day,
                                  "kind=patrol",
                                  start,
                                  end,
                                  "content=巡回",
                                  dense,
                                  NULL};
    filed(t, "supporter_day", NULL, values, id);
    xfree(&on_day);
    xfree(&start);
    xfree(&end);
    xfree(&dense);
}

static void weeks_of_a_supporter_stand_beside_the_verdict(void **state)
{
    const struct town *t = *state;
    char who[37];
    const char *const values[] = {"supporter_name=樋口 澄",
                                  "supporter_kana=ヒグチ スミ",
                                  "appointed_on=R8.11.16",
                                  "ended_on=R8.11.29",
                                  "duty=side",
                                  "standing=post",
                                  NULL};
    filed(t, "supporter", NULL, values, who);
    day_of(t, who, "R8.11.16", "09:00", "12:30", "no");
    day_of(t, who, "R8.11.17", "09:00", "13:00", "no");
    day_of(t, who, "R8.11.18", "09:00", "10:00", "yes");
    day_of(t, who, "R8.11.19", "09:00", "13:00", "no");
    day_of(t, who, "R8.11.20", "09:00", "13:00", "no");
    day_of(t, who, "R8.11.24", "09:00", "17:00", "no");
    day_of(t, who, "R8.11.25", "09:00", "16:29", "no");
    struct report_result r = ran(t, "report_supporter", who, "fiscal_year=R8");
    assert_string_equal(cell(&r, "令和8年11月16日", "outside"), "15:30");
    assert_string_equal(cell(&r, "令和8年11月16日", "inside"), "1:00");
    assert_string_equal(cell(&r, "令和8年11月16日", "counted"), "15:30");
    assert_string_equal(cell(&r, "令和8年11月16日", "reached"), "届く");
    assert_string_equal(cell(&r, "令和8年11月23日", "counted"), "15:29");
    assert_string_equal(cell(&r, "令和8年11月23日", "reached"), "");
    report_result_free(&r);
}

/* --- Files --- */

struct taken {
    const char *form;
    struct buffer bodies;
    long count;
};

static enum status see_taken(void *context, const struct event *event, const char *held,
                             struct error *err)
{
    struct taken *t = context;
    (void)held;
    (void)err;
    if (!*event->record && str_starts(event->form, t->form)) {
        buffer_add_text(&t->bodies, event->body);
        t->count++;
    }
    return OK;
}

/* Who takes a report out as a file is written down, with the records its rows are of. */
static void csv_is_written_down(void **state)
{
    const struct town *t = *state;
    static const char *const kiryu[] = {"family_name=霧島",
                                        "given_name=花",
                                        "family_kana=キリシマ",
                                        "given_kana=ハナ",
                                        "birth_date=S50.1.2",
                                        "prefecture=北峰県",
                                        "municipality=雪見町",
                                        "address=1-2",
                                        "phone=090-0000-0003",
                                        "info_consent=yes",
                                        NULL};
    char id[37];
    struct error err = {0};
    struct buffer csv = BUFFER_INIT;
    struct taken taken = {.form = "report_receipts@"};
    filed(t, "furusato_basic", NULL, kiryu, id);
    struct report_result r = ran(t, "report_receipts", NULL, NULL);
    must(journal_read_op(office_store(t->office), NULL, OP_READ, see_taken, &taken, &err), &err);
    assert_int_equal(taken.count, 0); /* to look is not to take out */
    must(report_csv(t->clerk, &r, &csv, &err), &err);
    must(journal_read_op(office_store(t->office), NULL, OP_READ, see_taken, &taken, &err), &err);
    assert_int_equal(taken.count, 1);
    assert_non_null(strstr(buffer_text(&taken.bodies), id));
    report_result_free(&r);
    buffer_free(&csv);
    buffer_free(&taken.bodies);
}

static void csv_has_titles_and_guards_formulas(void **state)
{
    const struct town *t = *state;
    struct buffer csv = BUFFER_INIT;
    struct report_result r = ran(t, "report_inspections", "R8", NULL);
    struct error err = {0};
    must(report_csv(t->clerk, &r, &csv, &err), &err);
    assert_true(str_starts(buffer_text(&csv), "集落,基準日,前回,世帯,"));
    assert_non_null(strstr(buffer_text(&csv), ",-3,42,'-9 (-17.6%),64.3,"));
    report_result_free(&r);
    buffer_free(&csv);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_asked_is_refused),
        cmocka_unit_test(every_report_runs_and_says_when_it_is_empty),
        cmocka_unit_test(registered_and_related_are_two_lines),
        cmocka_unit_test(inspections_are_compared_and_a_missing_value_is_not),
        cmocka_unit_test(weeks_of_a_supporter_stand_beside_the_verdict),
        cmocka_unit_test(csv_is_written_down),
        cmocka_unit_test(csv_has_titles_and_guards_formulas),
    };
    return cmocka_run_group_tests_name("report", tests, build_town, tear_town);
}
