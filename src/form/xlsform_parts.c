/* The sheets settings and choices, and those of ours. */
#include <ctype.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"
#include "form/xlsform_internal.h"

/* --- Settings --- */

/* The file's name without directory and ending. */
static char *stem_of(const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return dot ? xstrndup(name, (size_t)(dot - name)) : xstrdup(name);
}

/* A name as form_id has to be. */
static char *fitting_id(const char *text)
{
    struct buffer out = BUFFER_INIT;
    for (const char *s = text; *s && out.len < 39; s++) {
        char c = (char)tolower((unsigned char)*s);
        buffer_add_char(&out, strchr("abcdefghijklmnopqrstuvwxyz0123456789_", c) ? c : '_');
    }
    if (!islower((unsigned char)*buffer_text(&out)))
        buffer_splice(&out, 0, 0, "f_", 2);
    return buffer_steal(&out);
}

static void replace(struct importing *in, struct yaml *map, const char *key,
                    const struct sheet_row *row, const char *text)
{
    struct yaml *value = cell_node(in, row, 0, text);
    for (size_t i = 0; i + 1 < map->count; i += 2)
        if (strcmp(map->items[i]->text, key) == 0) {
            value->column = map->items[i + 1]->column;
            import_note(in, row, value->column - 1 - in->workbook->margin, false,
                        _("%s「%s」は「%s」になります"), key, map->items[i + 1]->text, text);
            yaml_drop(&map->items[i + 1]);
            map->items[i + 1] = value;
            return;
        }
    import_note(in, row, 0, false, _("%s がありません。「%s」とします"), key, text);
    yaml_put(map, key, value);
}

/* What every form of ours needs and XLSForm lets be left out. */
static void complete(struct importing *in, struct yaml *map, const struct sheet_row *row)
{
    const char *id = yaml_text(map, "form_id"), *version = yaml_text(map, "version");
    char *stem = stem_of(in->file), *fit = fitting_id(id ? id : stem);
    if (!id || strcmp(id, fit) != 0)
        replace(in, map, "form_id", row, fit);
    if (!yaml_get(map, "form_title"))
        replace(in, map, "form_title", row, yaml_text(map, "form_id"));
    if (!version || !*version || version[strspn(version, "0123456789")] || strlen(version) > 18)
        replace(in, map, "version", row, "1");
    if (!yaml_get(map, "type"))
        replace(in, map, "type", row, "record");
    xfree(&stem);
    xfree(&fit);
}

struct yaml *import_settings(struct importing *in)
{
    static const struct sheet_row nowhere = {.line = 0};
    const struct sheet *sheet = workbook_sheet(in->workbook, "settings");
    struct yaml *map = yaml_new(YAML_MAP);
    const struct sheet_row *row = sheet && sheet->count ? &sheet->rows[0] : &nowhere;
    in->sheet = sheet ? sheet : workbook_sheet(in->workbook, "survey");
    if (sheet) {
        struct column *columns = columns_of(in, SHEET_SETTINGS);
        for (size_t i = 0; sheet->count && i < sheet->header.cells.count; i++) {
            char *text = cell_text(row, i), *named = renamed_text(in, text);
            /* which is the language of what names none anyway */
            bool plain = columns[i].key && strcmp(columns[i].key, "default_language") == 0 &&
                         is_japanese(text);
            bool workflow = columns[i].key && strcmp(columns[i].key, "workflow") == 0;
            if (columns[i].key && !workflow && !plain)
                import_put(in, map, columns[i].key, row, i, named);
            xfree(&text);
            xfree(&named);
        }
        if (sheet->count > 1)
            import_note(in, &sheet->rows[1], 0, true, _("settings は一行だけです"));
        columns_free(&columns, sheet);
    }
    complete(in, map, row);
    return map;
}

/* --- Choices --- */

static struct yaml *list_of(struct yaml *choices, const char *name)
{
    struct yaml *list = yaml_get(choices, name);
    if (!list) {
        list = yaml_new(YAML_LIST);
        yaml_put(choices, name, list);
    }
    return list;
}

