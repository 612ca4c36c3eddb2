#include "office/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/log.h"
#include "base/xmem.h"
#include "form/ledgers.h"
#include "form/loader.h"
#include "form/workflow.h"
#include "store/form_table.h"
#include "store/projection.h"
#include "store/registry.h"
#include "store/search.h"

struct kept {
    struct form *form;
    struct schema schema;
};

struct catalogue {
    struct store *store;
    struct kept **forms;
    size_t count;
    struct workflows *workflows;
    struct town_profile *town;
    long town_version; /* of the registry the profile was read from */
    struct ledgers *ledgers;
    long ledgers_version; /* likewise */
};

/* --- From form to schema --- */

static int repeat_of(const struct schema *schema, const struct field *repeat)
{
    for (size_t i = 0; repeat && i < schema->repeat_count; i++)
        if (strcmp(schema->repeats[i].name, repeat->name) == 0)
            return (int)i;
    return -1;
}

static void schema_fields(struct schema *schema, const struct form *form)
{
    schema->fields = xcalloc(form->field_count + 1, sizeof *schema->fields);
    schema->repeats = xcalloc(form->field_count + 1, sizeof *schema->repeats);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        int repeat = repeat_of(schema, f->repeat);
        if (f->type == FIELD_REPEAT)
            schema->repeats[schema->repeat_count++] =
                (struct schema_repeat){xstrdup(f->name), repeat};
        else if (field_has_value(f))
            schema->fields[schema->field_count++] = (struct schema_field){
                xstrdup(f->name), repeat, f->search ? (int)search_kind_of(f->search) : SEARCH_NONE,
                xstrdup(f->merge ? f->merge : "")};
    }
}

static void copy_strings(struct strings *to, const struct strings *from)
{
    for (size_t i = 0; i < from->count; i++)
        strings_add(to, from->items[i]);
}

static void schema_workflow(struct schema *schema, const struct workflow *w)
{
    schema->actions = xcalloc(w->action_count + 1, sizeof *schema->actions);
    schema->states = xcalloc(w->state_count + 1, sizeof *schema->states);
    for (size_t i = 0; i < w->action_count; i++) {
        struct schema_action *a = &schema->actions[schema->action_count++];
        *a = (struct schema_action){.name = xstrdup(w->actions[i].name),
                                    .to = xstrdup(w->actions[i].to),
                                    .decision = w->actions[i].decision};
        copy_strings(&a->from, &w->actions[i].from);
        copy_strings(&a->roles, &w->actions[i].roles);
    }
    for (size_t i = 0; i < w->state_count; i++)
        schema->states[schema->state_count++] = (struct schema_state){
            xstrdup(w->states[i].name), w->states[i].in_force, w->states[i].open};
}

static void make_schema(struct schema *schema, const struct form *form)
{
    *schema = (struct schema){.form = xstrdup(form->id),
                              .version = form->version,
                              .is_person = strcmp(form->id, "person") == 0};
    schema_fields(schema, form);
    schema_workflow(schema, form->workflow);
}

static void schema_free(struct schema *schema)
{
    for (size_t i = 0; i < schema->field_count; i++) {
        xfree(&schema->fields[i].name);
        xfree(&schema->fields[i].merge);
    }
    for (size_t i = 0; i < schema->repeat_count; i++)
        xfree(&schema->repeats[i].name);
    for (size_t i = 0; i < schema->action_count; i++) {
        xfree(&schema->actions[i].name);
        xfree(&schema->actions[i].to);
        strings_free(&schema->actions[i].from);
        strings_free(&schema->actions[i].roles);
    }
    for (size_t i = 0; i < schema->state_count; i++)
        xfree(&schema->states[i].name);
    xfree(&schema->fields);
    xfree(&schema->repeats);
    xfree(&schema->actions);
    xfree(&schema->states);
    xfree(&schema->form);
}

/* --- Loading --- */

