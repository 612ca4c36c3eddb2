#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "glyphs.h"

struct terminal {
    VTerm *vt;
    VTermScreen *screen;
    struct glyphs *glyphs;
    int rows;
    int columns;
    bool cursor_visible;
    int fd; /* -1 when no line is open */
    pid_t pid;
    bool running;
    int status;
    struct buffer to_program;
    size_t bytes;
    void (*look)(struct terminal *t, void *user);
    void *look_user;
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct terminal *t = user;
    if (property == VTERM_PROP_CURSORVISIBLE)
        t->cursor_visible = value->boolean;
    return 1;
}

static const VTermScreenCallbacks screen_callbacks = {.settermprop = on_property};

/* Answers of the terminal itself (cursor position reports and the like). */
static void on_answer(const char *data, size_t len, void *user)
{
    struct terminal *t = user;
    buffer_add(&t->to_program, data, len);
}

/* Each program begins on a fresh screen. */
static void make_screen(struct terminal *t)
{
    if (t->vt)
        vterm_free(t->vt);
    glyphs_free(&t->glyphs);
    t->glyphs = glyphs_new();
    t->vt = vterm_new(t->rows, t->columns);
    vterm_set_utf8(t->vt, 1);
    vterm_output_set_callback(t->vt, on_answer, t);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_set_callbacks(t->screen, &screen_callbacks, t);
    vterm_screen_enable_altscreen(t->screen, 1);
    t->cursor_visible = true;
    vterm_screen_reset(t->screen, 1);
}

struct terminal *terminal_new(int rows, int columns)
{
    struct terminal *t = xcalloc(1, sizeof *t);
    t->rows = rows;
    t->columns = columns;
    t->fd = -1;
    make_screen(t);
    return t;
}

static void close_line(struct terminal *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
    buffer_clear(&t->to_program);
}

/* The terminal the blow is meant for, and its program while there is one. */
static struct terminal *doomed;
static volatile sig_atomic_t victim, struck;

static void strike(int signal)
{
    (void)signal;
    if (victim)
        kill(-victim, SIGKILL);
    struck = 1;
}

void terminal_strike_in(struct terminal *t, long us)
{
    struct sigaction action = {.sa_handler = strike, .sa_flags = SA_RESTART};
    struct itimerval moment = {.it_value = {us / 1000000, us % 1000000}};
    doomed = t;
    victim = t->running ? t->pid : 0;
    struck = 0;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &moment, NULL);
}

bool terminal_struck(void)
{
    return struck;
}

static void reap(struct terminal *t, int flags)
{
    siginfo_t info = {0};
    if (!t->running || waitid(P_PID, (id_t)t->pid, &info, WEXITED | WNOWAIT | flags) != 0 ||
        info.si_pid != t->pid)
        return;
    if (t == doomed)
        victim = 0; /* before the number is free for another program */
    waitpid(t->pid, &t->status, 0);
    t->running = false;
}

void terminal_free(struct terminal **slot)
{
    struct terminal *t = *slot;
    if (!t)
        return;
    if (t->running) {
        kill(t->pid, SIGKILL);
        reap(t, 0);
    }
    if (t == doomed)
        doomed = NULL;
    close_line(t);
    vterm_free(t->vt);
    glyphs_free(&t->glyphs);
    buffer_free(&t->to_program);
    xfree(slot);
}

