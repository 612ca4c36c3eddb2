#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "form/functions_internal.h"
#include "text/kana.h"
#include "text/pattern.h"
#include "text/utf8.h"

struct result function_string(const struct call *call)
{
    return result_take(call_text(call, 0));
}

/* The argument, or the answer itself when it is left out. */
static char *text_or_self(const struct call *call)
{
    static const struct node self = {.kind = NODE_SELF};
    if (call->node->arg_count)
        return call_text(call, 0);
    struct result value = evaluate_node(&self, call->scope);
    char *text = to_text(&value);
    result_free(&value);
    return text;
}
struct result function_string_length(const struct call *call)
{
    char *text = text_or_self(call);
    double count = (double)utf8_count(text);
    xfree(&text);
    return result_number(count);
}
struct result function_normalize_space(const struct call *call)
{
    char *text = text_or_self(call), *rest = NULL;
    struct buffer out = BUFFER_INIT;
    for (char *word = strtok_r(text, " \t\r\n", &rest); word;
         word = strtok_r(NULL, " \t\r\n", &rest)) {
        if (out.len)
            buffer_add_char(&out, ' ');
        buffer_add_text(&out, word);
    }
    xfree(&text);
    return result_take(buffer_steal(&out));
}

/* Bytes before character n. */
static size_t offset_of(const char *text, double n)
{
    size_t len = strlen(text), at = 0;
    uint32_t cp;
    for (double i = 0; i < n && at < len; i++)
        at += utf8_decode(text + at, len - at, &cp);
    return at;
}
/* Characters from `start` up to, not including, `end`; counted from 0. Takes the text. */
static struct result part(char *text, double start, double end)
{
    size_t from, to;
    char *out = NULL;
    if (start < end) {
        from = offset_of(text, start);
        to = offset_of(text, end);
        out = xstrndup(text + from, to - from);
    }
    xfree(&text);
    return result_take(out);
}
/* Counts from 0; a negative place counts from the end. */
struct result function_substr(const struct call *call)
{
    char *text = call_text(call, 0);
    double len = (double)utf8_count(text);
    double start = trunc(call_number(call, 1));
    double end = call->node->arg_count > 2 ? trunc(call_number(call, 2)) : len;
    start = start < 0 ? fmax(0, start + len) : start;
    end = end < 0 ? end + len : end;
    return part(text, start, fmin(end, len));
}
/* XPath's: counts from 1, from a place a number of characters. */
struct result function_substring(const struct call *call)
{
    char *text = call_text(call, 0);
    double len = (double)utf8_count(text);
    double start = floor(call_number(call, 1) + 0.5) - 1;
    double end = len;
    if (call->node->arg_count > 2)
        end = fmin(len, start + floor(call_number(call, 2) + 0.5));
    return part(text, start < 0 ? 0 : start, end);
}

/* Where the second argument begins in the first, or NULL. The caller frees both. */
static const char *find(const struct call *call, char **text, char **part_)
{
    *text = call_text(call, 0);
    *part_ = call_text(call, 1);
    return strstr(*text, *part_);
}
struct result function_substring_before(const struct call *call)
{
    char *text, *word;
    const char *at = find(call, &text, &word);
    struct result result = result_take(at ? xstrndup(text, (size_t)(at - text)) : NULL);
    xfree(&text);
    xfree(&word);
    return result;
}
struct result function_substring_after(const struct call *call)
{
    char *text, *word;
    const char *at = find(call, &text, &word);
    struct result result = result_text(at ? at + strlen(word) : "");
    xfree(&text);
    xfree(&word);
    return result;
}
struct result function_contains(const struct call *call)
{
    char *text, *word;
    bool yes = find(call, &text, &word) != NULL;
    xfree(&text);
    xfree(&word);
    return result_boolean(yes);
}
struct result function_starts_with(const struct call *call)
{
    char *text, *word;
    bool yes = find(call, &text, &word) == text;
    xfree(&text);
    xfree(&word);
    return result_boolean(yes);
}
struct result function_ends_with(const struct call *call)
{
    char *text = call_text(call, 0), *word = call_text(call, 1);
    bool yes = str_ends(text, word);
    xfree(&text);
    xfree(&word);
    return result_boolean(yes);
}

