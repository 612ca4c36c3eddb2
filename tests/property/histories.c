/*
 * histories: random histories of an office of two counters, its laptop and the town: they write,
 * close, send, take in, lose, get twice and out of order; a database is put back from an old copy,
 * or copied and used twice. After each the tables of every place are what a plain model says of the
 * events it has, and nothing anybody was told is saved is missing at the town.
 *   histories [RUNS [SEED]]
 */
#include "../unit/bundle/bundle_fixture.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include "model.h"
#include "store/form_table.h"

enum {
    CLONE = DEVICES, /* the copied database of a counter */
    PLACES,
    RECORDS = 4,
    FILES = 64,
    STEPS_LEAST = 20,
    STEPS_MORE = 50,
    RUNS = 60, /* in make check */
};

struct file {
    char path[512];
    size_t to;   /* place it is for; TOWN also for the other counter */
    size_t from; /* place */
    bool chain, receipt;
    bool holds[MODEL_EVENTS]; /* of the model */
};

struct world {
    struct store *stores[PLACES];
    struct model model;
    struct model_place places[PLACES];
    bool own[PLACES][MODEL_EVENTS]; /* of the place's own chain, as its database has it */
    char records[RECORDS][UUID_SIZE];
    struct file files[FILES];
    size_t file_count;
    bool copied;     /* there is a clone */
    size_t original; /* of it */
    char *backup;    /* an old copy of a database */
    size_t backup_of;
    struct model_place backup_place;
    bool backup_own[MODEL_EVENTS];
    uint64_t random;
    uint64_t seed;
};

/* What happened in all of them. */
struct happened {
    _Atomic long histories, applied, held, forks, refused, conflicts;
};

static struct world world;
static struct happened *happened;
static char *template; /* a database with the registry and nothing else */

static uint64_t below(uint64_t n)
{
    struct world *w = &world;
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (w->random >> 11) % n;
}

static size_t device_of(size_t place)
{
    return place == CLONE ? world.original : place;
}

/* --- Databases --- */

static const char *place_name(size_t place)
{
    return place == CLONE ? "clone" : places[place].name;
}

static char *database_of(size_t place)
{
    return xasprintf("%s/%s/satomado.db", fixture_dir, place_name(place));
}

static void copy_file(const char *from, const char *to)
{
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    must(file_read(from, 1 << 26, &bytes, &err), &err);
    FILE *out = fopen(to, "w");
    assert_true(out && fwrite(bytes.data, 1, bytes.len, out) == bytes.len && fclose(out) == 0);
    buffer_free(&bytes);
}

/* What is asked here is what the tables say, not whether a power cut or a neighbour harms them. */
static void leave_alone(struct store *store)
{
    struct error err = {0};
    must(database_script(store_database(store),
                         "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY;"
                         " PRAGMA synchronous=OFF",
                         &err),
         &err);
}

static void open_place(size_t place)
{
    struct error err = {0};
    char *dir = file_path(fixture_dir, place_name(place));
    must(store_open(dir, &world.stores[place], &err), &err);
    store_set_schemas(world.stores[place], fixture_schema, NULL);
    leave_alone(world.stores[place]);
    xfree(&dir);
}

/* Opening a new database costs more. What stays is what a place begins with, by name: a table that
 * is added later is emptied like the others. */
static void empty_place(size_t place)
{
    struct database *db = store_database(world.stores[place]);
    struct error err = {0};
    char *script;
    must(database_string(
             db, &err, &script,
             "SELECT 'BEGIN; ' || group_concat('DELETE FROM \"' || name || '\"' ||"
             " iif(name='fact', ' WHERE key NOT IN (''device'', ''collator'')', ''), ';')"
             " || '; COMMIT' FROM sqlite_schema WHERE type='table'"
             " AND name NOT IN ('registry', 'form_column', 'account')"
             " AND name NOT LIKE '%\\_gram\\_%' ESCAPE '\\'" /* FTS5's own */,
             ""),
         &err);
    must(database_script(db, script, &err), &err);
    xfree(&script);
}

