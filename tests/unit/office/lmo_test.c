/* The rules of regional organisations and designated bodies as the shipped forms have them. */
#include "report_fixture.h"

#define BODY                                                                          \
    "lmo_name=霧沢まちづくりLMO", "area=霧沢小学校区", "office_place=霧沢集会所",     \
        "representative=水上谷 一路", "activities=a01 a08", "plan_states=yes",        \
        "residents_main=yes", "cooperates=yes", "democratic=yes", "paper_bylaws=yes", \
        "paper_officers=yes", "paper_plan=yes", "paper_budget=yes", "resolved_on=2027-04-01"
#define MEMBER(kind) "member/+/member_kind=" kind, "member/./member_name=" kind "の会"

static const char *const five[] = {BODY,
                                   MEMBER("welfare_council"),
                                   MEMBER("neighbourhoods"),
                                   MEMBER("disaster"),
                                   MEMBER("crime"),
                                   MEMBER("sports"),
                                   MEMBER("commissioners"),
                                   MEMBER("women"),
                                   NULL};

static int with_profile(void **state)
{
    int rc = build_town(state);
    parameter(*state, "lmo.profile", "hiroshima", "2027-04-01");
    return rc;
}

/* Two that must be there and 5 of 12: one is missing, seven may fill it. */
static void half_of_the_kinds_are_needed(void **state)
{
    struct town *t = *state;
    static const char *const sixth[] = {MEMBER("children"), NULL};
    static const char *const again[] = {MEMBER("women"), NULL};
    static const char *const stands_for[] = {MEMBER("elders"), "member/./equivalent=equivalent",
                                             NULL};
    static const char *const refused[] = {MEMBER("elders"), "member/./equivalent=equivalent",
                                          "member/./approval=refused", NULL};
    struct entry *entry;
    struct receipt receipt;
    struct error err = {0};
    on(2027, 5, 10);
    entry = begun(t, "lmo_application", five, NULL);
    const struct finding *half = finding(entry, "E-LMO-HALF");
    assert_non_null(half);
    assert_int_equal(half->severity, FINDING_DEFICIENCY);
    assert_non_null(strstr(half->message, "半数（6）に1団体不足"));
    assert_non_null(strstr(half->message,
                           "候補の7団体: 老人クラブ、地域活動連絡協議会、母子寡婦福祉会、"
                           "子ども会育成協議会、青少年健全育成連絡協議会、"
                           "公衆衛生推進協議会、PTA"));
    assert_string_equal(entry_summary(entry), "広島型 構成団体 5/6（半数）");
    assert_int_equal(entry_finalise(entry, "", &receipt, &err), E_RULE);
    type_all(entry, again); /* two of one kind count once */
    assert_non_null(finding(entry, "E-LMO-HALF"));
    assert_non_null(strstr(finding(entry, "N-LMO-SAME-KIND")->message, "女性会が2団体"));
    entry_free(&entry);

    entry = begun(t, "lmo_application", five, sixth);
    assert_null(finding(entry, "E-LMO-HALF"));
    entry_free(&entry);

    entry = begun(t, "lmo_application", five, stands_for);
    assert_null(finding(entry, "E-LMO-HALF"));
    assert_non_null(strstr(finding(entry, "N-LMO-EQUIVALENT")->message, "町長認定待ち"));
    entry_free(&entry);
    entry = begun(t, "lmo_application", five, refused);
    assert_non_null(finding(entry, "E-LMO-HALF"));
    entry_free(&entry);
}

