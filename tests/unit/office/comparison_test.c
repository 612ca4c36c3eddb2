/* A record beside the one before it: which that is, what has changed, what is taken over. */
#include "rules_fixture.h"

#include "office/comparison.h"
#include "office/comparison_sheet.h"
#include "text/width.h"

static void changes_are_counted_and_what_is_missing_is_never_nought(void **state)
{
    struct choice_list list = {0};
    const struct field count = {.type = FIELD_INTEGER},
                       rate = {.type = FIELD_CALCULATE, .appearance = APPEAR_PERCENT},
                       choice = {.type = FIELD_SELECT_ONE, .choices = &list},
                       text = {.type = FIELD_TEXT};
    const struct {
        const struct field *field;
        const char *before, *now, *change;
    } rows[] = {
        {&count, "51", "42", "-9 (-17.6%)"},
        {&count, "24", "21", "-3 (-12.5%)"},
        {&count, "5", "8", "+3 (+60.0%)"},
        {&count, "6", "6", "増減なし"},
        {&count, "0", "0", "増減なし"},
        {&count, "0", "3", "+3"},
        {&count, "3", "0", "-3 (-100.0%)"},
        {&count, "", "0", "比較不能"},
        {&count, "0", "", "比較不能"},
        {&count, "", "", ""},
        {&count, "1.25", "1.5", "+0.25 (+20.0%)"},
        {&rate, "56.9", "64.3", "+7.4pt"},
        {&rate, "64.3", "64.3", "増減なし"},
        {&rate, "", "64.3", "比較不能"},
        {&choice, "unknown", "unknown", "同じ"},
        {&choice, "yes", "unknown", "変更"},
        {&choice, "1", "2", "変更"},
        {&choice, "", "unknown", "比較不能"},
        {&text, "公民館", "公民館", "同じ"},
        {&text, "公民館", "学校", "変更"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *change = comparison_change(rows[i].field, rows[i].before, rows[i].now);
        assert_string_equal(change, rows[i].change);
        xfree(&change);
    }
}

/* --- Inspections --- */

static void settlement(const struct town *t, const char *name, char id[37])
{
    char *called = xasprintf("settlement_name=%s", name);
    const char *const values[] = {called, "did=no", "census_year=2020", NULL};
    filed(t, "settlement", NULL, values, id);
    xfree(&called);
}

static struct entry *inspection(const struct town *t, const char *of, const char *day,
                                const char *const *more)
{
    char where[80], *based = xasprintf("based_on=%s", day),
                    *on_day = xasprintf("inspected_on=%s", day);
    const char *const values[] = {field_of(where, "settlement", of),
                                  based,
                                  on_day,
                                  "basis=juki",
                                  "inspector=樋口",
                                  "cooperating=3",
                                  "staff=課長",
                                  NULL};
    struct entry *entry = begun(t, "inspection", values, more);
    xfree(&based);
    xfree(&on_day);
    return entry;
}

static void inspected(const struct town *t, const char *of, const char *day,
                      const char *const *more, char id[37])
{
    struct entry *entry = inspection(t, of, day, more);
    struct receipt receipt;
    explain_all(entry);
    finalise(entry, id, &receipt);
    entry_free(&entry);
}

static void beside(struct entry *entry, const char *path, const char *text)
{
    char *found = entry_beside(entry, path);
    if (text)
        assert_string_equal(found ? found : "(nothing)", text);
    else
        assert_null(found);
    xfree(&found);
}

static void the_previous_one_is_the_newest_before_its_day(void **state)
{
    const struct town *t = *state;
    char one[37], other[37], id[37];
    const char *const first[] = {"population=60", NULL}, *const last[] = {"population=51", NULL},
                      *const strange[] = {"population=7", NULL},
                      *const now[] = {"population=42", NULL}, *const nothing[] = {NULL};
    settlement(t, "奥日影", one);
    settlement(t, "日影", other);
    inspected(t, one, "R6.10.15", last, id);
    inspected(t, one, "R4.10.15", first, id); /* typed later, but older */
    inspected(t, other, "R7.10.15", strange, id);

    struct entry *entry = inspection(t, one, "R8.10.15", now);
    beside(entry, "population", "前回 51  -9 (-17.6%)");
    beside(entry, "households", NULL);
    beside(entry, "settlement", NULL);
    assert_string_equal(instance_get(entry_instance(entry), "population_change"), "-9");
    /* On the day of the last one itself, and before it. */
    must(entry_type(entry, "based_on", "R6.10.16", NULL), NULL);
    beside(entry, "population", "前回 51  -9 (-17.6%)");
    must(entry_type(entry, "based_on", "R6.10.15", NULL), NULL);
    beside(entry, "population", "前回 60  -18 (-30.0%)");
    assert_string_equal(instance_get(entry_instance(entry), "population_change"), "-18");
    must(entry_type(entry, "based_on", "R4.10.15", NULL), NULL);
    beside(entry, "population", NULL);
    assert_string_equal(instance_get(entry_instance(entry), "population_change"), "");
    entry_free(&entry);

    /* A value that is not there is no 0. */
    entry = inspection(t, one, "R8.10.15", nothing);
    beside(entry, "population", "前回 51  比較不能");
    assert_string_equal(instance_get(entry_instance(entry), "population_change"), "");
    entry_free(&entry);
}

static void a_record_is_not_its_own_previous_one(void **state)
{
    const struct town *t = *state;
    char where[37], id[37];
    const char *const values[] = {"population=30", NULL};
    struct error err = {0};
    struct entry *entry;
    settlement(t, "中日影", where);
    inspected(t, where, "R6.10.15", values, id);
    must(entry_open(t->clerk, id, &entry, &err), &err);
    must(entry_type(entry, "based_on", "R7.10.15", &err), &err);
    beside(entry, "population", NULL);
    assert_string_equal(instance_get(entry_instance(entry), "population_change"), "");
    entry_free(&entry);
}

static void values_are_taken_over_only_where_nothing_stands(void **state)
{
    const struct town *t = *state;
    char where[37], id[37];
    const char *const last[] = {"vacant=5", "vacant_good=2", "vacant_danger=3", "water=own", NULL},
                      *const now[] = {"vacant=8", NULL};
    struct error err = {0};
    size_t count;
    settlement(t, "下日影", where);
    struct entry *entry = inspection(t, where, "R6.10.15", NULL);
    assert_int_equal(entry_same(entry, "vacant", &err), E_NOT_FOUND);
    entry_free(&entry);
    inspected(t, where, "R6.10.15", last, id);
    entry = inspection(t, where, "R8.10.15", now);
    const struct field *vacant = form_field(entry_form(entry), "vacant");
    must(entry_same_section(entry, vacant->section, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_string_equal(instance_get(entry_instance(entry), "vacant"), "8");
    assert_string_equal(instance_get(entry_instance(entry), "vacant_danger"), "3");
    assert_string_equal(instance_get(entry_instance(entry), "water"), "");
    must(entry_same(entry, "vacant", &err), &err);
    must(entry_same(entry, "water", &err), &err);
    assert_string_equal(instance_get(entry_instance(entry), "vacant"), "5");
    beside(entry, "water", "前回 各戸の井戸・沢水  同じ");
    /* What had no value, what names the record, what nobody types. */
    assert_int_equal(entry_same(entry, "vacant_repair", &err), E_NOT_FOUND);
    assert_int_equal(entry_same(entry, "settlement", &err), E_NOT_FOUND);
    assert_int_equal(entry_same(entry, "population_change", &err), E_NOT_FOUND);
    entry_free(&entry);
}

/* --- On paper --- */

static void on_the_sheet(const char *text, const char *line)
{
    if (!strstr(text, line))
        fail_msg("%s is not in\n%s", line, text);
}

/* S10 on paper: last time, this time, the difference; a pyramid of both under it. */
static void a_sheet_has_both_and_the_difference(void **state)
{
    const struct town *t = *state;
    char where[37], first[37], second[37], path[256], *text;
    const char *const before[] = {"households=24",
                                  "population=51",
                                  "age_15_64=22",
                                  "age_65=29",
                                  "vacant=5",
                                  "joint_work=6",
                                  NULL},
                      *const now[] = {"households=21", "population=42", "age_15_64=15", "age_65=27",
                                      "age_75=17",     "vacant=8",      "joint_work=4", NULL};
    struct error err = {0};
    struct strings lines = STRINGS_INIT;
    settlement(t, "滝ノ上", where);
    inspected(t, where, "R8.10.15", now, second);
    inspected(t, where, "R6.10.15", before, first); /* typed later */
    must(comparison_sheet(t->clerk, second, path, &text, &err), &err);
    assert_true(file_exists(path));
    on_the_sheet(text, "集落点検 前回比較表\n");
    on_the_sheet(text,
                 "今回                 令和8年10月15日\n前回                 令和6年10月15日\n");
    static const char *const rows[][4] = {
        {"世帯数", "24", "21", "-3 (-12.5%)"},
        {"人口", "51", "42", "-9 (-17.6%)"},
        {"高齢化率（%）", "56.9", "64.3", "+7.4pt"},
        {"75歳以上（65歳以上の内数）", "", "17", "比較不能"},
        {"空き家の件数", "5", "8", "+3 (+60.0%)"},
        {"共同作業の回数（年）", "6", "4", "-2 (-33.3%)"},
    };
    strings_split(&lines, text, '\n');
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct buffer wanted = BUFFER_INIT, got = BUFFER_INIT;
        for (size_t c = 0; c < 4; c++)
            buffer_printf(&wanted, "%s", rows[r][c]);
        for (size_t i = 0; i < lines.count && !got.len; i++)
            if (str_starts(lines.items[i], rows[r][0]) && lines.items[i][strlen(rows[r][0])] == ' ')
                for (const char *c = lines.items[i]; *c; c++)
                    if (*c != ' ')
                        buffer_add_char(&got, *c);
        struct buffer close = BUFFER_INIT;
        for (const char *c = buffer_text(&wanted); *c; c++)
            if (*c != ' ')
                buffer_add_char(&close, *c);
        assert_string_equal(buffer_text(&got), buffer_text(&close));
        buffer_free(&wanted);
        buffer_free(&close);
        buffer_free(&got);
    }
    for (size_t i = 0; i < lines.count; i++)
        assert_true(text_width(lines.items[i]) <= 80);
    on_the_sheet(text, "集落の人口ピラミッド\n");
    on_the_sheet(text, "| 15～64歳 |");
    strings_free(&lines);
    xfree(&text);

    /* The first has none before it, and its pyramid is its own. */
    must(comparison_sheet(t->clerk, first, path, &text, &err), &err);
    on_the_sheet(text, "前回                 なし\n");
    on_the_sheet(text, "比較不能");
    on_the_sheet(text, " 22\n");
    assert_null(strstr(text, " 15\n"));
    xfree(&text);
    assert_int_equal(comparison_sheet(t->clerk, where, path, &text, &err), E_RULE);
    assert_null(text);
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_counted_and_what_is_missing_is_never_nought),
        cmocka_unit_test(the_previous_one_is_the_newest_before_its_day),
        cmocka_unit_test(a_record_is_not_its_own_previous_one),
        cmocka_unit_test(values_are_taken_over_only_where_nothing_stands),
        cmocka_unit_test(a_sheet_has_both_and_the_difference),
    };
    return cmocka_run_group_tests_name("comparison", tests, build_town, tear_town);
}
