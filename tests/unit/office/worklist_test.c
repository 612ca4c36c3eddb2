/* Lists of work: each has what stands just inside its limits and not what stands just outside. */
#include "rules_fixture.h"

#include "office/people.h"
#include "office/worklist.h"
#include "store/projection.h"

#define YUKIMI "prefecture=北峰県", "municipality=雪見町", "address=1-2", "info_consent=yes"

/* Somebody nobody else is like; `texts` must live as long. */
struct who {
    char texts[6][64];
    const char *values[7];
};

static void who_init(struct who *w, const char *family, const char *kana)
{
    static unsigned next;
    next++;
    snprintf(w->texts[0], sizeof w->texts[0], "family_name=%s", family);
    snprintf(w->texts[1], sizeof w->texts[1], "family_kana=%s", kana);
    snprintf(w->texts[2], sizeof w->texts[2], "given_name=ナミ");
    snprintf(w->texts[3], sizeof w->texts[3], "given_kana=ナミ");
    snprintf(w->texts[4], sizeof w->texts[4], "birth_date=S%u.4.1", 20 + next);
    snprintf(w->texts[5], sizeof w->texts[5], "phone=050-7000-%04u", next);
    for (size_t i = 0; i < 6; i++)
        w->values[i] = w->texts[i];
    w->values[6] = NULL;
}

static bool stands_in(const struct town *t, const char *list, const char *id)
{
    struct error err = {0};
    struct worklist_rows rows;
    bool found = false;
    must(worklist_load(t->clerk, list, 0, -1, &rows, &err), &err);
    assert_int_equal(rows.total, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        found = found || strcmp(rows.items[i].id, id) == 0;
    worklist_rows_free(&rows);
    return found;
}

/* Whether it stands in the list on some days. */
struct on_day {
    struct date day;
    bool in;
};

static void through(const struct town *t, const char *list, const char *id,
                    const struct on_day *days, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        on(days[i].day.year, days[i].day.month, days[i].day.day);
        if (stands_in(t, list, id) != days[i].in)
            fail_msg("%s on %d-%d-%d", list, days[i].day.year, days[i].day.month, days[i].day.day);
    }
}
#define THROUGH(t, list, id, ...)                                  \
    do {                                                           \
        const struct on_day days_[] = {__VA_ARGS__};               \
        through(t, list, id, days_, sizeof days_ / sizeof *days_); \
    } while (0)

static void does(const struct town *t, const char *id, const char *action, const char *value)
{
    struct error err = {0};
    const char *const values[] = {value, NULL};
    must(action_do(t->clerk, id, action, "理由", values, &err), &err);
}

/* --- ふるさと --- */

static void premium(const struct town *t, const struct who *who, const char *const *more,
                    char id[37])
{
    static const char *const plain[] = {YUKIMI, "activities=泥上げ", "identity_method=card_ic",
                                        NULL};
    const char *values[24];
    size_t n = 0;
    for (size_t i = 0; plain[i]; i++)
        values[n++] = plain[i];
    for (size_t i = 0; more && more[i]; i++)
        values[n++] = more[i];
    values[n] = NULL;
    filed(t, "furusato_premium", who->values, values, id);
}

static void premium_registrations(void **state)
{
    struct town *t = *state;
    struct who who;
    char id[37];
    who_init(&who, "水無瀬", "ミナセ");
    on(2027, 5, 10);
    premium(t, &who, NULL, id);
    assert_true(stands_in(t, "furusato_premium.unmet", id)); /* no activity yet */
    act(t, id, "decide");
    assert_false(stands_in(t, "furusato_premium.unmet", id));
    /* valid until R10.5.9, renewed from 60 days before */
    THROUGH(t, "furusato_premium.renewal", id, {{2028, 3, 9}, false}, {{2028, 3, 10}, true},
            {{2028, 5, 9}, true}, {{2028, 5, 10}, false});
    THROUGH(t, "furusato_premium.expired", id, {{2028, 5, 9}, false}, {{2028, 5, 10}, true});
    act(t, id, "expire");
    assert_false(stands_in(t, "furusato_premium.expired", id));
}