static void begin_places(void)
{
    struct error err = {0};
    for (size_t d = 0; d < DEVICES; d++) {
        world.stores[d] = store_named(places[d].name, device_keys[d]);
        must(form_tables_prepare(world.stores[d], fixture_schema(NULL, "demo", 1), &err), &err);
        leave_alone(world.stores[d]);
    }
    char *dir = file_path(fixture_dir, "clone");
    must(file_make_dirs(dir, &err), &err);
    xfree(&dir);
    template = file_path(fixture_dir, "backup.db");
}

/* --- What is written --- */

struct acting {
    size_t place;
    struct journal_entry entry;
    struct event event;
};

static enum status append(void *context, struct error *err)
{
    struct acting *a = context;
    size_t device = device_of(a->place);
    struct user_keys keys = {user_keys_of[device], device_keys[device]};
    return journal_append(world.stores[a->place], &keys, &a->entry, &a->event, err);
}

static void keep(size_t place, const struct event *event, const char *from, bool decision)
{
    size_t at = model_add(&world.model, device_of(place), event, from, decision);
    world.places[place].has[at] = world.own[place][at] = true;
    clock_set(clock_now() + 1000);
}

/* A device that has seen that it is there twice stops writing. */
static bool knows_its_double(size_t place)
{
    size_t device = device_of(place);
    struct store *store = world.stores[place];
    int64_t newest, head;
    char hash[HASH_HEX_SIZE];
    database_int(store_database(store), NULL, &newest, "SELECT max(seq) FROM event WHERE device=?",
                 "t", device_keys[device]->fingerprint);
    journal_head(store, device_keys[device]->fingerprint, &head, hash, NULL);
    return newest > head || journal_fork(store, device_keys[device]->fingerprint) != 0;
}

/* A receipt can only have said so where something of this device is elsewhere and not here. */
static bool is_told_old(size_t place)
{
    bool lacks = false;
    for (size_t e = 0; e < world.model.count; e++)
        lacks = lacks ||
                (world.model.events[e].device == device_of(place) && !world.places[place].has[e]);
    return lacks && journal_stopped(world.stores[place]);
}

static void write_event(size_t place, const char *record, const char *action, const char *from,
                        const char *field, const char *value)
{
    struct error err = {0};
    struct line body = event_body();
    if (action)
        line_add_text(&body, "action", action);
    map_set(line_add_map(&body, "set"), field, value);
    struct acting a = {place, {action ? OP_ACT : OP_PUT, record, "demo@1", &body}, {.seq = 0}};
    enum status st = store_transaction(world.stores[place], append, &a, &err);
    if (st == E_CONFLICT && (knows_its_double(place) || is_told_old(place)))
        return;
    must(st, &err);
    keep(place, &a.event, from, action && strcmp(action, "decide") == 0);
    event_free(&a.event);
}

static void edit(size_t place)
{
    static const char *const values[] = {"一", "二", "三"};
    const char *record = world.records[below(RECORDS)];
    struct record known;
    struct error err = {0};
    bool there = record_load(world.stores[place], record, &known, &err) == OK;
    char state[16];
    snprintf(state, sizeof state, "%s", there ? record_value(&known, "state") : "");
    if (there)
        record_free(&known);
    size_t device = device_of(place);
    if (!*state)
        write_event(place, record, "finalise", "", "state", "received");
    else if (strcmp(state, "received") == 0 && below(4) == 0)
        write_event(place, record, device == TOWN ? "decide" : "withdraw", "received", "state",
                    device == TOWN ? "decided" : "withdrawn");
    else
        write_event(place, record, NULL, NULL, below(2) ? "phone" : "note", values[below(3)]);
}

static void close_place(size_t place)
{
    struct error err = {0};
    struct event event;
    struct day_closing c = {world.stores[place], device_of(place), NULL, &event};
    must(store_transaction(c.store, append_day_close, &c, &err), &err);
    keep(place, &event, NULL, false);
    event_free(&event);
}

/* --- What is sent --- */

static struct file *new_file(size_t from, size_t to, const struct bundle_written *written)
{
    if (world.file_count == FILES)
        return NULL;
    struct file *f = &world.files[world.file_count++];
    *f = (struct file){.from = from, .to = to};
    snprintf(f->path, sizeof f->path, "%s", written->path);
    return f;
}

