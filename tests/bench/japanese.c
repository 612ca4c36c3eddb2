/* Writing Japanese: how long a clause takes from Space to its words, and a postcode book of full
 * size from file to address. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "conversion/conversion.h"
#include "measure.h"
#include "store/gazetteer.h"
#include "text/encoding.h"
#include "text/kana.h"
#include "text/romaji.h"

#define DICTIONARIES "/usr/share/skk"

/* --- Conversion --- */

static void type_kana(struct conversion *c, enum conversion_kind kind, const char *kana)
{
    for (size_t len; *kana; kana += len) {
        const char *keys = romaji_keys(kana, &len);
        if (!keys)
            die("no keys for %s", kana);
        for (; *keys; keys++)
            conversion_key(c, kind, CONVERSION_CHARACTER, *keys);
    }
}

static void convert_file(struct conversion *c, enum conversion_kind kind, const char *dir,
                         const char *file, struct samples *all)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    struct error err;
    char *path = file_path(dir, file);
    must(file_read(path, 1 << 20, &text, &err), &err);
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        char *line = lines.items[i];
        line[strcspn(line, "\t")] = '\0';
        if (!*line || *line == '#')
            continue;
        type_kana(c, kind, line);
        double start = measure_now();
        conversion_key(c, kind, CONVERSION_CHARACTER, ' ');
        samples_add(all, measure_now() - start);
        conversion_cancel(c);
    }
    strings_free(&lines);
    buffer_free(&text);
    xfree(&path);
}

static void convert(const char *fixtures, const char *learning)
{
    const struct conversion_setup setup = {.dictionaries = DICTIONARIES, .learning = learning};
    struct samples names = {0}, clauses = {0};
    double start = measure_now();
    struct conversion *c = conversion_new(&setup);
    report("convert.open", measure_now() - start);
    convert_file(c, CONVERSION_FAMILY_NAME, fixtures, "surnames.tsv", &names);
    convert_file(c, CONVERSION_GIVEN_NAME, fixtures, "given_names.tsv", &names);
    convert_file(c, CONVERSION_PLAIN, fixtures, "clauses.tsv", &clauses);
    report_samples("convert.names", &names);
    report_samples("convert.clauses", &clauses);
    conversion_free(&c);
    samples_free(&names);
    samples_free(&clauses);
}

/* --- The postcode book --- */

static const char *const kanji[][2] = {
    {"霧", "キリ"}, {"沢", "サワ"}, {"上", "カミ"},   {"瀬", "セ"},   {"水", "ミズ"},
    {"谷", "タニ"}, {"奥", "オク"}, {"宮", "ミヤ"},   {"石", "イシ"}, {"早", "ハヤ"},
    {"峰", "ミネ"}, {"湯", "ユ"},   {"東", "ヒガシ"}, {"西", "ニシ"}, {"新", "シン"},
    {"田", "タ"},   {"原", "ハラ"}, {"川", "カワ"},
};

/* A name of three kanji made from a number; likewise its reading. */
static void name_of(unsigned long n, char name[16], char kana[48])
{
    name[0] = kana[0] = '\0';
    for (int i = 0; i < 3; i++, n /= ARRAY_LEN(kanji)) {
        strcat(name, kanji[n % ARRAY_LEN(kanji)][0]);
        strcat(kana, kanji[n % ARRAY_LEN(kanji)][1]);
    }
}

static const char *note_of(unsigned long row)
{
    return row % 97 == 0   ? "以下に掲載がない場合"
           : row % 11 == 0 ? "（１～１９丁目）"
           : row % 23 == 0 ? "（その他）"
                           : "";
}

/* Rows as in Japan Post's file: CP932, half-width kana, 66 towns a municipality, now and then a
 * town that goes on over three rows. Every place is made up. */
static void book(const char *path, unsigned long rows)
{
    struct buffer out = BUFFER_INIT, bytes = BUFFER_INIT;
    struct error err;
    for (unsigned long i = 0; i < rows;) {
        char town[16], kana[48], city[16], city_kana[48];
        name_of(i * 7919, town, kana);
        name_of(i / 66, city, city_kana);
        char *half = kana_hankaku(kana), *city_half = kana_hankaku(city_kana);
        const char *note = note_of(i);
        bool named = *note && strncmp(note, "（", strlen("（")) != 0;
        bool split = i % 499 == 7 && i + 3 <= rows;
        for (int part = 0; part < (split ? 3 : 1); part++, i++) {
            static const char *const parts[] = {"（１番地、２番地、", "３番地「上」、", "４番地）"};
            buffer_printf(&out,
                          "%02lu%03lu,\"%.3s  \",\"%07lu\",\"ｾﾀｶﾞﾜｹﾝ\",\"%sｼ\",\"%s\","
                          "\"瀬田川県\",\"%s市\",\"%s%s\",0,0,0,0,0,0\r\n",
                          1 + i / 66 / 100 % 47, 100 + i / 66 % 100, "009",
                          (split ? i - (unsigned long)part : i) * 71 % 10000000, city_half, half,
                          city,
                          named  ? note
                          : part ? ""
                                 : town,
                          split   ? parts[part]
                          : named ? ""
                                  : note);
        }
        xfree(&half);
        xfree(&city_half);
    }
    must(encoding_encode("CP932", buffer_text(&out), &bytes, &err), &err);
    must(file_write(path, bytes.data, bytes.len, &err), &err);
    buffer_free(&out);
    buffer_free(&bytes);
}

static double take_in(const char *dir, const char *file)
{
    struct error err;
    long count;
    double start = measure_now();
    must(gazetteer_import(dir, file, NULL, &count, &err), &err);
    return measure_now() - start;
}

static void look_up(struct gazetteer *g, const char *name, const char *format, unsigned long runs)
{
    struct samples all = {0};
    for (unsigned long i = 0; i < runs; i++) {
        struct postal_areas found;
        struct error err;
        char town[16], kana[48], text[64];
        unsigned long row = i * 613 * 97 + 1;
        name_of(row % 124000 * 7919, town, kana);
        if (*format == '%')
            snprintf(text, sizeof text, format, row % 124000 * 71 % 10000000);
        else
            snprintf(text, sizeof text, "%s", *format == 'k' ? kana : town);
        double start = measure_now();
        must(gazetteer_find(g, text, 50, &found, &err), &err);
        samples_add(&all, measure_now() - start);
        postal_areas_free(&found);
    }
    report_samples(name, &all);
    samples_free(&all);
}

static void postcode(const char *dir, const char *file, unsigned long runs)
{
    struct gazetteer *g;
    struct error err;
    report("postcode.import", take_in(dir, file));
    report("postcode.again", take_in(dir, file));
    must(gazetteer_open(dir, &g, &err), &err);
    look_up(g, "postcode.number", "%07lu", runs);
    look_up(g, "postcode.town", "town", runs);
    look_up(g, "postcode.kana", "kana", runs);
    gazetteer_free(&g);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "convert") == 0)
        convert(argv[2], argv[3]);
    else if (argc == 4 && strcmp(argv[1], "book") == 0)
        book(argv[2], strtoul(argv[3], NULL, 10));
    else if (argc == 5 && strcmp(argv[1], "postcode") == 0)
        postcode(argv[2], argv[3], strtoul(argv[4], NULL, 10));
    else
        die("japanese convert FIXTURES DIR | japanese book FILE ROWS | japanese postcode DIR FILE "
            "RUNS");
    return 0;
}
