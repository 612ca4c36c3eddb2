/*
 * travel: a day's events on their way to the town.
 *
 *   travel write DIR N LINES RUNS   N events more in the office DIR, the day closed, the bundle
 *   travel grow DIR N RUNS          the same without lines
 *   travel export DIR RUNS          the bundle again
 *   travel apply TOWN FILE          the town takes it in
 *   travel beside TOWN FILE         the same while somebody else saves there, again and again
 *   travel down TOWN RUNS           what the town writes when its places have confirmed all of it
 *
 * A bundle is written RUNS times. LINES becomes the same events as plain lines, for other tools;
 * the bundle's path is given as a line "# bundle PATH".
 */
#include <stdio.h>
#include <stdlib.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "bundle/writer.h"
#include "house.h"
#include "measure.h"
#include "office/day.h"
#include "office/transfer.h"
#include "store/store.h"

enum { AT_ONCE = 100 };

struct batch {
    struct house *house;
    unsigned long first;
};

static enum status enter_batch(void *context, struct error *err)
{
    struct batch *b = context;
    (void)err;
    for (unsigned long i = 0; i < AT_ONCE; i++) {
        struct person p;
        person_make(&p, b->first + i);
        struct entry *entry = house_entry(b->house, &p);
        house_explain(entry);
        house_finalise(entry);
        entry_free(&entry);
    }
    return OK;
}

/* Until the chain has `events` more. */
static void enter(const char *dir, int64_t events)
{
    struct house house;
    struct error err;
    house_open(&house, dir, "yamada");
    events += house_head(&house);
    for (struct batch b = {&house, 0}; house_head(&house) < events; b.first += AT_ONCE)
        must(store_transaction(office_store(house.office), enter_batch, &b, &err), &err);
    house_close(&house);
}

static void write_lines(struct house *house, const char *file)
{
    struct error err;
    struct buffer lines = BUFFER_INIT;
    house_lines(house, 0, &lines);
    must(file_write(file, lines.data, lines.len, &err), &err);
    report("export.lines.bytes", (double)lines.len);
    buffer_free(&lines);
}

/* Everything the town has no receipt for, again and again. */
static void export(struct house *house, const char *dir, long runs)
{
    struct error err;
    struct samples ms = {0};
    struct bundle_written written = {.path = ""};
    char *out = file_path(dir, "bundles/out");
    const struct bundle_order order = {.dir = out};
    measure_memory_forget();
    long idle = measure_memory("VmRSS");
    for (long i = 0; i < runs; i++) {
        double start = measure_now();
        must(bundle_write_chain(office_store(house->office), session_keys(house->session), &order,
                                &written, &err),
             &err);
        samples_add(&ms, measure_now() - start);
    }
    report_samples("export", &ms);
    report("export.events", (double)written.events);
    report("export.kib", (double)(measure_memory("VmHWM") - idle));
    printf("# bundle %s\n", written.path);
    samples_free(&ms);
    xfree(&out);
}

static void close_and_export(const char *dir, const char *lines, long runs)
{
    struct house house;
    struct error err;
    struct day_result day;
    house_open(&house, dir, "sato");
    double start = measure_now();
    must(day_close(house.session, clock_today(), NULL, NULL, NULL, &day, &err), &err);
    report("close.ms", measure_now() - start);
    export(&house, dir, runs);
    if (lines)
        write_lines(&house, lines);
    house_close(&house);
}

static void export_again(const char *dir, long runs)
{
    struct house house;
    house_open(&house, dir, "sato");
    export(&house, dir, runs);
    house_close(&house);
}

/* --- Somebody else who saves meanwhile --- */

struct other {
    pid_t pid;
    int stop, result; /* closing one asks for the other */
};

static enum status save_something(void *context, struct error *err)
{
    return store_set_fact(context, "bench", "1", err);
}

