/* 閲覧制限: what rules, lists, reports and drafts say of somebody whom the reader may not see. */
#include "rules_fixture.h"

#include "office/conflict.h"
#include "office/day.h"
#include "office/office_internal.h"
#include "office/people.h"
#include "office/recordview.h"
#include "office/report.h"
#include "office/veil.h"

struct cast {
    struct town *town;    /* kacho: clerk and reviewer, at the town */
    struct session *mado; /* a clerk */
    char record[37], other[37];
    char number[96];
    char *person;
};

static const char *const markers[] = {"隠岐",         "しのぶ",      "オキシノブ",
                                      "八丁目七番地", "05055512345", "oki@example.jp"};

static void unseen(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(markers); i++)
        if (strstr(text, markers[i]))
            fail_msg("%s stands in\n%s", markers[i], text);
}

static char *install(const struct town *t, const char *name)
{
    struct error err = {0};
    char *file = xasprintf("%s/tests/unit/office/%s", getenv("SATOMADO_SRCDIR"), name);
    must(setup_install_form(t->admin, file, &err), &err);
    return file;
}

static void filed_by(struct session *user, const char *const *values, char id[37], char number[96])
{
    struct error err = {0};
    struct receipt receipt;
    struct entry *entry;
    must(entry_new(user, "furusato_basic", &entry, &err), &err);
    type_all(entry, values);
    explain_all(entry);
    finalise(entry, id, &receipt);
    snprintf(number, 96, "%s", receipt.number);
    entry_free(&entry);
}

static int begin(void **state)
{
    static const char *const oki[] = {"family_name=隠岐",    "given_name=しのぶ",
                                      "family_kana=オキ",    "given_kana=シノブ",
                                      "birth_date=S58.3.3",  "prefecture=北峰県",
                                      "municipality=雪見町", "address=八丁目七番地",
                                      "phone=05055512345",   "email=oki@example.jp",
                                      "info_consent=yes",    NULL},
                             *const kiryu[] = {"family_name=桐生",
                                               "given_name=みなと",
                                               "family_kana=キリュウ",
                                               "given_kana=ミナト",
                                               "birth_date=S63.7.14",
                                               "prefecture=北峰県",
                                               "municipality=白嶺市",
                                               "address=1-2",
                                               "phone=09011112222",
                                               "info_consent=yes",
                                               NULL};
    static const char *const roles[] = {"clerk"};
    struct cast *c = xcalloc(1, sizeof *c);
    struct error err = {0};
    struct record_view view;
    char number[96];
    void *town;
    build_town(&town);
    c->town = town;
    filed_by(c->town->clerk, kiryu, c->other, number);
    on(2027, 4, 2);
    filed_by(c->town->clerk, oki, c->record, c->number);
    must(record_view_load(c->town->clerk, c->record, false, &view, &err), &err);
    c->person = xstrdup(view.person);
    record_view_free(&view);
    char *form = install(c->town, "protected_form.yaml"),
         *report = install(c->town, "protected_report.yaml");
    xfree(&form);
    xfree(&report);
    must(setup_add_user(c->town->admin, "mado", "窓口", roles, 1, PASSWORD, &err), &err);
    must(session_login(c->town->office, "mado", PASSWORD, &c->mado, &err), &err);
    must(people_protect(c->town->clerk, c->person, "R10.3.31", "申出", &err), &err);
    *state = c;
    return 0;
}

static int end(void **state)
{
    struct cast *c = *state;
    void *town = c->town;
    session_free(&c->mado);
    xfree(&c->person);
    int rc = tear_town(&town);
    xfree(&c);
    return rc;
}

/* --- Who may see, and what --- */

static void the_towns_reviewer_sees_and_decides(void **state)
{
    const struct cast *c = *state;
    struct record_view view;
    struct person_page page;
    struct error err = {0};
    assert_int_equal(record_view_load(c->mado, c->record, false, &view, &err), E_NOT_FOUND);
    assert_int_equal(people_load(c->mado, c->person, false, &page, &err), E_NOT_FOUND);
    assert_int_equal(people_protect(c->mado, c->person, "R10.3.31", "申出", &err), E_DENIED);
    must(record_view_load(c->town->clerk, c->record, false, &view, &err), &err);
    assert_true(view.withheld);
    record_view_free(&view);
    must(action_do(c->town->clerk, c->record, "decide", "", NULL, &err), &err);
    long count;
    must(worklist_count(c->town->clerk, "protected", &count, &err), &err);
    assert_int_equal(count, 1);
    assert_int_equal(worklist_count(c->mado, "protected", &count, &err), E_NOT_FOUND);
}

