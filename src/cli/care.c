/* satomado backup, restore, doctor: looking after a data directory. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/care.h"

enum { REGISTRY_LIMIT = 64 << 20 };

static bool show_progress(void *context, long done, long total, const char *what)
{
    (void)context;
    if (isatty(STDERR_FILENO) && total)
        fprintf(stderr, "\r%s %ld%%  ", what, done * 100 / total);
    else if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s...  ", what);
    return true;
}

static void print_wrong(void *context, const char *line)
{
    (void)context;
    output_line("%s", line);
}

static const struct care_watch watch = {show_progress, print_wrong, NULL};

static void end_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static int backup(struct cli *cli)
{
    struct error err;
    struct care_backup made;
    enum status st = care_backup(cli->office, cli_option(cli, "--to"), !cli_option(cli, "--quick"),
                                 &watch, &made, &err);
    end_progress();
    if (st)
        return cli_fail(&err);
    output_line(_("控えを書きました: %s（記録 %lld、確かめて正しい）"), made.path,
                (long long)made.events);
    if (made.gone)
        output_line(_("古い控えを %ld 個消しました"), made.gone);
    return EXIT_DONE;
}

static int restore(struct cli *cli)
{
    struct error err;
    char password[256] = "";
    struct care_restored done;
    struct buffer registry = BUFFER_INIT;
    const char *file = cli_option(cli, "--registry");
    enum status st = file ? file_read(file, REGISTRY_LIMIT, &registry, &err) : OK;
    if (!st)
        st = cli_password(cli, _("管理者の合言葉: "), password, sizeof password, &err);
    const struct care_restore wish = {
        .dir = cli->data,
        .file = cli->count ? cli->words[0] : NULL,
        .registry = file ? buffer_text(&registry) : NULL,
        .login = cli->user ? cli->user : "admin",
        .password = password,
    };
    if (!st)
        st = care_restore(&wish, &watch, &done, &err);
    explicit_bzero(password, sizeof password);
    end_progress();
    buffer_free(&registry);
    if (st)
        return cli_fail(&err);
    output_line(_("控えから戻しました（記録 %lld、台帳の件 %lld）"), (long long)done.events,
                (long long)done.records);
    if (*done.kept)
        output_line(_("それまでのデータベースは残してあります: %s"), done.kept);
    output_line(_("端末の鍵は新しくなりました: %.16s…"), done.device);
    if (done.certified)
        output_line(
            "%s",
            _("各局へ新しい登録簿（key registry --to）を届け、key accept してもらってください。"
              "それまで町の便は取り込まれません"));
    if (!done.certified)
        output_line("%s", _("町で認めてもらうまで、受付番号は付けられません。次をしてください:"));
    if (!done.certified)
        output_line(
            "%s",
            _("  ここで key enrol --to 申請、町で key trust 申請 --fingerprint 指紋 --to 登録簿、"
              "ここで key accept 登録簿"));
    return EXIT_DONE;
}

static int doctor(struct cli *cli)
{
    static const char *const columns[] = {"verdict", "what", "answer"};
    const char *titles[] = {_("判定"), _("見たもの"), _("分かったこと")};
    const char *const names[] = {"good", "note", "bad"};
    const char *const words[] = {_("良"), _("注意"), _("異常")};
    struct error err;
    struct care_findings findings;
    int code = EXIT_DONE;
    if (care_doctor(cli->office, &findings, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < findings.count; i++) {
        const struct care_finding *f = &findings.items[i];
        const char *cells[] = {cli->format == OUTPUT_TABLE ? words[f->verdict] : names[f->verdict],
                               f->what, f->answer};
        output_row(out, cells);
    }
    output_end(&out);
    code = findings.worst == CARE_BAD ? EXIT_DATA : EXIT_DONE;
    care_findings_free(&findings);
    return code;
}

static const struct cli_option backup_options[] = {
    {"--to", "DIR", N_("控えを書くフォルダー。なければデータのフォルダーの backup")},
    {"--quick", NULL, N_("写しのすべてでなく、ファイルと新しい記録だけ確かめる")},
    {NULL, NULL, NULL},
};

static const struct cli_option restore_options[] = {
    {"--registry", "FILE", N_("町: 局で書き出した登録簿（key registry）。控えより新しいとき")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_care[] = {
    {"backup", "", N_("データベースの控えを書いて確かめる"), backup_options, 0, 0, backup,
     NEEDS_OFFICE},
    {"restore", "[FILE]",
     N_("控えから戻す。FILE がなければ今のデータのまま。端末の鍵と記録のつながりは新しくなる"),
     restore_options, 0, 1, restore, NEEDS_NOTHING},
    {"doctor", "", N_("ファイル・鍵・ディスク・時計・控え・町とのつながりを調べる"),
     cli_format_options, 0, 0, doctor, NEEDS_OFFICE},
    {.name = NULL},
};
