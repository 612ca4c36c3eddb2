/* What becomes of furusato registrations: changes, renewals, ends, support and long silence. */
#include "rules_fixture.h"

#define YUKIMI "prefecture=北峰県", "municipality=雪見町"
#define PREMIUM                                                                              \
    "activities=水路の泥上げ", "identity_method=card_ic", "info_consent=yes", "address=1-2", \
        "phone=090-1111-1111"

/* A person with nothing in common with anybody else; the texts live as long as the test. */
struct person {
    char texts[7][64];
    const char *values[8];
};

static void person_init(struct person *p, const char *family, const char *kana, const char *birth)
{
    static unsigned next;
    next++;
    snprintf(p->texts[0], sizeof p->texts[0], "family_name=%s", family);
    snprintf(p->texts[1], sizeof p->texts[1], "family_kana=%s", kana);
    snprintf(p->texts[2], sizeof p->texts[2], "birth_date=%s", birth);
    snprintf(p->texts[3], sizeof p->texts[3], "given_name=ハル");
    snprintf(p->texts[4], sizeof p->texts[4], "given_kana=ハル");
    for (size_t i = 0; i < 5; i++)
        p->values[i] = p->texts[i];
    p->values[5] = NULL;
    snprintf(p->texts[5], sizeof p->texts[5], "phone=090-0000-%04u", next);
    snprintf(p->texts[6], sizeof p->texts[6], "address=%u-1", next);
}

static void registered(const struct town *t, const struct person *who, const char *form,
                       const char *more, char id[37])
{
    bool basic = strcmp(form, "furusato_basic") == 0;
    const char *const values[] = {YUKIMI,
                                  who->texts[5],
                                  who->texts[6],
                                  "info_consent=yes",
                                  basic ? "relation=tourism" : "activities=水路の泥上げ",
                                  basic ? "target=town" : "identity_method=card_ic",
                                  more,
                                  NULL};
    filed(t, form, who->values, values, id);
    act(t, id, "decide");
}

static void changed(const struct town *t, const struct person *who, const char *const *values)
{
    char id[37];
    filed(t, "furusato_change", who->values, values, id);
    act(t, id, "take");
}

/* One paper reaches both registrations of the person. */
static void a_change_reaches_both_registrations(void **state)
{
    struct town *t = *state;
    char basic[37], premium[37];
    struct person who, other;
    static const char *const address[] = {"change_kind=address", "new_prefecture=南洲県",
                                          "new_municipality=青浜市", "new_address=9-9", NULL};
    static const char *const reissue[] = {"change_kind=reissue", "change_reason=なくした", NULL};
    static const char *const in[] = {"change_kind=move_in", "new_address=霧沢1", NULL};
    person_init(&who, "霧島田", "キリシマダ", "S50.1.2");
    person_init(&other, "別府田", "ベップダ", "S50.1.2");
    on(2027, 5, 10);
    registered(t, &who, "furusato_basic", NULL, basic);
    registered(t, &who, "furusato_premium", NULL, premium);
    struct entry *entry = begun(t, "furusato_change", who.values, address);
    finding(entry, "");
    const char *found = instance_get(entry_instance(entry), "registrations_found");
    assert_non_null(strstr(found, "ベーシック"));
    assert_non_null(strstr(found, "令和10年5月9日まで"));
    entry_free(&entry);
    entry = begun(t, "furusato_change", other.values, address);
    assert_int_equal(finding(entry, "E-CHANGE-NONE")->severity, FINDING_DEFICIENCY);
    entry_free(&entry);
    changed(t, &who, address);
    stands(t, basic, "municipality", "青浜市");
    stands(t, premium, "municipality", "青浜市");
    stands(t, premium, "address", "９－９");
    changed(t, &who, reissue);
    stands(t, premium, "card_reissued_on", "2027-05-10");
    /* moving in: basic stays and no longer counts as relation, premium ends */
    stands(t, basic, "counts_as_relation", "yes");
    changed(t, &who, in);
    stands(t, basic, "municipality", "奥霧町");
    stands(t, basic, "counts_as_relation", "no");
    stands(t, basic, "state", "decided");
    stands(t, premium, "state", "cancelled");
    stands(t, premium, "decision_reason", "住所地になったため");
}

