/* From a form to sheets. */
#include <stdarg.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/expression_tree.h"
#include "form/functions.h"
#include "form/xlsform_internal.h"

#define JAPANESE "日本語 (ja)"

struct exporting {
    const struct form *form;
    struct workbook *out;
    struct xlsform_notes *notes;
    bool languages; /* some text is there in several: then the Japanese is named too */
};

static bool is_spoken(const char *key)
{
    return strcmp(key, "label") == 0 || strcmp(key, "hint") == 0 ||
           strcmp(key, "guidance_hint") == 0 || strcmp(key, "required_message") == 0 ||
           strcmp(key, "constraint_message") == 0;
}

static bool has_languages(const struct yaml *node)
{
    bool found = false;
    for (size_t i = 0; i < node->count && !found; i++)
        found = node->kind == YAML_MAP && i % 2 == 0 ? strstr(node->items[i]->text, "::") != NULL
                                                     : has_languages(node->items[i]);
    return found;
}

/* The header of a key; the caller frees. */
static char *header_of(const struct exporting *x, enum xlsform_sheet sheet, const char *key)
{
    const char *colons = strstr(key, "::");
    char *name = colons ? xstrndup(key, (size_t)(colons - key)) : xstrdup(key);
    const char *header = xlsform_header(sheet, name);
    bool own = !header || (colons && !is_spoken(name));
    char *out =
        xasprintf("%s%s%s", own ? XLSFORM_OWN : "", header ? header : name,
                  colons                                                      ? colons
                  : x->languages && is_spoken(key) && sheet != SHEET_SETTINGS ? "::" JAPANESE
                                                                              : "");
    xfree(&name);
    return out;
}

/* A value as one cell; the caller frees. */
static char *cell_of(const struct yaml *value)
{
    struct buffer line = BUFFER_INIT;
    if (value->kind == YAML_TEXT)
        return xstrdup(value->text);
    yaml_write_line(value, &line);
    return buffer_steal(&line);
}

static void put(struct exporting *x, struct sheet *sheet, struct sheet_row *row,
                enum xlsform_sheet kind, const char *key, const char *text)
{
    char *header = header_of(x, kind, key);
    sheet_put(sheet, row, header, text);
    xfree(&header);
}

/* --- Notes --- */

static void note_row(struct exporting *x, const struct sheet *sheet, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void note_row(struct exporting *x, const struct sheet *sheet, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap), *where = xasprintf("%s:%zu", sheet->name, sheet->count + 1);
    va_end(ap);
    note_add(x->notes, false, where, text);
    xfree(&where);
    xfree(&text);
}

static void note_node(struct exporting *x, const struct sheet *sheet, const char *column,
                      const struct node *node)
{
    if (node->kind == NODE_CALL && !function_in_odk(node->text))
        note_row(x, sheet, _("%s: 関数 %s は ODK にありません"), column, node->text);
    if (node->kind == NODE_FIELD && node->field && node->field->implicit)
        note_row(x, sheet, _("%s: 欄 %s は ODK の様式にありません"), column, node->field->name);
    for (size_t i = 0; i < node->arg_count; i++)
        note_node(x, sheet, column, node->args[i]);
}

static void note_field(struct exporting *x, const struct sheet *sheet, const struct field *f)
{
    const struct {
        const char *column;
        const struct expression *expression;
    } rows[] = {{"required", f->required},           {"relevant", f->relevant},
                {"readonly", f->read_only},          {"constraint", f->constraint},
                {"calculation", f->calculation},     {"default", f->default_value},
                {"choice_filter", f->choice_filter}, {"repeat_count", f->repeat_count}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].expression)
            note_node(x, sheet, rows[i].column, rows[i].expression->root);
    if (f->type == FIELD_REFERENCE)
        note_row(x, sheet, _("type: reference は ODK では文字の欄です"));
}

/* --- Survey --- */

