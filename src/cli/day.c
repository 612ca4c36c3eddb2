/* satomado day: what the day holds, and closing it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/day.h"
#include "office/transfer.h"
#include "text/era.h"

/* --date in any spelling the counter takes; today without it. */
static int wanted_date(const struct cli *cli, struct date *out)
{
    struct error err;
    const char *text = cli_option(cli, "--date");
    *out = clock_today();
    if (!text)
        return EXIT_DONE;
    return era_parse(text, 0, clock_today(), out, &err) ? cli_fail(&err) : EXIT_DONE;
}

static void print_drafts(const struct day *day)
{
    for (size_t i = 0; i < day->draft_count; i++) {
        const struct day_draft *d = &day->drafts[i];
        const char *state = d->held ? _("保留") : *d->carried ? _("繰越し") : _("未完了の下書き");
        const char *note = d->held ? d->note : d->carried;
        output_line("  %s  %s  %s %s  %s%s%s", state, d->draft, d->form_title, d->title,
                    d->owner_name, *note ? "  " : "", note);
    }
}

static void print_records(struct output *out, const struct day_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct day_record *r = &records[i];
        const char *cells[] = {r->receipt_no,
                               r->form_title,
                               r->title,
                               r->received_at,
                               r->deficient ? _("不備あり") : "",
                               r->late ? _("後入力") : ""};
        output_row(out, cells);
    }
}

static int status(struct cli *cli)
{
    static const char *const columns[] = {"receipt_no",  "form",      "name",
                                          "received_at", "deficient", "late"};
    const char *titles[] = {_("受付番号"), _("様式"), _("氏名・件名"),
                            _("受付日時"), _("不備"), _("後入力")};
    struct date date;
    struct day day;
    struct error err;
    int code = wanted_date(cli, &date);
    if (code)
        return code;
    if (day_load(cli->session, date, &day, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    print_records(out, day.records, day.record_count);
    print_records(out, day.entered, day.entered_count);
    output_end(&out);
    if (cli->format == OUTPUT_TABLE) {
        output_line(_("受付確定 %zu 件、下書き %ld 件、%s"), day.record_count, day.blocking,
                    day.closed ? _("締め済み") : _("未締め"));
        print_drafts(&day);
    }
    day_free(&day);
    return EXIT_DONE;
}

static int close_day(struct cli *cli)
{
    struct date date;
    struct day_result result;
    struct error err;
    int code = wanted_date(cli, &date);
    if (code)
        return code;
    const char *draft = cli_option(cli, "--carry"), *reason = cli_option(cli, "--reason");
    if (draft && str_empty(reason))
        return cli_usage(cli, "%s", _("繰り越す理由を --reason で示してください"));
    if (draft && day_carry(cli->session, date, draft, reason, &err))
        return cli_fail(&err);
    draft = cli_option(cli, "--hand");
    const char *user = cli_option(cli, "--to-user");
    if (draft && str_empty(user))
        return cli_usage(cli, "%s", _("引き継ぐ相手を --to-user で示してください"));
    if (draft && day_hand_over(cli->session, draft, user, &err))
        return cli_fail(&err);
    const struct transfer_order to = {.to = cli_option(cli, "--to"),
                                      .approval = cli_option(cli, "--approval")};
    if (day_close(cli->session, date, &to, NULL, NULL, &result, &err))
        return cli_fail(&err);
    output_line(_("%s第%ld便を書き、読み直して確かめました: %s"), result.again ? _("追加便 ") : "",
                result.number, result.bundle);
    if (*result.attachments)
        output_line(_("添付の便 %s"), result.attachments);
    if (*result.attachments_problem)
        output_note(_("satomado: 添付の便を書けませんでした。次の便で送ります: %s"),
                    result.attachments_problem);
    output_line(_("受付 %ld 件  日計表 %s  照合 %s"), result.records, result.sheet, result.hash);
    if (*result.backup)
        output_line(_("控え %s"), result.backup);
    else
        output_note(_("satomado: 控えを書けませんでした: %s"), result.backup_problem);
    return EXIT_DONE;
}

static const struct cli_option status_options[] = {
    {"--date", "D", N_("日（和暦でも西暦でも）。なければ今日")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option close_options[] = {
    {"--date", "D", N_("日（和暦でも西暦でも）。なければ今日")},
    {"--to", "DIR", N_("送付便を書くフォルダー")},
    {"--approval", "NUMBER", N_("持ち出しの承認番号（町が求めるとき）")},
    {"--carry", "DRAFT", N_("この下書きを繰り越す（--reason と一緒に）")},
    {"--reason", "TEXT", N_("繰り越す理由")},
    {"--hand", "DRAFT", N_("この下書きを引き継ぐ（--to-user と一緒に）")},
    {"--to-user", "USER", N_("引き継ぐ相手の利用者名")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_day[] = {
    {"day status", "", N_("一日の受付と下書きを見る"), status_options, 0, 0, status, NEEDS_SESSION},
    {"day close", "", N_("日締めをして送付便を書く"), close_options, 0, 0, close_day,
     NEEDS_SESSION},
    {.name = NULL},
};
