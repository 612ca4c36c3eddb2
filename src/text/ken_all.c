#include "text/ken_all.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/kana.h"
#include "text/municipality_code.h"

/* Columns of the book. */
enum {
    CODE,
    POSTCODE = 2,
    MUNICIPALITY_KANA = 4,
    KANA,
    PREFECTURE,
    MUNICIPALITY,
    TOWN,
    COLUMNS = 15
};

/* One town, from its first row to the one that closes its parenthesis. */
struct reading {
    ken_all_sink sink;
    void *context;
    char code[7], postcode[8];
    struct buffer prefecture, municipality, municipality_kana, town, kana;
    struct buffer last_kana; /* of the row before */
    bool open;
};

static bool all_digits(const char *text, size_t len)
{
    return strlen(text) == len && strspn(text, "0123456789") == len;
}

/* --- What the town's name says besides the name --- */

/* Cuts text at `at` (may be NULL); the caller frees what is returned: the rest. */
static char *cut(struct buffer *text, const char *at)
{
    char *rest = xstrdup(at ? at : "");
    if (at) {
        text->len = (size_t)(at - text->data);
        text->data[text->len] = '\0';
    }
    return rest;
}

/* The first of several texts in `text`, NULL when none is there. */
static char *first_of(const char *text, const char *const *found, size_t count)
{
    char *first = NULL;
    for (size_t i = 0; i < count; i++) {
        char *at = strstr(text, found[i]);
        if (at && (!first || at < first))
            first = at;
    }
    return first;
}

static void drop_last(char *text, const char *end)
{
    if (str_ends(text, end))
        text[strlen(text) - strlen(end)] = '\0';
}

/* "（１～１９丁目）" is no part of an address, but worth seeing. */
static char *take_note(struct buffer *town, struct buffer *kana)
{
    static const char *const opens[] = {"（", "("};
    char *note = cut(town, first_of(buffer_text(town), opens, ARRAY_LEN(opens)));
    char *spoken = cut(kana, first_of(buffer_text(kana), opens, ARRAY_LEN(opens)));
    xfree(&spoken);
    char *inside = xstrdup(note + (str_starts(note, "（") ? strlen("（") : *note == '('));
    drop_last(inside, "）");
    drop_last(inside, ")");
    xfree(&note);
    return inside;
}

/* "第１５地割～第２１地割" is a range too: the name ends before its first number. */
static char *take_range(struct buffer *town, struct buffer *kana)
{
    static const char *const numbers[] = {"第", "０", "１", "２", "３", "４",
                                          "５", "６", "７", "８", "９"};
    static const char *const spoken[] = {"ダイ０", "ダイ１", "ダイ２", "ダイ３", "ダイ４",
                                         "ダイ５", "ダイ６", "ダイ７", "ダイ８", "ダイ９",
                                         "０",     "１",     "２",     "３",     "４",
                                         "５",     "６",     "７",     "８",     "９"};
    static const char *const marks[] = {"～", "〜", "、"};
    const char *text = buffer_text(town);
    if (!first_of(text, marks, ARRAY_LEN(marks)) || !first_of(text, numbers, ARRAY_LEN(numbers)))
        return xstrdup("");
    char *range = cut(town, first_of(text, numbers, ARRAY_LEN(numbers)));
    char *kana_range = cut(kana, first_of(buffer_text(kana), spoken, ARRAY_LEN(spoken)));
    xfree(&kana_range);
    return range;
}

/* Towns that are no name of a town. */
static bool is_no_town(const char *town)
{
    return strcmp(town, "以下に掲載がない場合") == 0 || strstr(town, "の次に番地がくる場合") ||
           (str_ends(town, "一円") && strcmp(town, "一円") != 0);
}

/* --- Towns --- */

static enum status give(struct reading *r, const char *town, const char *kana, const char *note,
                        struct error *err)
{
    const struct postal_area place = {.postcode = r->postcode,
                                      .municipality_code = r->code,
                                      .prefecture = buffer_text(&r->prefecture),
                                      .municipality = buffer_text(&r->municipality),
                                      .municipality_kana = buffer_text(&r->municipality_kana),
                                      .town = town,
                                      .kana = kana,
                                      .note = note};
    return r->sink(r->context, &place, err);
}

/* "葛巻、江刈": each a town of its own. */
static enum status give_each(struct reading *r, const char *note, struct error *err)
{
    struct strings towns = STRINGS_INIT, readings = STRINGS_INIT;
    const char *town = buffer_text(&r->town), *kana = buffer_text(&r->kana);
    enum status st = OK;
    for (const char *comma; (comma = strstr(town, "、")); town = comma + strlen("、"))
        strings_add_len(&towns, town, (size_t)(comma - town));
    strings_add(&towns, town);
    for (const char *comma; (comma = strstr(kana, "、")); kana = comma + strlen("、"))
        strings_add_len(&readings, kana, (size_t)(comma - kana));
    strings_add(&readings, kana);
    bool same = towns.count == readings.count;
    for (size_t i = 0; !st && i < towns.count; i++)
        st = give(r, towns.items[i], same ? readings.items[i] : buffer_text(&r->kana), note, err);
    strings_free(&towns);
    strings_free(&readings);
    return st;
}

