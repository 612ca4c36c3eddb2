/* satomado bundle: how work travels. */
#include <stdio.h>
#include <stdlib.h>
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
    if (!to)
        return cli_usage(cli, "%s", _("書く場所を --to で示してください"));
    const struct transfer_order order = {to, cli_option(cli, "--all") != NULL,
                                         cli_option(cli, "--reason"),
                                         cli_option(cli, "--approval")};
    if (transfer_create(cli->session, &order, &files, &err))
        code = cli_fail(&err);
    for (size_t i = 0; i < files.count; i++)
        output_line("%s", files.items[i]);
    strings_free(&files);
    return code;
}

static enum status print_line(void *context, const char *text, size_t len, struct error *err)
{
    (void)context;
    (void)len;
    (void)err;
    output_line("%s", text);
    return OK;
}

static int inspect(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    if (bundle_inspect(cli->words[0], &text, &err))
        return cli_fail(&err);
    output_lines(buffer_text(&text));
    buffer_free(&text);
    const char *identity = cli_option(cli, "--identity");
    return identity && transfer_content(cli->words[0], identity, print_line, NULL, &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static int copy(struct cli *cli)
{
    struct error err;
    char path[512];
    int code = EXIT_DONE;
    const char *to = cli_option(cli, "--to");
    if (!to)
        return cli_usage(cli, "%s", _("書く場所を --to で示してください"));
    const struct transfer_order order = {to, false, cli_option(cli, "--reason"),
                                         cli_option(cli, "--approval")};
    for (size_t i = 0; i < cli->count; i++) {
        if (transfer_copy(cli->session, cli->words[i], &order, path, &err))
            code = cli_fail(&err);
        else
            output_line("%s", path);
    }
    return code;
}

static void print_applied(struct transfer_applied *a, const char *what)
{
    output_line(
        _("%s 第%ld便（%s）: 新しい記録 %ld、届いた件 %ld、決定 %ld、添付 %ld、保留 %ld%s%s"),
        a->from, a->number, what, a->events, a->records, a->decisions, a->blobs, a->held,
        a->receipt ? _("、町の受領あり") : "", a->again ? _("、取込み済みの便") : "");
    if (a->followed)
        output_line(_("待っていた便も%ld件取り込みました"), a->followed);
    for (size_t i = 0; i < a->changes.count; i++)
        output_line("%s", a->changes.items[i]);
    for (size_t i = 0; i < a->warnings.count; i++)
        output_note(_("satomado: 注意: %s"), a->warnings.items[i]);
    transfer_applied_free(a);
}

static int each_file(struct cli *cli, bool write)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < cli->count; i++) {
        struct error err;
        struct transfer_applied applied;
        enum status st = write ? transfer_apply_with(cli->session, cli->words[i],
                                                     cli_option(cli, "--identity"), &applied, &err)
                               : transfer_verify(cli->session, cli->words[i],
                                                 cli_option(cli, "--identity"), &applied, &err);
        if (st && cli->count > 1 && !*err.where) /* which of them */
            snprintf(err.where, sizeof err.where, "%s", cli->words[i]);
        if (st)
            code = cli_fail(&err);
        else
            print_applied(&applied, write ? _("取り込みました") : _("確かめました"));
    }
    return code;
}

static int verify(struct cli *cli)
{
    return each_file(cli, false);
}