/* The header says which events of which device, and the place's own view which of two lines. */
static void note_chains(struct file *f)
{
    struct bundle_header header;
    struct buffer bytes = BUFFER_INIT;
    struct error err = {0};
    size_t at;
    must(file_read(f->path, 1 << 26, &bytes, &err), &err);
    must(header_parse(&header, bytes.data, bytes.len, &at, &err), &err);
    for (size_t c = 0; c < header.chain_count; c++)
        for (long e = model_find(&world.model, header.chains[c].head); e >= 0;
             e = model_find(&world.model, world.model.events[e].prev)) {
            f->holds[e] = true;
            if (world.model.events[e].seq == header.chains[c].first)
                break;
        }
    header_free(&header);
    buffer_free(&bytes);
}

static void send_up(size_t place, bool all)
{
    struct bundle_written written;
    struct error err = {0};
    if (world.file_count == FILES)
        return;
    enum status st = send_chain(world.stores[place], device_of(place), all, &written, &err);
    if (st == E_NOT_FOUND)
        return;
    must(st, &err);
    struct file *f = new_file(place, TOWN, &written);
    f->chain = true;
    note_chains(f);
}

static void send_from_town(size_t to)
{
    struct bundle_written extract, receipt;
    if (world.file_count + 2 > FILES)
        return;
    send_down(world.stores[TOWN], to, &extract, &receipt);
    struct file *f = new_file(TOWN, to, &extract);
    model_judge(&world.model, &world.places[TOWN]);
    for (size_t i = 0; i < world.model.count; i++)
        f->holds[i] = world.places[TOWN].has[i] && *world.model.events[i].record &&
                      !*world.places[TOWN].held[i];
    new_file(TOWN, to, &receipt)->receipt = true;
}

/* --- What is taken in --- */

static void take_file(size_t place, const struct file *f)
{
    struct bundle_applied applied;
    struct error err = {0};
    enum status st = take_in(world.stores[place], device_of(place), f->path, &applied, &err);
    switch (st) {
    case OK:
        happened->applied++;
        happened->held += applied.held > 0;
        happened->forks += applied.forks > 0;
        for (size_t i = 0; i < world.model.count; i++)
            world.places[place].has[i] |= f->holds[i];
        break;
    case E_HELD: /* something before it has not come */
        happened->refused++;
        break;
    case E_CONFLICT: /* a copied device hears of its double */
        happened->conflicts++;
        if (!world.copied && !world.backup)
            fail_msg("seed %llu: %s", (unsigned long long)world.seed, error_text(&err));
        break;
    default:
        fail_msg("seed %llu: %s", (unsigned long long)world.seed, error_text(&err));
    }
}

/* As on most days: what came is taken in, and an answer goes back and arrives. */
static void exchange(size_t place)
{
    size_t before = world.file_count;
    if (place != LAPTOP)
        close_place(place);
    send_up(place, false);
    if (world.file_count == before)
        return;
    take_file(TOWN, &world.files[before]);
    before = world.file_count;
    send_from_town(device_of(place));
    for (size_t i = before; i < world.file_count; i++)
        take_file(place, &world.files[i]);
}

static void take_any(void)
{
    if (!world.file_count)
        return;
    const struct file *f = &world.files[below(world.file_count)];
    size_t to = f->to;
    if (f->chain && f->from != TOWN && below(3) == 0) /* to the other counter of the office */
        to = device_of(f->from) == COUNTER ? SECOND : COUNTER;
    if (to == CLONE || (world.copied && to == world.original && below(2)))
        to = CLONE;
    if (to < PLACES && world.stores[to] && device_of(to) != device_of(f->from))
        take_file(to, f);
}

static void lose(void)
{
    if (!world.file_count)
        return;
    size_t at = below(world.file_count);
    unlink(world.files[at].path);
    world.files[at] = world.files[--world.file_count];
}

/* --- Old copies --- */

static void make_backup(size_t place)
{
    char *from = database_of(place);
    world.backup = template;
    world.backup_of = place;
    world.backup_place = world.places[place];
    memcpy(world.backup_own, world.own[place], sizeof world.backup_own);
    copy_file(from, world.backup);
    xfree(&from);
}

