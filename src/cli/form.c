/* satomado form: the files that say what is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/catalogue.h"
#include "office/form_files.h"
#include "office/office.h"
#include "office/paper.h"
#include "office/setup.h"

/* Compared with what is installed, where something is. */
static int check(struct cli *cli)
{
    int code = EXIT_DONE;
    struct error none;
    if (!cli->office && office_open(cli->data, &cli->office, &none) && none.code != E_NOT_FOUND)
        return cli_fail(&none);
    for (size_t i = 0; i < cli->count; i++) {
        struct error err;
        if (form_file_check(cli->office, cli->words[i], &err))
            code = cli_fail(&err);
        else
            output_line(_("%s: 正しい様式です"), cli->words[i]);
    }
    return code;
}

static void tell(const struct xlsform_notes *notes)
{
    for (size_t i = 0; i < notes->items.count; i++)
        output_note("%s", notes->items.items[i]);
}

static int write_text(const char *to, const char *text, size_t len)
{
    struct error err;
    if (!to)
        return fwrite(text, 1, len, stdout) == len ? EXIT_DONE : EXIT_DATA;
    if (file_exists(to)) {
        error_set(&err, E_EXISTS, _("%s はすでにあります"), to);
        return cli_fail(&err);
    }
    return file_write(to, text, len, &err) ? cli_fail(&err) : EXIT_DONE;
}

static int import(struct cli *cli)
{
    struct xlsform_notes notes = {0};
    struct error err, mistake;
    char *yaml;
    if (form_file_import(cli->words[0], cli_option(cli, "--encoding"), &yaml, &notes, &mistake,
                         &err))
        return cli_fail(&err);
    int code = write_text(cli_option(cli, "--to"), yaml, strlen(yaml));
    tell(&notes);
    if (code == EXIT_DONE && mistake.code)
        code = cli_fail(&mistake);
    else if (code == EXIT_DONE && notes.lost)
        code = EXIT_REFUSED;
    xlsform_notes_free(&notes);
    xfree(&yaml);
    return code;
}

static int export(struct cli *cli)
{
    struct xlsform_notes notes = {0};
    struct buffer csv = BUFFER_INIT;
    const char *to = cli_option(cli, "--to");
    struct error err;
    int code = EXIT_DONE;
    struct office *office = form_file_is_path(cli->words[0]) ? NULL : cli_office(cli, &code);
    if (code != EXIT_DONE)
        return code;
    if (form_file_export(office, cli->words[0], &csv, &notes, &err))
        code = cli_fail(&err);
    else if (to && str_ends(to, ".xlsx"))
        code = form_file_write_xlsx(&csv, to, &err) ? cli_fail(&err) : EXIT_DONE;
    else
        code = write_text(to, buffer_text(&csv), csv.len);
    tell(&notes);
    xlsform_notes_free(&notes);
    buffer_free(&csv);
    return code;
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"form", "title", "ledger"};
    const char *titles[] = {_("様式"), _("名称"), _("台帳")};
    struct error err;
    struct form_rows rows;
    if (catalogue_forms(office_catalogue(cli->office), office_language(cli->office), &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const char *cells[] = {rows.items[i].id, rows.items[i].title, rows.items[i].ledger};
        output_row(out, cells);
    }
    output_end(&out);
    form_rows_free(&rows);
    return EXIT_DONE;
}

static int show(struct cli *cli)
{
    struct error err;
    const struct form *form;
    if (catalogue_form_named(office_catalogue(cli->office), cli->words[0], &form, &err))
        return cli_fail(&err);
    output_file(form->text);
    return EXIT_DONE;
}

static int paper(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    char path[256], *end;
    int code = EXIT_DONE;
    const char *copies = cli_option(cli, "--copies");
    long count = copies ? strtol(copies, &end, 10) : 1;
    if (copies && (*end || !*copies))
        return cli_usage(cli, _("枚数は数で書いてください: %s"), copies);
    if (paper_print(cli->session, cli->words[0], count, &text, path, &err))
        code = cli_fail(&err);
    else
        output_file(buffer_text(&text));
    buffer_free(&text);
    return code;
}

