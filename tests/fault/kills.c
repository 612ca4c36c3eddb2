/*
 * kills: a process is ended by SIGKILL at a moment nobody has chosen, while it saves records,
 * closes and sends days, takes bundles and receipts in, rebuilds, disposes of. What it had said was
 * done is there afterwards, nothing is corrupt, no part of a bundle is mistaken for one, and the
 * next process goes on where this one ended, on the same files.
 *
 *     kills [RUNS] [WORK]
 *
 * $SEED decides the moments; $PLAY_PATIENCE is a factor on how late they may be, for slow builds.
 */
#include "../unit/bundle/bundle_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/dispose.h"
#include "store/transport.h"
#include "store/verify.h"

enum {
    RUNS = 984,   /* with those of kill_*.scn a thousand */
    RENEWED = 60, /* runs after which a place begins anew: what it checks grows with it */
    BUNDLES = 24,
    EACH = 6, /* records of a bundle */
};

static int said; /* the pipe to the one who kills */

/* Only after it was done. */
static void say(const char *what)
{
    dprintf(said, "%s\n", what);
}

static struct store *opened(const char *name)
{
    struct error err = {0};
    struct store *store;
    char *dir = file_path(fixture_dir, name);
    must(store_open(dir, &store, &err), &err);
    store_set_schemas(store, fixture_schema, NULL);
    xfree(&dir);
    return store;
}

/* --- Work: each goes on for ever --- */

static void named_record(struct store *store, const char *name, char id[UUID_SIZE])
{
    uuid7_new(id);
    put(store, COUNTER, id, NULL, SET("name", name, "kana", "キリュウ", "phone", "090-1"));
    put(store, COUNTER, id, "finalise", SET("state", "received"));
}

static void save(struct store *store)
{
    char id[UUID_SIZE];
    for (;;) {
        named_record(store, "桐生", id);
        say(id);
    }
}

static void send_days(struct store *store)
{
    struct user_keys keys = {user_keys_of[COUNTER], device_keys[COUNTER]};
    struct error err = {0};
    char id[UUID_SIZE], *dir = file_path(fixture_dir, "stick");
    const struct bundle_order order = {.dir = dir};
    for (;;) {
        struct bundle_written written;
        named_record(store, "桐生", id);
        close_day(store, COUNTER);
        must(bundle_write_chain(store, &keys, &order, &written, &err), &err);
        say(written.path);
    }
}

static struct bundle_written days[BUNDLES], receipts[BUNDLES];

static void take_all(struct store *store, size_t device, const struct bundle_written *bundles)
{
    struct error err = {0};
    for (size_t i = 0;; i++) {
        struct bundle_applied out;
        if (i == BUNDLES)
            pause();
        must(take_in(store, device, bundles[i].path, &out, &err), &err);
        say(bundles[i].id);
    }
}

static void take_days(struct store *store)
{
    take_all(store, TOWN, days);
}

static void take_receipts(struct store *store)
{
    take_all(store, COUNTER, receipts);
}

static void rebuild(struct store *store)
{
    struct error err = {0};
    for (;;) {
        must(projection_rebuild(store, NULL, NULL, &err), &err);
        say("rebuilt");
    }
}

static char *live_record(struct store *store)
{
    char *record = NULL;
    database_string(store_database(store), NULL, &record,
                    "SELECT min(r.record) FROM record r JOIN f_demo f ON f.record=r.record"
                    " WHERE f.name<>''",
                    "");
    return record && *record ? record : NULL;
}

struct ordering {
    struct store *store;
    const char *record;
};

static enum status append_disposal(void *context, struct error *err)
{
    struct ordering *o = context;
    struct user_keys keys = {user_keys_of[TOWN], device_keys[TOWN]};
    struct line body = event_body();
    line_add_text(&body, "reason", "保存期間満了");
    struct journal_entry entry = {OP_DISPOSE, o->record, "demo@1", &body};
    return journal_append(o->store, &keys, &entry, NULL, err);
}