static void put_default(struct sheet *sheet, struct sheet_row *row, const char *type,
                        const char *text)
{
    struct expression *e;
    char *literal = NULL, *back = NULL;
    if (!expression_parse(text, NULL, 1, 1, &e, NULL)) {
        if (e->root->kind == NODE_STRING || e->root->kind == NODE_NUMBER)
            literal = xstrdup(e->root->text);
        expression_free(&e);
    }
    if (literal && *literal && !default_is_dynamic(type, literal))
        back = default_expression(type, literal);
    if (literal && *literal)
        sheet_put(sheet, row, "default", literal);
    else
        sheet_put(sheet, row, "default", text);
    /* what would come back differently is written once more as it is */
    if (literal ? !str_eq(back, text) : !default_is_dynamic(type, text))
        sheet_put(sheet, row, XLSFORM_OWN "default", text);
    xfree(&literal);
    xfree(&back);
}

static void put_appearance(struct sheet *sheet, struct sheet_row *row, const char *text)
{
    struct strings words = STRINGS_INIT;
    struct buffer out = BUFFER_INIT;
    strings_split(&words, text, ' ');
    for (size_t i = 0; i < words.count; i++)
        if (*words.items[i])
            buffer_printf(&out, "%s%s", out.len ? " " : "", xlsform_appearance_out(words.items[i]));
    sheet_put(sheet, row, "appearance", buffer_text(&out));
    strings_free(&words);
    buffer_free(&out);
}

static void put_field(struct exporting *x, struct sheet *sheet, const struct yaml *field)
{
    const char *type = yaml_text(field, "type"), *name = yaml_text(field, "name");
    const struct field *f = form_field(x->form, name);
    struct sheet_row *row = sheet_add_row(sheet);
    bool nest = yaml_get(field, "survey") != NULL;
    char *word = xstrndup(type, strcspn(type, " "));
    char *out = nest ? xasprintf("begin_%s", type)
                     : xasprintf("%s%s", xlsform_type_out(word), type + strlen(word));
    sheet_put(sheet, row, "type", out);
    sheet_put(sheet, row, "name", name);
    if (f->type == FIELD_REFERENCE)
        sheet_put(sheet, row, XLSFORM_OWN "type", type);
    for (size_t i = 0; i + 1 < field->count; i += 2) {
        const char *key = field->items[i]->text;
        char *text = cell_of(field->items[i + 1]), *trigger;
        if (strcmp(key, "default") == 0)
            put_default(sheet, row, word, text);
        else if (strcmp(key, "appearance") == 0)
            put_appearance(sheet, row, text);
        else if (strcmp(key, "trigger") == 0 && !str_starts(text, "${")) {
            trigger = xasprintf("${%s}", text);
            sheet_put(sheet, row, "trigger", trigger);
            xfree(&trigger);
        } else if (strcmp(key, "type") != 0 && strcmp(key, "name") != 0 &&
                   strcmp(key, "survey") != 0)
            put(x, sheet, row, SHEET_SURVEY, key, text);
        xfree(&text);
    }
    note_field(x, sheet, f);
    xfree(&word);
    xfree(&out);
}

static void put_rows(struct exporting *x, struct sheet *sheet, const struct yaml *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct yaml *inner = yaml_get(rows->items[i], "survey");
        put_field(x, sheet, rows->items[i]);
        if (!inner)
            continue;
        put_rows(x, sheet, inner);
        char *end = xasprintf("end_%s", yaml_text(rows->items[i], "type"));
        sheet_put(sheet, sheet_add_row(sheet), "type", end);
        xfree(&end);
    }
}

/* --- Choices and settings --- */

static void put_choices(struct exporting *x, struct sheet *sheet, const struct yaml *choices)
{
    for (size_t c = 0; choices && c + 1 < choices->count; c += 2) {
        const struct yaml *list = choices->items[c + 1];
        for (size_t i = 0; i < list->count; i++) {
            struct sheet_row *row = sheet_add_row(sheet);
            sheet_put(sheet, row, "list_name", choices->items[c]->text);
            for (size_t k = 0; k + 1 < list->items[i]->count; k += 2) {
                const char *key = list->items[i]->items[k]->text;
                char *text = cell_of(list->items[i]->items[k + 1]);
                bool known = strcmp(key, "name") == 0 || strcmp(key, "removed") == 0 ||
                             str_starts(key, "label");
                if (known)
                    put(x, sheet, row, SHEET_CHOICES, key, text);
                else
                    sheet_put(sheet, row, key, text);
                xfree(&text);
            }
        }
    }
}

