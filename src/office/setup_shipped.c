/* An update of the program reaches a town that is running: what came with it and is newer. */
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "form/ledgers.h"
#include "form/loader.h"
#include "form/parameter.h"
#include "office/catalogue.h"
#include "office/form_files.h"
#include "office/setup_internal.h"

enum { TEXT_MOST = 1 << 20 };

/* Texts that replace one another as a whole. */
static const struct {
    enum registry_text which;
    const char *name;
} texts[] = {
    {REGISTRY_WORKFLOWS, "workflows.yaml"},
    {REGISTRY_LEDGERS, "ledgers.yaml"},
};

/* --- What is newer --- */

static void add(struct shipped *out, const char *name, const char *file, long before, long now)
{
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = (struct shipped_row){xstrdup(name), xstrdup(file), before, now};
}

static enum status read_shipped(const char *file, struct buffer *out, struct error *err)
{
    *out = (struct buffer)BUFFER_INIT;
    return file_read(file, TEXT_MOST, out, err);
}

static enum status compare_text(struct office *office, size_t t, struct shipped *out,
                                struct error *err)
{
    struct buffer text;
    char *name = xasprintf("forms/%s", texts[t].name), *file = file_resource(name), *own = NULL;
    enum status st = read_shipped(file, &text, err);
    bool has = !st && registry_text(office_registry(office), REGISTRY_NEWEST, texts[t].which, &own,
                                    NULL) == OK;
    if (!st && (!has || strcmp(own, buffer_text(&text)) != 0))
        add(out, texts[t].name, file, 0, 0);
    buffer_free(&text);
    xfree(&own);
    xfree(&file);
    xfree(&name);
    return st;
}

static enum status compare_form(struct office *office, const struct workflows *workflows,
                                const char *file, struct shipped *out, struct error *err)
{
    struct buffer text;
    struct form *form = NULL;
    const struct form *own = NULL;
    enum status st = read_shipped(file, &text, err);
    if (!st)
        st = form_load(buffer_text(&text), file, workflows, setup_fragment, NULL, &form, err);
    if (!st && catalogue_form(office->catalogue, form->id, 0, &own, NULL) != OK)
        own = NULL;
    if (!st && (!own || own->version < form->version)) {
        add(out, form->id, file, own ? own->version : 0, form->version);
        st = form_file_check(office, file, err);
    }
    form_free(&form);
    buffer_free(&text);
    return st;
}

static enum status compare_forms(struct office *office, struct shipped *out, struct error *err)
{
    struct buffer text;
    struct ledgers *ledgers = NULL;
    struct workflows *workflows = NULL;
    char *file = file_resource("forms/ledgers.yaml");
    enum status st = read_shipped(file, &text, err);
    if (!st)
        st = ledgers_load(buffer_text(&text), file, &ledgers, err);
    if (!st)
        st = setup_workflows(&workflows, NULL, err);
    for (size_t i = 0; !st && i < ledgers->count; i++)
        for (size_t f = 0; !st && f < ledgers->items[i].forms.count; f++) {
            char *name = xasprintf("forms/%s/%s.yaml", ledgers->items[i].name,
                                   ledgers->items[i].forms.items[f]);
            char *form = file_resource(name);
            st = compare_form(office, workflows, form, out, err);
            xfree(&form);
            xfree(&name);
        }
    workflows_free(&workflows);
    ledgers_free(&ledgers);
    buffer_free(&text);
    xfree(&file);
    return st;
}

/* The model of a town's parameters that comes with the program, and the text with what is new in
 * it. */
#define MODEL_TOWN "forms/towns/okugiri.yaml"

static enum status complete(struct office *office, struct strings *keys, char **fresh,
                            struct error *err)
{
    struct buffer model;
    char *file = file_resource(MODEL_TOWN), *own = NULL;
    *fresh = NULL;
    enum status st = read_shipped(file, &model, err);
    if (!st)
        st =
            registry_text(office_registry(office), REGISTRY_NEWEST, REGISTRY_PARAMETERS, &own, err);
    if (!st)
        st = town_profile_complete(own, buffer_text(&model), file, keys, fresh, err);
    buffer_free(&model);
    xfree(&own);
    xfree(&file);
    return st;
}

static enum status compare_parameters(struct office *office, struct shipped *out, struct error *err)
{
    struct strings keys = STRINGS_INIT;
    char *fresh;
    enum status st = complete(office, &keys, &fresh, err);
    for (size_t i = 0; !st && i < keys.count; i++)
        add(out, keys.items[i], "", 0, 0);
    strings_free(&keys);
    xfree(&fresh);
    return st;
}

enum status setup_shipped(struct session *session, struct shipped *out, struct error *err)
{
    struct office *office = session->office;
    *out = (struct shipped){0};
    enum status st = session_require(session, MAY_ADMINISTER, err);
    for (size_t i = 0; !st && i < ARRAY_LEN(texts); i++)
        st = compare_text(office, i, out, err);
    if (!st)
        st = compare_parameters(office, out, err);
    if (!st)
        st = compare_forms(office, out, err);
    if (st)
        shipped_free(out);
    return st;
}

void shipped_free(struct shipped *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].name);
        xfree(&list->items[i].file);
    }
    xfree(&list->items);
    list->count = 0;
}

/* --- Taking it in --- */

struct taking {
    struct signing signing;
    struct office *office;
    const struct shipped *list;
};

static enum status take_text(const struct signing *s, size_t t, const char *file, struct error *err)
{
    struct buffer text;
    enum status st = read_shipped(file, &text, err);
    if (!st)
        st = registry_add_text(store_registry(s->store), s->root, texts[t].which,
                               buffer_text(&text), err);
    buffer_free(&text);
    return st;
}

static enum status take_parameters(const struct taking *t, struct error *err)
{
    struct strings keys = STRINGS_INIT;
    char *fresh;
    enum status st = complete(t->office, &keys, &fresh, err);
    if (!st && fresh)
        st = registry_add_text(store_registry(t->signing.store), t->signing.root,
                               REGISTRY_PARAMETERS, fresh, err);
    strings_free(&keys);
    xfree(&fresh);
    return st;
}

static enum status take_all(void *context, struct error *err)
{
    struct taking *t = context;
    struct workflows *workflows = NULL;
    enum status st = setup_workflows(&workflows, NULL, err);
    if (!st)
        st = take_parameters(t, err);
    for (size_t i = 0; !st && i < t->list->count; i++) {
        const struct shipped_row *row = &t->list->items[i];
        size_t text = 0;
        if (!*row->file) /* a parameter */
            continue;
        while (text < ARRAY_LEN(texts) && strcmp(texts[text].name, row->name) != 0)
            text++;
        st = text < ARRAY_LEN(texts) ? take_text(&t->signing, text, row->file, err)
                                     : setup_add_form(&t->signing, workflows, row->file, err);
    }
    workflows_free(&workflows);
    return st;
}

enum status setup_install_shipped(struct session *session, const struct shipped *list,
                                  struct error *err)
{
    struct taking t = {
        .signing.store = session->office->store, .office = session->office, .list = list};
    enum status st = setup_with_root(session, take_all, &t, &t.signing.root, err);
    return st ? st : catalogue_prepare(session->office->catalogue, err);
}
