/* What the town sends is what a place has not confirmed: nothing twice, and nothing lost. */
#include "../office/town_fixture.h"

#include "store/store.h"

static char *day_bundle;
static char day_record[37];

static int build(void **state)
{
    struct day_result day;
    fixture_build(state);
    char *dir = file_path(fixture_dir, "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    filed(p.user, "furusato_basic", basic_kiryu, day_record, NULL);
    place_leave(&p);
    closed(dir, clock_today(), &day);
    day_bundle = xstrdup(day.bundle);
    xfree(&dir);
    return 0;
}

static int tear(void **state)
{
    xfree(&day_bundle);
    return fixture_tear(state);
}

/* --- A town and its two counters --- */

enum { OFFICE, BRANCH, PLACES };

struct house {
    char *town, *places[PLACES], *out;
};

static struct house house_of(const char *name)
{
    struct house h = {fixture_copy(name, "town"),
                      {fixture_copy(name, "office"), fixture_copy(name, "branch")},
                      NULL};
    h.out = file_path(h.town, "out");
    on(2027, 4, 6);
    struct place town = place_enter(h.town, "kacho");
    applied(town.user, day_bundle);
    place_leave(&town);
    return h;
}

static void house_free(struct house *h)
{
    xfree(&h->town);
    xfree(&h->out);
    for (size_t i = 0; i < PLACES; i++)
        xfree(&h->places[i]);
}

/* The extract the town writes for a place now; how many records are in it. */
static char *extract(const struct house *h, size_t place, bool all, long *records)
{
    struct error err = {0};
    struct strings files = STRINGS_INIT;
    struct transfer_list list;
    char *path = NULL;
    struct place town = place_enter(h->town, "kacho");
    const struct transfer_order order = {.to = h->out, .all = all};
    must(transfer_create(town.user, &order, &files, &err), &err);
    must(transfer_list(town.user, &list, &err), &err);
    for (size_t i = 0; i < files.count; i++)
        for (size_t r = 0; r < list.count; r++) {
            const struct transfer_row *row = &list.items[r];
            bool branch = strstr(row->peer, "上瀬") != NULL;
            if (*row->file && strstr(files.items[i], "-extract") &&
                str_ends(files.items[i], row->file) && branch == (place == BRANCH)) {
                path = xstrdup(files.items[i]);
                *records = row->records;
            }
        }
    transfer_list_free(&list);
    strings_free(&files);
    place_leave(&town);
    assert_non_null(path);
    return path;
}

/* Takes it in; whether the last warning says `said`. */
static bool taken(const struct house *h, size_t place, const char *file, const char *said)
{
    struct error err = {0};
    struct transfer_applied out;
    bool found = false;
    struct place p = place_enter(h->places[place], "sato");
    must(transfer_apply(p.user, file, &out, &err), &err);
    for (size_t i = 0; said && i < out.warnings.count; i++)
        found = found || strstr(out.warnings.items[i], said);
    transfer_applied_free(&out);
    place_leave(&p);
    return found;
}

/* The place closes its day, and the town hears of it. */
static void told(const struct house *h, size_t place)
{
    struct day_result day;
    clock_set(clock_now() + 24 * INT64_C(3600000));
    closed(h->places[place], clock_today(), &day);
    struct place town = place_enter(h->town, "kacho");
    applied(town.user, day.bundle);
    place_leave(&town);
}

static void expect_extract(const struct house *h, size_t place, long expected, bool arrives)
{
    long records;
    char *file = extract(h, place, false, &records);
    assert_int_equal(records, expected);
    if (arrives)
        taken(h, place, file, NULL);
    xfree(&file);
}

static void decided(const struct house *h)
{
    struct error err = {0};
    struct place town = place_enter(h->town, "kacho");
    must(action_do(town.user, day_record, "decide", "", NULL, &err), &err);
    place_leave(&town);
}

static void is_decided(const struct house *h, size_t place)
{
    struct place p = place_enter(h->places[place], "sato");
    stands(p.user, day_record, "state", "decided");
    place_leave(&p);
}

/* --- Nothing twice --- */

static void only_what_is_new_goes(void **state)
{
    (void)state;
    struct house h = house_of("new");
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    long records;
    expect_extract(&h, OFFICE, 2, true);  /* the application and the person: nothing is known yet */
    expect_extract(&h, OFFICE, 2, false); /* it was not confirmed */
    told(&h, OFFICE);
    decided(&h);
    expect_extract(&h, OFFICE, 1, true);
    is_decided(&h, OFFICE);
    told(&h, OFFICE);
    char *file = extract(&h, OFFICE, false, &records);
    assert_int_equal(records, 0);
    must(file_read(file, 1 << 20, &bytes, &err), &err);
    assert_true(bytes.len < 2000); /* no registry, no record */
    xfree(&file);
    file = extract(&h, OFFICE, true, &records); /* whoever wants everything gets it */
    assert_int_equal(records, 2);
    xfree(&file);
    buffer_free(&bytes);
    house_free(&h);
}

/* What a place wrote itself does not come back to it. */
static void own_work_stays(void **state)
{
    (void)state;
    char record[37];
    struct house h = house_of("own");
    expect_extract(&h, OFFICE, 2, true);
    struct place p = place_enter(h.places[OFFICE], "sato");
    filed(p.user, "furusato_basic", basic_isurugi, record, NULL);
    place_leave(&p);
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 0, true);
    house_free(&h);
}

