#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/language.h"
#include "base/medium.h"
#include "base/status.h"
#include "base/strings.h"
#include "base/xmem.h"

static void error_names_place_and_reason(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(error_at(&err, E_PARSE, "a.yaml", 3, 7, "no %s", "such"), E_PARSE);
    assert_string_equal(error_text(&err), "a.yaml:3:7: no such");
    errno = ENOSPC;
    assert_int_equal(error_errno(&err, E_IO, "save"), E_FULL);
    assert_int_equal(err.os_error, ENOSPC);
    assert_string_equal(status_name(E_HELD), "E_HELD");
    assert_int_equal(error_set(NULL, E_BUSY, "x"), E_BUSY);
}

static void buffer_splices(void **state)
{
    (void)state;
    struct buffer b = BUFFER_INIT;
    assert_string_equal(buffer_text(&b), "");
    buffer_add_text(&b, "hello");
    buffer_splice(&b, 1, 3, "i", 1);
    assert_string_equal(buffer_text(&b), "hio");
    for (int i = 0; i < 1000; i++)
        buffer_printf(&b, "%d,", i);
    assert_int_equal(b.len, 3 + 10 * 2 + 90 * 3 + 900 * 4);
    char *own = buffer_steal(&b);
    assert_int_equal(b.len, 0);
    xfree(&own);
}

static void every_day_comes_back(void **state)
{
    (void)state;
    struct date first = {1873, 1, 1}, last = {2100, 12, 31};
    for (int64_t n = date_days(first); n <= date_days(last); n++) {
        struct date d = date_from_days(n), again;
        char text[ISO_DATE_SIZE];
        iso_date(text, d);
        assert_true(iso_date_parse(&again, text));
        assert_int_equal(date_days(again), n);
    }
    assert_int_equal(date_weekday((struct date){2026, 11, 24}), 2);
    assert_false(date_valid((struct date){2027, 2, 29}));
    struct date d;
    assert_false(iso_date_parse(&d, "2026-11-2"));
    assert_false(iso_date_parse(&d, "2026-11-24x"));
}

static void office_time_is_nine_hours_ahead(void **state)
{
    (void)state;
    int64_t ms;
    char text[ISO_TIME_SIZE];
    assert_true(iso_time_parse(&ms, "2026-11-24T09:12:31.250+09:00"));
    iso_time(text, ms);
    assert_string_equal(text, "2026-11-24T09:12:31.250+09:00");
    assert_true(iso_time_parse(&ms, "2026-11-24T15:00:00Z"));
    assert_int_equal(office_time_at(ms).date.day, 25);
    assert_false(iso_time_parse(&ms, "2026-11-24 09:12:31"));
    assert_false(iso_time_parse(&ms, "2026-11-24T09:12:31+10:00"));
    assert_int_equal(office_time_at(-1).millisecond, 999);
}

static void clock_can_be_set(void **state)
{
    (void)state;
    char path[] = "/tmp/satomado-clock-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "2027-05-10T08:30:00+09:00\n", 26), 26);
    close(fd);
    assert_false(clock_is_set());
    setenv("SATOMADO_CLOCK", path, 1);
    assert_true(clock_is_set());
    assert_int_equal(date_compare(clock_today(), (struct date){2027, 5, 10}), 0);
    unsetenv("SATOMADO_CLOCK");
    unlink(path);
}

static void files_are_whole_or_absent(void **state)
{
    (void)state;
    char dir[] = "/tmp/satomado-files-XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *path = file_path(dir, "a"), *deep = file_path(dir, "x/y/z");
    struct buffer b = BUFFER_INIT;
    struct error err;
    assert_int_equal(file_write(path, "abc", 3, &err), OK);
    assert_int_equal(file_read(path, 3, &b, &err), OK);
    assert_string_equal(buffer_text(&b), "abc");
    assert_int_equal(file_read(path, 2, &b, &err), E_LIMIT);
    assert_int_equal(file_read(deep, 2, &b, &err), E_NOT_FOUND);
    assert_int_equal(file_make_dirs(deep, &err), OK);
    assert_true(file_is_dir(deep));
    assert_int_equal(file_make_dirs(path, &err), E_IO);
    assert_false(file_on_network(dir));
    char *sh = xasprintf("rm -rf %s", dir);
    assert_int_equal(system(sh), 0);
    xfree(&sh);
    xfree(&path);
    xfree(&deep);
    buffer_free(&b);
}