static void death_and_the_wish_end_a_registration(void **state)
{
    struct town *t = *state;
    char basic[37], premium[37], second[37];
    struct person dead, leaving;
    static const char *const death[] = {"change_kind=death",   "submitter_kind=messenger",
                                        "agent_name=石動 渚",  "agent_relation=長女",
                                        "agent_check=licence", NULL};
    static const char *const wish[] = {"change_kind=cancel", "change_reason=関わりが終わった",
                                       "levels=basic", NULL};
    person_init(&dead, "石動", "イスルギ", "S10.3.3");
    person_init(&leaving, "早瀬川", "ハヤセガワ", "S60.4.4");
    on(2027, 5, 10);
    registered(t, &dead, "furusato_basic", NULL, basic);
    registered(t, &dead, "furusato_premium", NULL, premium);
    changed(t, &dead, death);
    stands(t, basic, "state", "erased");
    stands(t, premium, "state", "cancelled");
    stands(t, premium, "decision_reason", "死亡のため");
    registered(t, &leaving, "furusato_basic", NULL, basic);
    registered(t, &leaving, "furusato_premium", NULL, second);
    changed(t, &leaving, wish);
    stands(t, basic, "state", "erased");
    stands(t, second, "state", "decided");
}

/* From so many days before the end as the town says, expiry the day after it; a year from 29
 * February ends with the next one. */
static void renewals_have_a_window(void **state)
{
    struct town *t = *state;
    char premium[37];
    struct person who;
    static const char *const renew[] = {"change_kind=renew", NULL};
    struct error err = {0};
    person_init(&who, "奥宮路", "オクミヤジ", "S60.5.5");
    on(2028, 2, 29);
    registered(t, &who, "furusato_premium", NULL, premium);
    stands(t, premium, "valid_from", "2028-02-29");
    stands(t, premium, "valid_until", "2029-02-28");
    parameter(t, "premium.renew_days", "29", "2028-03-01");
    on(2029, 1, 29); /* 30 days before */
    assert_int_equal(action_do(t->clerk, premium, "renew", "", NULL, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "令和11年2月28日"));
    struct entry *entry = begun(t, "furusato_change", who.values, renew);
    assert_non_null(strstr(finding(entry, "E-CHANGE-RENEW")->message, "令和11年1月30日から"));
    entry_free(&entry);
    long early = listed(t, "furusato_premium.renewal");
    on(2029, 1, 30);
    assert_int_equal(listed(t, "furusato_premium.renewal"), early + 1);
    changed(t, &who, renew);
    stands(t, premium, "valid_from", "2029-03-01");
    stands(t, premium, "valid_until", "2030-02-28");
    on(2030, 2, 28); /* the last day */
    assert_int_equal(action_do(t->clerk, premium, "expire", "", NULL, &err), E_RULE);
    long expired = listed(t, "furusato_premium.expired");
    on(2030, 3, 1);
    assert_int_equal(listed(t, "furusato_premium.expired"), expired + 1);
    act(t, premium, "expire");
    stands(t, premium, "state", "expired");
}

