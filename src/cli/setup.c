/* satomado init, user, key, demo: making places and letting people in. */
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
#include "office/setup.h"
#include "office/users.h"

/* A path, or the name of a town that comes with the program. */
static char *town_file(const char *name)
{
    if (strchr(name, '/') || file_exists(name))
        return xstrdup(name);
    char *relative = xasprintf("forms/towns/%s.yaml", name), *file = file_resource(relative);
    xfree(&relative);
    return file;
}

static int init(struct cli *cli)
{
    struct error err;
    char password[256];
    const char *town = cli_option(cli, "--town"), *office = cli_option(cli, "--office");
    const char *device = cli_option(cli, "--device"), *role = cli_option(cli, "--role");
    const char *brief = cli_option(cli, "--short"), *root = cli_option(cli, "--town-root");
    if (!town || !office || !device)
        return cli_usage(cli, "%s", _("--town、--office、--device が要ります"));
    char *file = town_file(town);
    const struct setup setup = {.dir = cli->data,
                                .town_file = file,
                                .office = office,
                                .brief = brief ? brief : office,
                                .device = device,
                                .role = role ? role : "counter",
                                .admin = cli->user ? cli->user : "admin",
                                .password = password,
                                .root = root ? root : ""};
    enum status st = cli_password(cli, _("管理者の合言葉: "), password, sizeof password, &err);
    if (!st)
        st = setup_init(&setup, &err);
    explicit_bzero(password, sizeof password);
    if (!st)
        output_line(_("%s を設置しました。管理者は %s です"), cli->data, setup.admin);
    xfree(&file);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int show_keys(struct cli *cli)
{
    struct error err;
    char root[65], device[65];
    if (setup_fingerprints(cli->office, root, device, &err))
        return cli_fail(&err);
    output_line(_("町の根の鍵  %s"), *root ? root : _("（なし）"));
    output_line(_("この端末    %s"), device);
    return EXIT_DONE;
}

/* Text to --to or stdout. */
static int deliver(struct cli *cli, const struct buffer *text)
{
    struct error err;
    const char *to = cli_option(cli, "--to");
    if (to)
        return file_write(to, text->data, text->len, &err) ? cli_fail(&err) : EXIT_DONE;
    output_file(buffer_text(text));
    return EXIT_DONE;
}

static int enrol(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    int code = EXIT_DONE;
    code = setup_request(cli->session, &text, &err) ? cli_fail(&err) : deliver(cli, &text);
    buffer_free(&text);
    return code;
}

/* Without the fingerprint from paper it only shows what would be certified. */
static int trust(struct cli *cli)
{
    struct error err;
    struct buffer request = BUFFER_INIT, registry = BUFFER_INIT, summary = BUFFER_INIT;
    const char *fingerprint = cli_option(cli, "--fingerprint");
    int code = EXIT_DONE;
    enum status st = file_read(cli->words[0], 1 << 20, &request, &err);
    if (!st && !fingerprint)
        st = setup_request_summary(buffer_text(&request), &summary, &err);
    if (!st && !fingerprint) {
        output_lines(buffer_text(&summary));
        st = error_set(
            &err, E_DENIED,
            _("申請を届けた人の紙の指紋と照らし、同じなら --fingerprint で示してください"));
    }
    if (!st)
        st = setup_trust(cli->session, buffer_text(&request), fingerprint,
                         cli_option(cli, "--replaces"), &err);
    if (!st)
        st = setup_registry_text(cli->session, &registry, &err);
    code = st ? cli_fail(&err) : deliver(cli, &registry);
    buffer_free(&request);
    buffer_free(&registry);
    buffer_free(&summary);
    return code;
}

static int list_keys(struct cli *cli)
{
    static const char *const columns[] = {"kind", "key", "name", "place", "roles", "ended"};
    const char *titles[] = {_("種別"), _("鍵の指紋"), _("名"), _("場所"), _("役割"), _("失効")};
    struct error err;
    struct key_rows keys;
    if (users_keys(cli->session, &keys, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < keys.count; i++) {
        const struct key_row *k = &keys.items[i];
        char brief[17];
        snprintf(brief, sizeof brief, "%.16s", k->id);
        const char *cells[] = {cli->format != OUTPUT_TABLE ? (k->device ? "device" : "user")
                               : k->device                 ? _("端末")
                                                           : _("利用者"),
                               cli->format == OUTPUT_TABLE ? brief : k->id,
                               k->name,
                               k->office,
                               k->roles,
                               k->ended};
        output_row(out, cells);
    }
    output_end(&out);
    key_rows_free(&keys);
    return EXIT_DONE;
}

static int revoke_key(struct cli *cli)
{
    struct error err;
    struct strings heads = STRINGS_INIT;
    const char *accept = cli_option(cli, "--accept"), *reason = cli_option(cli, "--reason");
    if (accept)
        strings_split(&heads, accept, ',');
    enum status st = users_revoke(cli->session, cli->words[0], reason ? reason : "", &heads, &err);
    strings_free(&heads);
    if (st)
        return cli_fail(&err);
    output_line(
        "%s",
        _("失効を登録簿に載せました。次の送付便（または key registry と key accept）で各場所に"
          "届きます"));
    return EXIT_DONE;
}

static int give_numbers(struct cli *cli)
{
    struct error err;
    if (users_give_numbers(cli->session, cli->words[0], &err))
        return cli_fail(&err);
    output_line(
        "%s", _("番号の枠を加えました。次の送付便（または key registry と key accept）で届きます"));
    return EXIT_DONE;
}

static int take_escrow(struct cli *cli)
{
    struct error err;
    const char *to = cli_option(cli, "--to");
    if (!to)
        return cli_usage(cli, "%s", _("--to が要ります"));
    if (users_escrow(cli->session, to, &err))
        return cli_fail(&err);
    output_line(_("預託鍵を %s に移しました。この機械にはもうありません。封をして金庫に"
                  "入れてください"),
                to);
    return EXIT_DONE;
}

static int write_registry(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    int code = EXIT_DONE;
    code = setup_registry_text(cli->session, &text, &err) ? cli_fail(&err) : deliver(cli, &text);
    buffer_free(&text);
    return code;
}

static int accept_registry(struct cli *cli)
{
    struct error err;
    struct buffer text = BUFFER_INIT;
    enum status st = file_read(cli->words[0], 64 << 20, &text, &err);
    long version = 0;
    if (!st) {
        st = setup_accept_registry(cli->session, buffer_text(&text), &version, &err);
        snprintf(err.where, sizeof err.where, "%s", cli->words[0]);
    }
    buffer_free(&text);
    if (st)
        return cli_fail(&err);
    output_line(_("登録簿を取り込みました（ここでは第%ld版）"), version);
    return EXIT_DONE;
}

static long number(const struct cli *cli, const char *option, long standard)
{
    const char *text = cli_option(cli, option);
    return text ? strtol(text, NULL, 10) : standard;
}

static int demo(struct cli *cli)
{
    struct error err;
    const struct demo demo = {.dir = cli->words[0],
                              .people = number(cli, "--people", 30),
                              .days = number(cli, "--days", 3),
                              .years = number(cli, "--years", 2),
                              .seed = (unsigned long)number(cli, "--seed", 1)};
    if (demo_make(&demo, &err))
        return cli_fail(&err);
    output_line(_("架空の町 奥霧町を %s に作りました。"), demo.dir);
    output_line(_("  office 霧沢郵便局  branch 上瀬支所  laptop 集落支援員  town 奥霧町役場"));
    output_line(_(
        "  利用者 yamada（窓口）sato（責任者）higuchi（支援員）kacho（町の審査）admin（管理者）"));
    output_line(_("  合言葉 okugiri-demo"));
    return EXIT_DONE;
}

static const struct cli_option init_options[] = {
    {"--town", "FILE", N_("町の設定のファイル、または okugiri などの名")},
    {"--office", "NAME", N_("局・支所の名")},
    {"--short", "NAME", N_("受付番号に使う短い名")},
    {"--device", "NAME", N_("端末の名")},
    {"--role", "ROLE", N_("counter、laptop、town")},
    {"--town-root", "HEX", N_("町の根の鍵の指紋（紙で受け取ったもの）")},
    {NULL, NULL, NULL},
};

static const struct cli_option trust_options[] = {
    {"--fingerprint", "HEX", N_("紙で受け取った端末の指紋（始めの16桁以上）")},
    {"--replaces", "DEVICE", N_("控えもなく失われた端末（始めの8桁以上）。その代わりとして認める")},
    {"--to", "FILE", N_("書き出すファイル")},
    {NULL, NULL, NULL},
};

static const struct cli_option revoke_options[] = {
    {"--reason", "TEXT", N_("失効の理由")},
    {"--accept", "HASHES",
     N_("そこまでは正しい記録の照合値（, で区切る）。なければ町に届いたところまで")},
    {NULL, NULL, NULL},
};

static const struct cli_option to_options[] = {
    {"--to", "FILE", N_("書き出すファイル")},
    {NULL, NULL, NULL},
};

static const struct cli_option demo_options[] = {
    {"--people", "N", N_("登録する人の数")},
    {"--days", "N", N_("日数")},
    {"--years", "N", N_("その前の台帳の記録の年数（0 = なし）")},
    {"--seed", "N", N_("乱数の種（同じなら同じ町）")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_setup[] = {
    {"init", "", N_("データのフォルダーと鍵と最初の管理者を作る"), init_options, 0, 0, init,
     NEEDS_NOTHING},
    {"key show", "", N_("鍵の指紋を見る（紙で照合する）"), NULL, 0, 0, show_keys, NEEDS_OFFICE},
    {"key enrol", "", N_("町への登録申請を書き出す"), to_options, 0, 0, enrol, NEEDS_SESSION},
    {"key trust", "FILE", N_("町: 登録申請を認め、登録簿を書き出す"), trust_options, 1, 1, trust,
     NEEDS_SESSION},
    {"key list", "", N_("町が認めた鍵を一覧する"), cli_format_options, 0, 0, list_keys,
     NEEDS_SESSION},
    {"key revoke", "KEY", N_("町: なくした鍵、悪用された鍵を失効させる"), revoke_options, 1, 1,
     revoke_key, NEEDS_SESSION},
    {"key numbers", "DEVICE", N_("町: 受付番号の枠を使い切りそうな端末に、次の枠を与える"), NULL, 1,
     1, give_numbers, NEEDS_SESSION},
    {"key escrow", "", N_("町: 預託鍵をこの機械の外へ移す（一度だけ）"), to_options, 0, 0,
     take_escrow, NEEDS_SESSION},
    {"key accept", "FILE", N_("町の登録簿を取り込む"), NULL, 1, 1, accept_registry, NEEDS_SESSION},
    {"key registry", "", N_("ここにある町の登録簿を書き出す"), to_options, 0, 0, write_registry,
     NEEDS_SESSION},
    {"demo", "DIR", N_("架空の町 奥霧町を作る"), demo_options, 1, 1, demo, NEEDS_NOTHING},
    {.name = NULL},
};
