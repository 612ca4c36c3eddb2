/* Small forms at their edges: needs of helpers, requests and ends of designated bodies, circulars,
 * and what post offices do for the town. */
#include "rules_fixture.h"

/* What is wrong with a field of a record that is begun: `text` stands in it; NULL = nothing. */
struct problem {
    const char *form, *values[6], *path, *text;
};

static void problems(const struct town *t, const struct problem *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = begun(t, rows[i].form, NULL, NULL);
        const char *said = NULL;
        struct error err = {0};
        bool missing;
        for (size_t v = 0; rows[i].values[v]; v++) {
            char *path = xstrdup(rows[i].values[v]), *equals = strchr(path, '=');
            *equals = '\0';
            entry_type(entry, path, equals + 1, &err); /* a refusal is the field's problem */
            xfree(&path);
        }
        said = entry_problem(entry, rows[i].path, &missing);
        if ((said != NULL) != (rows[i].text != NULL) || (said && !strstr(said, rows[i].text)))
            fail_msg("row %zu: %s", i, said ? said : "nothing is wrong");
        entry_free(&entry);
    }
}

static void fields_have_their_limits(void **state)
{
    static const struct problem rows[] = {
        {"helper_need", {"need_from=R9.4.10", "need_to=R9.4.9"}, "need_to", "始めの日より前"},
        {"helper_need", {"need_from=R9.4.10", "need_to=R9.4.10"}, "need_to", NULL},
        {"helper_need", {"people_needed=0"}, "people_needed", "1"},
        {"helper_need", {"people_needed=1"}, "people_needed", NULL},
        {"helper_need", {"people_needed=999"}, "people_needed", NULL},
        {"helper_need", {"people_needed=1000"}, "people_needed", "999"},
        {"activity_designation", {"capacity=0"}, "capacity", "1人以上"},
        {"activity_designation", {"capacity=1"}, "capacity", NULL},
        {"activity_record", {"minutes=0"}, "minutes", "1分から1440分"},
        {"activity_record", {"minutes=1"}, "minutes", NULL},
        {"activity_record", {"minutes=1440"}, "minutes", NULL},
        {"activity_record", {"minutes=1441"}, "minutes", "1分から1440分"},
        {"activity_record", {"activity_on=R10.2.29"}, "activity_on", NULL}, /* today */
        {"activity_record", {"activity_on=R10.3.1"}, "activity_on", "今日までの日を入れて"},
        {"stay_record", {"stay_from=R10.2.29", "stay_to=R10.2.29"}, "stay_to", NULL},
        {"stay_record", {"stay_from=R10.2.29", "stay_to=R10.2.28"}, "stay_to", "今日までの日"},
        {"stay_record", {"stay_from=R10.2.28", "stay_to=R10.3.1"}, "stay_to", "今日までの日"},
        {"support_use", {"used_on=R10.3.1"}, "used_on", "まだ来ていない"},
        {"telemedicine_slot", {"slot_from=10:00", "slot_to=10:00"}, "slot_to", "始めより後"},
        {"telemedicine_slot", {"slot_from=10:00", "slot_to=10:01"}, "slot_to", NULL},
        {"watch_over", {"result=same"}, "change", NULL},
        {"watch_over", {"result=absent"}, "change", "病名は書かない"},
        {"watch_over", {"result=absent"}, "told", NULL},
        {"watch_over", {"result=urgent"}, "told", "知らせた先を選んで"},
        {"lmo_request", {"request_kind=support"}, "counterparty", NULL},
        {"lmo_request", {"request_kind=coordination"}, "counterparty", "相手方を入力"},
        {"lmo_request",
         {"request_kind=property", "use_from=R10.4.1", "use_to=R10.3.31"},
         "use_to",
         "始めの日より前"},
        {"lmo_request",
         {"request_kind=property", "use_from=R10.4.1", "use_to=R10.4.1"},
         "use_to",
         NULL},
        {"lmo_withdrawal", {"resolved_on=R10.3.1"}, "resolved_on", "まだ来ていない"},
    };
    on(2028, 2, 29);
    problems(*state, rows, ARRAY_LEN(rows));
}

