#include "ui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/utf8.h"
#include "text/width.h"

static struct {
    SCREEN *screen;
    int pipe[2];
    struct buffer text, given_back;
    int escape_ms;
    bool started;
} terminal = {.pipe = {-1, -1}};

/* --- Signals become bytes in a pipe --- */

static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(terminal.pipe[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGHUP, SIGTERM, SIGINT};
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
}

static void send(const char *sequence)
{
    putp(sequence);
    fflush(stdout);
}

enum status terminal_start(int escape_ms, struct error *err)
{
    const char *name = getenv("TERM");
    int found;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return error_set(err, E_UNSUPPORTED, _("端末の上で動かしてください"));
    if (!name || setupterm(name, STDOUT_FILENO, &found) != OK || found != 1 || !cursor_address)
        return error_set(err, E_UNSUPPORTED,
                         _("端末の種類「%s」が分かりません。TERM を xterm や linux にしてください"),
                         name ? name : "");
    del_curterm(cur_term); /* only asked; newterm reads its own */
    if (pipe2(terminal.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_errno(err, E_IO, "pipe");
    terminal.screen = newterm(NULL, stdout, stdin);
    if (!terminal.screen)
        return error_set(err, E_UNSUPPORTED, _("端末の種類「%s」では動きません"), name);
    set_escdelay(escape_ms);
    terminal.escape_ms = escape_ms;
    raw(); /* Ctrl-C and Ctrl-Z are keys like others: no accident ends the counter */
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    keymap_define();
    catch_signals();
    send("\033[?2004h");
    xmem_on_failure(terminal_stop);
    terminal.started = true;
    return 0;
}

void terminal_stop(void)
{
    if (!terminal.started)
        return;
    terminal.started = false;
    xmem_on_failure(NULL);
    send("\033[?2004l");
    endwin();
    delscreen(terminal.screen);
    terminal.screen = NULL;
    buffer_free(&terminal.text);
    buffer_free(&terminal.given_back);
    close(terminal.pipe[0]);
    close(terminal.pipe[1]);
}

/* --- Events --- */

static void add_character(wint_t c)
{
    char bytes[4];
    buffer_add(&terminal.text, bytes, utf8_encode(bytes, (uint32_t)c));
}

static struct ui_event event_of(enum ui_event_type type)
{
    return (struct ui_event){.type = type, .text = buffer_text(&terminal.text)};
}

/* Line ends as LF, however they were pasted. */
static void add_pasted(char c, char before)
{
    if (c != '\n' || before != '\r')
        buffer_add_char(&terminal.text, c == '\r' ? '\n' : c);
}

/* Everything up to the closing bracket, however long it takes to come. Past curses, which asks the
 * system for each byte; but never for more bytes than the bracket still has, so that what was typed
 * behind it stays where curses looks for it. */
static struct ui_event read_paste(void)
{
    static const char bracket[] = "\033[201~";
    const size_t whole = sizeof bracket - 1;
    size_t matched = 0;
    char before = 0;
    for (int idle = 0; matched < whole && idle < 50;) {
        struct pollfd wait = {STDIN_FILENO, POLLIN, 0};
        char data[sizeof bracket];
        if (poll(&wait, 1, 20) <= 0) {
            idle++;
            continue;
        }
        ssize_t got = read(STDIN_FILENO, data, whole - matched);
        if (got <= 0)
            break;
        idle = 0;
        for (ssize_t i = 0; i < got; i++) {
            if (data[i] == bracket[matched]) {
                matched++;
                continue;
            }
            buffer_add(&terminal.text, bracket, matched);
            matched = data[i] == bracket[0];
            if (!matched)
                add_pasted(data[i], before);
            before = data[i];
        }
    }
    return event_of(EVENT_PASTE);
}

static struct ui_event read_text(wint_t first)
{
    wint_t c = first;
    int kind = OK;
    while (kind == OK && c >= 0x20 && c != 0x7f) {
        add_character(c);
        kind = get_wch(&c);
    }
    if (kind == KEY_CODE_YES)
        ungetch((int)c);
    else if (kind == OK)
        unget_wch((wchar_t)c);
    return event_of(EVENT_TEXT);
}

static struct ui_event key_event(enum action action, int number)
{
    return (struct ui_event){
        .type = action ? EVENT_KEY : EVENT_NONE, .action = action, .number = number, .text = ""};
}

/* The next one within the time the parts of a sequence need to arrive; ERR when none comes. */
static int get_soon(wint_t *c)
{
    struct pollfd wait = {STDIN_FILENO, POLLIN, 0};
    int found = get_wch(c);
    return found == ERR && poll(&wait, 1, terminal.escape_ms) > 0 ? get_wch(c) : found;
}

/* A sequence no key of ours sends: none of it may be taken for typing. False: it was the letter
 * alone. */
static bool skip_sequence(wint_t introducer)
{
    static const wchar_t strings[] = L"]P_^X";
    bool string = wcschr(strings, (wchar_t)introducer), any = false;
    wint_t c;
    if (introducer != '[' && introducer != 'O' && !string)
        return false;
    while (get_soon(&c) == OK) {
        if (introducer == '[' ? c >= 0x40 && c <= 0x7e : introducer == 'O' || c == 7)
            return true;
        if (string && c == 27)
            return get_soon(&c), true;
        any = true;
    }
    return any;
}

/* Esc alone, or together with what came right behind it. */
static struct ui_event read_escape(void)
{
    wint_t next;
    int number, found = get_soon(&next);
    if (found == KEY_CODE_YES && (next == KEY_RESIZE || (int)next == keymap_paste_begin()))
        ungetch((int)next);
    else if (found == OK && next == 27)
        unget_wch(27);
    else if (found == KEY_CODE_YES || (found == OK && skip_sequence(next)))
        return key_event(ACT_NONE, 0);
    else if (found == OK) {
        enum action action = keymap_twin((int)next, &number);
        return key_event(action, number);
    }
    return key_event(ACT_BACK, 0);
}

static struct ui_event read_one(int kind, wint_t c)
{
    buffer_clear(&terminal.text);
    if (kind == KEY_CODE_YES && c == KEY_RESIZE)
        return event_of(EVENT_RESIZE);
    if (kind == KEY_CODE_YES && (int)c == keymap_paste_begin())
        return read_paste();
    if (kind == KEY_CODE_YES)
        return key_event(keymap_key((int)c), 0);
    if (c >= 0x20 && c != 0x7f)
        return read_text(c);
    if (c == 27)
        return read_escape();
    return key_event(keymap_key((int)c), 0);
}

void terminal_give_back(const char *text)
{
    buffer_add_text(&terminal.given_back, text);
}

struct ui_event terminal_event(int timeout_ms)
{
    if (terminal.given_back.len) {
        buffer_clear(&terminal.text);
        buffer_add(&terminal.text, terminal.given_back.data, terminal.given_back.len);
        buffer_clear(&terminal.given_back);
        return event_of(EVENT_TEXT);
    }
    for (;;) {
        wint_t c;
        int kind = get_wch(&c);
        if (kind != ERR)
            return read_one(kind, c);
        struct pollfd wait[] = {{STDIN_FILENO, POLLIN, 0}, {terminal.pipe[0], POLLIN, 0}};
        int ready = poll(wait, 2, timeout_ms);
        if (ready == 0)
            return event_of(EVENT_TIMEOUT);
        if (ready < 0 && errno != EINTR)
            return event_of(EVENT_END);
        unsigned char number = 0;
        /* Ctrl-C reaches us as a key; an interrupt from elsewhere changes nothing. */
        if (ready > 0 && read(terminal.pipe[0], &number, 1) == 1 && number != SIGINT)
            return event_of(EVENT_END);
        if (ready > 0 && (wait[0].revents & (POLLHUP | POLLERR)) && !(wait[0].revents & POLLIN))
            return event_of(EVENT_END);
        if (ready < 0)
            timeout_ms = timeout_ms > 0 ? timeout_ms : 0;
    }
}

bool terminal_pending(void)
{
    struct pollfd wait = {STDIN_FILENO, POLLIN, 0};
    return terminal.given_back.len || (poll(&wait, 1, 0) > 0 && (wait.revents & POLLIN));
}

void terminal_size(int *rows, int *width)
{
    getmaxyx(stdscr, *rows, *width);
}

void terminal_beep(void)
{
    beep();
}

bool terminal_has_blocks(void)
{
    static const char *const without[] = {"vt", "ansi", "dumb"};
    const char *name = getenv("TERM");
    for (size_t i = 0; name && i < ARRAY_LEN(without); i++)
        if (str_starts(name, without[i]))
            return false;
    return text_width("█") == 1; /* drawn two cells wide they would be no squares */
}

void terminal_wipe(void)
{
    erase();
    clearok(stdscr, TRUE);
    refresh();
    send("\033[3J");
}
