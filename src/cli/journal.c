/* satomado journal: the truth, checked and made again. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/anchor.h"
#include "office/dispose.h"
#include "office/office.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/verify.h"

static void print_wrong(void *context, const char *line)
{
    (void)context;
    output_line("%s", line);
}

static int verify(struct cli *cli)
{
    struct error err;
    struct verified verified;
    if (store_verify(office_store(cli->office), print_wrong, NULL, &verified, &err))
        return cli_fail(&err);
    output_line(_("記録 %lld、台帳の件 %lld、添付 %lld: すべて正しい"), (long long)verified.events,
                (long long)verified.records, (long long)verified.attachments);
    return EXIT_DONE;
}

static void show_progress(void *context, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO) && (done % 100 == 0 || done == total))
        fprintf(stderr, "\r%lld/%lld", (long long)done, (long long)total);
}

static int rebuild(struct cli *cli)
{
    struct error err;
    return projection_rebuild(office_store(cli->office), show_progress, NULL, &err) ? cli_fail(&err)
                                                                                    : EXIT_DONE;
}

static enum status print_event(void *context, const struct event *event, const char *held,
                               struct error *err)
{
    (void)context;
    (void)err;
    output_line("%s %lld %s %s %s %s %.16s%s%s", event->at, (long long)event->seq,
                event_op_name(event->op), event->form, event->record, event->device, event->hash,
                *held ? " " : "", held);
    return OK;
}

static int show_log(struct cli *cli)
{
    struct error err;
    return journal_read_record(office_store(cli->office), cli_option(cli, "--record"), print_event,
                               NULL, &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static int dispose(struct cli *cli)
{
    struct error err;
    struct strings records = STRINGS_INIT;
    size_t done = 0;
    const char *reason = cli_option(cli, "--reason");
    for (size_t i = 0; i < cli->count; i++)
        strings_add(&records, cli->words[i]);
    enum status st = dispose_records(cli->session, &records, reason ? reason : "", &done, &err);
    strings_free(&records);
    if (done)
        output_line(_("%zu 件を廃棄しました。ほかの場所では、次の送付便で廃棄されます"), done);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int list_disposed(struct cli *cli)
{
    static const char *const columns[] = {"record", "form",    "at",      "who",
                                          "reason", "gone_on", "done_at", "open_at"};
    const char *titles[] = {_("記録"),         _("様式"),      _("廃棄の日"),
                            _("だれが"),       _("理由"),      _("控えからも消える日"),
                            _("廃棄した場所"), _("まだの場所")};
    struct error err;
    struct disposal_rows rows;
    if (dispose_rows(cli->session, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct disposal_row *r = &rows.items[i];
        const char *cells[] = {r->record, r->form_title, r->at,      r->who,
                               r->reason, r->gone_on,    r->done_at, r->open_at};
        output_row(out, cells);
    }
    output_end(&out);
    disposal_rows_free(&rows);
    return EXIT_DONE;
}

static int anchor(struct cli *cli)
{
    struct error err;
    char path[256];
    size_t heads;
    const char *file = cli_option(cli, "--check");
    if (file ? anchor_check(cli->session, file, &heads, &err)
             : anchor_write(cli->session, path, &err))
        return cli_fail(&err);
    if (file)
        output_line(_("証しの %zu 行はどれもここにあります"), heads);
    else
        output_line(_("%s に書きました。印刷して封をし、データとは別の所に置いてください"), path);
    return EXIT_DONE;
}

static const struct cli_option anchor_options[] = {
    {"--check", "FILE", N_("前に書いた証しと、いまの記録を比べる")},
    {NULL, NULL, NULL},
};

static const struct cli_option dispose_options[] = {
    {"--reason", "TEXT", N_("廃棄の理由（保存期間満了など）")},
    {NULL, NULL, NULL},
};

static const struct cli_option log_options[] = {
    {"--record", "ID", N_("この記録だけ")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_journal[] = {
    {"journal verify", "", N_("記録簿と表が正しいか確かめる"), NULL, 0, 0, verify, NEEDS_OFFICE},
    {"journal rebuild", "", N_("表を記録簿から作り直す"), NULL, 0, 0, rebuild, NEEDS_OFFICE},
    {"journal log", "", N_("記録簿の見出しを書き出す（氏名や内容は出ない）"), log_options, 0, 0,
     show_log, NEEDS_OFFICE},
    {"journal anchor", "", N_("月ごとの証し（すべての記録の末尾）を、封をするために書き出す"),
     anchor_options, 0, 0, anchor, NEEDS_SESSION},
    {"journal dispose", "ID...",
     N_("町: 保存期間の過ぎた記録を、どこからも復元できないように廃棄する"), dispose_options, 1,
     1000, dispose, NEEDS_SESSION},
    {"journal disposed", "", N_("廃棄した記録と、まだ廃棄していない場所を一覧する"),
     cli_format_options, 0, 0, list_disposed, NEEDS_SESSION},
    {.name = NULL},
};
