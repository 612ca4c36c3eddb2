/* What is printed: no character of a record is a control for the printer, or for the terminal in
 * which somebody reads the file. */
#include "town_fixture.h"

#include "../clean.h"
#include "office/office_internal.h"
#include "text/utf8.h"

static void no_character_is_printed_as_a_control(void **state)
{
    struct buffer text = BUFFER_INIT, page = BUFFER_INIT;
    struct error err = {0};
    struct office *office;
    char path[256], *dir;
    (void)state;
    snprintf(fixture_dir, sizeof fixture_dir, "/tmp/satomado-print-XXXXXX");
    assert_non_null(mkdtemp(fixture_dir));
    setenv("SATOMADO_SHARE", getenv("SATOMADO_SRCDIR"), 1);
    place_make("office", "town", "奥霧町役場", "役場", "担当課1", NULL, 0, "", NULL);
    dir = file_path(fixture_dir, "office");
    must(office_open(dir, &office, &err), &err);
    for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
        char bytes[4];
        buffer_add(&text, bytes, utf8_encode(bytes, cp));
        buffer_add_text(&text, cp % 40 ? "山" : "\n");
    }
    for (int byte = 0x80; byte < 0x100; byte++)
        buffer_add_char(&text, (char)byte);
    must(print_text(office, "all.txt", buffer_text(&text), path, &err), &err);
    must(file_read(path, 64 << 20, &page, &err), &err);
    assert_true(page.len > text.len);
    assert_int_equal(first_unclean(buffer_text(&page), page.len), page.len);
    assert_non_null(strstr(buffer_text(&page), "⟦U+001B⟧"));
    assert_non_null(strstr(buffer_text(&page), "⟦U+E0041⟧"));
    office_free(&office);
    buffer_free(&text);
    buffer_free(&page);
    shell("rm -rf", fixture_dir, dir);
    xfree(&dir);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_is_printed_as_a_control),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
