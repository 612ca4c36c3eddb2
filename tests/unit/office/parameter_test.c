/* A number of the town's changes between filing and decision: which day counts is said with it. */
#include "town_fixture.h"

#include "office/parameters.h"

static void change(const char *town, const char *key, const char *value, const char *from)
{
    struct error err = {0};
    struct place admin = place_enter(town, "admin");
    must(parameters_set(admin.user, key, value, from, &err), &err);
    place_leave(&admin);
}

static void filing_and_decision(void **state)
{
    (void)state;
    struct error err = {0};
    char first[37], second[37], *town = fixture_copy("dated", "town");
    char *file = xasprintf("%s/tests/fixtures/versions/dated.1.yaml", getenv("SATOMADO_SRCDIR"));
    static const char *const word[] = {"word=あ", NULL};
    on(2027, 4, 5);
    struct place p = place_enter(town, "admin");
    must(setup_install_form(p.user, file, &err), &err);
    place_leave(&p);
    p = place_enter(town, "kacho");
    filed(p.user, "dated", word, first, NULL);
    filed(p.user, "dated", word, second, NULL);
    stands(p.user, first, "at_filing", "3");
    place_leave(&p);

    change(town, "premium.min_activities", "5", "R9.5.1");
    change(town, "premium.renew_days", "75", "R9.5.1");
    on(2027, 5, 10);
    p = place_enter(town, "kacho");
    stands(p.user, first, "at_filing", "3"); /* what was filed stays */
    must(action_do(p.user, first, "decide", "", NULL, &err), &err);
    stands(p.user, first, "at_decision", "75");
    stands(p.user, first, "at_filing", "3");
    /* decided on paper on a day before the change, entered after it */
    static const char *const before[] = {"decided_on=R9.4.28", NULL};
    must(action_do(p.user, second, "decide", "", before, &err), &err);
    stands(p.user, second, "at_decision", "60");
    char third[37];
    filed(p.user, "dated", word, third, NULL);
    stands(p.user, third, "at_filing", "5");
    place_leave(&p);

    /* Rules see the same days, and their words have the values in them. */
    change(town, "premium.renew_days", "90", "R9.5.20");
    change(town, "premium.min_activities", "7", "R9.5.20");
    on(2027, 5, 25);
    p = place_enter(town, "kacho");
    assert_int_equal(action_do(p.user, third, "decide", "", NULL, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "申請の日は5、決定の日は90"));
    place_leave(&p);
    xfree(&file);
    xfree(&town);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filing_and_decision),
    };
    return cmocka_run_group_tests_name("office/parameter", tests, fixture_build, fixture_tear);
}
