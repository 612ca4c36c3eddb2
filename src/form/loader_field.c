/* Rows of `survey`: fields, groups, repeats. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"

enum column_kind { COLUMN_LABEL, COLUMN_EXPRESSION, COLUMN_TEXT, COLUMN_FLAG, COLUMN_OTHER };

static const struct {
    const char *name;
    enum column_kind kind;
    size_t offset; /* in struct field */
} columns[] = {
    {"label", COLUMN_LABEL, offsetof(struct field, label)},
    {"hint", COLUMN_LABEL, offsetof(struct field, hint)},
    {"guidance_hint", COLUMN_LABEL, offsetof(struct field, guidance)},
    {"required_message", COLUMN_LABEL, offsetof(struct field, required_message)},
    {"constraint_message", COLUMN_LABEL, offsetof(struct field, constraint_message)},
    {"required", COLUMN_EXPRESSION, offsetof(struct field, required)},
    {"relevant", COLUMN_EXPRESSION, offsetof(struct field, relevant)},
    {"read_only", COLUMN_EXPRESSION, offsetof(struct field, read_only)},
    {"constraint", COLUMN_EXPRESSION, offsetof(struct field, constraint)},
    {"calculation", COLUMN_EXPRESSION, offsetof(struct field, calculation)},
    {"default", COLUMN_EXPRESSION, offsetof(struct field, default_value)},
    {"choice_filter", COLUMN_EXPRESSION, offsetof(struct field, choice_filter)},
    {"repeat_count", COLUMN_EXPRESSION, offsetof(struct field, repeat_count)},
    {"reading_of", COLUMN_TEXT, offsetof(struct field, reading_of)},
    {"search", COLUMN_TEXT, offsetof(struct field, search)},
    {"merge", COLUMN_TEXT, offsetof(struct field, merge)},
    {"to", COLUMN_TEXT, offsetof(struct field, to)},
    {"fills", COLUMN_TEXT, offsetof(struct field, fills)},
    {"trigger", COLUMN_TEXT, offsetof(struct field, trigger)},
    {"query", COLUMN_OTHER, 0},
    {"copyable", COLUMN_FLAG, offsetof(struct field, copyable)},
    {"contact", COLUMN_FLAG, offsetof(struct field, contact)},
    {"type", COLUMN_OTHER, 0},
    {"name", COLUMN_OTHER, 0},
    {"appearance", COLUMN_OTHER, 0},
    {"parameters", COLUMN_OTHER, 0},
    {"survey", COLUMN_OTHER, 0},
};

static enum status unknown_column(struct loading *l, const struct yaml *key)
{
    const char *names[ARRAY_LEN(columns)];
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        names[i] = columns[i].name;
    return load_unknown(l, key, _("列"), key->text, names, ARRAY_LEN(columns));
}

static enum status load_column(struct loading *l, struct field *f, const struct yaml *key,
                               const struct yaml *value)
{
    char language[16];
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        bool label = columns[i].kind == COLUMN_LABEL;
        if (label ? !label_key(key->text, columns[i].name, language)
                  : strcmp(key->text, columns[i].name) != 0)
            continue;
        void *slot = (char *)f + columns[i].offset;
        if (columns[i].kind == COLUMN_EXPRESSION)
            return load_expression(l, value, f, slot);
        if (columns[i].kind == COLUMN_OTHER)
            return OK;
        if (value->kind != YAML_TEXT)
            return load_fail(l, value, _("列「%s」には文字を書いてください"), key->text);
        if (label)
            label_add(slot, language, value->text);
        else if (columns[i].kind == COLUMN_FLAG)
            *(bool *)slot = yaml_is_true(value->text);
        else
            *(char **)slot = xstrdup(value->text);
        return OK;
    }
    return unknown_column(l, key);
}

/* --- Type, appearance, parameters --- */

static bool is_select(const struct field *f)
{
    return f->type == FIELD_SELECT_ONE || f->type == FIELD_SELECT_MULTIPLE;
}

