/* satomado dictionary, postcode: what is looked up while somebody writes. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "conversion/wordlist.h"
#include "office/postcode.h"
#include "office/reference.h"
#include "office/session.h"

enum { WORDS_MAX = 64 << 20 };

/* The town's words of this place. */
static char *own_words(const struct cli *cli)
{
    return file_path(office_dir(cli->office), WORDLIST_FILE);
}

static enum status publish_words(struct cli *cli, struct error *err)
{
    long number;
    return reference_publish(cli->session, REFERENCE_DICTIONARY, NULL, NULL, &number, err);
}

static int dictionary_import(struct cli *cli)
{
    struct error err;
    struct wordlist_count count;
    struct buffer text = BUFFER_INIT;
    char *path = own_words(cli);
    enum status st = reference_may_import(cli->session, REFERENCE_DICTIONARY, &err);
    if (!st)
        st = file_read(cli->words[0], WORDS_MAX, &text, &err);
    if (!st)
        st = wordlist_import(path, buffer_text(&text), text.len, cli_option(cli, "--encoding"),
                             cli->words[0], &count, &err);
    if (!st)
        output_line(_("%ld語を加えました（前からあったもの%ld、使えない形で除いたもの%ld）"),
                    count.added, count.known, count.skipped);
    if (!st)
        st = publish_words(cli, &err);
    if (!st)
        cli_tell_version(cli, REFERENCE_DICTIONARY);
    buffer_free(&text);
    xfree(&path);
    return st ? cli_fail(&err) : EXIT_DONE;
}

void cli_tell_version(const struct cli *cli, enum reference_kind kind)
{
    struct reference_row row;
    reference_row(cli->office, kind, &row);
    if (office_role(cli->office) == OFFICE_TOWN && row.newest)
        output_line(_("%sは第%ld版になりました。次の便で、すべての場所に届きます"), _(row.label),
                    row.newest);
}

/* --- Versions --- */

static int list_references(struct cli *cli)
{
    static const char *const columns[] = {"name", "label", "used", "newest", "at", "here"};
    const char *titles[] = {_("名"), _("内容"), _("使う版"), _("町の版"), _("日時"), _("中身")};
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (int kind = 0; kind < REFERENCE_KINDS; kind++) {
        struct reference_row row;
        char used[24] = "", newest[24] = "";
        reference_row(cli->office, (enum reference_kind)kind, &row);
        if (row.used)
            snprintf(used, sizeof used, "%ld", row.used);
        if (row.newest)
            snprintf(newest, sizeof newest, "%ld", row.newest);
        const char *cells[] = {row.name, _(row.label),
                               used,     newest,
                               row.at,   !row.newest ? "" : row.missing ? _("なし") : _("あり")};
        output_row(out, cells);
    }
    output_end(&out);
    return EXIT_DONE;
}

struct listing {
    struct output *out;
    const char *from;
};

static void print_word(void *context, const char *reading, const char *word, const char *note)
{
    const struct listing *l = context;
    const char *cells[] = {reading, word, note, l->from};
    output_row(l->out, cells);
}

static int dictionary_list(struct cli *cli)
{
    static const char *const columns[] = {"reading", "word", "note", "from"};
    const char *titles[] = {_("よみ"), _("語"), _("注"), _("どこの語か")};
    const char *start = cli->count ? cli->words[0] : "";
    struct error err;
    char *path = own_words(cli), *town = file_path(office_dir(cli->office), WORDLIST_TOWN_FILE);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    struct listing here = {out, _("ここ")}, theirs = {out, _("町")};
    enum status st = wordlist_each(path, start, print_word, &here, &err);
    if (!st && office_role(cli->office) != OFFICE_TOWN && file_exists(town))
        st = wordlist_each(town, start, print_word, &theirs, &err);
    output_end(&out);
    xfree(&town);
    xfree(&path);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int dictionary_remove(struct cli *cli)
{
    struct error err;
    long count;
    char *path = own_words(cli);
    enum status st = reference_may_import(cli->session, REFERENCE_DICTIONARY, &err);
    if (!st)
        st = wordlist_remove(path, cli->words[0], cli->count > 1 ? cli->words[1] : NULL, &count,
                             &err);
    if (!st)
        output_line(_("%ld語を除きました"), count);
    if (!st)
        st = publish_words(cli, &err);
    if (!st)
        cli_tell_version(cli, REFERENCE_DICTIONARY);
    xfree(&path);
    return st ? cli_fail(&err) : EXIT_DONE;
}

/* --- Postcodes --- */

static int import_book(struct cli *cli)
{
    struct error err;
    long count;
    if (postcode_import(cli->session, cli->words[0], cli_option(cli, "--encoding"), &count, &err))
        return cli_fail(&err);
    output_line(_("郵便番号簿を入れ替えました（%ld件）"), count);
    cli_tell_version(cli, REFERENCE_POSTCODES);
    return EXIT_DONE;
}

static int find_place(struct cli *cli)
{
    static const char *const columns[] = {"postcode", "prefecture", "municipality",     "town",
                                          "kana",     "note",       "municipality_code"};
    const char *titles[] = {_("郵便番号"), _("都道府県"), _("市区町村"), _("町域"),
                            _("カナ"),     _("注"),       _("コード")};
    struct error err;
    struct postal_areas found;
    if (postcode_find(cli->office, cli->words[0], -1, &found, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < found.count; i++) {
        const struct postal_area *p = &found.items[i];
        char *postcode = xasprintf("%.3s-%s", p->postcode, p->postcode + 3);
        const char *cells[] = {postcode, p->prefecture, p->municipality,     p->town,
                               p->kana,  p->note,       p->municipality_code};
        output_row(out, cells);
        xfree(&postcode);
    }
    output_end(&out);
    postal_areas_free(&found);
    return EXIT_DONE;
}

static const struct cli_option encoding_options[] = {
    {"--encoding", "NAME", N_("文字コード。なければファイルから見分ける")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_reference[] = {
    {"dictionary import", "FILE",
     N_("町の語（地名、人名など）をかな漢字変換に加える。「よみ,語,注」の CSV か SKK の辞書"),
     encoding_options, 1, 1, dictionary_import, NEEDS_SESSION},
    {"dictionary list", "[START]", N_("町の語を一覧する。よみか語の始めでしぼれる"),
     cli_format_options, 0, 1, dictionary_list, NEEDS_SESSION},
    {"dictionary remove", "READING [WORD]", N_("町の語を除く"), NULL, 1, 2, dictionary_remove,
     NEEDS_SESSION},
    {"reference list", "", N_("町の参照データ（郵便番号簿、祝日、町の語、縮退の表）の版を見る"),
     cli_format_options, 0, 0, list_references, NEEDS_OFFICE},
    {"postcode import", "FILE",
     N_("郵便番号簿を日本郵便の KEN_ALL.CSV か utf_ken_all.csv と入れ替える"), encoding_options, 1,
     1, import_book, NEEDS_SESSION},
    {"postcode find", "TEXT", N_("郵便番号（始めだけでもよい）か、町の名や読みで、住所を探す"),
     cli_format_options, 1, 1, find_place, NEEDS_OFFICE},
    {.name = NULL},
};
