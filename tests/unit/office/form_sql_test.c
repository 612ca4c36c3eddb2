/* All SQL of a form is tried before the form is installed, and what may not be is shown with its
 * place. */
#include "rules_fixture.h"

#include "office/check.h"
#include "office/form_files.h"

/* `settings` is line 1, the survey line 2; `at` is the line refused. */
struct wrong {
    const char *rest;
    int at;
    const char *says;
};
static const struct wrong wrongs[] = {
    {"checks: [{name: C, when: live, severity: note, message: m, sql: DELETE FROM event}]", 3,
     "規則 C: 規則が使えないもの"},
    {"worklists:\n- {name: a, label: A, sql: SELECT record FROM settlement}\n"
     "- {name: b, label: B, sql: SELECT record FROM event}",
     5, "規則 tried.b: 規則が使えないもの"},
    {"worklists:\n- {name: a, label: A, sql: \"SELECT record FROM settlement WHERE x < 'now'\"}", 4,
     "機械の時計"},
    {"worklists:\n- {name: a, label: A, sql: SELECT record FORM settlement}", 4,
     "規則 tried.a: near"},
    {"workflow:\n  actions:\n"
     "  - {name: go, label: G, from: written, to: written, roles: clerk,\n"
     "     updates: [{sql: SELECT record FROM settlement},\n"
     "       {sql: SELECT record FROM settlement; SELECT 1}]}",
     7, "規則 go: "},
};
static const struct wrong queries[] = {
    {"queries: {q: SELECT readfile('/etc/passwd') AS x}", 2, "規則 b: "},
    {"queries: {q: UPDATE record SET form = ''}", 2, "規則 b: "},
    {"queries: {q: SELECT a AS x FROM this}", 0, NULL},
    /* forms that come later, and what is not in them yet */
    {"queries: {q: SELECT x FROM nowhere}", 0, NULL},
    {"queries: {q: SELECT not_yet AS x FROM settlement}", 0, NULL},
};

static void tried(const struct town *t, const char *survey, const struct wrong *row)
{
    struct error err = {0};
    char *path = file_path(t->dir, "tried.yaml");
    char *text = xasprintf("settings: {form_id: tried, form_title: T, version: 1, type: record}\n"
                           "survey: [%s]\n%s\n",
                           survey, row->rest);
    must(file_write(path, text, strlen(text), &err), &err);
    enum status st = form_file_check(t->office, path, &err);
    char *place = xasprintf("tried.yaml:%d", row->at);
    if (!row->at)
        must(st, &err);
    else if (!st || !strstr(error_text(&err), place) || !strstr(error_text(&err), row->says))
        fail_msg("%s %s, said: %s", place, row->says, st ? error_text(&err) : "nothing");
    xfree(&place);
    xfree(&text);
    xfree(&path);
}

static void sql_that_may_not_be_is_refused_with_its_place(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(wrongs); i++)
        tried(*state, "{type: text, name: a}", &wrongs[i]);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++)
        tried(*state, "{type: text, name: a}, {type: calculate, name: b, query: q}", &queries[i]);
}

/* Every shipped form passes, with all of them there so that nothing is let pass for a table that is
 * missing. */
static void shipped_forms_do_only_what_rules_may(void **state)
{
    struct town *t = *state;
    struct error err = {0};
    struct form_rows rows;
    size_t seen = 0;
    must(catalogue_forms(office_catalogue(t->office), "ja", &rows, &err), &err);
    for (size_t i = 0; i < rows.count; i++) {
        const struct form *form;
        const struct statement *bad;
        must(catalogue_form(office_catalogue(t->office), rows.items[i].id, 0, &form, &err), &err);
        must(check_allowed(office_store(t->office), form, &bad, &err), &err);
        seen += form->statement_count;
    }
    assert_true(seen > 100);
    form_rows_free(&rows);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_that_may_not_be_is_refused_with_its_place),
        cmocka_unit_test(shipped_forms_do_only_what_rules_may),
    };
    return cmocka_run_group_tests_name("form_sql", tests, build_town, tear_town);
}
