/* Wrong form files are refused with their place; right ones come out as written. */
#include "form_fixture.h"

#include "base/xmem.h"
#include "form/workflow.h"

/* Places count from the first line of the form: `settings` is line 1. */
struct wrong {
    const char *rest, *where, *says;
};
static const struct wrong wrongs[] = {
    {"survey: [{type: texd, name: a}]", "demo.yaml:2:17", "「text」のことですか"},
    {"survey: [{type: text, name: a, lable: A}]", "demo.yaml:2:32", "「label」のことですか"},
    {"survey: [{type: text, name: a, appearance: zenkak}]", "demo.yaml:2:44",
     "「zenkaku」のことですか"},
    {"survey: [{type: text, name: A}]", "demo.yaml:2:29", "英小文字"},
    {"survey: [{type: text}]", "demo.yaml:2:10", "name は"},
    {"survey: [{type: text, name: state}]", "demo.yaml:2:29", "プログラムが使う名"},
    {"survey:\n- {type: text, name: a}\n- {type: text, name: a}", "demo.yaml:4:22", "3行目"},
    {"survey: [{type: text, name: a, name: b}]", "demo.yaml:2:32", "二度"},
    {"survey: [{type: select_one sex, name: a}]\nchoices: {sez: [{name: f, label: 女}]}",
     "demo.yaml:2:17", "「sez」のことですか"},
    {"survey: [{type: select_one, name: a}]", "demo.yaml:2:17", "選択肢の名"},
    {"survey: [{type: end group, name: a}]", "demo.yaml:2:17", "何も書けません"},
    {"survey: [{type: text, name: a}]\nchoices: {x: [{name: f}]}", "demo.yaml:3:15", "label"},
    {"survey: [{type: text, name: a}]\nchoices: {x: [{name: f, label: F}, {name: f, label: G}]}",
     "demo.yaml:3:36", "二度"},
    {"survey: [{type: group, name: a}]", "demo.yaml:2:10", "survey がありません"},
    {"survey: [{type: text, name: a, survey: [{type: text, name: b}]}]", "demo.yaml:2:10",
     "survey は書けません"},
    {"survey: [{type: text, name: family}, {type: text, name: b, relevant: \"${famly} = ''\"}]",
     "demo.yaml:2:71", "family"},
    {"survey: [{type: text, name: a, relevant: \"1 +\"}]", "demo.yaml:2:46", "途中"},
    {"survey:\n- {type: text, name: a, relevant: \"${b} = 1\"}\n- {type: text, name: b, relevant: "
     "\"${a} = 1\"}",
     "demo.yaml:4:3", "→"},
    {"survey: [{type: text, name: name, reading_of: famly}, {type: text, name: family}]",
     "demo.yaml:2:47", "「family」のことですか"},
    {"survey: [{type: integer, name: a, reading_of: b}, {type: text, name: b}]", "demo.yaml:2:47",
     "書けません"},
    {"survey: [{type: text, name: a, trigger: g}, {type: group, name: g, survey: [{type: text, "
     "name: b}]}]",
     "demo.yaml:2:41", "値のある"},
    {"survey: [{type: text, name: a, search: nme}]", "demo.yaml:2:40", "「name」のことですか"},
    {"survey: [{type: reference, name: a}]", "demo.yaml:2:10", "（to）"},
    {"survey: [{type: text, name: a, to: person}]", "demo.yaml:2:36", "書けません"},
    {"survey: [{type: barcode, name: a, fills: b}, {type: text, name: b}]", "demo.yaml:2:42",
     "書けません"},
    {"survey: [{type: barcode, name: a, to: Person}]", "demo.yaml:2:39", "様式の名"},
    {"survey: [{type: barcode, name: a, to: person, fills: c}, {type: text, name: b}]",
     "demo.yaml:2:54", "「c」は fills に書けません"},
    {"survey: [{type: barcode, name: a, to: person, fills: state}]", "demo.yaml:2:54",
     "「state」は fills に書けません"},
    {"survey: [{type: text, name: a}]\ncard: {fields: a}", "demo.yaml:3:7", "label"},
    {"survey: [{type: text, name: a}]\ncard: {label: L, since: a}", "demo.yaml:3:25", "日付の欄"},
    {"survey: [{type: text, name: a}]\ncard: {label: L, fields: [a, b]}", "demo.yaml:3:26",
     "「b」"},
    {"survey: [{type: text, name: a}]\ncard: {label: L, states: gone}", "demo.yaml:3:26",
     "「gone」"},
    {"survey: [{type: text, name: a}]\ncard: {label: L, rows: \"0\"}", "demo.yaml:3:25", "1から"},
    {"survey: [{type: text, name: a}]\ncard: {label: L, row: a}", "demo.yaml:3:18", "row"},
    {"survey: [{type: text, name: a}]\nscan: {field: a}", "demo.yaml:3:15", "barcode"},
    {"survey: [{type: barcode, name: a}]\nscan: {field: a}", "demo.yaml:3:15", "barcode"},
    {"survey: [{type: barcode, name: a, to: person}]\nscan: {field: a, twice: W}", "demo.yaml:3:25",
     "「W」"},
    {"survey: [{type: barcode, name: a, to: person}]\nscan: {field: a, keeps: b}", "demo.yaml:3:25",
     "「b」"},
    {"survey: [{type: barcode, name: a, to: person}]\nscan: {field: a, sets: {b: \"1\"}}",
     "demo.yaml:3:25", "「b」"},
    {"survey: [{type: calculate, name: a}]", "demo.yaml:2:10", "calculation"},
    {"survey: [{type: text, name: a, repeat_count: 3}]", "demo.yaml:2:46", "書けません"},
    {"survey: [{type: image, name: a, parameters: wide}]", "demo.yaml:2:45", "名=値"},
    {"survey: [{include: person}]", "demo.yaml:2:10", "使えません"},
    {"survey: []", "demo.yaml:2:9", "欄がありません"},
    {"survei: []", "demo.yaml:2:1", "「survey」のことですか"},
    {"survey: [{type: text, name: a}]\nlist: {columns: [b]}", "demo.yaml:3:17", "「b」"},
    {"survey: [{type: text, name: a}]\nlist: {columns: [a], order: a}", "demo.yaml:3:22", "order"},
    {"survey: [{type: text, name: a}]\nchecks: [{name: C, when: live, severity: note, message: m}]",
     "demo.yaml:3:10", "sql"},
    {"survey: [{type: text, name: a}]\n"
     "checks: [{name: C, when: life, severity: note, message: m, sql: SELECT 1}]",
     "demo.yaml:3:26", "「live」のことですか"},
    {"survey: [{type: text, name: a}]\n"
     "checks: [{name: C, when: live, severity: not, message: m, sql: SELECT 1}]",
     "demo.yaml:3:42", "「note」のことですか"},
    {"survey: [{type: text, name: a}]\n"
     "checks: [{name: C, when: live, severity: note, mesage: m, sql: SELECT 1}]",
     "demo.yaml:3:48", "「message」のことですか"},
    {"survey: [{type: text, name: a}]\n"
     "checks: [{name: C, when: finalise, severity: note, summary: yes, message: m, sql: SELECT 1}]",
     "demo.yaml:3:61", "summary"},
    {"survey: [{type: text, name: a}]\n"
     "checks: [{name: C, when: live, severity: note, message: m, with: [q], sql: SELECT 1}]",
     "demo.yaml:3:66", "「q」"},
    {"survey: [{type: text, name: a}]\nretention: {from: a}", "demo.yaml:3:12", "並び"},
    {"survey: [{type: date, name: a}]\nretention:\n- {from: a}", "demo.yaml:4:3", "parameter"},
    {"survey: [{type: date, name: a}]\nretention:\n- {parameter: retention.x}", "demo.yaml:4:3",
     "from"},
    {"survey: [{type: text, name: a}]\nretention:\n- {parameter: retention.x, from: a}",
     "demo.yaml:4:34", "「a」は、くり返しの外の日付"},
    {"survey: [{type: date, name: a}]\nretention:\n- {parameter: x, from: a, states: [gone]}",
     "demo.yaml:4:35", "状態「gone」"},
    {"survey: [{type: text, name: a}]\nworkflow: {extends: recor}", "demo.yaml:3:21",
     "「record」のことですか"},
    {"survey: [{type: text, name: a}]\n"
     "workflow: {actions: [{name: go, label: 行く, from: written, to: nowhere, roles: [clerk]}]}",
     "demo.yaml:3:22", "「nowhere」"},
    {"survey: [{type: text, name: a}]\n"
     "workflow: {actions: [{name: go, label: 行く, from: written, roles: [clerk], sets: {b: "
     "'1'}}]}",
     "demo.yaml:3:82", "「b」"},
    {"survey: [{type: text, name: a}]\n"
     "workflow: {actions: [{name: go, label: 行く, from: written, roles: [clerk], sets: [b]}]}",
     "demo.yaml:3:81", "sets"},
    {"survey: [{type: text, name: a}]\nworkflow: {actions: {name: go}}", "demo.yaml:3:21",
     "actions"},
    /* what YAML has and forms have not */
    {"survey: [&x {type: text, name: a}]", "demo.yaml:2:10", "アンカー"},
    {"survey: [!!str a]", "demo.yaml:2:10", "タグ"},
    {"survey: [*x]", "demo.yaml:2:10", "別名"},
    {"survey: [{type: text, name: a}]\n---\nsurvey: []", "demo.yaml:3:1", "一つの文書"},
    {"survey: [{type: text, name: a}", "demo.yaml:3:1", "YAML"},
    {"survey: [{type: text, name: \"\\0\"}]", "demo.yaml:2:29", "NUL"},
    {"survey: [{type: text, name: \xff}]", "demo.yaml:2", "UTF-8"},
    {"survey: [{type: text, name: a, label: [A]}]", "demo.yaml:2:39", "文字"},
    {"survey: [{? [a] : b}]", "demo.yaml:2:13", "項目の名"},
};
static void wrong_files_name_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
        struct form *form;
        struct error err = {0};
        if (!form_try(wrongs[i].rest, &form, &err))
            fail_msg("taken: %s", wrongs[i].rest);
        assert_null(form);
        if (strcmp(err.where, wrongs[i].where) != 0 || !strstr(err.detail, wrongs[i].says))
            fail_msg("%s\n  is %s\n  not %s %s", wrongs[i].rest, error_text(&err), wrongs[i].where,
                     wrongs[i].says);
    }
}

