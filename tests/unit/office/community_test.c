/* The rules of neighbourhood associations and of the post office as the shipped forms have them. */
#include "rules_fixture.h"

#define BYLAWS "bylaws=purpose name area office membership representative meetings assets"

static void association(const struct town *t, const char *name, const char *const *more,
                        char id[37])
{
    char *called = xasprintf("group_name=%s", name);
    const char *const values[] = {
        called,          "group_kind=jichikai",  "area=霧沢", "representative=水上谷 一路",
        "households=40", "member_households=30", NULL};
    filed(t, "community_group", values, more, id);
    act(t, id, "take");
    xfree(&called);
}

static void members_and_bylaws_are_checked(void **state)
{
    static const struct {
        const char *values[5], *rule, *text;
    } rows[] = {
        {{"households=40", "member_households=40"}, "E-GROUP-HOUSEHOLDS", NULL},
        {{"households=40", "member_households=41"}, "E-GROUP-HOUSEHOLDS", "41"},
        {{"incorporated=yes", BYLAWS}, "E-GROUP-BYLAWS", NULL},
        {{"incorporated=yes", "bylaws=purpose name area office membership representative meetings"},
         "E-GROUP-BYLAWS",
         "1項目がありません（資産に関する事項"},
        {{"incorporated=yes"}, "E-GROUP-BYLAWS", "8項目"},
        {{"incorporated=no"}, "E-GROUP-BYLAWS", NULL},
    };
    on(2027, 5, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(*state, "community_group", rows[i].values, rows[i].rule, rows[i].text);
}

static void public_notice_changes_the_register(void **state)
{
    struct town *t = *state;
    static const char *const incorporated[] = {"incorporated=yes", "incorporated_on=2020-04-01",
                                               BYLAWS, NULL};
    char id[37], plain[37], change[37], body[80];
    on(2027, 5, 10);
    association(t, "霧沢自治会", incorporated, id);
    association(t, "里前自治会", NULL, plain);
    stands(t, id, "joining_rate", "75");
    const char *const other[] = {field_of(body, "body", plain), "items=name", "new_name=里前区",
                                 NULL};
    says(t, "community_notice", other, "E-NOTICE-GROUP", "認可地縁団体ではありません");
    says(t, "community_notice", other, "E-NOTICE-MINUTES", "議事録");
    says(t, "community_certificate", (const char *const[]){body, NULL}, "E-CERT-GROUP",
         "告示した事項がありません");
    const char *const values[] = {field_of(body, "body", id),
                                  "items=name representative",
                                  "new_name=霧沢区会",
                                  "new_representative=奥宮 路",
                                  "new_representative_address=霧沢1",
                                  "minutes_attached=yes",
                                  NULL};
    filed(t, "community_notice", values, NULL, change);
    act(t, change, "take");
    stands(t, id, "group_name", "霧沢区会");
    stands(t, id, "representative", "奥宮 路");
    stands(t, id, "area", "霧沢");
    stands(t, id, "title", "霧沢区会");

    char request[37];
    const char *const copies[] = {body,       "requester=桐山 静", "requester_address=霧沢2",
                                  "copies=2", "fee_received=yes",  NULL};
    filed(t, "community_certificate", copies, NULL, request);
    stands(t, request, "fee", "600");
    const char *const unpaid[] = {body, "requester=桐山 静", "requester_address=霧沢2", "copies=3",
                                  NULL};
    says(t, "community_certificate", unpaid, "E-CERT-FEE", "900円");
    const char *const exempt[] = {body, "copies=3", "exempt=exempt", "exempt_reason=公用", NULL};
    says(t, "community_certificate", exempt, "E-CERT-FEE", NULL);
}

/* One paper changes every body of the same person, on the day it says. */
static void a_representative_changes_everywhere_at_once(void **state)
{
    struct town *t = *state;
    char first[37], second[37], rmo[37], lmo[37], applied[37], designation[37], ended[37],
        other[37], change[37];
    struct error err = {0};
    on(2027, 6, 1);
    association(t, "上瀬自治会", NULL, first);
    association(t, "下瀬自治会", NULL, second);
    static const char *const organisation[] = {"group_name=瀬々の会",
                                               "area=瀬々",
                                               "representative=水上谷一路",
                                               "participants=elder",
                                               "policy=助け合う",
                                               "activities=watch",
                                               NULL};
    static const char *const group[] = {"group_kind=neighbourhood", "group_name=上瀬自治会",
                                        "scope=清掃", "responsible=水上谷 一路", NULL};
    static const char *const gone[] = {"group_kind=npo", "group_name=瀬の会", "scope=清掃",
                                       "responsible=水上谷 一路", NULL};
    static const char *const body[] = {"lmo_name=上瀬まちづくり", "area=上瀬",
                                       "office_place=上瀬集会所", "representative=水上谷一路",
                                       NULL};
    static const char *const next[] = {"lmo_name=下瀬まちづくり", "area=下瀬",
                                       "office_place=下瀬集会所", "representative=水上谷 一路",
                                       NULL};
    static const char *const stranger[] = {"group_name=別の会",
                                           "area=瀬々",
                                           "representative=別の人",
                                           "participants=elder",
                                           "policy=助け合う",
                                           "activities=watch",
                                           NULL};
    filed(t, "rmo", organisation, NULL, rmo);
    filed(t, "rmo", stranger, NULL, other);
    filed(t, "group_designation", group, NULL, designation);
    filed(t, "group_designation", gone, NULL, ended);
    act(t, ended, "decide");
    must(action_do(t->clerk, ended, "abolish", "解散した", NULL, &err), &err);
    filed(t, "lmo_application", body, NULL, lmo);
    act(t, lmo, "decide");
    filed(t, "lmo_application", next, NULL, applied);
    static const char *const nobody[] = {"old_name=いない 人", "new_name=早瀬川 静", NULL};
    says(t, "representative_change", nobody, "E-REPRESENTATIVE-NONE", "見つかりません");
    static const char *const values[] = {"old_name=水上谷 一路", "new_name=早瀬川 静",
                                         "new_address=瀬々2",    "new_phone=050-0000-1234",
                                         "effective_on=R9.7.1",  NULL};
    struct entry *entry = begun(t, "representative_change", values, NULL);
    finding(entry, "");
    const char *found = instance_get(entry_instance(entry), "bodies_found");
    assert_non_null(strstr(found, "上瀬自治会（団体指定）"));
    assert_non_null(strstr(found, "下瀬まちづくり（指定地域共同活動団体）"));
    assert_null(strstr(found, "瀬の会（団体指定）"));
    entry_free(&entry);
    says(t, "representative_change", values, "N-REPRESENTATIVE-FUTURE", "令和9年7月1日");
    filed(t, "representative_change", values, NULL, change);
    act(t, change, "accept");
    stands(t, change, "deadline", "2027-07-01");
    on(2027, 6, 30);
    assert_int_equal(action_do(t->clerk, change, "take", "", NULL, &err), E_RULE);
    stands(t, first, "representative", "水上谷 一路");
    on(2027, 7, 1);
    act(t, change, "take");
    stands(t, first, "representative", "早瀬川 静");
    stands(t, second, "representative", "早瀬川 静");
    stands(t, rmo, "representative", "早瀬川 静");
    stands(t, rmo, "representative_phone", "050-0000-1234");
    stands(t, designation, "responsible", "早瀬川 静");
    stands(t, ended, "responsible", "水上谷　一路");
    stands(t, lmo, "representative", "早瀬川 静");
    stands(t, lmo, "representative_address", "瀬々２");
    stands(t, lmo, "state", "decided");
    stands(t, applied, "representative", "早瀬川 静");
    stands(t, applied, "representative_phone", "050-0000-1234");
    stands(t, other, "representative", "別の人");
    stands(t, change, "state", "done");
}

/* --- Post office --- */

#define BRANCH "branch=霧沢郵便局"

static void numbers_of_paper_follow_one_another(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *values[9], *rule, *text;
    } rows[] = {
        /* last = first + used + spoiled - 1 */
        {{BRANCH, "paper/+/paper_kind=certificate", "paper/./paper_before=100",
          "paper/./paper_first=1001", "paper/./paper_used=10", "paper/./paper_spoiled=2",
          "paper/./paper_last=1011"},
         "E-PAPER-LAST",
         "1001+10+2-1=1012"},
        {{BRANCH, "paper/+/paper_kind=certificate", "paper/./paper_before=100",
          "paper/./paper_first=1001", "paper/./paper_used=10", "paper/./paper_spoiled=2",
          "paper/./paper_last=1012"},
         "E-PAPER-LAST",
         NULL},
        {{BRANCH, "paper/+/paper_kind=certificate", "paper/./paper_before=100",
          "paper/./paper_first=1001", "paper/./paper_used=10", "paper/./paper_spoiled=2",
          "paper/./paper_last=1013"},
         "E-PAPER-LAST",
         "1013です"},
        {{BRANCH, "paper/+/paper_kind=certificate", "paper/./paper_before=12",
          "paper/./paper_used=10", "paper/./paper_spoiled=2"},
         "E-PAPER-LEFT",
         NULL},
        {{BRANCH, "paper/+/paper_kind=certificate", "paper/./paper_before=11",
          "paper/./paper_used=10", "paper/./paper_spoiled=2"},
         "E-PAPER-LEFT",
         "残 -1"},
        {{BRANCH, "work/+/work_kind=residence", "work/./cases=3", "work/./paid=2", "work/./free=1",
          "work/./sheets=2"},
         "E-WORK-COPIES",
         "枚数（2）が通数（3）"},
        {{BRANCH, "work/+/work_kind=residence", "work/./cases=3", "work/./paid=2", "work/./free=1",
          "work/./sheets=3"},
         "E-WORK-COPIES",
         NULL},
    };
    on(2027, 5, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "entrusted_day", rows[i].values, rows[i].rule, rows[i].text);
}

