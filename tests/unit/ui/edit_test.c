/* Text while it is typed, against a model that is too simple to be wrong: an array of clusters. */
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

enum { MOST = 4000, OPERATIONS = 50000, UNDO_KEPT = 200 };

/* --- The model --- */

struct state {
    char *text;
    size_t cursor; /* clusters before it */
};

struct model {
    char *clusters[MOST];
    size_t count, cursor;
    struct state undo[UNDO_KEPT];
    size_t undos;
    bool typing;
    char *killed;
};

static char *model_text(const struct model *m, size_t from, size_t to)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = from; i < to; i++)
        buffer_add_text(&out, m->clusters[i]);
    return buffer_steal(&out);
}

/* Cuts text into clusters anew; the cursor goes to the end of the cluster that `bytes` lies in. */
static void model_set(struct model *m, const char *text, size_t bytes)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < m->count; i++)
        xfree(&m->clusters[i]);
    m->count = m->cursor = 0;
    for (size_t at = 0; at < len;) {
        size_t next = grapheme_next(text, len, at);
        assert_true(m->count < MOST);
        m->clusters[m->count++] = xstrndup(text + at, next - at);
        if (at < bytes)
            m->cursor = m->count;
        at = next;
    }
}

static void model_remember(struct model *m)
{
    if (m->undos == UNDO_KEPT) {
        xfree(&m->undo[0].text);
        memmove(m->undo, m->undo + 1, (UNDO_KEPT - 1) * sizeof *m->undo);
        m->undos--;
    }
    m->undo[m->undos++] = (struct state){model_text(m, 0, m->count), m->cursor};
}

static void model_insert(struct model *m, const char *typed)
{
    size_t from = m->cursor ? m->cursor - 1 : 0;
    char *before = model_text(m, 0, from), *joint = model_text(m, from, m->cursor);
    char *after = model_text(m, m->cursor, m->count);
    char *piece = xasprintf("%s%s", joint, typed), *composed = kana_compose(piece);
    char *all = xasprintf("%s%s%s", before, composed, after);
    if (!m->typing)
        model_remember(m);
    m->typing = true;
    model_set(m, all, strlen(before) + strlen(composed));
    xfree(&before);
    xfree(&joint);
    xfree(&after);
    xfree(&piece);
    xfree(&composed);
    xfree(&all);
}

static void model_cut(struct model *m, size_t from, size_t to)
{
    if (from == to)
        return;
    char *before = model_text(m, 0, from), *after = model_text(m, to, m->count);
    char *all = xasprintf("%s%s", before, after);
    model_remember(m);
    m->typing = false;
    model_set(m, all, strlen(before));
    xfree(&before);
    xfree(&after);
    xfree(&all);
}

static void model_undo(struct model *m)
{
    if (!m->undos)
        return;
    struct state last = m->undo[--m->undos];
    m->typing = false;
    model_set(m, last.text, 0);
    m->cursor = last.cursor;
    xfree(&last.text);
}

static void model_free(struct model *m)
{
    model_set(m, "", 0);
    for (size_t i = 0; i < m->undos; i++)
        xfree(&m->undo[i].text);
    xfree(&m->killed);
}

/* --- Both do the same --- */

static void insert(struct edit *edit, struct model *m)
{
    static const char *const typed[] = {"a",
                                        "7",
                                        " ",
                                        "-",
                                        "あ",
                                        "か",
                                        "ハ",
                                        "\u3099",
                                        "\u309a",
                                        "゛",
                                        "ｶ",
                                        "ﾞ",
                                        "葛\U000E0100",
                                        "城",
                                        "𠮷",
                                        "髙",
                                        "﨑",
                                        "神\uFA19",
                                        "。",
                                        "「",
                                        "👨‍👩‍👧",
                                        "🇯🇵",
                                        "é",
                                        "e\u0301",
                                        "ーん",
                                        "桐生みなと"};
    const char *text = typed[(size_t)rand() % (sizeof typed / sizeof *typed)];
    assert_true(edit_insert(edit, text));
    model_insert(m, text);
}

static void backspace(struct edit *edit, struct model *m)
{
    edit_backspace(edit);
    if (m->cursor)
        model_cut(m, m->cursor - 1, m->cursor);
}

static void delete (struct edit *edit, struct model *m)
{
    edit_delete(edit);
    if (m->cursor < m->count)
        model_cut(m, m->cursor, m->cursor + 1);
}

static void left(struct edit *edit, struct model *m)
{
    edit_left(edit);
    m->typing = false;
    m->cursor -= m->cursor > 0;
}

static void right(struct edit *edit, struct model *m)
{
    edit_right(edit);
    m->typing = false;
    m->cursor += m->cursor < m->count;
}

static void home(struct edit *edit, struct model *m)
{
    edit_home(edit);
    m->typing = false;
    m->cursor = 0;
}

static void end(struct edit *edit, struct model *m)
{
    edit_end(edit);
    m->typing = false;
    m->cursor = m->count;
}

static void kill(struct edit *edit, struct model *m)
{
    edit_kill(edit);
    if (m->cursor == m->count)
        return;
    xfree(&m->killed);
    m->killed = model_text(m, m->cursor, m->count);
    model_cut(m, m->cursor, m->count);
}

static void yank(struct edit *edit, struct model *m)
{
    edit_yank(edit);
    m->typing = false;
    if (m->killed)
        model_insert(m, m->killed);
    m->typing = false;
}

static void undo(struct edit *edit, struct model *m)
{
    edit_undo(edit);
    model_undo(m);
}

static void compare(const struct edit *edit, const struct model *m, long operation)
{
    char *text = model_text(m, 0, m->count), *before = model_text(m, 0, m->cursor);
    if (strcmp(text, edit_text(edit)) != 0 || strlen(before) != edit->cursor)
        fail_msg("operation %ld: %s|%zu, the model has %s|%zu", operation, edit_text(edit),
                 edit->cursor, text, strlen(before));
    xfree(&text);
    xfree(&before);
}

static void random_operations_agree_with_the_model(void **state)
{
    static void (*const operations[])(struct edit *, struct model *) = {
        insert, insert, insert, insert, insert, insert, backspace, backspace, delete, left,
        left,   left,   right,  right,  home,   end,    kill,      yank,      undo};
    const char *wanted = getenv("EDIT_OPERATIONS"), *seed = getenv("SEED");
    long count = wanted ? atol(wanted) : OPERATIONS;
    struct edit edit = {0};
    struct model *m = xcalloc(1, sizeof *m);
    (void)state;
    srand(seed ? (unsigned)atol(seed) : 1);
    edit_set(&edit, "");
    for (long i = 0; i < count; i++) {
        operations[(size_t)rand() % (sizeof operations / sizeof *operations)](&edit, m);
        compare(&edit, m, i);
        if (m->count > 120) { /* long enough: begin anew, with something in it */
            edit_set(&edit, "桐生");
            char *killed = m->killed;
            m->killed = NULL;
            model_free(m);
            *m = (struct model){.killed = killed};
            model_set(m, "桐生", 100);
        }
    }
    model_free(m);
    xfree(&m);
    edit_free(&edit);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree_with_the_model),
        cmocka_unit_test(malformed_and_control_bytes_are_no_text),
        cmocka_unit_test(text_turns_while_it_is_typed),
        cmocka_unit_test(what_has_no_room_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
