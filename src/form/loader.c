#include "form/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/dependency.h"
#include "form/loader_internal.h"

/* --- Shared by the loader's parts --- */

const char *load_file(const struct loading *l, const struct yaml *at)
{
    return at && at->source ? l->fragments.items[at->source - 1] : l->file;
}

enum status load_fail(struct loading *l, const struct yaml *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    error_at(l->err, E_PARSE, load_file(l, at), at ? at->line : 0, at ? at->column : 0, "%s", text);
    xfree(&text);
    return E_PARSE;
}

enum status load_unknown(struct loading *l, const struct yaml *at, const char *what,
                         const char *word, const char *const *known, size_t count)
{
    const char *near = str_nearest(word, known, count);
    return near ? load_fail(l, at, _("%s「%s」はありません。「%s」のことですか"), what, word, near)
                : load_fail(l, at, _("%s「%s」はありません"), what, word);
}

bool label_key(const char *key, const char *name, char language[16])
{
    size_t len = strlen(name);
    if (strncmp(key, name, len) != 0)
        return false;
    if (!key[len]) {
        snprintf(language, 16, "ja");
        return true;
    }
    if (!str_starts(key + len, "::"))
        return false;
    const char *open = strchr(key, '('), *close = open ? strchr(open, ')') : NULL;
    if (open && close)
        snprintf(language, 16, "%.*s", (int)(close - open - 1), open + 1);
    else
        snprintf(language, 16, "%s", key + len + 2);
    return true;
}

void label_add(struct label *label, const char *language, const char *text)
{
    label->items = xroom(label->items, label->count, sizeof *label->items);
    struct label_text *one = &label->items[label->count++];
    *one = (struct label_text){.text = xstrdup(text)};
    snprintf(one->language, sizeof one->language, "%s", language);
}

void load_label(const struct yaml *map, const char *name, struct label *out)
{
    char language[16];
    for (size_t i = 0; i + 1 < map->count; i += 2)
        if (map->items[i + 1]->kind == YAML_TEXT && label_key(map->items[i]->text, name, language))
            label_add(out, language, map->items[i + 1]->text);
}

enum status load_words(struct loading *l, const struct yaml *node, struct strings *out)
{
    if (!node)
        return OK;
    if (node->kind == YAML_TEXT) {
        strings_add(out, node->text);
        return OK;
    }
    for (size_t i = 0; node->kind == YAML_LIST && i < node->count; i++) {
        if (node->items[i]->kind != YAML_TEXT)
            return load_fail(l, node->items[i], _("言葉の並びを書いてください"));
        strings_add(out, node->items[i]->text);
    }
    return node->kind == YAML_LIST ? OK : load_fail(l, node, _("言葉の並びを書いてください"));
}

enum status load_expression(struct loading *l, const struct yaml *node, const struct field *self,
                            struct expression **out)
{
    static const char *const no[] = {"no", "false", "No", "False", "NO", "FALSE"};
    if (node->kind != YAML_TEXT)
        return load_fail(l, node, _("式を文字で書いてください"));
    if (!*node->text)
        return OK;
    const char *text = yaml_is_true(node->text) ? "true()" : node->text;
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        text = strcmp(node->text, no[i]) == 0 ? "false()" : text;
    enum status st =
        expression_parse(text, load_file(l, node), node->line, node->column, out, l->err);
    if (st && l->in_cells) {
        struct error why = *l->err;
        return load_fail(l, node, "%s", why.detail);
    }
    if (st)
        return st;
    if (l->in_cells)
        expression_in_cell(*out);
    l->pending = xroom(l->pending, l->pending_count, sizeof *l->pending);
    l->pending[l->pending_count++] = (struct pending){*out, self};
    return OK;
}

bool name_valid(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return name[0] >= 'a' && name[0] <= 'z' && !name[len] && len <= 41;
}

enum status load_keys(struct loading *l, const struct yaml *map, const char *what,
                      const char *const *known, size_t count)
{
    char language[16];
    if (map->kind != YAML_MAP)
        return load_fail(l, map, _("%sを「名: 値」の形で書いてください"), what);
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        bool found = false;
        for (size_t k = 0; k < count && !found; k++)
            found = label_key(map->items[i]->text, known[k], language);
        if (!found)
            return load_unknown(l, map->items[i], what, map->items[i]->text, known, count);
    }
    return OK;
}

/* --- Settings --- */

static const char *const setting_keys[] = {
    "form_id",          "form_title", "version",    "code",          "ledger",
    "ledger_title",     "type",       "person",     "instance_name", "purpose",
    "default_language", "previous",   "previous_by"};