static void days_make_the_month(void **state)
{
    struct town *t = *state;
    char day[37], month[37];
    static const char *const first[] = {BRANCH,
                                        "day=R9.5.6",
                                        "work/+/work_kind=residence",
                                        "work/./cases=4",
                                        "work/./paid=3",
                                        "work/./free=1",
                                        "work/./sheets=5",
                                        "work/./unit_fee=300",
                                        "work/+/work_kind=tax",
                                        "work/./cases=1",
                                        "work/./paid=1",
                                        "work/./unit_fee=200",
                                        "paper/+/paper_kind=certificate",
                                        "paper/./paper_before=100",
                                        "paper/./paper_first=501",
                                        "paper/./paper_used=5",
                                        "paper/./paper_spoiled=1",
                                        "cash_counted=1000",
                                        "cash_reason=釣銭の渡し違い",
                                        NULL};
    on(2027, 5, 31);
    filed(t, "entrusted_day", first, NULL, day);
    stands(t, day, "cash_due", "1100");
    stands(t, day, "cash_gap", "-100");
    static const char *const gap[] = {BRANCH,
                                      "day=R9.5.7",
                                      "paper/+/paper_kind=certificate",
                                      "paper/./paper_before=94",
                                      "paper/./paper_first=508",
                                      "paper/./paper_used=1",
                                      NULL};
    static const char *const next[] = {BRANCH,
                                       "day=R9.5.7",
                                       "paper/+/paper_kind=certificate",
                                       "paper/./paper_before=93",
                                       "paper/./paper_first=507",
                                       "paper/./paper_used=1",
                                       NULL};
    says(t, "entrusted_day", gap, "W-PAPER-GAP", "506");
    says(t, "entrusted_day", gap, "W-PAPER-BEFORE", NULL);
    says(t, "entrusted_day", next, "W-PAPER-GAP", NULL);
    says(t, "entrusted_day", next, "W-PAPER-BEFORE", "94");
    says(t, "entrusted_day", first, "E-DAY-TWICE", "もうあります");
    static const char *const may[] = {BRANCH, "month_of=R9.5.31", NULL};
    filed(t, "entrusted_month", may, NULL, month);
    stands(t, month, "month_cases", "5");
    stands(t, month, "month_copies", "5");
    stands(t, month, "month_fees", "1100");
    stands(t, month, "month_gap", "-100");
    stands(t, month, "month_paper", "証明書の改ざん防止用紙 受入0 使用5 書損1");
    static const char *const june[] = {BRANCH, "month_of=R9.4.30", NULL};
    says(t, "entrusted_month", june, "W-MONTH-EMPTY", "一件もありません");
}