static void settings_are_checked(void **state)
{
    (void)state;
    static const struct wrong rows[] = {
        {"survey: [{type: text, name: a}]", "x:0", "settings"},
        {"settings: []\nsurvey: [{type: text, name: a}]", "x:1:11", "settings"},
        {"settings: {form_id: X, form_title: t, version: 1, type: record}\nsurvey: []", "x:1:21",
         "form_id"},
        {"settings: {form_id: x, form_title: t, version: 0, type: record}\nsurvey: []", "x:1:48",
         "version"},
        {"settings: {form_id: x, form_title: t, version: 1, type: recrd}\nsurvey: []", "x:1:57",
         "「record」のことですか"},
        {"settings: {form_id: x, version: 1, type: record}\nsurvey: []", "x:1:11", "form_title"},
        {"settings: {form_id: x, form_titel: t}\nsurvey: []", "x:1:24",
         "「form_title」のことですか"},
        {"- a", "x:1:1", ""},
        {"", "x:1:1", "中身"},
    };
    struct workflows *workflows = shipped_workflows();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct form *form;
        struct error err = {0};
        assert_int_equal(form_load(rows[i].rest, "x", workflows, NULL, NULL, &form, &err), E_PARSE);
        if ((i && strcmp(err.where, rows[i].where) != 0) || !strstr(err.detail, rows[i].says))
            fail_msg("%s\n  is %s", rows[i].rest, error_text(&err));
    }
    workflows_free(&workflows);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct form *form;
    struct buffer text = BUFFER_INIT;
    buffer_add_text(&text, "survey: ");
    for (int i = 0; i < 40; i++)
        buffer_add_text(&text, "[");
    assert_int_equal(form_try(buffer_text(&text), &form, &err), E_PARSE);
    assert_string_equal(err.where, "demo.yaml:2:41");
    buffer_clear(&text);
    while (text.len <= 1 << 20)
        buffer_add_text(&text, "# 0123456789\n");
    assert_int_equal(form_try(buffer_text(&text), &form, &err), E_LIMIT);
    buffer_free(&text);
}

