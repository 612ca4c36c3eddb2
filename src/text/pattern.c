#include "text/pattern.h"

#include <string.h>
#include <unicode/uregex.h>
#include <unicode/utext.h>

#include "base/intl.h"
#include "base/xmem.h"

/* ICU counts in steps of about a millisecond. */
enum { STEPS_MAX = 50 };

struct pattern {
    URegularExpression *regex;
};

struct pattern *pattern_new(const char *text, char **message)
{
    UErrorCode code = U_ZERO_ERROR;
    UParseError place = {0};
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text, -1, &code);
    URegularExpression *regex = uregex_openUText(&source, 0, &place, &code);
    utext_close(&source);
    if (U_FAILURE(code)) {
        *message = xasprintf(_("正規表現「%s」の%d文字目を読めません（%s）"), text,
                             place.offset < 1 ? 1 : (int)place.offset, u_errorName(code));
        return NULL;
    }
    uregex_setTimeLimit(regex, STEPS_MAX, &code);
    struct pattern *p = xcalloc(1, sizeof *p);
    p->regex = regex;
    return p;
}

bool pattern_matches(struct pattern *pattern, const char *text)
{
    UErrorCode code = U_ZERO_ERROR;
    UText subject = UTEXT_INITIALIZER;
    utext_openUTF8(&subject, text, -1, &code);
    uregex_setUText(pattern->regex, &subject, &code);
    bool yes = uregex_matches(pattern->regex, -1, &code) && U_SUCCESS(code);
    utext_close(&subject);
    return yes;
}

void pattern_free(struct pattern **pattern)
{
    if (!*pattern)
        return;
    uregex_close((*pattern)->regex);
    xfree(pattern);
}
