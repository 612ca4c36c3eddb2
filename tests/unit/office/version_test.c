/* Three forms get a new version: records stay as they were written, tables grow, drafts go over
 * when somebody wants it. And what may not follow an installed version. */
#include "town_fixture.h"

#include "form/version.h"
#include "office/catalogue.h"
#include "office/form_files.h"
#include "office/office_internal.h"
#include "office/recordview.h"
#include "store/verify.h"

static char *fixture_file(const char *name)
{
    return xasprintf("%s/tests/fixtures/versions/%s.yaml", getenv("SATOMADO_SRCDIR"), name);
}

static void install(const char *town, const char *name)
{
    struct error err = {0};
    char *file = fixture_file(name);
    struct place admin = place_enter(town, "admin");
    must(form_file_check(admin.office, file, &err), &err);
    must(setup_install_form(admin.user, file, &err), &err);
    place_leave(&admin);
    xfree(&file);
}

static void each_wrong(void *context, const char *line)
{
    (void)context;
    fail_msg("%s", line);
}

static void all_is_right(const char *dir)
{
    struct error err = {0};
    struct verified verified;
    struct place p = place_enter(dir, "admin");
    must(store_verify(p.office->store, each_wrong, NULL, &verified, &err), &err);
    place_leave(&p);
}

static bool has_line(const struct strings *lines, const char *part)
{
    for (size_t i = 0; i < lines->count; i++)
        if (strstr(lines->items[i], part))
            return true;
    return false;
}

/* One form: filed and begun under the first version, then the second comes. */
struct upgrade {
    const char *form;
    const char *const *first;  /* answers of a record and of a draft */
    const char *const *added;  /* what the second version needs besides */
    const char *difference[4]; /* parts of the sentences */
};

static void draft_goes_over(const char *town, const struct upgrade *u, const char *draft)
{
    struct error err = {0};
    struct strings lines = STRINGS_INIT;
    struct entry *entry;
    struct place p = place_enter(town, "kacho");
    must(entry_resume(p.user, draft, &entry, &err), &err);
    long before = entry_form(entry)->version;
    assert_true(entry_newer(entry, &lines));
    assert_false(entry_offers_version(entry));
    for (size_t i = 0; i < ARRAY_LEN(u->difference) && u->difference[i]; i++)
        if (!has_line(&lines, u->difference[i]))
            fail_msg("%s: not said: %s", u->form, u->difference[i]);
    must(entry_upgrade(entry, &err), &err);
    assert_true(entry_form(entry)->version > before);
    assert_false(entry_newer(entry, NULL));
    for (size_t i = 0; u->first[i]; i++) { /* every answer is still there */
        char *path = xstrndup(u->first[i], (size_t)(strchr(u->first[i], '=') - u->first[i]));
        assert_string_not_equal(instance_get(entry_instance(entry), path), "");
        xfree(&path);
    }
    entry_free(&entry);
    /* and after another opening it is the new version's */
    must(entry_resume(p.user, draft, &entry, &err), &err);
    assert_true(entry_form(entry)->version > before);
    struct receipt receipt;
    type_all(entry, u->added);
    must(entry_finalise(entry, "", &receipt, &err), &err);
    entry_free(&entry);
    strings_free(&lines);
    place_leave(&p);
}

static void upgraded(const struct upgrade *u)
{
    struct error err = {0};
    char record[37], draft[37], *town = fixture_copy(u->form, "town");
    char *one = xasprintf("%s.1", u->form), *two = xasprintf("%s.2", u->form);
    install(town, one);
    struct place p = place_enter(town, "kacho");
    filed(p.user, u->form, u->first, record, NULL);
    struct entry *entry = begun(p.user, u->form, u->first);
    long first_version = entry_form(entry)->version;
    must(entry_save_draft(entry, "", &err), &err);
    snprintf(draft, sizeof draft, "%s", entry_id(entry));
    assert_false(entry_newer(entry, NULL));
    entry_free(&entry);
    place_leave(&p);
    all_is_right(town);

    install(town, two);
    all_is_right(town);
    draft_goes_over(town, u, draft);
    all_is_right(town);

    /* The record is shown as it was written. */
    p = place_enter(town, "kacho");
    must(entry_open(p.user, record, &entry, &err), &err);
    assert_int_equal(entry_form(entry)->version, first_version);
    entry_free(&entry);
    struct record_table table;
    must(record_table_load(p.user, u->form, NULL, NULL, &table, &err), &err);
    assert_int_equal(table.rows, 2);
    record_table_free(&table);
    place_leave(&p);
    xfree(&one);
    xfree(&two);
    xfree(&town);
}

