/* Names as people have them: their common form is among the first words offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "conversion/conversion.h"
#include "text/romaji.h"

#define DICTIONARIES "/usr/share/skk"

enum { FIRST = 5 };

static void type_kana(struct conversion *c, enum conversion_kind kind, const char *kana)
{
    for (size_t len; *kana; kana += len) {
        const char *keys = romaji_keys(kana, &len);
        assert_non_null(keys);
        for (; *keys; keys++)
            assert_true(conversion_key(c, kind, CONVERSION_CHARACTER, *keys));
    }
}

/* --- Lists of names --- */

static char home[64];

static int begin(void **state)
{
    (void)state;
    snprintf(home, sizeof home, "/tmp/names_test.XXXXXX");
    return mkdtemp(home) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf %s", home);
    int rc = system(command);
    xfree(&command);
    return rc;
}

/* How many of a file's names are among the first words. */
static void count_names(enum conversion_kind kind, const char *file, long *found, long *all)
{
    char *path = xasprintf("%s/tests/fixtures/%s", getenv("SATOMADO_SRCDIR"), file);
    struct conversion_setup setup = {.dictionaries = DICTIONARIES, .learning = home};
    struct conversion *c = conversion_new(&setup);
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    assert_int_equal(file_read(path, 1 << 20, &text, NULL), OK);
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        char *tab = strchr(lines.items[i], '\t');
        const struct clause *clauses;
        size_t current;
        if (*lines.items[i] == '#' || !tab)
            continue;
        *tab = '\0';
        type_kana(c, kind, lines.items[i]);
        conversion_key(c, kind, CONVERSION_CHARACTER, ' ');
        size_t count = conversion_clauses(c, &clauses, &current);
        long at = count == 1 ? strings_find(&clauses[0].words, tab + 1) : -1;
        *found += at >= 0 && at < FIRST;
        ++*all;
        if (at < 0 || at >= FIRST)
            print_message("# %s %s: place %ld\n", lines.items[i], tab + 1, at + 1);
        conversion_cancel(c);
    }
    strings_free(&lines);
    buffer_free(&text);
    conversion_free(&c);
    xfree(&path);
}

static void check_names(enum conversion_kind kind, const char *file, double least)
{
    long found = 0, all = 0;
    count_names(kind, file, &found, &all);
    print_message("# %s: %ld of %ld in the first %d\n", file, found, all, FIRST);
    assert_int_equal(all, 300);
    assert_true((double)found >= least * (double)all);
}

static void test_surnames(void **state)
{
    (void)state;
    check_names(CONVERSION_FAMILY_NAME, "surnames.tsv", 0.97);
}

static void test_given_names(void **state)
{
    (void)state;
    check_names(CONVERSION_GIVEN_NAME, "given_names.tsv", 0.85);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_surnames),
        cmocka_unit_test(test_given_names),
    };
    if (!file_exists(DICTIONARIES "/SKK-JISYO.jinmei")) {
        puts("1..0 # SKIP the dictionaries of names (skkdic-extra) are not installed");
        return 0;
    }
    return cmocka_run_group_tests(tests, begin, end);
}
