#include "form_fixture.h"

#include <glob.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/strings.h"

static void only_what_is_relevant_counts(void **state)
{
    (void)state;
    struct form *form = form_of("survey:\n"
                                "  - {type: date, name: birth_date, required: yes, "
                                "constraint: '. <= today()', constraint_message: 未来の日付です}\n"
                                "  - type: group\n"
                                "    name: guardian\n"
                                "    relevant: \"age-at(${birth_date}, today()) < "
                                "param('minor.age')\"\n"
                                "    survey:\n"
                                "      - {type: text, name: who, label: 保護者, required: yes}\n"
                                "  - {type: calculate, name: seen, calculation: \"${who}\"}\n");
    struct instance *instance = instance_new(form, &host);
    struct values values = {0};
    bool missing;
    instance_start(instance);
    assert_non_null(instance_problem(instance, "birth_date", &missing));
    assert_true(missing);
    assert_false(instance_relevant(instance, "who"));
    assert_null(instance_problem(instance, "who", NULL));

    set(instance, "birth_date", "2026-11-25");
    assert_string_equal(instance_problem(instance, "birth_date", &missing), "未来の日付です");
    assert_false(missing);
    set(instance, "birth_date", "2010-01-01");
    assert_null(instance_problem(instance, "birth_date", NULL));
    assert_true(instance_relevant(instance, "guardian"));
    assert_true(instance_relevant(instance, "who"));
    assert_string_equal(instance_problem(instance, "who", &missing), "保護者を入力してください");
    assert_true(missing);
    set(instance, "who", "山田花子");
    expect(instance, "seen", "山田花子");

    set(instance, "birth_date", "1990-01-01");
    assert_false(instance_relevant(instance, "who"));
    expect(instance, "who", "山田花子"); /* kept while editing */
    expect(instance, "seen", "");        /* but absent for expressions */
    instance_values(instance, &values);
    assert_null(values_get(&values, "who"));
    assert_string_equal(values_get(&values, "birth_date"), "1990-01-01");
    values_free(&values);
    instance_all_values(instance, &values);
    assert_string_equal(values_get(&values, "who"), "山田花子");
    values_free(&values);
    instance_free(&instance);
    form_free(&form);
}

static void calculations_follow_one_another(void **state)
{
    (void)state;
    struct form *form =
        form_of("survey:\n"
                "  - {type: calculate, name: total, calculation: '${sub} + ${fee}'}\n"
                "  - {type: calculate, name: sub, calculation: '${a} * ${b}'}\n"
                "  - {type: integer, name: fee, calculation: \"if(${a} > 10, 0, 300)\"}\n"
                "  - {type: integer, name: a}\n"
                "  - {type: integer, name: b, default: '2'}\n"
                "  - {type: text, name: copy, calculation: 'concat(${a}, ${b})', trigger: '${a}'}\n"
                "  - {type: calculate, name: id, calculation: 'once(${a})'}\n");
    struct instance *instance = instance_new(form, &host);
    struct error err;
    instance_start(instance);
    expect(instance, "b", "2");
    expect(instance, "total", ""); /* a number that is none is blank */
    set(instance, "a", "5");
    expect(instance, "total", "310");
    expect(instance, "copy", "52");
    set(instance, "b", "3");
    expect(instance, "total", "315");
    expect(instance, "copy", "52"); /* only a moves it */
    set(instance, "copy", "own");   /* and it may be written over */
    set(instance, "a", "11");
    expect(instance, "total", "33");
    expect(instance, "copy", "113");
    expect(instance, "id", "5");
    assert_int_equal(instance_set(instance, "total", "1", &err), E_DENIED);
    assert_string_equal(err.field, "total");
    assert_int_equal(instance_set(instance, "receipt_no", "1", NULL), E_DENIED);
    assert_int_equal(instance_put(instance, "receipt_no", "1", NULL), OK);
    assert_int_equal(instance_set(instance, "nosuch", "1", &err), E_NOT_FOUND);
    instance_free(&instance);
    form_free(&form);
}

