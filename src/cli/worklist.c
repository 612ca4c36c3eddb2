/* satomado worklist: the lists of work, as the menu has them. */
#include <stdlib.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/worklist.h"

static int list(struct cli *cli)
{
    static const char *const columns[] = {"name", "title", "count"};
    const char *titles[] = {_("名"), _("作業一覧"), _("件")};
    struct error err;
    struct worklists lists;
    if (worklist_all(cli->session, &lists, &err)) {
        worklists_free(&lists);
        return cli_fail(&err);
    }
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    enum status st = OK;
    for (size_t i = 0; !st && i < lists.count; i++) {
        long count;
        st = worklist_count(cli->session, lists.items[i].name, &count, &err);
        char *number = xasprintf("%ld", count);
        const char *cells[] = {lists.items[i].name, lists.items[i].title, number};
        if (!st)
            output_row(out, cells);
        xfree(&number);
    }
    output_end(&out);
    worklists_free(&lists);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int show(struct cli *cli)
{
    static const char *const columns[] = {"id",   "number", "form", "title", "state", "stage",
                                          "when", "note",   "due",  "left",  "other"};
    const char *titles[] = {_("記録"), _("受付番号"), _("様式"), _("件名"),
                            _("状態"), _("送付"),     _("日"),   _("覚え"),
                            _("期限"), _("残り日数"), _("相手")};
    struct error err;
    struct worklist_rows rows;
    const char *most = cli_option(cli, "--limit");
    char *end = NULL;
    long limit = most ? strtol(most, &end, 10) : -1;
    if (most && (*end || !*most || limit < 0))
        return cli_usage(cli, _("件数は数で書いてください: %s"), most);
    if (worklist_load(cli->session, cli->words[0], 0, limit, &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const struct worklist_row *r = &rows.items[i];
        const char *cells[] = {r->id,   r->number, r->form, r->title, r->state, r->stage,
                               r->when, r->note,   r->due,  r->left,  r->other};
        output_row(out, cells);
    }
    output_end(&out);
    worklist_rows_free(&rows);
    return EXIT_DONE;
}

static const struct cli_option show_options[] = {
    FORMAT_OPTION,
    {"--limit", "N", N_("始めの N 件だけ（なければすべて）")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_worklist[] = {
    {"worklist list", "", N_("作業一覧と件数を示す"), cli_format_options, 0, 0, list,
     NEEDS_SESSION},
    {"worklist show", "NAME", N_("作業一覧の記録を示す。NAME は worklist list の名"), show_options,
     1, 1, show, NEEDS_SESSION},
    {.name = NULL},
};
