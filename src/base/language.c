#include "base/language.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "config.h"

/* The longer of two that begin alike stands first. */
static const char *const codes[] = {"ja_easy", "ja", "en"};
static const char *current = "ja";
static bool started, said;

static const char *find(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (str_eq(codes[i], code))
            return codes[i];
    return NULL;
}

/* "en_GB.UTF-8", "en:fr"; what begins with none of ours is answered in Japanese. */
static const char *from_environment(void)
{
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    const char *value = "";
    for (size_t i = 0; i < ARRAY_LEN(names) && str_empty(value); i++)
        value = getenv(names[i]);
    for (size_t i = 0; value && i < ARRAY_LEN(codes); i++)
        if (str_starts(value, codes[i]))
            return codes[i];
    return "ja";
}

static void use(const char *code)
{
    current = code;
    if (!started)
        return;
    /* Naming the domain again makes gettext forget what it looked up in another language. */
    setenv("LANGUAGE", code, 1);
    textdomain(PACKAGE);
}

void language_start(void)
{
    const char *code = from_environment();
    char *catalogues = file_resource("locale");
    /* A missing locale, or one that is not UTF-8, must not turn names into question marks. */
    if (!setlocale(LC_ALL, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_ALL, "C.UTF-8");
    /* Under plain C nothing is ever looked up. */
    if (!strcmp(setlocale(LC_MESSAGES, NULL), "C") ||
        !strcmp(setlocale(LC_MESSAGES, NULL), "POSIX"))
        setlocale(LC_MESSAGES, "C.UTF-8");
    /* 0.5 is 0.5 also where people write 0,5: values, expressions and positions are read with it.
     */
    setlocale(LC_NUMERIC, "C");
    bindtextdomain(PACKAGE, file_is_dir(catalogues) ? catalogues : LOCALEDIR);
    bind_textdomain_codeset(PACKAGE, "UTF-8");
    started = true;
    use(code);
    xfree(&catalogues);
}

bool language_say(const char *code)
{
    const char *known = find(code);
    if (known) {
        said = true;
        use(known);
    }
    return known != NULL;
}

const char *language_prefer(const char *code)
{
    const char *known = find(code);
    if (known && !said)
        use(known);
    return current;
}
