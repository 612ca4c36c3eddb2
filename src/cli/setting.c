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
    struct error err;
    struct preference row;
    enum output_format format;
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    if (output_format(cli_option(cli, "--format"), &format, &err))
        return cli_fail(&err);
    struct output *out = output_begin(format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; preferences_row(office, i, &row); i++) {
        const char *cells[] = {row.key, row.value, row.bounds, row.text};
        output_row(out, cells);
    }
    output_end(&out);
    return EXIT_DONE;
}

static int set(struct cli *cli)
{
    struct error err;
    int code = EXIT_DONE;
    struct session *session = cli_session(cli, &code);
    if (!session)
        return code;
    return preferences_set(session, cli->words[0], cli->words[1], &err) ? cli_fail(&err)
                                                                        : EXIT_DONE;
}

static const struct cli_option list_options[] = {
    {"--format", "F", N_("table、ndjson、csv")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_setting[] = {
    {"setting list", "", N_("この場所の設定を見る"), list_options, 0, 0, list},
    {"setting set", "KEY VALUE", N_("この場所の設定を変える（次に開いたときから）"), NULL, 2, 2,
     set},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