static enum status finish(struct reading *r, struct error *err)
{
    enum status st;
    char *full = kana_zenkaku(buffer_text(&r->kana));
    buffer_clear(&r->kana);
    buffer_add_text(&r->kana, full);
    xfree(&full);
    if (is_no_town(buffer_text(&r->town))) {
        st = give(r, "", "", "", err);
    } else {
        char *note = take_note(&r->town, &r->kana), *range = take_range(&r->town, &r->kana);
        char *all = xasprintf("%s%s%s", range, *range && *note ? " " : "", note);
        st = strstr(buffer_text(&r->town), "、")
                 ? give_each(r, all, err)
                 : give(r, buffer_text(&r->town), buffer_text(&r->kana), all, err);
        xfree(&note);
        xfree(&range);
        xfree(&all);
    }
    r->open = false;
    return st;
}

/* --- Rows --- */

static size_t count_of(const char *text, const char *sought)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, sought)); at += strlen(sought))
        count++;
    return count;
}

static bool is_unclosed(const char *town)
{
    return count_of(town, "（") > count_of(town, "）");
}

static void begin(struct reading *r, const struct csv_cell *cells)
{
    memcpy(r->code, cells[CODE].text, 5);
    r->code[5] = municipality_code_check(cells[CODE].text);
    r->code[6] = '\0';
    memcpy(r->postcode, cells[POSTCODE].text, 8);
    buffer_clear(&r->prefecture);
    buffer_clear(&r->municipality);
    buffer_clear(&r->municipality_kana);
    buffer_clear(&r->town);
    buffer_clear(&r->kana);
    buffer_clear(&r->last_kana);
    buffer_add_text(&r->prefecture, cells[PREFECTURE].text);
    buffer_add_text(&r->municipality, cells[MUNICIPALITY].text);
    buffer_add_text(&r->municipality_kana, cells[MUNICIPALITY_KANA].text);
}

/* Kana that is short enough stands whole in each row of a town. */
static void append(struct reading *r, const struct csv_cell *cells)
{
    buffer_add_text(&r->town, cells[TOWN].text);
    if (strcmp(buffer_text(&r->last_kana), cells[KANA].text) != 0)
        buffer_add_text(&r->kana, cells[KANA].text);
    buffer_clear(&r->last_kana);
    buffer_add_text(&r->last_kana, cells[KANA].text);
    r->open = true;
}

static bool belongs(const struct reading *r, const struct csv_cell *cells)
{
    return r->open && is_unclosed(buffer_text(&r->town)) &&
           strcmp(r->postcode, cells[POSTCODE].text) == 0 &&
           strncmp(r->code, cells[CODE].text, 5) == 0;
}

static enum status take(struct reading *r, const struct csv_row *row, struct error *err)
{
    const struct csv_cell *cells = row->cells;
    enum status st = OK;
    if (row->count < COLUMNS || !all_digits(cells[CODE].text, 5) ||
        !all_digits(cells[POSTCODE].text, 7) || !*cells[PREFECTURE].text ||
        !*cells[MUNICIPALITY].text)
        return error_set(err, E_INVALID,
                         _("%zu行目は郵便番号簿の行ではありません。日本郵便の KEN_ALL.CSV か"
                           " utf_ken_all.csv を渡してください"),
                         row->line);
    if (!belongs(r, cells)) {
        if (r->open)
            st = finish(r, err);
        begin(r, cells);
    }
    append(r, cells);
    if (!st && !is_unclosed(buffer_text(&r->town)))
        st = finish(r, err);
    return st;
}

enum status ken_all_read(struct csv_reader *reader, ken_all_sink sink, void *context,
                         struct error *err)
{
    struct reading r = {.sink = sink, .context = context};
    const struct csv_row *row;
    enum status st = csv_next(reader, &row, err);
    for (; !st && row; st = st ? st : csv_next(reader, &row, err))
        st = take(&r, row, err);
    if (!st && r.open)
        st = finish(&r, err);
    buffer_free(&r.prefecture);
    buffer_free(&r.municipality);
    buffer_free(&r.municipality_kana);
    buffer_free(&r.town);
    buffer_free(&r.kana);
    buffer_free(&r.last_kana);
    return st;
}

/* --- Places kept --- */

enum { TEXTS = sizeof(struct postal_area) / sizeof(char *) };

/* All texts of a place stand behind one another, so that there is one to free. */
void postal_areas_add(struct postal_areas *places, const struct postal_area *place)
{
    const char *texts[TEXTS];
    size_t size = 0;
    memcpy(texts, place, sizeof texts);
    for (size_t i = 0; i < TEXTS; i++)
        size += strlen(texts[i]) + 1;
    char *at = xmalloc(size);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t len = strlen(texts[i]) + 1;
        texts[i] = memcpy(at, texts[i], len);
        at += len;
    }
    places->items = xroom(places->items, places->count, sizeof *places->items);
    memcpy(&places->items[places->count++], texts, sizeof texts);
}

void postal_areas_free(struct postal_areas *places)
{
    for (size_t i = 0; i < places->count; i++) {
        char *texts = (char *)places->items[i].postcode;
        xfree(&texts);
    }
    xfree(&places->items);
    places->count = 0;
}
