#include "text/municipality_code.h"

char municipality_code_check(const char *five_digits)
{
    int sum = 0;
    for (int i = 0; i < 5; i++)
        sum += (five_digits[i] - '0') * (6 - i);
    return (char)('0' + (11 - sum % 11) % 10);
}
