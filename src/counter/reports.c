#include "counter/reports.h"

#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/page.h"
#include "office/report.h"
#include "text/width.h"
#include "ui/dialog.h"

/* --- One report --- */

struct shown {
    struct report_result result;
};

/* What a screen of 80 columns has beside the mark of a row. */
enum { LINE_CELLS = 75 };

static enum status load_result(struct page *page, struct error *err)
{
    const struct shown *shown = page->own;
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    bool wide = false;
    (void)err;
    report_text(&shown->result, false, &text);
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (i < 2)
            buffer_printf(&page->head, "%s\n", lines.items[i]);
        else if (i > 2 || *lines.items[i])
            list_add(&page->list, lines.items[i], NULL);
    for (size_t i = 2; i < lines.count; i++)
        wide = wide || text_width(lines.items[i]) > LINE_CELLS;
    if (wide && shown->result.rows)
        buffer_add_text(&page->head,
                        _("列が多い表です。行を選んで Enter で、その行の列をみな見る\n"));
    strings_free(&lines);
    buffer_free(&text);
    return OK;
}

static void print(struct page *page)
{
    const struct shown *shown = page->own;
    char path[256];
    struct error err;
    if (report_print(page->desk->session, &shown->result, path, &err))
        desk_refused(&err);
    else
        screen_message(0, _("%s に書きました"), path);
}

static void write_csv(struct page *page)
{
    const struct shown *shown = page->own;
    struct buffer csv = BUFFER_INIT;
    char *path = NULL;
    struct error err;
    if (!dialog_prompt(_("CSV に書き出す"), _("書く先のファイル"), "", &path))
        return;
    enum status st = file_exists(path)
                         ? error_set(&err, E_EXISTS, _("%s はすでにあります"), path)
                         : report_csv(page->desk->session, &shown->result, &csv, &err);
    if (!st)
        st = file_write(path, csv.data, csv.len, &err);
    if (st)
        desk_refused(&err);
    else
        screen_message(0, _("%s に書きました"), path);
    buffer_free(&csv);
    xfree(&path);
}

static void do_something(struct page *page)
{
    struct strings rows = STRINGS_INIT;
    strings_add(&rows, _("紙に出す（Esc-o）"));
    strings_add(&rows, _("CSV に書き出す"));
    long at = dialog_choose(_("この帳票を"), &rows, NULL, 0);
    strings_free(&rows);
    if (at == 0)
        print(page);
    else if (at == 1)
        write_csv(page);
}

/* Under the titles and their rule stand the rows: one whole, for a table wider than the screen. */
enum { ROWS_FROM = 2 };

static void line_chosen(struct page *page, size_t row)
{
    const struct report_result *result = &((const struct shown *)page->own)->result;
    size_t columns = result->report->column_count;
    struct buffer text = BUFFER_INIT;
    if (row < ROWS_FROM || row - ROWS_FROM >= result->rows) {
        do_something(page);
        return;
    }
    for (size_t c = 0; c < columns; c++)
        buffer_printf(&text, "%s: %s\n", result->titles.items[c],
                      result->shown.items[(row - ROWS_FROM) * columns + c]);
    dialog_text(result->title, buffer_text(&text));
    buffer_free(&text);
}

static bool result_key(struct page *page, enum action action, long row)
{
    (void)row;
    if (action == ACT_PRINT)
        print(page);
    else if (action == ACT_CANDIDATES)
        do_something(page);
    else
        return false;
    return true;
}

static void result_free(void *own)
{
    struct shown *shown = own;
    report_result_free(&shown->result);
    xfree(&own);
}

static void show(struct desk *desk, const struct report_result *result)
{
    static const enum action keys[] = {ACT_HELP,  ACT_CANDIDATES, ACT_ENTER,
                                       ACT_PRINT, ACT_BACK,       ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("report", keys),
        .title = N_("帳票"),
        .load = load_result,
        .chosen = line_chosen,
        .key = result_key,
        .free = result_free,
    };
    struct shown *shown = xcalloc(1, sizeof *shown);
    shown->result = *result;
    page_open(desk, &type, shown);
}

/* --- All of them --- */

static enum status load(struct page *page, struct error *err)
{
    struct form_rows *rows = page->own;
    form_rows_free(rows);
    buffer_add_text(&page->head, _("帳票・集計: 番号、または名前の一部を打って Enter\n"));
    enum status st = report_list(page->desk->session, rows, err);
    for (size_t i = 0; !st && i < rows->count; i++) {
        char *row = xasprintf("%s  %s", rows->items[i].title, rows->items[i].ledger_title);
        list_add(&page->list, row, rows->items[i].reading);
        xfree(&row);
    }
    return st;
}

/* What the report wants to know, one question after the other; false when given up. */
static bool ask(const char *title, const struct report_asks *asks, struct strings *values)
{
    for (size_t i = 0; i < asks->count; i++) {
        char *typed = NULL;
        if (!dialog_prompt(title, asks->items[i].label, asks->items[i].value, &typed))
            return false;
        strings_take(values, xasprintf("%s=%s", asks->items[i].name, typed));
        xfree(&typed);
    }
    return true;
}

static void chosen(struct page *page, size_t row)
{
    const struct form_rows *rows = page->own;
    struct desk *desk = page->desk;
    struct report_asks asks = {0};
    struct strings values = STRINGS_INIT;
    struct report_result result;
    struct error err;
    enum status st = report_parameters(desk->session, rows->items[row].id, &asks, &err);
    bool go = !st && ask(rows->items[row].title, &asks, &values);
    if (go)
        st = report_run(desk->session, rows->items[row].id, NULL, &values, &result, &err);
    if (st)
        desk_refused(&err);
    else if (go)
        show(desk, &result);
    strings_free(&values);
    report_asks_free(&asks);
}

static void reports_free(void *own)
{
    form_rows_free(own);
    xfree(&own);
}

void reports_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_SEARCH, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct page_type type = {
        .screen = PAGE("reports", keys),
        .title = N_("帳票・集計"),
        .load = load,
        .chosen = chosen,
        .free = reports_free,
        .numbered = true,
    };
    page_open(desk, &type, xcalloc(1, sizeof(struct form_rows)));
}