static char *copy_text(const struct yaml *map, const char *key)
{
    const char *text = yaml_text(map, key);
    return xstrdup(text ? text : "");
}

static enum status load_type(struct loading *l, const struct yaml *settings)
{
    static const char *const types[] = {"application", "notification", "record", "consultation"};
    const struct yaml *node = yaml_get(settings, "type");
    if (!node || node->kind != YAML_TEXT)
        return load_fail(l, settings, _("settings に type がありません"));
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i], node->text) == 0) {
            l->form->type = (enum form_type)i;
            return OK;
        }
    return load_unknown(l, node, _("様式の型"), node->text, types, ARRAY_LEN(types));
}

static enum status load_version(struct loading *l, const struct yaml *settings)
{
    const struct yaml *node = yaml_get(settings, "version");
    char *end = NULL;
    long version = node && node->kind == YAML_TEXT ? strtol(node->text, &end, 10) : 0;
    if (version <= 0 || !end || *end)
        return load_fail(l, node ? node : settings,
                         _("version は1以上の整数です（例 2026112401）"));
    l->form->version = version;
    return OK;
}

static enum status load_settings(struct loading *l, const struct yaml *settings)
{
    struct form *form = l->form;
    const char *id = yaml_text(settings, "form_id"), *person = yaml_text(settings, "person");
    const struct yaml *name = yaml_get(settings, "instance_name");
    if (!settings)
        return load_fail(l, NULL, _("settings がありません"));
    enum status st =
        load_keys(l, settings, _("settings の項目"), setting_keys, ARRAY_LEN(setting_keys));
    if (st)
        return st;
    if (!id || !name_valid(id))
        return load_fail(l,
                         yaml_get(settings, "form_id") ? yaml_get(settings, "form_id") : settings,
                         _("form_id は英小文字で始まる英小文字・数字・_ の41字までです"));
    form->id = xstrdup(id);
    form->code = copy_text(settings, "code");
    form->ledger = copy_text(settings, "ledger");
    form->person = person && yaml_is_true(person);
    load_label(settings, "form_title", &form->title);
    load_label(settings, "ledger_title", &form->ledger_title);
    load_label(settings, "purpose", &form->purpose);
    if (!form->title.count)
        return load_fail(l, settings, _("form_title がありません"));
    st = load_version(l, settings);
    if (!st)
        st = load_type(l, settings);
    if (!st && name)
        st = load_expression(l, name, NULL, &form->instance_name);
    return st;
}

/* --- Choices --- */

static enum status load_choice(struct loading *l, const struct yaml *row, struct choice_list *list)
{
    char language[16];
    const char *name = yaml_text(row, "name");
    if (!name || !*name || strchr(name, ' '))
        return load_fail(l, row, _("選択肢には name（空白のない言葉）が要ります"));
    if (choice_find(list, name))
        return load_fail(l, row, _("選択肢「%s」が二度書かれています"), name);
    struct choice *choice = &list->items[list->count++];
    *choice = (struct choice){.name = xstrdup(name)};
    lookup_add(&list->by_name, choice->name, list->count - 1);
    load_label(row, "label", &choice->label);
    for (size_t i = 0; i + 1 < row->count; i += 2) {
        const char *key = row->items[i]->text;
        if (strcmp(key, "name") == 0 || label_key(key, "label", language) ||
            row->items[i + 1]->kind != YAML_TEXT)
            continue;
        if (strcmp(key, "removed") == 0) {
            choice->removed = yaml_is_true(row->items[i + 1]->text);
            continue;
        }
        strings_add(&choice->extra, key);
        strings_add(&choice->extra, row->items[i + 1]->text);
    }
    return choice->label.count ? OK
                               : load_fail(l, row, _("選択肢「%s」に label がありません"), name);
}

static enum status load_choices(struct loading *l, const struct yaml *choices)
{
    struct form *form = l->form;
    enum status st = OK;
    if (choices && choices->kind != YAML_MAP)
        return load_fail(l, choices, _("choices は「名前: 選択肢の並び」です"));
    for (size_t i = 0; !st && choices && i + 1 < choices->count; i += 2) {
        const struct yaml *rows = choices->items[i + 1];
        struct choice_list *list = xcalloc(1, sizeof *list);
        list->name = xstrdup(choices->items[i]->text);
        form->choices = xroom(form->choices, form->choice_count, sizeof *form->choices);
        form->choices[form->choice_count++] = list;
        if (rows->kind != YAML_LIST || !rows->count)
            return load_fail(l, rows, _("選択肢「%s」が空です"), list->name);
        list->items = xcalloc(rows->count, sizeof *list->items);
        for (size_t r = 0; !st && r < rows->count; r++)
            st = load_choice(l, rows->items[r], list);
    }
    return st;
}

