#include "conversion/conversion.h"

#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "conversion/engine.h"
#include "conversion/letters.h"
#include "conversion/variants.h"
#include "text/grapheme.h"
#include "text/kana.h"
#include "text/utf8.h"

#define NO_ENGINE ((size_t)-1)

struct conversion {
    struct lexicon *lexicon;
    struct engine *engine;
    enum conversion_kind kind;
    struct letters letters; /* while it is kana, and what it was typed with */
    struct clause *clauses;
    size_t count, current;
    bool choosing;
    char *decided, *reading;
};

struct conversion *conversion_new(const struct conversion_setup *setup)
{
    struct conversion *c = xcalloc(1, sizeof *c);
    c->lexicon = lexicon_new(setup->dictionaries, setup->own, setup->town);
    if (setup->learning)
        c->engine = engine_new(setup->learning);
    return c;
}

static void free_clauses(struct clause **clauses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        xfree(&(*clauses)[i].reading);
        strings_free(&(*clauses)[i].words);
    }
    xfree(clauses);
}

static void clear_clauses(struct conversion *c)
{
    free_clauses(&c->clauses, c->count);
    c->count = c->current = 0;
}

void conversion_cancel(struct conversion *c)
{
    clear_clauses(c);
    letters_clear(&c->letters);
    c->choosing = false;
}

void conversion_free(struct conversion **slot)
{
    struct conversion *c = *slot;
    if (!c)
        return;
    conversion_cancel(c);
    letters_free(&c->letters);
    lexicon_free(&c->lexicon);
    engine_free(&c->engine);
    xfree(&c->decided);
    xfree(&c->reading);
    xfree(slot);
}

bool conversion_reads(const struct conversion *c, const char *kana, const char *word)
{
    return lexicon_reads(c->lexicon, kana, word);
}

/* --- Clauses --- */

/* Takes the reading over. */
static struct clause *add_clause(struct conversion *c, char *reading, size_t engine)
{
    c->clauses = xroom(c->clauses, c->count, sizeof *c->clauses);
    c->clauses[c->count] = (struct clause){.reading = reading, .engine = engine};
    return &c->clauses[c->count++];
}

static void add_word(struct clause *clause, char *word)
{
    if (*word && strings_find(&clause->words, word) < 0)
        strings_add(&clause->words, word);
    xfree(&word);
}

static void add_lexicon(struct conversion *c, struct clause *clause)
{
    lexicon_words(c->lexicon, c->kind, !c->engine, clause->reading, &clause->words);
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
        add_lexicon(c, clause);
        engine_words(c->engine, i, &clause->words);
        finish_clause(c, clause);
    }
}

/* Gives the reading to the engine as one clause; false when it does not take it so. */
static bool engine_whole(struct conversion *c, const char *reading)
{
    size_t count = c->engine ? engine_convert(c->engine, reading) : 0;
    if (count > 1) {
        char *first = engine_reading(c->engine, 0);
        count = engine_resize(c->engine, 0, (int)(utf8_count(reading) - utf8_count(first)));
        xfree(&first);
    }
    return count == 1;
}

/* Names and the town's own words are taken whole, the rest as the engine divides it. */
static void convert(struct conversion *c)
{
    const char *reading = letters_finish(&c->letters);
    clear_clauses(c);
    struct clause *whole = add_clause(c, xstrdup(reading), NO_ENGINE);
    add_lexicon(c, whole);
    size_t count = !whole->words.count && c->engine ? engine_convert(c->engine, whole->reading) : 0;
    if (count) {
        clear_clauses(c);
        add_engine_clauses(c, count);
    } else {
        if (engine_whole(c, whole->reading))
            engine_words(c->engine, 0, &whole->words);
        finish_clause(c, whole);
    }
    c->choosing = true;
}

/* --- Clauses longer and shorter --- */

/* A clause of which the engine knows nothing. */
static void look_up_again(struct conversion *c, struct clause *clause)
{
    strings_free(&clause->words);
    clause->chosen = 0;
    clause->engine = NO_ENGINE;
    add_lexicon(c, clause);
    finish_clause(c, clause);
}