static void choice_cell(struct importing *in, struct yaml *choice, const struct column *c,
                        const struct sheet_row *row, size_t i)
{
    char *text = cell_text(row, i);
    if (*text && strcmp(c->at, "name") == 0 && strpbrk(text, " \t\n")) {
        char *whole = xstrdup(text);
        for (char *s = text; *s; s++)
            if (isspace((unsigned char)*s))
                *s = '_';
        import_note(in, row, i, false, _("選択肢の名「%s」は「%s」になります"), whole, text);
        xfree(&whole);
    }
    import_put(in, choice, c->key, row, i, text);
    xfree(&text);
}

static void import_choice(struct importing *in, struct yaml *choices, const struct column *columns,
                          const struct sheet_row *row)
{
    size_t count = in->sheet->header.cells.count;
    char *list = NULL;
    struct yaml *choice = yaml_new(YAML_MAP);
    choice->line = (uint32_t)row->line;
    if (in->workbook->by_row)
        choice->source = (uint16_t)(in->sheet - in->workbook->items + 1);
    for (size_t i = 0; i < count; i++) {
        if (!columns[i].key)
            continue;
        if (strcmp(columns[i].at, "list_name") == 0 && !list)
            list = cell_text(row, i);
        else
            choice_cell(in, choice, &columns[i], row, i);
    }
    bool labelled = false;
    for (size_t i = 0; i + 1 < choice->count; i += 2)
        labelled = labelled || strcmp(choice->items[i]->text, "label") == 0 ||
                   str_starts(choice->items[i]->text, "label::");
    if (!labelled && yaml_text(choice, "name")) {
        import_note(in, row, 0, false, _("名札のない選択肢は名「%s」で出します"),
                    yaml_text(choice, "name"));
        import_put(in, choice, "label", row, 0, yaml_text(choice, "name"));
    }
    if (str_empty(list)) {
        import_note(in, row, 0, true, _("list_name のない行は取り込めません"));
        yaml_drop(&choice);
    } else {
        yaml_add(list_of(choices, list), choice);
    }
    xfree(&list);
}

struct yaml *import_choices(struct importing *in)
{
    const struct sheet *sheet = workbook_sheet(in->workbook, "choices");
    struct yaml *choices = yaml_new(YAML_MAP);
    if (sheet) {
        in->sheet = sheet;
        struct column *columns = columns_of(in, SHEET_CHOICES);
        for (size_t i = 0; i < sheet->count; i++)
            import_choice(in, choices, columns, &sheet->rows[i]);
        columns_free(&columns, sheet);
    }
    for (size_t i = 0; i < in->with_other.count; i++) {
        struct yaml *list = list_of(choices, in->with_other.items[i]);
        struct yaml *other = yaml_new(YAML_MAP);
        bool there = false;
        for (size_t k = 0; k < list->count; k++)
            there = there || str_eq(yaml_text(list->items[k], "name"), "other");
        yaml_put(other, "name", yaml_new_text("other"));
        yaml_put(other, "label", yaml_new_text("その他"));
        if (there)
            yaml_drop(&other);
        else
            yaml_add(list, other);
    }
    return choices;
}

/* --- Sheets of ours --- */

/* A cell that may hold a list or a map, written as YAML. */
static enum status structured_node(struct importing *in, const struct sheet_row *row, size_t column,
                                   const char *text, struct yaml **out, struct error *err)
{
    struct error why = {0};
    *out = NULL;
    if (*text != '[' && *text != '{') {
        *out = cell_node(in, row, column, text);
        return OK;
    }
    if (yaml_read(text, in->file, out, &why))
        return error_at(err, E_PARSE, in->file, row->line, column + 1 + in->workbook->margin, "%s",
                        why.detail);
    struct yaml *place = cell_node(in, row, column, "");
    yaml_mark(*out, place->source);
    (*out)->line = place->line;
    (*out)->column = place->column;
    yaml_drop(&place);
    return OK;
}