/* Fragments within fragments; deeper is a circle. */
enum { INCLUDE_DEPTH = 8 };

/* --- Includes: the tree is made whole before it is read --- */

static struct yaml *part_of(struct yaml *root, const char *name, enum yaml_kind kind)
{
    struct yaml *part = yaml_get(root, name);
    if (part)
        return part;
    part = yaml_new(kind);
    yaml_put(root, name, part);
    return part;
}

/* Lists and queries the form has itself stand; rules are added. */
static enum status merge_part(struct loading *l, struct yaml *root, struct yaml *fragment,
                              const char *name, enum yaml_kind kind)
{
    struct yaml *more = yaml_get(fragment, name);
    if (!more)
        return OK;
    struct yaml *own = part_of(root, name, kind);
    if (more->kind != kind || own->kind != kind)
        return load_fail(l, more->kind != kind ? more : own, _("%s の書き方が違います"), name);
    size_t step = kind == YAML_MAP ? 2 : 1;
    for (size_t i = 0; i < more->count; i += step) {
        if (kind == YAML_MAP && yaml_get(own, more->items[i]->text))
            continue;
        for (size_t k = 0; k < step; k++) {
            yaml_add(own, more->items[i + k]);
            more->items[i + k] = NULL;
        }
    }
    return OK;
}

static enum status expand(struct loading *l, struct yaml *root, struct yaml *survey, int depth);

/* The rows of a fragment take the place of `include`; what else it has goes to the form. */
static enum status take_fragment(struct loading *l, struct yaml *root, struct yaml *survey,
                                 size_t i, struct yaml *fragment, int depth)
{
    static const char *const parts[] = {"survey", "choices", "queries", "checks", "worklists"};
    struct yaml *rows = yaml_get(fragment, "survey");
    enum status st = load_keys(l, fragment, _("断片の部分"), parts, ARRAY_LEN(parts));
    if (!st && rows && rows->kind != YAML_LIST)
        st = load_fail(l, rows, _("survey は欄の並びです"));
    if (!st)
        st = merge_part(l, root, fragment, "choices", YAML_MAP);
    if (!st)
        st = merge_part(l, root, fragment, "queries", YAML_MAP);
    if (!st)
        st = merge_part(l, root, fragment, "checks", YAML_LIST);
    if (!st)
        st = merge_part(l, root, fragment, "worklists", YAML_LIST);
    if (!st && rows)
        st = expand(l, root, rows, depth + 1);
    if (!st)
        yaml_splice(survey, i, rows);
    return st;
}

static enum status expand_one(struct loading *l, struct yaml *root, struct yaml *survey, size_t i,
                              const char *name, int depth)
{
    struct buffer text = BUFFER_INIT;
    struct yaml *fragment = NULL;
    if (!l->include || depth > INCLUDE_DEPTH)
        return load_fail(l, survey->items[i], _("include「%s」は使えません"), name);
    strings_take(&l->fragments, xasprintf("common/%s.yaml", name));
    size_t source = l->fragments.count;
    enum status st = l->include(l->include_context, name, &text, l->err);
    if (st)
        st = load_fail(l, survey->items[i], _("include「%s」を読めません（%s）"), name,
                       l->err->detail);
    if (!st)
        st = yaml_read(buffer_text(&text), l->fragments.items[source - 1], &fragment, l->err);
    if (!st) {
        yaml_mark(fragment, (uint16_t)source);
        st = take_fragment(l, root, survey, i, fragment, depth);
    }
    yaml_drop(&fragment);
    buffer_free(&text);
    return st;
}

static enum status expand(struct loading *l, struct yaml *root, struct yaml *survey, int depth)
{
    enum status st = OK;
    for (size_t i = 0; !st && survey->kind == YAML_LIST && i < survey->count;) {
        const char *name = yaml_text(survey->items[i], "include");
        struct yaml *inner = yaml_get(survey->items[i], "survey");
        if (name) {
            char *copy = xstrdup(name);
            st = expand_one(l, root, survey, i, copy, depth);
            xfree(&copy);
            continue;
        }
        if (inner)
            st = expand(l, root, inner, depth);
        i++;
    }
    return st;
}

/* --- The whole --- */

