/* The part `report` of a form: a table made by SQL, whose parameters are the form's fields. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"

/* A page has room for no more, and the store gives no more. */
enum { COLUMNS_MAX = 32 };

static enum status load_column(struct loading *l, const struct yaml *row, struct report *report)
{
    static const char *const keys[] = {"name", "label", "field", "number", "total", "amount"};
    const char *name = yaml_text(row, "name"), *like = yaml_text(row, "field");
    const char *number = yaml_text(row, "number"), *total = yaml_text(row, "total");
    const char *amount = yaml_text(row, "amount");
    enum status st = load_keys(l, row, _("帳票の列の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!name || !name_valid(name))
        return load_fail(l, row, _("帳票の列には name（英小文字）が要ります"));
    if (like && !strchr(like, '.') && strcmp(like, "form") != 0 && strcmp(like, "state") != 0)
        return load_fail(l, yaml_get(row, "field"), _("field は「様式.欄」、form か state です"));
    struct report_column *column = &report->columns[report->column_count++];
    *column = (struct report_column){.name = xstrdup(name),
                                     .like = like ? xstrdup(like) : NULL,
                                     .total = total && yaml_is_true(total),
                                     .amount = amount && yaml_is_true(amount)};
    column->number = column->total || column->amount || (number && yaml_is_true(number));
    load_label(row, "label", &column->label);
    return column->label.count ? OK
                               : load_fail(l, row, _("帳票の列「%s」に label がありません"), name);
}

static enum status load_columns(struct loading *l, const struct yaml *node, const struct yaml *at,
                                struct report *report)
{
    enum status st = OK;
    if (!node || node->kind != YAML_LIST || !node->count || node->count > COLUMNS_MAX)
        return load_fail(l, node ? node : at, _("columns は列の並びです（%dまで）"), COLUMNS_MAX);
    report->columns = xcalloc(node->count, sizeof *report->columns);
    for (size_t i = 0; !st && i < node->count; i++)
        st = load_column(l, node->items[i], report);
    return st;
}

static bool has_column(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (strcmp(report->columns[i].name, name) == 0)
            return true;
    return false;
}

/* A bar for one column of numbers, or a pyramid of two: left, right. */
static enum status load_chart(struct loading *l, const struct yaml *node, struct report *report)
{
    static const char *const kinds[] = {"bar", "pyramid"};
    const char *kind = yaml_text(node, "chart"), *label = yaml_text(node, "chart_label");
    enum status st = load_words(l, yaml_get(node, "chart_values"), &report->chart_values);
    for (size_t i = 0; kind && i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i], kind) == 0)
            report->chart = (enum report_chart)(CHART_BAR + i);
    if (!st && report->chart == CHART_NONE)
        return load_unknown(l, yaml_get(node, "chart"), _("図の種類"), kind ? kind : "", kinds,
                            ARRAY_LEN(kinds));
    bool good = label && has_column(report, label) &&
                report->chart_values.count == (report->chart == CHART_PYRAMID ? 2 : 1);
    for (size_t i = 0; good && i < report->chart_values.count; i++)
        good = has_column(report, report->chart_values.items[i]);
    if (!st && !good)
        st = load_fail(
            l, yaml_get(node, "chart"),
            _("chart_label は列の名、chart_values は列の名（bar は一つ、pyramid は二つ）です"));
    report->chart_label = xstrdup(label ? label : "");
    return st;
}

enum status load_report(struct loading *l, const struct yaml *node)
{
    static const char *const keys[] = {"with", "sql",         "columns",      "chart",
                                       "note", "chart_label", "chart_values", "sheet_of"};
    if (!node)
        return OK;
    enum status st = load_keys(l, node, _("帳票の項目"), keys, ARRAY_LEN(keys));
    if (!st && !yaml_text(node, "sql"))
        st = load_fail(l, node, _("帳票には sql が要ります"));
    if (st)
        return st;
    struct report *report = l->form->report = xcalloc(1, sizeof *report);
    load_label(node, "note", &report->note);
    if (yaml_text(node, "sheet_of"))
        report->sheet_of = xstrdup(yaml_text(node, "sheet_of"));
    st = load_sql(l, node, l->form->id, true, &report->sql);
    if (!st)
        st = load_columns(l, yaml_get(node, "columns"), node, report);
    if (!st && yaml_get(node, "chart"))
        st = load_chart(l, node, report);
    return st;
}
