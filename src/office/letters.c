#include "office/letters.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/reference.h"
#include "store/substitution.h"
#include "text/csv.h"
#include "text/grapheme.h"
#include "text/repertoire.h"
#include "text/utf8.h"

enum status substitutions_load(struct office *office, struct substitutions *out, struct error *err)
{
    struct strings pairs = STRINGS_INIT;
    *out = (struct substitutions){0};
    enum status st = substitution_read(office->store, &pairs, err);
    out->items = xcalloc(pairs.count / 2 + 1, sizeof *out->items);
    for (size_t i = 0; !st && i + 1 < pairs.count; i += 2)
        out->items[out->count++] =
            (struct substitution){xstrdup(pairs.items[i]), xstrdup(pairs.items[i + 1])};
    strings_free(&pairs);
    return st;
}

void substitutions_free(struct substitutions *table)
{
    for (size_t i = 0; i < table->count; i++) {
        xfree(&table->items[i].letter);
        xfree(&table->items[i].written);
    }
    xfree(&table->items);
    table->count = 0;
}

static int by_letter(const void *key, const void *item)
{
    return strcmp(key, ((const struct substitution *)item)->letter);
}

const char *substitution_for(const struct substitutions *table, const char *letter, size_t len)
{
    char *key = xstrndup(letter, len);
    const struct substitution *found =
        table->count ? bsearch(key, table->items, table->count, sizeof *found, by_letter) : NULL;
    xfree(&key);
    return found ? found->written : NULL;
}

/* --- From a file --- */

/* "U+845B U+E0100", or the text itself. */
static char *letter_of(const char *cell)
{
    struct buffer out = BUFFER_INIT;
    const char *at = cell;
    while (str_starts(at, "U+")) {
        char *end, bytes[4];
        unsigned long cp = strtoul(at + 2, &end, 16);
        size_t len = cp && cp <= 0x10FFFF ? utf8_encode(bytes, (uint32_t)cp) : 0;
        if (end - at < 6 || !len || (*end && *end != ' '))
            break;
        buffer_add(&out, bytes, len);
        at = end + strspn(end, " ");
    }
    if (*at) {
        buffer_clear(&out);
        buffer_add_text(&out, cell);
    }
    return buffer_steal(&out);
}

static bool is_header(const struct csv_row *row)
{
    static const char *const heads[][2] = {{"letter", "written"}, {"字", "代わり"}};
    for (size_t i = 0; row->count >= 2 && i < ARRAY_LEN(heads); i++)
        if (str_eq(row->cells[0].text, heads[i][0]) && str_eq(row->cells[1].text, heads[i][1]))
            return true;
    return false;
}

static enum status take_row(const char *path, const struct csv_row *row, struct strings *pairs,
                            struct error *err)
{
    if (row->count < 2)
        return error_at(err, E_PARSE, path, row->line, 0, _("字と代わりの二列が要ります"));
    char *letter = letter_of(row->cells[0].text), *written = letter_of(row->cells[1].text);
    size_t len = strlen(letter);
    enum status st = OK;
    if (!len || grapheme_next(letter, len, 0) != len)
        st = error_at(err, E_PARSE, path, row->line, 0,
                      _("「%s」は一つの字ではありません。字は一行に一つ書いてください"), letter);
    for (size_t i = 0; !st && i < pairs->count; i += 2)
        if (str_eq(pairs->items[i], letter))
            st = error_at(err, E_PARSE, path, row->line, 0, _("「%s」が二度出てきます"), letter);
    if (!st && str_eq(letter, written))
        st = error_at(err, E_PARSE, path, row->line, 0, _("「%s」の代わりが同じ字です"), letter);
    strings_take(pairs, letter);
    strings_take(pairs, written);
    return st;
}

static enum status read_table(const char *path, const char *encoding, struct strings *pairs,
                              struct error *err)
{
    struct csv_reader *reader;
    const struct csv_row *row = NULL;
    enum status st = csv_open(path, encoding, &reader, err);
    if (st)
        return st;
    st = csv_next(reader, &row, err);
    if (!st && (!row || !is_header(row)))
        st = error_at(err, E_PARSE, path, row ? row->line : 1, 0,
                      _("一行目は見出し「letter,written」か「字,代わり」です"));
    while (!st) {
        st = csv_next(reader, &row, err);
        if (st || !row)
            break;
        st = take_row(path, row, pairs, err);
    }
    csv_close(&reader);
    return st;
}

static enum status take_file(struct office *office, const char *path, const char *encoding,
                             struct error *err)
{
    struct strings pairs = STRINGS_INIT;
    enum status st = read_table(path, encoding, &pairs, err);
    if (!st)
        st = substitution_replace(office->store, &pairs, err);
    strings_free(&pairs);
    return st;
}

enum status substitutions_use(struct office *office, const char *path, struct error *err)
{
    return take_file(office, path, NULL, err);
}

enum status substitutions_import(struct session *session, const char *path, const char *encoding,
                                 struct substitutions *out, struct error *err)
{
    long number;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = reference_may_import(session, REFERENCE_SUBSTITUTION, err);
    if (!st)
        st = take_file(session->office, path, encoding, err);
    if (!st)
        st = reference_publish(session, REFERENCE_SUBSTITUTION, path, NULL, &number, err);
    if (!st && out)
        st = substitutions_load(session->office, out, err);
    return st;
}

/* --- The receiving system --- */

char *letters_not_held(const struct office *office, const char *text)
{
    const char *encoding = office_setting(office, "receiver.encoding");
    struct buffer out = BUFFER_INIT;
    if (*encoding)
        repertoire_lacking(encoding, text, &out, NULL);
    return buffer_steal(&out);
}
