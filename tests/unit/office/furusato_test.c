/* The rules of the furusato registration as the shipped forms have them, in a fictitious town. */
#include "rules_fixture.h"

/* --- People and activities --- */

#define KIRYU                                                                             \
    "family_name=桐生", "given_name=みなと", "family_kana=キリュウ", "given_kana=ミナト", \
        "birth_date=S63.7.14"
#define HAYAKAWA                                                                    \
    "family_name=早川", "given_name=凪", "family_kana=ハヤカワ", "given_kana=ナギ", \
        "birth_date=2009-05-12"
#define ISURUGI                                                                       \
    "family_name=石動", "given_name=ハル", "family_kana=イスルギ", "given_kana=ハル", \
        "birth_date=S20.3.3"
#define YUKIMI  "prefecture=北峰県", "municipality=雪見町", "address=1-2", "phone=090-0000-0000"
#define OKUGIRI "prefecture=瀬田川県", "municipality=奥霧町", "address=1-2", "phone=090-0000-0000"
#define PREMIUM "activities=水路の泥上げ", "identity_method=card_ic", "info_consent=yes"

static const char *const kiryu[] = {KIRYU, NULL}, *const hayakawa[] = {HAYAKAWA, NULL},
                         *const isurugi[] = {ISURUGI, NULL};

static void activity(const struct town *t, const char *name, char id[37])
{
    char *called = xasprintf("activity_name=%s", name);
    const char *const values[] = {"group_kind=neighbourhood",
                                  "group_name=霧沢自治会",
                                  "responsible=水上谷 一路",
                                  called,
                                  "period_from=R9.4.1",
                                  "period_to=R10.3.31",
                                  "place=霧沢",
                                  "content=住民といっしょに行う作業",
                                  "public_benefit=だれもが使う水路と祭りを守る",
                                  NULL};
    filed(t, "activity_designation", NULL, values, id);
    act(t, id, "decide");
    xfree(&called);
}

static void took_part(const struct town *t, const char *const *who, const char *activity,
                      const char *day)
{
    char *what = strlen(activity) == 36 ? xasprintf("activity=%s", activity)
                                        : xasprintf("activity_other=%s", activity);
    char *when = xasprintf("activity_on=%s", day), id[37];
    const char *const values[] = {what, when, "confirmed_by=水上谷", NULL};
    filed(t, "activity_record", who, values, id);
    xfree(&what);
    xfree(&when);
}

/* Three days before the registration: one with two activities, one with one that is none. */
static void activities_before_registration_count(void **state)
{
    struct town *t = *state;
    static const char *const premium[] = {YUKIMI, PREMIUM, NULL};
    char mud[37], shrine[37], record[37];
    struct receipt receipt;
    struct entry *entry;
    on(2027, 4, 2);
    activity(t, "霧沢水路の泥上げ", mud);
    activity(t, "御神輿手伝い", shrine);
    on(2027, 5, 6);
    took_part(t, kiryu, mud, "R9.5.2");
    took_part(t, kiryu, mud, "R9.5.3");
    entry = begun(t, "furusato_premium", kiryu, premium);
    assert_string_equal(entry_summary(entry), "担い手活動 2/3回（あと1回）");
    assert_non_null(finding(entry, "E-PREM-ACTIVITY"));
    entry_free(&entry);
    took_part(t, kiryu, shrine, "R9.5.3");
    took_part(t, kiryu, mud, "R9.5.4");
    took_part(t, kiryu, "川遊び", "R9.5.5");
    took_part(t, hayakawa, mud, "R9.5.5");
    took_part(t, kiryu, mud, "R9.4.1"); /* before the designation */

    on(2027, 5, 10);
    entry = begun(t, "furusato_premium", kiryu, premium);
    assert_string_equal(entry_summary(entry), "担い手活動 充足 3/3");
    assert_null(finding(entry, "E-PREM-ACTIVITY"));
    assert_non_null(strstr(finding(entry, "N-ACT-UNDESIGNATED")->message, "令和9年4月1日"));
    assert_string_equal(finding(entry, "N-ACT-SAMEDAY")->message,
                        "令和9年5月3日の活動2件は1回と数えます（同じ日は1回まで）");
    finalise(entry, record, &receipt);
    assert_false(receipt.deficient);
    entry_free(&entry);

    on(2027, 5, 20);
    act(t, record, "decide");
    stands(t, record, "valid_from", "2027-05-20");
    stands(t, record, "valid_until", "2028-05-19");
    on(2028, 5, 1);
    act(t, record, "renew");
    stands(t, record, "valid_from", "2028-05-20");
    stands(t, record, "valid_until", "2029-05-19");
    entry = begun(t, "furusato_premium", kiryu, premium);
    assert_non_null(finding(entry, "W-PREM-REGISTERED"));
    entry_free(&entry);
}

