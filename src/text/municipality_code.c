#include "text/municipality_code.h"

#include <string.h>

char municipality_code_check(const char *five_digits)
{
    int sum = 0;
    for (int i = 0; i < 5; i++)
        sum += (five_digits[i] - '0') * (6 - i);
    return (char)('0' + (11 - sum % 11) % 10);
}

bool municipality_code_valid(const char *six_digits)
{
    if (strlen(six_digits) != 6 || strspn(six_digits, "0123456789") != 6)
        return false;
    int prefecture = (six_digits[0] - '0') * 10 + six_digits[1] - '0';
    return prefecture >= 1 && prefecture <= 47 &&
           six_digits[5] == municipality_code_check(six_digits);
}
