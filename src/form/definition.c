#include "form/definition.h"

#include <string.h>

#include "base/xmem.h"
#include "form/expression.h"
#include "form/loader_internal.h"
#include "form/workflow.h"

static const struct {
    const char *name;
    bool value, asked;
} types[] = {
#define TYPE_ROW(type, name, value, asked) [type] = {name, value, asked},
    FIELD_TYPE_LIST(TYPE_ROW)
#undef TYPE_ROW
};

const char *field_type_name(enum field_type type)
{
    return types[type].name;
}

bool field_is_attachment(const struct field *field)
{
    return field->type == FIELD_IMAGE || field->type == FIELD_FILE;
}

bool field_is_record(const struct field *field)
{
    return field->type == FIELD_REFERENCE || (field->type == FIELD_BARCODE && field->to);
}

bool field_points_at(const struct field *field, const char *form)
{
    size_t len = strlen(form);
    for (const char *at = field_is_record(field) ? field->to : ""; *at; at += *at == ' ') {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, form, len) == 0)
            return true;
        at += word;
    }
    return false;
}

bool field_has_value(const struct field *field)
{
    return types[field->type].value;
}

bool field_is_asked(const struct field *field)
{
    return types[field->type].asked;
}

const char *label_text(const struct label *label, const char *language)
{
    const char *japanese = label->count ? label->items[0].text : "";
    for (size_t i = 0; i < label->count; i++) {
        if (strcmp(label->items[i].language, language) == 0)
            return label->items[i].text;
        if (strcmp(label->items[i].language, "ja") == 0)
            japanese = label->items[i].text;
    }
    return japanese;
}

const struct choice *choice_find(const struct choice_list *list, const char *name)
{
    size_t i;
    return list && lookup_find(&list->by_name, name, &i) ? &list->items[i] : NULL;
}

const char *address_part_name(enum address_part part)
{
    static const char *const names[] = {
#define ADDRESS_PART_NAME(part, name) [part] = name,
        ADDRESS_PART_LIST(ADDRESS_PART_NAME)
#undef ADDRESS_PART_NAME
    };
    return names[part];
}

const char *field_parameter(const struct field *field, const char *key)
{
    for (size_t i = 0; i + 1 < field->parameters.count; i += 2)
        if (strcmp(field->parameters.items[i], key) == 0)
            return field->parameters.items[i + 1];
    return NULL;
}

const struct field *form_field(const struct form *form, const char *name)
{
    size_t i;
    return lookup_find(&form->by_name, name, &i) ? form->fields[i] : NULL;
}

const struct field *form_path_field(const struct form *form, const char *path)
{
    const char *slash = strrchr(path, '/');
    return form_field(form, slash ? slash + 1 : path);
}

/* --- Freeing --- */

void label_free(struct label *label)
{
    for (size_t i = 0; i < label->count; i++)
        xfree(&label->items[i].text);
    xfree(&label->items);
    label->count = 0;
}

static void field_free(struct field *f)
{
    struct label *labels[] = {&f->label, &f->hint, &f->guidance, &f->required_message,
                              &f->constraint_message};
    struct expression **expressions[] = {&f->required,      &f->relevant,    &f->read_only,
                                         &f->constraint,    &f->calculation, &f->default_value,
                                         &f->choice_filter, &f->repeat_count};
    char **texts[] = {&f->name, &f->reading_of, &f->search, &f->merge,
                      &f->to,   &f->trigger,    &f->query,  &f->fills};
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        label_free(labels[i]);
    for (size_t i = 0; i < ARRAY_LEN(expressions); i++)
        expression_free(expressions[i]);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    strings_free(&f->parameters);
    xfree(&f->children);
    xfree(&f);
}

static void choices_free(struct choice_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].name);
        label_free(&list->items[i].label);
        strings_free(&list->items[i].extra);
    }
    lookup_free(&list->by_name);
    xfree(&list->items);
    xfree(&list->name);
    xfree(&list);
}

static void report_free(struct report **slot)
{
    struct report *report = *slot;
    if (!report)
        return;
    for (size_t i = 0; i < report->column_count; i++) {
        xfree(&report->columns[i].name);
        xfree(&report->columns[i].like);
        label_free(&report->columns[i].label);
    }
    xfree(&report->columns);
    xfree(&report->sql);
    xfree(&report->chart_label);
    xfree(&report->sheet_of);
    strings_free(&report->chart_values);
    label_free(&report->note);
    xfree(slot);
}

static void card_free(struct card **slot)
{
    struct card *card = *slot;
    if (!card)
        return;
    label_free(&card->label);
    label_free(&card->row_label);
    strings_free(&card->fields);
    strings_free(&card->states);
    xfree(&card->since);
    xfree(&card->until);
    xfree(slot);
}

static void scan_free(struct scan **slot)
{
    struct scan *scan = *slot;
    if (!scan)
        return;
    for (size_t i = 0; i < scan->set_count; i++) {
        xfree(&scan->sets[i].field);
        expression_free(&scan->sets[i].value);
    }
    xfree(&scan->sets);
    strings_free(&scan->keeps);
    strings_free(&scan->twice);
    xfree(slot);
}

void form_free(struct form **slot)
{
    struct form *form = *slot;
    if (!form)
        return;
    for (size_t i = 0; i < form->field_count; i++)
        field_free(form->fields[i]);
    for (size_t i = 0; i < form->choice_count; i++)
        choices_free(form->choices[i]);
    for (size_t i = 0; i < form->check_count; i++) {
        xfree(&form->checks[i].name);
        xfree(&form->checks[i].field);
        xfree(&form->checks[i].sql);
        label_free(&form->checks[i].message);
        label_free(&form->checks[i].reason);
    }
    for (size_t i = 0; i < form->worklist_count; i++) {
        xfree(&form->worklists[i].name);
        xfree(&form->worklists[i].sql);
        label_free(&form->worklists[i].label);
    }
    xfree(&form->worklists);
    for (size_t i = 0; i < form->retention_count; i++) {
        xfree(&form->retention[i].parameter);
        strings_free(&form->retention[i].from);
        strings_free(&form->retention[i].states);
    }
    xfree(&form->retention);
    for (size_t i = 0; i < form->person_line_count; i++) {
        label_free(&form->person_lines[i].label);
        expression_free(&form->person_lines[i].value);
        strings_free(&form->person_lines[i].states);
    }
    xfree(&form->person_lines);
    for (size_t i = 0; i < form->statement_count; i++) {
        xfree(&form->statements[i].name);
        xfree(&form->statements[i].sql);
        xfree(&form->statements[i].file);
    }
    xfree(&form->statements);
    xfree(&form->previous.sql);
    report_free(&form->report);
    card_free(&form->card);
    scan_free(&form->scan);
    char **texts[] = {&form->id, &form->code, &form->ledger, &form->list_sort, &form->text};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    label_free(&form->title);
    label_free(&form->ledger_title);
    label_free(&form->purpose);
    expression_free(&form->instance_name);
    workflow_free(&form->workflow);
    strings_free(&form->list_columns);
    lookup_free(&form->by_name);
    xfree(&form->fields);
    xfree(&form->top);
    xfree(&form->choices);
    xfree(&form->checks);
    xfree(slot);
}

bool field_is_compared(const struct form *form, const struct field *field)
{
    return form->previous.same && field_has_value(field) && !field->implicit && !field->repeat &&
           field != form->previous.same && field != form->previous.by &&
           !field_is_attachment(field);
}
