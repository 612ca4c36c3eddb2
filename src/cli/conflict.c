/* satomado record conflicts, resolve: what was written in two places at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/conflict.h"

static int conflicts(struct cli *cli)
{
    static const char *const columns[] = {"field", "label", "n",     "value",   "at",
                                          "who",   "place", "shown", "decision"};
    const char *titles[] = {_("欄"),     _("欄の名札"), _("番号"),     _("値"),    _("いつ"),
                            _("だれが"), _("どこで"),   _("表示中"), _("町の決定")};
    struct error err;
    struct conflicts list;
    if (conflict_list(cli->session, cli->words[0], &list, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < list.count; i++)
        for (size_t v = 0; v < list.items[i].count; v++) {
            const struct conflict_value *value = &list.items[i].values[v];
            char number[24];
            snprintf(number, sizeof number, "%zu", v + 1);
            const char *cells[] = {list.items[i].path,
                                   list.items[i].label,
                                   number,
                                   value->text,
                                   value->at,
                                   value->who,
                                   value->place,
                                   value->shown ? "*" : "",
                                   value->decision ? "*" : ""};
            output_row(out, cells);
        }
    output_end(&out);
    conflicts_free(&list);
    return EXIT_DONE;
}

static int resolve(struct cli *cli)
{
    struct error err;
    const char *number = cli_option(cli, "--choose");
    char *end = NULL;
    if (number && cli->count != 2)
        return cli_usage(cli, "%s", _("--choose のときは ID と FIELD だけを書いてください"));
    if (!number) {
        struct strings words = STRINGS_INIT;
        for (size_t i = 1; i < cli->count; i += 2)
            if (i + 1 < cli->count)
                strings_take(&words, xasprintf("%s=%s", cli->words[i], cli->words[i + 1]));
        strings_take(&words, NULL); /* ends the list */
        enum status st = conflict_settle(cli->session, cli->words[0], cli->words[1],
                                         (const char *const *)words.items, &err);
        strings_free(&words);
        return st ? cli_fail(&err) : EXIT_DONE;
    }
    long at = strtol(number, &end, 10);
    if (*end || at < 1)
        return cli_usage(cli, _("番号ではありません: %s"), number);
    return conflict_choose(cli->session, cli->words[0], cli->words[1], (size_t)at - 1, &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static const struct cli_option resolve_options[] = {
    {"--choose", "N", N_("record conflicts の番号の値を選ぶ")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_conflict[] = {
    {"record conflicts", "ID",
     N_("二か所で書かれて食い違っている値を、だれがいつ書いたかと共に示す"), cli_format_options, 1,
     1, conflicts, NEEDS_SESSION},
    {"record resolve", "ID FIELD [VALUE [FIELD VALUE...]]",
     N_("食い違う値を一つにする: --choose で選ぶか、正しい値を書く。計算する欄は値なしで計算"
        "し直す"),
     resolve_options, 2, 64, resolve, NEEDS_SESSION},
    {.name = NULL},
};
