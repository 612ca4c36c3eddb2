/* Bundles between a counter and its town: all of it or nothing, and never twice. */
#include "../office/town_fixture.h"

#include "office/recordview.h"

enum { SPREAD = 320 }; /* places where a bundle is cut, and where a bit of it is flipped */

/* --- A day of the counter, once for all tests --- */

static char *day_bundle; /* path */
static char day_record[37];
static struct buffer day_bytes;

static int build(void **state)
{
    struct day_result day;
    struct error err = {0};
    fixture_build(state);
    char *dir = file_path(fixture_dir, "office");
    on(2027, 4, 5);
    struct place p = place_enter(dir, "yamada");
    filed(p.user, "furusato_basic", basic_kiryu, day_record, NULL);
    place_leave(&p);
    closed(dir, clock_today(), &day);
    day_bundle = xstrdup(day.bundle);
    must(file_read(day_bundle, 1 << 24, &day_bytes, &err), &err);
    xfree(&dir);
    return 0;
}

static int tear(void **state)
{
    xfree(&day_bundle);
    buffer_free(&day_bytes);
    return fixture_tear(state);
}

/* --- Looking at a directory from outside --- */

static struct buffer database_bytes(const char *dir)
{
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    char *path = file_path(dir, "satomado.db");
    must(file_read(path, 1 << 26, &bytes, &err), &err);
    xfree(&path);
    return bytes;
}

static void unchanged(const char *dir, const struct buffer *before)
{
    struct buffer now = database_bytes(dir);
    assert_int_equal(now.len, before->len);
    assert_true(memcmp(now.data, before->data, now.len) == 0);
    buffer_free(&now);
}

static void refused(struct session *user, const char *file, enum status expected, const char *why)
{
    struct transfer_applied out;
    struct error err = {0};
    enum status st = transfer_apply(user, file, &out, &err);
    if (!st)
        fail_msg("%s was taken in", file);
    if (expected && st != expected)
        fail_msg("%d: %s", st, error_text(&err));
    if (!*err.detail || (why && !strstr(error_text(&err), why)))
        fail_msg("does not say %s: %s", why ? why : "why", error_text(&err));
}

/* --- Cut and flipped --- */

struct spoiling {
    const char *dir, *file;
    struct session *user;
    struct buffer before;
};

static void spoiled(const struct spoiling *s, const char *bytes, size_t len)
{
    struct error err = {0};
    must(file_write(s->file, bytes, len, &err), &err);
    refused(s->user, s->file, OK, NULL);
    unchanged(s->dir, &s->before);
}

static void spoil_all(struct spoiling *s)
{
    size_t len = day_bytes.len, step = len > SPREAD ? len / SPREAD : 1, tried = 0;
    for (size_t at = 0; at < len; at += step, tried++)
        spoiled(s, day_bytes.data, at);
    assert_true(tried >= SPREAD || step == 1);
    for (size_t at = 0; at < len; at += step) {
        day_bytes.data[at] ^= (char)(1 << (at / step % 8));
        spoiled(s, day_bytes.data, len);
        day_bytes.data[at] ^= (char)(1 << (at / step % 8));
    }
    struct buffer longer = BUFFER_INIT;
    buffer_add(&longer, day_bytes.data, len);
    buffer_add_char(&longer, '\n');
    spoiled(s, longer.data, longer.len);
    buffer_free(&longer);
}

static void what_is_cut_or_flipped_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    char *dir = fixture_copy("spoil", "town");
    char *file = file_path(fixture_dir, "spoiled.smb");
    struct place town = place_enter(dir, "kacho");
    struct spoiling s = {dir, file, town.user, database_bytes(dir)};
    spoil_all(&s);
    buffer_free(&s.before);
    must(file_write(file, day_bytes.data, day_bytes.len, &err), &err);
    struct transfer_applied in = applied(town.user, file); /* whole it is taken */
    assert_int_equal(in.records, 2);
    assert_int_equal(in.held, 0);
    stands(town.user, day_record, "state", "received");
    place_leave(&town);
    xfree(&dir);
    xfree(&file);
}

/* --- Twice --- */

static long rows_of(struct session *user, const char *form)
{
    struct record_table table;
    struct error err = {0};
    must(record_table_load(user, form, NULL, NULL, &table, &err), &err);
    long total = (long)table.rows;
    record_table_free(&table);
    return total;
}