static void strings_find_and_suggest(void **state)
{
    (void)state;
    struct strings list = STRINGS_INIT;
    strings_split(&list, "b,,a", ',');
    assert_int_equal(list.count, 3);
    strings_sort(&list);
    assert_string_equal(list.items[2], "b");
    assert_int_equal(strings_find(&list, "z"), -1);
    strings_free(&list);
    static const char *const words[] = {"family_name", "given_name", "birth_date"};
    assert_string_equal(str_nearest("famly_name", words, 3), "family_name");
    assert_null(str_nearest("zzz", words, 3));
    uint8_t bytes[2];
    char hex[5];
    assert_true(hex_decode(bytes, 2, "0aff"));
    hex_encode(hex, bytes, 2);
    assert_string_equal(hex, "0aff");
    assert_false(hex_decode(bytes, 2, "0aFF"));
    assert_false(hex_decode(bytes, 2, "0aff0"));
}

static void a_medium_is_known_by_its_device(void **state)
{
    (void)state;
    char links[] = "/tmp/satomado-media-XXXXXX", uuid[MEDIUM_UUID_SIZE];
    struct stat null;
    assert_non_null(mkdtemp(links));
    assert_int_equal(stat("/dev/null", &null), 0);
    char *one = file_path(links, "1234-ABCD"), *two = file_path(links, "0000-0000");
    assert_int_equal(symlink("/dev/null", one), 0);
    assert_int_equal(symlink("/nowhere", two), 0);
    assert_true(medium_uuid_of(links, null.st_rdev, uuid));
    assert_string_equal(uuid, "1234-ABCD");
    assert_false(medium_uuid_of(links, null.st_rdev + 1, uuid));
    assert_false(medium_uuid_of("/nowhere", null.st_rdev, uuid));
    assert_false(medium_uuid("/proc", uuid));
    static const char *const written[] = {"1234-ABCD", "1234-abcd", "0123456789abcdef",
                                          "0f6c1a52-7d1e-4a0b-9c3f-5a1b2c3d4e5f"};
    static const char *const others[] = {"",
                                         "abc",
                                         "1234-ABC",
                                         "1234-ABCDE",
                                         "1234_ABCD",
                                         "1234-ABCG",
                                         "0f6c1a52-7d1e-4a0b-9c3f-5a1b2c3d4e5"};
    for (size_t i = 0; i < ARRAY_LEN(written); i++)
        assert_true(medium_uuid_written(written[i]));
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        assert_false(medium_uuid_written(others[i]));
    assert_true(medium_uuid_same("1234-abcd", "1234-ABCD"));
    assert_string_equal(uuid, "");
    unlink(one);
    unlink(two);
    rmdir(links);
    xfree(&one);
    xfree(&two);
}

/* Where the machine's language writes 0,5. A locale is made for it; without localedef there is
 * none. */
static void numbers_are_written_with_a_point(void **state)
{
    (void)state;
    char dir[] = "/tmp/satomado-locale-XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *make = xasprintf("localedef -c -i de_DE -f UTF-8 %s/comma.UTF-8 >/dev/null 2>&1", dir);
    char *drop = xasprintf("rm -rf %s", dir);
    bool made = system(make) == 0;
    setenv("LOCPATH", dir, 1);
    setenv("LC_ALL", "comma.UTF-8", 1);
    made = made && setlocale(LC_ALL, "") && strcmp(localeconv()->decimal_point, ",") == 0;
    language_start();
    unsetenv("LC_ALL");
    unsetenv("LOCPATH");
    bool removed = system(drop) == 0;
    xfree(&make);
    xfree(&drop);
    assert_true(removed);
    if (!made)
        skip();
    assert_true(strtod("0.5", NULL) > 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_medium_is_known_by_its_device),
        cmocka_unit_test(error_names_place_and_reason),
        cmocka_unit_test(buffer_splices),
        cmocka_unit_test(every_day_comes_back),
        cmocka_unit_test(office_time_is_nine_hours_ahead),
        cmocka_unit_test(clock_can_be_set),
        cmocka_unit_test(files_are_whole_or_absent),
        cmocka_unit_test(strings_find_and_suggest),
        cmocka_unit_test(numbers_are_written_with_a_point),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