static void put_back(void)
{
    size_t place = world.backup_of;
    if (!world.backup)
        return;
    char *to = database_of(place);
    store_free(&world.stores[place]);
    copy_file(world.backup, to);
    open_place(place);
    world.places[place] = world.backup_place;
    memcpy(world.own[place], world.backup_own, sizeof world.backup_own);
    xfree(&to);
}

static void copy_device(size_t place)
{
    char *from = database_of(place), *to = database_of(CLONE);
    if (!world.copied) {
        copy_file(from, to);
        world.copied = true;
        world.original = place;
        open_place(CLONE);
        world.places[CLONE] = world.places[place];
        memcpy(world.own[CLONE], world.own[place], sizeof world.own[place]);
    }
    xfree(&from);
    xfree(&to);
}

/* --- Comparing --- */

static void differ(size_t place, const char *what, const char *model, const char *store)
{
    fail_msg("seed %llu, %s: %s: %s expected, %s there", (unsigned long long)world.seed,
             place_name(place), what, model, store);
}

static void compare_events(size_t place)
{
    struct statement *s;
    struct error err = {0};
    size_t there = 0, expected = 0;
    model_judge(&world.model, &world.places[place]);
    enum status st = database_query(store_database(world.stores[place]), &err, &s,
                                    "SELECT hash, held FROM event", "");
    while (!st && statement_next(s, &st, &err)) {
        long e = model_find(&world.model, statement_text(s, 0));
        if (e < 0 || !world.places[place].has[e])
            differ(place, "an event", "none", statement_text(s, 0));
        if (strcmp(world.places[place].held[e], statement_text(s, 1)) != 0)
            differ(place, event_op_name(world.model.events[e].op), world.places[place].held[e],
                   statement_text(s, 1));
        there++;
    }
    statement_close(&s);
    must(st, &err);
    for (size_t i = 0; i < world.model.count; i++)
        expected += world.places[place].has[i];
    assert_int_equal(there, expected);
    for (size_t d = 0; d < DEVICES; d++)
        assert_int_equal(journal_fork(world.stores[place], device_keys[d]->fingerprint),
                         model_fork(&world.model, &world.places[place], d));
}

static void compare_records(size_t place)
{
    for (size_t r = 0; r < RECORDS; r++)
        for (size_t f = 0; f < MODEL_FIELDS; f++) {
            struct model_value v =
                model_show(&world.model, &world.places[place], world.records[r], f);
            char *sql = xasprintf("SELECT \"%s\" FROM f_demo WHERE record=?", model_fields[f]);
            char *text = NULL;
            struct error err = {0};
            must(database_string(store_database(world.stores[place]), &err, &text, sql, "t",
                                 world.records[r]),
                 &err);
            if (strcmp(text ? text : "", v.value) != 0)
                differ(place, model_fields[f], v.value, text ? text : "nothing");
            xfree(&text);
            xfree(&sql);
        }
}

static enum status compare_place(void *context, struct error *err)
{
    (void)err;
    compare_events(*(size_t *)context);
    compare_records(*(size_t *)context);
    return OK;
}

static void compare_all(void)
{
    struct error err = {0};
    for (size_t p = 0; p < PLACES; p++)
        if (world.stores[p])
            must(database_reading(store_database(world.stores[p]), compare_place, &p, &err), &err);
    /* Whoever has the same events shows the same in every table. */
    for (size_t p = 0; p < PLACES; p++)
        for (size_t q = p + 1; q < PLACES; q++) {
            if (!world.stores[p] || !world.stores[q] ||
                memcmp(world.places[p].has, world.places[q].has, world.model.count) != 0)
                continue;
            char *one = dump(world.stores[p]), *other = dump(world.stores[q]);
            if (strcmp(one, other) != 0)
                differ(p, place_name(q), one, other);
            xfree(&one);
            xfree(&other);
        }
}

/* Everything anybody has goes to the town: what somebody was told is saved, and what was not lost
 * with a database, is there. */
static void bring_home(void)
{
    for (size_t p = 0; p < PLACES; p++)
        if (p != TOWN && world.stores[p] && world.file_count < FILES) {
            size_t before = world.file_count;
            if (p != LAPTOP)
                close_place(p);
            send_up(p, true);
            if (world.file_count > before)
                take_file(TOWN, &world.files[world.file_count - 1]);
        }
    for (size_t p = 0; p < PLACES; p++)
        for (size_t i = 0; p != TOWN && world.stores[p] && i < world.model.count; i++)
            if (world.own[p][i] && !world.places[TOWN].has[i])
                differ(TOWN, "an acknowledged event", world.model.events[i].hash, "missing");
}