static void slots_do_not_overlap(void **state)
{
    struct town *t = *state;
    char id[37];
    static const char *const slot[] = {"room=相談室", "slot_on=R9.6.10", "slot_from=10:00",
                                       "slot_to=10:30", NULL};
    static const struct {
        const char *values[5], *text;
    } rows[] = {
        {{"room=相談室", "slot_on=R9.6.10", "slot_from=9:30", "slot_to=10:00"}, NULL},
        {{"room=相談室", "slot_on=R9.6.10", "slot_from=9:30", "slot_to=10:01"}, "10:00～10:30"},
        {{"room=相談室", "slot_on=R9.6.10", "slot_from=10:29", "slot_to=11:00"}, "10:00～10:30"},
        {{"room=相談室", "slot_on=R9.6.10", "slot_from=10:30", "slot_to=11:00"}, NULL},
        {{"room=相談室", "slot_on=R9.6.11", "slot_from=10:00", "slot_to=10:30"}, NULL},
        {{"room=会議室", "slot_on=R9.6.10", "slot_from=10:00", "slot_to=10:30"}, NULL},
    };
    struct error err = {0};
    on(2027, 6, 1);
    filed(t, "telemedicine_slot", slot, NULL, id);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "telemedicine_slot", rows[i].values, "E-SLOT-OVERLAP", rows[i].text);
    must(action_do(t->clerk, id, "release", "都合が悪くなった", NULL, &err), &err);
    says(t, "telemedicine_slot", rows[1].values, "E-SLOT-OVERLAP", NULL);
}

