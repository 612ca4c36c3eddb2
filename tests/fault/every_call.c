/*
 * every_call: each call to the operating system that reads or writes a file fails once, or from
 * there on, while a record is saved, a day closed, a bundle written, copied, taken in, a receipt
 * taken in, everything rebuilt, a record disposed of. Every time: a reason is given, nothing is
 * half done, no part of a file is left, and doing it again ends as if nothing had been. every_call
 * [all] [WORK]    a sample of the calls, or all of them; of all work, or of one
 */
#include "../unit/bundle/bundle_fixture.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "bundle/copy.h"
#include "store/attachment.h"
#include "store/dispose.h"
#include "store/verify.h"

/* --- The calls: those of SQLite come here too, since these names are the program's --- */

enum { SAMPLE = 8 }; /* one call in so many */

enum kind { NO_SPACE, BAD_DISK, SHORT, KINDS };

static struct {
    bool armed, lasting;
    enum kind kind;
    long countdown; /* calls until it fails */
    long failed;
} fault;

static const char *const kind_names[] = {"no space", "bad disk", "short"};

/* Whether this call fails. */
static bool strikes(void)
{
    if (!fault.armed || --fault.countdown > 0 || (fault.countdown < 0 && !fault.lasting))
        return false;
    fault.failed++;
    return true;
}

static int fail_call(void)
{
    errno = fault.kind == BAD_DISK ? EIO : ENOSPC;
    return -1;
}

#define REAL(type, name, ...)         \
    static type (*real)(__VA_ARGS__); \
    if (!real)                        \
    *(void **)&real = dlsym(RTLD_NEXT, name)

/* Half of it is done, once or every time: whoever asks must go on where it ended. */
static size_t half(size_t len)
{
    return fault.kind == SHORT && len > 1 ? len / 2 : 0;
}

ssize_t write(int fd, const void *data, size_t len)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (fd > 2 && strikes())
        return half(len) ? real(fd, data, half(len)) : fail_call();
    return real(fd, data, len);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (strikes())
        return half(len) ? real(fd, data, half(len), at) : fail_call();
    return real(fd, data, len, at);
}

ssize_t read(int fd, void *data, size_t len)
{
    REAL(ssize_t, "read", int, void *, size_t);
    if (fault.kind != NO_SPACE && strikes())
        return half(len) ? real(fd, data, half(len)) : fail_call();
    return real(fd, data, len);
}

ssize_t pread(int fd, void *data, size_t len, off_t at)
{
    REAL(ssize_t, "pread", int, void *, size_t, off_t);
    if (fault.kind != NO_SPACE && strikes())
        return half(len) ? real(fd, data, half(len), at) : fail_call();
    return real(fd, data, len, at);
}

ssize_t pread64(int fd, void *data, size_t len, off64_t at)
{
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    if (fault.kind != NO_SPACE && strikes())
        return half(len) ? real(fd, data, half(len), at) : fail_call();
    return real(fd, data, len, at);
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return strikes() ? fail_call() : real(fd);
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    return strikes() ? fail_call() : real(fd);
}

int ftruncate64(int fd, off64_t len)
{
    REAL(int, "ftruncate64", int, off64_t);
    return strikes() ? fail_call() : real(fd, len);
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return strikes() ? fail_call() : real(from, to);
}

/* --- What is done --- */

static char out_dir[128];
static struct bundle_written up, blobs, laptop_up, extract, receipt;

static enum status save(struct store *store, struct error *err)
{
    char id[UUID_SIZE];
    uuid7_new(id);
    struct writing w = {store,
                        COUNTER,
                        id,
                        "finalise",
                        SET("state", "received", "name", "石動", "kana", "イスルギ"),
                        false};
    return store_transaction(store, append_set, &w, err);
}

static enum status close_it(struct store *store, struct error *err)
{
    struct day_closing c = {store, COUNTER, NULL, NULL};
    return store_transaction(store, append_day_close, &c, err);
}

static enum status write_chain(struct store *store, struct error *err)
{
    struct user_keys keys = {user_keys_of[COUNTER], device_keys[COUNTER]};
    const struct bundle_order order = {.dir = out_dir};
    struct bundle_written written;
    return bundle_write_chain(store, &keys, &order, &written, err);
}

static enum status send_blobs(struct store *store, const char *dir, struct bundle_written *written,
                              struct error *err)
{
    struct user_keys keys = {user_keys_of[LAPTOP], device_keys[LAPTOP]};
    const struct bundle_order order = {.dir = dir};
    struct strings list = STRINGS_INIT;
    enum status st = bundle_blobs_to_send(store, &laptop_up, &list, err);
    if (!st)
        st = bundle_write_blobs(store, &keys, &order, NULL, &list, written, err);
    strings_free(&list);
    return st;
}