/* What was received with a deficiency is listed until it is mended, all of it. */
static void mended_is_not_unmet(void **state)
{
    struct town *t = *state;
    struct who who;
    struct entry *entry;
    struct error err = {0};
    char id[37];
    static const char *const young[] = {"birth_date=R17.4.1", "identity_method=none", NULL};
    static const char *const card[] = {"identity_method=card_ic", NULL};
    static const char *const consent[] = {"guardian_name=水無瀬 澪", "guardian_relation=母",
                                          "guardian_method=paper", "guardian_on=R22.2.1", NULL};
    who_init(&who, "水無川", "ミナガワ");
    parameter(t, "premium.min_activities", "0", "2040-01-01");
    on(2040, 2, 1);
    premium(t, &who, young, id);
    assert_true(stands_in(t, "furusato_premium.unmet", id));
    const struct {
        const char *const *values;
        bool unmet;
    } steps[] = {{card, true}, {consent, false}};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        must(entry_open(t->clerk, id, &entry, &err), &err);
        type_all(entry, steps[i].values);
        must(entry_correct(entry, "applicant", "本人の申出", &err), &err);
        entry_free(&entry);
        assert_int_equal(stands_in(t, "furusato_premium.unmet", id), steps[i].unmet);
    }
}

/* Three are as many as may be, four are over; the town itself, said once more, and one place said
 * twice are no more; a prefecture with one of its towns is none. */
static void too_many_registrations(void **state)
{
    struct town *t = *state;
#define ELSEWHERE(town) \
    "other_registration/+/reg_prefecture=南洲県", "other_registration/./reg_municipality=" town
#define PREFECTURE \
    "other_registration/+/reg_kind=prefecture", "other_registration/./reg_prefecture=南洲県"
    static const struct {
        const char *more[9];
        bool over;
    } rows[] = {
        {{ELSEWHERE("青浜市"), ELSEWHERE("赤浜市"), NULL}, false},
        {{ELSEWHERE("青浜市"), ELSEWHERE("赤浜市"), ELSEWHERE("白浜市"), NULL}, true},
        {{ELSEWHERE("青浜市"), ELSEWHERE("赤浜市"), ELSEWHERE("青浜市"), NULL}, false},
        {{ELSEWHERE("青浜市"), ELSEWHERE("赤浜市"), PREFECTURE, NULL}, false},
        {{"other_registration/+/reg_prefecture=東国県",
          "other_registration/./reg_municipality=黒浜市",
          "other_registration/+/reg_prefecture=東国県",
          "other_registration/./reg_municipality=灰浜市", PREFECTURE, NULL},
         true},
        {{ELSEWHERE("青浜市"), ELSEWHERE("赤浜市"), "other_registration/+/reg_prefecture=瀬田川県",
          "other_registration/./reg_municipality=奥霧町", NULL},
         false},
    };
    on(2027, 6, 1);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct who who;
        char id[37];
        who_init(&who, "早瀬", "ハヤセ");
        premium(t, &who, rows[i].more, id);
        assert_false(stands_in(t, "furusato_premium.over", id)); /* not registered yet */
        act(t, id, "decide");
        if (stands_in(t, "furusato_premium.over", id) != rows[i].over)
            fail_msg("row %zu", i);
    }
}

