/* Small ledgers as they are shipped: for each rule one below, at and above its limit. */
#include "rules_fixture.h"

struct edge {
    const char *form, *values[8], *rule, *text;
};

static void all(void **state, const struct edge *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        says(*state, rows[i].form, rows[i].values, rows[i].rule, rows[i].text);
}

/* 終わりの番号 = 使い始め + 使用 + 書損 - 1; 残 = 前日の残 + 受入 - 使用 - 書損 */
#define PAPER "paper/+/paper_kind=certificate", "paper/./paper_before=10", "paper/./paper_first=101"

static void paper_of_a_day_adds_up(void **state)
{
    static const struct edge rows[] = {
        {"entrusted_day",
         {PAPER, "paper/./paper_used=4", "paper/./paper_spoiled=1", "paper/./paper_last=104"},
         "E-PAPER-LAST",
         "101+4+1-1=105"},
        {"entrusted_day",
         {PAPER, "paper/./paper_used=4", "paper/./paper_spoiled=1", "paper/./paper_last=105"},
         "E-PAPER-LAST",
         NULL},
        {"entrusted_day",
         {PAPER, "paper/./paper_used=4", "paper/./paper_spoiled=1", "paper/./paper_last=106"},
         "E-PAPER-LAST",
         "106です"},
        /* nothing used: there is no last number to compare */
        {"entrusted_day",
         {PAPER, "paper/./paper_used=0", "paper/./paper_last=101"},
         "E-PAPER-LAST",
         NULL},
        {"entrusted_day",
         {PAPER, "paper/./paper_used=9", "paper/./paper_spoiled=1"},
         "E-PAPER-LEFT",
         NULL},
        {"entrusted_day",
         {PAPER, "paper/./paper_used=10", "paper/./paper_spoiled=1"},
         "E-PAPER-LEFT",
         "残 -1"},
        {"entrusted_day",
         {PAPER, "paper/./paper_in=1", "paper/./paper_used=10", "paper/./paper_spoiled=1"},
         "E-PAPER-LEFT",
         NULL},
    };
    on(2027, 6, 1);
    all(state, rows, ARRAY_LEN(rows));
}

#define WORK "work/+/work_kind=residence", "work/./cases=3"

static void copies_and_cash_of_a_day_agree(void **state)
{
    struct town *t = *state;
    static const struct edge rows[] = {
        {"entrusted_day",
         {WORK, "work/./paid=2", "work/./free=1", "work/./sheets=2"},
         "E-WORK-COPIES",
         "枚数（2）が通数（3）"},
        {"entrusted_day",
         {WORK, "work/./paid=2", "work/./free=1", "work/./sheets=3"},
         "E-WORK-COPIES",
         NULL},
        {"entrusted_day", {WORK, "work/./paid=1"}, "W-WORK-FEE", "手数料がありません"},
        {"entrusted_day", {WORK, "work/./paid=1", "work/./unit_fee=0"}, "W-WORK-FEE", NULL},
        {"entrusted_day", {WORK, "work/./free=1"}, "W-WORK-FEE", NULL},
    };
    static const struct {
        const char *counted, *gap;
    } cash[] = {{"cash_counted=599", "-1"}, {"cash_counted=600", "0"}, {"cash_counted=601", "1"}};
    on(2027, 6, 1);
    all(state, rows, ARRAY_LEN(rows));
    for (size_t i = 0; i < ARRAY_LEN(cash); i++) {
        const char *const values[] = {WORK, "work/./paid=2", "work/./unit_fee=300", cash[i].counted,
                                      NULL};
        struct entry *entry = begun(t, "entrusted_day", values, NULL);
        const struct instance *instance = entry_instance(entry);
        assert_string_equal(instance_get(instance, "cash_gap"), cash[i].gap);
        assert_int_equal(instance_relevant(instance, "cash_reason"), i != 1);
        entry_free(&entry);
    }
}

/* The day after goes on where the day before ended, also over the end of the fiscal year. */
static void a_day_follows_the_day_before(void **state)
{
    struct town *t = *state;
    static const char *const last[] = {
        "branch=月森局",           "day=R9.3.31",    PAPER, "paper/./paper_used=4",
        "paper/./paper_spoiled=1", "cash_counted=0", NULL};
    static const struct edge rows[] = {
        {"entrusted_day",
         {"branch=月森局", "day=R9.4.1", "paper/+/paper_kind=certificate", "paper/./paper_before=5",
          "paper/./paper_first=105", "paper/./paper_used=1"},
         "W-PAPER-GAP",
         "105"},
        {"entrusted_day",
         {"branch=月森局", "day=R9.4.1", "paper/+/paper_kind=certificate", "paper/./paper_before=5",
          "paper/./paper_first=106", "paper/./paper_used=1"},
         "W-PAPER-GAP",
         NULL},
        {"entrusted_day",
         {"branch=月森局", "day=R9.4.1", "paper/+/paper_kind=certificate",
          "paper/./paper_before=4"},
         "W-PAPER-BEFORE",
         "残は5"},
        {"entrusted_day",
         {"branch=月森局", "day=R9.4.1", "paper/+/paper_kind=certificate",
          "paper/./paper_before=5"},
         "W-PAPER-BEFORE",
         NULL},
        {"entrusted_day", {"branch=月森局", "day=R9.3.31"}, "E-DAY-TWICE", "もうあります"},
        {"entrusted_day", {"branch=月森局", "day=R9.3.30"}, "E-DAY-TWICE", NULL},
        {"entrusted_day", {"branch=別の局", "day=R9.3.31"}, "E-DAY-TWICE", NULL},
    };
    char id[37];
    on(2027, 4, 1);
    filed(t, "entrusted_day", last, NULL, id);
    all(state, rows, ARRAY_LEN(rows));
}

