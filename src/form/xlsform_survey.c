/* The sheet survey: rows that begin and end groups become fields within fields. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"
#include "form/xlsform_internal.h"

enum { NEST_MAX = 30, NAME_LONGEST = 41 };

/* Words of a type with one blank between. */
static char *plain_words(const char *text)
{
    struct buffer out = BUFFER_INIT;
    for (const char *s = text; *s; s++)
        if (!isspace((unsigned char)*s))
            buffer_add_char(&out, *s);
        else if (out.len && out.data[out.len - 1] != ' ')
            buffer_add_char(&out, ' ');
    if (out.len && out.data[out.len - 1] == ' ')
        out.data[--out.len] = '\0';
    return buffer_steal(&out);
}
static char *small_letters(const char *text)
{
    char *small = xstrdup(text);
    for (char *s = small; *s; s++)
        *s = (char)tolower((unsigned char)*s);
    return small;
}

/* "group" or "repeat" after begin or end, in any spelling; NULL when the row is neither. */
static const char *nest_of(const char *type, const char *word, bool *loses)
{
    static const struct {
        const char *words, *kind;
        bool loses;
    } kinds[] = {{"group", "group", false},
                 {"repeat", "repeat", false},
                 {"lgroup", "repeat", false},
                 {"looped group", "repeat", false},
                 {"loop", "group", true}};
    size_t len = strlen(word);
    *loses = false;
    if (!str_starts(type, word) || (type[len] != ' ' && type[len] != '_'))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t words = strlen(kinds[i].words);
        if (strncmp(type + len + 1, kinds[i].words, words) == 0 &&
            (!type[len + 1 + words] || type[len + 1 + words] == ' ')) {
            *loses = kinds[i].loses;
            return kinds[i].kind;
        }
    }
    return NULL;
}

/* --- Names --- */

/* As our names have to be; `taken` keeps them apart. */
static char *fitting_name(const char *old, const struct lookup *taken)
{
    struct buffer out = BUFFER_INIT;
    for (const char *s = old; *s; s++) {
        char c = (char)tolower((unsigned char)*s);
        buffer_add_char(&out, isalnum((unsigned char)c) && (unsigned char)c < 0x80 ? c : '_');
    }
    if (!islower((unsigned char)*buffer_text(&out)))
        buffer_splice(&out, 0, 0, "q_", 2);
    if (out.len > NAME_LONGEST)
        buffer_splice(&out, NAME_LONGEST, out.len - NAME_LONGEST, NULL, 0);
    char *name = buffer_steal(&out);
    for (size_t n = 2; name_reserved(name) || lookup_find(taken, name, NULL); n++) {
        char tail[24];
        size_t len = strlen(name), room = (size_t)snprintf(tail, sizeof tail, "_%zu", n);
        if (n > 2)
            len = (size_t)(strrchr(name, '_') - name);
        if (len > NAME_LONGEST - room)
            len = NAME_LONGEST - room;
        char *next = xasprintf("%.*s%s", (int)len, name, tail);
        xfree(&name);
        name = next;
    }
    return name;
}

static long column_at(const struct column *columns, const struct sheet *sheet, const char *key)
{
    for (size_t i = 0; i < sheet->header.cells.count; i++)
        if (columns[i].key && !columns[i].own && strcmp(columns[i].key, key) == 0)
            return (long)i;
    return -1;
}

static char *text_at(const struct sheet_row *row, long column)
{
    return column < 0 ? xstrdup("") : cell_text(row, (size_t)column);
}

