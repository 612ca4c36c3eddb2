#include "form/pattern.h"

#include <locale.h>
#include <regex.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"

struct pattern {
    regex_t regex;
};

/* Ranges such as [ァ-ヶ] go by code points whatever LANG says. */
static locale_t code_points(void)
{
    static locale_t locale;
    if (!locale)
        locale = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    return locale;
}
static locale_t enter(void)
{
    locale_t locale = code_points();
    return uselocale(locale);
}

static void translate(struct buffer *out, const char *s)
{
    static const struct {
        char letter;
        const char *outside, *inside;
    } classes[] = {{'d', "[0-9]", "0-9"},
                   {'D', "[^0-9]", ""},
                   {'s', "[[:space:]]", "[:space:]"},
                   {'S', "[^[:space:]]", ""},
                   {'w', "[A-Za-z0-9_]", "A-Za-z0-9_"},
                   {'W', "[^A-Za-z0-9_]", ""}};
    bool set = false;
    buffer_add_text(out, "^(");
    for (; *s; s++) {
        if (*s == '\\' && s[1]) {
            size_t i = 0;
            while (i < ARRAY_LEN(classes) && classes[i].letter != s[1])
                i++;
            s++;
            if (i < ARRAY_LEN(classes)) {
                buffer_add_text(out, set ? classes[i].inside : classes[i].outside);
            } else {
                if (!set)
                    buffer_add_char(out, '\\');
                buffer_add_char(out, *s);
            }
        } else if (!set && str_starts(s, "(?:")) {
            buffer_add_char(out, '(');
            s += 2;
        } else {
            if (*s == '[' && !set) {
                set = true;
                if (s[1] == '^')
                    buffer_add_char(out, *s++);
            } else if (*s == ']') {
                set = false;
            }
            buffer_add_char(out, *s);
        }
    }
    buffer_add_text(out, ")$");
}

struct pattern *pattern_new(const char *text, char **message)
{
    struct pattern *p = xcalloc(1, sizeof *p);
    struct buffer ere = BUFFER_INIT;
    translate(&ere, text);
    locale_t before = enter();
    int code = regcomp(&p->regex, buffer_text(&ere), REG_EXTENDED | REG_NOSUB);
    uselocale(before);
    buffer_free(&ere);
    if (!code)
        return p;
    char why[128];
    regerror(code, &p->regex, why, sizeof why);
    *message = xasprintf(_("正規表現「%s」を読めません（%s）"), text, why);
    xfree(&p);
    return NULL;
}

bool pattern_matches(const struct pattern *pattern, const char *text)
{
    locale_t before = enter();
    bool yes = !regexec(&pattern->regex, text, 0, NULL, 0);
    uselocale(before);
    return yes;
}

void pattern_free(struct pattern **pattern)
{
    if (!*pattern)
        return;
    regfree(&(*pattern)->regex);
    xfree(pattern);
}