/* --- One history --- */

static void step(void)
{
    size_t place = below(world.copied ? PLACES : DEVICES);
    bool town = place == TOWN;
    if (world.model.count + 8 > MODEL_EVENTS)
        return;
    switch (below(24)) {
    case 0 ... 9:
        edit(place);
        break;
    case 10 ... 11:
        if (!town && place != LAPTOP)
            close_place(place);
        break;
    case 12 ... 14:
        if (town)
            send_from_town(below(2) ? COUNTER : below(2) ? SECOND : LAPTOP);
        else
            send_up(place, below(8) == 0);
        break;
    case 15 ... 18:
        take_any();
        break;
    case 19 ... 20:
        if (!town)
            exchange(place);
        break;
    case 21:
        lose();
        break;
    case 22:
        if (!world.backup && !town && place != CLONE)
            make_backup(place);
        else if (below(3) == 0)
            put_back();
        break;
    default:
        if (!world.copied && !town && below(4) == 0)
            copy_device(place);
    }
}

static void clear(void)
{
    for (size_t i = 0; i < world.file_count; i++)
        unlink(world.files[i].path);
    world.file_count = 0;
    model_clear(&world.model);
    memset(world.places, 0, sizeof world.places);
    memset(world.own, 0, sizeof world.own);
    store_free(&world.stores[CLONE]);
    for (size_t d = 0; d < DEVICES; d++)
        empty_place(d);
    world.copied = false;
    world.backup = NULL;
}

static void one_history(uint64_t seed)
{
    world.seed = seed;
    world.random = seed * 0x9e3779b97f4a7c15U + 1;
    for (size_t r = 0; r < RECORDS; r++)
        uuid7_new(world.records[r]);
    for (size_t steps = STEPS_LEAST + below(STEPS_MORE); steps; steps--)
        step();
    compare_all();
    bring_home();
    compare_all();
    clear();
}

static long runs = RUNS;
static unsigned long long seed = 1;

/* One of several processes that share the work: every so manieth history is its own. */
static void work(long worker, long workers)
{
    struct error err = {0};
    size_t len = strlen(fixture_dir);
    snprintf(fixture_dir + len, sizeof fixture_dir - len, "/%ld", worker);
    must(file_make_dirs(fixture_dir, &err), &err);
    begin_places();
    for (long i = worker; i < runs; i += workers) {
        one_history(seed + (uint64_t)i);
        long done = ++happened->histories;
        if (done % 1000 == 0)
            fprintf(stderr, "# %ld histories\n", done);
    }
    for (size_t d = 0; d < DEVICES; d++)
        store_free(&world.stores[d]);
    xfree(&template);
}

static void every_place_shows_what_its_events_say(void **state)
{
    long workers = sysconf(_SC_NPROCESSORS_ONLN);
    (void)state;
    unpack_in_process(true);
    happened =
        mmap(NULL, sizeof *happened, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(happened != MAP_FAILED);
    fflush(NULL);
    for (long w = 0; w < workers; w++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child)
            continue;
        work(w, workers); /* a failure in it ends the test there, and the process with it */
        exit(EXIT_SUCCESS);
    }
    bool good = true;
    for (int how; wait(&how) > 0;)
        good = good && WIFEXITED(how) && WEXITSTATUS(how) == EXIT_SUCCESS;
    assert_true(good);
    struct happened *h = happened;
    print_message("%ld histories: %ld bundles taken in, %ld with something held, %ld with a fork,"
                  " %ld waited for another, %ld told of a copied device\n",
                  h->histories, h->applied, h->held, h->forks, h->refused, h->conflicts);
    assert_int_equal(h->histories, runs);
    assert_true(h->applied > runs && h->forks > 0 && h->refused > 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        runs = strtol(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_place_shows_what_its_events_say)};
    return cmocka_run_group_tests_name("property/histories", tests, fixture_build, fixture_tear);
}
