#include "conversion/wordlist.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "conversion/dictionary.h"
#include "text/csv.h"
#include "text/encoding.h"
#include "text/kana.h"
#include "text/utf8.h"

enum {
    FILE_MAX = 64 << 20,
    WORD_MAX =
        100, /* characters of a word or reading: what a name or place needs, and a window shows */
};

struct entry {
    char *reading; /* hiragana */
    char *word, *note;
    size_t order; /* as they came */
};

struct words {
    struct entry *items;
    size_t count, cap;
};

static void entry_clear(struct entry *entry)
{
    xfree(&entry->reading);
    xfree(&entry->word);
    xfree(&entry->note);
}

static void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        entry_clear(&words->items[i]);
    xfree(&words->items);
    words->count = words->cap = 0;
}

static int by_reading(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->reading, y->reading);
    return order ? order : x->order < y->order ? -1 : 1;
}

/* Hiragana of a reading in any kana, NULL when it is none. */
static char *reading_of(const char *text)
{
    char *full = kana_zenkaku(text), *kana = kana_hiragana(full);
    bool good = kana_is_hiragana(kana) && !strstr(kana, "　") && !strchr(kana, ' ') &&
                utf8_count(kana) <= WORD_MAX;
    xfree(&full);
    if (!good)
        xfree(&kana);
    return kana;
}

/* Not what the file's format has no place for, nor what nobody can choose from a window. */
static bool is_word(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return *text && !strpbrk(text, "/;") && *text != '(' && utf8_count(text) <= WORD_MAX;
}

static void add(struct words *words, char *reading, const char *word, const char *note)
{
    if (words->count == words->cap) {
        words->cap = words->cap ? words->cap * 2 : 64;
        words->items = xreallocarray(words->items, words->cap, sizeof *words->items);
    }
    words->items[words->count] =
        (struct entry){reading, xstrdup(word), xstrdup(note), words->count};
    words->count++;
}

/* --- SKK --- */

/* "word;note" */
static bool add_item(struct words *words, const char *reading, const char *item)
{
    const char *semicolon = strchr(item, ';');
    char *word = semicolon ? xstrndup(item, (size_t)(semicolon - item)) : xstrdup(item);
    bool good = is_word(word);
    if (good)
        add(words, xstrdup(reading), word, semicolon ? semicolon + 1 : "");
    xfree(&word);
    return good;
}

/* "reading /word;note/word/"; words that are none of the kind a name is are counted. */
static void add_skk_line(struct words *words, const char *line, long *skipped)
{
    struct strings items = STRINGS_INIT;
    const char *slash = strstr(line, " /");
    char *raw = slash ? xstrndup(line, (size_t)(slash - line)) : NULL;
    char *reading = raw ? reading_of(raw) : NULL;
    if (slash)
        strings_split(&items, slash + 2, '/');
    for (size_t i = 0; i < items.count; i++)
        if (*items.items[i] && (!reading || !add_item(words, reading, items.items[i])))
            ++*skipped;
    strings_free(&items);
    xfree(&raw);
    xfree(&reading);
}

static void add_skk(struct words *words, const char *utf8, long *skipped)
{
    struct strings lines = STRINGS_INIT;
    strings_split(&lines, utf8, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        char *line = lines.items[i];
        line[strcspn(line, "\r")] = '\0';
        if (*line && *line != ';')
            add_skk_line(words, line, skipped);
    }
    strings_free(&lines);
}

/* --- CSV --- */

struct csv_words {
    struct words *words;
    bool first_passed;
};

/* Exports of input methods put tabs between. */
static void split_row(const struct csv_row *row, struct strings *cells)
{
    if (row->count == 1 && strchr(row->cells[0].text, '\t'))
        strings_split(cells, row->cells[0].text, '\t');
    else
        for (size_t i = 0; i < row->count; i++)
            strings_add(cells, csv_unguarded(row->cells[i].text));
}

/* Titles of the columns, as people and input methods write them. */
static bool is_header(const struct strings *cells, const char *reading)
{
    static const char *const titles[] = {"よみ", "よみがな", "よみかた", "ふりがな", "かな"};
    static const char *const words[] = {"語", "単語", "漢字", "表記", "word"};
    bool title = false, word = false;
    for (size_t i = 0; reading && i < ARRAY_LEN(titles); i++)
        title |= strcmp(reading, titles[i]) == 0;
    for (size_t i = 0; cells->count > 1 && i < ARRAY_LEN(words); i++)
        word |= strcmp(cells->items[1], words[i]) == 0;
    return !reading || (title && word);
}

static enum status add_csv_row(void *context, const struct csv_row *row, struct error *err)
{
    struct csv_words *csv = context;
    struct strings cells = STRINGS_INIT;
    enum status st = OK;
    split_row(row, &cells);
    char *reading = reading_of(cells.items[0]);
    bool header = !csv->first_passed && is_header(&cells, reading);
    bool blank = cells.count == 1 && !*cells.items[0];
    csv->first_passed = true;
    if (header || blank || *cells.items[0] == ';' || *cells.items[0] == '#') {
        xfree(&reading);
    } else if (reading && cells.count > 1 && is_word(cells.items[1])) {
        const char *note = cells.count > 2 ? cells.items[2] : "";
        add(csv->words, reading, cells.items[1], is_word(note) ? note : "");
    } else {
        st = error_set(err, E_INVALID,
                       _("%zu行目が「よみ,語」の形ではありません。よみは、かなで書きます。どちらも"
                         "%d字までです"),
                       row->line, WORD_MAX);
        xfree(&reading);
    }
    strings_free(&cells);
    return st;
}

