#include "conversion/conversion.h"

#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "conversion/dictionary.h"
#include "conversion/engine.h"
#include "conversion/variants.h"
#include "text/kana.h"
#include "text/romaji.h"

#define NO_ENGINE ((size_t)-1)

enum { PAGE = 9 };

/* The system's dictionaries, and what each is asked for. */
static const struct {
    const char *file;
    unsigned kinds; /* bits of enum conversion_kind */
} sources[] = {
    {"SKK-JISYO.jinmei",
     1 << CONVERSION_FAMILY_NAME | 1 << CONVERSION_GIVEN_NAME | 1 << CONVERSION_NAME},
    {"SKK-JISYO.geo", 1 << CONVERSION_PLACE},
    {"SKK-JISYO.propernoun",
     1 << CONVERSION_NAME | 1 << CONVERSION_PLACE | 1 << CONVERSION_FAMILY_NAME},
    {"SKK-JISYO.L", ~0u},
};

struct conversion {
    struct dictionary *own, *dictionaries[ARRAY_LEN(sources)];
    struct engine *engine;
    enum conversion_kind kind;
    struct romaji romaji; /* while it is kana */
    struct buffer typed;  /* the letters themselves */
    struct clause *clauses;
    size_t count, current;
    bool choosing;
    char *decided, *reading;
};

struct conversion *conversion_new(const struct conversion_setup *setup)
{
    struct conversion *c = xcalloc(1, sizeof *c);
    if (setup->own)
        dictionary_open(setup->own, &c->own, NULL);
    for (size_t i = 0; setup->dictionaries && i < ARRAY_LEN(sources); i++) {
        char *path = file_path(setup->dictionaries, sources[i].file);
        dictionary_open(path, &c->dictionaries[i], NULL);
        xfree(&path);
    }
    if (setup->learning)
        c->engine = engine_new(setup->learning);
    return c;
}

static void clear_clauses(struct conversion *c)
{
    for (size_t i = 0; i < c->count; i++) {
        xfree(&c->clauses[i].reading);
        strings_free(&c->clauses[i].words);
    }
    xfree(&c->clauses);
    c->count = c->current = 0;
}

void conversion_cancel(struct conversion *c)
{
    clear_clauses(c);
    romaji_clear(&c->romaji);
    buffer_clear(&c->typed);
    c->choosing = false;
}

void conversion_free(struct conversion **slot)
{
    struct conversion *c = *slot;
    if (!c)
        return;
    conversion_cancel(c);
    romaji_free(&c->romaji);
    buffer_free(&c->typed);
    dictionary_free(&c->own);
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        dictionary_free(&c->dictionaries[i]);
    engine_free(&c->engine);
    xfree(&c->decided);
    xfree(&c->reading);
    xfree(slot);
}

/* --- Clauses --- */

static struct clause *add_clause(struct conversion *c, char *reading, size_t engine)
{
    c->clauses = xreallocarray(c->clauses, c->count + 1, sizeof *c->clauses);
    c->clauses[c->count] = (struct clause){.reading = reading, .engine = engine};
    return &c->clauses[c->count++];
}

static void add_word(struct clause *clause, char *word)
{
    if (*word && strings_find(&clause->words, word) < 0)
        strings_add(&clause->words, word);
    xfree(&word);
}

static void add_dictionaries(struct conversion *c, struct clause *clause)
{
    static const char *const notes[] = {[CONVERSION_FAMILY_NAME] = "姓 人名",
                                        [CONVERSION_GIVEN_NAME] = "名",
                                        [CONVERSION_PLACE] = NULL};
    const char *note = c->kind < ARRAY_LEN(notes) ? notes[c->kind] : NULL;
    bool general = c->kind == CONVERSION_PLAIN && c->engine;
    if (c->own)
        dictionary_find(c->own, clause->reading, note, &clause->words);
    for (size_t i = 0; !general && i < ARRAY_LEN(sources); i++)
        if (c->dictionaries[i] && sources[i].kinds >> c->kind & 1)
            dictionary_find(c->dictionaries[i], clause->reading, note, &clause->words);
}

/* What comes after the dictionaries' and the engine's words: other forms of names' kanji, kana. */
static void finish_clause(struct conversion *c, struct clause *clause)
{
    if (c->kind != CONVERSION_PLAIN)
        variants_add(&clause->words);
    add_word(clause, kana_katakana(clause->reading));
    add_word(clause, xstrdup(clause->reading));
}

static void add_engine_clauses(struct conversion *c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct clause *clause = add_clause(c, engine_reading(c->engine, i), i);
        if (c->own)
            dictionary_find(c->own, clause->reading, NULL, &clause->words);
        engine_words(c->engine, i, &clause->words);
        finish_clause(c, clause);
    }
}