static void put_settings(struct exporting *x, struct sheet *sheet, const struct yaml *root)
{
    const struct yaml *settings = yaml_get(root, "settings");
    struct sheet_row *row = sheet_add_row(sheet);
    for (size_t i = 0; i + 1 < settings->count; i += 2)
        put(x, sheet, row, SHEET_SETTINGS, settings->items[i]->text, settings->items[i + 1]->text);
    if (x->languages && !yaml_get(settings, "default_language"))
        sheet_put(sheet, row, "default_language", JAPANESE);
    const char *extends = yaml_text(yaml_get(root, "workflow"), "extends");
    if (extends)
        sheet_put(sheet, row, XLSFORM_OWN "workflow", extends);
}

/* --- Parts of ours --- */

static void put_map(struct sheet *sheet, const struct yaml *map)
{
    struct sheet_row *row = sheet_add_row(sheet);
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        char *text = cell_of(map->items[i + 1]);
        sheet_put(sheet, row, map->items[i]->text, text);
        xfree(&text);
    }
}

static void put_part(struct exporting *x, const struct own_part *part, const struct yaml *whole)
{
    struct sheet *sheet = workbook_add(x->out, part->sheet);
    for (size_t i = 0; part->shape == OWN_ROWS && i < whole->count; i++)
        put_map(sheet, whole->items[i]);
    if (part->shape == OWN_ONE)
        put_map(sheet, whole);
    for (size_t i = 0; part->shape == OWN_PAIRS && i + 1 < whole->count; i += 2) {
        struct sheet_row *row = sheet_add_row(sheet);
        sheet_put(sheet, row, "name", whole->items[i]->text);
        sheet_put(sheet, row, part->value, whole->items[i + 1]->text);
    }
}

/* A part without a shape of its own: YAML in one cell. */
static void put_other(struct exporting *x, const char *name, const struct yaml *whole)
{
    char *title = xasprintf(XLSFORM_OWN "%s", name), *text = cell_of(whole);
    struct sheet *sheet = workbook_add(x->out, title);
    sheet_put(sheet, sheet_add_row(sheet), "yaml", text);
    xfree(&title);
    xfree(&text);
}

static void put_own(struct exporting *x, const struct yaml *root)
{
    static const char *const done[] = {"settings", "survey", "choices", "workflow"};
    for (size_t i = 0; i < own_part_count; i++) {
        const struct own_part *part = &own_parts[i];
        const struct yaml *whole =
            yaml_get(part->workflow ? yaml_get(root, "workflow") : root, part->part);
        if (whole)
            put_part(x, part, whole);
    }
    for (size_t i = 0; i + 1 < root->count; i += 2) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(done) && !known; k++)
            known = strcmp(done[k], root->items[i]->text) == 0;
        for (size_t k = 0; k < own_part_count && !known; k++)
            known = !own_parts[k].workflow && strcmp(own_parts[k].part, root->items[i]->text) == 0;
        if (!known)
            put_other(x, root->items[i]->text, root->items[i + 1]);
    }
}

enum status xlsform_export(const struct form *form, struct workbook *out,
                           struct xlsform_notes *notes, struct error *err)
{
    struct exporting x = {.form = form, .out = out, .notes = notes};
    struct yaml *root;
    *out = (struct workbook){.margin = 1};
    enum status st = yaml_read(form->text, form->id, &root, err);
    if (st)
        return st;
    x.languages = has_languages(yaml_get(root, "survey")) ||
                  (yaml_get(root, "choices") && has_languages(yaml_get(root, "choices")));
    put_rows(&x, workbook_add(out, "survey"), yaml_get(root, "survey"));
    if (yaml_get(root, "choices"))
        put_choices(&x, workbook_add(out, "choices"), yaml_get(root, "choices"));
    put_settings(&x, workbook_add(out, "settings"), root);
    put_own(&x, root);
    if (form->check_count)
        note_add(notes, false, XLSFORM_OWN "checks",
                 _("規則と処理は ODK では働きません。窓口で働きます"));
    yaml_drop(&root);
    return OK;
}
