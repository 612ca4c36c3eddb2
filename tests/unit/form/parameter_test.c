/* A town's settings: values by day, bounds, changes. */
#include "form_fixture.h"

#include "form/parameter.h"

static const char *const town =
    "town: {name: 奥霧町, code: '994014'}\n"
    "parameters:\n"
    "  limit:\n"
    "    label: 上限\n"
    "    label::English (en): Limit\n"
    "    type: integer\n"
    "    min: 1\n"
    "    max: 9\n"
    "    at: decision\n"
    "    article: 要綱第4条\n"
    "    values: [{from: 2026-04-01, is: 3}, {from: 2027-04-01, is: 5}]\n"
    "  mode:\n"
    "    label: 方式\n"
    "    type: choice\n"
    "    choices: [one, two]\n"
    "    values: [{from: 2026-04-01, is: one}]\n";

static struct town_profile *profile_of(const char *text)
{
    struct town_profile *profile;
    struct error err = {0};
    if (town_profile_load(text, "town.yaml", &profile, &err))
        fail_msg("%s", error_text(&err));
    return profile;
}

static void value_of_a_day(void **state)
{
    (void)state;
    struct town_profile *p = profile_of(town);
    assert_null(town_profile_value(p, "limit", (struct date){2026, 3, 31}));
    assert_string_equal(town_profile_value(p, "limit", (struct date){2026, 4, 1}), "3");
    assert_string_equal(town_profile_value(p, "limit", (struct date){2027, 3, 31}), "3");
    assert_string_equal(town_profile_value(p, "limit", (struct date){2027, 4, 1}), "5");
    assert_null(town_profile_value(p, "none", (struct date){2027, 4, 1}));
    assert_int_equal(town_profile_parameter(p, "limit")->at, AT_DECISION);
    assert_int_equal(town_profile_parameter(p, "mode")->at, AT_FILING);
    assert_string_equal(label_text(&town_profile_parameter(p, "limit")->label, "en"), "Limit");
    assert_string_equal(town_profile_fact(p, "code"), "994014");
    assert_null(town_profile_fact(p, "mayor"));
    town_profile_free(&p);
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *says;
    } rows[] = {
        {"parameters: {}", "t:1:1", "town"},
        {"town: {name: a}\nparamters: {}", "t:2:1", "「parameters」のことですか"},
        {"town: {name: a}\nparameters: [a]", "t:2:13", "parameters"},
        {"town: {name: a}\nparameters: {k: {type: int, values: [{from: 2026-04-01, is: 1}]}}",
         "t:2:24", "型"},
        {"town: {name: a}\nparameters: {k: {type: integer, label: K}}", "t:2:17", "values"},
        {"town: {name: a}\n"
         "parameters: {k: {type: integer, unit: 日, values: [{from: 2026-04-01, is: 1}]}}",
         "t:2:33", "unit"},
        {"town: {name: a}\nparameters: {k: {type: integer, at: now, values: [{from: 2026-04-01, "
         "is: 1}]}}",
         "t:2:37", "filing"},
        {"town: {name: a}\nparameters: {k: {type: integer, values: [{from: 2026-4-1, is: 1}]}}",
         "t:2:42", "施行日"},
        {"town: {name: a}\nparameters: {k: {type: integer, values: [{from: 2026-04-01, is: x}]}}",
         "t:2:42", "数"},
        {"town: {name: a}\nparameters: {k: {type: integer, max: 3, values: [{from: 2026-04-01, "
         "is: 4}]}}",
         "t:2:50", "3"},
        {"town: {name: a}\nparameters: {k: {type: boolean, values: [{from: 2026-04-01, is: yes}]}}",
         "t:2:42", "true"},
        {"town: {name: a}\nparameters: {k: {type: date, values: [{from: 2026-04-01, is: 4-1}]}}",
         "t:2:39", "日付"},
        {"town: {name: a}\n"
         "parameters: {k: {type: choice, choices: [a], values: [{from: 2026-04-01, is: b}]}}",
         "t:2:55", "選べません"},
        {"town: {name: a}\nparameters: {k: {type: integer, values: [{from: 2026-04-01, is: 1}, "
         "{from: 2026-04-01, is: 2}]}}",
         "t:2:69", "早い順"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct town_profile *p;
        struct error err = {0};
        assert_int_equal(town_profile_load(rows[i].text, "t", &p, &err), E_PARSE);
        assert_null(p);
        if (strcmp(err.where, rows[i].where) != 0 || !strstr(err.detail, rows[i].says))
            fail_msg("%s\n  is %s", rows[i].text, error_text(&err));
    }
}

static void set_adds_a_value(void **state)
{
    (void)state;
    static const struct {
        struct date from, on;
        const char *value, *is;
    } rows[] = {
        {{2026, 10, 1}, {2026, 9, 30}, "4", "3"}, {{2026, 10, 1}, {2027, 3, 31}, "4", "4"},
        {{2026, 10, 1}, {2027, 4, 1}, "4", "5"},  {{2028, 4, 1}, {2028, 4, 1}, "9", "9"},
        {{2025, 4, 1}, {2026, 3, 31}, "1", "1"},  {{2027, 4, 1}, {2027, 4, 1}, "7", "7"},
        {{2027, 4, 1}, {2027, 3, 31}, "7", "3"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text;
        struct error err = {0};
        if (town_profile_set(town, "limit", rows[i].value, rows[i].from, &text, &err))
            fail_msg("%s", error_text(&err));
        struct town_profile *p = profile_of(text);
        assert_string_equal(town_profile_value(p, "limit", rows[i].on), rows[i].is);
        assert_string_equal(town_profile_value(p, "mode",
                                               rows[i].on.year < 2026 || (rows[i].on.year == 2026 &&
                                                                          rows[i].on.month < 4)
                                                   ? (struct date){2026, 4, 1}
                                                   : rows[i].on),
                            "one");
        town_profile_free(&p);
        xfree(&text);
    }
}

static void set_keeps_the_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value;
        enum status status;
    } rows[] = {{"limit", "0", E_INVALID},
                {"limit", "10", E_INVALID},
                {"limit", "", E_INVALID},
                {"mode", "three", E_INVALID},
                {"nothing", "1", E_NOT_FOUND}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text;
        struct error err = {0};
        assert_int_equal(town_profile_set(town, rows[i].key, rows[i].value,
                                          (struct date){2028, 4, 1}, &text, &err),
                         rows[i].status);
        assert_null(text);
        assert_true(*err.detail);
    }
}

static void numbers_are_digits_only(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        long most, number; /* -1: refused */
    } rows[] = {
        {"0", 60, 0},
        {"10", 60, 10},
        {"60", 60, 60},
        {"007", 60, 7},
        {"61", 60, -1},
        {"100", 60, -1},
        {"10日", 60, -1},
        {"", 60, -1},
        {NULL, 60, -1},
        {"-1", 60, -1},
        {"+1", 60, -1},
        {" 1", 60, -1},
        {"1 ", 60, -1},
        {"1.5", 60, -1},
        {"5", 4, -1},
        {"99999999999999999999", 60, -1},
        {"99999999999999999999", 9223372036854775807L, -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        long number = -1;
        assert_int_equal(town_profile_whole(rows[i].value, rows[i].most, &number),
                         rows[i].number >= 0);
        assert_int_equal(number, rows[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_of_a_day),          cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(set_adds_a_value),        cmocka_unit_test(set_keeps_the_bounds),
        cmocka_unit_test(numbers_are_digits_only),
    };
    return cmocka_run_group_tests_name("parameter", tests, NULL, NULL);
}
