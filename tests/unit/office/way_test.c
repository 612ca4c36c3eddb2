/* A record's whole way: written at a counter, closed with the day, taken in and decided at the
 * town, and back. */
#include "town_fixture.h"

#include "office/people.h"
#include "office/recordview.h"
#include "store/database.h"
#include "store/record.h"

static struct action_row *action_named(struct action_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

static void count(struct office *office, long unsent, long unreceived)
{
    struct office_counts counts;
    struct error err = {0};
    must(office_counts(office, &counts, &err), &err);
    assert_int_equal(counts.unsent, unsent);
    assert_int_equal(counts.unreceived, unreceived);
}

static void has_note(struct session *user, const char *record, const char *note, bool there)
{
    struct record_view view;
    struct error err = {0};
    bool found = false;
    must(record_view_load(user, record, false, &view, &err), &err);
    for (size_t i = 0; i < view.note_count; i++)
        found = found || strcmp(view.notes[i], note) == 0;
    record_view_free(&view);
    assert_int_equal(found, there);
}

static void from_counter_to_town_and_back(void **state)
{
    (void)state;
    struct error err = {0};
    struct receipt receipt;
    struct day_result day;
    char record[37];
    char *office_dir = fixture_copy("way", "office"), *town_dir = fixture_copy("way", "town");
    char *out = file_path(town_dir, "out");
    struct strings down = STRINGS_INIT;
    on(2027, 4, 5);
    struct place counter = place_enter(office_dir, "yamada");
    filed(counter.user, "furusato_basic", basic_kiryu, record, &receipt);
    assert_true(str_starts(receipt.number, "令9-霧沢-"));
    assert_false(receipt.deficient);
    count(counter.office, 1, 0);
    assert_int_equal(day_close(counter.user, clock_today(), NULL, NULL, NULL, &day, &err),
                     E_DENIED);
    closed(office_dir, clock_today(), &day);
    assert_int_equal(day.records, 1);
    count(counter.office, 0, 1);
    has_note(counter.user, record, "町到達日: 令和9年4月6日", false);

    on(2027, 4, 6);
    struct place town = place_enter(town_dir, "kacho");
    struct transfer_applied in = applied(town.user, day.bundle);
    assert_int_equal(in.records, 2); /* the person's too */
    assert_int_equal(in.held, 0);
    has_note(town.user, record, "町到達日: 令和9年4月6日（火）", true);
    stands(town.user, record, "reached_town_on", "2027-04-06");
    stands(town.user, record, "receipt_no", receipt.number);
    must(action_do(town.user, record, "decide", "", NULL, &err), &err);
    must(transfer_create(town.user, &(struct transfer_order){.to = out}, &down, &err), &err);
    assert_int_equal(down.count, 4); /* extract and receipt for two places */

    on(2027, 4, 7);
    place_leave(&counter);
    counter = place_enter(office_dir, "sato");
    in = applied(counter.user, down.items[0]);
    assert_int_equal(in.decisions, 1);
    stands(counter.user, record, "state", "decided");
    stands(counter.user, record, "decided_on", "2027-04-06");
    count(counter.office, 0, 1);
    in = applied(counter.user, down.items[1]);
    assert_true(in.receipt);
    count(counter.office, 0, 0);
    stands(counter.user, record, "reached_town_on", "2027-04-06");
    in = applied(counter.user, down.items[0]);
    assert_true(in.again);
    assert_int_equal(in.events, 0);
    place_leave(&counter);
    place_leave(&town);
    strings_free(&down);
    xfree(&office_dir);
    xfree(&town_dir);
    xfree(&out);
}

/* A file that was removed and could not be noted as removed is told; the receipt stays taken in. */
static void what_cannot_be_tidied_is_told(void **state)
{
    (void)state;
    static const char *const refusals[] = {
        "CREATE TEMP TRIGGER no BEFORE UPDATE OF file ON main.bundle BEGIN SELECT "
        "RAISE(ABORT,'x'); END",
        "ALTER TABLE carried RENAME COLUMN outcome TO lost",
    };
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct error err = {0};
        struct day_result day;
        struct transfer_applied in;
        struct strings down = STRINGS_INIT;
        char record[37], *office_dir = fixture_copy("untidy", "office"),
                         *town_dir = fixture_copy("untidy", "town"),
                         *out = file_path(town_dir, "out");
        on(2027, 4, 5);
        struct place counter = place_enter(office_dir, "yamada");
        filed(counter.user, "furusato_basic", basic_kiryu, record, NULL);
        place_leave(&counter);
        closed(office_dir, clock_today(), &day);
        struct place town = place_enter(town_dir, "kacho");
        applied(town.user, day.bundle);
        must(transfer_create(town.user, &(struct transfer_order){.to = out}, &down, &err), &err);
        counter = place_enter(office_dir, "sato");
        applied(counter.user, down.items[0]);
        must(database_run(store_database(office_store(counter.office)), &err, refusals[i], ""),
             &err);
        must(transfer_apply(counter.user, down.items[1], &in, &err), &err);
        assert_true(in.receipt);
        assert_false(file_exists(day.bundle));
        assert_int_equal(in.warnings.count, 1);
        assert_non_null(strstr(in.warnings.items[0], day.bundle));
        transfer_applied_free(&in);
        place_leave(&counter);
        place_leave(&town);
        strings_free(&down);
        xfree(&office_dir);
        xfree(&town_dir);
        xfree(&out);
    }
}