static enum status write_blobs(struct store *store, struct error *err)
{
    struct bundle_written written;
    return send_blobs(store, out_dir, &written, err);
}

static enum status copy_out(struct store *store, struct error *err)
{
    char path[512];
    (void)store;
    return bundle_copy(up.path, out_dir, path, err);
}

static enum status take(struct store *store, size_t place, const struct bundle_written *bundle,
                        struct error *err)
{
    struct bundle_applied applied;
    return take_in(store, place, bundle->path, &applied, err);
}

static enum status take_chain(struct store *store, struct error *err)
{
    return take(store, TOWN, &up, err);
}

static enum status take_blobs(struct store *store, struct error *err)
{
    return take(store, TOWN, &blobs, err);
}

static enum status take_extract(struct store *store, struct error *err)
{
    return take(store, COUNTER, &extract, err);
}

static enum status take_receipt(struct store *store, struct error *err)
{
    return take(store, COUNTER, &receipt, err);
}

static enum status rebuild(struct store *store, struct error *err)
{
    return projection_rebuild(store, NULL, NULL, err);
}

static enum status append_disposal(void *context, struct error *err)
{
    struct user_keys keys = {user_keys_of[TOWN], device_keys[TOWN]};
    struct line body = event_body();
    char *record = NULL;
    line_add_text(&body, "reason", "保存期間満了");
    database_string(store_database(context), NULL, &record, "SELECT min(record) FROM record", "");
    struct journal_entry entry = {OP_DISPOSE, record, "demo@1", &body};
    enum status st = journal_append(context, &keys, &entry, NULL, err);
    xfree(&record);
    return st;
}

static enum status dispose(struct store *store, struct error *err)
{
    int64_t done = 0;
    enum status st = database_int(store_database(store), err, &done,
                                  "SELECT count(*) FROM event WHERE op=6", "");
    if (!st && !done)
        st = store_transaction(store, append_disposal, store, err);
    return st ? st : dispose_sweep(store, err);
}

static const struct work {
    const char *name, *place;
    size_t device;
    enum status (*run)(struct store *store, struct error *err);
    bool in_steps; /* what is done before it fails stays, and is gone on with */
    bool leaves;   /* a file in out_dir */
} works[] = {
    {"a record is saved", "counter", COUNTER, save, false, false},
    {"a day is closed", "counter", COUNTER, close_it, false, false},
    {"a chain is written", "counter", COUNTER, write_chain, false, true},
    {"attachments are written", "laptop", LAPTOP, write_blobs, false, true},
    {"a bundle is copied", "counter", COUNTER, copy_out, false, true},
    {"a chain is taken in", "town", TOWN, take_chain, true, false},
    {"attachments are taken in", "town", TOWN, take_blobs, true, false},
    {"an extract is taken in", "counter", COUNTER, take_extract, true, false},
    {"a receipt is taken in", "counter", COUNTER, take_receipt, true, false},
    {"everything is rebuilt", "done", TOWN, rebuild, false, false},
    {"a record is disposed of", "done", TOWN, dispose, true, false},
};

/* --- Places it begins with --- */

static void several_records(struct store *store, size_t device)
{
    char id[UUID_SIZE];
    for (int i = 0; i < 4; i++) {
        uuid7_new(id);
        put(store, device, id, NULL, SET("name", "桐生", "kana", "キリュウ", "phone", "090-1"));
        put(store, device, id, "finalise", SET("state", "received"));
    }
}

static enum status attach(void *context, struct error *err)
{
    struct user_keys keys = {user_keys_of[LAPTOP], device_keys[LAPTOP]};
    char blob[HASH_HEX_SIZE], id[UUID_SIZE], *file = file_path(fixture_dir, "copy.jpg");
    struct line body;
    uuid7_new(id);
    enum status st = attachment_add(context, file, "copy.jpg", "委任状", blob, err);
    xfree(&file);
    if (!st)
        st = attachment_body(context, blob, &body, err);
    if (st)
        return st;
    map_set(line_add_map(&body, "set"), "note", blob);
    struct journal_entry entry = {OP_ATTACH, id, "demo@1", &body};
    return journal_append(context, &keys, &entry, NULL, err);
}

