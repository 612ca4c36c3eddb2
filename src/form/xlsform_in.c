/* From sheets to a form: notes, columns, and the whole. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/expression_tree.h"
#include "form/loader.h"
#include "form/xlsform_internal.h"

/* --- Notes --- */

void xlsform_notes_free(struct xlsform_notes *notes)
{
    strings_free(&notes->items);
    notes->lost = 0;
}

void note_add(struct xlsform_notes *notes, bool lost, const char *where, const char *text)
{
    strings_take(&notes->items, xasprintf("%s: %s", where, text));
    notes->lost += lost;
}

void import_note(struct importing *in, const struct sheet_row *row, size_t column, bool lost,
                 const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    char *where = xasprintf("%s%s%s:%zu:%zu", in->file, in->workbook->by_row ? ":" : "",
                            in->workbook->by_row ? in->sheet->name : "", row->line,
                            column + 1 + in->workbook->margin);
    note_add(in->notes, lost, where, text);
    xfree(&where);
    xfree(&text);
}

/* --- Cells --- */

char *cell_text(const struct sheet_row *row, size_t column)
{
    const char *text = sheet_cell(row, column), *end = text + strlen(text);
    while (isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    return xstrndup(text, (size_t)(end - text));
}

struct yaml *cell_node(const struct importing *in, const struct sheet_row *row, size_t column,
                       const char *text)
{
    struct yaml *node = yaml_new_text(text);
    node->line = (uint32_t)row->line;
    node->column = (uint32_t)(column + 1 + in->workbook->margin);
    if (in->workbook->by_row)
        node->source = (uint16_t)(in->sheet - in->workbook->items + 1);
    return node;
}

void import_put(struct importing *in, struct yaml *map, const char *key,
                const struct sheet_row *row, size_t column, const char *text)
{
    const char *there = yaml_text(map, key);
    if (!*text)
        return;
    if (there) {
        if (strcmp(there, text) != 0)
            import_note(in, row, column, true, _("%s は「%s」としました。「%s」は入りません"), key,
                        there, text);
        return;
    }
    struct yaml *value = cell_node(in, row, column, text);
    yaml_put(map, key, value);
    map->items[map->count - 2]->line = value->line;
    map->items[map->count - 2]->column = value->column;
    map->items[map->count - 2]->source = value->source;
}

bool is_japanese(const char *language)
{
    return strstr(language, "(ja)") || strcmp(language, "ja") == 0 ||
           strcmp(language, "日本語") == 0 || strcmp(language, "Japanese") == 0;
}

/* --- Columns --- */

static bool column_used(const struct sheet *sheet, size_t column)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (*sheet_cell(&sheet->rows[i], column))
            return true;
    return false;
}

/* A header that no table knows: in the choices a column for choice_filter, elsewhere nothing. */
static void unknown_column(struct importing *in, enum xlsform_sheet kind, const char *name,
                           size_t i, struct column *c)
{
    const struct sheet_row *header = &in->sheet->header;
    if (kind == SHEET_CHOICES && !xlsform_lacking(name))
        c->key = cell_text(header, i);
    else if (column_used(in->sheet, i))
        import_note(in, header, i, true, _("列「%s」は取り込めません"), sheet_cell(header, i));
    c->at = c->key;
}

struct column *columns_of(struct importing *in, enum xlsform_sheet kind)
{
    const struct strings *header = &in->sheet->header.cells;
    struct column *columns = xcalloc(header->count + 1, sizeof *columns);
    for (size_t i = 0; i < header->count; i++) {
        char *name, *language;
        struct column *c = &columns[i];
        xlsform_split(header->items[i], &name, &language);
        const char *own = str_starts(name, XLSFORM_OWN) ? name + strlen(XLSFORM_OWN) : NULL;
        const char *key = own ? own : xlsform_key(kind, name);
        bool translated =
            key && (language || (!own && in->language && kind != SHEET_SETTINGS &&
                                 (strcmp(key, "label") == 0 || str_ends(key, "hint") ||
                                  str_ends(key, "message"))));
        const char *spoken = language ? language : in->language;
        c->own = own != NULL;
        if (!*name)
            c->key = NULL;
        else if (!key)
            unknown_column(in, kind, name, i, c);
        else if (translated && spoken && !is_japanese(spoken))
            c->key = xasprintf("%s::%s", key, spoken);
        else
            c->key = xstrdup(key);
        if (key)
            c->at = own ? c->key : key;
        xfree(&name);
        xfree(&language);
    }
    return columns;
}

void columns_free(struct column **columns, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->header.cells.count; i++)
        xfree(&(*columns)[i].key);
    xfree(columns);
}

/* --- Expressions --- */

char *renamed_text(const struct importing *in, const char *text)
{
    struct buffer out = BUFFER_INIT;
    const char *open;
    while (in->renamed && (open = strstr(text, "${"))) {
        const char *name = open + 2, *close = strchr(open, '}');
        if (!close)
            break;
        if (str_starts(name, "last-saved#"))
            name += strlen("last-saved#");
        char *old = xstrndup(name, (size_t)(close - name));
        size_t i;
        buffer_add(&out, text, (size_t)(name - text));
        buffer_add_text(&out, lookup_find(&in->old_lookup, old, &i) ? in->new_names.items[i] : old);
        xfree(&old);
        text = close;
    }
    buffer_add_text(&out, text);
    return buffer_steal(&out);
}