/* Before anything is read: expressions name fields further down. */
void import_names(struct importing *in, const struct sheet *survey)
{
    struct lookup taken = LOOKUP_INIT;
    struct column *columns;
    in->sheet = survey;
    struct xlsform_notes *notes = in->notes, none = {0};
    in->notes = &none; /* headers are noted when the rows are read */
    columns = columns_of(in, SHEET_SURVEY);
    in->notes = notes;
    xlsform_notes_free(&none);
    long at = column_at(columns, survey, "name"), type_at = column_at(columns, survey, "type");
    for (size_t i = 0; i < survey->count; i++) {
        char *old = text_at(&survey->rows[i], at), *type = text_at(&survey->rows[i], type_at);
        char *small = small_letters(type);
        bool loses;
        char *name = !*type || nest_of(small, "end", &loses) ? xstrdup("")
                     : *old                                  ? fitting_name(old, &taken)
                                                             : NULL;
        if (!name) {
            char *made = xasprintf("row_%zu", survey->rows[i].line);
            name = fitting_name(made, &taken);
            xfree(&made);
        }
        strings_take(&in->new_names, name);
        strings_add(&in->old_names, old);
        if (*name) {
            lookup_add(&taken, name, i);
            lookup_add(&in->old_lookup, in->old_names.items[i], i);
            in->renamed = in->renamed || strcmp(old, name) != 0;
        }
        if (*name && strcmp(old, name) != 0)
            import_note(in, &survey->rows[i], at < 0 ? 0 : (size_t)at, false,
                        _("名「%s」は「%s」になります"), old, name);
        xfree(&old);
        xfree(&type);
        xfree(&small);
    }
    columns_free(&columns, survey);
    lookup_free(&taken);
}

/* --- Rows --- */

struct rows {
    struct importing *in;
    const struct sheet *sheet;
    struct column *columns;
    struct yaml *lists[NEST_MAX + 1]; /* the survey at the top, then what is open */
    const char *kinds[NEST_MAX + 1];
    size_t depth;
    size_t type_column;
};

/* Only what we know; the rest is told of. */
static char *known_appearances(struct rows *r, const struct sheet_row *row, size_t column,
                               const char *text)
{
    struct strings words = STRINGS_INIT;
    struct buffer out = BUFFER_INIT;
    char *plain = plain_words(text);
    strings_split(&words, plain, ' ');
    for (size_t i = 0; i < words.count; i++) {
        const char *ours = xlsform_appearance(words.items[i]);
        if (ours)
            buffer_printf(&out, "%s%s", out.len ? " " : "", ours);
        else if (*words.items[i])
            import_note(r->in, row, column, true, _("見え方「%s」は取り込めません"),
                        words.items[i]);
    }
    strings_free(&words);
    xfree(&plain);
    return buffer_steal(&out);
}

/* "start = 1; end=10, step=1" as "start=1 end=10 step=1" */
static char *plain_parameters(const char *text)
{
    struct buffer out = BUFFER_INIT;
    for (const char *s = text; *s; s++) {
        if (isspace((unsigned char)*s) &&
            (s[1 + strspn(s + 1, " ")] == '=' || (out.len && out.data[out.len - 1] == '=')))
            continue;
        buffer_add_char(&out, strchr(";,", *s) || isspace((unsigned char)*s) ? ' ' : *s);
    }
    char *plain = plain_words(buffer_text(&out));
    buffer_free(&out);
    return plain;
}

static void put_cell(struct rows *r, struct yaml *field, const struct sheet_row *row, size_t i)
{
    const struct column *c = &r->columns[i];
    char *text = cell_text(row, i), *value = NULL;
    if (!*text || strcmp(c->at, "type") == 0 || strcmp(c->at, "name") == 0) {
        xfree(&text);
        return;
    }
    if (c->own)
        value = renamed_text(r->in, text);
    else if (strcmp(c->at, "choice_filter") == 0 && strcmp(yaml_text(field, "type"), "text") == 0)
        import_note(r->in, row, i, true, _("列「%s」は取り込めません"), c->at);
    else if (strcmp(c->at, "appearance") == 0)
        value = known_appearances(r, row, i, text);
    else if (strcmp(c->at, "parameters") == 0)
        value = plain_parameters(text);
    else if (strcmp(c->at, "default") == 0 && yaml_get(field, "default"))
        value = xstrdup(""); /* a column of ours says it more exactly */
    else if (strcmp(c->at, "default") == 0 && !default_is_dynamic(yaml_text(field, "type"), text))
        value = default_expression(yaml_text(field, "type"), text);
    else
        value = renamed_text(r->in, text);
    if (value && strcmp(c->at, "trigger") == 0 && str_starts(value, "${") && str_ends(value, "}")) {
        char *name = xstrndup(value + 2, strlen(value) - 3);
        xfree(&value);
        value = name;
    }
    import_put(r->in, field, c->key, row, i, value ? value : "");
    xfree(&value);
    xfree(&text);
}