static void drop_clause(struct conversion *c, size_t at)
{
    xfree(&c->clauses[at].reading);
    strings_free(&c->clauses[at].words);
    memmove(&c->clauses[at], &c->clauses[at + 1], (c->count - at - 1) * sizeof *c->clauses);
    c->count--;
}

/* Without an engine: the current clause gives its last kana to the next one, or takes its first. */
static void move_border(struct conversion *c, long by)
{
    size_t at = c->current;
    if (by < 0 && at + 1 == c->count)
        add_clause(c, xstrdup(""), NO_ENGINE);
    if (at + 1 == c->count)
        return;
    struct clause *here = &c->clauses[at], *next = &c->clauses[at + 1];
    char *both = xasprintf("%s%s", here->reading, next->reading);
    size_t len = strlen(both), border = strlen(here->reading);
    size_t to = by < 0 ? grapheme_prev(both, len, border) : grapheme_next(both, len, border);
    if (to > 0) {
        xfree(&here->reading);
        xfree(&next->reading);
        here->reading = xstrndup(both, to);
        next->reading = xstrdup(both + to);
        look_up_again(c, here);
        look_up_again(c, next);
    }
    if (!*next->reading)
        drop_clause(c, at + 1);
    xfree(&both);
}

/* The same words as before in the clauses before `end`, which kept their length. */
static void keep_chosen(struct conversion *c, const struct clause *old, size_t end)
{
    for (size_t i = 0; i < end && i < c->count; i++) {
        long at = strings_find(&c->clauses[i].words, old[i].words.items[old[i].chosen]);
        if (at >= 0)
            c->clauses[i].chosen = (size_t)at;
    }
}

/* A clause that is not the engine's is given to it first. */
static void resize(struct conversion *c, long by)
{
    struct clause *clause = &c->clauses[c->current];
    size_t at = clause->engine, count = 0;
    if (at == NO_ENGINE && c->count == 1 && engine_whole(c, clause->reading))
        at = 0;
    if (at != NO_ENGINE)
        count = engine_resize(c->engine, at, (int)by);
    if (!count) {
        move_border(c, by);
        return;
    }
    struct clause *old = c->clauses;
    size_t old_count = c->count;
    c->clauses = NULL;
    c->count = 0;
    add_engine_clauses(c, count);
    keep_chosen(c, old, at);
    free_clauses(&old, old_count);
    c->current = at < count ? at : count - 1;
}

/* --- Deciding --- */