static void cycles_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *survey;
        const char *says;
    } cycles[] = {
        {"survey:\n"
         "  - {type: calculate, name: a, calculation: '${b}'}\n"
         "  - {type: calculate, name: b, calculation: '${a} + 1'}\n",
         "a → b"},
        {"survey:\n"
         "  - {type: text, name: a, relevant: \"${a} != ''\"}\n",
         "a → a"},
        {"survey:\n"
         "  - type: group\n"
         "    name: g\n"
         "    relevant: \"${x} = 'y'\"\n"
         "    survey: [{type: text, name: x}]\n",
         "g"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cycles); i++) {
        struct form *form;
        struct error err = {0};
        assert_int_equal(form_try(cycles[i].survey, &form, &err), E_PARSE);
        if (!strstr(err.detail, "めぐって") || !strstr(err.detail, cycles[i].says))
            fail_msg("%zu: %s", i, error_text(&err));
        assert_non_null(strstr(err.where, "demo.yaml:"));
    }
}

static const char nested[] =
    "survey:\n"
    "  - {type: integer, name: rate, default: '10'}\n"
    "  - type: repeat\n"
    "    name: house\n"
    "    survey:\n"
    "      - {type: text, name: address}\n"
    "      - {type: calculate, name: no, calculation: 'position(..)'}\n"
    "      - {type: calculate, name: people, calculation: 'count(${member})'}\n"
    "      - {type: calculate, name: all, calculation: 'sum(${age})'}\n"
    "      - type: repeat\n"
    "        name: member\n"
    "        survey:\n"
    "          - {type: text, name: given}\n"
    "          - {type: integer, name: age, relevant: \"${given} != ''\"}\n"
    "          - {type: calculate, name: where, calculation: "
    "\"concat(position(../..), '-', position(..), ' ', ${address}, ' ', ${given})\"}\n"
    "          - {type: calculate, name: first, calculation: "
    "\"indexed-repeat(${given}, ${member}, 1)\"}\n"
    "          - {type: calculate, name: paid, calculation: '${age} * ${rate}'}\n"
    "  - {type: calculate, name: houses, calculation: 'count(${house})'}\n"
    "  - {type: calculate, name: oldest, calculation: 'max(${age})'}\n"
    "  - {type: calculate, name: names, calculation: \"join(',', ${given})\"}\n"
    "  - {type: calculate, name: third, calculation: "
    "\"indexed-repeat(${given}, ${house}, 2, ${member}, 1)\"}\n"
    "  - {type: calculate, name: any, calculation: \"if(${given} = '次郎', 'yes', 'no')\"}\n";

static char *add(struct instance *instance, const char *list)
{
    char uuid[37];
    assert_int_equal(instance_add_row(instance, list, uuid, NULL), OK);
    return xasprintf("%s/%s", list, uuid);
}
static void set_in(struct instance *instance, const char *row, const char *name, const char *value)
{
    char *path = xasprintf("%s/%s", row, name);
    set(instance, path, value);
    xfree(&path);
}
static void expect_in(struct instance *instance, const char *row, const char *name,
                      const char *value)
{
    char *path = xasprintf("%s/%s", row, name);
    expect(instance, path, value);
    xfree(&path);
}

