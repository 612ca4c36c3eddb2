/* Whatever character a record holds: on stdout it is a letter, in every format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "cli/output.h"
#include "../clean.h"
#include "text/utf8.h"

enum { A_ROW = 32, AT_ONCE = 0x8000 };

static int saved = -1;
static char path[] = "output_test.out";

static void catch_stdout(void)
{
    fflush(stdout);
    saved = dup(STDOUT_FILENO);
    assert_non_null(freopen(path, "w", stdout));
}

static void stdout_back(struct buffer *out)
{
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    buffer_clear(out);
    assert_int_equal(file_read(path, 64 << 20, out, NULL), 0);
    unlink(path);
}

static void must_be_clean(const struct buffer *out, const char *what, uint32_t near)
{
    size_t at = first_unclean(buffer_text(out), out->len);
    if (at != out->len)
        fail_msg("%s, U+%04X and after: byte %zu: %02x %.20s", what, (unsigned)near, at,
                 (unsigned char)out->data[at], out->data + at);
}

static void rows(enum output_format format, uint32_t first)
{
    static const char *const columns[] = {"together", "apart"};
    struct output *out = output_begin(format, columns, columns, 2);
    struct buffer together = BUFFER_INIT, apart = BUFFER_INIT;
    for (uint32_t cp = first; cp < first + AT_ONCE && cp <= 0x10ffff; cp++) {
        char bytes[4];
        size_t len = cp ? utf8_encode(bytes, cp) : 0;
        buffer_add(&together, bytes, len);
        buffer_add(&apart, bytes, len);
        buffer_add_text(&apart, "山");
        if (cp % A_ROW == A_ROW - 1) {
            const char *cells[] = {buffer_text(&together), buffer_text(&apart)};
            output_row(out, cells);
            buffer_clear(&together);
            buffer_clear(&apart);
        }
    }
    output_end(&out);
    buffer_free(&together);
    buffer_free(&apart);
}

static void no_character_reaches_stdout_as_a_control(void **state)
{
    static const char *const names[] = {"table", "ndjson", "csv"};
    struct buffer out = BUFFER_INIT;
    (void)state;
    for (uint32_t first = 0; first <= 0x10ffff; first += AT_ONCE)
        for (int format = OUTPUT_TABLE; format <= OUTPUT_CSV; format++) {
            catch_stdout();
            rows((enum output_format)format, first);
            stdout_back(&out);
            must_be_clean(&out, names[format], first);
        }
    buffer_free(&out);
}

static void nor_does_a_byte_or_a_line(void **state)
{
    struct buffer out = BUFFER_INIT;
    (void)state;
    catch_stdout();
    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'a', (char)byte, 'b', '\0'};
        output_line("%s", text);
        output_lines(text);
    }
    stdout_back(&out);
    must_be_clean(&out, "lines", 0);
    assert_non_null(strstr(buffer_text(&out), "a⟦U+001B⟧b"));
    assert_non_null(strstr(buffer_text(&out), "a⟦9B⟧b"));
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_reaches_stdout_as_a_control),
        cmocka_unit_test(nor_does_a_byte_or_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