static bool has_bare_name(const struct node *node)
{
    bool found = node->kind == NODE_COLUMN;
    for (size_t i = 0; i < node->arg_count && !found; i++)
        found = has_bare_name(node->args[i]);
    return found;
}

/* A date has hyphens, an address too: those alone make no expression. */
bool default_is_dynamic(const char *type, const char *text)
{
    static const char *const marks[] = {"${", "(", "+", "*", " - ", " div ", " mod "};
    struct expression *e;
    bool marked = false;
    bool date = strcmp(type, "date") == 0 || strcmp(type, "datetime") == 0;
    for (size_t i = 0; i < (date ? 2 : ARRAY_LEN(marks)); i++)
        marked = marked || strstr(text, marks[i]);
    if (!marked || expression_parse(text, NULL, 1, 1, &e, NULL))
        return false;
    bool dynamic = !has_bare_name(e->root) && e->root->kind != NODE_STRING;
    expression_free(&e);
    return dynamic;
}

char *default_expression(const char *type, const char *text)
{
    static const char *const numeric[] = {"integer", "decimal", "range"};
    const char *digits = text + (*text == '-');
    bool number = *digits && strspn(digits, "0123456789.") == strlen(digits);
    for (size_t i = 0; number && i < ARRAY_LEN(numeric); i++)
        if (strcmp(numeric[i], type) == 0)
            return xstrdup(text);
    if (!strchr(text, '\''))
        return xasprintf("'%s'", text);
    if (!strchr(text, '"'))
        return xasprintf("\"%s\"", text);
    struct buffer out = BUFFER_INIT;
    buffer_add_text(&out, "concat('");
    for (const char *s = text; *s; s++)
        if (*s == '\'')
            buffer_add_text(&out, "', \"'\", '");
        else
            buffer_add_char(&out, *s);
    buffer_add_text(&out, "')");
    return buffer_steal(&out);
}

/* --- The whole --- */

/* Sheets that other readers know and we do not, and those that nobody does. */
static void note_other_sheets(struct importing *in)
{
    static const char *const known[] = {"survey", "choices", "settings"};
    static const char *const lacking[] = {"external_choices", "entities", "osm", "cascades"};
    for (size_t i = 0; i < in->workbook->count; i++) {
        const struct sheet *sheet = &in->workbook->items[i];
        bool read = str_starts(sheet->name, XLSFORM_OWN), lost = false;
        for (size_t k = 0; k < ARRAY_LEN(known) && !read; k++)
            read = workbook_sheet(in->workbook, known[k]) == sheet;
        for (size_t k = 0; k < ARRAY_LEN(lacking) && !lost; k++)
            lost = workbook_sheet(in->workbook, lacking[k]) == sheet;
        in->sheet = sheet;
        if (!read && sheet->header.cells.count)
            import_note(in, &sheet->header, 0, lost && sheet->count, _("シート「%s」は読みません"),
                        sheet->name);
    }
}

static enum status load_mistake(struct importing *in, struct yaml *root,
                                const struct workflows *workflows, struct error *mistake)
{
    struct strings sources = STRINGS_INIT;
    struct form *form;
    for (size_t i = 0; i < in->workbook->count; i++)
        strings_take(&sources, xasprintf("%s:%s", in->file, in->workbook->items[i].name));
    enum status st = form_load_tree(root, in->file, &sources, workflows, &form, mistake);
    form_free(&form);
    strings_free(&sources);
    return st;
}

static void find_language(struct importing *in)
{
    const struct sheet *sheet = workbook_sheet(in->workbook, "settings");
    long column = sheet ? strings_find(&sheet->header.cells, "default_language") : -1;
    char *language =
        column >= 0 && sheet->count ? cell_text(&sheet->rows[0], (size_t)column) : NULL;
    if (language && *language && !is_japanese(language))
        in->language = language;
    else
        xfree(&language);
}

enum status xlsform_import(const struct workbook *workbook, const char *file,
                           const struct workflows *workflows, char **yaml,
                           struct xlsform_notes *notes, struct error *mistake, struct error *err)
{
    struct importing in = {.workbook = workbook, .file = file, .notes = notes};
    const struct sheet *survey = workbook_sheet(workbook, "survey");
    *yaml = NULL;
    error_clear(mistake);
    if (!survey || !survey->header.cells.count)
        return error_at(
            err, E_PARSE, file, 0, 0,
            _("シート survey がありません。XLSForm の CSV は、始めの列にシートの名を書きます"));
    struct yaml *root = yaml_new(YAML_MAP);
    find_language(&in);
    import_names(&in, survey);
    yaml_put(root, "settings", import_settings(&in));
    yaml_put(root, "survey", import_survey(&in, survey));
    struct yaml *choices = import_choices(&in);
    if (choices->count)
        yaml_put(root, "choices", choices);
    else
        yaml_drop(&choices);
    enum status st = import_own(&in, root, err);
    note_other_sheets(&in);
    if (!st) {
        struct buffer text = BUFFER_INIT;
        yaml_write(root, &text);
        *yaml = buffer_steal(&text);
        load_mistake(&in, root, workflows, mistake);
    }
    yaml_drop(&root);
    strings_free(&in.old_names);
    strings_free(&in.new_names);
    strings_free(&in.with_other);
    lookup_free(&in.old_lookup);
    xfree(&in.language);
    return st;
}