static void a_choice_goes_and_fields_come(void **state)
{
    (void)state;
    static const char *const first[] = {"group_name=霧沢自治会", "use_on=R9.4.20", "room=台所",
                                        "people=12", NULL};
    static const char *const added[] = {"contact=0267-00-0000", NULL};
    static const struct upgrade u = {
        "hall_use",
        first,
        added,
        {"「使う日」は「使用日」になりました", "選択肢「台所」は選べなくなりました",
         "欄「連絡先」が増えました（必ず要る欄）", "使用日: 値の条件が変わりました"}};
    upgraded(&u);
    /* What was chosen before still shows, with the label it has. */
    struct error err = {0};
    struct record_table table;
    char *town = file_path(fixture_dir, "hall_use/town");
    struct place p = place_enter(town, "kacho");
    must(record_table_load(p.user, "hall_use", NULL, NULL, &table, &err), &err);
    for (size_t r = 0; r < table.rows; r++)
        assert_string_equal(table.cells[r * table.columns + 3], "台所");
    record_table_free(&table);
    place_leave(&p);
    xfree(&town);
}

static void a_repeat_comes(void **state)
{
    (void)state;
    static const char *const first[] = {"household=桐生", "visited_on=R9.3.1", "seen=変わりなし",
                                        NULL};
    static const struct upgrade u = {"watch_visit", first, NULL, {"欄「家族」が増えました"}};
    upgraded(&u);
}

static void a_field_is_retired_and_a_rule_comes(void **state)
{
    (void)state;
    static const char *const first[] = {"group_name=草刈り組", "hours=9.5", "fax=0267-00-0000",
                                        NULL};
    static const char *const added[] = {"place=町道", NULL};
    static const struct upgrade u = {"mowing",
                                     first,
                                     added,
                                     {"FAX: 聞くときの条件が変わりました",
                                      "規則 W-LONG が増えました",
                                      "時間: 必ず要るかどうかが変わりました", "様式の名称が"}};
    upgraded(&u);
}

/* A place that gets both versions at once has the tables of one that had them one after the other.
 */
static void both_versions_at_once(void **state)
{
    (void)state;
    struct error err = {0};
    char record[37], *town = fixture_copy("at_once", "town"),
                     *office = fixture_copy("at_once", "office");
    struct buffer registry = BUFFER_INIT;
    install(town, "hall_use.1");
    install(town, "hall_use.2");
    struct place p = place_enter(town, "admin");
    must(setup_registry_text(p.user, &registry, &err), &err);
    place_leave(&p);
    p = place_enter(office, "admin");
    must(setup_accept_registry(p.user, buffer_text(&registry), NULL, &err), &err);
    place_leave(&p);
    all_is_right(office);
    static const char *const values[] = {"group_name=a", "use_on=R9.4.20", "room=離れ",
                                         "contact=0267-00-0000", NULL};
    p = place_enter(office, "yamada");
    filed(p.user, "hall_use", values, record, NULL);
    place_leave(&p);
    all_is_right(office);
    buffer_free(&registry);
    xfree(&town);
    xfree(&office);
}

/* --- What may not follow --- */

static enum status follows(const char *change, struct error *err)
{
    char *town = file_path(fixture_dir, "refused/town"), *from = fixture_file("hall_use.2");
    char *to = file_path(fixture_dir, "refused/next.yaml");
    char *command =
        xasprintf("sed -e 's/2026100101/2027010101/' -e '%s' '%s' >'%s'", change, from, to);
    assert_int_equal(system(command), 0);
    struct place p = place_enter(town, "admin");
    enum status st = form_file_check(p.office, to, err);
    place_leave(&p);
    xfree(&command);
    xfree(&from);
    xfree(&to);
    xfree(&town);
    return st;
}

static void nothing_with_values_vanishes(void **state)
{
    (void)state;
    static const struct {
        const char *change, *reason;
    } refused[] = {
        {"/name: people/d", "欄「people」がありません"},
        {"s/type: integer, name: people/type: text, name: people/", "型は変えられません"},
        {"/name: kitchen/d", "選択肢「kitchen」がありません"},
        {"s/2027010101/2026100101/;s/label: 広間/label: 大広間/", "より大きくしてください"},
        {"s/type: group/type: repeat/", "くり返しの内と外"},
    };
    char *town = fixture_copy("refused", "town");
    install(town, "hall_use.1");
    install(town, "hall_use.2");
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct error err = {0};
        assert_int_equal(follows(refused[i].change, &err), E_RULE);
        if (!strstr(err.detail, refused[i].reason))
            fail_msg("%s: %s", refused[i].change, error_text(&err));
    }
    struct error err = {0};
    must(follows("s/label: 人数/label: 使う人の数/", &err), &err);
    xfree(&town);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_goes_and_fields_come),
        cmocka_unit_test(a_repeat_comes),
        cmocka_unit_test(a_field_is_retired_and_a_rule_comes),
        cmocka_unit_test(both_versions_at_once),
        cmocka_unit_test(nothing_with_values_vanishes),
    };
    return cmocka_run_group_tests_name("office/version", tests, fixture_build, fixture_tear);
}
