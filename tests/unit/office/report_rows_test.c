/* The shipped reports with records in them: numbers, days at both ends of a period, states, and a
 * page that is as wide as paper. */
#include "report_fixture.h"

/* --- 更新期限、要件不足 --- */

static void premium(const struct town *t, const char *family, const char *kana, const char *more,
                    char id[37])
{
    static unsigned next;
    char *names[] = {xasprintf("family_name=%s", family), xasprintf("family_kana=%s", kana),
                     xasprintf("phone=090-0000-%04u", ++next), xasprintf("address=%u-1", next)};
    const char *const values[] = {names[0],
                                  names[1],
                                  "given_name=ハル",
                                  "given_kana=ハル",
                                  "birth_date=S50.1.2",
                                  "prefecture=北峰県",
                                  "municipality=雪見町",
                                  names[2],
                                  names[3],
                                  "activities=水路の泥上げ",
                                  "info_consent=yes",
                                  more,
                                  NULL};
    filed(t, "furusato_premium", values, NULL, id);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        xfree(&names[i]);
}

static void registrations_run_out_on_their_day(void **state)
{
    const struct town *t = *state;
    char one[37], leap[37];
    struct error err = {0};
    gives(t, "report_renewals", NULL, NOTHING);
    page_says(t, "report_renewals", NULL, "該当するものはありません");
    on(2027, 4, 1);
    premium(t, "霧島", "キリシマ", "identity_method=card_ic", one);
    act(t, one, "decide"); /* through the 31st of March */
    on(2028, 2, 29);
    premium(t, "別府", "ベップ", "identity_method=card_ic", leap);
    act(t, leap, "decide"); /* a year without that day ends on the 28th */
    on(2028, 3, 30);
    gives(t, "report_renewals", ROWS("until_day=R10.3.30"), NOTHING);
    gives(t, "report_renewals", ROWS("until_day=R10.3.31"),
          ROWS("令9-役場-FP-00001-5|霧島 ハル|令和9年4月1日|令和10年3月31日|1"));
    on(2028, 4, 1); /* over, and still there until somebody says so */
    gives(t, "report_renewals", ROWS("until_day=R11.2.28"),
          ROWS("令9-役場-FP-00001-5|霧島 ハル|令和9年4月1日|令和10年3月31日|-1",
               "令9-役場-FP-00002-7|別府 ハル|令和10年2月29日|令和11年2月28日|333"));
    act(t, one, "expire");
    gives(t, "report_renewals", ROWS("until_day=R11.2.27"), NOTHING);
    must(action_do(t->clerk, leap, "cancel", "申出", NULL, &err), &err);
    gives(t, "report_renewals", ROWS("until_day=R11.12.31"), NOTHING);
}

static void what_lacks_something_is_listed_until_it_is_decided(void **state)
{
    const struct town *t = *state;
    static const char *const ask[] = {"deadline=R10.5.31", NULL};
    char id[37];
    struct error err = {0};
    on(2028, 4, 3);
    premium(t, "早川", "ハヤカワ", NULL, id);
    gives(t, "report_deficient", ROWS("as_of=R10.4.2"), NOTHING);
    struct report_result r = answered(t, "report_deficient", ROWS("as_of=R10.4.3"));
    assert_int_equal(r.rows, 1);
    assert_string_equal(r.shown.items[1], "ふるさと住民登録（プレミアム）");
    assert_string_equal(r.shown.items[2], "早川 ハル");
    assert_string_equal(r.shown.items[4], "受付");
    assert_non_null(strstr(r.shown.items[6], "マイナンバーカード"));
    report_result_free(&r);
    must(action_do(t->clerk, id, "request_correction", "本人確認をしてください", ask, &err), &err);
    r = answered(t, "report_deficient", ROWS("as_of=R10.4.3"));
    assert_string_equal(r.shown.items[4], "補正待ち");
    assert_string_equal(r.shown.items[5], "令和10年5月31日");
    report_result_free(&r);
    must(action_do(t->clerk, id, "withdraw", "申出", NULL, &err), &err);
    gives(t, "report_deficient", ROWS("as_of=R10.4.3"), NOTHING);
}