static void contact_is_withheld_until_it_is_asked_for(void **state)
{
    const struct cast *c = *state;
    static const char *const contact[] = {"八丁目七番地", "05055512345", "oki@example.jp"};
    struct error err = {0};
    for (int whole = 0; whole < 2; whole++) {
        struct record_view view;
        struct person_page page;
        struct buffer text = BUFFER_INIT;
        must(record_view_load(c->town->clerk, c->record, whole, &view, &err), &err);
        must(people_load(c->town->clerk, c->person, whole, &page, &err), &err);
        for (size_t i = 0; i < view.line_count; i++)
            buffer_printf(&text, "%s %s\n", view.lines[i].label, view.lines[i].value);
        for (size_t i = 0; i < ARRAY_LEN(contact); i++)
            assert_int_equal(strstr(buffer_text(&text), contact[i]) != NULL, whole);
        buffer_clear(&text);
        for (size_t i = 0; i < page.reach.count; i++)
            buffer_printf(&text, "%s ", page.reach.items[i]);
        for (size_t i = 0; i < ARRAY_LEN(contact); i++)
            assert_int_equal(strstr(buffer_text(&text), contact[i]) != NULL, whole);
        if (!whole)
            assert_string_equal(buffer_text(&text),
                                "住所 （閲覧制限） 電話 （閲覧制限） メール （閲覧制限） ");
        buffer_free(&text);
        record_view_free(&view);
        person_page_free(&page);
    }
}

/* What is of her household would have her address. */
static void her_address_is_copied_into_nobody_elses_record(void **state)
{
    const struct cast *c = *state;
    struct entry *entry;
    struct error err = {0};
    assert_int_equal(entry_new_for(c->town->clerk, "furusato_basic", c->person, true, &entry, &err),
                     E_DENIED);
    must(entry_new_for(c->town->clerk, "furusato_basic", c->person, false, &entry, &err), &err);
    entry_free(&entry);
}

/* --- Rules --- */

static struct entry *telltale(struct session *user)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_new(user, "telltale", &entry, &err), &err);
    return entry;
}

static size_t said(struct entry *entry, const char *rule, struct buffer *text)
{
    const struct findings *list;
    struct error err = {0};
    size_t count = 0;
    must(entry_findings(entry, true, &list, &err), &err);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].rule, rule) == 0) {
            buffer_printf(text, "%s\n", list->items[i].message);
            count++;
        }
    return count;
}

static void rules_count_without_naming(void **state)
{
    const struct cast *c = *state;
    struct buffer text = BUFFER_INIT;
    struct entry *seen = telltale(c->town->clerk), *entry = telltale(c->mado);
    assert_int_equal(said(seen, "W-NUMBER", &text), 2);
    assert_int_equal(said(seen, "E-NUMBER", &text), 1);
    assert_int_equal(said(seen, "N-NAME", &text), 1);
    assert_non_null(strstr(buffer_text(&text), c->number));
    assert_non_null(strstr(buffer_text(&text), "隠岐しのぶ"));
    buffer_clear(&text);
    assert_int_equal(said(entry, "W-NUMBER", &text), 1); /* as if there were nobody */
    assert_int_equal(said(entry, "E-NUMBER", &text), 1); /* what stops stops */
    assert_int_equal(said(entry, "N-NAME", &text), 1);
    assert_non_null(strstr(buffer_text(&text), "もう登録されています（（省略） （省略））"));
    assert_non_null(strstr(buffer_text(&text), "2人: （省略） （省略）"));
    assert_null(strstr(buffer_text(&text), c->number));
    unseen(buffer_text(&text));
    buffer_free(&text);
    entry_free(&entry);
    entry_free(&seen);
}

