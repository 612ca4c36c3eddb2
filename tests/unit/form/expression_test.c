#include "form_fixture.h"

#include "base/strings.h"

static const char survey[] =
    "survey:\n"
    "  - {type: text, name: t}\n"
    "  - {type: integer, name: n}\n"
    "  - {type: decimal, name: x}\n"
    "  - {type: date, name: d}\n"
    "  - {type: datetime, name: at}\n"
    "  - {type: select_multiple kinds, name: many}\n"
    "  - {type: reference, name: place, to: settlement}\n"
    "  - {type: text, name: blank}\n"
    "choices:\n"
    "  kinds: [{name: a, label: あ}, {name: b, label: い}, {name: c, label: う}]\n";

/* expression, its value as text */
static const char *const values[][2] = {
    /* numbers print without exponent */
    {"1 + 2 * 3", "7"},
    {"(1 + 2) * 3", "9"},
    {"10 - 2 - 3", "5"},
    {"7 mod 3", "1"},
    {"-7 mod 3", "-1"},
    {"1 div 4", "0.25"},
    {"1 div 3", "0.333333333333333"},
    {"0.1 + 0.2", "0.3"},
    {"100000 * 100000 * 10", "100000000000"},
    {"0.00001", "0.00001"},
    {"1 div 0", "Infinity"},
    {"- - 3", "3"},
    {"number('')", "NaN"},
    {"number('12a')", "NaN"},
    {"number(' 12 ')", "12"},
    {"int('')", "NaN"},
    {"int(-2.7)", "-2"},
    {"round(2.5)", "3"},
    {"round(1.005, 2)", "1.01"},
    {"floor(-1.5)", "-2"},
    {"pow(2, 10)", "1024"},
    /* blanks */
    {"${blank} = ''", "true"},
    {"${blank} = 0", "false"},
    {"${blank} < 5", "false"},
    {"${blank} >= 5", "false"},
    {"not(${blank})", "true"},
    {"${blank} + 1", "NaN"},
    {"coalesce(${blank}, ${t}, 'z')", "さくら"},
    {"string-length(${blank})", "0"},
    /* strings, numbers, booleans compare as XPath has it */
    {"'03' = 3", "true"},
    {"'03' = '3'", "false"},
    {"true() = 'x'", "true"},
    {"true() = ''", "false"},
    {"'b' > 'a'", "false"},
    {"${n} = '20'", "true"},
    {"1 = 1 and 2 > 3 or 4 != 5", "true"},
    {"1 < 2 = true()", "true"},
    /* dates */
    {"today()", "2026-11-24"},
    {"now()", "2026-11-24T09:12:00.000+09:00"},
    {"${d}", "2026-11-01"},
    {"${d} < today()", "true"},
    {"${d} = '2026-11-01'", "true"},
    {"'2026-11-02' > ${d}", "true"},
    {"today() - ${d}", "23"},
    {"${d} + 30", "20788"},
    {"date(${d} + 30)", "2026-12-01"},
    {"date(30 + ${d})", "2026-12-01"},
    {"date(${d} - 1)", "2026-10-31"},
    {"number(date('1970-01-11'))", "10"},
    {"date('2026-02-30')", ""},
    {"date(0)", "1970-01-01"},
    {"today() <= now()", "true"},
    {"round((decimal-date-time(now()) - decimal-date-time(today())) * 24, 4)", "9.2"},
    {"'09:30' < '17:00'", "true"},
    {"date-time(${at} - 0.5)", "2026-11-23T22:00:00.000+09:00"},
    {"date(${at})", "2026-11-24"},
    {"format-date(${d}, '%Y/%n/%e %m-%d %%')", "2026/11/1 11-01 %"},
    {"format-date-time(now(), '%H:%M:%S')", "09:12:00"},
    {"format-date(${blank}, '%Y')", ""},
    {"date(min(${d}, today()))", "2026-11-01"},
    /* offices' own */
    {"age-at('2008-11-25', today())", "17"},
    {"age-at('2008-11-24', today())", "18"},
    {"age-at(${blank}, today()) < 18", "false"},
    {"age-at('2008-11-25', today()) < param('minor.age')", "true"},
    {"fiscal-year('2027-03-31')", "2026"},
    {"wareki('1988-07-14')", "昭和63年7月14日"},
    {"add-years('2024-02-29', 1)", "2025-02-28"},
    {"kana('ﾔﾏﾀﾞさくら')", "ヤマダサクラ"},
    {"business-days(${d}, today())", "23"},
    {"lookup(${place}, 'area')", "settlement/0190/area"},
    {"jr:choice-name(${place}, '${place}')", "settlement/0190/label"},
    {"${last-saved#t}", "demo の t"},
    /* text */
    {"string-length('髙橋𠮷')", "3"},
    {"substr('里窓の町', 1, 3)", "窓の"},
    {"substr('里窓の町', -2)", "の町"},
    {"substr('abc', 2, 9)", "c"},
    {"substring('12345', 2, 3)", "234"},
    {"substring-before('a-b', '-')", "a"},
    {"substring-after('a-b', '-')", "b"},
    {"substring-after('ab', '-')", ""},
    {"contains(${t}, 'くら')", "true"},
    {"starts-with('abc', 'b')", "false"},
    {"ends-with('abc', 'bc')", "true"},
    {"concat('a', 1, true())", "a1true"},
    {"join('-', 'a', 'b', 3)", "a-b-3"},
    {"translate('abca', 'ab', 'x')", "xcx"},
    {"normalize-space('  a   b ')", "a b"},
    {"if(${n} > 10, 'big', 'small')", "big"},
    {"boolean-from-string('false')", "false"},
    {"checklist(1, 2, true(), false(), true())", "true"},
    {"checklist(-1, 1, true(), true())", "false"},
    /* regex: the whole text, \d, sets by code point */
    {"regex('384-0000', '\\d{3}-\\d{4}')", "true"},
    {"regex('x384-0000', '\\d{3}-\\d{4}')", "false"},
    {"regex('ab', 'a|ab')", "true"},
    {"regex('カナ', '[ァ-ヶー]+')", "true"},
    {"regex('かな', '[ァ-ヶー]+')", "false"},
    {"regex('a.b', '[\\w.]+')", "true"},
    {"regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a*)*b')", "false"},
    /* choices */
    {"selected(${many}, 'c')", "true"},
    {"selected(${many}, 'b')", "false"},
    {"selected('ab', 'a')", "false"},
    {"selected-at(${many}, 1)", "c"},
    {"selected-at(${many}, 5)", ""},
    {"count-selected(${many})", "2"},
    {"count-selected(${blank})", "0"},
    {"jr:choice-name(${many}, '${many}')", "あ、う"},
    /* not rows: themselves */
    {"count(${t})", "1"},
    {"sum(1, ${blank}, 2)", "3"},
    {"max(${blank}, '')", "NaN"},
};