static void dispose(struct store *store)
{
    struct error err = {0};
    if (dispose_due(store))
        must(dispose_sweep(store, &err), &err);
    for (char *record; (record = live_record(store)); xfree(&record)) {
        struct ordering o = {store, record};
        must(store_transaction(store, append_disposal, &o, &err), &err);
        must(dispose_sweep(store, &err), &err);
        say(record);
    }
    pause();
}

/* --- What must be so afterwards; `what` was said to be done --- */

static int64_t number_of(struct store *store, const char *sql, const char *text)
{
    struct error err = {0};
    int64_t n = 0;
    must(database_int(store_database(store), &err, &n, sql, "t", text), &err);
    return n;
}

static void record_is_there(struct store *store, const char *what)
{
    if (number_of(store, "SELECT count(*) FROM f_demo WHERE record=? AND state='received'", what) !=
        1)
        fail_msg("the record %s is lost", what);
}

static void bundle_is_known(struct store *store, const char *what)
{
    if (!transport_knows(store, what))
        fail_msg("the bundle %.8s was taken in, and is not known", what);
}

/* On the stick and noted; that each of them is whole is seen when the town takes them all. */
static void bundle_is_written(struct store *store, const char *what)
{
    if (number_of(store, "SELECT count(*) FROM bundle WHERE file=? AND incoming=0", what) != 1 ||
        !file_exists(what))
        fail_msg("%s was written, and is not there", what);
}

static void record_is_gone(struct store *store, const char *what)
{
    if (number_of(store, "SELECT count(*) FROM f_demo WHERE record=? AND name<>''", what) ||
        number_of(store, "SELECT count(*) FROM event WHERE record=? AND op<>6 AND body IS NOT NULL",
                  what))
        fail_msg("%s was disposed of, and is there", what);
}

static void nothing_to_say(struct store *store, const char *what)
{
    (void)store;
    (void)what;
}

struct work {
    const char *name, *place;
    int longest; /* milliseconds until the kill */
    size_t device;
    void (*run)(struct store *store);
    void (*holds)(struct store *store, const char *what);
    void (*ends)(struct store *store); /* before the place begins anew */
};

static void copy_place(const char *from, const char *to)
{
    char *command =
        xasprintf("cd '%s' && rm -rf '%s' && cp -a '%s' '%s'", fixture_dir, to, from, to);
    assert_int_equal(system(command), 0);
    xfree(&command);
}

/* --- When a place has been killed often enough --- */

/* Whatever lies on the stick under a bundle's name is a whole one, no number is there twice, and
 * the town gets every record from them. */
static void all_days_arrive(struct store *store)
{
    struct strings dirs = STRINGS_INIT, names = STRINGS_INIT;
    struct error err = {0};
    copy_place("blank-town", "arrivals");
    struct store *town = opened("arrivals");
    char *stick = file_path(fixture_dir, "stick"), id[UUID_SIZE];
    struct user_keys keys = {user_keys_of[COUNTER], device_keys[COUNTER]};
    const struct bundle_order order = {.dir = stick};
    struct bundle_written written;
    named_record(store, "桐生", id);
    close_day(store, COUNTER);
    must(bundle_write_chain(store, &keys, &order, &written, &err), &err);
    must(file_list(stick, &dirs, &names, &err), &err);
    for (size_t i = 0; i < names.count; i++) {
        struct bundle_applied out;
        char *file = file_path(stick, names.items[i]);
        if (!str_ends(file, ".smb"))
            fail_msg("%s was left there", file);
        must(take_in(town, TOWN, file, &out, &err), &err);
        unlink(file);
        xfree(&file);
    }
    assert_int_equal(number_of(town, "SELECT count(*) FROM record WHERE form=?", "demo"),
                     number_of(store, "SELECT count(*) FROM record WHERE form=?", "demo"));
    assert_int_equal(number_of(store,
                               "SELECT count(*)-count(DISTINCT number) FROM bundle WHERE kind=?",
                               "chain"),
                     0);
    strings_free(&dirs);
    strings_free(&names);
    xfree(&stick);
    store_free(&town);
}

