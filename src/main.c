/*
 * satomado: opens the counter, or runs the command named on the command line.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "bundle/unpack.h"
#include "crypto/keyring.h"
#include "config.h"

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], KEYRING_CHILD_ARGUMENT) == 0)
        return keyring_child_main();
    if (argc == 2 && strcmp(argv[1], UNPACK_CHILD) == 0)
        return unpack_child_main();
    if (!setlocale(LC_ALL, ""))
        setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain(PACKAGE, LOCALEDIR);
    textdomain(PACKAGE);
    printf("%s\n", PACKAGE_STRING);
    return 0;
}