/* select_one LIST or_other: the list gets one more choice, the form one more text. */
static void add_other(struct rows *r, const struct sheet_row *row, const char *list,
                      const char *name)
{
    struct yaml *field = yaml_new(YAML_MAP);
    char *other = xasprintf("%.36s_other", name), *relevant;
    relevant = xasprintf("selected(${%s}, 'other')", name);
    if (strings_find(&r->in->with_other, list) < 0)
        strings_add(&r->in->with_other, list);
    import_put(r->in, field, "type", row, r->type_column, "text");
    import_put(r->in, field, "name", row, r->type_column, other);
    import_put(r->in, field, "label", row, r->type_column, "その他の内容");
    import_put(r->in, field, "relevant", row, r->type_column, relevant);
    yaml_add(r->lists[r->depth], field);
    import_note(r->in, row, r->type_column, false,
                _("or_other は選択肢 other と欄「%s」になります"), other);
    xfree(&other);
    xfree(&relevant);
}

/* The list of a select, without or_other. */
static char *list_name(const char *words, bool *other)
{
    static const char *const tails[] = {" or_other", " or other", " or specify other"};
    char *list = xstrdup(words);
    *other = false;
    for (size_t i = 0; i < ARRAY_LEN(tails) && !*other; i++)
        if ((*other = str_ends(list, tails[i])))
            list[strlen(list) - strlen(tails[i])] = '\0';
    return list;
}

/* Our type for the row; NULL when the row is left out. */
static char *field_type(struct rows *r, const struct sheet_row *row, const char *type,
                        const char *small, char **other_list)
{
    const char *list;
    bool loses = false, other = false;
    const char *ours = xlsform_select(small, &list, &loses);
    *other_list = NULL;
    if (ours) {
        char *name = list_name(type + (list - small), &other);
        bool external = strstr(name, ".csv") || strstr(name, ".xml") || strstr(name, ".geojson") ||
                        str_starts(name, "${") || strstr(small, "_external ");
        if (loses || external)
            import_note(r->in, row, r->type_column, true, _("型「%s」はそのままでは使えません"),
                        type);
        char *whole = external ? xstrdup("text") : xasprintf("%s %s", ours, name);
        if (other && !external)
            *other_list = xstrdup(name);
        xfree(&name);
        return whole;
    }
    ours = xlsform_type(type, &loses);
    if (!ours)
        ours = xlsform_type(small, &loses);
    if (!ours) {
        import_note(r->in, row, r->type_column, true, _("型「%s」は分かりません"), type);
        return xstrdup(type); /* form check names the nearest */
    }
    if (loses)
        import_note(r->in, row, r->type_column, true,
                    *ours ? _("型「%s」はそのままでは使えません")
                          : _("型「%s」の行は取り込めません"),
                    type);
    return *ours ? xstrdup(ours) : NULL;
}

