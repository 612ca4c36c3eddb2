/* The rules of regional organisations and designated bodies as the shipped forms have them. */
#include "rules_fixture.h"

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
    assert_string_equal(entry_summary(entry), "広島型（L3303） 構成団体 5/6（半数）");
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
    assert_non_null(strstr(text, "奥霧町告示第１２号 地方自治法第260条の49"));
    assert_non_null(strstr(text, "名称 霧沢まちづくりLMO 区域 霧沢小学校区"));
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
    };
    return cmocka_run_group_tests_name("lmo", tests, with_profile, tear_town);
}
