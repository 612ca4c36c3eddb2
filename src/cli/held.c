/* satomado bundle held, key fork, record number: what does not count yet, and the town's decisions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/held.h"
#include "office/rotate.h"

static int list(struct cli *cli)
{
    static const char *const columns[] = {"event",  "record", "number", "title", "form",
                                          "what",   "who",    "place",  "at",    "held_at",
                                          "reason", "text",   "advice"};
    const char *titles[] = {_("照合値"), _("記録"),       _("受付番号"), _("件名"), _("様式"),
                            _("処理"),   _("だれが"),     _("どこで"),   _("いつ"), _("保留の場所"),
                            _("理由"),   _("理由の説明"), _("すること")};
    struct error err;
    struct held_rows rows;
    if (held_list(cli->session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct held_row *r = &rows.items[i];
        char brief[17];
        snprintf(brief, sizeof brief, "%.16s", r->event);
        const char *cells[] = {cli->format == OUTPUT_TABLE ? brief : r->event,
                               r->record,
                               r->number,
                               r->title,
                               r->form,
                               r->what,
                               r->who,
                               r->place,
                               r->at,
                               r->there ? _("町") : _("ここ"),
                               r->reason,
                               r->text,
                               r->advice};
        output_row(out, cells);
    }
    output_end(&out);
    held_rows_free(&rows);
    return EXIT_DONE;
}

static int retry(struct cli *cli)
{
    struct error err;
    long before, after;
    if (held_retry(cli->session, &before, &after, &err))
        return cli_fail(&err);
    output_line(_("保留 %ld 件のうち %ld 件が入りました。残り %ld 件"), before, before - after,
                after);
    return EXIT_DONE;
}

static int list_forks(struct cli *cli)
{
    static const char *const columns[] = {"device", "place", "event", "seq",
                                          "from",   "count", "at",    "verdict"};
    const char *titles[] = {_("端末"),         _("場所"),       _("末尾の照合値"), _("末尾の番号"),
                            _("分かれた番号"), _("分かれた数"), _("いつ"),         _("町の判断")};
    struct error err;
    struct fork_rows rows;
    if (held_forks(cli->session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct fork_row *r = &rows.items[i];
        char device[17], event[17], seq[24], from[24], count[24];
        snprintf(device, sizeof device, "%.16s", r->device);
        snprintf(event, sizeof event, "%.16s", r->event);
        snprintf(seq, sizeof seq, "%ld", r->seq);
        snprintf(from, sizeof from, "%ld", r->from);
        snprintf(count, sizeof count, "%ld", r->events);
        bool table = cli->format == OUTPUT_TABLE;
        const char *cells[] = {table ? device : r->device,
                               r->place,
                               table ? event : r->event,
                               seq,
                               from,
                               count,
                               r->at,
                               r->verdict};
        output_row(out, cells);
    }
    output_end(&out);
    fork_rows_free(&rows);
    return EXIT_DONE;
}

static int decide(struct cli *cli)
{
    struct error err;
    struct strings good = STRINGS_INIT;
    const char *accept = cli_option(cli, "--accept");
    if (!accept)
        return cli_usage(cli, "%s",
                         _("正しい方の末尾を --accept 照合値 で示してください（どちらも正しく"
                           "ないときは --accept none）"));
    if (strcmp(accept, "none") != 0)
        strings_split(&good, accept, ',');
    enum status st = held_decide(cli->session, cli->words[0], &good, &err);
    strings_free(&good);
    if (st)
        return cli_fail(&err);
    output_line("%s",
                _("決めました。次の送付便でどこにも伝わります。その端末では restore で新しい鍵に"
                  "してください"));
    return EXIT_DONE;
}

static int branch(struct cli *cli)
{
    struct error err;
    char number[128], *end = NULL;
    const char *text = cli_option(cli, "--branch");
    long n = text ? strtol(text, &end, 10) : 0;
    if (text && (*end || n < 2))
        return cli_usage(cli, _("番号ではありません: %s"), text);
    if (held_branch(cli->session, cli->words[0], n, number, &err))
        return cli_fail(&err);
    output_line("%s", number);
    return EXIT_DONE;
}

/* --- Identities of the year --- */

static int rotate(struct cli *cli)
{
    struct error err;
    struct strings kept = STRINGS_INIT;
    char old[17] = "", root[65] = "";
    const char *escrow = cli_option(cli, "--escrow"), *destroy = cli_option(cli, "--destroy");
    bool listing = cli_option(cli, "--list") != NULL;
    enum status st = listing                     ? rotate_kept(cli->session, &kept, &err)
                     : destroy                   ? rotate_destroy(cli->session, destroy, &err)
                     : cli_option(cli, "--root") ? rotate_root(cli->session, root, &err)
                     : escrow                    ? rotate_escrow(cli->session, escrow, &err)
                                                 : rotate_town(cli->session, old, &err);
    for (size_t i = 0; i < kept.count; i++)
        output_line("%s", kept.items[i]);
    strings_free(&kept);
    if (st)
        return cli_fail(&err);
    if (*old)
        output_line(_("町の鍵を新しくしました。前の鍵 %s は残してあり、その年の送付便を開けます"),
                    old);
    else if (*root)
        output_line(_("根の鍵を新しくしました: %s（町の指紋は前のまま。紙は替えなくてよい）"),
                    root);
    else if (destroy)
        output_line(_("鍵 %s "
                      "を上書きして消しました。この鍵あての送付便は、もう開けません（SSDの中や控え"
                      "には、前の内容が残ることがあります）"),
                    destroy);
    else if (escrow)
        output_line(_("新しい預託鍵を %s に書きました。封をして金庫に入れてください"), escrow);
    return EXIT_DONE;
}

static const struct cli_option rotate_options[] = {
    {"--escrow", "FILE", N_("町の鍵でなく預託鍵を新しくし、ここに書く")},
    {"--root", NULL, N_("町の鍵でなく根の鍵を新しくする（前の鍵と新しい鍵の両方で署名する）")},
    {"--list", NULL, N_("残してある前の鍵を示す")},
    {"--destroy", "OLD", N_("残してある前の鍵を消す（その年の送付便は開けなくなる）")},
    {NULL, NULL, NULL},
};

static const struct cli_option decide_options[] = {
    {"--accept", "HASHES", N_("正しい方の末尾の照合値（, で区切る）、または none")},
    {NULL, NULL, NULL},
};

static const struct cli_option branch_options[] = {
    {"--branch", "N", N_("枝番。なければ次の番号")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_held[] = {
    {"bundle held list", "", N_("まだ効力のない記録を、理由とすることと共に一覧する"),
     cli_format_options, 0, 0, list, NEEDS_SESSION},
    {"bundle held retry", "", N_("保留の記録をもう一度確かめる"), NULL, 0, 0, retry, NEEDS_SESSION},
    {"key fork list", "", N_("二つに分かれた端末の、それぞれの末尾を一覧する"), cli_format_options,
     0, 0, list_forks, NEEDS_SESSION},
    {"key fork decide", "DEVICE", N_("町: 分かれた端末のどちらの記録を採るか決める"),
     decide_options, 1, 1, decide, NEEDS_SESSION},
    {"key rotate", "", N_("町: 年度の鍵を新しくする"), rotate_options, 0, 0, rotate, NEEDS_SESSION},
    {"record number", "ID", N_("町: 受付番号がほかの記録と重なった記録に枝番を付ける"),
     branch_options, 1, 1, branch, NEEDS_SESSION},
    {.name = NULL},
};