static void rows_see_what_is_nearest(void **state)
{
    (void)state;
    struct form *form = form_of(nested);
    struct instance *instance = instance_new(form, &host);
    instance_start(instance);
    expect(instance, "houses", "0");
    expect(instance, "oldest", "");
    char *h1 = add(instance, "house"), *h2 = add(instance, "house");
    char *list1 = xasprintf("%s/member", h1), *list2 = xasprintf("%s/member", h2);
    char *p1 = add(instance, list1), *p2 = add(instance, list1), *p3 = add(instance, list2);
    set_in(instance, h1, "address", "北");
    set_in(instance, h2, "address", "南");
    set_in(instance, p1, "given", "太郎");
    set_in(instance, p2, "given", "次郎");
    set_in(instance, p3, "given", "花子");
    set_in(instance, p1, "age", "40");
    set_in(instance, p3, "age", "70");
    expect_in(instance, p2, "where", "1-2 北 次郎");
    expect_in(instance, p3, "where", "2-1 南 花子");
    expect_in(instance, p2, "first", "太郎");
    expect_in(instance, p3, "first", "花子");
    expect_in(instance, p3, "paid", "700");
    expect_in(instance, h1, "people", "2");
    expect_in(instance, h1, "all", "40");
    expect_in(instance, h2, "all", "70");
    expect(instance, "houses", "2");
    expect(instance, "oldest", "70");
    expect(instance, "names", "太郎,次郎,花子");
    expect(instance, "third", "花子");
    expect(instance, "any", "yes");

    set(instance, "rate", "1");
    expect_in(instance, p1, "paid", "40");
    set_in(instance, p3, "given", ""); /* the age is out of the question now */
    expect(instance, "oldest", "40");

    assert_int_equal(instance_delete_row(instance, p1, NULL), OK);
    expect_in(instance, p2, "where", "1-1 北 次郎");
    expect_in(instance, p2, "first", "次郎");
    expect(instance, "oldest", "");
    char uuid[37];
    assert_int_equal(instance_copy_row(instance, h1, uuid, NULL), OK);
    expect(instance, "houses", "3");
    char *copy = xasprintf("house/%s", uuid);
    expect_in(instance, copy, "address", "北");
    expect_in(instance, copy, "people", "1");
    expect_in(instance, copy, "no", "3");

    /* stored and loaded again it is the same */
    struct values stored = {0};
    instance_values(instance, &stored);
    struct instance *again = instance_new(form, &host);
    for (size_t i = stored.count; i-- > 0;) /* in any order */
        assert_int_equal(instance_load(again, stored.items[i].path, stored.items[i].value, NULL),
                         OK);
    char *alive = xasprintf("%s/.alive", copy);
    assert_string_equal(values_get(&stored, alive), "true");
    assert_int_equal(instance_load(again, alive, "false", NULL), OK);
    assert_int_equal(instance_load(again, "gone", "x", NULL), E_NOT_FOUND);
    instance_settle(again, true);
    expect(again, "houses", "2");
    expect_in(again, p2, "where", "1-1 北 次郎");
    values_free(&stored);
    xfree(&alive);
    char **const paths[] = {&h1, &h2, &list1, &list2, &p1, &p2, &p3, &copy};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        xfree(paths[i]);
    instance_free(&again);
    instance_free(&instance);
    form_free(&form);
}

static void items_list_what_stands(void **state)
{
    (void)state;
    struct form *form = form_of("survey:\n"
                                "  - {type: text, name: a}\n"
                                "  - type: group\n"
                                "    name: g\n"
                                "    relevant: \"${a} = 'x'\"\n"
                                "    survey:\n"
                                "      - {type: text, name: b}\n"
                                "      - type: repeat\n"
                                "        name: r\n"
                                "        survey: [{type: text, name: c}]\n");
    struct instance *instance = instance_new(form, &host);
    const struct item *items;
    instance_start(instance);
    assert_int_equal(instance_items(instance, &items), 4); /* a, g, b, r */
    assert_true(items[0].relevant);
    assert_false(items[2].relevant);
    set(instance, "a", "x");
    char *row = add(instance, "r");
    assert_int_equal(instance_items(instance, &items), 6);
    assert_true(items[2].relevant);
    assert_int_equal(items[2].depth, 1);
    assert_string_equal(items[3].path, "r");
    assert_false(items[3].row_head);
    assert_true(items[4].row_head);
    assert_string_equal(items[4].path, row);
    assert_string_equal(items[5].field->name, "c");
    assert_int_equal(items[5].depth, 3);
    assert_string_equal(items[5].row, items[4].row);
    assert_int_equal(instance_row_count(instance, "r"), 1);
    assert_string_equal(instance_row(instance, "r", 0), items[4].row);
    xfree(&row);
    instance_free(&instance);
    form_free(&form);
}

