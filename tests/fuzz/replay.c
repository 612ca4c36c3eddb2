/* Instead of libFuzzer: every file of tests/fuzz/corpus/NAME once, for NAME the name of the
 * program; or the files named on the command line. Speaks TAP. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "fuzz.h"

static void replay(const char *path)
{
    struct buffer data = BUFFER_INIT;
    if (file_read(path, 64 << 20, &data, NULL))
        fuzz_fail(path);
    LLVMFuzzerTestOneInput((const uint8_t *)buffer_text(&data), data.len);
    buffer_free(&data);
}

int main(int argc, char **argv)
{
    const char *source = getenv("SATOMADO_SRCDIR"), *slash = strrchr(argv[0], '/');
    char *dir =
        xasprintf("%s/tests/fuzz/corpus/%s", source ? source : ".", slash ? slash + 1 : argv[0]);
    long count = 0;
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    DIR *corpus = argc > 1 ? NULL : opendir(dir);
    for (struct dirent *entry; corpus && (entry = readdir(corpus)); count++) {
        char *path = file_path(dir, entry->d_name);
        if (*entry->d_name != '.')
            replay(path);
        xfree(&path);
    }
    if (corpus)
        closedir(corpus);
    if (argc == 1 && !count)
        fuzz_fail(dir);
    xfree(&dir);
    puts("1..1\nok 1 - the corpus");
    return 0;
}