/* Who was born on 29 February is of age on 1 March of a common year. */
static void leap_day_children_come_of_age(void **state)
{
    struct town *t = *state;
    static const char *const premium[] = {YUKIMI, PREMIUM, NULL};
    static const struct {
        const char *birth;
        struct date filed;
        bool minor;
    } rows[] = {
        {"2012-02-29", {2030, 2, 28}, true},  {"2012-02-29", {2030, 3, 1}, false},
        {"2008-05-12", {2026, 5, 11}, true},  {"2008-05-12", {2026, 5, 12}, false},
        {"2008-05-12", {2026, 5, 13}, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person who;
        person_init(&who, "瀬尾川", "セオカワ", rows[i].birth);
        on(rows[i].filed.year, rows[i].filed.month, rows[i].filed.day);
        struct entry *entry = begun(t, "furusato_premium", who.values, premium);
        if ((finding(entry, "E-GUARDIAN") != NULL) != rows[i].minor)
            fail_msg("born %s, filed %d-%d-%d", rows[i].birth, rows[i].filed.year,
                     rows[i].filed.month, rows[i].filed.day);
        entry_free(&entry);
    }
}

static void support_is_no_return_gift(void **state)
{
    struct town *t = *state;
    char basic[37], measure[37], use[37], ref[80];
    struct person who;
    static const struct {
        const char *values[6], *rule, *text;
    } rows[] = {
        {{"without_visit=yes", "goods=yes"}, "E-MEASURE-GIFT", "返礼品"},
        {{"without_visit=yes", "goods=no"}, "E-MEASURE-GIFT", NULL},
        {{"without_visit=no", "goods=yes"}, "E-MEASURE-GIFT", NULL},
        {{"measure_kind=living", "audience=premium basic"},
         "W-MEASURE-BASIC",
         "ベーシックの対象は"},
        {{"measure_kind=living", "audience=premium"}, "W-MEASURE-BASIC", NULL},
        {{"measure_kind=activity", "audience=basic"}, "W-MEASURE-BASIC", NULL},
    };
    person_init(&who, "水上谷", "ミズカミヤ", "S40.6.6");
    on(2027, 5, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "support_measure", rows[i].values, rows[i].rule, rows[i].text);
    static const char *const fares[] = {"measure_name=住民並み利用",
                                        "measure_kind=living",
                                        "audience=premium",
                                        "content=体育館",
                                        "without_visit=no",
                                        "goods=no",
                                        NULL};
    filed(t, "support_measure", fares, NULL, measure);
    registered(t, &who, "furusato_basic", NULL, basic);
    const char *const used[] = {field_of(ref, "measure", measure), "used_on=R9.5.10", NULL};
    struct entry *entry = begun(t, "support_use", who.values, used);
    assert_non_null(finding(entry, "E-USE-REGISTERED"));
    entry_free(&entry);
    char premium[37];
    registered(t, &who, "furusato_premium", NULL, premium);
    filed(t, "support_use", who.values, used, use);
}

/* A year without use; using a measure, or a reply, begins the year anew. The app's people are the
 * nation's. */
static void the_silent_are_listed(void **state)
{
    struct town *t = *state;
    char silent[37], user[37], app[37], measure[37], use[37], ref[80];
    struct person a, b, c;
    static const char *const any[] = {"measure_name=交通費",
                                      "measure_kind=activity",
                                      "audience=basic premium",
                                      "content=半額",
                                      "without_visit=no",
                                      "goods=no",
                                      NULL};
    person_init(&a, "葛西原", "カサイハラ", "S30.7.7");
    person_init(&b, "渡邉沢", "ワタナベザワ", "S31.7.7");
    person_init(&c, "山﨑野", "ヤマザキノ", "S32.7.7");
    on(2031, 5, 12);
    registered(t, &a, "furusato_basic", NULL, silent);
    registered(t, &b, "furusato_basic", NULL, user);
    registered(t, &c, "furusato_basic", "app_no=A-1", app);
    on(2032, 5, 10);
    filed(t, "support_measure", any, NULL, measure);
    const char *const used[] = {field_of(ref, "measure", measure), "used_on=R14.5.10", NULL};
    filed(t, "support_use", b.values, used, use);
    long others = listed(t, "furusato_basic.ask");
    on(2032, 5, 11); /* 365 days after the registration of the first */
    assert_int_equal(listed(t, "furusato_basic.ask"), others + 1);
    act(t, silent, "ask");
    stands(t, silent, "deadline", "2032-06-10");
    on(2032, 6, 10);
    long waiting = listed(t, "furusato_basic.release");
    on(2032, 6, 11);
    assert_int_equal(listed(t, "furusato_basic.release"), waiting + 1);
    act(t, silent, "stay");
    stands(t, silent, "replied_on", "2032-06-11");
    assert_int_equal(listed(t, "furusato_basic.release"), waiting);
    long asked = listed(t, "furusato_basic.ask");
    on(2033, 5, 10); /* the user of the measure, 365 days after it */
    assert_int_equal(listed(t, "furusato_basic.ask"), asked + 1);
}

/* A paper brought before its day waits on the screen: the rule looks at the day it is filed. */
static void a_paper_left_open_is_judged_by_the_day_it_is_filed(void **state)
{
    struct town *t = *state;
    char id[37];
    struct person who;
    struct receipt receipt;
    struct error err;
    static const char *const early[] = {"change_kind=contact", "new_phone=090-2222-2222",
                                        "changed_on=R9.6.2", NULL};
    person_init(&who, "由布田", "ユフダ", "S50.1.2");
    on(2027, 6, 1);
    registered(t, &who, "furusato_basic", NULL, id);
    struct entry *entry = begun(t, "furusato_change", who.values, early);
    explain_all(entry);
    assert_int_equal(entry_finalise(entry, id, &receipt, &err), E_RULE);
    assert_string_equal(err.field, "changed_on");
    on(2027, 6, 2);
    explain_all(entry);
    finalise(entry, id, &receipt);
    entry_free(&entry);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_reaches_both_registrations),
        cmocka_unit_test(death_and_the_wish_end_a_registration),
        cmocka_unit_test(renewals_have_a_window),
        cmocka_unit_test(leap_day_children_come_of_age),
        cmocka_unit_test(support_is_no_return_gift),
        cmocka_unit_test(the_silent_are_listed),
        cmocka_unit_test(a_paper_left_open_is_judged_by_the_day_it_is_filed),
    };
    return cmocka_run_group_tests_name("registration", tests, build_town, tear_town);
}
