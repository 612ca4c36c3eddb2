#include "form_fixture.h"

#include "base/strings.h"
#include "form/answer.h"

static const char survey[] = "survey:\n"
                             "  - {type: text, name: t}\n"
                             "  - {type: text, name: lines, appearance: multiline}\n"
                             "  - {type: text, name: wide, appearance: zenkaku}\n"
                             "  - {type: text, name: narrow, appearance: hankaku}\n"
                             "  - {type: text, name: kata, appearance: katakana}\n"
                             "  - {type: text, name: hira, appearance: hiragana}\n"
                             "  - {type: text, name: post, appearance: postcode}\n"
                             "  - {type: text, name: tel, appearance: tel}\n"
                             "  - {type: text, name: corp, appearance: corporate_number}\n"
                             "  - {type: integer, name: n, parameters: start=0 end=1000000000000}\n"
                             "  - {type: integer, name: yen, appearance: amount}\n"
                             "  - {type: decimal, name: x}\n"
                             "  - {type: date, name: d}\n"
                             "  - {type: time, name: time}\n"
                             "  - {type: datetime, name: at}\n"
                             "  - {type: select_one kinds, name: one}\n"
                             "  - {type: select_multiple kinds, name: many}\n"
                             "  - {type: acknowledge, name: ack}\n"
                             "  - {type: geopoint, name: geo}\n"
                             "  - {type: reference, name: ref, to: settlement}\n"
                             "  - {type: note, name: note}\n"
                             "choices:\n"
                             "  kinds:\n"
                             "    - {name: walk, label: 徒歩, 'label::English (en)': On foot}\n"
                             "    - {name: bus, label: バス}\n"
                             "    - {name: old, label: 馬車, removed: yes}\n"
                             "    - {name: train, label: 電車、汽車}\n";

/* field, typed, stored; NULL: refused */
static const char *const answers[][3] = {
    {"t", "", ""},
    {"t", " 　 ", ""},
    {"t", "髙橋 太郎", "髙橋 太郎"},
    {"t", "a\nb", NULL},
    {"t", "\xff", NULL},
    {"lines", "a\nb", "a\nb"},
    {"wide", "ﾔﾏﾀﾞ 1-2", "ヤマダ　１－２"},
    {"narrow", "ＡＢ１２", "AB12"},
    {"narrow", "漢字", NULL},
    {"kata", "やまだ", "ヤマダ"},
    {"kata", "ﾔﾏﾀﾞ", "ヤマダ"},
    {"kata", "山田", NULL},
    {"hira", "ヤマダ", "やまだ"},
    {"post", "３８４００００", "384-0000"},
    {"post", "〒384-0000", "384-0000"},
    {"post", "384-000", NULL},
    {"tel", "０２６７−００−００００", "0267-00-0000"},
    {"tel", "(0267)00-0000", "0267-00-0000"},
    {"tel", "09000000000", "09000000000"},
    {"tel", "00-0000", NULL},
    {"tel", "+1 555 000 0000", "+15550000000"},
    {"corp", "1234567890123", NULL},
    {"corp", "８-7001-1000-0000", NULL},
    {"n", "１２", "12"},
    {"n", "0012", "12"},
    {"n", "1,234円", "1234"},
    {"n", "-1", NULL},
    {"n", "1.5", NULL},
    {"n", "十", NULL},
    {"n", "1e3", NULL},
    {"x", "−12.50", "-12.50"},
    {"x", "-0", "0"},
    {"x", "1.", NULL},
    {"yen", "１，０００", "1000"},
    {"d", "昭和63年7月14日", "1988-07-14"},
    {"d", "S63.7.14", "1988-07-14"},
    {"d", "Ｒ８．１１．２４", "2026-11-24"},
    {"d", "8.11.24", "2026-11-24"},
    {"d", "令和元年5月1日", "2019-05-01"},
    {"d", "20261124", "2026-11-24"},
    {"d", "今日", "2026-11-24"},
    {"d", "昭和64年1月8日", NULL},
    {"d", "2026-02-30", NULL},
    {"d", "あした", NULL},
    {"time", "9:05", "09:05"},
    {"time", "０９０５", "09:05"},
    {"time", "9時5分", "09:05"},
    {"time", "午後3時", "15:00"},
    {"time", "午後12:10", "12:10"},
    {"time", "25:00", NULL},
    {"time", "9:60", NULL},
    {"at", "R8.11.24 9:12", "2026-11-24T09:12:00.000+09:00"},
    {"at", "2026-11-24T00:12:00Z", "2026-11-24T09:12:00.000+09:00"},
    {"at", "202611240912", "2026-11-24T09:12:00.000+09:00"},
    {"at", "50811240912", "2026-11-24T09:12:00.000+09:00"},
    {"at", "2026112409120", NULL},
    {"at", "R8.11.24", NULL},
    {"one", "bus", "bus"},
    {"one", "２", "bus"},
    {"one", "3", "train"}, /* what is no longer offered has no number */
    {"one", "ばす", "bus"},
    {"one", "On foot", "walk"},
    {"one", "馬車", NULL},
    {"one", "4", NULL},
    {"many", "2 1", "walk bus"},
    {"many", "バス、徒歩、バス", "walk bus"},
    {"many", "電車、汽車", "train"},
    {"many", "1,9", NULL},
    {"ack", "はい", "yes"},
    {"ack", "いいえ", ""},
    {"ack", "たぶん", NULL},
    {"geo", "36.35, 138.63", "36.35 138.63"},
    {"geo", "91 0", NULL},
    {"ref", "019ac000-0000-7000-8000-000000000001", "019ac000-0000-7000-8000-000000000001"},
    {"ref", "北地区", NULL},
    {"note", "x", NULL},
};

