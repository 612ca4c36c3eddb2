/* satomado qr: cards and sheets with a QR code, and what a scanned one says. */
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/card.h"
#include "text/era.h"
#include "text/qr.h"

static int show(struct cli *cli)
{
    struct error err;
    struct card_face face;
    struct strings lines = STRINGS_INIT;
    if (card_make(cli->session, cli->words[0], &face, &err))
        return cli_fail(&err);
    bool text = cli_option(cli, "--text") != NULL;
    enum status st = text ? OK : qr_lines(face.token, QR_PAPER, &lines, &err);
    for (size_t i = 0; !text && i < face.lines.count; i += 2)
        output_line("%s: %s", face.lines.items[i], face.lines.items[i + 1]);
    for (size_t i = 0; i < lines.count; i++)
        output_line("%s", lines.items[i]);
    if (st)
        output_note("%s", error_text(&err));
    if (st || text)
        output_line("%s", face.token);
    strings_free(&lines);
    card_face_free(&face);
    return EXIT_DONE;
}

static int print(struct cli *cli)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < cli->count; i++) {
        struct error err;
        char path[256];
        if (card_print(cli->session, cli->words[i], path, NULL, &err)) {
            output_note("%s:", cli->words[i]);
            code = cli_fail(&err);
        } else {
            output_line("%s", path);
        }
    }
    return code;
}

static void print_day(const char *label, struct date day)
{
    char text[ERA_TEXT_SIZE];
    if (!day.year)
        return;
    era_format_day(text, sizeof text, day);
    output_line("%s: %s", label, text);
}

static int check(struct cli *cli)
{
    struct error err;
    struct card_found found;
    enum status st = card_read(cli->session, NULL, cli->words[0], &found, &err);
    if (!st) {
        output_line("%s  %s  %s", found.receipt_no, found.title, found.state);
        output_line(_("記録: %s"), found.record);
        print_day(_("発行日"), found.issued);
        print_day(_("有効期限"), found.until);
        output_line(_("作った端末: %s"), found.printed_by);
    }
    card_found_free(&found);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static const struct cli_option show_options[] = {
    {"--text", NULL, N_("図でなく、QRの中の文字だけを示す")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_qr[] = {
    {"qr show", "ID", N_("記録のQR（登録証、QR参加用紙）を示す"), show_options, 1, 1, show,
     NEEDS_SESSION},
    {"qr print", "ID...", N_("記録のQRを付けた紙（登録証、QR参加用紙）を print/ に書き、印刷する"), NULL, 1,
     512, print, NEEDS_SESSION},
    {"qr check", "TEXT", N_("読み取ったQRの文字が何か、まだ使えるかを示す"), NULL, 1, 1, check,
     NEEDS_SESSION},
    {.name = NULL},
};
