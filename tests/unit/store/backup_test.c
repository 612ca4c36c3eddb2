/* Copies of the database: whole while somebody writes, and which of them are kept. */
#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/verify.h"

enum { WRITTEN_BEFORE = 40 };

static void write_some(struct store *store, int count)
{
    for (int i = 0; i < count; i++) {
        char id[UUID_SIZE];
        const char *const set[] = {"family_name", "桐生", "state", "received", NULL};
        uuid7_new(id);
        put(store, 0, id, "finalise", set);
    }
}

static void ignore(void *context, const char *line)
{
    (void)context;
    print_message("%s\n", line);
}

static int64_t verified_events(const char *dir)
{
    struct error err = {0};
    struct store *store;
    struct verified verified;
    must(store_open(dir, &store, &err), &err);
    store_set_schemas(store, fixture_schema, NULL);
    must(store_verify(store, ignore, NULL, &verified, &err), &err);
    store_free(&store);
    return verified.events;
}

static void a_copy_is_whole_while_somebody_writes(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = store_named("busy", device_keys[0]);
    char *dir = file_path(fixture_dir, "busy"), *copies = file_path(fixture_dir, "copies");
    char *from = file_path(dir, STORE_FILE), *to = file_path(copies, STORE_FILE);
    write_some(store, WRITTEN_BEFORE);
    store_free(&store);
    must(file_make_dirs(copies, &err), &err);
    pid_t child = fork();
    if (child == 0) {
        store = NULL;
        if (store_open(dir, &store, &err))
            _exit(1);
        store_set_schemas(store, fixture_schema, NULL);
        for (;;)
            write_some(store, 1);
    }
    for (int i = 0; i < 5; i++) {
        must(backup_copy(from, to, NULL, NULL, &err), &err);
        assert_true(verified_events(copies) >= WRITTEN_BEFORE);
        assert_int_equal(backup_copy(from, to, NULL, NULL, &err), E_EXISTS);
        assert_int_equal(unlink(to), 0);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    xfree(&dir);
    xfree(&copies);
    xfree(&from);
    xfree(&to);
}

static bool stop(void *context, int64_t done, int64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return false;
}

static void what_is_no_database_or_stopped_leaves_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    char *from = file_path(fixture_dir, "noise.db"), *to = file_path(fixture_dir, "noise-copy.db");
    char noise[8192];
    memset(noise, 'x', sizeof noise);
    must(file_write(from, noise, sizeof noise, &err), &err);
    assert_int_equal(backup_copy(from, to, NULL, NULL, &err), E_CORRUPT);
    assert_false(file_exists(to));
    char *real = file_path(fixture_dir, "busy/" STORE_FILE);
    assert_int_equal(backup_copy(real, to, stop, NULL, &err), E_CANCELLED);
    assert_false(file_exists(to));
    assert_int_equal(backup_copy("/nowhere/at.all", to, NULL, NULL, &err), E_NOT_FOUND);
    xfree(&real);
    xfree(&from);
    xfree(&to);
}

/* Two a day for 400 days: the newest of each of 7 days, and of each of 12 months. */
static void old_copies_are_thinned(void **state)
{
    (void)state;
    struct error err = {0};
    struct backup_files files;
    char *dir = file_path(fixture_dir, "thin"), name[BACKUP_NAME_SIZE];
    const int64_t last = date_days((struct date){2026, 11, 24});
    long gone;
    must(file_make_dirs(dir, &err), &err);
    for (int64_t day = last - 399; day <= last; day++)
        for (int hour = 9; hour <= 17; hour += 8) {
            struct office_time t = {date_from_days(day), hour, 30, 0, 0};
            backup_name(name, office_time_ms(&t));
            char *path = file_path(dir, name);
            must(file_write(path, "x", 1, &err), &err);
            xfree(&path);
        }
    char *other = file_path(dir, "notes.txt");
    must(file_write(other, "x", 1, &err), &err);
    must(backup_thin(dir, 7, 12, &gone, &err), &err);
    must(backup_list(dir, &files, &err), &err);
    assert_int_equal(gone, 800 - 7 - 11); /* the newest month is there by its newest day */
    assert_int_equal(files.count, 18);
    assert_string_equal(files.items[0].name, "satomado-20261124-173000.db");
    assert_string_equal(files.items[6].name, "satomado-20261118-173000.db");
    assert_string_equal(files.items[7].name, "satomado-20261031-173000.db");
    assert_string_equal(files.items[17].name, "satomado-20251231-173000.db");
    assert_true(file_exists(other));
    must(backup_thin(dir, 7, 12, &gone, &err), &err);
    assert_int_equal(gone, 0);
    backup_files_free(&files);
    xfree(&other);
    xfree(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_whole_while_somebody_writes),
        cmocka_unit_test(what_is_no_database_or_stopped_leaves_nothing),
        cmocka_unit_test(old_copies_are_thinned),
    };
    return cmocka_run_group_tests(tests, fixture_build, fixture_tear);
}