static enum status load_type(struct loading *l, struct field *f, const struct yaml *node)
{
    static const char *const types[] = {
#define TYPE_NAME(type, name, value, asked) name,
        FIELD_TYPE_LIST(TYPE_NAME)
#undef TYPE_NAME
    };
    struct strings words = STRINGS_INIT;
    enum status st = OK;
    strings_split(&words, node->text, ' ');
    size_t i = 0;
    while (i < ARRAY_LEN(types) && strcmp(types[i], words.items[0]) != 0)
        i++;
    if (i == ARRAY_LEN(types))
        st = load_unknown(l, node, _("型"), words.items[0], types, ARRAY_LEN(types));
    f->type = (enum field_type)i;
    bool select = !st && is_select(f);
    const char *names[64];
    size_t count = 0;
    for (size_t c = 0; select && c < l->form->choice_count; c++) {
        if (count < ARRAY_LEN(names))
            names[count++] = l->form->choices[c]->name;
        if (words.count == 2 && strcmp(l->form->choices[c]->name, words.items[1]) == 0)
            f->choices = l->form->choices[c];
    }
    if (!st && !select && words.count != 1)
        st = load_fail(l, node, _("型 %s の後には何も書けません"), words.items[0]);
    else if (select && words.count != 2)
        st = load_fail(l, node, _("%s の後に選択肢の名を書いてください"), words.items[0]);
    else if (select && !f->choices)
        st = load_unknown(l, node, _("選択肢"), words.items[1], names, count);
    strings_free(&words);
    return st;
}

static enum status load_appearance(struct loading *l, struct field *f, const struct yaml *node)
{
    static const char *const names[] = {
#define APPEARANCE_NAME(bit, name) name,
        APPEARANCE_LIST(APPEARANCE_NAME)
#undef APPEARANCE_NAME
    };
    struct strings words = STRINGS_INIT;
    enum status st = OK;
    if (!node)
        return OK;
    strings_split(&words, node->kind == YAML_TEXT ? node->text : "", ' ');
    for (size_t w = 0; !st && w < words.count; w++) {
        size_t i = 0;
        while (i < ARRAY_LEN(names) && strcmp(names[i], words.items[w]) != 0)
            i++;
        if (i < ARRAY_LEN(names))
            f->appearance |= 1u << i;
        else if (*words.items[w])
            st = load_unknown(l, node, _("見え方（appearance）"), words.items[w], names,
                              ARRAY_LEN(names));
    }
    strings_free(&words);
    return st;
}

/* "key=value key=value" */
static enum status load_parameters(struct loading *l, struct field *f, const struct yaml *node)
{
    struct strings words = STRINGS_INIT;
    enum status st = OK;
    if (!node)
        return OK;
    strings_split(&words, node->kind == YAML_TEXT ? node->text : "", ' ');
    for (size_t i = 0; !st && i < words.count; i++) {
        char *equals = strchr(words.items[i], '=');
        if (!*words.items[i])
            continue;
        if (!equals) {
            st = load_fail(l, node, _("parameters は「名=値」を空白で区切って書きます"));
            break;
        }
        strings_add_len(&f->parameters, words.items[i], (size_t)(equals - words.items[i]));
        strings_add(&f->parameters, equals + 1);
    }
    strings_free(&words);
    return st;
}

/* --- Rows --- */

static void append_field(struct loading *l, struct field *f, const struct yaml *row)
{
    struct form *form = l->form;
    f->index = form->field_count;
    l->rows = xroom(l->rows, form->field_count, sizeof *l->rows);
    l->rows[f->index] = row;
    form->fields = xroom(form->fields, form->field_count, sizeof *form->fields);
    form->fields[form->field_count++] = f;
    lookup_add(&form->by_name, f->name, f->index);
    struct field ***list = f->parent ? &f->parent->children : &form->top;
    size_t *count = f->parent ? &f->parent->child_count : &form->top_count;
    *list = xroom(*list, *count, sizeof **list);
    (*list)[(*count)++] = f;
}

static bool shown(const struct field *f)
{
    return field_is_asked(f) && f->type < FIELD_GROUP;
}

bool name_reserved(const char *name)
{
    static const char *const reserved[] = {
#define RESERVED_NAME(name, type, label) name,
        IMPLICIT_FIELD_LIST(RESERVED_NAME)
#undef RESERVED_NAME
            "record",
        "row",
        "parent_row",
        "today",
        "user",
        "version",
        "conflict",
        "in_force"};
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return false;
}

