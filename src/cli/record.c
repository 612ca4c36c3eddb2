/* satomado record: the same records under the same rules as at the counter. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/comparison_sheet.h"
#include "office/entry.h"
#include "office/notice.h"
#include "office/recordview.h"

/* "field=value" words into the entry; every refusal is printed. */
static int type_words(struct cli *cli, struct entry *entry)
{
    int code = EXIT_DONE;
    for (size_t i = 1; i < cli->count; i++) {
        struct error err;
        const char *equals = strchr(cli->words[i], '=');
        if (!equals)
            return cli_usage(cli, _("「欄=値」の形で書いてください: %s"), cli->words[i]);
        char *written = xstrndup(cli->words[i], (size_t)(equals - cli->words[i])), *path;
        if (entry_field_path(entry, written, &path, &err) ||
            entry_type(entry, path, equals + 1, &err)) {
            output_note("%s:", written);
            code = cli_fail(&err);
        }
        xfree(&path);
        xfree(&written);
    }
    return code;
}

static int print_findings(struct entry *entry)
{
    static const char *const words[] = {N_("誤り"), N_("不備"), N_("注意"), N_("参考")};
    const struct findings *findings;
    struct error err;
    if (entry_findings(entry, true, &findings, &err))
        return cli_fail(&err);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *f = &findings->items[i];
        output_note("%s: %s%s%s", _(words[f->severity]), f->path, *f->path ? ": " : "", f->message);
    }
    return EXIT_DONE;
}

static void explain_all(struct entry *entry)
{
    const struct findings *findings;
    if (entry_findings(entry, true, &findings, NULL))
        return;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            entry_explain(entry, findings->items[i].rule, findings->items[i].path, true);
}

static const char *word(const struct cli *cli, const char *option)
{
    const char *value = cli_option(cli, option);
    return value ? value : "";
}

static enum status begin(struct cli *cli, struct entry **entry, struct error *err)
{
    const char *about = cli_option(cli, "--about"), *person = cli_option(cli, "--person");
    if (about && person)
        return error_set(err, E_INVALID, _("--about と --person は、どちらか一つにしてください"));
    if (person)
        return entry_new_for(cli->session, cli->words[0], person, false, entry, err);
    return about ? entry_new_about(cli->session, cli->words[0], about, entry, err)
                 : entry_new(cli->session, cli->words[0], entry, err);
}

static int new_record(struct cli *cli)
{
    struct error err;
    struct entry *entry;
    struct receipt receipt;
    int code = EXIT_DONE;
    if (begin(cli, &entry, &err))
        return cli_fail(&err);
    code = type_words(cli, entry);
    if (code == EXIT_DONE && cli_option(cli, "--received-at") &&
        entry_set_late(entry, cli_option(cli, "--received-at"), word(cli, "--paper-no"),
                       word(cli, "--receiver"), word(cli, "--late-reason"), &err))
        code = cli_fail(&err);
    if (code == EXIT_DONE && cli_option(cli, "--explained"))
        explain_all(entry);
    if (code == EXIT_DONE && cli_option(cli, "--finalise")) {
        if (entry_finalise(entry, "", &receipt, &err)) {
            print_findings(entry);
            code = cli_fail(&err);
        } else {
            output_line("%s %s%s", receipt.number, entry_id(entry),
                        receipt.deficient ? _(" 受付（不備あり）") : "");
        }
    } else if (code == EXIT_DONE) {
        code = print_findings(entry);
        if (entry_save_draft(entry, "", &err))
            code = cli_fail(&err);
        else
            output_line("%s", entry_id(entry));
    }
    entry_free(&entry);
    return code;
}

static int list(struct cli *cli)
{
    struct error err;
    struct strings columns = STRINGS_INIT;
    struct record_table table;
    if (cli_option(cli, "--columns"))
        strings_split(&columns, cli_option(cli, "--columns"), ',');
    enum status st = record_table_load(cli->session, cli->words[0], cli_option(cli, "--where"),
                                       columns.count ? &columns : NULL, &table, &err);
    strings_free(&columns);
    if (st)
        return cli_fail(&err);
    size_t width = table.columns + 1;
    const char **head = xcalloc(width, sizeof *head), **cells = xcalloc(width, sizeof *cells);
    const char **names = xcalloc(width, sizeof *names);
    head[0] = "ID";
    names[0] = "id";
    for (size_t c = 0; c < table.columns; c++) {
        head[c + 1] = table.titles[c];
        names[c + 1] = table.names[c];
    }
    struct output *out = output_begin(cli->format, names, head, width);
    for (size_t r = 0; r < table.rows; r++) {
        cells[0] = table.ids[r];
        for (size_t c = 0; c < table.columns; c++)
            cells[c + 1] = table.cells[r * table.columns + c];
        output_row(out, cells);
    }
    output_end(&out);
    xfree(&head);
    xfree(&names);
    xfree(&cells);
    record_table_free(&table);
    return EXIT_DONE;
}

