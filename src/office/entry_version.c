/* A draft and a newer version of its form: it opens under the one it was begun with, and goes over
 * when somebody has seen what is different. */
#include <string.h>

#include "base/xmem.h"
#include "form/version.h"
#include "office/entry_internal.h"

/* The newest version, NULL where the entry has it or is no draft. */
static const struct form *newer(const struct entry *entry)
{
    const struct form *form;
    if (entry->final ||
        catalogue_form(entry->session->office->catalogue, entry->form->id, 0, &form, NULL))
        return NULL;
    return form->version > entry->form->version ? form : NULL;
}

bool entry_newer(const struct entry *entry, struct strings *differences)
{
    const struct form *form = newer(entry);
    if (form && differences)
        version_differences(entry->form, form, entry->host.form.language, differences);
    return form != NULL;
}

bool entry_offers_version(const struct entry *entry)
{
    const struct town_profile *town = catalogue_town(entry->session->office->catalogue);
    const char *policy =
        town ? town_profile_value(town, "form.version_policy", clock_today()) : NULL;
    return policy && strcmp(policy, "offer") == 0;
}

/* What a new record would begin with in the fields that were not there. */
static void add_defaults(struct instance *instance, const struct form *before)
{
    const struct item *items;
    struct strings paths = STRINGS_INIT; /* putting a value may move the items */
    size_t count = instance_items(instance, &items);
    for (size_t i = 0; i < count; i++)
        if (!items[i].row_head && items[i].field->default_value &&
            !form_field(before, items[i].field->name))
            strings_add(&paths, items[i].path);
    for (size_t i = 0; i < paths.count; i++) {
        const struct field *field = form_path_field(instance_form(instance), paths.items[i]);
        char *value = instance_evaluate(instance, field->default_value, paths.items[i]);
        instance_put(instance, paths.items[i], value, NULL);
        xfree(&value);
    }
    strings_free(&paths);
}

/* Texts that were refused are judged by the new version. */
static void type_again(struct entry *entry)
{
    struct refused *old = entry->refused;
    size_t count = entry->refused_count;
    entry->refused = NULL;
    entry->refused_count = 0;
    for (size_t i = 0; i < count; i++) {
        entry_type(entry, old[i].path, old[i].typed, NULL);
        xfree(&old[i].path);
        xfree(&old[i].typed);
        xfree(&old[i].reason);
    }
    xfree(&old);
}

enum status entry_upgrade(struct entry *entry, struct error *err)
{
    const struct form *form = newer(entry), *before = entry->form;
    struct values values = {0};
    if (!form)
        return error_set(err, E_RULE, _("この様式に新しい版はありません"));
    instance_all_values(entry->instance, &values);
    struct instance *instance = instance_new(form, &entry->host.form);
    for (size_t i = 0; i < values.count; i++)
        instance_load(instance, values.items[i].path, values.items[i].value, NULL);
    values_free(&values);
    instance_settle(instance, true);
    add_defaults(instance, before);
    instance_free(&entry->instance);
    entry->instance = instance;
    entry->form = form;
    type_again(entry);
    entry_touch(entry);
    return entry_save_draft(entry, NULL, err);
}