/* A circular comes back on the day it was handed out or later. */
static void circulars_come_back_later(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *returned, *text;
    } rows[] = {{"returned_on=R10.2.28", "渡した日からあとの日を入れてください"},
                {"returned_on=R10.2.29", NULL},
                {"returned_on=R10.3.1", NULL}};
    on(2028, 3, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry *entry = begun(t, "circular", NULL, NULL);
        struct error err = {0};
        char row[37];
        bool missing;
        must(entry_type(entry, "handed_on", "R10.2.29", &err), &err);
        must(entry_add_row(entry, "receiver_group", row, &err), &err);
        char *path = xasprintf("receiver_group/%s/returned_on", row);
        entry_type(entry, path, strchr(rows[i].returned, '=') + 1, &err);
        const char *said = entry_problem(entry, path, &missing);
        if ((said != NULL) != (rows[i].text != NULL) || (said && !strstr(said, rows[i].text)))
            fail_msg("%s: %s", rows[i].returned, said ? said : "nothing is wrong");
        entry_free(&entry);
        xfree(&path);
    }
}

/* --- Designated bodies --- */

static void body(const struct town *t, const char *name, char id[37])
{
    char *called = xasprintf("lmo_name=%s", name);
    const char *const values[] = {called, "area=沖", "office_place=沖集会所",
                                  "representative=沖田一", NULL};
    filed(t, "lmo_application", values, NULL, id);
    xfree(&called);
}

/* Only who is designated may ask, change or resign; a body to be corrected still is. */
static void only_designated_bodies_ask(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *action, *values[2];
        bool may;
    } states[] = {{NULL, {NULL}, false},
                  {"decide", {NULL}, true},
                  {"order", {"deadline=2027-06-30"}, true},
                  {"corrected", {NULL}, true},
                  {"revoke", {NULL}, false}};
    static const struct {
        const char *form, *rule, *text;
    } forms[] = {{"lmo_request", "E-LMO-REQUEST-STATE", "先に指定申請を受け付けて"},
                 {"lmo_change", "E-LMO-CHANGE-STATE", "申請の訂正"},
                 {"lmo_withdrawal", "E-LMO-RESIGN-STATE", "取下げ"}};
    struct error err = {0};
    char id[37], ref[80];
    on(2027, 6, 1);
    body(t, "沖まちづくり", id);
    for (size_t s = 0; s < ARRAY_LEN(states); s++) {
        if (states[s].action)
            must(action_do(t->clerk, id, states[s].action, "要件を欠いたため", states[s].values,
                           &err),
                 &err);
        const char *const values[] = {field_of(ref, "lmo", id), NULL};
        for (size_t f = 0; f < ARRAY_LEN(forms); f++)
            says(t, forms[f].form, values, forms[f].rule, states[s].may ? NULL : forms[f].text);
    }
}

/* The day before nothing happens, on the day the designation ends with the reason of the paper. */
static void a_designation_ends_on_its_day(void **state)
{
    struct town *t = *state;
    struct error err = {0};
    char id[37], change[37], withdrawal[37], ref[80];
    on(2027, 6, 1);
    body(t, "磯まちづくり", id);
    act(t, id, "decide");
    const char *const more[] = {field_of(ref, "lmo", id), "changed_on=R9.6.3", "new_area=沖と磯",
                                "change_reason=統合", NULL};
    const char *const last[] = {ref, "resign_on=R9.7.1", "resign_reason=解散するため", NULL};
    filed(t, "lmo_change", more, NULL, change);
    filed(t, "lmo_withdrawal", last, NULL, withdrawal);
    on(2027, 6, 2);
    assert_int_equal(action_do(t->clerk, change, "take", "", NULL, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "変更日がまだ来ていません"));
    on(2027, 6, 3);
    act(t, change, "take");
    stands(t, id, "area", "沖と磯");
    on(2027, 6, 30);
    assert_int_equal(action_do(t->clerk, withdrawal, "take", "", NULL, &err), E_RULE);
    stands(t, id, "state", "decided");
    on(2027, 7, 1);
    act(t, withdrawal, "take");
    stands(t, id, "state", "resigned");
    stands(t, id, "decision_reason", "解散するため");
    stands(t, id, "area", "沖と磯");
    assert_int_equal(action_do(t->clerk, id, "revoke", "もう一度", NULL, &err), E_RULE);
}

