/* satomado search, person: finding people and records. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/dossier.h"
#include "office/people.h"

static int search(struct cli *cli)
{
    static const char *const columns[] = {"kind", "id", "name", "kana", "detail"};
    const char *titles[] = {_("種別"), _("番号"), _("氏名・件名"), _("カナ"), _("内容")};
    struct error err;
    struct hits hits;
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < cli->count; i++)
        buffer_printf(&text, "%s%s", i ? " " : "", cli->words[i]);
    enum status st = people_search(cli->session, buffer_text(&text), 0, 100, &hits, &err);
    buffer_free(&text);
    if (st)
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < hits.count; i++) {
        const struct hit *h = &hits.items[i];
        const char *cells[] = {h->is_person ? _("人物") : _("記録"), h->id, h->title, h->kana,
                               h->detail};
        output_row(out, cells);
    }
    output_end(&out);
    if (cli_option(cli, "--timing"))
        fprintf(stderr, "%.3f ms\n", hits.milliseconds);
    hits_free(&hits);
    return EXIT_DONE;
}

static int show(struct cli *cli)
{
    struct error err;
    struct person_page page;
    if (people_load(cli->session, cli->words[0], cli_option(cli, "--whole") != NULL, &page, &err))
        return cli_fail(&err);
    output_line("%s（%s）%s", page.name, page.kana, page.protected ? _(" 閲覧制限") : "");
    output_line(_("生年月日 %s"), page.birth);
    for (size_t i = 0; i + 1 < page.reach.count; i += 2)
        output_line("%s %s", page.reach.items[i], page.reach.items[i + 1]);
    for (size_t i = 0; i < page.facts.count; i++)
        output_line("* %s: %s  %s", page.facts.items[i].label, page.facts.items[i].text,
                    page.facts.items[i].number);
    for (size_t i = 0; i < page.records.count; i++) {
        const struct worklist_row *r = &page.records.items[i];
        output_line("  %s  %s  %s  %s  %s", r->number, r->form, r->state, r->when, r->id);
    }
    person_page_free(&page);
    return EXIT_DONE;
}

static int protect(struct cli *cli)
{
    struct error err;
    const char *until = cli_option(cli, "--until"), *reason = cli_option(cli, "--reason");
    bool end = cli_option(cli, "--end") != NULL;
    if ((until != NULL) == end)
        return cli_usage(cli, "%s", _("--until 期限 か --end のどちらかを示してください"));
    return people_protect(cli->session, cli->words[0], until, reason ? reason : "", &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static int dossier(struct cli *cli)
{
    struct error err;
    struct dossier made;
    if (dossier_write(cli->session, cli->words[0], &made, &err))
        return cli_fail(&err);
    output_line(_("本人一式（%ld件） %s"), made.records, made.file);
    output_line(_("閲覧の記録（別紙 %ld件） %s"), made.readings, made.readers_file);
    return EXIT_DONE;
}

static int same_or_other(struct cli *cli,
                         enum status (*say)(struct session *, const char *, const char *,
                                            const char *, struct error *))
{
    struct error err;
    const char *reason = cli_option(cli, "--reason");
    if (str_empty(reason))
        return cli_usage(cli, "%s", _("理由を --reason で示してください"));
    return say(cli->session, cli->words[0], cli->words[1], reason, &err) ? cli_fail(&err)
                                                                         : EXIT_DONE;
}

static int same(struct cli *cli)
{
    return same_or_other(cli, people_same);
}

static int other(struct cli *cli)
{
    return same_or_other(cli, people_other);
}

static const struct cli_option search_options[] = {
    {"--timing", NULL, N_("かかった時間も示す")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option show_options[] = {
    {"--whole", NULL, N_("閲覧制限のある人の住所と連絡先も出す")},
    {NULL, NULL, NULL},
};

static const struct cli_option protect_options[] = {
    {"--until", "DAY", N_("期限（過ぎても自動では解けない）")},
    {"--end", NULL, N_("閲覧制限を終える")},
    {"--reason", "TEXT", N_("理由（申出の日や受付の番号など）")},
    {NULL, NULL, NULL},
};

static const struct cli_option reason_options[] = {
    {"--reason", "TEXT", N_("そう判断した理由")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_person[] = {
    {"search", "TEXT...", N_("氏名・カナ・番号・電話・住所で探す"), search_options, 1, 32, search,
     NEEDS_SESSION},
    {"person show", "ID", N_("人物とその記録を見る"), show_options, 1, 1, show, NEEDS_SESSION},
    {"person protect", "ID", N_("閲覧制限（支援措置）をかける、延ばす、終える"), protect_options, 1,
     1, protect, NEEDS_SESSION},
    {"person dossier", "ID", N_("開示用の本人一式と、だれが見たかの別紙を作る"), NULL, 1, 1,
     dossier, NEEDS_SESSION},
    {"person same", "A B", N_("A と B は同じ人だと記録する"), reason_options, 2, 2, same,
     NEEDS_SESSION},
    {"person other", "A B", N_("A と B は別の人だと記録する"), reason_options, 2, 2, other,
     NEEDS_SESSION},
    {.name = NULL},
};
