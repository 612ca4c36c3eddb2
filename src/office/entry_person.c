/* The person an entry is about (人物): a record of its own that joins what one person files. */
#include <string.h>

#include "base/xmem.h"
#include "form/workflow.h"
#include "office/entry_internal.h"
#include "store/journal.h"

static enum status person_form(const struct entry *entry, const struct form **form,
                               struct error *err)
{
    return catalogue_form(entry->session->office->catalogue, "person", 0, form, err);
}

static bool is_plain(const struct field *field)
{
    return !field->implicit && !field->repeat && field_has_value(field) &&
           !field_is_attachment(field);
}

static enum status put(struct entry *entry, const char *id, const struct form *form,
                       const struct instance *instance, struct error *err)
{
    struct values values = {0};
    struct line body = event_body();
    struct strings *set = line_add_map(&body, "set");
    instance_values(instance, &values);
    for (size_t i = 0; i < values.count; i++)
        map_set(set, values.items[i].path, values.items[i].value);
    values_free(&values);
    entry_add_bytes(entry, &body);
    return entry_append(entry, id, form, OP_PUT, &body, err);
}

enum status entry_make_person(struct entry *entry, char id[UUID_SIZE], struct error *err)
{
    const struct form *form;
    struct host host;
    enum status st = person_form(entry, &form, err);
    if (st)
        return st;
    host_init(&host, entry->session);
    struct instance *instance = instance_new(form, &host.form);
    for (size_t i = 0; i < form->field_count; i++) {
        const char *value = instance_get(entry->instance, form->fields[i]->name);
        if (is_plain(form->fields[i]) && *value)
            instance_put(instance, form->fields[i]->name, value, NULL);
    }
    char *title = instance_title(instance);
    const struct workflow_action *action = workflow_first(form->workflow);
    instance_put(instance, "title", title, NULL);
    if (action)
        instance_put(instance, "state", action->to, NULL);
    uuid7_new(id);
    st = put(entry, id, form, instance, err);
    instance_free(&instance);
    xfree(&title);
    return st;
}

/* Nothing is known of the field, nor of those that are one value with it. */
static bool is_blank(const struct form *form, const struct record *person,
                     const struct field *field)
{
    bool blank = !*record_value(person, field->name);
    for (size_t i = 0; blank && field->merge && i < form->field_count; i++) {
        const struct field *other = form->fields[i];
        if (other->merge && strcmp(other->merge, field->merge) == 0)
            blank = !*record_value(person, other->name);
    }
    return blank;
}

enum status entry_complete_person(struct entry *entry, const char *id, struct error *err)
{
    const struct form *form;
    struct record person;
    struct line body = event_body();
    struct strings *set = line_add_map(&body, "set");
    enum status st = person_form(entry, &form, err);
    if (!st)
        st = record_load(entry->session->office->store, id, &person, err);
    if (st) {
        line_free(&body);
        return st;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *field = form->fields[i];
        const char *value = instance_get(entry->instance, field->name);
        if (is_plain(field) && *value && is_blank(form, &person, field))
            map_set(set, field->name, value);
    }
    record_free(&person);
    entry_add_bytes(entry, &body);
    if (line_map(&body, "set")->count)
        return entry_append(entry, id, form, OP_PUT, &body, err);
    line_free(&body);
    return OK;
}