static enum status check_name(struct loading *l, const struct yaml *row)
{
    const struct yaml *node = yaml_get(row, "name");
    const char *name = yaml_text(row, "name");
    if (!name || !name_valid(name))
        return load_fail(l, node ? node : row,
                         _("name は英小文字で始まる英小文字・数字・_ の41字までです"));
    if (name_reserved(name))
        return load_fail(l, node, _("欄の名「%s」はプログラムが使う名です"), name);
    const struct field *twin = form_field(l->form, name);
    if (twin)
        return load_fail(l, node, _("欄の名「%s」が二度使われています（%zu行目にもあります）"),
                         name, twin->line);
    return OK;
}

static enum status load_rows(struct loading *l, const struct yaml *rows, struct field *parent,
                             int section);

static enum status load_row(struct loading *l, const struct yaml *row, struct field *parent,
                            int section)
{
    const struct yaml *type = yaml_get(row, "type"), *inner = yaml_get(row, "survey");
    if (row->kind != YAML_MAP || !type || type->kind != YAML_TEXT)
        return load_fail(l, row, _("欄には type と name が要ります"));
    enum status st = check_name(l, row);
    if (st)
        return st;
    struct field *f = xcalloc(1, sizeof *f);
    f->name = xstrdup(yaml_text(row, "name"));
    f->line = row->line;
    f->parent = parent;
    f->repeat = !parent ? NULL : parent->type == FIELD_REPEAT ? parent : parent->repeat;
    append_field(l, f, row);
    st = load_type(l, f, type);
    for (size_t i = 0; !st && i + 1 < row->count; i += 2)
        st = load_column(l, f, row->items[i], row->items[i + 1]);
    if (!st)
        st = load_appearance(l, f, yaml_get(row, "appearance"));
    if (!st)
        st = load_parameters(l, f, yaml_get(row, "parameters"));
    if (st)
        return st;
    bool nest = f->type == FIELD_GROUP || f->type == FIELD_REPEAT;
    f->section = nest || shown(f) ? section : -1;
    if (nest != (inner != NULL))
        return load_fail(l, row,
                         nest ? _("「%s」に survey がありません")
                              : _("「%s」の中に survey は書けません"),
                         f->name);
    return nest ? load_rows(l, inner, f, section) : OK;
}

/* Each top-level group is a section; what stands between two belongs to the one before. */
static enum status load_rows(struct loading *l, const struct yaml *rows, struct field *parent,
                             int section)
{
    enum status st = OK;
    int next = -1;
    if (rows->kind != YAML_LIST || !rows->count)
        return load_fail(l, rows, _("survey に欄がありません"));
    for (size_t i = 0; !st && i < rows->count; i++) {
        const char *type = yaml_text(rows->items[i], "type");
        bool group = type && (strcmp(type, "group") == 0 || strcmp(type, "repeat") == 0);
        if (!parent && (group || next < 0))
            next++;
        st = load_row(l, rows->items[i], parent, parent ? section : next);
    }
    return st;
}

/* --- What fields say of one another --- */

/* Names of the fields a column may point at. */
static const char **field_names(const struct form *form)
{
    const char **names = xcalloc(form->field_count + 1, sizeof *names);
    for (size_t i = 0; i < form->field_count; i++)
        names[i] = form->fields[i]->name;
    return names;
}

/* reading_of and trigger name another field; XLSForm writes `${name}`. */
static enum status check_link(struct loading *l, const struct field *f, const char *column,
                              char **link)
{
    const struct yaml *at = yaml_get(l->rows[f->index], column);
    char *name = *link;
    if (str_starts(name, "${") && str_ends(name, "}")) {
        *link = xstrndup(name + 2, strlen(name) - 3);
        xfree(&name);
    }
    const struct field *other = form_field(l->form, *link);
    if (!other) {
        const char **names = field_names(l->form);
        enum status st = load_unknown(l, at, _("欄"), *link, names, l->form->field_count);
        xfree(&names);
        return st;
    }
    if (!field_has_value(other) || (other->repeat && other->repeat != f->repeat))
        return load_fail(l, at, _("「%s」の %s は、値のある同じ並びの欄を指してください"), f->name,
                         column);
    return OK;
}