/* The town has the reason ready, and designates what was put right. */
static void the_town_has_a_reason_ready(void **state)
{
    struct town *t = *state;
    static const char *const sixth[] = {MEMBER("children"), NULL};
    char short_one[37], whole[37], notice[37], lmo[80];
    struct action_list actions;
    struct error err = {0};
    on(2027, 5, 10);
    filed(t, "lmo_application", five, NULL, short_one);
    must(action_list(t->clerk, short_one, &actions, &err), &err);
    bool drafted = false;
    for (size_t i = 0; i < actions.count; i++)
        if (strcmp(actions.items[i].name, "reject") == 0)
            drafted =
                strstr(actions.items[i].reason_draft,
                       "構成団体が5団体で、条例で定める半数（6団体）に1団体足りないため。") != NULL;
    action_list_free(&actions);
    assert_true(drafted);
    filed(t, "lmo_application", five, sixth, whole);
    const char *const gazette[] = {field_of(lmo, "lmo", whole), "notice_no=12", NULL};
    says(t, "lmo_designation", gazette, "E-LMO-NOTICE-STATE", "まだ指定されていません");
    const char *const request[] = {lmo, "request_kind=property", "request_object=集会所の一室",
                                   "request_reason=交流の場", NULL};
    says(t, "lmo_request", request, "E-LMO-REQUEST-STATE", "指定されていません");
    act(t, whole, "decide");
    stands(t, whole, "designated_on", "2027-05-10");
    says(t, "lmo_designation", gazette, "E-LMO-NOTICE-STATE", NULL);
    says(t, "lmo_request", request, "E-LMO-REQUEST-STATE", NULL);
    filed(t, "lmo_designation", gazette, NULL, notice);
    struct entry *entry;
    must(entry_open(t->clerk, notice, &entry, &err), &err);
    const char *text = instance_get(entry_instance(entry), "notice_text");
    assert_string_equal(text,
                        "奥霧町告示第１２号\n"
                        "地方自治法第260条の49の規定により、次の団体を指定地域共同活動団体として"
                        "指定したので告示する。\n"
                        "令和9年5月10日\n"
                        "奥霧町長\n"
                        "名称 霧沢まちづくりLMO\n"
                        "区域 霧沢小学校区\n"
                        "事務所 霧沢集会所\n"
                        "代表者 水上谷 一路\n"
                        "指定の日 令和9年5月10日");
    entry_free(&entry);

    /* a change reaches the record it changes; resigning ends it */
    char change[37], end[37];
    const char *const moved[] = {lmo, "new_office=旧霧沢小学校", "new_representative=奥宮 路",
                                 "change_reason=移転と交代", NULL};
    const char *const over[] = {lmo, "resign_reason=解散するため", "resign_on=R9.5.12", NULL};
    filed(t, "lmo_change", moved, NULL, change);
    act(t, change, "take");
    stands(t, whole, "office_place", "旧霧沢小学校");
    stands(t, whole, "representative", "奥宮 路");
    stands(t, whole, "area", "霧沢小学校区");
    filed(t, "lmo_withdrawal", over, NULL, end);
    on(2027, 5, 11);
    assert_int_equal(action_do(t->clerk, end, "take", "", NULL, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "辞退する日がまだ来ていません"));
    stands(t, whole, "state", "decided");
    on(2027, 5, 12);
    act(t, end, "take");
    stands(t, whole, "state", "resigned");
    stands(t, whole, "decision_reason", "解散するため");
}

/* Other bylaws are other data. */
static void profiles_are_data(void **state)
{
    struct town *t = *state;
    static const char *const two[] = {BODY, MEMBER("neighbourhoods"), MEMBER("water"),
                                      MEMBER("forest"), NULL};
    static const char *const three[] = {BODY,
                                        MEMBER("neighbourhoods"),
                                        MEMBER("water"),
                                        MEMBER("forest"),
                                        MEMBER("welfare_council"),
                                        NULL};
    on(2027, 6, 1);
    parameter(t, "lmo.profile", "satoyama", "2027-06-01");
    parameter(t, "lmo.half_base", "0", "2027-06-01"); /* the kinds the profile counts: 9 */
    says(t, "lmo_application", two, "E-LMO-HALF", "3分の1（3）に1団体不足");
    says(t, "lmo_application", three, "E-LMO-HALF", NULL);
    says(t, "lmo_application", three, "E-LMO-REQUIRED", NULL);
    says(t, "lmo_application", five, "E-LMO-HALF", NULL); /* the council counts here */
    on(2027, 5, 31);                                      /* filed before the change */
    says(t, "lmo_application", three, "E-LMO-HALF", "半数（6）");
    says(t, "lmo_application", three, "E-LMO-REQUIRED", NULL);
    says(t, "lmo_application", two, "E-LMO-REQUIRED", "社会福祉協議会");
    on(2027, 6, 2);
    parameter(t, "lmo.profile", "unset", "2027-06-02");
    says(t, "lmo_application", two, "E-LMO-HALF", NULL);
    says(t, "lmo_application", two, "W-LMO-PROFILE", "lmo.profile");
    on(2027, 6, 3);
    parameter(t, "lmo.profile", "hiroshima", "2027-06-03");
    parameter(t, "lmo.half_base", "12", "2027-06-03");
    parameter(t, "lmo.equivalent", "approved_only", "2027-06-03");
    static const char *const waiting[] = {BODY,
                                          MEMBER("welfare_council"),
                                          MEMBER("neighbourhoods"),
                                          MEMBER("disaster"),
                                          MEMBER("crime"),
                                          MEMBER("sports"),
                                          MEMBER("commissioners"),
                                          MEMBER("women"),
                                          MEMBER("pta"),
                                          "member/./equivalent=equivalent",
                                          NULL};
    says(t, "lmo_application", waiting, "E-LMO-HALF", "1団体不足");
}