void terminal_start(struct terminal *t, const char *command)
{
    struct winsize size = {.ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->columns};
    close_line(t);
    make_screen(t);
    char *line = xasprintf("exec %s", command);
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    if (t->pid == 0) {
        /* Whoever started the tests may ignore some; a terminal's program begins with none ignored. */
        signal(SIGPIPE, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    xfree(&line);
    t->running = t->pid > 0;
    if (t->running) {
        if (t == doomed)
            victim = t->pid;
        fcntl(t->fd, F_SETFL, O_NONBLOCK);
        fcntl(t->fd, F_SETFD, FD_CLOEXEC);
    }
}

bool terminal_running(const struct terminal *t)
{
    return t->running;
}

int terminal_status(const struct terminal *t)
{
    return t->status;
}

static void take_in(struct terminal *t, const char *data, size_t len)
{
    struct buffer out = BUFFER_INIT;
    t->bytes += len;
    glyphs_encode(t->glyphs, data, len, &out);
    if (out.len)
        vterm_input_write(t->vt, out.data, out.len);
    buffer_free(&out);
}

bool terminal_pump(struct terminal *t, int ms)
{
    bool any = false;
    if (t->fd < 0) {
        struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
        nanosleep(&pause, NULL);
        reap(t, WNOHANG);
        return false;
    }
    for (;;) {
        struct pollfd line = {.fd = t->fd, .events = POLLIN};
        if (t->to_program.len)
            line.events |= POLLOUT;
        int ready = poll(&line, 1, any ? 0 : ms);
        if (ready <= 0)
            break;
        if (line.revents & POLLOUT) {
            ssize_t sent = write(t->fd, t->to_program.data, t->to_program.len);
            if (sent > 0)
                buffer_splice(&t->to_program, 0, (size_t)sent, NULL, 0);
        }
        if (line.revents & (POLLIN | POLLHUP | POLLERR)) {
            char data[65536];
            ssize_t len = read(t->fd, data, sizeof data);
            if (len > 0) {
                take_in(t, data, (size_t)len);
                any = true;
            } else if (len == 0 || (errno != EAGAIN && errno != EINTR)) {
                close_line(t);
                break;
            }
        }
    }
    reap(t, WNOHANG);
    if (any && t->look)
        t->look(t, t->look_user);
    return any;
}

/* The program sleeps, and nothing that was typed is still before it. A slow disk makes it silent
 * for a while without that. */
static bool at_rest(const struct terminal *t)
{
    char path[64], state = 'S';
    struct buffer text = BUFFER_INIT;
    int waiting = 0, line;
    if (!t->running || t->fd < 0)
        return true;
    line = open(ptsname(t->fd), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (line >= 0) {
        ioctl(line, FIONREAD, &waiting);
        close(line);
    }
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)t->pid);
    if (file_read(path, 4096, &text, NULL) == OK) {
        const char *behind = strrchr(buffer_text(&text), ')');
        state = behind && behind[1] ? behind[2] : 'S';
    }
    buffer_free(&text);
    return waiting == 0 && state != 'R' && state != 'D';
}

void terminal_settle(struct terminal *t, int quiet_ms, int at_most_ms)
{
    int64_t end = clock_mono() + at_most_ms;
    while (clock_mono() < end && (terminal_pump(t, quiet_ms) || !at_rest(t)))
        continue;
}

/* A program that reads nothing for this long will not read any more. */
#define DEAF_MS 20000

void terminal_send(struct terminal *t, const char *data, size_t len)
{
    if (t->fd < 0)
        return;
    int64_t end = clock_mono() + DEAF_MS;
    buffer_add(&t->to_program, data, len);
    while (t->to_program.len && t->fd >= 0 && clock_mono() < end)
        terminal_pump(t, 10);
}

void terminal_paste(struct terminal *t, const char *data, size_t len)
{
    vterm_keyboard_start_paste(t->vt);
    buffer_add(&t->to_program, data, len);
    vterm_keyboard_end_paste(t->vt);
    terminal_send(t, "", 0);
}

void terminal_signal(struct terminal *t, int signal)
{
    if (t->running)
        kill(t->pid, signal);
}

void terminal_hang_up(struct terminal *t)
{
    close_line(t);
}

bool terminal_wait_end(struct terminal *t, int ms)
{
    int64_t end = clock_mono() + ms;
    while (t->running && clock_mono() < end)
        terminal_pump(t, 10);
    if (!t->running)
        while (t->fd >= 0 && terminal_pump(t, 0))
            continue;
    return !t->running;
}

void terminal_resize(struct terminal *t, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    t->rows = rows;
    t->columns = columns;
    vterm_set_size(t->vt, rows, columns);
    if (t->fd >= 0)
        ioctl(t->fd, TIOCSWINSZ, &size);
}

int terminal_rows(const struct terminal *t)
{
    return t->rows;
}

int terminal_columns(const struct terminal *t)
{
    return t->columns;
}

bool terminal_cursor(const struct terminal *t, int *row, int *column)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &pos);
    *row = pos.row;
    *column = pos.col;
    return t->cursor_visible;
}

struct screen_row terminal_row(const struct terminal *t, int number)
{
    struct screen_row row = {BUFFER_INIT, NULL};
    size_t used = 0;
    for (int column = 0; column < t->columns;) {
        VTermScreenCell cell;
        size_t from = row.text.len;
        vterm_screen_get_cell(t->screen, (VTermPos){.row = number, .col = column}, &cell);
        bool blank = cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1;
        if (blank)
            buffer_add_char(&row.text, ' ');
        for (int i = 0; !blank && i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            glyphs_decode(t->glyphs, cell.chars[i], &row.text);
        row.column = xreallocarray(row.column, row.text.len + 1, sizeof *row.column);
        for (size_t i = from; i < row.text.len; i++)
            row.column[i] = column;
        if (row.text.len != from + 1 || row.text.data[from] != ' ')
            used = row.text.len;
        column += cell.width > 1 ? cell.width : 1;
        row.column[row.text.len] = column;
    }
    buffer_splice(&row.text, used, row.text.len - used, NULL, 0);
    return row;
}

void screen_row_free(struct screen_row *row)
{
    buffer_free(&row->text);
    xfree(&row->column);
}

void terminal_on_change(struct terminal *t, void (*look)(struct terminal *t, void *user),
                        void *user)
{
    t->look = look;
    t->look_user = user;
}

size_t terminal_bytes(const struct terminal *t)
{
    return t->bytes;
}