/* --- 受付簿 --- */

static void the_register_has_every_number_of_its_days(void **state)
{
    const struct town *t = *state;
    char first[37], last[37];
    struct error err = {0};
    on(2032, 3, 31);
    premium(t, "上瀬", "カミセ", NULL, first);
    on(2032, 4, 1);
    premium(t, "里前", "サトマエ", NULL, last);
    must(action_do(t->clerk, first, "withdraw", "申出", NULL, &err), &err);
    gives(t, "report_receipts", ROWS("from_day=R14.3.31", "to_day=R14.3.31"),
          ROWS("令和14年3月31日|令13-役場-FP-00001-5|ふるさと住民登録（プレミアム）|上瀬 "
               "ハル|取下げ"));
    gives(
        t, "report_receipts", ROWS("from_day=R14.4.1", "to_day=R14.4.1"),
        ROWS("令和14年4月1日|令14-役場-FP-00001-4|ふるさと住民登録（プレミアム）|里前 ハル|受付"));
    gives(t, "report_receipts", ROWS("from_day=R14.3.1", "to_day=R14.3.30"), NOTHING);
    /* the other way round there is no day between */
    gives(t, "report_receipts", ROWS("from_day=R14.4.1", "to_day=R14.3.31"), NOTHING);
}

/* --- 受託事務 --- */

static void day_sheet(const struct town *t, const char *branch, const char *day,
                      const char *const *more)
{
    char id[37], *where = xasprintf("branch=%s", branch), *when = xasprintf("day=%s", day);
    const char *const values[] = {where, when, NULL};
    filed(t, "entrusted_day", values, more, id);
    xfree(&where);
    xfree(&when);
}

static void a_post_office_counts_by_work_paper_and_cash(void **state)
{
    const struct town *t = *state;
    static const char *const leap[] = {"work/+/work_kind=residence",
                                       "work/./cases=3",
                                       "work/./paid=2",
                                       "work/./free=1",
                                       "work/./sheets=4",
                                       "work/./unit_fee=300",
                                       "work/+/work_kind=seal",
                                       "work/./cases=4",
                                       "work/./paid=4",
                                       "work/./sheets=4",
                                       "work/./unit_fee=300",
                                       "paper/+/paper_kind=certificate",
                                       "paper/./paper_before=100",
                                       "paper/./paper_first=501",
                                       "paper/./paper_used=8",
                                       "paper/./paper_spoiled=1",
                                       "paper/./paper_last=509",
                                       "cash_counted=0",
                                       "cash_reason=金庫に入れ忘れ",
                                       NULL},
                             *const march[] = {"work/+/work_kind=residence",
                                               "work/./cases=1",
                                               "work/./paid=1",
                                               "work/./sheets=1",
                                               "work/./unit_fee=300",
                                               "cash_counted=2100",
                                               "cash_reason=前日の分",
                                               NULL};
    on(2028, 3, 1);
    day_sheet(t, "霧沢局", "R10.2.29", leap);
    day_sheet(t, "霧沢局", "R10.3.1", march);
    gives(t, "report_entrusted", ROWS("from_day=R10.2.29", "to_day=R10.3.1"),
          ROWS("霧沢局|住民票の写し等|4|3|1|5|900", "霧沢局|印鑑登録証明書|4|4|0|4|1,200"));
    gives(t, "report_entrusted", ROWS("from_day=R10.3.1"),
          ROWS("霧沢局|住民票の写し等|1|1|0|1|300"));
    gives(t, "report_entrusted", ROWS("from_day=R10.3.2"), NOTHING);
    page_says(t, "report_entrusted", ROWS("from_day=R10.2.29", "to_day=R10.3.1"), "2,100\n");
    gives(t, "report_cash", ROWS("from_day=R10.2.29", "to_day=R10.3.1"),
          ROWS("霧沢局|令和10年2月29日|1,800|0|-1,800|金庫に入れ忘れ",
               "霧沢局|令和10年3月1日|300|2,100|1,800|前日の分"));
    page_says(t, "report_cash", ROWS("from_day=R10.2.29", "to_day=R10.3.1"), " 0\n");
    gives(t, "report_cash", ROWS("from_day=R10.2.28", "to_day=R10.2.28"), NOTHING);
    gives(t, "report_paper", ROWS("from_day=R10.2.29", "to_day=R10.3.1"),
          ROWS("霧沢局|令和10年2月29日|証明書の改ざん防止用紙|100||501|509|8|1|91"));
    gives(t, "report_paper", ROWS("from_day=R10.3.1"), NOTHING);
}

