/*
 * start: from exec until a program's first screen stands and it waits for a key. Programs take
 * turns, so that whatever else the machine does meets them alike.
 *   start RUNS NAME MARKER COMMAND [NAME MARKER COMMAND]...
 * MARKER is a text of the first screen. Gives NAME.ms, NAME.bytes (of the first screen) and
 * NAME.kib (VmHWM, the most memory it has used until then).
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "measure.h"

enum { QUIET_MS = 40, PATIENCE_MS = 10000 };

struct program {
    const char *name, *marker;
    struct strings words;
    struct samples ms, bytes, kib;
};

/* VmHWM in KiB of a process that still runs. */
static double peak_memory(pid_t pid)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return (double)kib;
}

/* Reads until the marker has come and then nothing more; gives the moment of the last byte. */
static double read_screen(int fd, const char *marker, struct buffer *screen)
{
    double last = measure_now(), end = last + PATIENCE_MS;
    char data[65536];
    bool seen = false;
    while (measure_now() < end) {
        struct pollfd line = {.fd = fd, .events = POLLIN};
        if (poll(&line, 1, QUIET_MS) == 0) {
            if (seen)
                return last;
            continue;
        }
        ssize_t len = read(fd, data, sizeof data);
        if (len <= 0)
            break;
        last = measure_now();
        buffer_add(screen, data, (size_t)len);
        seen = seen || strstr(buffer_text(screen), marker);
    }
    die("\"%s\" did not come on the screen:\n%s", marker, buffer_text(screen));
}

static void run(struct program *p)
{
    const struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct buffer screen = BUFFER_INIT;
    int fd;
    char **argv = xcalloc(p->words.count + 1, sizeof *argv);
    for (size_t i = 0; i < p->words.count; i++)
        argv[i] = p->words.items[i];
    double start = measure_now();
    pid_t pid = forkpty(&fd, NULL, NULL, &size);
    if (pid < 0)
        die("no pseudo-terminal");
    if (pid == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    samples_add(&p->ms, read_screen(fd, p->marker, &screen) - start);
    samples_add(&p->bytes, (double)screen.len);
    samples_add(&p->kib, peak_memory(pid));
    kill(pid, SIGTERM); /* not SIGKILL: editors leave a lock behind */
    close(fd);
    waitpid(pid, NULL, 0);
    buffer_free(&screen);
    xfree(&argv);
}

static void tell(struct program *p)
{
    const struct {
        const char *what;
        struct samples *of;
    } figures[] = {{"ms", &p->ms}, {"bytes", &p->bytes}, {"kib", &p->kib}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char *name = xasprintf("%s.%s", p->name, figures[i].what);
        report(name, samples_quantile(figures[i].of, 0.5));
        samples_free(figures[i].of);
        xfree(&name);
    }
    strings_free(&p->words);
}

int main(int argc, char **argv)
{
    if (argc < 5 || (argc - 2) % 3)
        die("start RUNS NAME MARKER COMMAND...");
    long runs = strtol(argv[1], NULL, 10);
    size_t count = (size_t)(argc - 2) / 3;
    struct program *programs = xcalloc(count, sizeof *programs);
    for (size_t i = 0; i < count; i++) {
        programs[i] = (struct program){.name = argv[2 + 3 * i], .marker = argv[3 + 3 * i]};
        strings_split(&programs[i].words, argv[4 + 3 * i], ' ');
        run(&programs[i]); /* once for the disk */
        samples_free(&programs[i].ms);
    }
    for (long r = 0; r < runs; r++)
        for (size_t i = 0; i < count; i++)
            run(&programs[i]);
    for (size_t i = 0; i < count; i++)
        tell(&programs[i]);
    xfree(&programs);
    return 0;
}