static int show(struct cli *cli)
{
    struct error err;
    struct record_view view;
    if (record_view_load(cli->session, cli->words[0], cli_option(cli, "--whole") != NULL, &view,
                         &err))
        return cli_fail(&err);
    output_line("%s  %s  %s  %s %s", view.receipt_no, view.form_title, view.title, view.state,
                view.stage);
    for (size_t i = 0; i < view.note_count; i++)
        output_line("  * %s", view.notes[i]);
    for (size_t i = 0; i < view.line_count; i++) {
        const struct view_line *l = &view.lines[i];
        if (i == 0 || strcmp(l->section, view.lines[i - 1].section) != 0)
            output_line("[%s]", l->section);
        output_line("  %s: %s%s%s%s", l->label, l->value, l->conflict ? _("（複数の値）") : "",
                    l->compared ? "   " : "", l->compared ? l->compared : "");
    }
    for (size_t i = 0; cli_option(cli, "--history") && i < view.event_count; i++) {
        const struct view_event *e = &view.events[i];
        output_line("%s  %s  %s  %s  %s", e->at, e->place, e->who, e->what, e->reason);
        if (*e->changes)
            output_line("    %s", e->changes);
    }
    record_view_free(&view);
    return EXIT_DONE;
}

static int discard(struct cli *cli)
{
    struct error err;
    return entry_discard(cli->session, cli->words[0], &err) ? cli_fail(&err) : EXIT_DONE;
}

/* --- 添付 --- */

/* A draft, else a record. */
static enum status open_any(struct session *session, const char *id, struct entry **out,
                            struct error *err)
{
    enum status st = entry_resume(session, id, out, err);
    return st == E_NOT_FOUND || st == E_EXISTS ? entry_open(session, id, out, err) : st;
}

/* A record's change is a correction, a draft has been saved already. */
static enum status keep(struct cli *cli, struct entry *entry, struct error *err)
{
    const char *kind = cli_option(cli, "--kind"), *reason = cli_option(cli, "--reason");
    return entry_is_final(entry)
               ? entry_correct(entry, kind ? kind : "applicant", reason ? reason : "", err)
               : OK;
}

static int attach(struct cli *cli)
{
    struct error err;
    struct entry *entry;
    int code = EXIT_DONE;
    const char *copy_of = cli_option(cli, "--copy-of");
    char *path = NULL;
    if (open_any(cli->session, cli->words[0], &entry, &err))
        return cli_fail(&err);
    if (entry_field_path(entry, cli->words[1], &path, &err) ||
        entry_attach(entry, path, cli->words[2], copy_of ? copy_of : "",
                     cli_option(cli, "--checked") != NULL, &err) ||
        keep(cli, entry, &err))
        code = cli_fail(&err);
    else {
        char *text = entry_display(entry, path);
        output_line("%s", text);
        xfree(&text);
    }
    xfree(&path);
    entry_free(&entry);
    return code;
}

static int detach(struct cli *cli)
{
    struct error err;
    struct entry *entry;
    char *path = NULL;
    int code = EXIT_DONE;
    if (open_any(cli->session, cli->words[0], &entry, &err))
        return cli_fail(&err);
    if (entry_field_path(entry, cli->words[1], &path, &err) || entry_detach(entry, path, &err) ||
        keep(cli, entry, &err))
        code = cli_fail(&err);
    xfree(&path);
    entry_free(&entry);
    return code;
}

static void list_attachments(struct entry *entry)
{
    const struct item *items;
    size_t count = instance_items(entry_instance(entry), &items);
    for (size_t i = 0; i < count; i++) {
        if (!field_is_attachment(items[i].field) ||
            !*instance_get(entry_instance(entry), items[i].path))
            continue;
        char *text = entry_display(entry, items[i].path);
        output_line("%s\t%s", items[i].path, text);
        xfree(&text);
    }
}

static int attachment(struct cli *cli)
{
    struct error err;
    struct entry *entry;
    int code = EXIT_DONE;
    const char *to = cli_option(cli, "--to");
    if (to && cli->count < 2)
        return cli_usage(cli, _("どの欄の添付を書き出すかを書いてください"));
    if (open_any(cli->session, cli->words[0], &entry, &err))
        return cli_fail(&err);
    char *path = NULL;
    if (!to)
        list_attachments(entry);
    else if (entry_field_path(entry, cli->words[1], &path, &err) ||
             entry_attachment_export(entry, path, to, &err))
        code = cli_fail(&err);
    xfree(&path);
    entry_free(&entry);
    return code;
}

/* --- Versions of forms --- */