/* --- 支援員 --- */

static void supporter_day(const struct town *t, const char *who, const char *day, const char *end)
{
    char whose[80], id[37], *on_day = xasprintf("day=%s", day), *to = xasprintf("end_time=%s", end);
    const char *const values[] = {field_of(whose, "supporter", who),
                                  on_day,
                                  "kind=patrol",
                                  "start_time=09:00",
                                  to,
                                  "content=巡回",
                                  "did=no",
                                  NULL};
    filed(t, "supporter_day", NULL, values, id);
    xfree(&on_day);
    xfree(&to);
}

/* The week over the end of the fiscal year stands in both years, with the days of each: five of it
 * in the one, two in the other, and so much of a week it is in the average. */
static void a_week_over_the_end_of_the_year_is_cut(void **state)
{
    const struct town *t = *state;
    char who[37], whose[80];
    static const char *const values[] = {"supporter_name=川辺 澄",
                                         "supporter_kana=カワベ スミ",
                                         "appointed_on=R10.3.27",
                                         "ended_on=R10.4.9",
                                         "duty=side",
                                         "standing=post",
                                         NULL};
    on(2028, 4, 10);
    filed(t, "supporter", NULL, values, who);
    supporter_day(t, who, "R10.3.31", "12:00");
    supporter_day(t, who, "R10.4.1", "11:00");
    supporter_day(t, who, "R10.4.3", "17:00");
    field_of(whose, "supporter", who);
    gives(t, "report_supporter", ROWS(whose, "fiscal_year=R9"),
          ROWS("令和10年3月27日|3:00|0:00|3:00|", "年度の週平均||0:00|4:12|兼任"));
    gives(t, "report_supporter", ROWS(whose, "fiscal_year=R10"),
          ROWS("令和10年3月27日|2:00|0:00|2:00|", "令和10年4月3日|8:00|0:00|8:00|",
               "年度の週平均||0:00|7:47|兼任"));
    gives(t, "report_supporter", ROWS(whose, "fiscal_year=R8"), NOTHING);
}

/* --- 加入率 --- */

static void the_rate_is_of_those_whose_numbers_are_known(void **state)
{
    const struct town *t = *state;
    static const char *const rows[][3] = {
        {"group_name=甲自治会", "households=40", "member_households=30"},
        {"group_name=乙自治会", "households=10", "member_households=10"},
        {"group_name=丙自治会", "households=100", NULL},
    };
    on(2028, 6, 1);
    gives(t, "report_joining", NULL, NOTHING);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char id[37];
        const char *const values[] = {rows[i][0],  "group_kind=jichikai",
                                      "area=霧沢", "representative=水上谷 一路",
                                      rows[i][1],  rows[i][2],
                                      NULL};
        filed(t, "community_group", values, NULL, id);
        act(t, id, "take");
    }
    gives(t, "report_joining", ROWS("as_of=R10.6.1"), ROWS("自治会|3|150|40|80.0|0"));
    gives(t, "report_joining", ROWS("as_of=R10.5.31"), NOTHING);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_run_out_on_their_day),
        cmocka_unit_test(a_week_over_the_end_of_the_year_is_cut),
        cmocka_unit_test(a_post_office_counts_by_work_paper_and_cash),
        cmocka_unit_test(what_lacks_something_is_listed_until_it_is_decided),
        cmocka_unit_test(the_rate_is_of_those_whose_numbers_are_known),
        cmocka_unit_test(the_register_has_every_number_of_its_days),
    };
    return cmocka_run_group_tests_name("report_rows", tests, build_town, tear_town);
}