static void expressions_have_their_values(void **state)
{
    (void)state;
    struct form *form = form_of(survey);
    struct instance *instance = instance_new(form, &host);
    set(instance, "t", "さくら");
    set(instance, "n", "20");
    set(instance, "d", "2026-11-01");
    set(instance, "at", "2026-11-24T10:00:00.000+09:00");
    set(instance, "many", "a c");
    set(instance, "place", "01900000-0000-7000-8000-000000000001");
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct expression *e;
        struct error err = {0};
        if (expression_parse(values[i][0], "t", 1, 1, &e, &err) ||
            expression_bind(e, form, NULL, &err))
            fail_msg("%s: %s", values[i][0], error_text(&err));
        char *value = instance_evaluate(instance, e, NULL);
        if (strcmp(value, values[i][1]) != 0)
            fail_msg("%s is \"%s\", not \"%s\"", values[i][0], value, values[i][1]);
        xfree(&value);
        expression_free(&e);
    }
    instance_free(&instance);
    form_free(&form);
}

static void mistakes_are_refused_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t column; /* within the file, where the text begins at 10 */
        const char *says;
    } wrong[] = {
        {"", 10, "途中で"},
        {"1 +", 13, "途中で"},
        {"(1", 10, ")"},
        {"'abc", 10, "引用符"},
        {"${t", 10, "${"},
        {"1 2", 12, "続き"},
        {"あいう + ${tt}", 10, "項目"},
        {"'あい' = ${tt}", 17, "「t」"},
        {"1 # 2", 12, "文字"},
        {"nosuch(1)", 10, "nosuch"},
        {"concatt('a')", 10, "「concat」"},
        {"if(1, 2)", 10, "3個"},
        {"regex(${t}, '[a')", 22, "[a"},
        {"today", 10, "${項目名}"},
    };
    struct form *form = form_of(survey);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct expression *e = NULL;
        struct error err = {0};
        char place[32];
        snprintf(place, sizeof place, "f.yaml:3:%zu", wrong[i].column);
        enum status st = expression_parse(wrong[i].text, "f.yaml", 3, 10, &e, &err);
        if (!st)
            st = expression_bind(e, form, NULL, &err);
        if (st != E_PARSE || strcmp(err.where, place) != 0 || !strstr(err.detail, wrong[i].says))
            fail_msg("%s: %d %s", wrong[i].text, st, error_text(&err));
        expression_free(&e);
    }
    form_free(&form);
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    char deep[5001];
    struct expression *e;
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(expression_parse(deep, "f", 1, 1, &e, NULL), E_PARSE);
    memset(deep, '-', sizeof deep - 1);
    assert_int_equal(expression_parse(deep, "f", 1, 1, &e, NULL), E_PARSE);
    /* 1+1+1+... nests to the left */
    for (size_t i = 0; i < sizeof deep - 1; i++)
        deep[i] = "1+"[i % 2];
    assert_int_equal(expression_parse(deep, "f", 1, 1, &e, NULL), E_PARSE);
}

static void what_it_reads_is_known(void **state)
{
    (void)state;
    struct form *form = form_of(survey);
    struct expression *e;
    const size_t *reads;
    assert_int_equal(expression_parse("${n} > param('a.b') and . != ${n} and param('a.b') = 1", "f",
                                      1, 1, &e, NULL),
                     OK);
    assert_int_equal(expression_bind(e, form, form_field(form, "t"), NULL), OK);
    assert_int_equal(expression_reads(e, &reads), 3); /* n, received_on for param, itself */
    assert_true(expression_volatile(e));
    expression_free(&e);
    expression_parse("${n} + 1", "f", 1, 1, &e, NULL);
    expression_bind(e, form, NULL, NULL);
    assert_false(expression_volatile(e));
    expression_free(&e);
    form_free(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_have_their_values),
        cmocka_unit_test(mistakes_are_refused_at_their_place),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(what_it_reads_is_known),
    };
    return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