/* --- Nothing lost --- */

static void a_lost_one_is_made_good(void **state)
{
    (void)state;
    long records;
    struct house h = house_of("lost");
    expect_extract(&h, OFFICE, 2, true);
    told(&h, OFFICE);
    decided(&h);
    expect_extract(&h, OFFICE, 1, false); /* never arrives */
    char *file = extract(&h, OFFICE, false, &records);
    assert_int_equal(records, 1);
    assert_true(taken(&h, OFFICE, file, "前の便が届いていません"));
    is_decided(&h, OFFICE);
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 0, true);
    xfree(&file);
    house_free(&h);
}

static void everything_can_be_asked_for(void **state)
{
    (void)state;
    struct error err = {0};
    struct house h = house_of("all");
    expect_extract(&h, OFFICE, 2, true);
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 0, true);
    struct place town = place_enter(h.town, "kacho");
    assert_int_equal(transfer_request_all(town.user, &err), E_RULE);
    place_leave(&town);
    struct place p = place_enter(h.places[OFFICE], "sato");
    must(transfer_request_all(p.user, &err), &err);
    place_leave(&p);
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 2, true);
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 0, true);
    house_free(&h);
}

/* A place that lacks what the town thinks it has says so, and asks by itself. */
static void a_missing_base_is_noticed(void **state)
{
    (void)state;
    struct error err = {0};
    long records;
    struct house h = house_of("base");
    expect_extract(&h, OFFICE, 2, true);
    told(&h, OFFICE);
    struct place p = place_enter(h.places[OFFICE], "sato");
    must(database_script(store_database(office_store(p.office)),
                         "DELETE FROM bundle WHERE incoming=1", &err),
         &err);
    place_leave(&p);
    decided(&h);
    char *file = extract(&h, OFFICE, false, &records);
    assert_int_equal(records, 1);
    assert_true(taken(&h, OFFICE, file, "町に全部を求めました"));
    told(&h, OFFICE);
    expect_extract(&h, OFFICE, 2, true);
    xfree(&file);
    house_free(&h);
}

/* --- What a place is to have --- */

static void scope(const struct house *h, const char *rule)
{
    struct error err = {0};
    struct strings rules = STRINGS_INIT;
    struct place town = place_enter(h->town, "admin");
    if (*rule)
        strings_add(&rules, rule);
    must(transfer_set_scope(town.user, "上瀬支所 窓口1", &rules, &err), &err);
    strings_free(&rules);
    place_leave(&town);
}

/* A wider scope brings the whole history of what is new in it, once; what leaves it and comes back
 * after an extract that was lost is not thought to be there. */
static void a_wider_scope_brings_all_of_it(void **state)
{
    (void)state;
    struct house h = house_of("scope");
    expect_extract(&h, BRANCH, 0, true);
    told(&h, BRANCH);
    scope(&h, "person.family_name=桐生");
    expect_extract(&h, BRANCH, 2, false); /* lost */
    scope(&h, "");
    expect_extract(&h, BRANCH, 0, true);
    told(&h, BRANCH);
    scope(&h, "person.family_name=桐生");
    long records;
    char *file = extract(&h, BRANCH, false, &records);
    assert_int_equal(records, 2);
    assert_false(taken(&h, BRANCH, file, "古いものです")); /* the registry is in it */
    assert_true(file_exists(file));
    told(&h, BRANCH);
    assert_false(file_exists(file)); /* confirmed: nobody needs it */
    xfree(&file);
    decided(&h);
    expect_extract(&h, BRANCH, 1, true);
    is_decided(&h, BRANCH);
    told(&h, BRANCH);
    expect_extract(&h, BRANCH, 0, true);
    house_free(&h);
}

/* A person who comes under the rule by what was changed brings what belongs to them. */
static void who_comes_into_scope_brings_their_records(void **state)
{
    (void)state;
    struct error err = {0};
    struct entry *entry;
    char person[37];
    struct house h = house_of("moves");
    scope(&h, "person.municipality=白嶺市");
    expect_extract(&h, BRANCH, 0, true);
    told(&h, BRANCH);
    struct place p = place_enter(h.places[OFFICE], "sato");
    must(entry_open(p.user, day_record, &entry, &err), &err);
    snprintf(person, sizeof person, "%s", instance_get(entry_instance(entry), "person"));
    entry_free(&entry);
    must(entry_open(p.user, person, &entry, &err), &err);
    must(entry_type(entry, "municipality", "白嶺市", &err), &err);
    must(entry_correct(entry, "applicant", "転居", &err), &err);
    entry_free(&entry);
    place_leave(&p);
    told(&h, OFFICE);
    expect_extract(&h, BRANCH, 2, true);
    house_free(&h);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_new_goes),
        cmocka_unit_test(own_work_stays),
        cmocka_unit_test(a_lost_one_is_made_good),
        cmocka_unit_test(everything_can_be_asked_for),
        cmocka_unit_test(a_missing_base_is_noticed),
        cmocka_unit_test(a_wider_scope_brings_all_of_it),
        cmocka_unit_test(who_comes_into_scope_brings_their_records),
    };
    return cmocka_run_group_tests_name("bundle/delta", tests, build, tear);
}
