/* satomado qr: cards and sheets with a QR code, and what a scanned one says. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/card.h"
#include "office/scanning.h"
#include "text/era.h"
#include "text/qr.h"

/* On a terminal, or as text for whoever makes the paper by other means. */
static int show_one(struct cli *cli, const char *record)
{
    struct error err;
    struct card_face face;
    struct strings lines = STRINGS_INIT;
    if (card_make(cli->session, record, &face, &err))
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

static int show(struct cli *cli)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < cli->count; i++)
        code = show_one(cli, cli->words[i]);
    return code;
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

/* --- 連続受付 --- */

enum { CODE_MAX = 1000 };

static int set_same(struct cli *cli, struct scanning *scanning)
{
    int code = EXIT_DONE;
    for (size_t i = 1; code == EXIT_DONE && i < cli->count; i++) {
        struct error err;
        const char *equals = strchr(cli->words[i], '=');
        char *path = xstrndup(cli->words[i], equals ? (size_t)(equals - cli->words[i]) : 0);
        if (!equals)
            code = cli_usage(cli, _("「欄=値」の形で書いてください: %s"), cli->words[i]);
        else if (entry_type(scanning_same(scanning), path, equals + 1, &err))
            code = cli_fail(&err);
        xfree(&path);
    }
    return code;
}

/* Works on what was read so far; every reading is answered by a line. */
static int answer(struct scanning *scanning, bool all)
{
    struct scan_result result;
    int code = EXIT_DONE;
    while (scanning_step(scanning, all, &result)) {
        output_line("%s  %s  %s", scan_outcome_text(result.outcome), result.title, result.text);
        if (result.outcome == SCAN_DRAFT || result.outcome == SCAN_REFUSED)
            code = EXIT_REFUSED;
        scan_result_free(&result);
    }
    return code;
}

static int scan(struct cli *cli)
{
    struct error err;
    struct scanning *scanning;
    char line[CODE_MAX];
    if (scanning_new(cli->session, cli->words[0], NULL, &scanning, &err))
        return cli_fail(&err);
    int code = set_same(cli, scanning);
    bool go = code == EXIT_DONE;
    while (go && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        scanning_push(scanning, line);
        if (answer(scanning, false))
            code = EXIT_REFUSED;
    }
    if (go && scanning_waiting(scanning))
        output_note("%s", scanning_lacks(scanning));
    if (go && answer(scanning, true))
        code = EXIT_REFUSED;
    scanning_free(&scanning);
    return code;
}

static const struct cli_option show_options[] = {
    {"--text", NULL, N_("図でなく、QRの中の文字だけを示す")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_qr[] = {
    {"qr show", "ID...", N_("記録のQR（登録証、QR参加用紙）を示す"), show_options, 1, 512, show,
     NEEDS_SESSION},
    {"qr print", "ID...", N_("記録のQRを付けた紙（登録証、QR参加用紙）を print/ に書き、印刷する"),
     NULL, 1, 512, print, NEEDS_SESSION},
    {"qr check", "TEXT", N_("読み取ったQRの文字が何か、まだ使えるかを示す"), NULL, 1, 1, check,
     NEEDS_SESSION},
    {"qr scan", "FORM [FIELD=VALUE...]",
     N_("連続受付: 標準入力から一行に一つずつQRの文字を読み、記録する。FIELD はどれにも同じ値"),
     NULL, 1, 512, scan, NEEDS_SESSION},
    {.name = NULL},
};