static int apply(struct cli *cli)
{
    return each_file(cli, true);
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"direction", "number",  "kind",   "peer",
                                          "at",        "records", "status", "file"};
    const char *titles[] = {_("向き"), _("便"), _("種類"), _("相手"),
                            _("日時"), _("件"), _("状態"), _("ファイル")};
    struct error err;
    struct transfer_list rows;
    if (transfer_list(cli->session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        char number[24], records[24];
        snprintf(number, sizeof number, "%ld", rows.items[i].number);
        snprintf(records, sizeof records, "%ld", rows.items[i].records);
        const char *cells[] = {rows.items[i].incoming ? _("受") : _("送"),
                               number,
                               rows.items[i].kind,
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

static int receipt(struct cli *cli)
{
    struct error err;
    struct strings lines = STRINGS_INIT;
    if (transfer_notices(cli->session, &lines, &err))
        return cli_fail(&err);
    for (size_t i = 0; i < lines.count; i++)
        output_line("%s", lines.items[i]);
    if (!lines.count)
        output_line("%s", _("町との間で知らせることはありません"));
    strings_free(&lines);
    return EXIT_DONE;
}

static int request(struct cli *cli)
{
    struct error err;
    if (transfer_request_all(cli->session, &err))
        return cli_fail(&err);
    output_line("%s",
                _("町に全部を求めます。次の町あての便（日締めのあと）で伝わり、その次の町からの便に"
                  "入ります"));
    return EXIT_DONE;
}

/* --- 持出し台帳, media, scope --- */

static int carried(struct cli *cli)
{
    static const char *const columns[] = {"id",        "at",        "who",     "number",
                                          "records",   "medium",    "reason",  "approval",
                                          "closed_at", "closed_by", "outcome", "file"};
    const char *titles[] = {_("番"),   _("持出し"),   _("担当"), _("便"),
                            _("件"),   _("媒体"),     _("理由"), _("承認"),
                            _("締め"), _("締めた人"), _("結果"), _("ファイル")};
    struct error err;
    struct carry_list rows;
    if (transfer_carried(cli->session, cli_option(cli, "--out") != NULL, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct carry_row *r = &rows.items[i];
        char id[24], number[24], records[24];
        snprintf(id, sizeof id, "%ld", r->id);
        snprintf(number, sizeof number, "%ld", r->number);
        snprintf(records, sizeof records, "%ld", r->records);
        const char *cells[] = {id,           r->at,        r->who,     number,
                               records,      r->medium,    r->reason,  r->approval,
                               r->closed_at, r->closed_by, r->outcome, r->file};
        output_row(out, cells);
    }
    output_end(&out);
    carry_list_free(&rows);
    return EXIT_DONE;
}

static int come_back(struct cli *cli)
{
    struct error err;
    char *end;
    long number = strtol(cli->words[0], &end, 10);
    if (*end || number < 1)
        return cli_usage(cli, _("番号ではありません: %s"), cli->words[0]);
    return transfer_return(cli->session, number, cli->words[1], &err) ? cli_fail(&err) : EXIT_DONE;
}

static int media(struct cli *cli)
{
    static const char *const columns[] = {"uuid", "label", "state", "here"};
    const char *titles[] = {_("識別番号"), _("名札"), _("状態"), _("ここ")};
    struct error err;
    struct medium_list rows;
    if (transfer_media(cli->session, cli_option(cli, "--at"), &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct medium_row *r = &rows.items[i];
        const char *cells[] = {r->uuid, r->label, r->retired ? _("廃止") : _("使用中"),
                               r->here ? _("ここにある") : ""};
        output_row(out, cells);
    }
    output_end(&out);
    medium_list_free(&rows);
    return EXIT_DONE;
}

static int say_medium(struct cli *cli, const char *label, bool retired)
{
    struct error err;
    return transfer_register_medium(cli->session, cli->words[0], label, retired, &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static int register_medium(struct cli *cli)
{
    return say_medium(cli, cli->words[1], false);
}

static int retire_medium(struct cli *cli)
{
    return say_medium(cli, NULL, true);
}

static int scope(struct cli *cli)
{
    struct error err;
    struct strings rules = STRINGS_INIT;
    bool none = cli_option(cli, "--none"), change = cli->count > 1 || none;
    if (none && cli->count > 1)
        return cli_usage(cli, "%s", _("--none のときは場所だけを書いてください"));
    for (size_t i = 1; i < cli->count; i++)
        strings_add(&rules, cli->words[i]);
    enum status st = change ? transfer_set_scope(cli->session, cli->words[0], &rules, &err)
                            : transfer_scope(cli->session, cli->words[0], &rules, &err);
    for (size_t i = 0; !st && i < rules.count; i++)
        output_line("%s", rules.items[i]);
    if (!st && !rules.count)
        output_line("%s", _("自分の記録だけ"));
    strings_free(&rules);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static const struct cli_option carried_options[] = {
    {"--out", NULL, N_("持ち出したままのものだけ")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option media_options[] = {
    {"--at", "DIR", N_("このフォルダーがどの媒体にあるかも示す")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option scope_options[] = {
    {"--none", NULL, N_("自分の記録だけにする")},
    {NULL, NULL, NULL},
};

static const struct cli_option copy_options[] = {
    {"--to", "DIR", N_("写すフォルダー（USBメモリーなど）")},
    {"--reason", "TEXT", N_("持ち出す理由（持出し台帳に載る）")},
    {"--approval", "NUMBER", N_("持ち出しの承認番号（町が求めるとき）")},
    {NULL, NULL, NULL},
};

static const struct cli_option create_options[] = {
    {"--to", "DIR", N_("送付便を書くフォルダー")},
    {"--all", NULL, N_("受領済みのものも、はじめから全部")},
    {"--reason", "TEXT", N_("持ち出す理由（持出し台帳に載る）")},
    {"--approval", "NUMBER", N_("持ち出しの承認番号（町が求めるとき）")},
    {NULL, NULL, NULL},
};

static const struct cli_option inspect_options[] = {
    {"--identity", "FILE", N_("age の鍵のファイル（預託鍵など）で開き、中身の行も出す")},
    {NULL, NULL, NULL},
};

static const struct cli_option apply_options[] = {
    {"--identity", "FILE", N_("預託鍵など age の鍵のファイルで開く（町の鍵を失ったとき）")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_bundle[] = {
    {"bundle create", "", N_("送付便を書く（町では決定と受領を各窓口へ）"), create_options, 0, 0,
     create, NEEDS_SESSION},
    {"bundle inspect", "FILE", N_("送付便の見出しを見る（鍵は要らない）。鍵があれば中身も"),
     inspect_options, 1, 1, inspect, NEEDS_NOTHING},
    {"bundle verify", "FILE...", N_("送付便を取り込まずに確かめる"), apply_options, 1, 256, verify,
     NEEDS_SESSION},
    {"bundle apply", "FILE...", N_("送付便を取り込む"), apply_options, 1, 256, apply,
     NEEDS_SESSION},
    {"bundle copy", "FILE...", N_("書いた送付便を媒体に写し、読み直して確かめる"), copy_options, 1,
     256, copy, NEEDS_SESSION},
    {"bundle list", "", N_("送った便、受けた便、前の便を待つ便を一覧する"), cli_format_options, 0,
     0, list, NEEDS_SESSION},
    {"bundle receipt", "", N_("町との間の知らせ（受領の遅れ、町での保留、届いていない添付）"), NULL,
     0, 0, receipt, NEEDS_SESSION},
    {"bundle request", "", N_("町に全部の記録をもう一度求める（ここに欠けがあるとき）"), NULL, 0, 0,
     request, NEEDS_SESSION},
    {"bundle carried", "", N_("持出し台帳を見る"), carried_options, 0, 0, carried, NEEDS_SESSION},
    {"bundle return", "NUMBER OUTCOME", N_("持出し台帳の一件を締める（返却、消去など）"), NULL, 2,
     2, come_back, NEEDS_SESSION},
    {"bundle media", "", N_("町に登録した媒体を見る"), media_options, 0, 0, media, NEEDS_SESSION},
    {"bundle register", "UUID LABEL", N_("町: 媒体を登録する"), NULL, 2, 2, register_medium,
     NEEDS_SESSION},
    {"bundle retire", "UUID", N_("町: 媒体の使用をやめる"), NULL, 1, 1, retire_medium,
     NEEDS_SESSION},
    {"bundle scope", "PLACE [FORM.FIELD=VALUE...]",
     N_("町: 端末に渡す記録の範囲を見る、決める（例 person.municipality=雪見町）"), scope_options,
     1, 64, scope, NEEDS_SESSION},
    {.name = NULL},
};
