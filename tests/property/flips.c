/*
 * flips: every bit of a bundle of 64 KiB turned over, one at a time, and the bundle cut at every
 * length: each is refused with a reason, no row changes, no file is left.
 *   flips        a sample of 20,000
 *   flips all    every one of them
 */
#include "../unit/bundle/bundle_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { SIZE = 65536, SAMPLE_BITS = 16000, SAMPLE_CUTS = 4000 };

static bool all;

/* --- The bundle --- */

static uint64_t random_state = 88172645463325252U;

/* Text that does not compress away. */
static void noise(char out[161])
{
    for (size_t i = 0; i < 160; i++) {
        random_state ^= random_state << 13;
        random_state ^= random_state >> 7;
        random_state ^= random_state << 17;
        out[i] = (char)('a' + (random_state >> 20) % 26);
    }
    out[160] = '\0';
}

static struct bundle_written big_bundle(void)
{
    struct error err = {0};
    struct bundle_written written;
    struct store *store = store_named("kiri1", device_keys[COUNTER]);
    struct stat info = {.st_size = 0};
    for (int records = 120; info.st_size < SIZE; records = 1) {
        for (int i = 0; i < records; i++) {
            char id[UUID_SIZE], note[161];
            uuid7_new(id);
            noise(note);
            put(store, COUNTER, id, NULL, SET("note", note));
            put(store, COUNTER, id, "finalise", SET("state", "received"));
        }
        close_day(store, COUNTER);
        must(send_chain(store, COUNTER, false, &written, &err), &err);
        assert_int_equal(stat(written.path, &info), 0);
    }
    store_free(&store);
    return written;
}

/* --- A place that must not change --- */

struct target {
    struct store *store;
    char *dir, *database, *file;
    struct stat before;
    long entries, refused;
};

static long entries_of(const char *dir)
{
    long count = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    while (readdir(d))
        count++;
    closedir(d);
    return count;
}

static void refuse(struct target *t, const char *what, size_t at)
{
    struct bundle_applied applied;
    struct error err = {0};
    struct stat now;
    enum status st = take_in(t->store, TOWN, t->file, &applied, &err);
    if (!st || !*err.detail || applied.events || applied.entries)
        fail_msg("%s %zu: %s", what, at, st ? "no reason given" : "taken in");
    assert_int_equal(stat(t->database, &now), 0);
    if (now.st_mtim.tv_sec != t->before.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != t->before.st_mtim.tv_nsec || now.st_size != t->before.st_size)
        fail_msg("%s %zu: the database was written", what, at);
    if (entries_of(t->dir) != t->entries)
        fail_msg("%s %zu: a file was left", what, at);
    t->refused++;
}

static void flip_bits(struct target *t, int fd, const struct buffer *bytes)
{
    size_t bits = bytes->len * 8, step = all ? 1 : bits / SAMPLE_BITS;
    /* An odd step comes by every bit of a byte; a shorter one, so that the sample is whole. */
    step = (step - 1) | 1;
    for (size_t bit = 0; bit < bits; bit += step) {
        char flipped = (char)(bytes->data[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(pwrite(fd, &flipped, 1, (off_t)(bit / 8)), 1);
        refuse(t, "bit", bit);
        assert_int_equal(pwrite(fd, bytes->data + bit / 8, 1, (off_t)(bit / 8)), 1);
        if (all && bit % 65536 == 65535)
            fprintf(stderr, "# %zu of %zu bits\n", bit + 1, bits);
    }
}

static void cut_short(struct target *t, int fd, const struct buffer *bytes)
{
    size_t step = all ? 1 : bytes->len / SAMPLE_CUTS;
    for (size_t len = bytes->len - 1; len < bytes->len; len -= step) {
        assert_int_equal(ftruncate(fd, (off_t)len), 0);
        refuse(t, "cut at", len);
    }
}

static struct buffer bytes_of(const char *file)
{
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    must(file_read(file, 1 << 26, &bytes, &err), &err);
    return bytes;
}

static void nothing_spoiled_is_taken_in(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_applied applied;
    unpack_in_process(true);
    struct bundle_written written = big_bundle();
    struct buffer bytes = bytes_of(written.path);
    struct target t = {.store = store_named("town", device_keys[TOWN]), .file = written.path};
    t.dir = file_path(fixture_dir, "town");
    t.database = file_path(t.dir, "satomado.db");
    must(bundle_verify(t.store, root_key, t.file, &applied, &err), &err);
    struct buffer before = bytes_of(t.database);
    assert_int_equal(stat(t.database, &t.before), 0);
    t.entries = entries_of(t.dir);
    int fd = open(t.file, O_RDWR);
    assert_true(fd >= 0);
    flip_bits(&t, fd, &bytes);
    cut_short(&t, fd, &bytes);
    struct buffer after = bytes_of(t.database);
    assert_int_equal(after.len, before.len);
    assert_memory_equal(after.data, before.data, before.len);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(pwrite(fd, bytes.data, bytes.len, 0), bytes.len);
    close(fd);
    must(take_in(t.store, TOWN, t.file, &applied, &err), &err); /* whole it is taken */
    assert_true(applied.records >= 120);
    print_message("%ld spoiled bundles of %zu bytes refused\n", t.refused, bytes.len);
    assert_true(t.refused >= SAMPLE_BITS + SAMPLE_CUTS);
    store_free(&t.store);
    struct buffer *buffers[] = {&bytes, &before, &after};
    for (size_t i = 0; i < ARRAY_LEN(buffers); i++)
        buffer_free(buffers[i]);
    xfree(&t.dir);
    xfree(&t.database);
}

int main(int argc, char **argv)
{
    all = argc > 1 && strcmp(argv[1], "all") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_spoiled_is_taken_in)};
    return cmocka_run_group_tests_name("property/flips", tests, fixture_build, fixture_tear);
}
