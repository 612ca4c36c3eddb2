/* Two places that write the same record at once: what fits merges, what does not is chosen by
 * somebody, and what breaks a rule of the form is listed. */
#include "town_fixture.h"

#include "office/conflict.h"
#include "office/worklist.h"
#include "store/projection.h"
#include "store/verify.h"

struct two {
    struct place office, town;
    char *office_dir, *town_dir;
    char record[37];
};

static void corrected(struct session *user, const char *record, const char *const *values)
{
    struct error err = {0};
    struct entry *entry;
    must(entry_open(user, record, &entry, &err), &err);
    type_all(entry, values);
    must(entry_correct(entry, "clerk", "試し", &err), &err);
    entry_free(&entry);
}
#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Up and down again, as far as bundles carry it. */
static void exchanged(struct two *t)
{
    struct error err = {0};
    struct day_result day;
    struct strings down = STRINGS_INIT;
    char *out = file_path(t->town_dir, "out");
    struct place sato = place_enter(t->office_dir, "sato");
    enum status st = day_close(sato.user, clock_today(), NULL, NULL, NULL, &day, &err);
    if (st != E_NOT_FOUND) { /* nothing new there */
        must(st, &err);
        applied(t->town.user, day.bundle);
    }
    must(transfer_create(t->town.user, &(struct transfer_order){.to = out}, &down, &err), &err);
    for (size_t i = 0; i < 2; i++)
        applied(sato.user, down.items[i]);
    place_leave(&sato);
    strings_free(&down);
    xfree(&out);
}

static struct two begun_at_the_office(const char *name, const char *form, const char *const *values)
{
    struct two t = {.office_dir = fixture_copy(name, "office"),
                    .town_dir = fixture_copy(name, "town")};
    on(2027, 4, 5);
    t.office = place_enter(t.office_dir, "yamada");
    t.town = place_enter(t.town_dir, "kacho");
    filed(t.office.user, form, values, t.record, NULL);
    exchanged(&t);
    return t;
}

static void ended(struct two *t)
{
    struct error err = {0};
    struct verified verified;
    struct place *both[] = {&t->office, &t->town};
    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        must(store_verify(office_store(both[i]->office), NULL, NULL, &verified, &err), &err);
        place_leave(both[i]);
    }
    xfree(&t->office_dir);
    xfree(&t->town_dir);
}

static struct conflicts listed(struct session *user, const char *record, size_t count)
{
    struct error err = {0};
    struct conflicts list;
    must(conflict_list(user, record, &list, &err), &err);
    assert_int_equal(list.count, count);
    return list;
}

/* Name and reading are one value; the title goes with them. */
static void a_name_is_chosen_whole(void **state)
{
    (void)state;
    struct error err = {0};
    struct two t = begun_at_the_office("name", "furusato_basic", basic_kiryu);
    corrected(t.office.user, t.record, VALUES("family_name=石動", "family_kana=イスルギ"));
    corrected(t.town.user, t.record, VALUES("given_name=凪", "given_kana=ナギ"));
    exchanged(&t);
    struct conflicts list = listed(t.town.user, t.record, 1);
    const struct conflict *c = &list.items[0];
    assert_string_equal(c->path, "family_name");
    assert_int_equal(c->count, 2);
    assert_int_equal(c->parts.count, 4);
    size_t office = strstr(c->values[1].text, "石動") != NULL;
    assert_non_null(strstr(c->values[office].text, "石動"));
    assert_non_null(strstr(c->values[office].text, "みなと"));
    assert_string_equal(c->values[office].who, "山田");
    assert_string_equal(c->values[!office].who, "課長");
    assert_int_equal(conflict_choose(t.town.user, t.record, "phone", 0, &err), E_RULE);
    assert_int_equal(
        conflict_settle(t.town.user, t.record, "family_name", VALUES("phone=090-1"), &err),
        E_INVALID);
    must(conflict_choose(t.town.user, t.record, "given_name", office, &err), &err);
    conflicts_free(&list);
    exchanged(&t);
    list = listed(t.office.user, t.record, 0);
    stands(t.office.user, t.record, "family_name", "石動");
    stands(t.office.user, t.record, "given_name", "みなと");
    stands(t.office.user, t.record, "given_kana", "ミナト");
    struct entry *entry;
    must(entry_open(t.office.user, t.record, &entry, &err), &err);
    assert_non_null(strstr(entry_title(entry), "石動"));
    entry_free(&entry);
    ended(&t);
}

