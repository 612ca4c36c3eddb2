/*
 * satomado-xlsform: .xlsx files in and out, for `satomado form import` and `form export`. It opens
 * what comes from anywhere, so it is a program of its own, with its memory and time limited.
 *
 *   satomado-xlsform [--lang CODE] read < FILE.xlsx > FILE.csv
 *   satomado-xlsform [--lang CODE] write FILE.xlsx < FILE.csv
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/language.h"
#include "xlsform/read.h"
#include "xlsform/write.h"

enum { INPUT_MAX = 32 << 20, OUTPUT_MAX = 256 << 20, MEMORY_MAX = 512 << 20, SECONDS_MAX = 20 };

static void limit_process(void)
{
    const struct rlimit none = {0, 0}, seconds = {SECONDS_MAX, SECONDS_MAX};
    const struct rlimit output = {OUTPUT_MAX, OUTPUT_MAX};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_CPU, &seconds);
#ifndef __SANITIZE_ADDRESS__
    const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX};
    setrlimit(RLIMIT_AS, &memory);
#endif
    setrlimit(RLIMIT_FSIZE, &output);
    umask(077);
}

static enum status read_input(struct buffer *out, struct error *err)
{
    char data[65536];
    ssize_t len;
    while ((len = read(0, data, sizeof data)) > 0) {
        buffer_add(out, data, (size_t)len);
        if (out->len > INPUT_MAX)
            return error_set(err, E_LIMIT, _("ファイルが大きすぎます（%d MiB まで）"),
                             INPUT_MAX >> 20);
    }
    return len < 0 ? error_errno(err, E_IO, "%s", _("読み込めません")) : OK;
}

int main(int argc, char **argv)
{
    struct buffer input = BUFFER_INIT, output = BUFFER_INIT;
    struct error err = {0};
    language_start();
    if (argc > 2 && strcmp(argv[1], "--lang") == 0) {
        language_say(argv[2]);
        argc -= 2;
        argv += 2;
    }
    bool reads = argc == 2 && strcmp(argv[1], "read") == 0;
    bool writes = argc == 3 && strcmp(argv[1], "write") == 0;
    if (!reads && !writes) {
        fputs("satomado-xlsform read < FILE.xlsx\nsatomado-xlsform write FILE.xlsx < FILE.csv\n",
              stderr);
        return 2;
    }
    limit_process();
    enum status st = read_input(&input, &err);
    if (!st && reads)
        st = xlsx_read(input.data, input.len, &output, &err);
    else if (!st)
        st = xlsx_write(buffer_text(&input), input.len, argv[2], &err);
    if (!st)
        st = file_write_all(1, buffer_text(&output), output.len, &err);
    if (st)
        fprintf(stderr, "%s\n", error_text(&err));
    buffer_free(&input);
    buffer_free(&output);
    return st ? 1 : 0;
}