static void a_survey_agrees_with_the_register(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *values[3], *rule, *text;
    } rows[] = {
        {{"efforts=none"}, "E-LMO-SURVEY-NONE", NULL},
        {{"efforts=study hearing"}, "E-LMO-SURVEY-NONE", NULL},
        {{"efforts=none study"}, "E-LMO-SURVEY-NONE", "外してください"},
        {{"progress=done"}, "W-LMO-SURVEY-PROGRESS", NULL},
        {{"progress=considering"}, "W-LMO-SURVEY-PROGRESS", "「導入済」"},
        {{NULL}, "W-LMO-SURVEY-PROGRESS", NULL},
    };
    char id[37];
    on(2027, 7, 10);
    body(t, "浜まちづくり", id);
    act(t, id, "decide");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "lmo_survey", rows[i].values, rows[i].rule, rows[i].text);
}

/* --- Post offices --- */

/* Not met, in the 30 days before the day of the visit. */
static void who_is_not_met_again_is_told(void **state)
{
    struct town *t = *state;
    static const char *const first[] = {"watched_on=R10.2.1",
                                        "method=visit",
                                        "target_name=霧島 花",
                                        "watched_by=石動",
                                        "result=absent",
                                        "change=留守",
                                        NULL};
    static const struct {
        const char *values[4], *text;
    } rows[] = {
        {{"watched_on=R10.3.2", "target_name=霧島 花", "result=absent"}, "ほかにも1回"},
        {{"watched_on=R10.3.3", "target_name=霧島 花", "result=absent"}, NULL},
        {{"watched_on=R10.1.31", "target_name=霧島 花", "result=absent"}, NULL},
        {{"watched_on=R10.3.2", "target_name=霧島　花", "result=absent"}, "ほかにも1回"},
        {{"watched_on=R10.3.2", "target_name=霧島 華", "result=absent"}, NULL},
        {{"watched_on=R10.3.2", "target_name=霧島 花", "result=same"}, NULL},
    };
    char id[37];
    on(2028, 3, 10);
    filed(t, "watch_over", first, NULL, id);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "watch_over", rows[i].values, "W-WATCH-ABSENT", rows[i].text);
}

/* A slot that was used or checked is not free; one that is released is, and cannot be used. */
static void a_slot_is_used_or_released(void **state)
{
    struct town *t = *state;
    static const char *const slot[] = {"room=月森局相談室", "slot_on=R10.3.10", "slot_from=9:00",
                                       "slot_to=9:30", NULL};
    struct error err = {0};
    char used[37], released[37];
    on(2028, 3, 1);
    filed(t, "telemedicine_slot", slot, NULL, used);
    act(t, used, "use_slot");
    says(t, "telemedicine_slot", slot, "E-SLOT-OVERLAP", "ほかの時刻にするか");
    static const char *const later[] = {"room=月森局相談室", "slot_on=R10.3.10", "slot_from=9:30",
                                        "slot_to=10:00", NULL};
    filed(t, "telemedicine_slot", later, NULL, released);
    assert_int_equal(action_do(t->clerk, released, "release", "", NULL, &err), E_INVALID);
    must(action_do(t->clerk, released, "release", "医師の都合", NULL, &err), &err);
    assert_int_equal(action_do(t->clerk, released, "use_slot", "", NULL, &err), E_RULE);
    says(t, "telemedicine_slot", later, "E-SLOT-OVERLAP", NULL);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_their_limits),
        cmocka_unit_test(circulars_come_back_later),
        cmocka_unit_test(only_designated_bodies_ask),
        cmocka_unit_test(a_designation_ends_on_its_day),
        cmocka_unit_test(a_survey_agrees_with_the_register),
        cmocka_unit_test(who_is_not_met_again_is_told),
        cmocka_unit_test(a_slot_is_used_or_released),
    };
    return cmocka_run_group_tests_name("small ledgers", tests, build_town, tear_town);
}