static enum status need_workflows(struct catalogue *catalogue, struct error *err)
{
    char *text = NULL;
    if (catalogue->workflows)
        return OK;
    enum status st = registry_text(store_registry(catalogue->store), REGISTRY_NEWEST,
                                   REGISTRY_WORKFLOWS, &text, err);
    if (!st)
        st = workflows_load(text, "workflows.yaml", &catalogue->workflows, err);
    xfree(&text);
    return st;
}

static enum status load(struct catalogue *catalogue, const struct registry_form *row,
                        struct kept **out, struct error *err)
{
    struct form *form;
    char *file = xasprintf("%s.yaml", row->id);
    enum status st = need_workflows(catalogue, err);
    if (!st)
        st = form_load(row->text, file, catalogue->workflows, NULL, NULL, &form, err);
    xfree(&file);
    if (st)
        return st;
    struct kept *kept = xcalloc(1, sizeof *kept);
    kept->form = form;
    make_schema(&kept->schema, form);
    catalogue->forms = xroom(catalogue->forms, catalogue->count, sizeof *catalogue->forms);
    catalogue->forms[catalogue->count++] = kept;
    *out = kept;
    return OK;
}

static struct kept *find(const struct catalogue *catalogue, const char *id, long version)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->forms[i]->form->version == version &&
            strcmp(catalogue->forms[i]->form->id, id) == 0)
            return catalogue->forms[i];
    return NULL;
}

static enum status get(struct catalogue *catalogue, const char *id, long version, struct kept **out,
                       struct error *err)
{
    struct registry_form row = {0};
    *out = version ? find(catalogue, id, version) : NULL;
    if (*out)
        return OK;
    enum status st =
        registry_form(store_registry(catalogue->store), REGISTRY_NEWEST, id, version, &row, err);
    if (!st)
        *out = find(catalogue, id, row.number);
    if (!st && !*out)
        st = load(catalogue, &row, out, err);
    registry_form_free(&row);
    return st;
}

static const struct schema *lookup(void *context, const char *id, long version)
{
    struct kept *kept;
    struct error err;
    if (get(context, id, version, &kept, &err) == OK)
        return &kept->schema;
    if (err.code != E_NOT_FOUND)
        log_line("form %s@%ld: %s", id, version, error_text(&err));
    return NULL;
}

struct catalogue *catalogue_new(struct store *store)
{
    struct catalogue *catalogue = xcalloc(1, sizeof *catalogue);
    catalogue->store = store;
    store_set_schemas(store, lookup, catalogue);
    return catalogue;
}

void catalogue_free(struct catalogue **catalogue)
{
    struct catalogue *c = *catalogue;
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++) {
        schema_free(&c->forms[i]->schema);
        form_free(&c->forms[i]->form);
        xfree(&c->forms[i]);
    }
    xfree(&c->forms);
    workflows_free(&c->workflows);
    town_profile_free(&c->town);
    ledgers_free(&c->ledgers);
    xfree(catalogue);
}

enum status catalogue_form(struct catalogue *catalogue, const char *id, long version,
                           const struct form **out, struct error *err)
{
    struct kept *kept;
    enum status st = get(catalogue, id, version, &kept, err);
    *out = st ? NULL : kept->form;
    return st;
}

enum status catalogue_form_named(struct catalogue *catalogue, const char *name,
                                 const struct form **out, struct error *err)
{
    const char *at = strchr(name, '@');
    char *id = at ? xstrndup(name, (size_t)(at - name)) : xstrdup(name);
    enum status st = catalogue_form(catalogue, id, at ? atol(at + 1) : 0, out, err);
    xfree(&id);
    return st;
}

/* NULL where the registry says nothing of them. */
static const struct ledgers *ledgers(struct catalogue *catalogue)
{
    struct registry *registry = store_registry(catalogue->store);
    long version = registry_version(registry);
    char *text = NULL;
    struct error err;
    if (catalogue->ledgers_version == version)
        return catalogue->ledgers;
    ledgers_free(&catalogue->ledgers);
    catalogue->ledgers_version = version;
    if (registry_text(registry, REGISTRY_NEWEST, REGISTRY_LEDGERS, &text, NULL) == OK &&
        ledgers_load(text, "ledgers.yaml", &catalogue->ledgers, &err))
        log_line("ledgers: %s", error_text(&err));
    xfree(&text);
    return catalogue->ledgers;
}