static void make_places(void)
{
    struct error err = {0};
    struct buffer bytes = BUFFER_INIT;
    char *file = file_path(fixture_dir, "copy.jpg");
    struct store *counter = store_named("counter", device_keys[COUNTER]);
    struct store *laptop = store_named("laptop", device_keys[LAPTOP]);
    struct store *town = store_named("town", device_keys[TOWN]);
    struct store *done = store_named("done", device_keys[TOWN]);
    for (unsigned i = 0; bytes.len < ATTACHMENT_PIECE + 1000; i++)
        buffer_printf(&bytes, "%u,", i * i);
    must(file_write(file, bytes.data, bytes.len, &err), &err);
    must(store_transaction(laptop, attach, laptop, &err), &err);
    must(send_chain(laptop, LAPTOP, false, &laptop_up, &err), &err);
    must(send_blobs(laptop, fixture_dir, &blobs, &err), &err);
    must(take(town, TOWN, &laptop_up, &err), &err);
    several_records(counter, COUNTER);
    close_day(counter, COUNTER);
    must(send_chain(counter, COUNTER, false, &up, &err), &err);
    must(take(done, TOWN, &up, &err), &err);
    send_down(done, COUNTER, &extract, &receipt);
    several_records(counter, COUNTER);
    struct store *stores[] = {counter, laptop, town, done};
    for (size_t i = 0; i < ARRAY_LEN(stores); i++)
        store_free(&stores[i]);
    buffer_free(&bytes);
    xfree(&file);
}

/* --- One try --- */

static void empty(const char *dir)
{
    struct strings dirs = STRINGS_INIT, names = STRINGS_INIT;
    struct error err = {0};
    must(file_make_dirs(dir, &err), &err);
    must(file_list(dir, &dirs, &names, &err), &err);
    for (size_t i = 0; i < names.count; i++) {
        char *path = file_path(dir, names.items[i]);
        unlink(path);
        xfree(&path);
    }
    strings_free(&dirs);
    strings_free(&names);
}

static void copy_files(const char *from, const char *to)
{
    struct strings dirs = STRINGS_INIT, names = STRINGS_INIT;
    struct error err = {0};
    empty(to);
    must(file_list(from, &dirs, &names, &err), &err);
    for (size_t i = 0; i < names.count; i++) {
        struct buffer bytes = BUFFER_INIT;
        char *source = file_path(from, names.items[i]), *target = file_path(to, names.items[i]);
        must(file_read(source, 1 << 26, &bytes, &err), &err);
        must(file_write(target, buffer_text(&bytes), bytes.len, &err), &err);
        buffer_free(&bytes);
        xfree(&source);
        xfree(&target);
    }
    strings_free(&dirs);
    strings_free(&names);
}

static struct store *opened(const char *dir)
{
    struct error err = {0};
    struct store *store;
    must(store_open(dir, &store, &err), &err);
    store_set_schemas(store, fixture_schema, NULL);
    return store;
}

static size_t files_in(const char *dir, struct strings *names)
{
    struct strings dirs = STRINGS_INIT;
    struct error err = {0};
    strings_free(names);
    must(file_list(dir, &dirs, names, &err), &err);
    strings_free(&dirs);
    return names->count;
}

/* All that does not differ from one try to the next as random numbers do. */
static char *state_of(struct store *store)
{
    static const char *const queries[] = {
        "SELECT form,state,conflict,in_force,open FROM record ORDER BY 2",
        "SELECT name,kana,phone,state FROM f_demo ORDER BY 1,2,3,4",
        "SELECT name_key,kana_key,phone_key,hidden FROM search ORDER BY 1,2,3,4",
        "SELECT op,held,body IS NULL,count(*) FROM event GROUP BY 1,2,3",
        "SELECT kind,incoming,count(*) FROM bundle GROUP BY 1,2",
        "SELECT device,seq FROM chain ORDER BY 1",
        "SELECT count(*) FROM checkpoint",
        "SELECT device,seq FROM receipt ORDER BY 1",
        "SELECT count(*) FROM registry",
    };
    struct buffer out = BUFFER_INIT;
    struct attachment_list missing = {0};
    struct error err = {0};
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        dump_query(store, queries[i], &out);
        buffer_add_text(&out, "--\n");
    }
    must(attachment_list_missing(store, &missing, &err), &err);
    buffer_printf(&out, "%zu attachments missing\n", missing.count);
    attachment_list_free(&missing);
    return buffer_steal(&out);
}

static void say(void *context, const char *line)
{
    (void)context;
    print_message("%s\n", line);
}

static void assert_sound(struct store *store, const char *what)
{
    struct error err = {0};
    struct verified verified;
    if (store_verify(store, say, NULL, &verified, &err))
        fail_msg("%s: %s", what, error_text(&err));
}

struct trial {
    const struct work *work;
    char *place, *template;
    char *before, *after;
    long count, unknown;
};

static void begin(struct trial *t)
{
    copy_files(t->template, t->place);
    empty(out_dir);
}

/* What it left in the directories: its file or nothing, and no part of one. */
static void look_for_parts(const struct trial *t, const char *what, bool written)
{
    struct strings names = STRINGS_INIT;
    size_t expected = written && t->work->leaves ? 1 : 0;
    if (files_in(out_dir, &names) != expected || (expected && !str_ends(names.items[0], ".smb")))
        fail_msg("%s: %zu files, the first %s", what, names.count,
                 names.count ? names.items[0] : "none");
    files_in(t->place, &names);
    for (size_t i = 0; i < names.count; i++)
        if (!str_starts(names.items[i], "satomado.db") &&
            !str_starts(names.items[i], "attachments.db"))
            fail_msg("%s left %s", what, names.items[i]);
    strings_free(&names);
}

