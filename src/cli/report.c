/* satomado report: lists, statistics, printouts. */
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/report.h"

static int list(struct session *session)
{
    static const char *const columns[] = {"report", "title", "ledger"};
    const char *titles[] = {_("帳票"), _("名称"), _("台帳")};
    struct form_rows rows;
    struct error err;
    if (report_list(session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(OUTPUT_TABLE, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const char *cells[] = {rows.items[i].id, rows.items[i].title, rows.items[i].ledger_title};
        output_row(out, cells);
    }
    output_end(&out);
    form_rows_free(&rows);
    return EXIT_DONE;
}

static int write_result(struct cli *cli, const struct report_result *result)
{
    const char *to = cli_option(cli, "--to");
    struct buffer text = BUFFER_INIT;
    struct error err = {0};
    char path[256];
    int code = EXIT_DONE;
    if (cli_option(cli, "--print")) {
        if (report_print(cli->session, result, path, &err))
            return cli_fail(&err);
        output_line("%s", path);
        return EXIT_DONE;
    }
    bool csv = cli->format == OUTPUT_CSV;
    if (to && file_exists(to))
        error_set(&err, E_EXISTS, _("%s はすでにあります"), to);
    else if (csv)
        report_csv(cli->session, result, &text, &err);
    else
        report_text(result, true, &text);
    if (!err.code && to)
        file_write(to, text.data, text.len, &err);
    else if (!err.code && csv)
        output_file(buffer_text(&text));
    else if (!err.code)
        output_lines(buffer_text(&text));
    if (err.code)
        code = cli_fail(&err);
    buffer_free(&text);
    return code;
}

static int report(struct cli *cli)
{
    struct strings values = STRINGS_INIT;
    struct report_result result;
    struct error err;
    int code = EXIT_DONE;
    if (cli->format == OUTPUT_NDJSON)
        return cli_usage(cli, _("形は text か csv です: %s"), cli_option(cli, "--format"));
    if (!cli->count)
        return list(cli->session);
    for (size_t i = 1; i < cli->count; i++)
        strings_add(&values, cli->words[i]);
    if (report_run(cli->session, cli->words[0], cli_option(cli, "--period"), &values, &result,
                   &err)) {
        code = cli_fail(&err);
    } else {
        code = write_result(cli, &result);
        report_result_free(&result);
    }
    strings_free(&values);
    return code;
}

static const struct cli_option report_options[] = {
    {"--period", "P", N_("帳票が始めに尋ねること（年度 R8、日付 R8.11.1 など）")},
    {"--format", "F", N_("text（なければこれ）か csv")},
    {"--to", "FILE", N_("書く先（なければ標準出力）")},
    {"--print", NULL, N_("print/ に書き、設定した命令で紙に出す")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_report[] = {
    {"report", "[NAME [FIELD=VALUE...]]", N_("帳票・集計を作る。NAME がなければ一覧を出す"),
     report_options, 0, 64, report, NEEDS_SESSION},
    {NULL, NULL, NULL, NULL, 0, 0, NULL, NEEDS_NOTHING},
};