/* Who is watched over stands in no list and no title. */
static void the_watched_are_in_no_list(void **state)
{
    struct town *t = *state;
    char id[37];
    static const char *const visit[] = {"method=visit",
                                        "target_name=秘匿 花子",
                                        "watched_by=樋口",
                                        "result=changed",
                                        "change=足もとがふらつく",
                                        "told=none",
                                        NULL};
    struct worklist_rows rows;
    struct error err = {0};
    on(2027, 6, 1);
    says(t, "watch_over", visit, "W-WATCH-TOLD", "119番");
    filed(t, "watch_over", visit, NULL, id);
    stands(t, id, "title", "見守り 令和9年6月1日");
    must(worklist_load(t->clerk, "recent", 0, -1, &rows, &err), &err);
    for (size_t i = 0; i < rows.count; i++)
        assert_null(strstr(rows.items[i].title, "秘匿"));
    worklist_rows_free(&rows);
    const struct form *form;
    must(catalogue_form(office_catalogue(t->office), "watch_over", 0, &form, &err), &err);
    assert_int_equal(strings_find(&form->list_columns, "target_name"), -1);
    assert_null(form_field(form, "target_name")->search);
}

/* The month of a post office is due when it has days; that of March already in March. */
static void months_of_post_offices_are_due(void **state)
{
    struct town *t = *state;
    static const char *const day[] = {"branch=月森局", "day=R10.2.29", "cash_counted=0", NULL};
    static const char *const march[] = {"branch=月森局", "day=R10.3.31", "cash_counted=0", NULL};
    static const char *const month[] = {"branch=月森局", "month_of=R10.2.1", NULL};
    static const struct {
        struct date day;
        long before, rows; /* without and with the month of February */
    } expected[] = {
        {{2028, 2, 29}, 0, 0}, {{2028, 3, 1}, 1, 0},  {{2028, 3, 31}, 2, 1},
        {{2028, 4, 1}, 2, 1},  {{2028, 4, 30}, 2, 1}, {{2028, 5, 1}, 2, 1}, /* what is over stays */
    };
    char id[37];
    long others[ARRAY_LEN(expected)];
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        on(expected[i].day.year, expected[i].day.month, expected[i].day.day);
        others[i] = listed(t, "entrusted_day.month_due");
    }
    on(2028, 2, 29);
    filed(t, "entrusted_day", day, NULL, id);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        on(expected[i].day.year, expected[i].day.month, expected[i].day.day);
        if (i == 2)
            filed(t, "entrusted_day", march, NULL, id);
        assert_int_equal(listed(t, "entrusted_day.month_due"), others[i] + expected[i].before);
    }
    filed(t, "entrusted_month", month, NULL, id);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        on(expected[i].day.year, expected[i].day.month, expected[i].day.day);
        if (i != 1) /* the day in March was not known then */
            assert_int_equal(listed(t, "entrusted_day.month_due"), others[i] + expected[i].rows);
    }
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_bylaws_are_checked),
        cmocka_unit_test(public_notice_changes_the_register),
        cmocka_unit_test(a_representative_changes_everywhere_at_once),
        cmocka_unit_test(numbers_of_paper_follow_one_another),
        cmocka_unit_test(days_make_the_month),
        cmocka_unit_test(slots_do_not_overlap),
        cmocka_unit_test(the_watched_are_in_no_list),
        cmocka_unit_test(months_of_post_offices_are_due),
    };
    return cmocka_run_group_tests_name("community", tests, build_town, tear_town);
}