/* What the clerk types from the paper before her eyes is no secret to her. */
static void what_is_typed_is_said_again(void **state)
{
    const struct cast *c = *state;
    struct buffer text = BUFFER_INIT;
    struct entry *entry = telltale(c->mado);
    struct error err = {0};
    must(entry_type(entry, "who", "桐生みなと,隠岐しのぶ", &err), &err);
    said(entry, "N-NAME", &text);
    assert_non_null(strstr(buffer_text(&text), "隠岐しのぶ"));
    assert_null(strstr(buffer_text(&text), "oki@example.jp"));
    buffer_free(&text);
    entry_free(&entry);
}

static void values_from_other_records_are_not_hers(void **state)
{
    const struct cast *c = *state;
    struct error err = {0};
    struct record_view view;
    struct receipt receipt;
    char id[37], whom[80];
    struct entry *seen = telltale(c->town->clerk), *entry = telltale(c->mado);
    must(entry_type(seen, "whom", c->record, &err), &err);
    assert_string_equal(instance_get(entry_instance(seen), "pulled"), "oki@example.jp");
    assert_string_equal(instance_get(entry_instance(seen), "looked"), "八丁目七番地");
    assert_string_equal(instance_get(entry_instance(entry), "pulled"), "");
    snprintf(whom, sizeof whom, "%s", c->record);
    assert_int_equal(entry_type(entry, "whom", whom, &err), E_INVALID);
    assert_int_equal(entry_type(entry, "whom", c->number, &err), E_INVALID);
    for (int may = 0; may < 2; may++) { /* the list to choose from */
        struct worklist_rows rows;
        must(entry_references(may ? seen : entry, "whom", "", -1, &rows, &err), &err);
        assert_int_equal(rows.count, may ? 2 : 1);
        worklist_rows_free(&rows);
    }
    entry_free(&entry);
    /* The record of somebody who may see her, read by one who may not. */
    explain_all(seen);
    finalise(seen, id, &receipt);
    entry_free(&seen);
    must(record_view_load(c->mado, id, false, &view, &err), &err);
    for (size_t i = 0; i < view.line_count; i++)
        if (strcmp(view.lines[i].path, "whom") == 0)
            assert_string_equal(view.lines[i].value, "（省略）");
        else if (strcmp(view.lines[i].path, "found") == 0)
            assert_string_equal(view.lines[i].value, "桐生 みなと 09011112222");
    for (size_t i = 0; i < view.note_count; i++)
        unseen(view.notes[i]);
    record_view_free(&view);
}

/* The shipped rule that finds another registration of the same name and birthday. */
static void a_second_registration_is_no_hint(void **state)
{
    const struct cast *c = *state;
    static const char *const again[] = {"family_name=隠岐", "given_name=しのぶ",
                                        "birth_date=S58.3.3", NULL};
    struct error err = {0};
    struct entry *entry;
    must(entry_new(c->mado, "furusato_basic", &entry, &err), &err);
    type_all(entry, again);
    assert_null(finding(entry, "W-REGISTERED"));
    entry_free(&entry);
    must(entry_new(c->town->clerk, "furusato_basic", &entry, &err), &err);
    type_all(entry, again);
    assert_non_null(finding(entry, "W-REGISTERED"));
    entry_free(&entry);
}

/* What is copied is of the newest record that the clerk knows. */
static void nothing_is_copied_from_her(void **state)
{
    const struct cast *c = *state;
    struct session *const users[] = {c->mado, c->town->clerk};
    static const char *const towns[] = {"白嶺市", "雪見町"};
    for (size_t u = 0; u < ARRAY_LEN(users); u++) {
        struct entry *entry;
        struct error err = {0};
        must(entry_new(users[u], "furusato_basic", &entry, &err), &err);
        must(entry_copy_previous(entry, "municipality", &err), &err);
        assert_string_equal(instance_get(entry_instance(entry), "municipality"), towns[u]);
        entry_free(&entry);
    }
}

static void her_conflicts_are_not_the_clerks(void **state)
{
    const struct cast *c = *state;
    struct conflicts list;
    struct error err = {0};
    assert_int_equal(conflict_list(c->mado, c->record, &list, &err), E_NOT_FOUND);
    must(conflict_list(c->town->clerk, c->record, &list, &err), &err);
    conflicts_free(&list);
}

/* --- Lists and reports --- */

