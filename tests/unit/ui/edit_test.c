/* Text while it is typed; field_test tries it against a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/kana.h"
#include "ui/edit.h"

static void malformed_and_control_bytes_are_no_text(void **state)
{
    static const struct {
        const char *typed, *kept;
    } rows[] = {{"a\033[31mb", "a[31mb"},
                {"a\nb", "a b"},
                {"a\tb", "a b"},
                {"\xff\xfe", ""},
                {"\xe3\x81", ""},
                {"a\x7f\x01", "a"},
                {"\xc2\x85"
                 "あ",
                 "あ"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct edit edit = {0};
        edit_set(&edit, "");
        edit_insert(&edit, rows[i].typed);
        assert_string_equal(edit_text(&edit), rows[i].kept);
        edit_free(&edit);
    }
}

static char *wide(const void *context, const char *text)
{
    (void)context;
    return kana_zenkaku(text);
}

static bool ten_bytes(const void *context, const char *text)
{
    (void)context;
    return strlen(text) <= 10;
}

static void text_turns_while_it_is_typed(void **state)
{
    struct edit edit = {.live = wide};
    (void)state;
    edit_set(&edit, "");
    edit.live = wide;
    edit_insert(&edit, "1-2");
    edit_insert(&edit, "ｶ");
    edit_insert(&edit, "ﾞ");
    assert_string_equal(edit_text(&edit), "１－２ガ");
    edit_free(&edit);
}

static void what_has_no_room_is_refused_whole(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "");
    edit.fits = ten_bytes;
    assert_true(edit_insert(&edit, "桐生み"));
    assert_false(edit_insert(&edit, "なと"));
    assert_string_equal(edit_text(&edit), "桐生み");
    assert_true(edit_insert(&edit, "a"));
    edit_free(&edit);
}

/* Stops of a word motion, to the right and back again. */
static void words_end_where_the_script_changes(void **state)
{
    static const struct {
        const char *text, *stops; /* a | at each stop to the right */
    } rows[] = {
        {"佐々木みなと", "佐々木|みなと|"},
        {"らーめんラーメン", "らーめん|ラーメン|"},
        {"奥霧町 第2集会所　ＡＢc", "奥霧町 |第|2|集会所　|ＡＢc|"},
        {"葛\U000E0100城か\u3099き、水路", "葛\U000E0100城|か\u3099き|、|水路|"},
        {"𠮷田﨑 1-2", "𠮷田﨑 |1|-|2|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct edit edit = {0};
        struct buffer stops = BUFFER_INIT;
        size_t right[16], count = 0;
        edit_set(&edit, rows[i].text);
        edit_home(&edit);
        for (size_t at = 0; at < edit.text.len; at = edit.cursor) {
            right[count++] = at;
            edit_word_right(&edit);
            buffer_add(&stops, rows[i].text + at, edit.cursor - at);
            buffer_add_char(&stops, '|');
        }
        assert_string_equal(buffer_text(&stops), rows[i].stops);
        while (count-- > 0) {
            edit_word_left(&edit);
            assert_int_equal(edit.cursor, right[count]);
        }
        edit_word_left(&edit);
        assert_int_equal(edit.cursor, 0);
        edit_free(&edit);
        buffer_free(&stops);
    }
}

static void a_paste_undoes_by_itself(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "");
    edit_insert(&edit, "桐");
    edit_insert(&edit, "生");
    edit_paste(&edit, "みなと");
    edit_insert(&edit, "様");
    assert_true(edit_undo(&edit));
    assert_string_equal(edit_text(&edit), "桐生みなと");
    assert_true(edit_undo(&edit));
    assert_string_equal(edit_text(&edit), "桐生");
    assert_true(edit_undo(&edit));
    assert_string_equal(edit_text(&edit), "");
    assert_false(edit_undo(&edit));
    edit_free(&edit);
}

/* A mark joins only the kana it is typed after; what was stored decomposed stays so. */
static void what_stands_before_is_not_touched(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "か\u3099");
    edit_insert(&edit, "a");
    assert_string_equal(edit_text(&edit), "か\u3099a");
    edit_insert(&edit, "は\u309a");
    edit_insert(&edit, "か");
    edit_insert(&edit, "\u3099");
    assert_string_equal(edit_text(&edit), "か\u3099aぱが");
    edit_free(&edit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_and_control_bytes_are_no_text),
        cmocka_unit_test(text_turns_while_it_is_typed),
        cmocka_unit_test(what_has_no_room_is_refused_whole),
        cmocka_unit_test(words_end_where_the_script_changes),
        cmocka_unit_test(a_paste_undoes_by_itself),
        cmocka_unit_test(what_stands_before_is_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