static int version(struct cli *cli)
{
    struct error err;
    struct entry *entry;
    struct strings differences = STRINGS_INIT;
    int code = EXIT_DONE;
    if (entry_resume(cli->session, cli->words[0], &entry, &err))
        return cli_fail(&err);
    bool newer = entry_newer(entry, &differences);
    for (size_t i = 0; i < differences.count; i++)
        output_line("%s", differences.items[i]);
    if (!newer)
        output_line("%s", _("この様式に新しい版はありません"));
    else if (cli_option(cli, "--accept") && entry_upgrade(entry, &err))
        code = cli_fail(&err);
    strings_free(&differences);
    entry_free(&entry);
    return code;
}

/* The notice again, for whoever lost it. */
static int notice(struct cli *cli)
{
    struct error err;
    char path[256], *text;
    if (notice_write(cli->session, cli->words[0], NULL, path, &text, &err))
        return cli_fail(&err);
    output_line("%s", text);
    output_line("%s", path);
    xfree(&text);
    return EXIT_DONE;
}

static int sheet(struct cli *cli)
{
    struct error err;
    char path[256], *text;
    if (comparison_sheet(cli->session, cli->words[0], path, &text, &err))
        return cli_fail(&err);
    output_lines(text);
    output_line("%s", path);
    xfree(&text);
    return EXIT_DONE;
}

static const struct cli_option new_options[] = {
    {"--finalise", NULL, N_("受付確定まで行う")},
    {"--person", "ID", N_("この人物の届出として始める（分かっている欄が入り、同じ人につながる）")},
    {"--about", "ID", N_("この記録について始める（様式が選ぶ欄に入り、値も写る）")},
    {"--received-at", "TIME", N_("後入力: 紙で受け付けた日時")},
    {"--paper-no", "NO", N_("後入力: 紙の受付番号")},
    {"--receiver", "NAME", N_("後入力: 紙で受け付けた人（なければ入力する人）")},
    {"--late-reason", "TEXT", N_("後入力: 理由（必ず要る）")},
    {"--explained", NULL, N_("不備は説明済みで、本人が提出を希望している")},
    {NULL, NULL, NULL},
};

static const struct cli_option list_options[] = {
    {"--where", "EXPR", N_("合う記録だけ（様式の式。例 ${state} = 'accepted'）")},
    {"--columns", "A,B", N_("列（欄の名か名札）。なければ様式の一覧の列")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option show_options[] = {
    {"--history", NULL, N_("だれがいつ何を変えたかも示す")},
    {"--whole", NULL, N_("閲覧制限のある人の住所と連絡先も出す")},
    {NULL, NULL, NULL},
};

static const struct cli_option attach_options[] = {
    {"--copy-of", "TEXT", N_("何の写しか（必ず要る）")},
    {"--checked", NULL, N_("個人番号の面・記号番号が写っていないことを確かめた（必ず要る）")},
    {"--kind", "KIND", N_("受付確定した記録では訂正の種類: applicant、clerk、ex_officio")},
    {"--reason", "TEXT", N_("受付確定した記録では訂正の理由")},
    {NULL, NULL, NULL},
};

static const struct cli_option attachment_options[] = {
    {"--to", "FILE", N_("その欄の添付をこのファイルに書き出す")},
    {NULL, NULL, NULL},
};

static const struct cli_option version_options[] = {
    {"--accept", NULL, N_("新しい版に移す")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_record[] = {
    {"record new", "FORM [FIELD=VALUE...]",
     N_("記録を一件作る（下書き、または受付確定まで）。くり返しの中の欄は、行の番号を付けて "
        "member[2].member_name=値 のように書く"),
     new_options, 1, 512, new_record, NEEDS_SESSION},
    {"record discard", "DRAFT", N_("下書きを捨てる（受付確定した記録は捨てられない）"), NULL, 1, 1,
     discard, NEEDS_SESSION},
    {"record list", "FORM", N_("様式の記録を一覧する"), list_options, 1, 1, list, NEEDS_SESSION},
    {"record show", "ID", N_("記録を見る"), show_options, 1, 1, show, NEEDS_SESSION},
    {"record version", "DRAFT", N_("様式の新しい版との違いを示す、または下書きをそこへ移す"),
     version_options, 1, 1, version, NEEDS_SESSION},
    {"record notice", "ID", N_("決定・却下・補正の通知書を出す"), NULL, 1, 1, notice,
     NEEDS_SESSION},
    {"record sheet", "ID", N_("前回の記録と並べた比較表を print/ に書き、印刷する（集落点検など）"),
     NULL, 1, 1, sheet, NEEDS_SESSION},
    {"record attach", "ID FIELD FILE", N_("下書きか記録の欄にファイルを添付する（20MBまで）"),
     attach_options, 3, 3, attach, NEEDS_SESSION},
    {"record detach", "ID FIELD", N_("添付を外す（記録では履歴に残る）"), attach_options + 2, 2, 2,
     detach, NEEDS_SESSION},
    {"record attachment", "ID [FIELD]", N_("添付を一覧する、または書き出す"), attachment_options, 1,
     2, attachment, NEEDS_SESSION},
    {.name = NULL},
};
