/* satomado dictionary, postcode: what is looked up while somebody writes. */
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
#include "office/session.h"

enum { WORDS_MAX = 64 << 20 };

/* The town's words of this place. */
static char *own_words(const struct cli *cli)
{
    return file_path(office_dir(cli->office), WORDLIST_FILE);
}

static int dictionary_import(struct cli *cli)
{
    struct error err;
    struct wordlist_count count;
    struct buffer text = BUFFER_INIT;
    char *path = own_words(cli);
    enum status st = file_read(cli->words[0], WORDS_MAX, &text, &err);
    if (!st)
        st = wordlist_import(path, buffer_text(&text), text.len, cli_option(cli, "--encoding"),
                             cli->words[0], &count, &err);
    if (!st)
        output_line(_("%ld語を加えました（前からあったもの%ld、使えない形で除いたもの%ld）"),
                    count.added, count.known, count.skipped);
    buffer_free(&text);
    xfree(&path);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static void print_word(void *context, const char *reading, const char *word, const char *note)
{
    const char *cells[] = {reading, word, note};
    output_row(context, cells);
}

static int dictionary_list(struct cli *cli)
{
    static const char *const columns[] = {"reading", "word", "note"};
    const char *titles[] = {_("よみ"), _("語"), _("注")};
    struct error err;
    char *path = own_words(cli);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    enum status st = wordlist_each(path, cli->count ? cli->words[0] : "", print_word, out, &err);
    output_end(&out);
    xfree(&path);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int dictionary_remove(struct cli *cli)
{
    struct error err;
    long count;
    char *path = own_words(cli);
    enum status st =
        wordlist_remove(path, cli->words[0], cli->count > 1 ? cli->words[1] : NULL, &count, &err);
    if (!st)
        output_line(_("%ld語を除きました"), count);
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
    {"postcode import", "FILE",
     N_("郵便番号簿を日本郵便の KEN_ALL.CSV か utf_ken_all.csv と入れ替える"), encoding_options, 1,
     1, import_book, NEEDS_SESSION},
    {"postcode find", "TEXT", N_("郵便番号（始めだけでもよい）か、町の名や読みで、住所を探す"),
     cli_format_options, 1, 1, find_place, NEEDS_OFFICE},
    {.name = NULL},
};