static void prefectures_with_their_towns_do_not_count(void **state)
{
    struct town *t = *state;
    on(2027, 5, 10);
    static const char *const premium[] = {
        YUKIMI,
        PREMIUM,
        "co_prefecture=yes",
        "other_registration/+/reg_prefecture=北峰県",
        "other_registration/./reg_municipality=白嶺市",
        "other_registration/+/reg_prefecture=東雲県",
        "other_registration/./reg_municipality=朝凪市",
        NULL,
    };
    static const char *const direct[] = {"other_registration/+/reg_kind=prefecture",
                                         "other_registration/./reg_prefecture=南洲県", NULL};
    static const char *const inside[] = {"other_registration/+/reg_level=basic",
                                         "other_registration/./reg_prefecture=南洲県",
                                         "other_registration/./reg_municipality=青浜市", NULL};
    struct entry *entry = begun(t, "furusato_premium", kiryu, premium);
    struct receipt receipt;
    struct error err = {0};
    assert_null(finding(entry, "E-PREM-LIMIT"));
    type_all(entry, direct);
    const struct finding *limit = finding(entry, "E-PREM-LIMIT");
    assert_non_null(limit);
    assert_int_equal(limit->severity, FINDING_DEFICIENCY);
    assert_non_null(strstr(limit->message, "3団体までです。この申請を含めて4団体"));
    assert_int_equal(entry_finalise(entry, "", &receipt, &err), E_RULE);
    type_all(entry, inside); /* now the prefecture has one of its towns */
    assert_null(finding(entry, "E-PREM-LIMIT"));
    entry_free(&entry);
}

static void deficient_is_received_when_explained(void **state)
{
    struct town *t = *state;
    on(2027, 4, 30);
    static const char *const premium[] = {YUKIMI, PREMIUM, NULL};
    struct entry *entry = begun(t, "furusato_premium", hayakawa, premium);
    struct receipt receipt;
    struct action_list actions;
    struct error err = {0};
    char record[37];
    assert_non_null(finding(entry, "E-GUARDIAN"));
    assert_int_equal(entry_finalise(entry, "", &receipt, &err), E_RULE);
    explain_all(entry);
    finalise(entry, record, &receipt);
    assert_true(receipt.deficient);
    entry_free(&entry);
    must(action_list(t->clerk, record, &actions, &err), &err);
    bool drafted = false;
    for (size_t i = 0; i < actions.count; i++)
        if (strcmp(actions.items[i].name, "reject") == 0) {
            assert_non_null(strstr(actions.items[i].reason_draft, "保護者の同意が確認できない"));
            assert_non_null(strstr(actions.items[i].reason_draft, "要件の年3回に達しない"));
            drafted = true;
        }
    assert_true(drafted);
    action_list_free(&actions);
}

/* Of age on the birthday itself. */
static void minors_need_a_guardian(void **state)
{
    struct town *t = *state;
    static const char *const premium[] = {YUKIMI, PREMIUM, NULL};
    static const char *const basic[] = {YUKIMI, "info_consent=yes", NULL};
    static const char *const consent[] = {"guardian_name=早川 渚", "guardian_relation=母",
                                          "guardian_method=paper", NULL};
    static const char *const card[] = {"identity_method=card_face", NULL};
    on(2027, 4, 30);
    struct entry *entry = begun(t, "furusato_premium", hayakawa, premium);
    assert_true(instance_relevant(entry_instance(entry), "guardian_name"));
    assert_non_null(finding(entry, "E-GUARDIAN"));
    type_all(entry, consent);
    assert_null(finding(entry, "E-GUARDIAN"));
    entry_free(&entry);
    entry = begun(t, "furusato_basic", hayakawa, basic);
    assert_null(finding(entry, "E-GUARDIAN"));
    type_all(entry, card); /* a basic registration needs it with the card only */
    assert_non_null(finding(entry, "E-GUARDIAN"));
    entry_free(&entry);
    on(2027, 5, 11);
    entry = begun(t, "furusato_premium", hayakawa, premium);
    assert_non_null(finding(entry, "E-GUARDIAN"));
    entry_free(&entry);
    on(2027, 5, 12);
    entry = begun(t, "furusato_premium", hayakawa, premium);
    assert_false(instance_relevant(entry_instance(entry), "guardian_name"));
    assert_null(finding(entry, "E-GUARDIAN"));
    entry_free(&entry);
}