static void long_unused(void **state)
{
    struct town *t = *state;
    struct who who;
    char id[37];
    static const char *const basic[] = {YUKIMI, NULL};
    who_init(&who, "霧島", "キリシマ");
    on(2027, 5, 10);
    filed(t, "furusato_basic", who.values, basic, id);
    act(t, id, "decide");
    THROUGH(t, "furusato_basic.ask", id, {{2028, 5, 8}, false}, {{2028, 5, 9}, true});
    act(t, id, "ask"); /* 30 days to reply, reminded from 3 days before */
    assert_false(stands_in(t, "furusato_basic.ask", id));
    THROUGH(t, "furusato_basic.release", id, {{2028, 6, 8}, false}, {{2028, 6, 9}, true});
    THROUGH(t, "reminders", id, {{2028, 6, 4}, false}, {{2028, 6, 5}, true}, {{2028, 6, 9}, true});
    act(t, id, "stay");
    assert_false(stands_in(t, "furusato_basic.release", id));
    assert_false(stands_in(t, "reminders", id));
    /* the reply is a use */
    THROUGH(t, "furusato_basic.ask", id, {{2029, 6, 8}, false}, {{2029, 6, 9}, true});
}

/* What somebody did under another person's number counts once the two are one. */
static void uses_of_merged_people(void **state)
{
    struct town *t = *state;
    struct who one, other;
    struct error err = {0};
    char basic[37], stay[37], a[37], b[37];
    static const char *const values[] = {YUKIMI, NULL};
    static const char *const stayed[] = {"base_kind=own", "stay_from=R9.8.1", "stay_to=R9.8.2",
                                         "evidence=lease", NULL};
    who_init(&one, "桐原", "キリハラ");
    who_init(&other, "桐山原", "キリヤマハラ");
    other.values[5] = NULL; /* a stay asks no telephone */
    on(2027, 5, 10);
    filed(t, "furusato_basic", one.values, values, basic);
    act(t, basic, "decide");
    on(2027, 8, 3);
    filed(t, "stay_record", other.values, stayed, stay);
    on(2028, 5, 9);
    assert_true(stands_in(t, "furusato_basic.ask", basic));
    struct entry *entry;
    must(entry_open(t->clerk, basic, &entry, &err), &err);
    snprintf(a, sizeof a, "%s", instance_get(entry_instance(entry), "person"));
    entry_free(&entry);
    must(entry_open(t->clerk, stay, &entry, &err), &err);
    snprintf(b, sizeof b, "%s", instance_get(entry_instance(entry), "person"));
    entry_free(&entry);
    must(people_same(t->clerk, b, a, "改姓", &err), &err);
    assert_false(stands_in(t, "furusato_basic.ask", basic));
    THROUGH(t, "furusato_basic.ask", basic, {{2028, 7, 31}, false}, {{2028, 8, 1}, true});
}

/* --- 補正 --- */

static void corrections(void **state)
{
    struct town *t = *state;
    struct who who;
    char id[37];
    static const char *const basic[] = {YUKIMI, NULL};
    who_init(&who, "桐山", "キリヤマ");
    on(2027, 5, 10);
    filed(t, "furusato_basic", who.values, basic, id);
    assert_true(stands_in(t, "review", id));
    assert_false(stands_in(t, "returned", id));
    does(t, id, "request_correction", "deadline=R9.6.10");
    assert_true(stands_in(t, "returned", id));
    THROUGH(t, "deadlines", id, {{2027, 6, 9}, false}, {{2027, 6, 10}, true});
    THROUGH(t, "reminders", id, {{2027, 6, 6}, false}, {{2027, 6, 7}, true}, {{2027, 6, 10}, true},
            {{2027, 6, 11}, true});
    act(t, id, "remind");
    act(t, id, "remind");
    struct worklist_rows rows;
    struct error err = {0};
    must(worklist_load(t->clerk, "reminders", 0, -1, &rows, &err), &err);
    assert_string_equal(rows.items[0].note, "督促2回（R9.6.11）");
    assert_string_equal(rows.items[0].mark, "超過1日");
    worklist_rows_free(&rows);
    stands(t, id, "state", "correction");
    act(t, id, "resubmit"); /* what was answered waits no more */
    assert_false(stands_in(t, "returned", id));
    assert_false(stands_in(t, "deadlines", id));
    assert_false(stands_in(t, "reminders", id));
    assert_true(stands_in(t, "review", id));
    does(t, id, "request_correction", "deadline=R9.6.12");
    must(worklist_load(t->clerk, "reminders", 0, -1, &rows, &err), &err);
    assert_string_equal(rows.items[0].note, "督促はまだ"); /* of what was asked anew */
    worklist_rows_free(&rows);
    does(t, id, "withdraw", NULL);
    assert_false(stands_in(t, "review", id));
    assert_false(stands_in(t, "reminders", id));
}