static void numbers_stay_within_their_whole(void **state)
{
    static const struct edge rows[] = {
        {"shopping_aid", {"parcels=3", "not_taken=2"}, "E-AID-PARCELS", NULL},
        {"shopping_aid", {"parcels=3", "not_taken=3"}, "E-AID-PARCELS", NULL},
        {"shopping_aid", {"parcels=3", "not_taken=4"}, "E-AID-PARCELS", "4"},
        {"shopping_aid", {"parcels=3"}, "E-AID-PARCELS", NULL},
        {"discussion", {"participants=10", "women=6", "men=3"}, "E-DISCUSS-PARTS", NULL},
        {"discussion", {"participants=10", "women=6", "men=4"}, "E-DISCUSS-PARTS", NULL},
        {"discussion", {"participants=10", "women=6", "men=5"}, "E-DISCUSS-PARTS", "11人"},
        {"discussion", {"participants=10", "under_40=5", "over_65=6"}, "E-DISCUSS-PARTS", "11人"},
        {"discussion", {"participants=10", "women=10", "over_65=10"}, "E-DISCUSS-PARTS", NULL},
        {"mynumber_support", {NULL}, "W-SUPPORT-EMPTY", "一つも"},
        {"mynumber_support", {"refused=0"}, "W-SUPPORT-EMPTY", NULL},
        {"vacant_house", {"condition=bad"}, "N-HOUSE-DANGER", NULL},
        {"vacant_house", {"condition=danger"}, "N-HOUSE-DANGER", "町へ"},
    };
    on(2027, 6, 1);
    all(state, rows, ARRAY_LEN(rows));
}

/* One sheet a branch and day, whatever the width of the letters; the days beside it are others. */
static void a_day_is_counted_once(void **state)
{
    struct town *t = *state;
    static const char *const values[] = {"branch=月森局A", "support_on=R10.2.29", "refused=0",
                                         NULL};
    static const struct edge rows[] = {
        {"mynumber_support", {"branch=月森局A", "support_on=R10.2.28"}, "E-SUPPORT-TWICE", NULL},
        {"mynumber_support",
         {"branch=月森局A", "support_on=R10.2.29"},
         "E-SUPPORT-TWICE",
         "もうあります"},
        {"mynumber_support",
         {"branch=月森局Ａ", "support_on=R10.2.29"},
         "E-SUPPORT-TWICE",
         "もうあります"},
        {"mynumber_support", {"branch=月森局A", "support_on=R10.3.1"}, "E-SUPPORT-TWICE", NULL},
    };
    char id[37];
    on(2028, 3, 1);
    filed(t, "mynumber_support", values, NULL, id);
    all(state, rows, ARRAY_LEN(rows));
}

/* A house is the same however its address is written. */
static void a_house_is_surveyed_once(void **state)
{
    struct town *t = *state;
    static const char *const values[] = {"house_address=霧沢１２－３",
                                         "surveyed_on=R9.3.31",
                                         "surveyor=石動",
                                         "signs=weeds",
                                         "condition=good",
                                         NULL};
    static const struct edge rows[] = {
        {"vacant_house", {"house_address=霧沢12-3"}, "W-HOUSE-TWICE", "令和9年3月31日"},
        {"vacant_house", {"house_address=霧沢12-4"}, "W-HOUSE-TWICE", NULL},
    };
    char id[37];
    on(2027, 4, 1);
    filed(t, "vacant_house", values, NULL, id);
    all(state, rows, ARRAY_LEN(rows));
}

/* 回り終わった団体 and the longest of them; a day before it was handed out is refused. */
static void circulars_count_days(void **state)
{
    struct town *t = *state;
    static const char *const group[] = {
        "group_name=霧沢自治会", "group_kind=jichikai",  "area=霧沢", "representative=水上谷 一路",
        "households=40",         "member_households=30", NULL};
    char id[37], where[80];
    on(2028, 3, 10);
    filed(t, "community_group", group, NULL, id);
    field_of(where, "receiver_group/+/circular_group", id);
    static const struct {
        const char *returned, *done, *days;
    } rows[] = {
        {"", "0", ""}, {"R10.2.28", "1", "0"}, {"R10.2.29", "1", "1"}, {"R10.3.1", "1", "2"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *returned = xasprintf("receiver_group/./returned_on=%s", rows[i].returned);
        const char *const values[] = {"circular_title=雪下ろし", "handed_on=R10.2.28", where,
                                      returned, NULL};
        struct entry *entry = begun(t, "circular", values, NULL);
        assert_string_equal(instance_get(entry_instance(entry), "groups_done"), rows[i].done);
        assert_string_equal(instance_get(entry_instance(entry), "longest_days"), rows[i].days);
        entry_free(&entry);
        xfree(&returned);
    }
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paper_of_a_day_adds_up),
        cmocka_unit_test(copies_and_cash_of_a_day_agree),
        cmocka_unit_test(a_day_follows_the_day_before),
        cmocka_unit_test(numbers_stay_within_their_whole),
        cmocka_unit_test(a_day_is_counted_once),
        cmocka_unit_test(a_house_is_surveyed_once),
        cmocka_unit_test(circulars_count_days),
    };
    return cmocka_run_group_tests_name("edges", tests, build_town, tear_town);
}