static void residents_register_but_are_no_relation(void **state)
{
    struct town *t = *state;
    static const char *const basic[] = {OKUGIRI, "info_consent=yes", NULL};
    static const char *const away[] = {YUKIMI, "info_consent=yes", NULL};
    static const char *const premium[] = {OKUGIRI, PREMIUM, NULL};
    struct receipt receipt;
    struct error err = {0};
    char record[37];
    on(2027, 5, 10);
    struct entry *entry = begun(t, "furusato_basic", isurugi, basic);
    assert_non_null(finding(entry, "N-HOME"));
    finalise(entry, record, &receipt);
    assert_false(receipt.deficient);
    entry_free(&entry);
    stands(t, record, "counts_as_relation", "no");
    act(t, record, "decide");
    stands(t, record, "state", "decided");
    entry = begun(t, "furusato_premium", isurugi, premium);
    assert_int_equal(finding(entry, "E-PREM-HOME")->severity, FINDING_DEFICIENCY);
    entry_free(&entry);
    entry = begun(t, "furusato_basic", kiryu, away);
    assert_string_equal(instance_get(entry_instance(entry), "counts_as_relation"), "yes");
    assert_null(finding(entry, "N-HOME"));
    entry_free(&entry);

    /* a year without use */
    on(2028, 5, 8);
    must(entry_open(t->clerk, record, &entry, &err), &err);
    assert_null(finding(entry, "N-INACTIVE"));
    entry_free(&entry);
    on(2028, 5, 9);
    must(entry_open(t->clerk, record, &entry, &err), &err);
    assert_non_null(finding(entry, "N-INACTIVE"));
    entry_free(&entry);
    act(t, record, "ask");
    stands(t, record, "deadline", "2028-06-08");
    on(2028, 6, 9);
    must(entry_open(t->clerk, record, &entry, &err), &err);
    assert_non_null(finding(entry, "N-NO-REPLY"));
    entry_free(&entry);
}

static void individual_numbers_are_refused(void **state)
{
    struct town *t = *state;
    struct error err = {0};
    on(2027, 5, 10);
    struct entry *entry = begun(t, "furusato_basic", kiryu, NULL);
    assert_int_equal(entry_type(entry, "relation_other", "１２３４－５６７８－９０１８", &err),
                     E_RULE);
    assert_string_equal(instance_get(entry_instance(entry), "relation_other"), "");
    entry_free(&entry);
}

/* The daughter brings it, with a copy of the proxy, for somebody abroad with one name. */
static void agents_bring_a_proxy(void **state)
{
    struct town *t = *state;
    static const char *const basic[] = {"single_name=Kealoha",
                                        "single_kana=ケアロハ",
                                        "birth_date=1950-01-02",
                                        "foreign_address=12 Palm Road, Hilo",
                                        "email=kealoha@example.com",
                                        "info_consent=yes",
                                        "submitter_kind=agent",
                                        "agent_name=霧島田 澄江",
                                        "agent_relation=長女",
                                        "agent_check=licence",
                                        NULL};
    static const char *const proxy[] = {"proxy_on=R9.5.1", "proxy_kind=copy",
                                        "proxy_scope=登録の申請", NULL};
    struct receipt receipt;
    char record[37];
    on(2027, 5, 10);
    struct entry *entry = begun(t, "furusato_basic", NULL, basic);
    assert_int_equal(finding(entry, "E-PROXY")->severity, FINDING_DEFICIENCY);
    type_all(entry, proxy);
    assert_null(finding(entry, "E-PROXY"));
    finalise(entry, record, &receipt);
    assert_false(receipt.deficient);
    entry_free(&entry);
    stands(t, record, "proxy_scope", "登録の申請");
    stands(t, record, "foreign_address", "12 Palm Road, Hilo");
    stands(t, record, "counts_as_relation", "yes");
}

/* Days of stays that overlap count once; only those of the last year count. */
static void stays_count_by_the_day(void **state)
{
    struct town *t = *state;
    static const char *const first[] = {"base_kind=own", "stay_from=R9.5.1", "stay_to=R9.5.6",
                                        "evidence=lease", NULL};
    static const char *const second[] = {"base_kind=own", "stay_from=R9.5.5", "stay_to=R9.5.8",
                                         "evidence=lease", NULL};
    static const char *const old[] = {"base_kind=own", "stay_from=R8.5.1", "stay_to=R8.5.11",
                                      "evidence=lease", NULL};
    char id[37];
    on(2027, 5, 10);
    filed(t, "stay_record", isurugi, first, id);
    struct entry *entry = begun(t, "stay_record", isurugi, second);
    assert_string_equal(entry_summary(entry), "この1年の滞在 8日（長期滞在の表示は年10日以上）");
    entry_free(&entry);
    filed(t, "stay_record", isurugi, old, id); /* the 11th of May is within the year */
    entry = begun(t, "stay_record", isurugi, second);
    assert_string_equal(entry_summary(entry), "この1年の滞在 9日（長期滞在の表示は年10日以上）");
    entry_free(&entry);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activities_before_registration_count),
        cmocka_unit_test(prefectures_with_their_towns_do_not_count),
        cmocka_unit_test(deficient_is_received_when_explained),
        cmocka_unit_test(minors_need_a_guardian),
        cmocka_unit_test(residents_register_but_are_no_relation),
        cmocka_unit_test(individual_numbers_are_refused),
        cmocka_unit_test(agents_bring_a_proxy),
        cmocka_unit_test(stays_count_by_the_day),
    };
    return cmocka_run_group_tests_name("furusato", tests, build_town, tear_town);
}