/* --- 集落・自治会 --- */

static void settlements_not_inspected(void **state)
{
    struct town *t = *state;
    char place[37], id[37], where[80];
    static const char *const values[] = {"settlement_name=奥日影", "did=no", "census_year=2020",
                                         NULL};
    on(2028, 3, 31);
    filed(t, "settlement", NULL, values, place);
    assert_true(stands_in(t, "settlement.uninspected", place));
    const char *const inspection[] = {field_of(where, "settlement", place),
                                      "based_on=R10.3.31",
                                      "inspected_on=R10.3.31",
                                      "inspector=樋口",
                                      "basis=juki",
                                      NULL};
    filed(t, "inspection", NULL, inspection, id);
    THROUGH(t, "settlement.uninspected", place, {{2028, 3, 31}, false}, {{2028, 4, 1}, true});
    does(t, place, "close", NULL);
    assert_false(stands_in(t, "settlement.uninspected", place));
}

static void terms_and_circulars(void **state)
{
    struct town *t = *state;
    char group[37], id[37], where[80];
    static const char *const values[] = {
        "group_name=霧沢自治会",      "group_kind=jichikai", "area=霧沢",
        "representative=水上谷 一路", "term_until=R10.3.31", NULL};
    on(2028, 2, 1);
    filed(t, "community_group", NULL, values, group);
    on(2028, 3, 31);
    assert_false(stands_in(t, "community_group.term", group)); /* not in the register yet */
    act(t, group, "take");
    THROUGH(t, "community_group.term", group, {{2028, 2, 29}, false}, {{2028, 3, 1}, true},
            {{2028, 4, 30}, true});
    const char *const out[] = {"circular_title=雪下ろし", "handed_on=R10.3.1",
                               field_of(where, "receiver_group/+/circular_group", group), NULL};
    filed(t, "circular", NULL, out, id);
    assert_true(stands_in(t, "circular.out", id));
    struct entry *entry;
    struct error err = {0};
    must(entry_open(t->clerk, id, &entry, &err), &err);
    char *path = xasprintf("receiver_group/%s/returned_on",
                           instance_row(entry_instance(entry), "receiver_group", 0));
    must(entry_type(entry, path, "R10.3.5", &err), &err);
    must(entry_correct(entry, "clerk", "戻った", &err), &err);
    entry_free(&entry);
    xfree(&path);
    assert_false(stands_in(t, "circular.out", id));
}

/* --- People that may be one --- */

/* A new person whatever there is; the id of the person. */
static void somebody(const struct town *t, const char *const *values, char id[37])
{
    struct receipt receipt;
    struct error err = {0};
    struct entry *entry = begun(t, "furusato_basic", NULL, values);
    must(entry_finalise(entry, "", &receipt, &err), &err);
    snprintf(id, 37, "%s", instance_get(entry_instance(entry), "person"));
    entry_free(&entry);
}

/* What agrees between two people, as the list says it; "" when the pair is not there. */
static void agree(const struct town *t, const char *a, const char *b, const char *why)
{
    struct error err = {0};
    struct worklist_rows rows;
    const char *found = "";
    must(worklist_load(t->clerk, "duplicates", 0, -1, &rows, &err), &err);
    assert_int_equal(rows.total, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct worklist_row *r = &rows.items[i];
        bool is =
            (str_eq(r->id, a) && str_eq(r->other, b)) || (str_eq(r->id, b) && str_eq(r->other, a));
        found = is ? r->note : found;
    }
    assert_string_equal(found, why);
    worklist_rows_free(&rows);
}

