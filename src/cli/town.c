/* satomado town: the numbers set by ordinance. */
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/catalogue.h"
#include "office/parameters.h"
#include "office/session.h"

static int show(struct cli *cli)
{
    static const char *const columns[] = {"key", "label", "value", "article"};
    const char *titles[] = {_("設定値"), _("内容"), _("今日の値"), _("根拠")};
    const struct town_profile *town = catalogue_town(office_catalogue(cli->office));
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; town && i < town->count; i++) {
        const struct parameter *p = &town->items[i];
        const char *value = town_profile_value(town, p->key, clock_today());
        const char *cells[] = {p->key, label_text(&p->label, office_language(cli->office)),
                               value ? value : "", p->article};
        output_row(out, cells);
    }
    output_end(&out);
    return EXIT_DONE;
}

static int check(struct cli *cli)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < cli->count; i++) {
        struct error err;
        if (parameters_check(cli->words[i], &err))
            code = cli_fail(&err);
        else
            output_line(_("%s: 正しい町の設定です"), cli->words[i]);
    }
    return code;
}

static int set(struct cli *cli)
{
    struct error err;
    return parameters_set(cli->session, cli->words[0], cli->words[1], cli_option(cli, "--from"),
                          &err)
               ? cli_fail(&err)
               : EXIT_DONE;
}

static const struct cli_option set_options[] = {
    {"--from", "D", N_("施行日（和暦でも西暦でも）。なければ今日")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_town[] = {
    {"town show", "", N_("町の設定値を見る"), cli_format_options, 0, 0, show, NEEDS_OFFICE},
    {"town check", "FILE...", N_("町の設定のファイルが正しいか調べる（型・範囲・施行日）"), NULL, 1,
     64, check, NEEDS_NOTHING},
    {"town set", "KEY VALUE", N_("町: 設定値を施行日を付けて変える"), set_options, 2, 2, set,
     NEEDS_SESSION},
    {.name = NULL},
};