static void decide(struct conversion *c)
{
    struct buffer text = BUFFER_INIT, reading = BUFFER_INIT;
    if (!c->choosing) {
        const char *kana = letters_finish(&c->letters);
        buffer_add_text(&text, kana);
        buffer_add_text(&reading, kana);
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

/* The current clause in another writing; the caller frees. */
static char *written_as(const struct conversion *c, enum conversion_key key)
{
    const struct clause *clause = &c->clauses[c->current];
    size_t from = 0;
    for (size_t i = 0; i < c->current; i++)
        from += strlen(c->clauses[i].reading);
    char *katakana = kana_katakana(clause->reading), *out;
    char *keys = letters_between(&c->letters, from, from + strlen(clause->reading));
    switch (key) {
    case CONVERSION_KATAKANA:
        out = xstrdup(katakana);
        break;
    case CONVERSION_HALF:
        out = kana_hankaku(katakana);
        break;
    case CONVERSION_WIDE_LETTERS:
        out = kana_zenkaku(keys);
        break;
    case CONVERSION_LETTERS:
        out = xstrdup(keys);
        break;
    default:
        out = xstrdup(clause->reading);
    }
    xfree(&katakana);
    xfree(&keys);
    return out;
}

static bool is_writing_key(enum conversion_key key)
{
    return key >= CONVERSION_HIRAGANA && key <= CONVERSION_LETTERS;
}

static void rewrite(struct conversion *c, enum conversion_key key)
{
    if (!c->choosing) {
        add_clause(c, xstrdup(letters_finish(&c->letters)), NO_ENGINE);
        c->choosing = true;
    }
    struct clause *clause = &c->clauses[c->current];
    char *word = written_as(c, key);
    long at = strings_find(&clause->words, word);
    if (at < 0)
        strings_add(&clause->words, word);
    clause->chosen = at < 0 ? clause->words.count - 1 : (size_t)at;
    xfree(&word);
}

/* There is something written that is not decided. */
static bool writing(const struct conversion *c)
{
    return c->choosing || c->letters.count || c->letters.romaji.kana.len;
}

bool conversion_full(const struct conversion *c)
{
    const struct buffer *kana = &c->letters.romaji.kana;
    return !c->choosing && grapheme_count(buffer_text(kana), kana->len) >= CONVERSION_CHARACTERS;
}

static bool begins(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           strchr("-,.[]~", character);
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
        if (!something && !begins(character))
            return false;
        if (!conversion_full(c))
            letters_key(&c->letters, character);
        return true;
    }
    if (!something)
        return false;
    if (key == CONVERSION_ENTER)
        decide(c);
    else if (key == CONVERSION_ESCAPE)
        conversion_cancel(c);
    else if (key == CONVERSION_BACKSPACE)
        letters_backspace(&c->letters);
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

/* To the same place of another nine; of the last nine, to its last. */
static void turn_page(struct conversion *c, long by)
{
    struct clause *clause = &c->clauses[c->current];
    long last = (long)clause->words.count - 1, to = (long)clause->chosen + by * CONVERSION_PAGE;
    if (to >= 0 && to / CONVERSION_PAGE <= last / CONVERSION_PAGE)
        clause->chosen = (size_t)(to < last ? to : last);
}

/* A digit picks from the nine that are shown; any other character begins something new. False: it
 * is none for here. */
static bool character_while_choosing(struct conversion *c, char character)
{
    struct clause *clause = &c->clauses[c->current];
    size_t at = clause->chosen / CONVERSION_PAGE * CONVERSION_PAGE + (size_t)(character - '1');
    if (character == ' ') {
        choose(c, 1);
    } else if (character >= '1' && character <= '9') {
        if (at < clause->words.count)
            clause->chosen = at;
    } else {
        decide(c);
        return key_while_kana(c, CONVERSION_CHARACTER, character);
    }
    return true;
}

static bool key_while_choosing(struct conversion *c, enum conversion_key key, char character)
{
    static const struct {
        enum conversion_key key;
        void (*run)(struct conversion *c, long by);
        long by;
    } moves[] = {
        {CONVERSION_UP, choose, -1},         {CONVERSION_DOWN, choose, 1},
        {CONVERSION_PAGE_UP, turn_page, -1}, {CONVERSION_PAGE_DOWN, turn_page, 1},
        {CONVERSION_LEFT, move_clause, -1},  {CONVERSION_RIGHT, move_clause, 1},
        {CONVERSION_SHORTER, resize, -1},    {CONVERSION_LONGER, resize, 1},
    };
    if (key == CONVERSION_CHARACTER)
        return character_while_choosing(c, character);
    if (key == CONVERSION_ENTER) {
        decide(c);
    } else if (is_writing_key(key)) {
        rewrite(c, key);
    } else if (key == CONVERSION_ESCAPE || key == CONVERSION_BACKSPACE) {
        clear_clauses(c); /* back to the kana */
        c->choosing = false;
    }
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].key == key)
            moves[i].run(c, moves[i].by);
    return true;
}

bool conversion_key(struct conversion *c, enum conversion_kind kind, enum conversion_key key,
                    char character)
{
    xfree(&c->decided);
    xfree(&c->reading);
    if (c->choosing)
        return key_while_choosing(c, key, character);
    c->kind = kind;
    return key_while_kana(c, key, character);
}

char *conversion_text(const struct conversion *c)
{
    struct buffer text = BUFFER_INIT;
    if (!c->choosing)
        return letters_text(&c->letters);
    for (size_t i = 0; i < c->count; i++)
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
