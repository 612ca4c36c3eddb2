/* Rows of `checks`. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"
#include "form/workflow.h"

enum { CHECKS_MAX = 1000 };

static long word_index(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; word && i < count; i++)
        if (strcmp(words[i], word) == 0)
            return (long)i;
    return -1;
}

static enum status load_when(struct loading *l, const struct yaml *row, struct check *check)
{
    static const char *const words[] = {"live", "finalise", "decide"};
    struct strings when = STRINGS_INIT;
    const struct yaml *node = yaml_get(row, "when");
    enum status st = load_words(l, node, &when);
    for (size_t i = 0; !st && i < when.count; i++) {
        long bit = word_index(when.items[i], words, ARRAY_LEN(words));
        if (bit < 0)
            st = load_unknown(l, node, "when", when.items[i], words, ARRAY_LEN(words));
        else
            check->when |= 1u << bit;
    }
    if (!st && !check->when)
        st = load_fail(l, row, _("規則「%s」にいつ調べるか（when）がありません"), check->name);
    strings_free(&when);
    return st;
}

static void add_statement(struct loading *l, const struct yaml *at, const char *name,
                          const char *sql, bool of_record)
{
    struct form *form = l->form;
    form->statements = xroom(form->statements, form->statement_count, sizeof *form->statements);
    form->statements[form->statement_count++] = (struct statement){
        xstrdup(name), xstrdup(sql), xstrdup(load_file(l, at)), at->line, of_record};
}

/* --- 前回 --- */

enum status load_previous(struct loading *l, const struct yaml *settings)
{
    static const char *const keys[] = {"previous", "previous_by"};
    struct previous *p = &l->form->previous;
    const struct field **const fields[] = {&p->same, &p->by};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const struct yaml *node = yaml_get(settings, keys[i]);
        const char *name = yaml_text(settings, keys[i]);
        const struct field *field = name ? form_field(l->form, name) : NULL;
        if (node && (!field || !field_has_value(field) || field->repeat))
            return load_fail(l, node, _("%s は、くり返しの外の欄の名です"), keys[i]);
        *fields[i] = field;
    }
    if (!p->same != !p->by)
        return load_fail(l, settings, _("previous と previous_by は、どちらも要ります"));
    if (p->by && p->by->type != FIELD_DATE)
        return load_fail(l, yaml_get(settings, keys[1]), _("previous_by は日付の欄の名です"));
    if (p->same)
        p->sql = xasprintf("SELECT * FROM \"%s\" WHERE \"%s\" = :%s AND :%s <> ''"
                           " AND record <> :record AND \"%s\" < :%s"
                           " ORDER BY \"%s\" DESC, record DESC LIMIT 1",
                           l->form->id, p->same->name, p->same->name, p->same->name, p->by->name,
                           p->by->name, p->by->name);
    return OK;
}

/* A query of the form's own, or the one of its previous record. */
static const char *query_named(const struct loading *l, const char *name)
{
    const char *own = yaml_text(l->queries, name);
    return own || strcmp(name, "previous") != 0 ? own : l->form->previous.sql;
}

/* `with` names queries of the form; they stand before the row's own SQL. */
enum status load_sql(struct loading *l, const struct yaml *row, const char *name, bool of_record,
                     char **out)
{
    const struct yaml *node = yaml_get(row, "with");
    struct strings with = STRINGS_INIT;
    struct buffer sql = BUFFER_INIT;
    enum status st = load_words(l, node, &with);
    for (size_t i = 0; !st && i < with.count; i++) {
        const char *query = query_named(l, with.items[i]);
        if (!query) {
            st = load_fail(l, node, _("問合せ「%s」が queries にありません"), with.items[i]);
            break;
        }
        buffer_printf(&sql, "%s %s AS (\n%s)", i ? "," : "WITH RECURSIVE", with.items[i], query);
    }
    buffer_printf(&sql, "%s%s", with.count ? "\n" : "", yaml_text(row, "sql"));
    *out = buffer_steal(&sql);
    add_statement(l, row, name, *out, of_record);
    strings_free(&with);
    return st;
}

static const char *const check_keys[] = {"name", "when", "severity", "summary", "field",
                                         "with", "sql",  "message",  "reason"};