static void lists_of_rules_leave_her_out(void **state)
{
    const struct cast *c = *state;
    struct worklist_rows rows;
    struct error err = {0};
    must(worklist_load(c->mado, "telltale.all", 0, -1, &rows, &err), &err);
    assert_int_equal(rows.count, 1);
    assert_string_equal(rows.items[0].id, c->other);
    assert_string_equal(rows.items[0].note, "（省略）");
    worklist_rows_free(&rows);
    must(worklist_load(c->town->clerk, "telltale.all", 0, -1, &rows, &err), &err);
    assert_int_equal(rows.count, 2);
    worklist_rows_free(&rows);
}

/* The header of each event of a record is spoilt, and again as it was. */
static void spoil(const struct cast *c, const char *record, bool spoilt)
{
    struct error err = {0};
    must(database_run(store_database(c->town->office->store), &err,
                      spoilt ? "UPDATE event SET header='!'||header WHERE record=?"
                             : "UPDATE event SET header=substr(header,2) WHERE record=?",
                      "t", record),
         &err);
    veil_free(&c->town->office->veil);
}

static void one_that_cannot_be_read_uncovers_none(void **state)
{
    const struct cast *c = *state;
    const char *const hers[] = {c->record, c->person};
    for (size_t i = 0; i < ARRAY_LEN(hers); i++) {
        spoil(c, hers[i], true);
        assert_string_equal(veil_text(c->mado, NULL, "隠岐 しのぶ"), "（省略）");
        assert_string_equal(veil_text(c->mado, NULL, hers[i]), "（省略）");
        spoil(c, hers[i], false);
    }
}

static void no_paper_names_her(void **state)
{
    const struct cast *c = *state;
    struct session *const users[] = {c->mado, c->town->clerk};
    for (size_t u = 0; u < ARRAY_LEN(users); u++) {
        struct report_result result;
        struct error err = {0};
        struct buffer text = BUFFER_INIT;
        must(report_run(users[u], "report_telltale", NULL, NULL, &result, &err), &err);
        assert_int_equal(result.rows, u ? 3 : 2);
        report_text(&result, true, &text);
        must(report_csv(users[u], &result, &text, &err), &err);
        unseen(buffer_text(&text));
        assert_non_null(strstr(buffer_text(&text), "桐生 みなと"));
        /* A mark only for who may know. */
        assert_int_equal(strstr(buffer_text(&text), "（閲覧制限）") != NULL, u);
        assert_string_equal(result.cells.items[result.cells.count - 1], "2"); /* all are counted */
        report_result_free(&result);
        buffer_free(&text);
    }
}

/* --- Drafts --- */

static long drafts_of(struct session *user, const char *list, struct buffer *titles)
{
    struct worklist_rows rows;
    struct error err = {0};
    must(worklist_load(user, list, 0, -1, &rows, &err), &err);
    for (size_t i = 0; i < rows.count; i++)
        buffer_printf(titles, "%s %s\n", rows.items[i].title, rows.items[i].note);
    long count = (long)rows.count;
    worklist_rows_free(&rows);
    return count;
}

static void drafts_of_her_are_the_supervisors(void **state)
{
    const struct cast *c = *state;
    static const char *const typed[] = {"family_name=隠岐", "given_name=しのぶ", NULL};
    struct error err = {0};
    struct entry *entry;
    struct buffer titles = BUFFER_INIT;
    struct day day;
    char draft[37];
    must(entry_new_for(c->town->clerk, "furusato_basic", c->person, false, &entry, &err), &err);
    must(entry_hold(entry, "隠岐しのぶさんへ電話", "", &err), &err);
    snprintf(draft, sizeof draft, "%s", entry_id(entry));
    entry_free(&entry);
    assert_int_equal(drafts_of(c->town->clerk, "holds", &titles), 1);
    assert_non_null(strstr(buffer_text(&titles), "隠岐 しのぶ"));
    assert_int_equal(drafts_of(c->mado, "holds", &titles), 0);
    assert_int_equal(entry_resume(c->mado, draft, &entry, &err), E_NOT_FOUND);
    must(day_load(c->mado, clock_today(), &day, &err), &err);
    assert_int_equal(day.draft_count, 0);
    day_free(&day);
    must(day_load(c->town->clerk, clock_today(), &day, &err), &err);
    assert_int_equal(day.draft_count, 1);
    day_free(&day);

    /* A clerk's own, of what she has typed herself, stays hers. */
    must(entry_new(c->mado, "furusato_basic", &entry, &err), &err);
    type_all(entry, typed);
    must(entry_hold(entry, "書類待ち", "", &err), &err);
    snprintf(draft, sizeof draft, "%s", entry_id(entry));
    entry_free(&entry);
    assert_int_equal(drafts_of(c->mado, "holds", &titles), 1);
    must(entry_resume(c->mado, draft, &entry, &err), &err);
    entry_free(&entry);
    buffer_free(&titles);
}