/* The engine's words for the whole as one clause. */
static void add_engine_whole(struct conversion *c, struct clause *clause)
{
    size_t count = c->engine ? engine_convert(c->engine, clause->reading) : 0;
    for (int tries = 0; count > 1 && tries < ENGINE_CHARACTERS; tries++)
        count = engine_resize(c->engine, 0, 1);
    if (count == 1)
        engine_words(c->engine, 0, &clause->words);
}

/* Names and the town's own words are taken whole, the rest as the engine divides it. */
static void convert(struct conversion *c)
{
    romaji_finish(&c->romaji);
    char *reading = xstrdup(romaji_kana(&c->romaji));
    clear_clauses(c);
    struct clause *whole = add_clause(c, reading, NO_ENGINE);
    add_dictionaries(c, whole);
    size_t count = 0;
    if (whole->words.count) {
        add_engine_whole(c, whole);
    } else if (c->engine && (count = engine_convert(c->engine, reading)) > 0) {
        char *copy = xstrdup(reading);
        clear_clauses(c);
        add_engine_clauses(c, count);
        xfree(&copy);
    }
    if (!count)
        finish_clause(c, &c->clauses[0]);
    c->current = 0;
    c->choosing = true;
}

/* A clause that is not the engine's is given to it first. */
static void resize(struct conversion *c, int by)
{
    struct clause *clause = &c->clauses[c->current];
    size_t at = clause->engine, count;
    if (!c->engine)
        return;
    if (at == NO_ENGINE) {
        add_engine_whole(c, clause);
        at = 0;
    }
    count = engine_resize(c->engine, at, by);
    if (!count)
        return;
    clear_clauses(c);
    add_engine_clauses(c, count);
    c->current = at < count ? at : count - 1;
}

/* --- Deciding --- */

static void decide(struct conversion *c)
{
    struct buffer text = BUFFER_INIT, reading = BUFFER_INIT;
    if (!c->choosing) {
        romaji_finish(&c->romaji);
        buffer_add_text(&text, romaji_kana(&c->romaji));
        buffer_add_text(&reading, romaji_kana(&c->romaji));
    }
    for (size_t i = 0; c->choosing && i < c->count; i++) {
        const struct clause *clause = &c->clauses[i];
        buffer_add_text(&text, clause->words.items[clause->chosen]);
        buffer_add_text(&reading, clause->reading);
        if (c->kind == CONVERSION_PLAIN && clause->engine != NO_ENGINE)
            engine_learn(c->engine, clause->engine, clause->words.items[clause->chosen]);
    }
    xfree(&c->decided);
    xfree(&c->reading);
    c->decided = buffer_steal(&text);
    c->reading = buffer_steal(&reading);
    conversion_cancel(c);
}

const char *conversion_decided(const struct conversion *c, const char **reading)
{
    if (reading)
        *reading = c->reading ? c->reading : "";
    return c->decided;
}

/* --- Keys while it is kana --- */

/* Letters that give what is left after something was taken back. */
static void shorten_typed(struct conversion *c)
{
    char *left = xasprintf("%s%s", romaji_kana(&c->romaji), romaji_pending(&c->romaji));
    bool same = false;
    while (c->typed.len && !same) {
        struct romaji again = {0};
        c->typed.data[--c->typed.len] = '\0';
        for (size_t i = 0; i < c->typed.len; i++)
            romaji_key(&again, c->typed.data[i]);
        char *now = xasprintf("%s%s", romaji_kana(&again), romaji_pending(&again));
        same = strcmp(now, left) == 0;
        xfree(&now);
        romaji_free(&again);
    }
    xfree(&left);
}

/* The whole in another writing, to be decided or changed again. */
static char *written_as(const struct conversion *c, enum conversion_key key, const char *reading)
{
    char *katakana = kana_katakana(reading), *out;
    if (key == CONVERSION_KATAKANA)
        return katakana;
    if (key == CONVERSION_HALF)
        out = kana_hankaku(katakana);
    else if (key == CONVERSION_WIDE_LETTERS)
        out = kana_zenkaku(buffer_text(&c->typed));
    else if (key == CONVERSION_LETTERS)
        out = xstrdup(buffer_text(&c->typed));
    else
        out = xstrdup(reading);
    xfree(&katakana);
    return out;
}

static bool is_writing_key(enum conversion_key key)
{
    return key >= CONVERSION_HIRAGANA && key <= CONVERSION_LETTERS;
}

