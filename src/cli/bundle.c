/* satomado bundle: how work travels. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/inspect.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/transfer.h"

static int create(struct cli *cli)
{
    struct error err;
    struct strings files = STRINGS_INIT;
    int code = EXIT_DONE;
    const char *to = cli_option(cli, "--to");
    struct session *session = to ? cli_session(cli, &code) : NULL;
    if (!to)
        return cli_usage(cli, "%s", _("書く場所を --to で示してください"));
    if (!session)
        return code;
    if (transfer_create(session, to, &files, &err))
        code = cli_fail(&err);
    for (size_t i = 0; i < files.count; i++)
        output_line("%s", files.items[i]);
    strings_free(&files);
    return code;
}

static int inspect(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    if (bundle_inspect(cli->words[0], &text, &err))
        return cli_fail(&err);
    output_lines(buffer_text(&text));
    buffer_free(&text);
    return EXIT_DONE;
}

static void print_applied(const struct transfer_applied *a, const char *what)
{
    output_line(_("%s 第%ld便（%s）: 新しい記録 %ld、届いた件 %ld、決定 %ld、保留 %ld%s%s"),
                a->from, a->number, what, a->events, a->records, a->decisions, a->held,
                a->receipt ? _("、町の受領あり") : "", a->again ? _("、取込み済みの便") : "");
}

static int verify(struct cli *cli)
{
    int code = EXIT_DONE;
    struct session *session = cli_session(cli, &code);
    for (size_t i = 0; session && i < cli->count; i++) {
        struct error err;
        struct transfer_applied applied;
        if (transfer_verify(session, cli->words[i], &applied, &err)) {
            code = cli_fail(&err);
            continue;
        }
        print_applied(&applied, _("確かめました"));
        xfree(&applied.from);
    }
    return code;
}

static int apply(struct cli *cli)
{
    int code = EXIT_DONE;
    struct session *session = cli_session(cli, &code);
    for (size_t i = 0; session && i < cli->count; i++) {
        struct error err;
        struct transfer_applied applied;
        if (transfer_apply(session, cli->words[i], &applied, &err)) {
            code = cli_fail(&err);
            continue;
        }
        print_applied(&applied, _("取り込みました"));
        xfree(&applied.from);
    }
    return code;
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"direction", "number", "peer", "at",
                                          "records",   "status", "file"};
    const char *titles[] = {_("向き"), _("便"),   _("相手"),    _("日時"),
                            _("件"),   _("状態"), _("ファイル")};
    struct error err;
    struct transfer_list rows;
    enum output_format format;
    int code = EXIT_DONE;
    struct session *session = cli_session(cli, &code);
    if (!session)
        return code;
    if (output_format(cli_option(cli, "--format"), &format, &err) ||
        transfer_list(session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        char number[24], records[24];
        snprintf(number, sizeof number, "%ld", rows.items[i].number);
        snprintf(records, sizeof records, "%ld", rows.items[i].records);
        const char *cells[] = {rows.items[i].incoming ? _("受") : _("送"),
                               number,
                               rows.items[i].peer,
                               rows.items[i].at,
                               records,
                               rows.items[i].status,
                               rows.items[i].file};
        output_row(out, cells);
    }
    output_end(&out);
    transfer_list_free(&rows);
    return EXIT_DONE;
}

static const struct cli_option create_options[] = {
    {"--to", "DIR", N_("送付便を書くフォルダー")},
    {NULL, NULL, NULL},
};

static const struct cli_option list_options[] = {
    {"--format", "F", N_("table、ndjson、csv")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_bundle[] = {
    {"bundle create", "", N_("送付便を書く（町では決定と受領を各窓口へ）"), create_options, 0, 0,
     create},
    {"bundle inspect", "FILE", N_("送付便の見出しを見る（鍵は要らない）"), NULL, 1, 1, inspect},
    {"bundle verify", "FILE...", N_("送付便を取り込まずに確かめる"), NULL, 1, 256, verify},
    {"bundle apply", "FILE...", N_("送付便を取り込む"), NULL, 1, 256, apply},
    {"bundle list", "", N_("送った便と受けた便を一覧する"), list_options, 0, 0, list},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
