/* satomado text, substitution: which letters other systems hold, and what is written for others. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/letters.h"
#include "text/encoding.h"
#include "text/grapheme.h"
#include "text/repertoire.h"

static void add_bytes(const char *encoding, const char *letter, struct buffer *out)
{
    struct buffer bytes = BUFFER_INIT;
    if (encoding_encode(encoding, letter, &bytes, NULL) == OK)
        for (size_t i = 0; i < bytes.len; i++)
            buffer_printf(out, "%02X", (unsigned char)bytes.data[i]);
    else
        buffer_add_text(out, "-");
    buffer_free(&bytes);
}

static void letter_row(struct output *out, bool people, const char *letter, const char *encoding,
                       const struct substitutions *table)
{
    size_t len = strlen(letter);
    struct buffer codes = BUFFER_INIT, sets = BUFFER_INIT, bytes = BUFFER_INIT;
    const char *written = substitution_for(table, letter, len);
    repertoire_codes(letter, len, &codes);
    if (people)
        repertoire_text(repertoire_of(letter, len), &sets);
    else
        repertoire_names(repertoire_of(letter, len), &sets);
    add_bytes(encoding, letter, &bytes);
    const char *cells[] = {letter, buffer_text(&codes), buffer_text(&sets), buffer_text(&bytes),
                           written ? written : ""};
    output_row(out, cells);
    buffer_free(&codes);
    buffer_free(&sets);
    buffer_free(&bytes);
}

static int show(struct cli *cli)
{
    static const char *const columns[] = {"letter", "codes", "sets", "bytes", "written"};
    const char *titles[] = {_("字"), _("符号"), _("文字の範囲"), _("バイト"), _("代わり")};
    struct error err;
    struct substitutions table;
    const char *encoding = cli_option(cli, "--encoding");
    if (!encoding)
        encoding = office_setting(cli->office, "receiver.encoding");
    if (!*encoding)
        encoding = "CP932";
    size_t place;
    if (encoding_loss(encoding, "", &place, &err) || substitutions_load(cli->office, &table, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t w = 0; w < cli->count; w++) {
        const char *text = cli->words[w];
        size_t len = strlen(text);
        for (size_t at = 0, next; at < len; at = next) {
            next = grapheme_next(text, len, at);
            char *letter = xstrndup(text + at, next - at);
            letter_row(out, cli->format == OUTPUT_TABLE, letter, encoding, &table);
            xfree(&letter);
        }
    }
    output_end(&out);
    substitutions_free(&table);
    return EXIT_DONE;
}

static int print_table(const struct substitutions *table, enum output_format format)
{
    static const char *const columns[] = {"letter", "written", "letter_codes", "written_codes"};
    const char *titles[] = {_("字"), _("代わり"), _("字の符号"), _("代わりの符号")};
    struct output *out = output_begin(format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < table->count; i++) {
        const struct substitution *s = &table->items[i];
        struct buffer from = BUFFER_INIT, to = BUFFER_INIT;
        repertoire_codes(s->letter, strlen(s->letter), &from);
        repertoire_codes(s->written, strlen(s->written), &to);
        const char *cells[] = {s->letter, s->written, buffer_text(&from), buffer_text(&to)};
        output_row(out, cells);
        buffer_free(&from);
        buffer_free(&to);
    }
    output_end(&out);
    return EXIT_DONE;
}

static int list(struct cli *cli)
{
    struct error err;
    struct substitutions table;
    if (substitutions_load(cli->office, &table, &err))
        return cli_fail(&err);
    if (!table.count)
        output_note("%s", _("縮退の表はまだありません。substitution import で取り込みます"));
    print_table(&table, cli->format);
    substitutions_free(&table);
    return EXIT_DONE;
}

static int import(struct cli *cli)
{
    struct error err;
    struct substitutions table = {0};
    if (substitutions_import(cli->session, cli->words[0], cli_option(cli, "--encoding"), &table,
                             &err))
        return cli_fail(&err);
    print_table(&table, cli->format);
    if (cli->format == OUTPUT_TABLE)
        cli_tell_version(cli, REFERENCE_SUBSTITUTION);
    substitutions_free(&table);
    return EXIT_DONE;
}

static const struct cli_option show_options[] = {
    {"--encoding", "E", N_("調べる文字コード。なければ設定 receiver.encoding")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option import_options[] = {
    {"--encoding", "E", N_("ファイルの文字コード。なければ UTF-8 か CP932 か調べる")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

const struct cli_command cli_text[] = {
    {"text show", "TEXT...", N_("文字ごとに、どの範囲の字か、渡す先にあるかを見る"), show_options,
     1, 256, show, NEEDS_OFFICE},
    {"substitution list", "", N_("縮退の表（ない字の代わりに書く字）を見る"), cli_format_options, 0,
     0, list, NEEDS_OFFICE},
    {"substitution import", "FILE", N_("縮退の表を CSV から取り込み、前の表と取り替える"),
     import_options, 1, 1, import, NEEDS_SESSION},
    {.name = NULL},
};
