#include "conversion/lexicon.h"

#include <sys/stat.h>

#include "base/files.h"
#include "base/xmem.h"
#include "conversion/dictionary.h"

#define KIND(kind) (1u << (kind))

/* The system's dictionaries, and what each is asked for. */
static const struct {
    const char *file;
    unsigned kinds;
} sources[] = {
    {"SKK-JISYO.jinmei",
     KIND(CONVERSION_FAMILY_NAME) | KIND(CONVERSION_GIVEN_NAME) | KIND(CONVERSION_NAME)},
    {"SKK-JISYO.geo", KIND(CONVERSION_PLACE)},
    {"SKK-JISYO.propernoun",
     KIND(CONVERSION_FAMILY_NAME) | KIND(CONVERSION_NAME) | KIND(CONVERSION_PLACE)},
    {"SKK-JISYO.L", ~0u},
};

struct lexicon {
    struct dictionary *system[ARRAY_LEN(sources)];
    struct watched {
        struct dictionary *words;
        char *path;
        struct stat seen; /* the file as it was opened */
    } added[2];           /* here, then those the town sent */
};

struct lexicon *lexicon_new(const char *dictionaries, const char *own, const char *town)
{
    struct lexicon *lexicon = xcalloc(1, sizeof *lexicon);
    lexicon->added[0].path = own ? xstrdup(own) : NULL;
    lexicon->added[1].path = town ? xstrdup(town) : NULL;
    for (size_t i = 0; dictionaries && i < ARRAY_LEN(sources); i++) {
        char *path = file_path(dictionaries, sources[i].file);
        dictionary_open(path, &lexicon->system[i], NULL);
        xfree(&path);
    }
    return lexicon;
}

void lexicon_free(struct lexicon **slot)
{
    struct lexicon *lexicon = *slot;
    if (!lexicon)
        return;
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        dictionary_free(&lexicon->system[i]);
    for (size_t i = 0; i < ARRAY_LEN(lexicon->added); i++) {
        dictionary_free(&lexicon->added[i].words);
        xfree(&lexicon->added[i].path);
    }
    xfree(slot);
}

/* Files are replaced, never changed: another one has another number. */
static const struct dictionary *words_of(struct watched *file)
{
    struct stat now = {0}, *seen = &file->seen;
    if (!file->path)
        return NULL;
    if (stat(file->path, &now) != 0)
        now = (struct stat){0};
    if (now.st_ino != seen->st_ino || now.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec || now.st_size != seen->st_size) {
        dictionary_free(&file->words);
        dictionary_open(file->path, &file->words, NULL);
        *seen = now;
    }
    return file->words;
}

static void find_added(struct lexicon *lexicon, const char *reading, const char *note,
                       struct strings *out)
{
    for (size_t i = 0; i < ARRAY_LEN(lexicon->added); i++) {
        const struct dictionary *words = words_of(&lexicon->added[i]);
        if (words)
            dictionary_find(words, reading, note, out);
    }
}

void lexicon_words(struct lexicon *lexicon, enum conversion_kind kind, bool general,
                   const char *reading, struct strings *out)
{
    static const char *const notes[] = {[CONVERSION_FAMILY_NAME] = "姓 人名",
                                        [CONVERSION_GIVEN_NAME] = "名",
                                        [CONVERSION_PLACE] = NULL};
    const char *note = kind < ARRAY_LEN(notes) ? notes[kind] : NULL;
    find_added(lexicon, reading, note, out);
    for (size_t i = 0; (kind != CONVERSION_PLAIN || general) && i < ARRAY_LEN(sources); i++)
        if (lexicon->system[i] && (sources[i].kinds & KIND(kind)))
            dictionary_find(lexicon->system[i], reading, note, out);
}

bool lexicon_reads(struct lexicon *lexicon, const char *reading, const char *word)
{
    struct strings words = STRINGS_INIT;
    find_added(lexicon, reading, NULL, &words);
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        if (lexicon->system[i])
            dictionary_find(lexicon->system[i], reading, NULL, &words);
    bool reads = strings_find(&words, word) >= 0;
    strings_free(&words);
    return reads;
}