static const char *const good =
    "survey:\n"
    "- include: head\n"
    "- type: group\n"
    "  name: rest\n"
    "  label: 残り\n"
    "  label::English (en): Rest\n"
    "  survey:\n"
    "  - {type: text, name: kana, reading_of: '${called}', search: kana, merge: together name}\n"
    "  - {type: select_one colour, name: colour, required: yes, choice_filter: \"warm = 'y'\"}\n"
    "  - {type: integer, name: n, appearance: amount, constraint: '. > 0', contact: yes, copyable: "
    "yes,\n"
    "     parameters: start=1 end=9, default: '${last-saved#n}'}\n"
    "- type: repeat\n"
    "  name: others\n"
    "  survey:\n"
    "  - {type: reference, name: who, to: person}\n"
    "choices:\n"
    "  colour:\n"
    "  - {name: red, label: 赤, 'label::English (en)': Red, warm: y}\n"
    "  - {name: blue, label: 青, warm: n, removed: yes}\n"
    "queries:\n"
    "  mine: SELECT n FROM this\n"
    "checks:\n"
    "- name: N-1\n"
    "  when: [live, decide]\n"
    "  severity: note\n"
    "  summary: yes\n"
    "  field: n\n"
    "  with: [mine, common_one]\n"
    "  sql: |\n"
    "    SELECT n FROM mine,\n"
    "      common_one\n"
    "  message: \"{n}回\"\n"
    "workflow:\n"
    "  states: [{name: parked, label: 棚上げ, open: yes}]\n"
    "  actions:\n"
    "  - {name: park, label: 棚上げ, from: written, to: parked, roles: [clerk], sets: {n: '${n} + "
    "1'}}\n"
    "  - {name: check, label: 見た, from: [written, parked], to: checked, roles: supervisor, asks: "
    "[n]}\n"
    "list: {columns: [called, n], sort: -n}\n";
