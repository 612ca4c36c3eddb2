/*
 * satomado: runs the command named on the command line, or opens the counter.
 */
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/log.h"
#include "base/xmem.h"
#include "bundle/unpack.h"
#include "cli/cli.h"
#include "config.h"
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
}

/* A missing locale, or one that is not UTF-8, must not turn names into question marks. */
static void choose_locale(void)
{
    if (!setlocale(LC_ALL, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_ALL, "C.UTF-8");
    char *catalogues = file_resource("locale");
    bindtextdomain(PACKAGE, catalogues);
    bind_textdomain_codeset(PACKAGE, "UTF-8");
    textdomain(PACKAGE);
    xfree(&catalogues);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof children / sizeof *children; i++)
        if (strcmp(argv[1], children[i].name) == 0)
            return children[i].run();
    protect_process();
    choose_locale();
    struct cli cli = {0};
    int code = cli_main(&cli, argc, argv);
    if (code < 0)
        code = counter_run(cli.data, cli.user);
    cli_close(&cli);
    return code;
}