static char *tables_expected;

/* The same tables as where nobody was killed. */
static void the_same_tables(struct store *store)
{
    struct error err = {0};
    for (size_t i = 0; i < BUNDLES; i++) {
        struct bundle_applied out;
        must(take_in(store, TOWN, days[i].path, &out, &err), &err);
    }
    char *now = dump(store);
    assert_string_equal(now, tables_expected);
    xfree(&now);
}

static void the_same_after_rebuilding(struct store *store)
{
    struct error err = {0};
    char *now = dump(store);
    assert_string_equal(now, tables_expected);
    xfree(&now);
    must(projection_rebuild(store, NULL, NULL, &err), &err);
}

static void nothing_of_it_is_left(struct store *store)
{
    struct error err = {0};
    struct buffer bytes = BUFFER_INIT;
    if (dispose_due(store))
        must(dispose_sweep(store, &err), &err);
    char *record = live_record(store), *file = file_path(store_dir(store), "satomado.db");
    must(file_read(file, 1 << 26, &bytes, &err), &err);
    for (int i = 0; !record && i < BUNDLES * EACH; i++) {
        char name[16];
        snprintf(name, sizeof name, "廃棄%03d番", i);
        if (memmem(bytes.data, bytes.len, name, strlen(name)))
            fail_msg("%s is left in the file", name);
    }
    buffer_free(&bytes);
    xfree(&record);
    xfree(&file);
}

static void nothing_more(struct store *store)
{
    (void)store;
}

static const struct work works[] = {
    {"records are saved", "counter", 40, COUNTER, save, record_is_there, nothing_more},
    {"days are closed and sent", "sender", 40, COUNTER, send_days, bundle_is_written,
     all_days_arrive},
    {"days are taken in", "town", 40, TOWN, take_days, bundle_is_known, the_same_tables},
    {"receipts are taken in", "receiver", 40, COUNTER, take_receipts, bundle_is_known,
     nothing_more},
    {"everything is rebuilt", "full", 120, TOWN, rebuild, nothing_to_say,
     the_same_after_rebuilding},
    {"records are disposed of", "disposer", 120, TOWN, dispose, record_is_gone,
     nothing_of_it_is_left},
};

/* --- Places --- */

/* `blank-PLACE` is what each begins with. */
static void make_places(void)
{
    struct error err = {0};
    struct user_keys keys = {user_keys_of[TOWN], device_keys[TOWN]};
    const struct bundle_order order = {.dir = fixture_dir};
    struct store *counter = store_named("blank-counter", device_keys[COUNTER]);
    struct store *town = store_named("blank-town", device_keys[TOWN]);
    store_free(&counter);
    store_free(&town);
    copy_place("blank-counter", "writer");
    copy_place("blank-counter", "blank-sender");
    copy_place("blank-town", "blank-full");
    counter = opened("writer");
    town = opened("blank-full");
    for (size_t i = 0; i < BUNDLES; i++) {
        struct bundle_applied out;
        for (int n = 0; n < EACH; n++) {
            char id[UUID_SIZE], name[16];
            snprintf(name, sizeof name, "廃棄%03d番", (int)i * EACH + n);
            named_record(counter, name, id);
        }
        close_day(counter, COUNTER);
        must(send_chain(counter, COUNTER, false, &days[i], &err), &err);
        must(take_in(town, TOWN, days[i].path, &out, &err), &err);
        must(bundle_write_receipt(town, &keys, &order, device_keys[COUNTER]->fingerprint,
                                  &receipts[i], &err),
             &err);
        if (i % 4 == 3)
            must(take_in(counter, COUNTER, receipts[i].path, &out, &err), &err);
    }
    store_free(&counter);
    store_free(&town);
    copy_place("blank-full", "blank-disposer");
    copy_place("writer", "blank-receiver");
    town = opened("blank-full");
    tables_expected = dump(town);
    store_free(&town);
    char *stick = file_path(fixture_dir, "stick");
    must(file_make_dirs(stick, &err), &err);
    xfree(&stick);
}