static const char *const head = "# fragment\nsurvey:\n- {type: text, name: called, label: 名}\n"
                                "queries: {common_one: SELECT 1, mine: SELECT 2}\n"
                                "choices: {colour: [{name: x, label: X}]}\n";

static enum status fragment(void *context, const char *name, struct buffer *out, struct error *err)
{
    if (strcmp(name, "head") != 0)
        return error_set(err, E_NOT_FOUND, "%s", name);
    buffer_add_text(out, context);
    return OK;
}
static struct form *whole(const char *text, form_include include)
{
    struct workflows *workflows = shipped_workflows();
    struct form *form;
    struct error err = {0};
    if (form_load(text, "good.yaml", workflows, include, (void *)(uintptr_t)head, &form, &err))
        fail_msg("%s", error_text(&err));
    workflows_free(&workflows);
    return form;
}

static void good_file_is_as_written(void **state)
{
    (void)state;
    char *text = xasprintf("%s%s", SETTINGS, good);
    struct form *form = whole(text, fragment);
    const struct field *f = form_field(form, "kana");
    assert_string_equal(form->top[0]->name, "called");
    assert_string_equal(f->reading_of, "called");
    assert_string_equal(f->parent->name, "rest");
    assert_string_equal(label_text(&f->parent->label, "en"), "Rest");
    assert_string_equal(label_text(&f->parent->label, "ja_easy"), "残り");
    f = form_field(form, "n");
    assert_int_equal(f->appearance, APPEAR_AMOUNT);
    assert_true(f->copyable);
    assert_true(f->contact);
    assert_string_equal(field_parameter(f, "end"), "9");
    assert_null(field_parameter(f, "step"));
    f = form_field(form, "colour");
    assert_int_equal(f->choices->count, 2); /* the form's own list, not the fragment's */
    assert_true(choice_find(f->choices, "blue")->removed);
    assert_string_equal(choice_find(f->choices, "red")->extra.items[1], "y");
    f = form_path_field(form, "others/019ac000/who");
    assert_string_equal(f->repeat->name, "others");
    assert_true(form->fields[form->field_count - 1]->implicit);
    assert_int_equal(form_field(form, "state")->section, -1);
    const struct check *check = &form->checks[0];
    assert_int_equal(check->when, CHECK_LIVE | CHECK_DECIDE);
    assert_string_equal(check->sql, "WITH RECURSIVE mine AS (\nSELECT n FROM this), common_one AS "
                                    "(\nSELECT 1)\nSELECT n FROM mine,\n  common_one\n");
    form_free(&form);
    xfree(&text);
}

/* The form extends the type's workflow: new ones are added, the same name replaces. */
static void workflow_is_extended(void **state)
{
    (void)state;
    char *text = xasprintf("%s%s", SETTINGS, good);
    struct form *form = whole(text, fragment);
    const struct workflow *w = form->workflow;
    const struct workflow_action *check = workflow_action(w, "check");
    assert_true(workflow_state(w, "parked")->open);
    assert_false(workflow_state(w, "parked")->in_force);
    assert_true(workflow_allows(workflow_action(w, "finalise"), ""));
    assert_false(workflow_allows(workflow_action(w, "finalise"), "written"));
    assert_true(workflow_allows(check, "parked"));
    assert_false(workflow_allows(check, "returned")); /* the type's action would */
    assert_string_equal(label_text(&check->label, "ja"), "見た");
    assert_int_equal(check->roles.count, 1);
    assert_string_equal(workflow_action(w, "park")->sets[0].field, "n");
    assert_null(workflow_action(w, "decide"));
    form_free(&form);
    xfree(&text);
}