static void what_the_law_asks_is_a_deficiency(void **state)
{
    static const struct {
        const char *values[4], *rule, *text;
    } rows[] = {
        {{"lmo_name=霧沢"}, "E-LMO-LAW", "住民が主たる構成員"},
        {{"lmo_name=霧沢", "residents_main=yes"}, "E-LMO-LAW", "連携"},
        {{"lmo_name=霧沢", "residents_main=yes", "cooperates=yes"}, "E-LMO-LAW", "民主的"},
        {{"lmo_name=霧沢"}, "E-LMO-PLAN", "明記"},
        {{"lmo_name=霧沢"}, "E-LMO-ACTIVITY", "15種"},
        {{"lmo_name=霧沢", "activities=a15"}, "E-LMO-ACTIVITY", NULL},
        {{"lmo_name=霧沢", "paper_bylaws=yes"}, "E-LMO-PAPERS", "役員名簿"},
    };
    on(2027, 6, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(*state, "lmo_application", rows[i].values, rows[i].rule, rows[i].text);
}

/* --- Organisations and the costs of their support --- */

static void organisation(const struct town *t, const char *name, char id[37])
{
    char *called = xasprintf("group_name=%s", name);
    const char *const values[] = {called,
                                  "area=上瀬小学校区",
                                  "representative=桐山 静",
                                  "participants=neighbourhood elder",
                                  "policy=助け合う",
                                  "activities=watch meals",
                                  "legal_form=council",
                                  NULL};
    filed(t, "rmo", values, NULL, id);
    act(t, id, "take");
    xfree(&called);
}

static void costs_have_the_limit_of_their_year(void **state)
{
    struct town *t = *state;
    char id[37], first[37], rmo[80];
    on(2027, 5, 10);
    organisation(t, "上瀬まちづくり協議会", id);
    field_of(rmo, "rmo", id);
    static const struct {
        const char *year, *amount, *text;
    } rows[] = {
        {"expense_year=2026", "amount=2400000", NULL},
        {"expense_year=2026", "amount=2400001", "上限額2400000円を1円超えます"},
        {"expense_year=2025", "amount=2200000", NULL},
        {"expense_year=2025", "amount=2200001", "上限額2200000円を1円超えます"},
        {"expense_year=2025", "amount=2400000", "200000円超えます"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const values[] = {rmo,
                                      "expense_kind=formation",
                                      rows[i].year,
                                      "expense_item=workshop_staff",
                                      rows[i].amount,
                                      "formation_round=1",
                                      NULL};
        says(t, "rmo_expense", values, "W-RMO-WORKSHOP-LIMIT", rows[i].text);
    }
    const char *const part[] = {rmo,
                                "expense_kind=formation",
                                "expense_year=2026",
                                "expense_item=workshop_staff",
                                "amount=1400000",
                                "formation_round=1",
                                NULL};
    filed(t, "rmo_expense", part, NULL, first);
    const char *const rest[] = {rmo,
                                "expense_kind=formation",
                                "expense_year=2026",
                                "expense_item=workshop_staff",
                                "amount=1000000",
                                "formation_round=1",
                                NULL};
    const char *const more[] = {rmo,
                                "expense_kind=formation",
                                "expense_year=2026",
                                "expense_item=workshop_staff",
                                "amount=1000001",
                                "formation_round=2",
                                NULL};
    const char *const other[] = {rmo,
                                 "expense_kind=formation",
                                 "expense_year=2026",
                                 "expense_item=facilitator",
                                 "amount=9000000",
                                 "formation_round=3",
                                 NULL};
    says(t, "rmo_expense", rest, "W-RMO-WORKSHOP-LIMIT", NULL);
    says(t, "rmo_expense", more, "W-RMO-WORKSHOP-LIMIT", "計2400001円");
    says(t, "rmo_expense", other, "W-RMO-WORKSHOP-LIMIT", NULL);
    /* how often is not in the papers: asked, until the town sets it */
    says(t, "rmo_expense", rest, "W-RMO-FORMATION-ASK", "要上長確認");
    on(2027, 6, 1);
    parameter(t, "rmo.formation_max", "2", "2027-06-01");
    says(t, "rmo_expense", rest, "W-RMO-FORMATION-ASK", NULL);
    says(t, "rmo_expense", more, "W-RMO-FORMATION-MAX", NULL);
    says(t, "rmo_expense", other, "W-RMO-FORMATION-MAX", "2回まで");
}

static void the_survey_is_made_of_the_register(void **state)
{
    struct town *t = *state;
    char a[37], b[37], survey[37];
    static const char *const year[] = {"survey_year=2026", NULL};
    struct error err = {0};
    on(2027, 7, 1);
    organisation(t, "里前の会", a);
    organisation(t, "川下の会", b);
    must(action_do(t->clerk, b, "suspend", "担い手がいない", NULL, &err), &err);
    filed(t, "rmo_survey", year, NULL, survey);
    struct entry *entry;
    must(entry_open(t->clerk, survey, &entry, &err), &err);
    assert_string_equal(instance_get(entry_instance(entry), "rmo_dormant"), "1");
    assert_non_null(
        strstr(instance_get(entry_instance(entry), "rmo_forms"), "任意団体（協議会など） "));
    assert_non_null(strstr(instance_get(entry_instance(entry), "rmo_activities"), "弁当配達 "));
    entry_free(&entry);
}

/* --- Reports --- */

static void notice(const struct town *t, const char *of, const char *no, const char *day)
{
    char lmo[80], id[37], *number = xasprintf("notice_no=%s", no),
                          *on_day = xasprintf("notice_on=%s", day);
    const char *const values[] = {field_of(lmo, "lmo", of), number, on_day, NULL};
    filed(t, "lmo_designation", values, NULL, id);
    xfree(&number);
    xfree(&on_day);
}

static void the_register_of_bodies_and_its_notices(void **state)
{
    struct town *t = *state;
    static const char *const named[] = {"lmo_name=里前エルモ",
                                        "lmo_kana=サトマエエルモ",
                                        MEMBER("children"),
                                        MEMBER("elders"),
                                        "member/./equivalent=equivalent",
                                        "member/./approval=refused",
                                        NULL},
                             *const waiting[] = {"lmo_name=川下エルモ", "lmo_kana=カワシモエルモ",
                                                 NULL};
    char one[37], other[37];
    struct error err = {0};
    on(2032, 3, 31);
    filed(t, "lmo_application", five, named, one);
    filed(t, "lmo_application", five, waiting, other);
    gives(t, "report_notices", ROWS("fiscal_year=R13"), NOTHING);
    act(t, one, "decide");
    notice(t, one, "30", "R14.3.31");
    notice(t, one, "1", "R14.4.1");
    struct report_result r = answered(t, "report_notices", ROWS("fiscal_year=R13"));
    assert_int_equal(r.rows, 1); /* the last day of the year */
    assert_string_equal(r.shown.items[0], "３０");
    assert_non_null(strstr(r.shown.items[3], "奥霧町告示第３０号\n"));
    report_result_free(&r);
    r = answered(t, "report_notices", ROWS("fiscal_year=2032")); /* the first of the next */
    assert_int_equal(r.rows, 1);
    assert_string_equal(r.shown.items[0], "１");
    report_result_free(&r);

    r = answered(t, "report_lmo", ROWS("which=designated"));
    assert_int_equal(r.rows, 1);
    assert_string_equal(r.shown.items[1], "里前エルモ");
    assert_string_equal(r.shown.items[4], "8"); /* the refused one is none */
    assert_string_equal(r.shown.items[5], "指定");
    assert_string_equal(r.shown.items[6], "令和14年3月31日");
    report_result_free(&r);
    r = answered(t, "report_lmo", NULL);
    size_t columns = r.report->column_count, found = 0;
    for (size_t i = 0; i < r.rows; i++)
        found += strcmp(r.shown.items[i * columns + 1], "川下エルモ") == 0;
    assert_int_equal(found, 1);
    report_result_free(&r);
    must(action_do(t->clerk, one, "order", "会計の報告がない",
                   (const char *const[]){"deadline=R14.6.30", NULL}, &err),
         &err);
    r = answered(t, "report_lmo", ROWS("which=designated")); /* still designated */
    assert_int_equal(r.rows, 1);
    assert_string_equal(r.shown.items[5], "是正中");
    report_result_free(&r);

    /* the survey of the ministry: what is designated is known */
    static const char *const none[] = {"survey_year=2032", "progress=done", "efforts=study none",
                                       NULL},
                             *const not [] = {"survey_year=2032", "progress=none", NULL},
                             *const good[] = {"survey_year=2032", "progress=done",
                                              "efforts=study budget", "wanted=cases other", NULL};
    char id[37];
    says(t, "lmo_survey", none, "E-LMO-SURVEY-NONE", "なし");
    says(t, "lmo_survey", not, "W-LMO-SURVEY-PROGRESS", "指定している団体が1");
    says(t, "lmo_survey", good, "E-LMO-SURVEY-NONE", NULL);
    says(t, "lmo_survey", good, "W-LMO-SURVEY-PROGRESS", NULL);
    filed(t, "lmo_survey", good, NULL, id);
    gives(t, "report_lmo_survey", ROWS("fiscal_year=R14"),
          ROWS("2032|導入済|条例・要綱の検討、支援の予算化|先行事例、その他|1"));
    gives(t, "report_lmo_survey", ROWS("fiscal_year=R13"), NOTHING);
    must(action_do(t->clerk, one, "revoke", "是正されない", NULL, &err), &err);
    gives(t, "report_lmo", ROWS("which=designated"), NOTHING);
}

static void expense(const struct town *t, const char *body, const char *item, const char *year,
                    const char *amount)
{
    char id[37], *what = xasprintf("expense_item=%s", item),
                 *when = xasprintf("expense_year=%s", year), *yen = xasprintf("amount=%s", amount);
    bool office = strcmp(item, "office_staff") == 0, rmo = str_starts(body, "rmo=");
    const char *const values[] = {rmo ? "body=rmo" : "body=lmo",
                                  body,
                                  office ? "expense_kind=operation" : "expense_kind=formation",
                                  what,
                                  when,
                                  yen,
                                  office ? NULL : "formation_round=1",
                                  NULL};
    filed(t, "rmo_expense", values, NULL, id);
    xfree(&what);
    xfree(&when);
    xfree(&yen);
}

/* One sum for each body, kind and item of a fiscal year; the survey has the whole of it. */
static void costs_are_summed_by_year(void **state)
{
    struct town *t = *state;
    char rmo[37], body[37], one[80], other[80], survey[37];
    static const char *const named[] = {"lmo_name=上流エルモ", MEMBER("children"), NULL},
                             *const year[] = {"survey_year=2031", NULL};
    on(2032, 4, 1);
    gives(t, "report_expenses", ROWS("fiscal_year=R13"), NOTHING);
    organisation(t, "上流の会", rmo);
    filed(t, "lmo_application", five, named, body);
    act(t, body, "decide");
    field_of(one, "rmo", rmo);
    field_of(other, "lmo", body);
    expense(t, one, "workshop_staff", "2031", "1400000");
    expense(t, one, "workshop_staff", "2031", "1000000");
    expense(t, one, "workshop_staff", "2032", "7");
    expense(t, one, "office_staff", "2031", "500000");
    expense(t, other, "workshop_staff", "2031", "2400000");
    gives(t, "report_expenses", ROWS("fiscal_year=R13"),
          ROWS("指定地域共同活動団体（LMO）|上流エルモ|形成支援|ワークショップ開催のための臨時職員|"
               "2,400,000",
               "地域運営組織（RMO）|上流の会|形成支援|ワークショップ開催のための臨時職員|2,400,000",
               "地域運営組織（RMO）|上流の会|運営・事業活動の支援|事務局人件費|500,000"));
    page_says(t, "report_expenses", ROWS("fiscal_year=R13"), "5,300,000\n");
    gives(t, "report_expenses", ROWS("fiscal_year=2032"),
          ROWS("地域運営組織（RMO）|上流の会|形成支援|ワークショップ開催のための臨時職員|7"));
    filed(t, "rmo_survey", year, NULL, survey);
    stands(t, survey, "year_costs", "5300000");
    struct report_result r = answered(t, "report_rmo", ROWS("fiscal_year=R13"));
    size_t last = (r.rows - 1) * r.report->column_count;
    assert_string_equal(r.shown.items[last], "支援経費");
    assert_string_equal(r.cells.items[last + 2], "5300000");
    report_result_free(&r);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_the_kinds_are_needed),
        cmocka_unit_test(the_town_has_a_reason_ready),
        cmocka_unit_test(profiles_are_data),
        cmocka_unit_test(what_the_law_asks_is_a_deficiency),
        cmocka_unit_test(costs_have_the_limit_of_their_year),
        cmocka_unit_test(the_survey_is_made_of_the_register),
        cmocka_unit_test(the_register_of_bodies_and_its_notices),
        cmocka_unit_test(costs_are_summed_by_year),
    };
    return cmocka_run_group_tests_name("lmo", tests, with_profile, tear_town);
}
