/* satomado town rebuild, bundle rebuild, key root: what is kept away for the worst, and used then.
 */
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/rebuild.h"

static void tell(const struct rebuilt *out)
{
    output_line(_("町を作り直しました（登録簿は%ld番から）。戻った記録 %ld件、出来事 "
                  "%ld、町の前の端末は%lld番まで"),
                out->registry, out->records, out->events, (long long)out->last);
    for (size_t i = 0; i < out->refused.count; i++)
        output_note(_("satomado: 注意: %s"), out->refused.items[i]);
    output_line("%s",
                _("次にすること: 1 利用者を加える（user add） 2 登録簿を書き出し（key registry）、"
                  "各場所で取り込む（key accept） 3 便を作って各場所に渡す（bundle create）。"
                  "各場所は届いていない記録をもう一度送ります 4 遅れた場所の写しも "
                  "bundle apply --identity 預託鍵 で取り込み、そろったら town rebuilt"));
}

static int rebuild(struct cli *cli)
{
    struct error err;
    char password[256];
    const char *root = cli_option(cli, "--root-key"), *escrow = cli_option(cli, "--escrow");
    struct strings escrows = STRINGS_INIT, files = STRINGS_INIT;
    struct rebuilt out = {0};
    if (!root || !escrow)
        return cli_usage(cli, "%s", _("--root-key と --escrow が要ります"));
    strings_split(&escrows, escrow, ',');
    for (size_t i = 0; i < cli->count; i++)
        strings_add(&files, cli->words[i]);
    const struct rebuild wish = {
        cli->data, cli->user ? cli->user : "admin", password, root, &escrows, &files};
    enum status st = cli_password(cli, _("管理者の合言葉: "), password, sizeof password, &err);
    if (!st)
        st = rebuild_town(&wish, &out, &err);
    explicit_bzero(password, sizeof password);
    if (!st)
        tell(&out);
    rebuilt_free(&out);
    strings_free(&escrows);
    strings_free(&files);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int give(struct cli *cli)
{
    struct error err;
    struct strings files = STRINGS_INIT;
    const char *to = cli_option(cli, "--to");
    if (!to)
        return cli_usage(cli, "%s", _("書く場所を --to で示してください"));
    enum status st = rebuild_give(cli->session, to, &files, &err);
    for (size_t i = 0; i < files.count; i++)
        output_line("%s", files.items[i]);
    strings_free(&files);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int root_key(struct cli *cli)
{
    struct error err;
    const char *to = cli_option(cli, "--to"), *from = cli_option(cli, "--from");
    bool remove = cli_option(cli, "--remove") != NULL;
    if (!to == !from || (remove && !to))
        return cli_usage(cli, "%s", _("--to か --from のどちらかが要ります"));
    if (to ? rebuild_root_out(cli->session, to, remove, &err)
           : rebuild_root_in(cli->session, from, &err))
        return cli_fail(&err);
    if (from)
        output_line("%s", _("根の鍵を戻しました"));
    else
        output_line(remove
                        ? _("根の鍵を %s に移しました。戻すまで、鍵や様式を認めることはできません")
                        : _("根の鍵の写しを %s に書きました。預託鍵とは別の場所に保管してください"),
                    to);
    return EXIT_DONE;
}

static const struct cli_option rebuild_options[] = {
    {"--root-key", "FILE", N_("key root で写しておいた根の鍵")},
    {"--escrow", "FILES", N_("預託鍵のファイル（前の年度のものもあれば , で区切る）")},
    {NULL, NULL, NULL},
};

static const struct cli_option give_options[] = {
    {"--to", "DIR", N_("書くフォルダー")},
    {NULL, NULL, NULL},
};

static const struct cli_option root_options[] = {
    {"--to", "FILE", N_("写しを書くファイル")},
    {"--remove", NULL, N_("写したあと、この機械から消す")},
    {"--from", "FILE", N_("この写しを元に戻す")},
    {NULL, NULL, NULL},
};

static int rebuilt(struct cli *cli)
{
    struct error err;
    if (rebuild_done(cli->session, &err))
        return cli_fail(&err);
    output_line("%s", _("町の作り直しを終えました"));
    return EXIT_DONE;
}

const struct cli_command cli_rebuild[] = {
    {"town rebuild", "FILE...",
     N_("機械も控えも失った町を、根の鍵と預託鍵、各場所の登録簿と便から作り直す"), rebuild_options,
     1, 256, rebuild, NEEDS_NOTHING},
    {"town rebuilt", "", N_("町: 作り直しを終える（遅れて届く写しを、もう取り込まない）"), NULL, 0,
     0, rebuilt, NEEDS_SESSION},
    {"bundle rebuild", "", N_("失われた町を作り直すため、ここにある登録簿と町からの記録を書き出す"),
     give_options, 0, 0, give, NEEDS_SESSION},
    {"key root", "", N_("町: 根の鍵の写しを書き出す、または写しから戻す"), root_options, 0, 0,
     root_key, NEEDS_SESSION},
    {.name = NULL},
};
