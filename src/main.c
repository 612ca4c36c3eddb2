/*
 * satomado: opens the counter, or runs the command named on the command line.
 */
#include <locale.h>
#include <stdio.h>

#include "base/intl.h"
#include "config.h"

int main(void)
{
    if (!setlocale(LC_ALL, ""))
        setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain(PACKAGE, LOCALEDIR);
    textdomain(PACKAGE);
    printf("%s\n", PACKAGE_STRING);
    return 0;
}
