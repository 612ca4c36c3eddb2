/* satomado journal: the truth, checked and made again. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "cli/groups.h"
#include "cli/output.h"
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
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    if (store_verify(office_store(office), print_wrong, NULL, &verified, &err))
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
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    return projection_rebuild(office_store(office), show_progress, NULL, &err) ? cli_fail(&err)
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
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    return journal_read_record(office_store(office), cli_option(cli, "--record"), print_event, NULL,
                               &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static const struct cli_option log_options[] = {
    {"--record", "ID", N_("この記録だけ")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_journal[] = {
    {"journal verify", "", N_("記録簿と表が正しいか確かめる"), NULL, 0, 0, verify},
    {"journal rebuild", "", N_("表を記録簿から作り直す"), NULL, 0, 0, rebuild},
    {"journal log", "", N_("記録簿の見出しを書き出す（氏名や内容は出ない）"), log_options, 0, 0,
     show_log},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