/* A third value; what is calculated from it is calculated again. */
static void another_value_is_typed(void **state)
{
    (void)state;
    struct error err = {0};
    struct two t = begun_at_the_office("third", "settlement",
                                       VALUES("settlement_name=奥日影", "households=20"));
    corrected(t.office.user, t.record, VALUES("households=21"));
    corrected(t.town.user, t.record, VALUES("households=22", "population=40"));
    exchanged(&t);
    struct conflicts list = listed(t.office.user, t.record, 1);
    conflicts_free(&list);
    assert_int_equal(
        conflict_settle(t.office.user, t.record, "households", VALUES("households=たくさん"), &err),
        E_INVALID);
    must(conflict_settle(t.office.user, t.record, "households", VALUES("households=23"), &err),
         &err);
    exchanged(&t);
    stands(t.town.user, t.record, "households", "23");
    stands(t.town.user, t.record, "population", "40");
    listed(t.town.user, t.record, 0);
    ended(&t);
}

static long concerns(struct session *user)
{
    struct error err = {0};
    long count;
    must(worklist_count(user, "concerns", &count, &err), &err);
    return count;
}

/* Each alone was right: the end was moved before the beginning by two hands. */
static void what_breaks_a_rule_is_listed(void **state)
{
    (void)state;
    struct error err = {0};
    struct worklist_rows rows;
    struct two t = begun_at_the_office(
        "rule", "telemedicine_slot",
        VALUES("room=相談室", "slot_on=R9.4.7", "slot_from=9:00", "slot_to=12:00"));
    corrected(t.office.user, t.record, VALUES("slot_from=11:00"));
    corrected(t.town.user, t.record, VALUES("slot_to=10:00"));
    exchanged(&t);
    listed(t.town.user, t.record, 0);
    assert_int_equal(concerns(t.office.user), 1);
    must(worklist_load(t.town.user, "concerns", 0, -1, &rows, &err), &err);
    assert_int_equal(rows.count, 1);
    assert_string_equal(rows.items[0].id, t.record);
    assert_non_null(strstr(rows.items[0].note, "終わりは始めより後の時刻を入れてください"));
    worklist_rows_free(&rows);
    corrected(t.town.user, t.record, VALUES("slot_to=12:30"));
    assert_int_equal(concerns(t.town.user), 0);
    exchanged(&t);
    assert_int_equal(concerns(t.office.user), 0);
    ended(&t);
}

/* It stays listed while another field is chosen and while something is done with the record, is
 * listed at once wherever the tables are made again, and goes when somebody mends it. */
static void a_choice_does_not_hide_it(void **state)
{
    (void)state;
    struct error err = {0};
    struct two t = begun_at_the_office(
        "choice", "telemedicine_slot",
        VALUES("room=相談室", "slot_on=R9.4.7", "slot_from=9:00", "slot_to=12:00"));
    corrected(t.office.user, t.record, VALUES("slot_from=11:00", "room=会議室"));
    corrected(t.town.user, t.record, VALUES("slot_to=10:00", "room=和室"));
    exchanged(&t);
    assert_int_equal(concerns(t.town.user), 1);
    must(conflict_choose(t.town.user, t.record, "room", 0, &err), &err);
    struct conflicts none = listed(t.town.user, t.record, 0);
    conflicts_free(&none);
    assert_int_equal(concerns(t.town.user), 1);

    struct store *store = office_store(t.town.office);
    must(database_script(store_database(store), "DELETE FROM concern; DELETE FROM record", &err),
         &err);
    must(projection_rebuild(store, NULL, NULL, &err), &err);
    assert_int_equal(concerns(t.town.user), 1);
    exchanged(&t);
    assert_int_equal(concerns(t.office.user), 1);
    corrected(t.office.user, t.record, VALUES("slot_from=9:30"));
    assert_int_equal(concerns(t.office.user), 0);
    exchanged(&t);
    assert_int_equal(concerns(t.town.user), 0);
    ended(&t);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_chosen_whole),
        cmocka_unit_test(another_value_is_typed),
        cmocka_unit_test(what_breaks_a_rule_is_listed),
        cmocka_unit_test(a_choice_does_not_hide_it),
    };
    return cmocka_run_group_tests_name("office/conflict", tests, fixture_build, fixture_tear);
}
