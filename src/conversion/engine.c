#include "conversion/engine.h"

#include <string.h>

#include "base/files.h"
#include "base/xmem.h"
#include "config.h"
#include "text/utf8.h"

bool engine_accepts(const char *kana)
{
    size_t len = strlen(kana), count = 0;
    for (size_t at = 0; at < len; count++) {
        uint32_t c;
        at += utf8_decode(kana + at, len - at, &c);
        bool good = (c >= 0x3041 && c <= 0x3096) || c == 0x30fc || c == 0x3001 || c == 0x3002 ||
                    (c > 0x20 && c < 0x7f);
        if (!good)
            return false;
    }
    return count > 0 && count <= ENGINE_CHARACTERS;
}

#ifdef HAVE_ANTHY
#include <anthy/anthy.h>

struct engine {
    anthy_context_t context;
    size_t clauses;
};

static void no_log(int level, const char *text)
{
    (void)level;
    (void)text;
}

struct engine *engine_new(const char *home)
{
    if (file_make_dirs(home, NULL))
        return NULL;
    anthy_set_logger(no_log, 0);
    anthy_conf_override("HOME", home);
    if (anthy_init() != 0)
        return NULL;
    anthy_context_t context = anthy_create_context();
    if (!context) {
        anthy_quit();
        return NULL;
    }
    anthy_context_set_encoding(context, ANTHY_UTF8_ENCODING);
    anthy_set_reconversion_mode(context, ANTHY_RECONVERT_DISABLE);
    struct engine *engine = xcalloc(1, sizeof *engine);
    engine->context = context;
    return engine;
}

void engine_free(struct engine **slot)
{
    if (*slot) {
        anthy_release_context((*slot)->context);
        anthy_quit();
    }
    xfree(slot);
}

static size_t count_clauses(struct engine *engine)
{
    struct anthy_conv_stat stat = {0};
    engine->clauses = 0;
    if (anthy_get_stat(engine->context, &stat) == 0 && stat.nr_segment > 0)
        engine->clauses = (size_t)stat.nr_segment;
    return engine->clauses;
}

size_t engine_convert(struct engine *engine, const char *kana)
{
    anthy_reset_context(engine->context);
    if (!engine_accepts(kana) || anthy_set_string(engine->context, kana) != 0)
        return engine->clauses = 0;
    return count_clauses(engine);
}

size_t engine_resize(struct engine *engine, size_t clause, int by)
{
    if (clause < engine->clauses)
        anthy_resize_segment(engine->context, (int)clause, by);
    return count_clauses(engine);
}

static char *nth_word(struct engine *engine, size_t clause, int n)
{
    char text[ENGINE_CHARACTERS * 16];
    int len = anthy_get_segment(engine->context, (int)clause, n, text, sizeof text);
    return len < 0 || (size_t)len >= sizeof text ? NULL : xstrdup(text);
}

char *engine_reading(struct engine *engine, size_t clause)
{
    char *text =
        clause < engine->clauses ? nth_word(engine, clause, NTH_UNCONVERTED_CANDIDATE) : NULL;
    return text ? text : xstrdup("");
}

void engine_words(struct engine *engine, size_t clause, struct strings *out)
{
    struct anthy_segment_stat stat = {0};
    if (clause >= engine->clauses ||
        anthy_get_segment_stat(engine->context, (int)clause, &stat) != 0)
        return;
    for (int i = 0; i < stat.nr_candidate; i++) {
        char *text = nth_word(engine, clause, i);
        if (text && strings_find(out, text) < 0)
            strings_add(out, text);
        xfree(&text);
    }
}

void engine_learn(struct engine *engine, size_t clause, const char *word)
{
    struct anthy_segment_stat stat = {0};
    if (clause < engine->clauses &&
        anthy_get_segment_stat(engine->context, (int)clause, &stat) == 0)
        for (int i = 0; i < stat.nr_candidate; i++) {
            char *text = nth_word(engine, clause, i);
            bool same = text && strcmp(text, word) == 0;
            xfree(&text);
            if (same) {
                anthy_commit_segment(engine->context, (int)clause, i);
                break;
            }
        }
}

#else

struct engine {
    char unused;
};

struct engine *engine_new(const char *home)
{
    (void)home;
    return NULL;
}

void engine_free(struct engine **slot)
{
    *slot = NULL;
}

size_t engine_convert(struct engine *engine, const char *kana)
{
    (void)engine;
    (void)kana;
    return 0;
}

size_t engine_resize(struct engine *engine, size_t clause, int by)
{
    (void)engine;
    (void)clause;
    (void)by;
    return 0;
}

char *engine_reading(struct engine *engine, size_t clause)
{
    (void)engine;
    (void)clause;
    return xstrdup("");
}

void engine_words(struct engine *engine, size_t clause, struct strings *out)
{
    (void)engine;
    (void)clause;
    (void)out;
}

void engine_learn(struct engine *engine, size_t clause, const char *word)
{
    (void)engine;
    (void)clause;
    (void)word;
}
#endif
