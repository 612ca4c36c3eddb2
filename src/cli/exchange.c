/* satomado record import, export: many records at once, as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/csv_export.h"
#include "office/csv_import.h"
#include "text/encoding.h"

/* How far it is, where somebody looks; total 0 = nobody knows. */
static void show_progress(void *context, long done, long total)
{
    (void)context;
    if (!isatty(STDERR_FILENO) || done % 100)
        return;
    if (total)
        fprintf(stderr, "\r%ld/%ld\033[K", done, total);
    else
        fprintf(stderr, "\r%ld\033[K", done);
}

static void end_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* --- Export --- */

struct taking {
    const char *to; /* NULL = standard output */
    bool terminal;
    struct buffer file;
};

static enum status take_bytes(void *context, const void *data, size_t len, struct error *err)
{
    struct taking *t = context;
    if (t->to) {
        buffer_add(&t->file, data, len);
        return OK;
    }
    if (t->terminal) {
        struct buffer lines = BUFFER_INIT;
        for (size_t i = 0; i < len; i++)
            if (((const char *)data)[i] != '\r')
                buffer_add_char(&lines, ((const char *)data)[i]);
        output_lines(buffer_text(&lines));
        buffer_free(&lines);
    } else {
        fwrite(data, 1, len, stdout);
    }
    return ferror(stdout) ? error_errno(err, E_IO, "%s", _("結果を書き出せません")) : OK;
}

static void show_loss(void *context, const struct csv_loss *loss)
{
    (void)context;
    const char *record = *loss->receipt_no ? loss->receipt_no : loss->record;
    end_progress();
    if (loss->written)
        output_note(_("%s %s: 「%s」（%s）→「%s」"), record, loss->column, loss->letter,
                    loss->codes, loss->written);
    else
        output_note(loss->skipped ? _("%s %s: 「%s」（%s）は書けないので、この行を除きました")
                                  : _("%s %s: 「%s」（%s）は書けません"),
                    record, loss->column, loss->letter, loss->codes);
}

/* What the rows that were stopped leave to do. */
static int end_export(struct taking *t, const struct csv_export_result *result, struct error *err)
{
    int code = EXIT_DONE;
    if (result->stopped)
        output_note(_("%ld件は渡す先の文字コードにない字があり、止めました。--"
                      "substitute（縮退の表の字に）、"
                      "--geta（〓に）、--skip（その行を除く）のどれかを付けてください"),
                    result->stopped);
    if (result->stopped && t->to)
        output_note(_("%s は書いていません"), t->to);
    else if (t->to && file_write(t->to, buffer_text(&t->file), t->file.len, err))
        return cli_fail(err);
    else
        output_note(_("%ld件を書き出しました"), result->written);
    if (result->skipped)
        output_note(_("%ld件を除きました"), result->skipped);
    if (result->stopped)
        code = EXIT_REFUSED;
    return code;
}

static int export(struct cli *cli)
{
    struct error err;
    struct csv_export_result result;
    struct taking taking = {.to = cli_option(cli, "--to"), .file = BUFFER_INIT};
    struct strings columns = STRINGS_INIT;
    struct csv_export how = {
        .form = cli->words[0],
        .where = cli_option(cli, "--where"),
        .columns = cli_option(cli, "--columns") ? &columns : NULL,
        .encoding = cli_option(cli, "--encoding"),
        .mark = cli_option(cli, "--bom"),
        .labels = cli_option(cli, "--labels"),
        .substitute = cli_option(cli, "--substitute"),
        .geta = cli_option(cli, "--geta"),
        .skip = cli_option(cli, "--skip"),
    };
    struct csv_export_events events = {&taking, take_bytes, show_loss, show_progress};
    taking.terminal = !taking.to && isatty(STDOUT_FILENO);
    if (taking.terminal && how.encoding && !str_eq(encoding_known_name(how.encoding), "UTF-8"))
        return cli_usage(cli, "%s",
                         _("UTF-8 のほかは端末に出せません。--to ファイル を付けてください"));
    if (how.columns)
        strings_split(&columns, cli_option(cli, "--columns"), ',');
    enum status st = csv_export(cli->session, &how, &events, &result, &err);
    end_progress();
    int code = st ? cli_fail(&err) : end_export(&taking, &result, &err);
    buffer_free(&taking.file);
    strings_free(&columns);
    return code;
}

/* --- Import --- */

struct giving {
    const char *path;
    struct buffer left_out;
};

