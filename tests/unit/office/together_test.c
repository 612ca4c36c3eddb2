/* Two counters and a supervisor's command line on one data directory at once: every number is given
 * once, nothing is lost, and nobody waits long for somebody else. */
#include "town_fixture.h"

#include <sys/wait.h>

#include "office/office_internal.h"
#include "store/verify.h"

enum {
    WORK_MS = 2500,
    PAUSE_MS = 5,  /* between two things a person does */
    WAIT_MS = 200, /* nobody waits longer */
};

/* One of them: writes a line "what milliseconds number" for each thing done. */
struct worker {
    const char *dir, *login;
    void (*work)(struct worker *w, struct session *user);
    FILE *notes;
    char *path;
    pid_t pid;
};

static void note(struct worker *w, const char *what, int64_t since, const char *number)
{
    fprintf(w->notes, "%s %lld %s\n", what, (long long)(clock_mono() - since), number);
}

/* Several values typed, the draft saved after each, then 受付確定. */
static void at_the_counter(struct worker *w, struct session *user)
{
    struct error err = {0};
    struct receipt receipt;
    struct entry *entry;
    must(entry_new(user, "furusato_basic", &entry, &err), &err);
    for (size_t i = 0; basic_kiryu[i]; i++) {
        const char *one[] = {basic_kiryu[i], NULL};
        type_all(entry, one);
        int64_t start = clock_mono();
        must(entry_save_draft(entry, "", &err), &err);
        note(w, "draft", start, "-");
        usleep(PAUSE_MS * 1000);
    }
    int64_t start = clock_mono();
    must(entry_finalise(entry, "", &receipt, &err), &err);
    note(w, "finalise", start, receipt.number);
    entry_free(&entry);
}

/* Closes the day over and over; what came later goes into a further bundle. */
static void at_the_command_line(struct worker *w, struct session *user)
{
    struct error err = {0};
    struct day_result result;
    struct day day;
    int64_t start = clock_mono();
    must(day_load(user, clock_today(), &day, &err), &err);
    for (size_t i = 0; i < day.draft_count; i++)
        if (!*day.drafts[i].carried)
            day_carry(user, clock_today(), day.drafts[i].draft, "まだ書いている", &err);
    day_free(&day);
    enum status st = day_close(user, clock_today(), NULL, NULL, NULL, &result, &err);
    if (st != E_RULE && st != E_NOT_FOUND) /* a draft begun since, nothing new since */
        must(st, &err);
    note(w, st ? "refused" : "close", start, "-");
    usleep(20 * PAUSE_MS * 1000);
}

static void run(struct worker *w)
{
    struct place p = place_enter(w->dir, w->login);
    w->notes = fopen(w->path, "w");
    assert_non_null(w->notes);
    for (int64_t end = clock_mono() + WORK_MS; clock_mono() < end;)
        w->work(w, p.user);
    fclose(w->notes);
    place_leave(&p);
}

/* What all of them noted. */
struct tally {
    struct strings numbers;
    long drafts, closings, longest;
    char what[16];
};

static void add_up(const struct worker *w, struct tally *all)
{
    char what[16], number[96];
    long ms;
    FILE *notes = fopen(w->path, "r");
    assert_non_null(notes);
    while (fscanf(notes, "%15s %ld %95s", what, &ms, number) == 3) {
        all->drafts += strcmp(what, "draft") == 0;
        all->closings += strcmp(what, "close") == 0;
        if (strcmp(what, "finalise") == 0) {
            assert_int_equal(strings_find(&all->numbers, number), -1);
            strings_add(&all->numbers, number);
        }
        /* The closing is the supervisor's own work; it must not be felt by the others. */
        if (w->work == at_the_counter && ms > all->longest) {
            all->longest = ms;
            snprintf(all->what, sizeof all->what, "%s", what);
        }
    }
    fclose(notes);
}

static void everything_is_there(const char *dir, const struct tally *all)
{
    struct error err = {0};
    struct record_rows rows;
    struct verified verified;
    struct day_result result;
    struct place p = place_enter(dir, "sato");
    const struct record_filter filter = {.form = "furusato_basic", .numbered = true};
    must(record_query(p.office->store, &filter, 0, -1, &rows, &err), &err);
    assert_int_equal(rows.count, all->numbers.count);
    for (size_t i = 0; i < rows.count; i++)
        assert_int_not_equal(strings_find(&all->numbers, rows.items[i].receipt_no), -1);
    record_rows_free(&rows);
    must(store_verify(p.office->store, NULL, NULL, &verified, &err), &err);
    enum status st = day_close(p.user, clock_today(), NULL, NULL, NULL, &result, &err);
    assert_true(!st || st == E_NOT_FOUND);
    place_leave(&p);
}

static void three_at_once(void **state)
{
    (void)state;
    char *dir = fixture_copy("together", "office");
    struct worker workers[] = {
        {.dir = dir, .login = "yamada", .work = at_the_counter},
        {.dir = dir, .login = "yamada", .work = at_the_counter},
        {.dir = dir, .login = "sato", .work = at_the_command_line},
    };
    struct tally all = {.numbers = STRINGS_INIT};
    const char *patience = getenv("PLAY_PATIENCE");
    long most = (long)(WAIT_MS * (patience ? strtod(patience, NULL) : 1));
    on(2027, 4, 5);
    for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
        struct worker *w = &workers[i];
        w->path = xasprintf("%s/notes-%zu", fixture_dir, i);
        w->pid = fork();
        assert_int_not_equal(w->pid, -1);
        if (w->pid == 0) {
            run(w);
            _exit(0);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
        int status;
        assert_int_equal(waitpid(workers[i].pid, &status, 0), workers[i].pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        add_up(&workers[i], &all);
        xfree(&workers[i].path);
    }
    print_message("# %zu numbers, %ld drafts saved, %ld closings; longest wait %ld ms (%s)\n",
                  all.numbers.count, all.drafts, all.closings, all.longest, all.what);
    assert_true(all.numbers.count > 10 && all.closings > 0);
    assert_true(all.longest <= most);
    everything_is_there(dir, &all);
    strings_free(&all.numbers);
    xfree(&dir);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(three_at_once)};
    FIXTURE_CHILDREN(argc, argv);
    return cmocka_run_group_tests(tests, fixture_build, fixture_tear);
}