static struct result joined(const struct call *call, size_t first, const char *between)
{
    struct each each = each_start(call, first);
    struct buffer out = BUFFER_INIT;
    bool later = false;
    for (const struct result *r; (r = each_next(&each)); later = true) {
        char *text = to_text(r);
        if (later)
            buffer_add_text(&out, between);
        buffer_add_text(&out, text);
        xfree(&text);
    }
    return result_take(buffer_steal(&out));
}
struct result function_concat(const struct call *call)
{
    return joined(call, 0, "");
}
struct result function_join(const struct call *call)
{
    char *between = call_text(call, 0);
    struct result result = joined(call, 1, between);
    xfree(&between);
    return result;
}

/* Number of the character at s in the list, or -1. */
static long character_index(const char *list, const char *s, size_t len)
{
    size_t all = strlen(list), at = 0;
    uint32_t cp;
    for (long i = 0; at < all; i++) {
        size_t step = utf8_decode(list + at, all - at, &cp);
        if (step == len && !memcmp(list + at, s, len))
            return i;
        at += step;
    }
    return -1;
}
struct result function_translate(const struct call *call)
{
    char *text = call_text(call, 0), *from = call_text(call, 1), *to = call_text(call, 2);
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(text), step;
    uint32_t cp;
    for (size_t at = 0; at < len; at += step) {
        step = utf8_decode(text + at, len - at, &cp);
        long i = character_index(from, text + at, step);
        if (i < 0) {
            buffer_add(&out, text + at, step);
            continue;
        }
        size_t start = offset_of(to, (double)i), end = offset_of(to, (double)i + 1);
        buffer_add(&out, to + start, end - start);
    }
    xfree(&text);
    xfree(&from);
    xfree(&to);
    return result_take(buffer_steal(&out));
}

/* What the text stands for; blank when it is no Base64 or no text comes out. */
struct result function_base64_decode(const struct call *call)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = call_text(call, 0);
    struct buffer out = BUFFER_INIT;
    uint32_t bits = 0;
    int held = 0;
    size_t len = strcspn(text, "=");
    bool right = strspn(text + len, "=") == strlen(text + len);
    for (size_t i = 0; right && i < len; i++) {
        const char *letter = strchr(letters, text[i]);
        right = letter != NULL;
        bits = bits << 6 | (right ? (uint32_t)(letter - letters) : 0);
        held += 6;
        if (held >= 8)
            buffer_add_char(&out, (char)(bits >> (held -= 8)));
    }
    right = right && strlen(buffer_text(&out)) == out.len && utf8_valid(buffer_text(&out), out.len);
    xfree(&text);
    struct result result = right ? result_text(buffer_text(&out)) : result_text("");
    buffer_free(&out);
    return result;
}

struct result function_regex(const struct call *call)
{
    char *text = call_text(call, 0), *message = NULL;
    struct pattern *own = NULL;
    struct pattern *pattern = call->node->pattern;
    if (!pattern) {
        char *source = call_text(call, 1);
        pattern = own = pattern_new(source, &message);
        xfree(&source);
        xfree(&message);
    }
    bool yes = pattern && pattern_matches(pattern, text);
    pattern_free(&own);
    xfree(&text);
    return result_boolean(yes);
}

/* --- names of choices with spaces between --- */

struct result function_selected(const struct call *call)
{
    char *names = call_text(call, 0), *text = call_text(call, 1), *rest = NULL, *end = NULL;
    const char *wanted = strtok_r(text, " ", &end); /* blanks around it do not count */
    bool yes = false;
    for (char *name = strtok_r(names, " ", &rest); name && wanted && !yes;
         name = strtok_r(NULL, " ", &rest))
        yes = !strcmp(name, wanted);
    xfree(&names);
    xfree(&text);
    return result_boolean(yes);
}
struct result function_selected_at(const struct call *call)
{
    char *names = call_text(call, 0), *rest = NULL;
    double index = call_number(call, 1), i = 0;
    struct result result = result_text("");
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        if (i++ == index) {
            result = result_text(name);
            break;
        }
    xfree(&names);
    return result;
}
struct result function_count_selected(const struct call *call)
{
    char *names = call_text(call, 0), *rest = NULL;
    double count = 0;
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        count++;
    xfree(&names);
    return result_number(count);
}

/* Any kana as full-width katakana. */
struct result function_kana(const struct call *call)
{
    char *text = call_text(call, 0);
    char *wide = kana_zenkaku(text);
    char *kana = kana_katakana(wide);
    xfree(&text);
    xfree(&wide);
    return result_take(kana);
}