static void own_text_loads_to_the_same_form(void **state)
{
    (void)state;
    char *text = xasprintf("%s%s", SETTINGS, good);
    struct form *form = whole(text, fragment), *again = whole(form->text, NULL);
    assert_null(strstr(form->text, "include"));
    assert_string_equal(form->text, again->text);
    assert_int_equal(form->field_count, again->field_count);
    for (size_t i = 0; i < form->field_count; i++)
        assert_string_equal(form->fields[i]->name, again->fields[i]->name);
    assert_string_equal(form->checks[0].sql, again->checks[0].sql);
    assert_int_equal(form->workflow->action_count, again->workflow->action_count);
    form_free(&again);
    form_free(&form);
    xfree(&text);
}

static void mistakes_in_fragments_are_theirs(void **state)
{
    (void)state;
    static const struct wrong rows[] = {
        {"survey:\n- {type: texd, name: a}\n", "common/head.yaml:2:10", "text"},
        {"survey:\n- {type: text, name: a, relevant: '${b} = 1'}\n", "common/head.yaml:2:36", "b"},
        {"survey:\n- {type: text, name: a, search: kan}\n", "common/head.yaml:2:33", "kana"},
        {"survey:\n- {type: text, name: a, name: b}\n", "common/head.yaml:2:25", ""},
        {"rows: []\n", "common/head.yaml:1:1", "rows"},
        {"survey: [{include: head}]\n", "common/head.yaml:1:10", "使えません"},
        {"survey: [{include: other}]\n", "common/head.yaml:1:10", "other"},
    };
    struct workflows *workflows = shipped_workflows();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct form *form;
        struct error err = {0};
        assert_int_not_equal(form_load(SETTINGS "survey: [{include: head}]", "x", workflows,
                                       fragment, (void *)(uintptr_t)rows[i].rest, &form, &err),
                             OK);
        if (strcmp(err.where, rows[i].where) != 0 || !strstr(err.detail, rows[i].says))
            fail_msg("%s  is %s", rows[i].rest, error_text(&err));
    }
    workflows_free(&workflows);
}

/* A file cut anywhere is either refused or a form; nothing else happens. */
static void cut_files_do_no_harm(void **state)
{
    (void)state;
    char *text = xasprintf("%s%s", SETTINGS, good);
    struct workflows *workflows = shipped_workflows();
    size_t taken = 0;
    for (size_t len = strlen(text); len-- > 0;) {
        struct form *form;
        text[len] = '\0';
        if (form_load(text, "cut", workflows, fragment, (void *)(uintptr_t)head, &form, NULL) == OK)
            taken++;
        form_free(&form);
    }
    assert_true(taken > 0);
    workflows_free(&workflows);
    xfree(&text);
}

static void workflow_files_are_checked(void **state)
{
    (void)state;
    struct workflows *workflows;
    struct error err = {0};
    assert_int_equal(workflows_load("workflows: {application: {}}", "w", &workflows, &err),
                     E_PARSE);
    assert_non_null(strstr(err.detail, "notification"));
    assert_null(workflows);
    /* a mistake in a type is found when a form uses it, and is the workflow file's */
    assert_int_equal(
        workflows_load("workflows: {application: {}, notification: {}, consultation: {},\n"
                       " record: {states: [{name: a, lable: A}]}}",
                       "w", &workflows, &err),
        OK);
    struct form *form;
    assert_int_equal(form_load(SETTINGS "survey: [{type: text, name: a}]", "x", workflows, NULL,
                               NULL, &form, &err),
                     E_PARSE);
    assert_string_equal(err.where, "w:2:30");
    workflows_free(&workflows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_name_their_place),
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(good_file_is_as_written),
        cmocka_unit_test(workflow_is_extended),
        cmocka_unit_test(own_text_loads_to_the_same_form),
        cmocka_unit_test(mistakes_in_fragments_are_theirs),
        cmocka_unit_test(cut_files_do_no_harm),
        cmocka_unit_test(workflow_files_are_checked),
    };
    return cmocka_run_group_tests_name("loader", tests, NULL, NULL);
}
