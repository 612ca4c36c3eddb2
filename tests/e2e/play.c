/*
 * play: runs end-to-end scenarios, each a file of steps that start the real program in a terminal,
 * type into it and read its screen. Speaks TAP, one line a scenario.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "scenario.h"

struct job {
    const char *file;
    pid_t pid;
    char *tmp;
    char *report;
    int64_t started;
    int64_t ended;
    bool done;
    bool passed;
};

struct run {
    struct job *jobs;
    int count;
    int next;
    int running;
    int at_once;
    bool keep;
    bool verbose;
    double patience;
    char *dir;
    char *cache;
};

static void usage(void)
{
    printf("play [-j N] [-k] [-v] FILE.scn...\n"
           "  -j N  so many at once\n"
           "  -k    keep the directories they worked in\n"
           "  -v    print each step\n"
           "$SATOMADO is the program (first that of the same build tree), $PLAY_PATIENCE a factor "
           "on time "
           "limits.\n\n");
    scenario_help();
}

static void remove_tree(const char *dir)
{
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", dir, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static void begin(struct run *r)
{
    struct job *job = &r->jobs[r->next];
    char number[16];
    job->tmp = xasprintf("%s/%d", r->dir, ++r->next);
    job->report = xasprintf("%s.report", job->tmp);
    job->started = clock_mono();
    mkdir(job->tmp, 0700);
    snprintf(number, sizeof number, "%d", r->next);
    setenv("NUMBER", number, 1);
    fflush(stdout);
    job->pid = fork();
    if (job->pid == 0) {
        struct scenario_options options = {job->tmp, r->cache, r->patience, r->verbose};
        if (!freopen(job->report, "w", stdout))
            _exit(2);
        bool passed = scenario_run(job->file, &options);
        fflush(stdout);
        _exit(passed ? 0 : 1);
    }
    r->running++;
}

static void await_one(struct run *r)
{
    int status;
    pid_t pid = wait(&status);
    for (int i = 0; i < r->next; i++) {
        struct job *job = &r->jobs[i];
        if (job->done || job->pid != pid)
            continue;
        job->done = true;
        job->ended = clock_mono();
        job->passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!r->keep)
            remove_tree(job->tmp);
        r->running--;
    }
}

static void report(struct job *job, int number)
{
    struct buffer text = BUFFER_INIT;
    const char *slash = strrchr(job->file, '/');
    file_read(job->report, 1 << 26, &text, NULL);
    printf("%s%s %d - %s (%.1f s)\n", buffer_text(&text), job->passed ? "ok" : "not ok", number,
           slash ? slash + 1 : job->file, (double)(job->ended - job->started) / 1000);
    fflush(stdout);
    buffer_free(&text);
}

static bool run_all(struct run *r)
{
    bool all = true;
    printf("1..%d\n", r->count);
    for (int i = 0; i < r->count; i++) {
        while (!r->jobs[i].done) {
            while (r->running < r->at_once && r->next < r->count)
                begin(r);
            await_one(r);
        }
        report(&r->jobs[i], i + 1);
        all = all && r->jobs[i].passed;
        unlink(r->jobs[i].report);
        xfree(&r->jobs[i].tmp);
        xfree(&r->jobs[i].report);
    }
    return all;
}

/* Set a variable to where path really is, unless the caller has (a scenario works elsewhere). */
static void set_absolute(const char *variable, const char *path)
{
    char *absolute = realpath(path, NULL);
    setenv(variable, absolute ? absolute : path, 0);
    free(absolute);
}

/* Scenarios say $SATOMADO, $SRCDIR and $PLAY. The player lies in tests/e2e of a build tree. */
static void set_places(void)
{
    const char *source = getenv("SATOMADO_SRCDIR");
    unsetenv("SRCDIR");
    unsetenv("PLAY");
    set_absolute("SRCDIR", source ? source : ".");
    set_absolute("PLAY", "/proc/self/exe");
    char *program = xasprintf("%.*s/../../satomado",
                              (int)(strrchr(getenv("PLAY"), '/') - getenv("PLAY")), getenv("PLAY"));
    set_absolute("SATOMADO", program);
    xfree(&program);
}

int main(int argc, char **argv)
{
    const char *tmp = getenv("TMPDIR"), *patience = getenv("PLAY_PATIENCE");
    struct run r = {.at_once = 1, .patience = patience ? atof(patience) : 1};
    int option;
    setlocale(LC_ALL, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    while ((option = getopt(argc, argv, "j:kvh")) != -1) {
        if (option == 'j')
            r.at_once = atoi(optarg);
        else if (option == 'k')
            r.keep = true;
        else if (option == 'v')
            r.verbose = true;
        else {
            usage();
            return option == 'h' ? 0 : 2;
        }
    }
    if (optind == argc || r.at_once < 1 || r.patience <= 0) {
        usage();
        return 2;
    }
    set_places();
    r.dir = xasprintf("%s/satomado-play.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(r.dir)) {
        perror(r.dir);
        return 2;
    }
    r.cache = file_path(r.dir, "towns");
    mkdir(r.cache, 0700);
    r.count = argc - optind;
    r.jobs = xcalloc((size_t)r.count, sizeof *r.jobs);
    for (int i = 0; i < r.count; i++)
        r.jobs[i].file = argv[optind + i];
    bool all = run_all(&r);
    if (r.keep)
        printf("# kept in %s\n", r.dir);
    else
        remove_tree(r.dir);
    xfree(&r.jobs);
    xfree(&r.cache);
    xfree(&r.dir);
    return all ? 0 : 1;
}