/* --- One run --- */

static void be_killed(const struct work *work, int pipe_end)
{
    said = pipe_end;
    struct store *store = opened(work->place);
    work->run(store);
    _exit(1);
}

/* What it said until the end, a line each. */
static void listen_to(int pipe_end, struct strings *lines)
{
    struct buffer text = BUFFER_INIT;
    char block[4096];
    for (ssize_t got; (got = read(pipe_end, block, sizeof block)) > 0;)
        buffer_add(&text, block, (size_t)got);
    if (text.len)
        strings_split(lines, buffer_text(&text), '\n');
    if (lines->count && !*lines->items[lines->count - 1])
        xfree(&lines->items[--lines->count]);
    buffer_free(&text);
}

static void note(void *context, const char *line)
{
    (void)context;
    print_message("%s\n", line);
}

static size_t one_run(const struct work *work)
{
    struct strings lines = STRINGS_INIT;
    struct error err = {0};
    struct verified verified;
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    const char *patience = getenv("PLAY_PATIENCE");
    double factor = patience ? strtod(patience, NULL) : 1;
    long moment = random() % (long)(work->longest * 1000 * factor);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        be_killed(work, ends[1]);
    close(ends[1]);
    nanosleep(&(struct timespec){moment / 1000000, moment % 1000000 * 1000}, NULL);
    kill(child, SIGKILL);
    listen_to(ends[0], &lines);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("%s: it ended by itself (%d)", work->name, status);
    struct store *store = opened(work->place);
    if (store_verify_quick(store, note, NULL, &verified, &err))
        fail_msg("%s: %s", work->name, error_text(&err));
    for (size_t i = 0; i < lines.count; i++)
        work->holds(store, lines.items[i]);
    store_free(&store);
    size_t count = lines.count;
    strings_free(&lines);
    return count;
}

static long runs = RUNS;

static void nothing_said_is_lost(void **state)
{
    const struct work *work = *state;
    struct error err = {0};
    struct verified verified;
    size_t done = 0;
    long mine = runs / (long)ARRAY_LEN(works);
    char *blank = xasprintf("blank-%s", work->place);
    for (long i = 0; i < mine; i++) {
        if (i % RENEWED == 0)
            copy_place(blank, work->place);
        done += one_run(work);
        if (i % RENEWED != RENEWED - 1 && i != mine - 1)
            continue;
        struct store *store = opened(work->place);
        work->ends(store);
        if (store_verify(store, note, NULL, &verified, &err))
            fail_msg("%s: %s", work->name, error_text(&err));
        store_free(&store);
    }
    print_message("# %s: killed %ld times, said %zu times that something was done\n", work->name,
                  mine, done);
    assert_true(done > 0);
    xfree(&blank);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[ARRAY_LEN(works)];
    size_t count = 0;
    const char *seed = getenv("SEED"), *only = argc > 2 ? argv[2] : "";
    unsigned moment = seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)time(NULL);
    runs = argc > 1 && *argv[1] ? strtol(argv[1], NULL, 10) : RUNS;
    srandom(moment);
    printf("# seed %u\n", moment);
    fflush(stdout);
    for (size_t i = 0; i < ARRAY_LEN(works); i++)
        if (strstr(works[i].name, only))
            tests[count++] = (struct CMUnitTest){works[i].name, nothing_said_is_lost, NULL, NULL,
                                                 (void *)(uintptr_t)&works[i]};
    unpack_in_process(true);
    fixture_build(NULL);
    make_places();
    int rc = _cmocka_run_group_tests("fault/kills", tests, count, NULL, NULL);
    xfree(&tables_expected);
    return fixture_tear(NULL) || rc;
}