static enum status load_check(struct loading *l, const struct yaml *row)
{
    static const char *const severities[] = {"error", "deficiency", "warning", "note"};
    struct form *form = l->form;
    const char *name = yaml_text(row, "name"), *severity = yaml_text(row, "severity");
    const char *field = yaml_text(row, "field"), *summary = yaml_text(row, "summary");
    enum status st = load_keys(l, row, _("規則の項目"), check_keys, ARRAY_LEN(check_keys));
    if (st)
        return st;
    if (!name || !yaml_text(row, "sql"))
        return load_fail(l, row, _("規則には name と sql が要ります"));
    for (size_t i = 0; i < form->check_count; i++)
        if (strcmp(form->checks[i].name, name) == 0)
            return load_fail(l, yaml_get(row, "name"), _("規則「%s」が二度書かれています"), name);
    form->checks = xroom(form->checks, form->check_count, sizeof *form->checks);
    struct check *check = &form->checks[form->check_count++];
    *check = (struct check){.name = xstrdup(name),
                            .summary = summary && yaml_is_true(summary),
                            .field = xstrdup(field ? field : "")};
    load_label(row, "message", &check->message);
    load_label(row, "reason", &check->reason);
    st = load_sql(l, row, name, true, &check->sql);
    if (st)
        return st;
    long found = word_index(severity, severities, ARRAY_LEN(severities));
    if (found < 0)
        return load_unknown(l, severity ? yaml_get(row, "severity") : row, "severity",
                            severity ? severity : "", severities, ARRAY_LEN(severities));
    check->severity = (enum check_severity)found;
    if (!check->message.count)
        return load_fail(l, row, _("規則「%s」に message がありません"), name);
    if (field && !form_field(form, field))
        return load_fail(l, yaml_get(row, "field"), _("規則「%s」の欄「%s」はありません"), name,
                         field);
    st = load_when(l, row, check);
    if (!st && check->summary && (check->severity != CHECK_NOTE || !(check->when & CHECK_LIVE)))
        st = load_fail(l, yaml_get(row, "summary"),
                       _("summary は when: live の note だけに書けます（規則「%s」）"), name);
    return st;
}

/* --- Lists of work --- */