static enum status own_map(struct importing *in, const struct sheet_row *row, struct yaml **out,
                           struct error *err)
{
    const struct strings *header = &in->sheet->header.cells;
    struct yaml *map = yaml_new(YAML_MAP), *place = cell_node(in, row, 0, "");
    enum status st = OK;
    map->line = place->line;
    map->column = place->column;
    map->source = place->source;
    yaml_drop(&place);
    for (size_t i = 0; !st && i < header->count; i++) {
        const char *text = sheet_cell(row, i);
        struct yaml *value;
        if (!*text || !*header->items[i] || yaml_get(map, header->items[i]))
            continue;
        if (own_structured(header->items[i]))
            st = structured_node(in, row, i, text, &value, err);
        else
            value = cell_node(in, row, i, text);
        if (!st)
            yaml_put(map, header->items[i], value);
    }
    *out = map;
    return st;
}

static struct yaml *workflow_of(struct yaml *root)
{
    struct yaml *workflow = yaml_get(root, "workflow");
    if (!workflow) {
        workflow = yaml_new(YAML_MAP);
        yaml_put(root, "workflow", workflow);
    }
    return workflow;
}

static enum status import_part(struct importing *in, const struct own_part *part, struct yaml *root,
                               struct error *err)
{
    struct yaml *whole = yaml_new(part->shape == OWN_ROWS ? YAML_LIST : YAML_MAP);
    enum status st = OK;
    for (size_t i = 0; !st && i < in->sheet->count; i++) {
        struct yaml *map;
        st = own_map(in, &in->sheet->rows[i], &map, err);
        const char *name = yaml_text(map, "name");
        if (!st && part->shape == OWN_ROWS) {
            yaml_add(whole, map);
            continue;
        }
        if (!st && part->shape == OWN_ONE) {
            yaml_drop(&whole);
            whole = map;
            continue;
        }
        if (!st && name && !yaml_get(whole, name) && yaml_text(map, part->value))
            yaml_put(whole, name,
                     cell_node(in, &in->sheet->rows[i], 1, yaml_text(map, part->value)));
        yaml_drop(&map);
    }
    if (st)
        yaml_drop(&whole);
    else
        yaml_put(part->workflow ? workflow_of(root) : root, part->part, whole);
    return st;
}

enum status import_own(struct importing *in, struct yaml *root, struct error *err)
{
    const struct sheet *settings = workbook_sheet(in->workbook, "settings");
    enum status st = OK;
    long at = settings ? strings_find(&settings->header.cells, XLSFORM_OWN "workflow") : -1;
    if (at >= 0 && settings->count && *sheet_cell(&settings->rows[0], (size_t)at)) {
        in->sheet = settings;
        yaml_put(workflow_of(root), "extends",
                 cell_node(in, &settings->rows[0], (size_t)at,
                           sheet_cell(&settings->rows[0], (size_t)at)));
    }
    for (size_t i = 0; !st && i < in->workbook->count; i++) {
        const struct sheet *sheet = &in->workbook->items[i];
        const struct own_part *part = NULL;
        if (!str_starts(sheet->name, XLSFORM_OWN) || !sheet->header.cells.count)
            continue;
        in->sheet = sheet;
        for (size_t k = 0; k < own_part_count && !part; k++)
            part = strcmp(own_parts[k].sheet, sheet->name) == 0 ? &own_parts[k] : NULL;
        const char *name = sheet->name + strlen(XLSFORM_OWN);
        if (part) {
            st = import_part(in, part, root, err);
        } else if (yaml_get(root, name) || strcmp(name, "workflow") == 0) {
            import_note(in, &sheet->header, 0, true, _("シート「%s」は読みません"), sheet->name);
        } else if (sheet->count) { /* a part without a shape of its own: YAML in its one cell */
            struct yaml *value;
            st = structured_node(in, &sheet->rows[0], 0, sheet_cell(&sheet->rows[0], 0), &value,
                                 err);
            if (!st)
                yaml_put(root, name, value);
        }
    }
    return st;
}
