/* A line that is read writes back byte for byte, and nothing else is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "store/event.h"
#include "store/line.h"

static void good_lines_write_back(void **state)
{
    static const char *const lines[] = {
        "{}",
        "{\"a\":\"\"}",
        "{\"a\":\"桐山\",\"b\":-7,\"c\":[],\"d\":{}}",
        "{\"a\":\"\\\"\\\\\\u0001\\u001f\\u000a/\x7f\"}",
        "{\"a\":\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf"
        "\xbf\"}",
        "{\"a\":[\"x\",\"x\"],\"b\":{\"x\":\"x\",\"y\":\"x\"},\"c\":9223372036854775807,\"d\":0}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct line line;
        struct buffer out = BUFFER_INIT;
        assert_int_equal(line_read(lines[i], strlen(lines[i]), &line, NULL), OK);
        line_write(&line, &out);
        assert_string_equal(buffer_text(&out), lines[i]);
        buffer_free(&out);
        line_free(&line);
    }
}

static void bad_lines_are_refused(void **state)
{
    static const char *const lines[] = {
        "",
        "{",
        "{} ",
        "{\"a\":\"x\" }",
        "{\"a\":\"x\",}",
        "{\"a\":\"x",
        "{\"a\":01}",
        "{\"a\":-0}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1.5}",
        "{\"a\":true}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"\\/\"}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\u001F\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\x80\"}",
        "{\"a\":\"\xc0\xaf\"}",
        "{\"a\":\"\xe0\x80\x80\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"\xf4\x90\x80\x80\"}",
        "{\"a\":\"\xe6\xa1\"}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"x\":\"\",\"x\":\"\"}}",
        "{\"a\":{\"x\":1}}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct line line;
        if (line_read(lines[i], strlen(lines[i]), &line, NULL) != E_PARSE)
            fail_msg("was read: %s", lines[i]);
    }
}

static struct event sample(void)
{
    struct event e = {.op = OP_PUT, .seq = 3, .reg = 2, .mono = 5};
    struct line body = event_body();
    memset(e.device, 'a', sizeof e.device - 1);
    memset(e.prev, 'b', sizeof e.prev - 1);
    memset(e.boot, '0', sizeof e.boot - 1);
    snprintf(e.record, sizeof e.record, "00000000-0000-7000-8000-000000000001");
    snprintf(e.form, sizeof e.form, "person@1");
    snprintf(e.at, sizeof e.at, "2026-11-24T09:12:00.000+09:00");
    event_make(&e, &body, NULL);
    line_free(&body);
    return e;
}

static enum status read_changed(const struct event *e, const char *from, const char *to)
{
    struct event out;
    struct buffer header = BUFFER_INIT;
    buffer_add_text(&header, e->header);
    char *at = strstr(buffer_text(&header), from);
    assert_non_null(at);
    buffer_splice(&header, (size_t)(at - header.data), strlen(from), to, strlen(to));
    enum status st = event_read(header.data, NULL, NULL, &out, NULL);
    if (!st)
        event_free(&out);
    buffer_free(&header);
    return st;
}

/* The same members in another order, of another kind, more or fewer of them: not our header. */
static void headers_have_one_form(void **state)
{
    static const char *const changes[][2] = {
        {"\"v\":1,", ""},
        {"\"v\":1", "\"v\":2"},
        {"\"seq\":3", "\"seq\":\"3\""},
        {"\"reg\":2", "\"reg\":\"2\""},
        {"\"reg\":2", "\"reg\":-2"},
        {"\"mono\":5", "\"mono\":[]"},
        {"\"bases\":[]", "\"bases\":{}"},
        {"\"reg\":2,", "\"reg\":2,\"more\":1,"},
        {"{\"v\":1,\"device\"", "{\"device\""},
        {"\"op\":\"put\"", "\"op\":\"puts\""},
        {"\"op\":\"put\",\"bases\":[]", "\"bases\":[],\"op\":\"put\""},
    };
    struct event e = sample();
    (void)state;
    assert_int_equal(read_changed(&e, "\"v\":1", "\"v\":1"), OK);
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        if (read_changed(&e, changes[i][0], changes[i][1]) == OK)
            fail_msg("was read with %s for %s", changes[i][1], changes[i][0]);
    event_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lines_write_back),
        cmocka_unit_test(bad_lines_are_refused),
        cmocka_unit_test(headers_have_one_form),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