/* Saves again and again; what counts is the longest it had to wait. */
static void save_beside(const char *dir, int stop, int result)
{
    struct pollfd ended = {.fd = stop, .events = POLLIN};
    struct store *store;
    struct error err;
    double longest = 0;
    must(store_open(dir, &store, &err), &err);
    while (poll(&ended, 1, 5) == 0) {
        double start = measure_now();
        must(store_transaction(store, save_something, store, &err), &err);
        double took = measure_now() - start;
        longest = took > longest ? took : longest;
    }
    store_free(&store);
    if (write(result, &longest, sizeof longest) != sizeof longest)
        die("pipe");
    _exit(0);
}

/* Before this process has opened anything itself. */
static struct other other_begin(const char *dir)
{
    int stop[2], result[2];
    if (pipe(stop) != 0 || pipe(result) != 0)
        die("pipe");
    struct other other = {fork(), stop[1], result[0]};
    if (other.pid == 0) {
        close(stop[1]);
        save_beside(dir, stop[0], result[1]);
    }
    close(stop[0]);
    close(result[1]);
    return other;
}

static double other_end(struct other *other)
{
    double longest = -1;
    close(other->stop);
    if (read(other->result, &longest, sizeof longest) != sizeof longest)
        die("the one who saved beside was stopped");
    close(other->result);
    waitpid(other->pid, NULL, 0);
    return longest;
}

static void apply(const char *dir, const char *file, bool beside)
{
    struct house house;
    struct error err;
    struct transfer_applied applied;
    struct other other = {0};
    if (beside)
        other = other_begin(dir);
    house_open(&house, dir, "kacho");
    measure_memory_forget();
    long idle = measure_memory("VmRSS");
    double start = measure_now();
    must(transfer_apply(house.session, file, &applied, &err), &err);
    report("apply.ms", measure_now() - start);
    report("apply.kib", (double)(measure_memory("VmHWM") - idle));
    report("apply.events", (double)applied.events);
    if (beside)
        report("apply.wait", other_end(&other));
    transfer_applied_free(&applied);
    house_close(&house);
}

/* --- Back: nothing is new --- */

static void send_down(struct house *house, const char *out)
{
    struct error err;
    struct strings files = STRINGS_INIT;
    must(transfer_create(house->session, &(struct transfer_order){.to = out}, &files, &err), &err);
    strings_free(&files);
}

static void down(const char *dir, long runs)
{
    struct house house;
    struct error err;
    struct samples ms = {0};
    char *out = file_path(dir, "bundles/out");
    house_open(&house, dir, "kacho");
    send_down(&house, out);
    must(database_script(store_database(office_store(house.office)),
                         "UPDATE bundle SET received=at WHERE incoming=0 AND kind='extract'", &err),
         &err);
    for (long i = 0; i < runs; i++) {
        double start = measure_now();
        send_down(&house, out);
        samples_add(&ms, measure_now() - start);
    }
    report_samples("down", &ms);
    samples_free(&ms);
    house_close(&house);
    xfree(&out);
}

int main(int argc, char **argv)
{
    int code = house_child(argc, argv);
    if (code >= 0)
        return code;
    if (argc == 6 && strcmp(argv[1], "write") == 0) {
        enter(argv[2], strtol(argv[3], NULL, 10));
        close_and_export(argv[2], argv[4], strtol(argv[5], NULL, 10));
    } else if (argc == 5 && strcmp(argv[1], "grow") == 0) {
        enter(argv[2], strtol(argv[3], NULL, 10));
        close_and_export(argv[2], NULL, strtol(argv[4], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "export") == 0) {
        export_again(argv[2], strtol(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "down") == 0) {
        down(argv[2], strtol(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "apply") == 0) {
        apply(argv[2], argv[3], false);
    } else if (argc == 4 && strcmp(argv[1], "beside") == 0) {
        apply(argv[2], argv[3], true);
    } else {
        die("travel write DIR N LINES RUNS | travel grow DIR N RUNS | travel export DIR RUNS | "
            "travel down TOWN RUNS | travel apply|beside TOWN FILE");
    }
    return 0;
}