/* What came with the program and is newer: shown, and with dry not taken in. */
static int install_shipped(struct cli *cli, bool dry)
{
    static const char *const columns[] = {"name", "before", "now"};
    const char *titles[] = {_("様式・設定値"), _("いまの版"), _("新しい版")};
    struct shipped list;
    struct error err;
    if (setup_shipped(cli->session, &list, &err))
        return cli_fail(&err);
    enum status st = dry || !list.count ? OK : setup_install_shipped(cli->session, &list, &err);
    struct output *out = output_begin(OUTPUT_TABLE, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; !st && i < list.count; i++) {
        const struct shipped_row *r = &list.items[i];
        char *before = r->before ? xasprintf("%ld", r->before) : xstrdup("");
        char *now = r->now ? xasprintf("%ld", r->now) : xstrdup("");
        const char *cells[] = {r->name, before, now};
        output_row(out, cells);
        xfree(&before);
        xfree(&now);
    }
    output_end(&out);
    if (!st)
        output_line(dry ? _("新しいもの %zu件（--dry-run: 載せていません）")
                        : _("%zu件を登録簿に載せました。支所や局へは次の送付便で届きます"),
                    list.count);
    shipped_free(&list);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int install(struct cli *cli)
{
    int code = EXIT_DONE;
    bool shipped = cli_option(cli, "--shipped"), dry = cli_option(cli, "--dry-run");
    if (shipped ? cli->count : dry || !cli->count)
        return cli_usage(cli, _("様式のファイルか、--shipped（--dry-run）を書いてください"));
    if (shipped)
        return install_shipped(cli, dry);
    for (size_t i = 0; code == EXIT_DONE && i < cli->count; i++) {
        struct error err;
        if (form_file_check(cli->office, cli->words[i], &err) ||
            setup_install_form(cli->session, cli->words[i], &err))
            code = cli_fail(&err);
    }
    return code;
}

static const struct cli_option paper_options[] = {
    {"--copies", "N", N_("枚数（なければ1）。紙の受付番号は一枚ごとに違う")},
    {NULL, NULL, NULL},
};

static const struct cli_option install_options[] = {
    {"--shipped", NULL,
     N_("プログラムに付いている、より新しい様式・台帳の並び・状態と処理と、町にない設定値をすべ"
        "て")},
    {"--dry-run", NULL, N_("--shipped で載るものを示すだけ")},
    {NULL, NULL, NULL},
};

static const struct cli_option import_options[] = {
    {"--to", "FILE", N_("書く先（なければ標準出力）")},
    {"--encoding", "NAME", N_("CSV の文字コード（なければ UTF-8 か CP932）")},
    {NULL, NULL, NULL},
};
static const struct cli_option export_options[] = {
    {"--to", "FILE", N_("書く先。.xlsx なら表計算の形（なければ CSV を標準出力）")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_form[] = {
    {"form check", "FILE...",
     N_("様式のファイルが正しいか調べる。設置してあれば、登録簿の版とも比べる"), NULL, 1, 256,
     check, NEEDS_NOTHING},
    {"form import", "FILE", N_("XLSForm（.csv か .xlsx）を様式のファイルにする"), import_options, 1,
     1, import, NEEDS_NOTHING},
    {"form export", "ID|FILE", N_("様式を XLSForm にする"), export_options, 1, 1, export,
     NEEDS_NOTHING},
    {"form list", "", N_("使える様式を一覧する"), cli_format_options, 0, 0, list, NEEDS_OFFICE},
    {"form show", "ID", N_("様式のファイルを書き出す"), NULL, 1, 1, show, NEEDS_OFFICE},
    {"form paper", "ID", N_("白紙の様式を紙の受付番号つきで出す（停電・巡回に備えて）"),
     paper_options, 1, 1, paper, NEEDS_SESSION},
    {"form install", "FILE...|--shipped", N_("町: 様式を登録簿に載せる"), install_options, 0, 256,
     install, NEEDS_SESSION},
    {.name = NULL},
};