/* The fields that a postcode fills are fields. */
static enum status check_address(struct loading *l, const struct field *f)
{
    enum status st = OK;
    for (size_t i = 0; !st && i + 1 < f->parameters.count; i += 2)
        for (enum address_part part = 0; !st && part < ADDRESS_PARTS; part++)
            if (strcmp(f->parameters.items[i], address_part_name(part)) == 0)
                st = check_link(l, f, "parameters", &f->parameters.items[i + 1]);
    return st;
}

/* Columns that mean something for some types only. */
static enum status check_place(struct loading *l, const struct field *f)
{
    const struct {
        const char *column;
        bool right;
    } rules[] = {
        {"to", f->type == FIELD_REFERENCE || f->type == FIELD_BARCODE},
        {"fills", f->type == FIELD_BARCODE && f->to},
        {"choice_filter", is_select(f)},
        {"repeat_count", f->type == FIELD_REPEAT},
        {"reading_of", f->type == FIELD_TEXT},
        {"search", field_has_value(f)},
        {"merge", field_has_value(f)},
        {"calculation", field_has_value(f) && !field_is_attachment(f)},
        {"query", field_has_value(f) && !field_is_attachment(f) && !f->repeat && !f->calculation},
        {"default", field_has_value(f) && !field_is_attachment(f)},
        {"copyable", field_has_value(f) && !field_is_attachment(f)},
        {"contact", field_has_value(f)},
        {"constraint", field_has_value(f)},
    };
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const struct yaml *at = yaml_get(l->rows[f->index], rules[i].column);
        if (at && !rules[i].right)
            return load_fail(l, at, _("型 %s の欄「%s」に %s は書けません"),
                             field_type_name(f->type), f->name, rules[i].column);
    }
    return OK;
}

static enum status check_links(struct loading *l, struct field *f)
{
    static const char *const kinds[] = {"name",     "kana",  "address", "phone",
                                        "postcode", "birth", "number"};
    const struct yaml *row = l->rows[f->index];
    enum status st = check_place(l, f);
    if (!st && f->reading_of)
        st = check_link(l, f, "reading_of", &f->reading_of);
    if (!st && f->trigger)
        st = check_link(l, f, "trigger", &f->trigger);
    if (!st && (f->appearance & APPEAR_POSTCODE))
        st = check_address(l, f);
    if (!st && f->type == FIELD_BARCODE)
        st = check_scanned(l, f);
    if (st)
        return st;
    bool known = !f->search;
    for (size_t i = 0; !known && i < ARRAY_LEN(kinds); i++)
        known = strcmp(kinds[i], f->search) == 0;
    if (!known)
        return load_unknown(l, yaml_get(row, "search"), _("探し方（search）"), f->search, kinds,
                            ARRAY_LEN(kinds));
    if (f->type == FIELD_REFERENCE && (!f->to || !name_valid(f->to)))
        return load_fail(l, row, _("「%s」にどの様式を指すか（to）がありません"), f->name);
    if (f->type == FIELD_CALCULATE && !f->calculation && !yaml_get(row, "query"))
        return load_fail(l, row, _("「%s」に calculation も query もありません"), f->name);
    return OK;
}

static void add_implicit(struct loading *l)
{
    static const struct {
        const char *name;
        enum field_type type;
        const char *label;
    } rows[] = {
#define IMPLICIT_ROW(name, type, label) {name, type, label},
        IMPLICIT_FIELD_LIST(IMPLICIT_ROW)
#undef IMPLICIT_ROW
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct field *f = xcalloc(1, sizeof *f);
        f->name = xstrdup(rows[i].name);
        f->type = rows[i].type;
        f->implicit = true;
        f->section = -1;
        label_add(&f->label, "ja", _(rows[i].label));
        append_field(l, f, NULL);
    }
}

enum status load_survey(struct loading *l, struct yaml *survey)
{
    enum status st = load_rows(l, survey, NULL, 0);
    if (!st)
        add_implicit(l);
    for (size_t i = 0; !st && i < l->form->field_count; i++)
        st = check_links(l, l->form->fields[i]);
    return st;
}