static int by_place(const void *a, const void *b)
{
    const struct form_row *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    int order = strcmp(x->ledger, y->ledger);
    return order ? order : strcmp(x->id, y->id);
}

static void add_form_row(struct catalogue *catalogue, const struct form *form, const char *language,
                         struct form_rows *out)
{
    const struct ledger *ledger = ledgers_find(ledgers(catalogue), form->ledger);
    const char *title = label_text(ledger ? &ledger->label : &form->ledger_title, language);
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = (struct form_row){
        .id = xstrdup(form->id),
        .title = xstrdup(label_text(&form->title, language)),
        .reading = xasprintf("%s %s", label_text(&form->title, "kana"), form->id),
        .ledger = xstrdup(form->ledger),
        .ledger_title = xstrdup(*title ? title : form->ledger),
        .person = form->person,
        .scans = form->scan != NULL,
        .place = ledgers_place(ledgers(catalogue), form->ledger, form->id),
    };
}

static enum status rows_of(struct catalogue *catalogue, const char *language, bool reports,
                           struct form_rows *out, struct error *err)
{
    struct registry_forms rows = {0};
    *out = (struct form_rows){0};
    enum status st = registry_forms(store_registry(catalogue->store), REGISTRY_NEWEST, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        struct kept *kept;
        st = get(catalogue, rows.items[i].id, rows.items[i].number, &kept, err);
        if (!st && !kept->schema.is_person && !kept->form->report == !reports)
            add_form_row(catalogue, kept->form, language, out);
    }
    registry_forms_free(&rows);
    if (st)
        form_rows_free(out);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_place);
    return st;
}

enum status catalogue_forms(struct catalogue *catalogue, const char *language,
                            struct form_rows *out, struct error *err)
{
    return rows_of(catalogue, language, false, out, err);
}

enum status catalogue_reports(struct catalogue *catalogue, const char *language,
                              struct form_rows *out, struct error *err)
{
    return rows_of(catalogue, language, true, out, err);
}

static enum status prepare_all(void *context, struct error *err)
{
    struct catalogue *catalogue = context;
    struct registry_forms rows = {0};
    enum status st = registry_forms(store_registry(catalogue->store), REGISTRY_NEWEST, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        struct kept *kept;
        st = get(catalogue, rows.items[i].id, rows.items[i].number, &kept, err);
        if (!st)
            st = form_tables_prepare(catalogue->store, &kept->schema, err);
    }
    registry_forms_free(&rows);
    return st ? st : projection_retry(catalogue->store, err);
}

enum status catalogue_prepare(struct catalogue *catalogue, struct error *err)
{
    workflows_free(&catalogue->workflows);
    return store_transaction(catalogue->store, prepare_all, catalogue, err);
}

void form_rows_free(struct form_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        xfree(&rows->items[i].id);
        xfree(&rows->items[i].title);
        xfree(&rows->items[i].reading);
        xfree(&rows->items[i].ledger);
        xfree(&rows->items[i].ledger_title);
    }
    xfree(&rows->items);
    rows->count = 0;
}

const struct town_profile *catalogue_town(struct catalogue *catalogue)
{
    struct registry *registry = store_registry(catalogue->store);
    long version = registry_version(registry);
    char *text = NULL;
    struct error err;
    if (catalogue->town && catalogue->town_version == version)
        return catalogue->town;
    if (registry_text(registry, REGISTRY_NEWEST, REGISTRY_PARAMETERS, &text, NULL) == OK) {
        struct town_profile *fresh;
        if (town_profile_load(text, "parameters.yaml", &fresh, &err) == OK) {
            town_profile_free(&catalogue->town);
            catalogue->town = fresh;
            catalogue->town_version = version;
        } else {
            log_line("parameters: %s", error_text(&err));
        }
    }
    xfree(&text);
    return catalogue->town;
}
