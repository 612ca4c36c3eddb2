/* satomado setting: how this place works. */
#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/preferences.h"

static int list(struct cli *cli)
{
    static const char *const columns[] = {"key", "value", "allowed", "help"};
    const char *titles[] = {_("設定"), _("値"), _("選べる値"), _("内容")};
    struct preference row;
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; preferences_row(cli->office, i, &row); i++) {
        const char *cells[] = {row.key, row.value, row.bounds, row.text};
        output_row(out, cells);
    }
    output_end(&out);
    return EXIT_DONE;
}

static int set(struct cli *cli)
{
    struct error err;
    return preferences_set(cli->session, cli->words[0], cli->words[1], &err) ? cli_fail(&err)
                                                                             : EXIT_DONE;
}

const struct cli_command cli_setting[] = {
    {"setting list", "", N_("この場所の設定を見る"), cli_format_options, 0, 0, list, NEEDS_OFFICE},
    {"setting set", "KEY VALUE", N_("この場所の設定を変える（次に開いたときから）"), NULL, 2, 2,
     set, NEEDS_SESSION},
    {.name = NULL},
};