static void repeat_count_makes_rows(void **state)
{
    (void)state;
    struct form *form =
        form_of("survey:\n"
                "  - {type: integer, name: n}\n"
                "  - type: repeat\n"
                "    name: r\n"
                "    label: 子\n"
                "    repeat_count: '${n}'\n"
                "    survey:\n"
                "      - {type: text, name: c, default: \"'x'\"}\n"
                "  - {type: calculate, name: all, calculation: \"join('', ${c})\"}\n");
    struct instance *instance = instance_new(form, &host);
    char uuid[37];
    instance_start(instance);
    assert_int_equal(instance_add_row(instance, "r", uuid, NULL), E_LIMIT);
    set(instance, "n", "3");
    assert_int_equal(instance_row_count(instance, "r"), 3);
    expect(instance, "all", "xxx");
    set(instance, "n", "1"); /* what is there may be wanted: nothing goes by itself */
    assert_int_equal(instance_row_count(instance, "r"), 3);
    set(instance, "n", "100000000");
    assert_true(instance_row_count(instance, "r") < 1000);
    instance_free(&instance);
    form_free(&form);
}

static void choices_cascade(void **state)
{
    (void)state;
    struct form *form = form_of(
        "survey:\n"
        "  - {type: select_one prefectures, name: pref, label: 県}\n"
        "  - {type: select_one towns, name: town, label: 町, choice_filter: 'pref = ${pref}'}\n"
        "choices:\n"
        "  prefectures: [{name: nagano, label: 長野}, {name: gunma, label: 群馬}]\n"
        "  towns:\n"
        "    - {name: okugiri, label: 奥霧町, pref: nagano}\n"
        "    - {name: minami, label: 南町, pref: nagano}\n"
        "    - {name: kita, label: 北町, pref: gunma}\n");
    struct instance *instance = instance_new(form, &host);
    const struct choice *const *choices;
    instance_start(instance);
    assert_int_equal(instance_choices(instance, "town", &choices), 0);
    free((void *)choices);
    set(instance, "pref", "nagano");
    assert_int_equal(instance_choices(instance, "town", &choices), 2);
    assert_string_equal(choices[1]->name, "minami");
    free((void *)choices);
    set(instance, "town", "minami");
    assert_null(instance_problem(instance, "town", NULL));
    set(instance, "pref", "gunma");
    assert_non_null(instance_problem(instance, "town", NULL));
    instance_free(&instance);
    form_free(&form);
}

static void starts_with_what_is_known(void **state)
{
    (void)state;
    struct form *form =
        form_of("survey:\n"
                "  - {type: text, name: before, default: '${last-saved#before}'}\n"
                "  - {type: text, name: who, label: 氏名}\n"
                "  - {type: username, name: login}\n"
                "  - {type: start, name: begun}\n"
                "  - {type: today, name: day}\n"
                "  - {type: select_one yn, name: ok, label: '${who}さんは同意しますか', "
                "read_only: \"${who} = ''\"}\n"
                "  - {type: calculate, name: age, calculation: \"param('minor.age')\"}\n"
                "choices: {yn: [{name: y, label: はい}, {name: n, label: いいえ}]}\n");
    struct instance *instance = instance_new(form, &host);
    instance_start(instance);
    expect(instance, "before", "demo の before");
    expect(instance, "login", "yamada");
    expect(instance, "begun", "2026-11-24T09:12:00.000+09:00");
    expect(instance, "day", "2026-11-24");
    assert_int_equal(instance_set(instance, "ok", "y", NULL), E_DENIED);
    set(instance, "who", "佐藤");
    set(instance, "ok", "y");
    char *label = instance_label(instance, &form_field(form, "ok")->label, "ok");
    assert_string_equal(label, "佐藤さんは同意しますか");
    xfree(&label);
    char *title = instance_title(instance);
    assert_string_equal(title, "試し");
    xfree(&title);
    /* the law of the day of receipt */
    expect(instance, "age", "18");
    instance_put(instance, "received_on", "2022-03-31", NULL);
    expect(instance, "age", "20");
    instance_free(&instance);

    /* a finalised record keeps what was calculated then */
    instance = instance_new(form, &host);
    instance_load(instance, "age", "20", NULL);
    instance_settle(instance, false);
    expect(instance, "age", "20");
    instance_refresh(instance);
    expect(instance, "age", "20");
    instance_free(&instance);
    form_free(&form);
}