static void a_correction_keeps_what_stood_before(void **state)
{
    (void)state;
    struct error err = {0};
    char record[37];
    char *dir = fixture_copy("correct", "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
    struct entry *entry;
    struct record_view view;
    must(entry_open(p.user, record, &entry, &err), &err);
    assert_true(entry_is_final(entry));
    assert_int_equal(entry_correct(entry, "clerk", "誤記", &err), E_RULE); /* nothing changed */
    must(entry_type(entry, "phone", "090-9999-0000", &err), &err);
    assert_int_equal(entry_correct(entry, "clerk", "", &err), E_INVALID);
    assert_int_equal(entry_correct(entry, "whim", "誤記", &err), E_INVALID);
    must(entry_correct(entry, "clerk", "電話番号の誤記", &err), &err);
    assert_int_equal(entry_correct(entry, "clerk", "誤記", &err), E_RULE);
    assert_false(entry_unsaved(entry));
    entry_free(&entry);
    stands(p.user, record, "phone", "090-9999-0000");
    stands(p.user, record, "state", "received");
    must(record_view_load(p.user, record, false, &view, &err), &err);
    bool told = false;
    for (size_t i = 0; i < view.event_count; i++)
        told = told || (strstr(view.events[i].changes, "090-1111-2222") &&
                        strstr(view.events[i].changes, "090-9999-0000") &&
                        strcmp(view.events[i].reason, "電話番号の誤記") == 0);
    assert_true(told);
    record_view_free(&view);
    place_leave(&p);
    xfree(&dir);
}

/* Two counters mend the same record at once: the address is one value with its building. */
static void an_address_is_one_value(void **state)
{
    (void)state;
    struct error err = {0};
    char record[37];
    char *dir = fixture_copy("address", "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    filed(p.user, "furusato_basic", basic_kiryu, record, NULL);
    struct entry *entry;
    struct record stored;
    must(entry_open(p.user, record, &entry, &err), &err);
    must(entry_type(entry, "address", "9-9", &err), &err);
    must(entry_correct(entry, "applicant", "転居", &err), &err);
    entry_free(&entry);
    must(record_load(office_store(p.office), record, &stored, &err), &err);
    const struct strings *set = line_map(&stored.events[stored.event_count - 1].body, "set");
    assert_string_equal(map_get(set, "address"), "９－９");
    assert_string_equal(map_get(set, "municipality"), "雪見町");
    assert_non_null(map_get(set, "building"));
    assert_string_equal(map_get(set, "building"), "");
    assert_null(map_get(set, "phone"));
    record_free(&stored);
    place_leave(&p);
    xfree(&dir);
}

static void actions_ask_for_role_state_and_reason(void **state)
{
    (void)state;
    struct error err = {0};
    struct action_list list;
    char record[37];
    char *dir = fixture_copy("action", "town");
    on(2027, 4, 5);
    struct place town = place_enter(dir, "kacho");
    filed(town.user, "furusato_basic", basic_kiryu, record, NULL);
    must(action_list(town.user, record, &list, &err), &err);
    struct action_row *decide = action_named(&list, "decide");
    assert_non_null(decide);
    assert_int_equal(decide->ask_count, 1);
    assert_string_equal(decide->asks[0].name, "decided_on");
    assert_true(*decide->asks[0].label);
    assert_null(action_named(&list, "resubmit")); /* from correction only */
    action_list_free(&list);

    assert_int_equal(action_do(town.user, record, "fly", "", NULL, &err), E_NOT_FOUND);
    assert_int_equal(action_do(town.user, record, "resubmit", "", NULL, &err), E_RULE);
    assert_int_equal(action_do(town.user, record, "reject", "", NULL, &err), E_INVALID);
    static const char *const unasked[] = {"family_name=他人", NULL};
    static const char *const no_date[] = {"decided_on=あした", NULL};
    static const char *const asked[] = {"decided_on=R9.4.5", NULL};
    static const char *const ahead[] = {"decided_on=R9.4.6", NULL};
    static const char *const before[] = {"decided_on=R9.4.4", NULL};
    static const char *const no_term[] = {"deadline=", NULL};
    static const char *const over[] = {"deadline=R9.4.5", NULL};
    assert_int_equal(action_do(town.user, record, "decide", "", unasked, &err), E_INVALID);
    assert_int_equal(action_do(town.user, record, "decide", "", no_date, &err), E_INVALID);
    assert_int_equal(action_do(town.user, record, "decide", "", ahead, &err), E_INVALID);
    assert_int_equal(action_do(town.user, record, "decide", "", before, &err), E_INVALID);
    assert_int_equal(action_do(town.user, record, "request_correction", "x", NULL, &err),
                     E_INVALID);
    assert_int_equal(action_do(town.user, record, "request_correction", "x", no_term, &err),
                     E_INVALID);
    assert_int_equal(action_do(town.user, record, "request_correction", "x", over, &err),
                     E_INVALID);
    stands(town.user, record, "state", "received");
    stands(town.user, record, "decided_on", "");
    must(action_do(town.user, record, "decide", "", asked, &err), &err);
    stands(town.user, record, "decided_on", "2027-04-05");
    stands(town.user, record, "decided_by", "課長");
    assert_int_equal(action_do(town.user, record, "decide", "", NULL, &err), E_RULE);
    place_leave(&town);

    char *office_dir = fixture_copy("action", "office");
    struct place counter = place_enter(office_dir, "yamada");
    filed(counter.user, "furusato_basic", basic_kiryu, record, NULL);
    assert_int_equal(action_do(counter.user, record, "decide", "", NULL, &err), E_DENIED);
    assert_int_equal(action_do(counter.user, record, "void", "書き損じ", NULL, &err), E_DENIED);
    must(action_do(counter.user, record, "withdraw", "本人の申出", NULL, &err), &err);
    stands(counter.user, record, "state", "withdrawn");
    must(action_list(counter.user, record, &list, &err), &err);
    assert_int_equal(list.count, 0);
    action_list_free(&list);
    place_leave(&counter);
    xfree(&dir);
    xfree(&office_dir);
}

/* --- A form whose rule forbids the decision --- */

static const char ground[] =
    "settings: {form_id: ground_use, form_title: 広場使用, version: 2027040101, code: HB,"
    " ledger: test, type: application}\n"
    "survey:\n"
    "  - {type: text, name: what, label: 内容, required: yes}\n"
    "  - {type: text, name: fee_paid, label: 使用料}\n"
    "checks:\n"
    "  - name: E-FEE\n"
    "    when: decide\n"
    "    severity: error\n"
    "    field: fee_paid\n"
    "    sql: SELECT what FROM this WHERE fee_paid = ''\n"
    "    message: 「{what}」の使用料が納められていません\n"
    "    reason: 使用料が納められていないため。\n"
    "workflow:\n"
    "  extends: application\n";

static void an_error_at_the_decision_refuses_it(void **state)
{
    (void)state;
    struct error err = {0};
    struct action_list list;
    char record[37], other[37];
    char *dir = fixture_copy("decide", "town"), *file = file_path(dir, "ground_use.yaml");
    on(2027, 4, 5);
    must(file_write(file, ground, strlen(ground), &err), &err);
    struct place admin = place_enter(dir, "admin");
    must(setup_install_form(admin.user, file, &err), &err);
    place_leave(&admin);
    struct place town = place_enter(dir, "kacho");
    static const char *const unpaid[] = {"what=夏祭り", NULL};
    static const char *const paid[] = {"what=夏祭り", "fee_paid=納付済", NULL};
    filed(town.user, "ground_use", unpaid, record, NULL);
    filed(town.user, "ground_use", paid, other, NULL);
    assert_int_equal(action_do(town.user, record, "decide", "", NULL, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "「夏祭り」の使用料が納められていません"));
    stands(town.user, record, "state", "received");
    must(action_do(town.user, other, "decide", "", NULL, &err), &err);
    must(action_list(town.user, record, &list, &err), &err);
    struct action_row *reject = action_named(&list, "reject");
    assert_string_equal(reject->reason_draft, "使用料が納められていないため。");
    must(action_do(town.user, record, "reject", reject->reason_draft, NULL, &err), &err);
    action_list_free(&list);
    stands(town.user, record, "state", "rejected");
    stands(town.user, record, "decision_reason", "使用料が納められていないため。");
    place_leave(&town);
    xfree(&dir);
    xfree(&file);
}

/* What is begun for somebody, also after the draft was put aside, stays theirs. */
static void what_is_begun_for_a_person_is_theirs(void **state)
{
    (void)state;
    struct error err = {0};
    struct receipt receipt;
    struct candidates same;
    char record[37], person[37], draft[37];
    static const char *const consent[] = {"info_consent=yes", NULL};
    char *dir = fixture_copy("begun", "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    struct entry *entry = begun(p.user, "furusato_basic", basic_kiryu);
    must(entry_finalise(entry, "", &receipt, &err), &err);
    snprintf(person, sizeof person, "%s", instance_get(entry_instance(entry), "person"));
    entry_free(&entry);
    must(entry_new_for(p.user, "furusato_basic", person, false, &entry, &err), &err);
    type_all(entry, consent);
    must(entry_save_draft(entry, "family_name", &err), &err);
    snprintf(draft, sizeof draft, "%s", entry_id(entry));
    entry_free(&entry);
    must(entry_resume(p.user, draft, &entry, &err), &err);
    must(entry_candidates(entry, &same, &err), &err);
    assert_int_equal(same.count, 0);
    candidates_free(&same);
    must(entry_finalise(entry, "", &receipt, &err), &err);
    snprintf(record, sizeof record, "%s", entry_id(entry));
    entry_free(&entry);
    stands(p.user, record, "person", person);
    place_leave(&p);
    xfree(&dir);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_counter_to_town_and_back),
        cmocka_unit_test(what_cannot_be_tidied_is_told),
        cmocka_unit_test(a_correction_keeps_what_stood_before),
        cmocka_unit_test(an_address_is_one_value),
        cmocka_unit_test(actions_ask_for_role_state_and_reason),
        cmocka_unit_test(what_is_begun_for_a_person_is_theirs),
        cmocka_unit_test(an_error_at_the_decision_refuses_it),
    };
    return cmocka_run_group_tests_name("office/way", tests, fixture_build, fixture_tear);
}