static void people_that_may_be_one(void **state)
{
    struct town *t = *state;
    struct error err = {0};
    char one[37], kana[37], phone[37], home[37], other[37], family[37];
#define NAMED(name, reading, birth)                                                    \
    "family_name=" name, "family_kana=" reading, "given_name=ナオ", "given_kana=ナオ", \
        "birth_date=" birth, "prefecture=北峰県", "municipality=白嶺市", "info_consent=yes"
    static const char *const values[][12] = {
        {NAMED("髙﨑", "タカサキ", "S40.1.2"), "address=8-8", "phone=050-8000-0001", NULL},
        {NAMED("高崎", "ﾀｶｻｷ", "S40.1.2"), "address=8-9", "phone=050-8000-0002", NULL},
        {NAMED("別所", "ベッショ", "S40.1.3"), "address=8-10", "phone=０５０８０００００01", NULL},
        {NAMED("高崎", "タカサキ", "S40.1.3"), "address=８－８", "phone=050-8000-0003", NULL},
        {NAMED("高崎", "タカザキ", "S40.1.2"), "address=8-11", "phone=050-8000-0004", NULL},
        {NAMED("髙﨑", "コウザキ", "S45.9.9"), "address=8-8", "phone=050-8000-0005", NULL},
    };
    char *const ids[] = {one, kana, phone, home, other, family};
    on(2027, 6, 1);
    long before = listed(t, "duplicates");
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        somebody(t, values[i], ids[i]);
    agree(t, one, kana, "カナと生年月日が同じ");
    agree(t, one, phone, "電話が同じ");
    agree(t, one, home, "住所が同じ");
    agree(t, one, other, "");  /* the birthday alone, another reading */
    agree(t, kana, home, "");  /* the reading alone */
    agree(t, one, family, ""); /* the address alone */
    assert_int_equal(listed(t, "duplicates"), before + 3);
    /* judged either way it is done with; a later change of one does not bring it back */
    must(people_other(t->clerk, phone, one, "家族の電話", &err), &err);
    agree(t, one, phone, "");
    must(people_other(t->clerk, one, other, "念のため", &err), &err);
    agree(t, one, phone, "");
    agree(t, one, home, "住所が同じ");
    must(people_same(t->clerk, one, kana, "生年月日とカナ、本人に確かめた", &err), &err);
    agree(t, one, kana, "");
    assert_int_equal(listed(t, "duplicates"), before + 1);
    /* the tables can be made again */
    must(projection_rebuild(office_store(t->office), NULL, NULL, &err), &err);
    agree(t, one, phone, "");
    agree(t, one, home, "住所が同じ");
    assert_int_equal(listed(t, "duplicates"), before + 1);
}

/* --- A person's page --- */

/* What the page says under a label; "" when it says nothing. */
static void tells(const struct town *t, const char *record, const char *label, const char *text)
{
    struct error err = {0};
    struct person_page page;
    struct entry *entry;
    const char *found = "";
    must(entry_open(t->clerk, record, &entry, &err), &err);
    must(people_load(t->clerk, instance_get(entry_instance(entry), "person"), false, &page, &err),
         &err);
    for (size_t i = 0; i < page.facts.count; i++) {
        found = strcmp(page.facts.items[i].label, label) == 0 ? page.facts.items[i].text : found;
        if (i && *page.facts.items[i - 1].day && *page.facts.items[i].day)
            assert_true(strcmp(page.facts.items[i - 1].day, page.facts.items[i].day) <= 0);
    }
    assert_string_equal(found, text);
    person_page_free(&page);
    entry_free(&entry);
}

