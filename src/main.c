/*
 * satomado: runs the command named on the command line, or opens the counter.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/language.h"
#include "bundle/unpack.h"
#include "cli/cli.h"
#include "counter/counter.h"
#include "crypto/keyring.h"

/* Helpers that run in a process of their own: the same executable under another name. */
static const struct {
    const char *name;
    int (*run)(void);
} children[] = {
    {KEYRING_CHILD_ARGUMENT, keyring_child_main},
    {UNPACK_CHILD, unpack_child_main},
};

/* Residents' data must reach neither a core file nor another user of the machine. */
static void protect_process(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
    signal(SIGXFSZ, SIG_IGN); /* no room is an error to be told, not an end */
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof children / sizeof *children; i++)
        if (strcmp(argv[1], children[i].name) == 0)
            return children[i].run();
    protect_process();
    language_start();
    struct cli cli = {0};
    int code = cli_main(&cli, argc, argv);
    if (code < 0)
        code = counter_run(cli.data, cli.user);
    cli_close(&cli);
    return code;
}