static void same(const char *now, const char *expected, const char *what)
{
    if (strcmp(now, expected) != 0)
        fail_msg("%s:\n%s\nexpected:\n%s", what, now, expected);
}

/* After it was refused: whole as before, and done when it is tried again. (It may be there when the
 * very last call failed, after SQLite had committed: whoever writes must bear to do so again.) */
static void again(struct trial *t, struct store **store, const char *what)
{
    struct error err = {0};
    store_free(store);
    *store = opened(t->place);
    assert_sound(*store, what);
    char *now = state_of(*store);
    bool there = strcmp(now, t->before) != 0 && strcmp(now, t->after) == 0 && !t->work->in_steps;
    t->unknown += there;
    if (!t->work->in_steps && !there)
        same(now, t->before, what);
    xfree(&now);
    if (there)
        return;
    if (t->work->run(*store, &err))
        fail_msg("%s, again: %s", what, error_text(&err));
    now = state_of(*store);
    same(now, t->after, what);
    xfree(&now);
    look_for_parts(t, what, true);
}

/* False when nothing failed: it has fewer calls than that. */
static bool one_trial(struct trial *t, enum kind kind, bool lasting, long number)
{
    struct error err = {0};
    begin(t);
    struct store *store = opened(t->place);
    char *what = xasprintf("%s, %s at call %ld%s", t->work->name, kind_names[kind], number,
                           lasting ? " and after" : "");
    fault.kind = kind;
    fault.lasting = lasting;
    fault.countdown = number;
    fault.failed = 0;
    fault.armed = true;
    enum status st = t->work->run(store, &err);
    fault.armed = false;
    bool struck = fault.failed > 0;
    if (st && (!*err.detail || strchr(error_text(&err), '\n')))
        fail_msg("%s: no reason in one line: %s", what, error_text(&err));
    if (st && !struck)
        fail_msg("%s: %s", what, error_text(&err));
    if (st && kind == NO_SPACE && st != E_FULL && getenv("EVERY_CALL_WORDS"))
        print_message("%s: %s\n", what, error_text(&err));
    look_for_parts(t, what, !st);
    if (st) {
        again(t, &store, what);
    } else {
        char *now = state_of(store);
        same(now, t->after, what);
        xfree(&now);
    }
    t->count += struck;
    store_free(&store);
    xfree(&what);
    return struck;
}

/* Of a sample others each time. */
static bool all;

static long next_call(void)
{
    return all ? 1 : 1 + random() % (2 * SAMPLE - 1);
}

static long first_call(void)
{
    return all ? 1 : 1 + random() % SAMPLE;
}

static void try_work(const struct work *work)
{
    struct error err = {0};
    struct trial t = {.work = work,
                      .place = file_path(fixture_dir, "place"),
                      .template = file_path(fixture_dir, work->place)};
    begin(&t);
    struct store *store = opened(t.place);
    t.before = state_of(store);
    must(work->run(store, &err), &err);
    t.after = state_of(store);
    store_free(&store);
    for (int kind = 0; kind < KINDS; kind++)
        for (int lasting = 0; lasting < 2; lasting++)
            for (long number = first_call(); one_trial(&t, (enum kind)kind, lasting, number);
                 number += next_call())
                ;
    print_message("# %s: %ld calls failed; %ld times it was there all the same\n", work->name,
                  t.count, t.unknown);
    assert_true(t.count > 4);
    assert_true(t.unknown <= 2 * KINDS);
    char **texts[] = {&t.place, &t.template, &t.before, &t.after};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
}

static void it_is_whole_or_not_at_all(void **state)
{
    try_work(*state);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[ARRAY_LEN(works)];
    size_t count = 0;
    all = argc > 1 && strcmp(argv[1], "all") == 0;
    const char *only = argc > 1 + all ? argv[1 + all] : "", *seed = getenv("SEED");
    unsigned moment = seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)time(NULL);
    srandom(moment);
    printf("# seed %u\n", moment);
    for (size_t i = 0; i < ARRAY_LEN(works); i++)
        if (strstr(works[i].name, only))
            tests[count++] = (struct CMUnitTest){works[i].name, it_is_whole_or_not_at_all, NULL,
                                                 NULL, (void *)(uintptr_t)&works[i]};
    unpack_in_process(true);
    fixture_build(NULL);
    snprintf(out_dir, sizeof out_dir, "%s/out", fixture_dir);
    make_places();
    int rc = _cmocka_run_group_tests("fault/every_call", tests, count, NULL, NULL);
    return fixture_tear(NULL) || rc;
}
