#include "crypto/sodium.h"

#include <stdio.h>
#include <stdlib.h>

void sodium_ready(void)
{
    if (sodium_init() < 0) {
        fputs("libsodium: no randomness on this machine\n", stderr);
        abort();
    }
}