static void a_page_says_what_is_due(void **state)
{
    struct town *t = *state;
    struct who who;
    char id[37], basic[37];
    static const char *const there[] = {"other_registration/+/reg_prefecture=南洲県",
                                        "other_registration/./reg_municipality=青浜市", NULL};
    static const char *const values[] = {YUKIMI, NULL};
    who_init(&who, "水尾", "ミズオ");
    on(2027, 5, 10);
    premium(t, &who, there, id);
    tells(t, id, "有効期限", "");
    tells(t, id, "他団体の登録（申告）", "南洲県青浜市 プレミアム");
    tells(t, id, "決定の期限", "令和9年6月21日（月）まで（あと30開庁日）");
    does(t, id, "request_correction", "deadline=R9.5.31");
    tells(t, id, "期限（補正待ち）", "令和9年5月31日（月）（あと21日）");
    on(2027, 6, 2);
    tells(t, id, "期限（補正待ち）", "令和9年5月31日（月）（2日過ぎています）");
    act(t, id, "resubmit");
    tells(t, id, "期限（補正待ち）", "");
    does(t, id, "decide", "decided_on=R9.5.20");
    tells(t, id, "有効期限", "令和10年5月19日（金）（あと352日）");
    tells(t, id, "更新ができる日（から）", "令和10年3月20日（月）（あと292日）");
    tells(t, id, "決定の期限", "");
    on(2028, 5, 20);
    tells(t, id, "有効期限", "令和10年5月19日（金）（1日過ぎています）");
    filed(t, "furusato_basic", who.values, values, basic);
    act(t, basic, "decide");
    on(2029, 5, 20);
    act(t, basic, "ask");
    tells(t, basic, "期限（意向確認中）", "令和11年6月19日（火）（あと30日）");
    does(t, id, "cancel", NULL);
    tells(t, id, "有効期限", "");
    tells(t, id, "他団体の登録（申告）", "");
}

/* --- Several at once --- */

/* Each has its own reason, from what it does not meet; without one it is refused, the others done.
 */
static void each_has_its_own_reason(void **state)
{
    struct town *t = *state;
    struct who idle, young, fine;
    char ids[3][37];
    struct strings all = STRINGS_INIT;
    struct action_outcomes done;
    static const char *const basic[] = {YUKIMI, NULL};
    who_init(&idle, "水上", "ミズカミ");
    who_init(&young, "若草", "ワカクサ");
    who_init(&fine, "石動", "イスルギ");
    snprintf(young.texts[4], sizeof young.texts[4], "birth_date=H25.4.1");
    on(2027, 6, 1);
    premium(t, &idle, NULL, ids[0]);
    filed(t, "furusato_basic", fine.values, basic, ids[1]);
    premium(t, &young, NULL, ids[2]);
    for (size_t i = 0; i < 3; i++)
        strings_add(&all, ids[i]);
    const struct action_order order = {"reject", "", true, NULL};
    action_each(t->clerk, &all, &order, &done);
    assert_int_equal(done.count, 3);
    assert_int_equal(done.refused, 1);
    assert_int_equal(done.items[1].err.code, E_RULE);
    assert_non_null(strstr(done.items[1].name, "石動"));
    assert_true(*done.items[0].notice);
    action_outcomes_free(&done);
    stands(t, ids[0], "decision_reason",
           "申請日前1年の担い手活動が0回で、要件の年3回に達しないため。");
    stands(t, ids[1], "state", "received");
    stands(t, ids[2], "state", "rejected");
    const struct action_order with = {"reject", "期限までに届かなかったため", true, NULL};
    action_each(t->clerk, &all, &with, &done);
    assert_int_equal(done.refused, 2); /* two were rejected already */
    action_outcomes_free(&done);
    stands(t, ids[1], "decision_reason", "期限までに届かなかったため");
    strings_free(&all);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(premium_registrations),
        cmocka_unit_test(mended_is_not_unmet),
        cmocka_unit_test(too_many_registrations),
        cmocka_unit_test(long_unused),
        cmocka_unit_test(uses_of_merged_people),
        cmocka_unit_test(corrections),
        cmocka_unit_test(settlements_not_inspected),
        cmocka_unit_test(terms_and_circulars),
        cmocka_unit_test(a_page_says_what_is_due),
        cmocka_unit_test(people_that_may_be_one), /* makes the tables anew */
        cmocka_unit_test(each_has_its_own_reason),
    };
    return cmocka_run_group_tests_name("office/worklist", tests, build_town, tear_town);
}