static void twice_is_once(void **state)
{
    (void)state;
    struct error err = {0};
    struct transfer_applied out;
    char *dir = fixture_copy("twice", "town");
    struct place town = place_enter(dir, "kacho");
    struct buffer before = database_bytes(dir);
    must(transfer_verify(town.user, day_bundle, NULL, &out, &err), &err);
    assert_int_equal(out.records, 2);
    transfer_applied_free(&out);
    unchanged(dir, &before); /* looking changes nothing */
    buffer_free(&before);
    struct transfer_applied first = applied(town.user, day_bundle);
    char *journal = file_path(dir, "satomado.db-journal");
    assert_int_equal(file_size(journal), 0); /* nor is anything of before left beside it */
    xfree(&journal);
    assert_false(first.again);
    assert_true(first.events > 0);
    before = database_bytes(dir);
    struct transfer_applied second = applied(town.user, day_bundle);
    assert_true(second.again);
    assert_int_equal(second.events, 0);
    assert_int_equal(second.records, 0);
    unchanged(dir, &before);
    buffer_free(&before);
    assert_int_equal(rows_of(town.user, "furusato_basic"), 1);
    assert_int_equal(rows_of(town.user, "person"), 1);
    struct transfer_list list;
    must(transfer_list(town.user, &list, &err), &err);
    assert_int_equal(list.count, 1);
    assert_true(list.items[0].incoming);
    assert_string_equal(list.items[0].peer, "霧沢郵便局 窓口1");
    transfer_list_free(&list);
    place_leave(&town);
    xfree(&dir);
}

/* --- From or for others --- */

static void others_bundles_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct strings files = STRINGS_INIT;
    place_make("elsewhere", "town", "雪見町役場", "役場", "担当課1", fixture_town_users, 1, "",
               NULL);
    char *dir = file_path(fixture_dir, "elsewhere");
    struct place other = place_enter(dir, "kacho");
    refused(other.user, day_bundle, E_DENIED, "別の町");
    place_leave(&other);
    xfree(&dir);

    char *town_dir = fixture_copy("others", "town"), *out = file_path(town_dir, "out");
    char *branch_dir = fixture_copy("others", "branch");
    char *office_dir = fixture_copy("others", "office");
    struct place town = place_enter(town_dir, "kacho");
    applied(town.user, day_bundle);
    must(transfer_create(town.user, &(struct transfer_order){.to = out}, &files, &err), &err);
    place_leave(&town);
    struct place branch = place_enter(branch_dir, "sato");
    refused(branch.user, day_bundle, OK, NULL);     /* a counter is no town */
    refused(branch.user, files.items[0], OK, NULL); /* written for the office */
    applied(branch.user, files.items[2]);           /* its own */
    place_leave(&branch);
    struct place office = place_enter(office_dir, "yamada");
    struct transfer_applied none;
    assert_int_equal(transfer_apply(office.user, files.items[0], &none, &err), E_DENIED);
    place_leave(&office);
    strings_free(&files);
    xfree(&town_dir);
    xfree(&branch_dir);
    xfree(&office_dir);
    xfree(&out);
}

static void what_is_no_bundle_says_so(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "\n", "satomado-bundle 1\n", "satomado-bundle 2\n", "PK\x03\x04", "さとまど"};
    struct error err = {0};
    char *dir = fixture_copy("none", "town"), *file = file_path(fixture_dir, "none.smb");
    struct place town = place_enter(dir, "kacho");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        must(file_write(file, texts[i], strlen(texts[i]), &err), &err);
        refused(town.user, file, OK, NULL);
    }
    refused(town.user, "/nonexistent/x.smb", OK, NULL);
    refused(town.user, fixture_dir, OK, NULL);
    place_leave(&town);
    xfree(&dir);
    xfree(&file);
}

/* --- Days that follow one another --- */

static void down(const char *town_dir, struct strings *files)
{
    struct error err = {0};
    char *out = file_path(town_dir, "out");
    struct place town = place_enter(town_dir, "kacho");
    must(transfer_create(town.user, &(struct transfer_order){.to = out}, files, &err), &err);
    place_leave(&town);
    xfree(&out);
}

static void counts_are(struct office *office, long unsent, long unreceived)
{
    struct office_counts counts;
    struct error err = {0};
    must(office_counts(office, &counts, &err), &err);
    assert_int_equal(counts.unsent, unsent);
    assert_int_equal(counts.unreceived, unreceived);
}

/* The second day begins after the town's receipt; a town that has not got the first (it was
 * restored) names what is missing, and takes both in order. */
