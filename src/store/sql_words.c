#include "store/sql_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/xmem.h"

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* What stands in quotes; a quote inside is written twice. Returns the end. */
static const char *quoted(const char *p, char end, struct buffer *word)
{
    for (p++; *p && (*p != end || (end != ']' && p[1] == end)); p++) {
        buffer_add_char(word, (char)tolower((unsigned char)*p));
        p += *p == end;
    }
    return *p ? p + 1 : p;
}

/* One word; a blank and a comment are none. */
static const char *next_word(const char *p, struct buffer *word)
{
    if (str_starts(p, "--"))
        return p + strcspn(p, "\n");
    if (str_starts(p, "/*")) {
        const char *end = strstr(p + 2, "*/");
        return end ? end + 2 : p + strlen(p);
    }
    if (*p == '\'')
        buffer_add_char(word, '\'');
    if (strchr("'\"`[", *p))
        return quoted(p, *p == '[' ? ']' : *p, word);
    if (!is_name(*p)) {
        if (!isspace((unsigned char)*p))
            buffer_add_char(word, *p);
        return p + 1;
    }
    for (; is_name(*p); p++)
        buffer_add_char(word, (char)tolower((unsigned char)*p));
    return p;
}

void sql_words(const char *sql, struct strings *out)
{
    struct buffer word = BUFFER_INIT;
    while (*sql) {
        buffer_clear(&word);
        sql = next_word(sql, &word);
        if (word.len)
            strings_add(out, buffer_text(&word));
    }
    buffer_free(&word);
}

static const char *word_at(const struct strings *words, size_t at)
{
    return at < words->count ? words->items[at] : "";
}

/* From an opening bracket to behind the closing one; how many things stand between, by their
 * commas. */
static size_t behind_brackets(const struct strings *words, size_t at, size_t *things)
{
    size_t depth = 0, commas = 0, start = at;
    for (; at < words->count; at++) {
        const char *word = words->items[at];
        depth += strcmp(word, "(") == 0;
        commas += depth == 1 && strcmp(word, ",") == 0;
        if (strcmp(word, ")") == 0 && --depth == 0)
            break;
    }
    *things = at == start + 1 ? 0 : commas + 1;
    return at < words->count ? at + 1 : at;
}

bool sql_asks_the_clock(const struct strings *words)
{
    static const struct {
        const char *name;
        size_t asked; /* with so few arguments it means now */
    } clocks[] = {{"date", 0}, {"time", 0}, {"datetime", 0}, {"julianday", 0}, {"strftime", 1}};
    for (size_t i = 0; i < words->count; i++) {
        size_t things;
        if (strcmp(words->items[i], "'now") == 0 || strstr(words->items[i], "localtime"))
            return true;
        if (strcmp(word_at(words, i + 1), "(") != 0)
            continue;
        behind_brackets(words, i + 1, &things);
        for (size_t c = 0; c < ARRAY_LEN(clocks); c++)
            if (strcmp(words->items[i], clocks[c].name) == 0 && things <= clocks[c].asked)
                return true;
    }
    return false;
}

/* name [(columns)] AS [NOT] [MATERIALIZED] ( */
static bool names_a_query(const struct strings *words, size_t at)
{
    size_t columns;
    at++;
    if (strcmp(word_at(words, at), "(") == 0)
        at = behind_brackets(words, at, &columns);
    if (strcmp(word_at(words, at++), "as") != 0)
        return false;
    at += strcmp(word_at(words, at), "not") == 0;
    at += strcmp(word_at(words, at), "materialized") == 0;
    return strcmp(word_at(words, at), "(") == 0;
}

const char *sql_poses_as(const struct strings *words, const struct strings *names)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i] + (*words->items[i] == '\'');
        for (size_t n = 0; n < names->count; n++)
            if (strcasecmp(word, names->items[n]) == 0 && names_a_query(words, i))
                return names->items[n];
    }
    return NULL;
}