static void show_problem(void *context, const struct csv_problem *p)
{
    const struct giving *g = context;
    end_progress();
    output_note(p->warning ? _("%s:%zu: 注意: %s%s%s") : "%s:%zu: %s%s%s", g->path, p->line,
                p->column, *p->column ? ": " : "", p->reason);
}

static void note_left_out(void *context, const char *heading)
{
    struct giving *g = context;
    buffer_printf(&g->left_out, "%s%s", g->left_out.len ? "、" : "", heading);
}

static void print_records(const struct csv_import_result *result, enum output_format format)
{
    static const char *const columns[] = {"line", "receipt_no", "id"};
    const char *titles[] = {_("行"), _("受付番号"), "ID"};
    struct output *out = output_begin(format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < result->count; i++) {
        char line[24];
        snprintf(line, sizeof line, "%zu", result->records[i].line);
        const char *cells[] = {line, result->records[i].number, result->records[i].id};
        output_row(out, cells);
    }
    output_end(&out);
}

static void sum_up(const struct csv_import *how, const struct csv_import_result *r,
                   const struct buffer *left_out)
{
    if (left_out->len)
        output_note(_("取り込まなかった列: %s"), left_out->data);
    output_note(_("%ld件を文字コード %s として読み、%ld件を断りました"), r->rows, r->encoding,
                r->refused);
    if (how->dry_run)
        output_note(_("試しなので、何も書いていません"));
    else if (r->kept)
        output_note(_("%zu件を受付確定しました"), r->count);
    else if (r->refused && !how->keep_good)
        output_note(_("断った行があるので、何も取り込んでいません。直してやり直すか、--keep-good "
                      "を付けてください"));
    if (r->refused && how->refused)
        output_note(_("断った行を %s に書きました"), how->refused);
}

static int import(struct cli *cli)
{
    struct error err;
    struct csv_import_result result;
    struct csv_import how = {
        .form = cli->words[0],
        .path = cli->words[1],
        .encoding = cli_option(cli, "--encoding"),
        .map = cli_option(cli, "--map"),
        .refused = cli_option(cli, "--refused"),
        .dry_run = cli_option(cli, "--dry-run"),
        .keep_good = cli_option(cli, "--keep-good"),
        .explained = cli_option(cli, "--explained"),
    };
    struct giving giving = {how.path, BUFFER_INIT};
    struct csv_import_events events = {&giving, show_problem, note_left_out, show_progress};
    enum status st = csv_import(cli->session, &how, &events, &result, &err);
    end_progress();
    int code = st ? cli_fail(&err) : result.refused ? EXIT_REFUSED : EXIT_DONE;
    if (!st || result.kept) {
        sum_up(&how, &result, &giving.left_out);
        print_records(&result, cli->format);
    }
    buffer_free(&giving.left_out);
    csv_import_result_free(&result);
    return code;
}

static const struct cli_option import_options[] = {
    {"--encoding", "E",
     N_("文字コード（UTF-8、CP932、EUC-JP など）。なければ UTF-8 か CP932 か調べる")},
    {"--map", "FILE", N_("見出しと欄の対応の CSV（column,field）。欄が空なら取り込まない")},
    {"--dry-run", NULL, N_("調べるだけで、何も書かない")},
    {"--keep-good", NULL, N_("断った行があっても、よい行は取り込む")},
    {"--refused", "FILE", N_("断った行を、行の番号と理由を付けて書くファイル")},
    {"--explained", NULL, N_("不備は説明済みで、本人が提出を希望している")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option export_options[] = {
    {"--encoding", "E", N_("文字コード（UTF-8、CP932、EUC-JP など）。なければ UTF-8")},
    {"--bom", NULL, N_("先頭に BOM を付ける（UTF-8 のとき）")},
    {"--where", "EXPR", N_("合う記録だけ（様式の式。例 ${state} = 'accepted'）")},
    {"--columns", "A,B", N_("列。なければ番号・受付日・状態と様式のすべての欄")},
    {"--labels", NULL, N_("見出しと値を、名ではなく人の読む形で書く")},
    {"--to", "FILE", N_("書き出すファイル。なければ標準出力")},
    {"--substitute", NULL, N_("文字コードにない字を縮退の表の字にして書く")},
    {"--geta", NULL, N_("文字コードにない字を〓にして書く")},
    {"--skip", NULL, N_("文字コードにない字のある行を除く")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_exchange[] = {
    {"record import", "FORM FILE", N_("CSV の各行を受付確定する。FILE が - なら標準入力"),
     import_options, 2, 2, import, NEEDS_SESSION},
    {"record export", "FORM", N_("様式の記録を CSV に書き出す"), export_options, 1, 1, export,
     NEEDS_SESSION},
    {.name = NULL},
};