/* The forms that come with the program: they load, start, and show what they ask. */
static void shipped_forms_start(void **state)
{
    (void)state;
    char *pattern = xasprintf("%s/forms/*/*.yaml", getenv("SATOMADO_SRCDIR"));
    struct workflows *workflows = shipped_workflows();
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct buffer text = BUFFER_INIT;
        struct error err = {0};
        struct form *form;
        const struct item *items;
        if (strstr(found.gl_pathv[i], "/common/") || strstr(found.gl_pathv[i], "/towns/"))
            continue; /* fragments and parameters */
        assert_int_equal(file_read(found.gl_pathv[i], 1 << 20, &text, &err), OK);
        if (form_load(buffer_text(&text), found.gl_pathv[i], workflows, from_common, NULL, &form,
                      &err))
            fail_msg("%s", error_text(&err));
        struct instance *instance = instance_new(form, &host);
        instance_start(instance);
        size_t count = instance_items(instance, &items);
        assert_true(count > 0);
        for (size_t k = 0; k < count; k++)
            instance_problem(instance, items[k].path, NULL);
        instance_free(&instance);
        form_free(&form);
        buffer_free(&text);
    }
    globfree(&found);
    workflows_free(&workflows);
    xfree(&pattern);
}

/* 550 questions, 420 conditions. */
static void big_form_answers(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    buffer_add_text(&text, "survey:\n  - {type: integer, name: q0}\n");
    for (int i = 1; i < 550; i++) {
        buffer_printf(&text, "  - {type: integer, name: q%d", i);
        if (i <= 300)
            buffer_printf(&text, ", relevant: '${q%d} > %d or ${q0} > 5'", i - 1, i % 7);
        else if (i <= 360)
            buffer_printf(&text, ", calculation: '${q%d} + ${q%d} + 1'", i - 1, i - 300);
        else if (i <= 480)
            buffer_printf(&text, ", constraint: '. > ${q%d}', required: '${q0} > 1'", i - 1);
        buffer_add_text(&text, "}\n");
    }
    struct form *form = form_of(buffer_text(&text));
    int64_t begun = clock_mono();
    struct instance *instance = instance_new(form, &host);
    instance_start(instance);
    int64_t opened = clock_mono();
    enum { TIMES = 1000 };
    char value[12];
    for (int i = 0; i < TIMES; i++) {
        snprintf(value, sizeof value, "%d", i % 9 + 1);
        set(instance, "q0", value);
        set(instance, "q17", value);
    }
    int64_t done = clock_mono();
    print_message("# opened in %lld ms, an answer takes %.3f ms\n", (long long)(opened - begun),
                  (double)(done - opened) / (2 * TIMES));
    set(instance, "q0", "6");
    assert_true(instance_relevant(instance, "q300"));
    set(instance, "q0", "1");
    assert_false(instance_relevant(instance, "q300"));
    assert_false(instance_required(instance, "q361"));
    set(instance, "q0", "2");
    assert_true(instance_required(instance, "q361"));
    buffer_free(&text);
    instance_free(&instance);
    form_free(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_relevant_counts),
        cmocka_unit_test(calculations_follow_one_another),
        cmocka_unit_test(cycles_are_refused),
        cmocka_unit_test(rows_see_what_is_nearest),
        cmocka_unit_test(items_list_what_stands),
        cmocka_unit_test(repeat_count_makes_rows),
        cmocka_unit_test(choices_cascade),
        cmocka_unit_test(starts_with_what_is_known),
        cmocka_unit_test(shipped_forms_start),
        cmocka_unit_test(big_form_answers),
    };
    return cmocka_run_group_tests_name("instance", tests, NULL, NULL);
}