/* --- Reading either --- */

/* What the first line declares, as Emacs does: "coding: euc-jp". NULL when it does not. */
static const char *declared(const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);
    char *line = xstrndup(text, end ? (size_t)(end - text) : len);
    const char *found = strcasestr(line, "coding: utf-8") ? "UTF-8"
                        : strcasestr(line, "coding: euc") ? "EUC-JP"
                                                          : NULL;
    xfree(&line);
    return found;
}

static bool is_skk(const char *text, size_t len)
{
    return memmem(text, len, DICTIONARY_SECTION, strlen(DICTIONARY_SECTION)) ||
           declared(text, len) || memmem(text, len, " /", 2);
}

static enum status read_words(const char *text, size_t len, const char *encoding, const char *name,
                              struct words *words, long *skipped, struct error *err)
{
    struct buffer utf8 = BUFFER_INIT;
    struct csv_words csv = {words, false};
    if (!is_skk(text, len))
        return csv_read(text, len, encoding, name, add_csv_row, &csv, err);
    if (!encoding)
        encoding = declared(text, len);
    if (!encoding)
        encoding = utf8_valid(text, len) ? "UTF-8" : "EUC-JP";
    enum status st = encoding_decode(encoding, text, len, &utf8, err);
    if (!st)
        add_skk(words, buffer_text(&utf8), skipped);
    buffer_free(&utf8);
    return st;
}

/* --- The file --- */

/* No file is an empty list. */
static enum status load(const char *path, struct words *words, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    long skipped = 0;
    enum status st = file_exists(path) ? file_read(path, FILE_MAX, &text, err) : OK;
    if (!st)
        add_skk(words, buffer_text(&text), &skipped);
    buffer_free(&text);
    return st;
}

static bool same_word(const struct entry *a, const struct entry *b)
{
    return strcmp(a->reading, b->reading) == 0 && strcmp(a->word, b->word) == 0;
}

/* Sorted, each once; the first stays. */
static void put_in_order(struct words *words)
{
    size_t kept = 0;
    if (words->count)
        qsort(words->items, words->count, sizeof *words->items, by_reading);
    for (size_t i = 0; i < words->count; i++) {
        bool known = false;
        for (size_t j = kept; j-- > 0 && !known;) {
            if (strcmp(words->items[j].reading, words->items[i].reading) != 0)
                break;
            known = same_word(&words->items[j], &words->items[i]);
        }
        if (known)
            entry_clear(&words->items[i]);
        else
            words->items[kept++] = words->items[i];
    }
    words->count = kept;
}

static enum status store(const char *path, const struct words *words, struct error *err)
{
    struct buffer out = BUFFER_INIT;
    const char *last = "";
    buffer_add_text(&out, DICTIONARY_UTF8 DICTIONARY_SECTION "\n");
    for (size_t i = 0; i < words->count; i++) {
        const struct entry *e = &words->items[i];
        if (strcmp(e->reading, last) != 0)
            buffer_printf(&out, "%s%s /", i ? "\n" : "", e->reading);
        buffer_printf(&out, *e->note ? "%s;%s/" : "%s%s/", e->word, e->note);
        last = e->reading;
    }
    if (words->count)
        buffer_add_char(&out, '\n');
    enum status st = file_write(path, buffer_text(&out), out.len, err);
    buffer_free(&out);
    return st;
}

enum status wordlist_import(const char *path, const char *text, size_t len, const char *encoding,
                            const char *name, struct wordlist_count *count, struct error *err)
{
    struct words words = {0};
    *count = (struct wordlist_count){0};
    enum status st = load(path, &words, err);
    long before = (long)words.count;
    if (!st)
        st = read_words(text, len, encoding, name, &words, &count->skipped, err);
    long given = (long)words.count - before;
    if (!st && !given)
        st = error_set(err, E_INVALID,
                       _("使える語がありません。「よみ,語」の行か SKK の辞書を渡してください"));
    if (!st) {
        put_in_order(&words);
        count->added = (long)words.count - before;
        count->known = given - count->added;
        st = store(path, &words, err);
    }
    words_free(&words);
    return st;
}

enum status wordlist_remove(const char *path, const char *reading, const char *word, long *count,
                            struct error *err)
{
    struct words words = {0};
    size_t kept = 0;
    enum status st = load(path, &words, err);
    char *kana = reading_of(reading);
    for (size_t i = 0; i < words.count; i++) {
        struct entry *e = &words.items[i];
        if (kana && strcmp(e->reading, kana) == 0 && (!word || strcmp(e->word, word) == 0))
            entry_clear(e);
        else
            words.items[kept++] = *e;
    }
    *count = (long)(words.count - kept);
    words.count = kept;
    if (!st && !*count)
        st = error_set(err, E_NOT_FOUND, _("町の語に「%s」%sはありません"), reading,
                       word ? word : "");
    if (!st)
        st = store(path, &words, err);
    xfree(&kana);
    words_free(&words);
    return st;
}

enum status wordlist_each(const char *path, const char *start, wordlist_sink sink, void *context,
                          struct error *err)
{
    struct words words = {0};
    enum status st = load(path, &words, err);
    char *kana = reading_of(start);
    for (size_t i = 0; !st && i < words.count; i++) {
        const struct entry *e = &words.items[i];
        if ((kana && str_starts(e->reading, kana)) || str_starts(e->word, start))
            sink(context, e->reading, e->word, e->note);
    }
    xfree(&kana);
    words_free(&words);
    return st;
}