static void rewrite(struct conversion *c, enum conversion_key key)
{
    bool letters = key == CONVERSION_WIDE_LETTERS || key == CONVERSION_LETTERS;
    if (!c->choosing) {
        romaji_finish(&c->romaji);
        add_clause(c, xstrdup(romaji_kana(&c->romaji)), NO_ENGINE);
        c->choosing = true;
    }
    struct clause *clause = &c->clauses[c->current];
    if (letters && c->count > 1)
        return; /* which letters belong to the clause is not known */
    char *word = written_as(c, key, clause->reading);
    long at = strings_find(&clause->words, word);
    if (at < 0)
        strings_add(&clause->words, word);
    clause->chosen = at < 0 ? clause->words.count - 1 : (size_t)at;
    xfree(&word);
}

static bool writing(const struct conversion *c)
{
    return *romaji_kana(&c->romaji) || *romaji_pending(&c->romaji);
}

static bool key_while_kana(struct conversion *c, enum conversion_key key, char character)
{
    bool something = writing(c);
    if (key == CONVERSION_CHARACTER && character == ' ') {
        if (something)
            convert(c);
        return something;
    }
    if (key == CONVERSION_CHARACTER) {
        bool begins = something || (character >= 'A' && character <= 'Z') ||
                      (character >= 'a' && character <= 'z') || strchr("-,.[]", character);
        if (begins) {
            romaji_key(&c->romaji, character);
            buffer_add_char(&c->typed, character);
        }
        return begins;
    }
    if (!something)
        return false;
    if (key == CONVERSION_ENTER)
        decide(c);
    else if (key == CONVERSION_ESCAPE)
        conversion_cancel(c);
    else if (key == CONVERSION_BACKSPACE && romaji_backspace(&c->romaji))
        shorten_typed(c);
    else if (is_writing_key(key))
        rewrite(c, key);
    return true;
}

/* --- Keys while words are chosen --- */

static void choose(struct conversion *c, long by)
{
    struct clause *clause = &c->clauses[c->current];
    long count = (long)clause->words.count;
    clause->chosen = (size_t)(((long)clause->chosen + by + count) % count);
}

static void move_clause(struct conversion *c, long by)
{
    c->current = (size_t)(((long)c->current + by + (long)c->count) % (long)c->count);
}

/* A digit picks from the nine that are shown; any other character begins something new. */
static void character_while_choosing(struct conversion *c, char character)
{
    struct clause *clause = &c->clauses[c->current];
    size_t at = clause->chosen / PAGE * PAGE + (size_t)(character - '1');
    if (character == ' ') {
        choose(c, 1);
    } else if (character >= '1' && character <= '9') {
        if (at < clause->words.count)
            clause->chosen = at;
    } else {
        enum conversion_kind kind = c->kind;
        decide(c);
        c->kind = kind;
        key_while_kana(c, CONVERSION_CHARACTER, character);
    }
}

static void key_while_choosing(struct conversion *c, enum conversion_key key, char character)
{
    static const signed char words[] = {[CONVERSION_UP] = -1, [CONVERSION_DOWN] = 1};
    static const signed char moves[] = {[CONVERSION_LEFT] = -1, [CONVERSION_RIGHT] = 1};
    static const signed char sizes[] = {[CONVERSION_SHORTER] = -1, [CONVERSION_LONGER] = 1};
    if (key == CONVERSION_CHARACTER)
        character_while_choosing(c, character);
    else if (key == CONVERSION_ENTER)
        decide(c);
    else if (is_writing_key(key))
        rewrite(c, key);
    else if (key == CONVERSION_ESCAPE || key == CONVERSION_BACKSPACE) {
        clear_clauses(c); /* back to the kana */
        c->choosing = false;
    } else if (key < ARRAY_LEN(words) && words[key])
        choose(c, words[key]);
    else if (key < ARRAY_LEN(moves) && moves[key])
        move_clause(c, moves[key]);
    else if (key < ARRAY_LEN(sizes) && sizes[key])
        resize(c, sizes[key]);
}

bool conversion_key(struct conversion *c, enum conversion_kind kind, enum conversion_key key,
                    char character)
{
    xfree(&c->decided);
    xfree(&c->reading);
    if (!c->choosing) {
        c->kind = kind;
        return key_while_kana(c, key, character);
    }
    key_while_choosing(c, key, character);
    return true;
}

char *conversion_text(const struct conversion *c)
{
    struct buffer text = BUFFER_INIT;
    if (!c->choosing)
        buffer_printf(&text, "%s%s", romaji_kana(&c->romaji), romaji_pending(&c->romaji));
    for (size_t i = 0; c->choosing && i < c->count; i++)
        buffer_add_text(&text, c->clauses[i].words.items[c->clauses[i].chosen]);
    return buffer_steal(&text);
}

size_t conversion_clauses(const struct conversion *c, const struct clause **clauses,
                          size_t *current)
{
    *clauses = c->clauses;
    *current = c->current;
    return c->choosing ? c->count : 0;
}