static void a_gap_is_named_and_filled(void **state)
{
    (void)state;
    struct error err = {0};
    struct day_result second;
    struct strings files = STRINGS_INIT;
    char record[37];
    char *town_dir = fixture_copy("gap", "town"), *office_dir = fixture_copy("gap", "office");
    char *restored = fixture_copy("gap-restored", "town");
    on(2027, 4, 6);
    struct place town = place_enter(town_dir, "kacho");
    applied(town.user, day_bundle);
    place_leave(&town);
    down(town_dir, &files);
    struct place office = place_enter(office_dir, "sato");
    counts_are(office.office, 0, 1);
    assert_true(applied(office.user, files.items[1]).receipt);
    assert_true(file_exists(day_bundle)); /* that of the place this one is a copy of */
    counts_are(office.office, 0, 0);
    filed(office.user, "furusato_basic", basic_isurugi, record, NULL);
    counts_are(office.office, 1, 0);
    must(day_close(office.user, clock_today(), NULL, NULL, NULL, &second, &err), &err);
    counts_are(office.office, 0, 1);
    assert_int_equal(second.number, 2);
    place_leave(&office);

    town = place_enter(restored, "kacho");
    struct buffer before = database_bytes(restored);
    refused(town.user, second.bundle, E_HELD, "届いていません");
    unchanged(restored, &before);
    buffer_free(&before);
    assert_int_equal(applied(town.user, day_bundle).followed, 1); /* it had been kept */
    assert_true(applied(town.user, second.bundle).again);
    stands(town.user, record, "state", "received");
    place_leave(&town);
    town = place_enter(town_dir, "kacho");
    assert_int_equal(applied(town.user, second.bundle).records, 2);
    place_leave(&town);
    strings_free(&files);
    xfree(&town_dir);
    xfree(&office_dir);
    xfree(&restored);
}

/* Without a receipt the next day carries the first again; in any order it is taken once. */
static void days_may_come_in_any_order(void **state)
{
    (void)state;
    struct error err = {0};
    struct day_result second;
    char record[37];
    char *town_dir = fixture_copy("order", "town"), *office_dir = fixture_copy("order", "office");
    on(2027, 4, 6);
    struct place office = place_enter(office_dir, "sato");
    filed(office.user, "furusato_basic", basic_isurugi, record, NULL);
    must(day_close(office.user, clock_today(), NULL, NULL, NULL, &second, &err), &err);
    counts_are(office.office, 0, 2);
    place_leave(&office);
    struct place town = place_enter(town_dir, "kacho");
    assert_int_equal(applied(town.user, second.bundle).records, 4);
    struct transfer_applied late = applied(town.user, day_bundle);
    assert_int_equal(late.events, 0);
    assert_int_equal(late.held, 0);
    assert_int_equal(rows_of(town.user, "furusato_basic"), 2);
    place_leave(&town);
    xfree(&town_dir);
    xfree(&office_dir);
}

/* The town decides while the counter corrects: both are kept, and both places show the same. */
static void a_decision_meets_a_correction(void **state)
{
    (void)state;
    struct error err = {0};
    struct strings files = STRINGS_INIT;
    struct entry *entry;
    struct day_result second;
    char *town_dir = fixture_copy("meets", "town"), *office_dir = fixture_copy("meets", "office");
    on(2027, 4, 6);
    struct place town = place_enter(town_dir, "kacho");
    applied(town.user, day_bundle);
    must(action_do(town.user, day_record, "decide", "", NULL, &err), &err);
    place_leave(&town);
    struct place office = place_enter(office_dir, "sato");
    must(entry_open(office.user, day_record, &entry, &err), &err);
    must(entry_type(entry, "phone", "090-7777-8888", &err), &err);
    must(entry_correct(entry, "applicant", "変更", &err), &err);
    entry_free(&entry);
    down(town_dir, &files);
    assert_int_equal(applied(office.user, files.items[0]).decisions, 1);
    stands(office.user, day_record, "state", "decided");
    stands(office.user, day_record, "phone", "090-7777-8888");
    must(day_close(office.user, clock_today(), NULL, NULL, NULL, &second, &err), &err);
    place_leave(&office);
    town = place_enter(town_dir, "kacho");
    assert_int_equal(applied(town.user, second.bundle).held, 0);
    stands(town.user, day_record, "state", "decided");
    stands(town.user, day_record, "phone", "090-7777-8888");
    place_leave(&town);
    strings_free(&files);
    xfree(&town_dir);
    xfree(&office_dir);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_cut_or_flipped_is_refused),
        cmocka_unit_test(twice_is_once),
        cmocka_unit_test(others_bundles_are_refused),
        cmocka_unit_test(what_is_no_bundle_says_so),
        cmocka_unit_test(a_gap_is_named_and_filled),
        cmocka_unit_test(days_may_come_in_any_order),
        cmocka_unit_test(a_decision_meets_a_correction),
    };
    return cmocka_run_group_tests_name("bundle/transfer", tests, build, tear);
}
