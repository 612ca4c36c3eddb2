/* satomado record act, worklist act: moving records on, one or several at once. */
#include <stdio.h>

#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/action.h"
#include "office/worklist.h"

/* 却下理由書案: what the rules found, a line each. */
static void print_draft(const char *draft)
{
    struct strings lines = STRINGS_INIT;
    if (*draft)
        strings_split(&lines, draft, '\n');
    for (size_t i = 0; i < lines.count; i++)
        output_line(_("    理由の案: %s"), lines.items[i]);
    strings_free(&lines);
}

static int print_actions(struct session *session, const char *record)
{
    struct error err;
    struct action_list actions;
    if (action_list(session, record, &actions, &err))
        return cli_fail(&err);
    for (size_t i = 0; i < actions.count; i++) {
        const struct action_row *row = &actions.items[i];
        output_line("%s  %s%s", row->name, row->label,
                    row->reason_required ? _("（理由が要ります）") : "");
        print_draft(row->reason_draft);
    }
    action_list_free(&actions);
    return EXIT_DONE;
}

/* The letters on stdout, one line for each that was refused on stderr; the exit code is that of the
 * first of them. */
static int tell(const struct action_outcomes *done, bool several)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < done->count; i++) {
        struct action_outcome *one = &done->items[i];
        if (several) {
            snprintf(one->err.where, sizeof one->err.where, "%s", one->name);
            snprintf(one->letter.where, sizeof one->letter.where, "%s", one->name);
        }
        int own = one->err.code ? cli_fail(&one->err) : EXIT_DONE;
        code = code == EXIT_DONE ? own : code;
        if (*one->notice)
            output_line(_("通知書 %s"), one->notice);
        if (one->letter.code)
            output_note(_("satomado: 注意: %s"), error_text(&one->letter));
    }
    return code;
}

static int act(struct cli *cli, const struct strings *records, bool several)
{
    const char *reason = cli_option(cli, "--reason");
    const struct action_order order = {cli->words[1], reason ? reason : "",
                                       cli_option(cli, "--prepared-reason") != NULL,
                                       cli->words + 2};
    struct action_outcomes done;
    action_each(cli->session, records, &order, &done);
    int code = tell(&done, several);
    if (several)
        output_line(_("%zu件しました。できなかったもの %zu件"), done.count - done.refused,
                    done.refused);
    action_outcomes_free(&done);
    return code;
}

static int record_act(struct cli *cli)
{
    struct strings records = STRINGS_INIT;
    if (cli->count == 1)
        return print_actions(cli->session, cli->words[0]);
    strings_split(&records, cli->words[0], ',');
    int code = act(cli, &records, records.count > 1);
    strings_free(&records);
    return code;
}

static int worklist_act(struct cli *cli)
{
    struct strings records = STRINGS_INIT;
    struct worklist_rows rows;
    struct error err;
    if (worklist_load(cli->session, cli->words[0], 0, -1, &rows, &err))
        return cli_fail(&err);
    for (size_t i = 0; i < rows.count; i++)
        if (*rows.items[i].id && !rows.items[i].is_draft && !rows.items[i].is_person)
            strings_add(&records, rows.items[i].id);
    worklist_rows_free(&rows);
    int code = act(cli, &records, true);
    strings_free(&records);
    return code;
}

static const struct cli_option options[] = {
    {"--reason", "TEXT", N_("理由")},
    {"--prepared-reason", NULL,
     N_("記録ごとに、満たさない規則から作った理由で行う（なければ --reason の理由）")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_act[] = {
    {"record act", "ID[,ID...] [ACTION [NAME=VALUE...]]",
     N_("審査・決定・取下げなどを行う。ACTION がなければできることを示す"), options, 1, 64,
     record_act, NEEDS_SESSION},
    {"worklist act", "NAME ACTION [NAME=VALUE...]",
     N_("作業一覧のすべての記録に同じ処理を行う。できないものは一行ずつ示し、ほかは行う"), options,
     2, 64, worklist_act, NEEDS_SESSION},
    {.name = NULL},
};
