/* Fields of an entry filled from the postcode book, and what is left as it was written. */
#include "town_fixture.h"

#include "office/postcode.h"

static struct place office;
static struct entry *entry;

static int build(void **state)
{
    struct error err = {0};
    long count;
    fixture_build(state);
    char *dir = file_path(fixture_dir, "office");
    char *book = file_resource("forms/towns/okugiri_postcodes.csv");
    struct place admin = place_enter(dir, "admin");
    must(postcode_import(admin.user, book, NULL, &count, &err), &err);
    place_leave(&admin);
    office = place_enter(dir, "yamada");
    assert_int_equal(postcode_import(office.user, book, NULL, &count, &err), E_DENIED);
    xfree(&book);
    xfree(&dir);
    return 0;
}

static int tear(void **state)
{
    place_leave(&office);
    return fixture_tear(state);
}

static int begin(void **state)
{
    struct error err = {0};
    (void)state;
    must(entry_new(office.user, "furusato_basic", &entry, &err), &err);
    return 0;
}

static int end(void **state)
{
    (void)state;
    entry_free(&entry);
    return 0;
}

static void expect(const char *field, const char *value)
{
    char *now = entry_edit_text(entry, field);
    assert_string_equal(now, value);
    xfree(&now);
}

static void expect_address(const char *postcode, const char *prefecture, const char *municipality,
                           const char *address, const char *code)
{
    expect("postcode", postcode);
    expect("prefecture", prefecture);
    expect("municipality", municipality);
    expect("address", address);
    expect("municipality_code", code);
}

static void type(const char *field, const char *typed)
{
    struct error err = {0};
    must(entry_type(entry, field, typed, &err), &err);
}

static void fill(const char *digits, size_t areas, bool kept)
{
    struct error err = {0};
    size_t count;
    bool left;
    must(entry_fill_address(entry, "postcode", digits, &count, &left, &err), &err);
    assert_int_equal(count, areas);
    assert_int_equal(left, kept);
}

static void test_typed(void **state)
{
    (void)state;
    fill("0091001", 1, false);
    expect_address("009-1001", "瀬田川県", "奥霧町", "霧沢", "994014");
    /* Another number: what came from the first gives way. */
    fill("0092001", 1, false);
    expect_address("009-2001", "北峰県", "雪見町", "東", "984019");
    /* Several areas: as far as they agree. */
    fill("0091008", 2, false);
    expect_address("009-1008", "瀬田川県", "奥霧町", "", "994014");
    /* No area in the book. */
    fill("0094000", 1, false);
    expect_address("009-4000", "東雲県", "朝凪市", "", "962015");
    fill("0099999", 0, false);
    expect_address("009-4000", "東雲県", "朝凪市", "", "962015");
}

/* What somebody wrote is not written over by a number. */
static void test_written(void **state)
{
    (void)state;
    type("prefecture", "北峰県");
    type("municipality", "雪見町");
    type("address", "東3-5");
    fill("0092001", 1, false);
    expect_address("009-2001", "北峰県", "雪見町", "東３－５", "984019");
    fill("0093001", 1, true);
    expect("address", "東３－５");
    expect("postcode", "009-3001");
}

/* The code belongs to the municipality it came with. */
static void test_code(void **state)
{
    (void)state;
    fill("0091001", 1, false);
    type("municipality", "奥霧町");
    expect("municipality_code", "994014");
    type("municipality", "下流市");
    expect("municipality_code", "");
}

static void choose(const char *typed, size_t number, size_t of, bool kept)
{
    struct error err = {0};
    struct postal_areas areas;
    bool left;
    must(entry_postal_areas(entry, "postcode", typed, 50, &areas, &err), &err);
    assert_int_equal(areas.count, of);
    must(entry_take_area(entry, "postcode", &areas.items[number], &left, &err), &err);
    assert_int_equal(left, kept);
    postal_areas_free(&areas);
}

static void test_chosen(void **state)
{
    (void)state;
    choose("00911", 1, 3, false);
    expect_address("009-1101", "瀬田川県", "下流市", "本町", "992038");
    choose("霧沢", 0, 2, false);
    expect_address("009-1001", "瀬田川県", "奥霧町", "霧沢", "994014");
    /* By the address that is written, however far it goes on. */
    type("postcode", "");
    type("prefecture", "");
    type("municipality", "雪見町");
    type("address", "湯元１２－３");
    choose("", 0, 1, false);
    expect_address("009-2003", "北峰県", "雪見町", "湯元１２－３", "984019");
    /* A number of a house stays where it is: it may be right. */
    choose("港", 0, 1, true);
    expect_address("009-3002", "南洲県", "青浜市", "湯元１２－３", "972011");
    type("postcode", "");
    type("prefecture", "");
    type("municipality", "");
    type("address", "");
    struct error err = {0};
    struct postal_areas areas;
    must(entry_postal_areas(entry, "postcode", "", 50, &areas, &err), &err);
    assert_int_equal(areas.count, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_typed, begin, end),
        cmocka_unit_test_setup_teardown(test_written, begin, end),
        cmocka_unit_test_setup_teardown(test_code, begin, end),
        cmocka_unit_test_setup_teardown(test_chosen, begin, end),
    };
    FIXTURE_CHILDREN(argc, argv);
    return cmocka_run_group_tests(tests, build, tear);
}
