/*
 * advance: run inside a terminal, writes each cluster of the Japanese repertoire as the program
 * would show it and asks the terminal where its cursor is now. What takes other cells than
 * text_width() says becomes a line of FILE: the code points, ours, the terminal's. The last line
 * says how many were tried.
 *
 *   advance AMBIGUOUS FILE     AMBIGUOUS: 1 or 2, as in the settings
 */
#include <iconv.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/utf8.h"
#include "text/width.h"

enum { AT_ONCE = 200, ANSWER_MS = 10000 };

static struct strings clusters;

/* --- What is tried --- */

static size_t add_code(char *out, uint32_t cp)
{
    return cp ? utf8_encode(out, cp) : 0;
}

static void try_codes(uint32_t first, uint32_t second)
{
    char text[9];
    size_t len = add_code(text, first);
    len += add_code(text + len, second);
    text[len] = '\0';
    if (len)
        strings_add(&clusters, text);
}

static void try_range(uint32_t first, uint32_t last, uint32_t mark)
{
    for (uint32_t cp = first; cp <= last; cp++)
        try_codes(cp, mark);
}

/* Everything a double-byte encoding holds: `lead` bytes before each pair. */
static void try_encoding(const char *name, const char *lead)
{
    iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1) {
        fprintf(stderr, "advance: iconv knows no %s\n", name);
        exit(2);
    }
    for (int pair = 0x8000; pair <= 0xffff; pair++) {
        char in[4], out[16], *from = in, *to = out;
        size_t left = strlen(lead), room = sizeof out - 1;
        memcpy(in, lead, left);
        in[left++] = (char)(pair >> 8);
        in[left++] = (char)pair;
        iconv(cd, NULL, NULL, NULL, NULL);
        if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left)
            continue;
        iconv(cd, NULL, NULL, &to, &room);
        *to = '\0';
        if ((unsigned char)*out >= 0x20)
            strings_add(&clusters, out);
    }
    iconv_close(cd);
}

static const struct {
    uint32_t first, last;
} blocks[] = {
    {0x20, 0x7e},       {0xa0, 0x24f},       {0x370, 0x3ff},     {0x400, 0x45f},
    {0x2000, 0x27ff},   {0x2e80, 0x2fff},    {0x3000, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xf900, 0xfaff},    {0xfe10, 0xfe6b},   {0xff00, 0xffef},
    {0x1aff0, 0x1b16f}, {0x1f100, 0x1f2ff},  {0x20000, 0x2a6df}, {0x2a700, 0x2ebe0},
    {0x2f800, 0x2fa1d}, {0x30000, 0x3134a},
};

static void collect(void)
{
    static const uint32_t bases[] = {0x845b, 0x8fbb, 0x9089, 0x795e, 0x20bb7, 0x3042};
    try_encoding("EUC-JISX0213", "");
    try_encoding("EUC-JISX0213", "\x8f");
    try_encoding("CP932", "");
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
        try_range(blocks[i].first, blocks[i].last, 0);
    try_range(0x3041, 0x30ff, 0x3099);
    try_range(0x3041, 0x30ff, 0x309a);
    try_range(0xff66, 0xff9d, 0xff9e);
    for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
        for (uint32_t selector = 0xe0100; selector <= 0xe01ef; selector++)
            try_codes(bases[i], selector);
        for (uint32_t selector = 0xfe00; selector <= 0xfe0f; selector++)
            try_codes(bases[i], selector);
    }
}

/* --- The terminal --- */

static struct termios before;

static void give_back(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

static void take_over(void)
{
    struct termios raw;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        fprintf(stderr, "advance: no terminal\n");
        exit(2);
    }
    atexit(give_back);
    raw = before;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* The column of the next cursor position report; 0 when none comes. */
static int next_column(void)
{
    static char data[4096];
    static size_t at, len;
    int number = 0, column = 0;
    for (;;) {
        if (at == len) {
            struct pollfd wait = {STDIN_FILENO, POLLIN, 0};
            ssize_t got = poll(&wait, 1, ANSWER_MS) > 0 ? read(STDIN_FILENO, data, sizeof data) : 0;
            if (got <= 0)
                return 0;
            at = 0;
            len = (size_t)got;
        }
        char c = data[at++];
        if (c >= '0' && c <= '9')
            number = number * 10 + c - '0';
        else if (c == 'R')
            column = number;
        else
            number = 0;
        if (column)
            return column;
    }
}

static void report(FILE *file, const char *cluster, int ours, int theirs)
{
    size_t len = strlen(cluster);
    for (size_t at = 0; at < len;) {
        uint32_t cp;
        fputs(at ? " " : "", file);
        at += utf8_decode(cluster + at, len - at, &cp);
        fprintf(file, "%04X", (unsigned)cp);
    }
    fprintf(file, "\t%d\t%d\n", ours, theirs);
}

static bool ask(FILE *file, size_t first, size_t last)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = first; i < last; i++) {
        char shown[CLUSTER_DISPLAY_SIZE];
        cluster_display(shown, sizeof shown, clusters.items[i], strlen(clusters.items[i]));
        buffer_printf(&out, "\r\033[K%s\033[6n", shown);
    }
    for (size_t sent = 0; sent < out.len;) {
        ssize_t n = write(STDOUT_FILENO, out.data + sent, out.len - sent);
        if (n <= 0)
            return false;
        sent += (size_t)n;
    }
    buffer_free(&out);
    for (size_t i = first; i < last; i++) {
        int theirs = next_column() - 1, ours = text_width(clusters.items[i]);
        if (theirs < 0)
            return false;
        if (theirs != ours)
            report(file, clusters.items[i], ours, theirs);
    }
    return true;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[2], "w") : NULL;
    if (!file) {
        fprintf(stderr, "usage: advance AMBIGUOUS FILE\n");
        return 2;
    }
    width_set_ambiguous(atoi(argv[1]));
    collect();
    take_over();
    bool good = true;
    for (size_t i = 0; good && i < clusters.count; i += AT_ONCE)
        good = ask(file, i, i + AT_ONCE < clusters.count ? i + AT_ONCE : clusters.count);
    fprintf(file, good ? "tried\t%zu\n" : "no answer\t%zu\n", clusters.count);
    strings_free(&clusters);
    return fclose(file) != 0 || !good;
}