static void add_field(struct rows *r, size_t index, const char *type)
{
    const struct sheet_row *row = &r->sheet->rows[index];
    const char *name = r->in->new_names.items[index];
    struct yaml *field = yaml_new(YAML_MAP);
    field->line = (uint32_t)row->line;
    if (r->in->workbook->by_row)
        field->source = (uint16_t)(r->sheet - r->in->workbook->items + 1);
    size_t count = r->sheet->header.cells.count;
    for (size_t i = 0; i < count; i++) {
        bool own = r->columns[i].own && strcmp(r->columns[i].key, "type") == 0;
        char *exact = cell_text(row, i);
        if (own)
            import_put(r->in, field, "type", row, i, exact);
        xfree(&exact);
    }
    if (!yaml_get(field, "type"))
        import_put(r->in, field, "type", row, r->type_column, type);
    import_put(r->in, field, "name", row, r->type_column, name);
    for (size_t own = 2; own-- > 0;) /* columns of ours first: they say it more exactly */
        for (size_t i = 0; i < count; i++)
            if (r->columns[i].key && r->columns[i].own == (own == 1))
                put_cell(r, field, row, i);
    yaml_add(r->lists[r->depth], field);
}

static void begin_nest(struct rows *r, size_t index, const char *kind)
{
    const struct sheet_row *row = &r->sheet->rows[index];
    add_field(r, index, kind);
    struct yaml *list = r->lists[r->depth], *field = list->items[list->count - 1];
    struct yaml *inner = yaml_new(YAML_LIST);
    inner->line = (uint32_t)row->line;
    inner->source = field->source;
    yaml_put(field, "survey", inner);
    if (r->depth < NEST_MAX) {
        r->lists[++r->depth] = inner;
        r->kinds[r->depth] = kind;
    } else {
        import_note(r->in, row, r->type_column, true, _("入れ子が深すぎます"));
    }
}

static void end_nest(struct rows *r, const struct sheet_row *row, const char *kind)
{
    if (!r->depth)
        import_note(r->in, row, r->type_column, true, _("始まりのない終わりです"));
    else if (strcmp(r->kinds[r->depth], kind) != 0)
        import_note(r->in, row, r->type_column, true, _("%s で始まったものは end_%s で終わります"),
                    r->kinds[r->depth], r->kinds[r->depth]);
    if (r->depth)
        r->depth--;
}

static void take_row(struct rows *r, size_t index)
{
    const struct sheet_row *row = &r->sheet->rows[index];
    char *raw = cell_text(row, r->type_column), *type = plain_words(raw);
    char *small = small_letters(type), *other = NULL, *ours;
    bool loses = false;
    const char *kind = nest_of(small, "begin", &loses);
    if (!*type) {
        import_note(r->in, row, r->type_column, true, _("型のない行は取り込めません"));
    } else if (kind) {
        if (loses)
            import_note(r->in, row, r->type_column, true, _("型「%s」はそのままでは使えません"),
                        type);
        begin_nest(r, index, kind);
    } else if ((kind = nest_of(small, "end", &loses))) {
        end_nest(r, row, kind);
    } else if ((ours = field_type(r, row, type, small, &other))) {
        add_field(r, index, ours);
        if (other)
            add_other(r, row, other, r->in->new_names.items[index]);
        xfree(&ours);
    }
    xfree(&other);
    xfree(&small);
    xfree(&type);
    xfree(&raw);
}

struct yaml *import_survey(struct importing *in, const struct sheet *survey)
{
    struct rows r = {.in = in, .sheet = survey};
    struct yaml *list = yaml_new(YAML_LIST);
    in->sheet = survey;
    r.columns = columns_of(in, SHEET_SURVEY);
    r.lists[0] = list;
    long type = column_at(r.columns, survey, "type");
    if (type < 0)
        import_note(in, &survey->header, 0, true, _("列 type がありません"));
    r.type_column = type < 0 ? survey->header.cells.count : (size_t)type;
    for (size_t i = 0; type >= 0 && i < survey->count; i++)
        take_row(&r, i);
    if (r.depth && survey->count)
        import_note(in, &survey->rows[survey->count - 1], r.type_column, true,
                    _("終わりのない %s があります"), r.kinds[r.depth]);
    columns_free(&r.columns, survey);
    return list;
}
