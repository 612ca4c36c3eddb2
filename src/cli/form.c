/* satomado form: the files that say what is asked. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/catalogue.h"
#include "office/setup.h"

static int check(struct cli *cli)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < cli->count; i++) {
        struct error err;
        if (setup_check_form(cli->words[i], &err))
            code = cli_fail(&err);
        else
            output_line(_("%s: 正しい様式です"), cli->words[i]);
    }
    return code;
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"form", "title", "ledger"};
    const char *titles[] = {_("様式"), _("名称"), _("台帳")};
    struct error err;
    struct form_rows rows;
    enum output_format format;
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    if (output_format(cli_option(cli, "--format"), &format, &err) ||
        catalogue_forms(office_catalogue(office), office_language(office), &rows, &err))
        return cli_fail(&err);
    struct output *out = output_begin(format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < rows.count; i++) {
        const char *cells[] = {rows.items[i].id, rows.items[i].title, rows.items[i].ledger};
        output_row(out, cells);
    }
    output_end(&out);
    form_rows_free(&rows);
    return EXIT_DONE;
}

static int show(struct cli *cli)
{
    struct error err;
    const struct form *form;
    int code = EXIT_DONE;
    struct office *office = cli_office(cli, &code);
    if (!office)
        return code;
    if (catalogue_form_named(office_catalogue(office), cli->words[0], &form, &err))
        return cli_fail(&err);
    fputs(form->text, stdout);
    return EXIT_DONE;
}

static int install(struct cli *cli)
{
    int code = EXIT_DONE;
    struct session *session = cli_session(cli, &code);
    for (size_t i = 0; session && code == EXIT_DONE && i < cli->count; i++) {
        struct error err;
        if (setup_install_form(session, cli->words[i], &err))
            code = cli_fail(&err);
    }
    return code;
}

static const struct cli_option list_options[] = {
    {"--format", "F", N_("table、ndjson、csv")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_form[] = {
    {"form check", "FILE...", N_("様式のファイルが正しいか調べる"), NULL, 1, 256, check},
    {"form list", "", N_("使える様式を一覧する"), list_options, 0, 0, list},
    {"form show", "ID", N_("様式のファイルを書き出す"), NULL, 1, 1, show},
    {"form install", "FILE...", N_("町: 様式を登録簿に載せる"), NULL, 1, 256, install},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