static enum status load_worklist(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {"name", "label", "at", "with", "sql"};
    static const char *const places[] = {"both", "counter", "town"};
    struct form *form = l->form;
    const char *name = yaml_text(row, "name"), *at = yaml_text(row, "at");
    enum status st = load_keys(l, row, _("作業一覧の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!name || !name_valid(name) || !yaml_text(row, "sql"))
        return load_fail(l, row, _("作業一覧には name（英小文字）と sql が要ります"));
    long place = word_index(at ? at : "both", places, ARRAY_LEN(places));
    if (place < 0)
        return load_unknown(l, yaml_get(row, "at"), "at", at, places, ARRAY_LEN(places));
    form->worklists = xroom(form->worklists, form->worklist_count, sizeof *form->worklists);
    struct work_query *list = &form->worklists[form->worklist_count++];
    *list = (struct work_query){
        .name = xasprintf("%s.%s", form->id, name), .counter = place != 2, .town = place != 1};
    load_label(row, "label", &list->label);
    if (!list->label.count)
        return load_fail(l, row, _("作業一覧「%s」に label がありません"), name);
    return load_sql(l, row, list->name, false, &list->sql);
}

enum status load_worklists(struct loading *l, const struct yaml *rows)
{
    enum status st = OK;
    if (rows && rows->kind != YAML_LIST)
        return load_fail(l, rows, _("worklists は作業一覧の並びです"));
    for (size_t i = 0; !st && rows && i < rows->count; i++)
        st = load_worklist(l, rows->items[i]);
    return st;
}

/* --- How long records are kept --- */

static enum status load_kept(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {"parameter", "from", "states"};
    struct form *form = l->form;
    const char *parameter = yaml_text(row, "parameter");
    enum status st = load_keys(l, row, _("保存期間の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!parameter || !*parameter)
        return load_fail(l, row, _("保存期間には、年数の設定値の名（parameter）が要ります"));
    form->retention = xroom(form->retention, form->retention_count, sizeof *form->retention);
    struct retention *kept = &form->retention[form->retention_count++];
    *kept = (struct retention){.parameter = xstrdup(parameter)};
    st = load_words(l, yaml_get(row, "from"), &kept->from);
    if (!st)
        st = load_words(l, yaml_get(row, "states"), &kept->states);
    if (!st && !kept->from.count)
        st = load_fail(l, row, _("保存期間には、いつから数えるかの欄（from）が要ります"));
    for (size_t i = 0; !st && i < kept->from.count; i++) {
        const struct field *f = form_field(form, kept->from.items[i]);
        if (!f || f->type != FIELD_DATE || f->repeat)
            st =
                load_fail(l, yaml_get(row, "from"),
                          _("「%s」は、くり返しの外の日付の欄ではありません"), kept->from.items[i]);
    }
    for (size_t i = 0; !st && i < kept->states.count; i++)
        if (!workflow_state(form->workflow, kept->states.items[i]))
            st = load_fail(l, yaml_get(row, "states"), _("状態「%s」はありません"),
                           kept->states.items[i]);
    return st;
}

enum status load_retention(struct loading *l, const struct yaml *rows)
{
    enum status st = OK;
    if (rows && rows->kind != YAML_LIST)
        return load_fail(l, rows, _("retention は保存期間の並びです"));
    for (size_t i = 0; !st && rows && i < rows->count; i++)
        st = load_kept(l, rows->items[i]);
    return st;
}

/* --- 人物の画面 --- */

static enum status load_person_line(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {"label", "value", "repeat", "states"};
    struct form *form = l->form;
    const struct yaml *value = yaml_get(row, "value");
    const char *repeat = yaml_text(row, "repeat");
    const struct field *field = repeat ? form_field(form, repeat) : NULL;
    enum status st = load_keys(l, row, _("person_page の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    form->person_lines =
        xroom(form->person_lines, form->person_line_count, sizeof *form->person_lines);
    struct person_line *line = &form->person_lines[form->person_line_count++];
    *line = (struct person_line){.repeat = field};
    load_label(row, "label", &line->label);
    if (!line->label.count || !value)
        return load_fail(l, row, _("person_page の行には label と value が要ります"));
    if (repeat && (!field || field->type != FIELD_REPEAT || field->repeat || !field->child_count))
        return load_fail(l, yaml_get(row, "repeat"), _("「%s」はこの様式のくり返しではありません"),
                         repeat);
    st = load_words(l, yaml_get(row, "states"), &line->states);
    for (size_t i = 0; !st && i < line->states.count; i++)
        if (!workflow_state(form->workflow, line->states.items[i]))
            st = load_fail(l, row, _("「%s」という状態はありません"), line->states.items[i]);
    return st ? st : load_expression(l, value, field ? field->children[0] : NULL, &line->value);
}

enum status load_person_page(struct loading *l, const struct yaml *rows)
{
    enum status st = OK;
    if (rows && rows->kind != YAML_LIST)
        return load_fail(l, rows, _("person_page は行の並びです"));
    for (size_t i = 0; !st && rows && i < rows->count; i++)
        st = load_person_line(l, rows->items[i]);
    return st;
}

/* --- What else is SQL --- */

/* `query: a b c`: the value is that of c, which may read a and b. */
static enum status load_query(struct loading *l, struct field *f)
{
    const struct yaml *node = yaml_get(l->rows[f->index], "query");
    struct strings names = STRINGS_INIT;
    struct buffer sql = BUFFER_INIT;
    enum status st = OK;
    if (node->kind != YAML_TEXT)
        return load_fail(l, node, _("query には問合せの名を空白で区切って書いてください"));
    strings_split(&names, node->text, ' ');
    for (size_t i = 0; !st && i < names.count; i++) {
        const char *query = query_named(l, names.items[i]);
        if (!query)
            st = load_fail(l, node, _("問合せ「%s」が queries にありません"), names.items[i]);
        else
            buffer_printf(&sql, "%s %s AS (\n%s)", i ? "," : "WITH RECURSIVE", names.items[i],
                          query);
    }
    if (!st && names.count)
        buffer_printf(&sql, "\nSELECT * FROM %s", names.items[names.count - 1]);
    f->query = buffer_steal(&sql);
    if (!st)
        add_statement(l, node, f->name, f->query, true);
    strings_free(&names);
    return st;
}

static bool sql_reads(const struct form *form, const char *table)
{
    bool found = false;
    for (size_t i = 0; i < form->check_count; i++)
        found = found || strstr(form->checks[i].sql, table);
    found = found || (form->report && strstr(form->report->sql, table));
    for (size_t i = 0; i < form->field_count; i++)
        found = found || (form->fields[i]->query && strstr(form->fields[i]->query, table));
    return found;
}

enum status load_queries(struct loading *l)
{
    struct form *form = l->form;
    enum status st = OK;
    for (size_t i = 0; !st && i < form->field_count; i++)
        if (l->rows[i] && yaml_get(l->rows[i], "query"))
            st = load_query(l, form->fields[i]);
    for (size_t i = 0; i < form->choice_count; i++) {
        char *table = xasprintf("choices__%s", form->choices[i]->name);
        form->choices[i]->in_rules = sql_reads(form, table);
        xfree(&table);
    }
    return st;
}

/* --- Checks --- */

enum status load_checks(struct loading *l, const struct yaml *checks)
{
    enum status st = OK;
    if (l->queries && l->queries->kind != YAML_MAP)
        return load_fail(l, l->queries, _("queries は「名: SQL」です"));
    if (checks && checks->kind != YAML_LIST)
        return load_fail(l, checks, _("checks は規則の並びです"));
    if (checks && checks->count > CHECKS_MAX)
        return load_fail(l, checks, _("規則は%dまでです"), CHECKS_MAX);
    for (size_t i = 0; !st && checks && i < checks->count; i++)
        st = load_check(l, checks->items[i]);
    return st;
}
