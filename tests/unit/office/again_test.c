/* The disk failed in the moment in which a record was written, and nobody knew that it was there:
 * the same entry finalised again does not become a second one. */
#include "town_fixture.h"

#include "office/entry_internal.h"
#include "store/record.h"

static long records(struct session *user, const char *form)
{
    struct error err = {0};
    struct record_rows rows;
    const struct record_filter filter = {.form = form};
    must(record_query(user->office->store, &filter, 0, 0, &rows, &err), &err);
    long total = rows.total;
    record_rows_free(&rows);
    return total;
}

static void an_entry_becomes_one_record(void **state)
{
    (void)state;
    struct error err = {0};
    struct receipt first, second;
    char *dir = fixture_copy("again", "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    struct entry *entry = begun(p.user, "furusato_basic", basic_kiryu);
    explain_all(entry);
    must(entry_finalise(entry, "", &first, &err), &err);
    entry->final = false;
    must(entry_finalise(entry, "", &second, &err), &err);
    assert_string_equal(second.number, first.number);

    /* Something was changed since: it is said where it belongs. */
    entry->final = false;
    must(entry_type(entry, "phone", "090-9999-9999", &err), &err);
    assert_int_equal(entry_finalise(entry, "", &second, &err), E_CONFLICT);
    assert_non_null(strstr(error_text(&err), first.number));
    assert_string_equal(instance_get(entry_instance(entry), "phone"), "090-9999-9999");
    assert_int_equal(records(p.user, "furusato_basic"), 1);
    assert_int_equal(records(p.user, "person"), 1);
    entry_free(&entry);
    place_leave(&p);
    xfree(&dir);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_entry_becomes_one_record)};
    return cmocka_run_group_tests_name("office/again", tests, fixture_build, fixture_tear);
}