static struct form *form;
static int set_up(void **state)
{
    (void)state;
    form = form_of(survey);
    return 0;
}
static int tear_down(void **state)
{
    (void)state;
    form_free(&form);
    return 0;
}
static const struct date today = {2026, 11, 24};

static void typed_text_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        char *value;
        struct error err = {0};
        enum status st =
            answer_parse(form_field(form, answers[i][0]), answers[i][1], today, &value, &err);
        if (!answers[i][2]) {
            if (st != E_INVALID || value || !*err.detail || strcmp(err.field, answers[i][0]) != 0)
                fail_msg("%s \"%s\": %d \"%s\"", answers[i][0], answers[i][1], st,
                         value ? value : "");
        } else if (st || strcmp(value, answers[i][2]) != 0) {
            fail_msg("%s \"%s\": \"%s\" %s", answers[i][0], answers[i][1], value ? value : "",
                     error_text(&err));
        }
        xfree(&value);
    }
}

static void individual_numbers_are_not_taken(void **state)
{
    (void)state;
    static const char *const free_text[] = {"t", "lines", "wide", "n", "x"};
    static const char number[] = "123456789018";
    char *value;
    for (size_t i = 0; i < ARRAY_LEN(free_text); i++) {
        assert_int_equal(answer_parse(form_field(form, free_text[i]), number, today, &value, NULL),
                         E_RULE);
        assert_null(value);
    }
    assert_int_equal(answer_parse(form_field(form, "t"), "番号は１２３４ ５６７８ ９０１８です",
                                  today, &value, NULL),
                     E_RULE);
    assert_int_equal(answer_parse(form_field(form, "n"), "123456789019", today, &value, NULL), OK);
    xfree(&value);
    assert_int_equal(answer_parse(form_field(form, "tel"), "+123456789018", today, &value, NULL),
                     OK);
    xfree(&value);
    assert_true(answer_plain_digits(form_field(form, "d")));
    assert_true(answer_plain_digits(form_field(form, "corp")));
    assert_false(answer_plain_digits(form_field(form, "t")));
}

static void corporate_numbers_are_checked(void **state)
{
    (void)state;
    char *value;
    /* weights 1, 2, 1, 2 .. from the right give 74; 9 - 74 mod 9 = 7 */
    assert_int_equal(
        answer_parse(form_field(form, "corp"), "7-1234-5678-9012", today, &value, NULL), OK);
    assert_string_equal(value, "7123456789012");
    xfree(&value);
    assert_int_equal(answer_parse(form_field(form, "corp"), "8123456789012", today, &value, NULL),
                     E_INVALID);
}

static void values_are_shown(void **state)
{
    (void)state;
    static const char *const shown[][4] = {
        /* field, value, shown, to edit again */
        {"d", "1988-07-14", "昭和63年7月14日", "S63.7.14"},
        {"at", "2026-11-24T09:05:00.000+09:00", "令和8年11月24日 9:05", "R8.11.24 9:05"},
        {"one", "walk", "徒歩", "walk"},
        {"one", "old", "馬車", "old"},
        {"one", "gone", "gone", "gone"},
        {"many", "walk bus", "徒歩、バス", "walk bus"},
        {"yen", "-1234567", "-1,234,567", "-1234567"},
        {"yen", "999", "999", "999"},
        {"n", "2026", "2026", "2026"},
        {"ack", "yes", "はい", "yes"},
        {"t", "", "", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        const struct field *field = form_field(form, shown[i][0]);
        char *text = answer_display(field, shown[i][1], "ja");
        char *edit = answer_edit_text(field, shown[i][1]), *value;
        assert_string_equal(text, shown[i][2]);
        assert_string_equal(edit, shown[i][3]);
        if (strcmp(shown[i][1], "old") != 0 && strcmp(shown[i][1], "gone") != 0) {
            assert_int_equal(answer_parse(field, edit, today, &value, NULL), OK);
            assert_string_equal(value, shown[i][1]);
            xfree(&value);
        }
        xfree(&text);
        xfree(&edit);
    }
    char *english = answer_display(form_field(form, "one"), "walk", "en");
    assert_string_equal(english, "On foot");
    xfree(&english);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_text_is_read),
        cmocka_unit_test(individual_numbers_are_not_taken),
        cmocka_unit_test(corporate_numbers_are_checked),
        cmocka_unit_test(values_are_shown),
    };
    return cmocka_run_group_tests_name("answer", tests, set_up, tear_down);
}