/* What was kept long enough goes, hers as well; who disposes of it need not know whose it is. */
static void who_disposes_sees_no_name(void **state)
{
    const struct cast *c = *state;
    struct session *const users[] = {c->town->admin, c->town->clerk};
    static const char *const titles[] = {"", "隠岐 しのぶ"};
    struct error err = {0};
    must(action_do(c->town->clerk, c->record, "cancel", "申出", NULL, &err), &err);
    on(2040, 4, 1);
    for (size_t u = 0; u < ARRAY_LEN(users); u++) {
        struct worklist_rows rows;
        const struct worklist_row *hers = NULL;
        must(worklist_load(users[u], WORKLIST_KEPT, 0, -1, &rows, &err), &err);
        for (size_t i = 0; i < rows.count; i++)
            hers = strcmp(rows.items[i].id, c->record) == 0 ? &rows.items[i] : hers;
        assert_non_null(hers);
        assert_string_equal(hers->title, titles[u]);
        assert_string_equal(hers->number, c->number);
        worklist_rows_free(&rows);
    }
}

static void papers_of_before_are_gone(void **state)
{
    const struct cast *c = *state;
    struct error err = {0};
    struct report_result result;
    char hers[256], other[256];
    must(people_protect(c->town->clerk, c->person, NULL, "本人の申出", &err), &err);
    must(report_run(c->mado, "report_telltale", NULL, NULL, &result, &err), &err);
    must(report_print(c->mado, &result, hers, &err), &err);
    report_result_free(&result);
    must(report_run(c->mado, "report_furusato", NULL, NULL, &result, &err), &err);
    must(report_print(c->mado, &result, other, &err), &err);
    report_result_free(&result);
    assert_true(file_exists(hers));
    must(people_protect(c->town->clerk, c->person, "R10.3.31", "申出", &err), &err);
    assert_false(file_exists(hers));
    assert_true(file_exists(other));
}

/* A paper too large to be looked through is said, and keeps none of the others. */
static void one_paper_keeps_no_other(void **state)
{
    const struct cast *c = *state;
    struct error err = {0};
    struct report_result result;
    char hers[256], *large = xasprintf("%s/print/0.txt", office_dir(c->town->office));
    must(people_protect(c->town->clerk, c->person, NULL, "本人の申出", &err), &err);
    must(report_run(c->mado, "report_telltale", NULL, NULL, &result, &err), &err);
    must(report_print(c->mado, &result, hers, &err), &err);
    report_result_free(&result);
    must(file_write(large, "", 0, &err), &err);
    assert_int_equal(truncate(large, 5 << 20), 0);
    assert_int_equal(people_protect(c->town->clerk, c->person, "R10.3.31", "申出", &err), E_LIMIT);
    assert_false(file_exists(hers));
    unlink(large);
    xfree(&large);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contact_is_withheld_until_it_is_asked_for),
        cmocka_unit_test(her_address_is_copied_into_nobody_elses_record),
        cmocka_unit_test(rules_count_without_naming),
        cmocka_unit_test(what_is_typed_is_said_again),
        cmocka_unit_test(a_second_registration_is_no_hint),
        cmocka_unit_test(values_from_other_records_are_not_hers),
        cmocka_unit_test(nothing_is_copied_from_her),
        cmocka_unit_test(her_conflicts_are_not_the_clerks),
        cmocka_unit_test(lists_of_rules_leave_her_out),
        cmocka_unit_test(one_that_cannot_be_read_uncovers_none),
        cmocka_unit_test(no_paper_names_her),
        cmocka_unit_test(drafts_of_her_are_the_supervisors),
        cmocka_unit_test(papers_of_before_are_gone),
        cmocka_unit_test(one_paper_keeps_no_other),
        cmocka_unit_test(the_towns_reviewer_sees_and_decides),
        cmocka_unit_test(who_disposes_sees_no_name),
    };
    return cmocka_run_group_tests_name("protected", tests, begin, end);
}