static enum status load_list(struct loading *l, const struct yaml *list)
{
    static const char *const keys[] = {"columns", "sort"};
    struct form *form = l->form;
    const struct yaml *columns = yaml_get(list, "columns");
    const char *sort = yaml_text(list, "sort");
    enum status st = list ? load_keys(l, list, _("list の項目"), keys, ARRAY_LEN(keys)) : OK;
    if (!st)
        st = load_words(l, columns, &form->list_columns);
    for (size_t i = 0; !st && i < form->list_columns.count; i++)
        if (!form_field(form, form->list_columns.items[i]))
            st = load_fail(l, columns, _("一覧の欄「%s」はこの様式にありません"),
                           form->list_columns.items[i]);
    if (!st && sort && *sort && !form_field(form, *sort == '-' ? sort + 1 : sort))
        st =
            load_fail(l, yaml_get(list, "sort"), _("並べ順の欄「%s」はこの様式にありません"), sort);
    form->list_sort = xstrdup(sort ? sort : "");
    return st;
}

static enum status bind_all(struct loading *l)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < l->pending_count; i++)
        st = expression_bind(l->pending[i].expression, l->form, l->pending[i].self, l->err);
    return st;
}

static enum status find_cycles(struct loading *l)
{
    const struct field *field;
    struct error why = {0};
    if (!dependency_check(l->form, &field, &why))
        return OK;
    return load_fail(l, l->rows[field->index], "%s", why.detail);
}

static enum status load_root(struct loading *l, struct yaml *root)
{
    static const char *const parts[] = {"settings", "survey", "choices", "queries",    "checks",
                                        "workflow", "list",   "print",   "worklists",  "retention",
                                        "report",   "card",   "scan",    "person_page"};
    struct yaml *survey = yaml_get(root, "survey");
    enum status st = load_keys(l, root, _("様式の部分"), parts, ARRAY_LEN(parts));
    if (!st && (!survey || survey->kind != YAML_LIST))
        st = load_fail(l, root, _("survey がありません"));
    if (!st)
        st = expand(l, root, survey, 0);
    if (!st)
        st = load_settings(l, yaml_get(root, "settings"));
    if (!st)
        st = load_choices(l, yaml_get(root, "choices"));
    if (!st)
        st = load_survey(l, survey);
    if (!st)
        st = load_previous(l, yaml_get(root, "settings"));
    l->queries = yaml_get(root, "queries");
    if (!st)
        st = load_checks(l, yaml_get(root, "checks"));
    if (!st)
        st = load_report(l, yaml_get(root, "report"));
    if (!st)
        st = load_queries(l);
    if (!st)
        st = load_worklists(l, yaml_get(root, "worklists"));
    if (!st)
        st = load_workflow(l, yaml_get(root, "workflow"));
    if (!st)
        st = load_retention(l, yaml_get(root, "retention"));
    if (!st)
        st = load_card(l, yaml_get(root, "card"));
    if (!st)
        st = load_scan(l, yaml_get(root, "scan"));
    if (!st)
        st = load_person_page(l, yaml_get(root, "person_page"));
    if (!st)
        st = load_list(l, yaml_get(root, "list"));
    if (!st)
        st = bind_all(l);
    return st ? st : find_cycles(l);
}

static enum status finish(struct loading *l, enum status st, struct form **out)
{
    xfree(&l->pending);
    xfree(&l->rows);
    strings_free(&l->fragments);
    if (st)
        form_free(&l->form);
    *out = l->form;
    return st;
}

enum status form_load(const char *text, const char *file, const struct workflows *workflows,
                      form_include include, void *context, struct form **out, struct error *err)
{
    struct error own;
    struct loading l = {.file = file,
                        .form = xcalloc(1, sizeof *l.form),
                        .workflows = workflows,
                        .include = include,
                        .include_context = context,
                        .err = err ? err : &own};
    struct yaml *root = NULL;
    struct buffer whole = BUFFER_INIT;
    enum status st = yaml_read(text, file, &root, l.err);
    if (!st)
        st = load_root(&l, root);
    if (!st && l.fragments.count)
        yaml_write(root, &whole);
    yaml_drop(&root);
    if (!st)
        l.form->text = l.fragments.count ? buffer_steal(&whole) : xstrdup(text);
    return finish(&l, st, out);
}

enum status form_load_tree(struct yaml *root, const char *file, const struct strings *sources,
                           const struct workflows *workflows, struct form **out, struct error *err)
{
    struct error own;
    struct loading l = {.file = file,
                        .form = xcalloc(1, sizeof *l.form),
                        .workflows = workflows,
                        .in_cells = true,
                        .err = err ? err : &own};
    for (size_t i = 0; i < sources->count; i++)
        strings_add(&l.fragments, sources->items[i]);
    enum status st = load_root(&l, root);
    l.form->text = xstrdup("");
    return finish(&l, st, out);
}
