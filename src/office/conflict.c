#include "office/conflict.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "office/office_internal.h"
#include "office/worklist_internal.h"
#include "store/journal.h"

struct resolving {
    struct session *session;
    struct record record;
    const struct form *form;
    struct host host;
    struct instance *instance;
    struct strings set; /* path, value: what the resolution writes */
};

static void finish(struct resolving *r)
{
    instance_free(&r->instance);
    record_free(&r->record);
    strings_free(&r->set);
}

static enum status begin(struct resolving *r, struct session *session, const char *id,
                         struct error *err)
{
    *r = (struct resolving){.session = session};
    host_init(&r->host, session);
    enum status st = record_load_for(session, id, &r->record, err);
    if (st)
        return st;
    st = catalogue_form(session->office->catalogue, r->record.form, r->record.version, &r->form,
                        err);
    if (!st)
        st = record_instance(&r->host, &r->record, &r->instance, err);
    if (st)
        finish(r);
    return st;
}

/* --- What belongs together --- */

static const struct merge_field *in_conflict(const struct resolving *r, const char *path)
{
    const struct merge_field *f = merge_field(&r->record.merge, path);
    return f && f->conflict ? f : NULL;
}

static const char *value_of_event(const struct merge_field *f, size_t event)
{
    for (size_t c = 0; f && c < f->count; c++)
        if (f->candidates[c].event == event)
            return f->candidates[c].value;
    return NULL;
}

static bool same_group(const char *path, const struct field *a, const char *other,
                       const struct field *b)
{
    const char *end = strrchr(path, '/'), *other_end = strrchr(other, '/');
    size_t len = end ? (size_t)(end - path) : 0,
           other_len = other_end ? (size_t)(other_end - other) : 0;
    return strcmp(path, other) == 0 ||
           (a && b && a->merge && b->merge && strcmp(a->merge, b->merge) == 0 && len == other_len &&
            strncmp(path, other, len) == 0);
}

/* Fields of the merge that are one value with a path, itself included: their indices. */
static size_t group_of(const struct resolving *r, const char *path, size_t *out, size_t most)
{
    const struct field *own = form_path_field(r->form, path);
    size_t count = 0;
    for (size_t i = 0; i < r->form->field_count && count < most; i++)
        for (size_t f = 0; f < r->record.merge.field_count && count < most; f++) {
            const char *other = r->record.merge.fields[f].path;
            if (form_path_field(r->form, other) == r->form->fields[i] &&
                same_group(path, own, other, r->form->fields[i]))
                out[count++] = f;
        }
    return count;
}

/* What the program writes follows from something else: a title from the name, the day of a decision
 * from the decision. */
static bool follows(const struct resolving *r, const struct merge_field *f)
{
    const struct field *field = form_path_field(r->form, f->path);
    bool other = false;
    if (!field || !field_is_made(field) || strcmp(field->name, "state") == 0)
        return false;
    for (size_t i = 0; i < r->record.merge.field_count && !other; i++) {
        const struct merge_field *g = &r->record.merge.fields[i];
        const struct field *its = form_path_field(r->form, g->path);
        if (!g->conflict || !its || (field_is_made(its) && strcmp(its->name, "state") != 0))
            continue;
        for (size_t c = 0; c < f->count && !other; c++)
            other = value_of_event(g, f->candidates[c].event) != NULL;
    }
    return other;
}

static bool is_calculated(const struct field *field)
{
    return field &&
           (strcmp(field->name, "title") == 0 || (field_is_made(field) && !field->implicit));
}

/* --- Listing --- */

static char *shown(struct resolving *r, const struct field *field, const char *value)
{
    if (field->implicit && strcmp(field->name, "state") == 0)
        return xstrdup(state_text(r->form, value, r->host.form.language));
    return host_display(&r->host, field, value);
}

static void add_value(struct resolving *r, const struct merge_field *f, size_t at,
                      const size_t *group, size_t count, struct conflict *out)
{
    const struct merge_candidate *c = &f->candidates[at];
    const struct event *e = &r->record.events[c->event].event;
    struct buffer text = BUFFER_INIT;
    for (size_t i = 0; i < count; i++) {
        const struct merge_field *g = &r->record.merge.fields[group[i]];
        const char *value = g->conflict || count == 1 ? value_of_event(g, c->event) : NULL;
        char *one = value && *value ? shown(r, form_path_field(r->form, g->path), value) : NULL;
        if (one)
            buffer_printf(&text, "%s%s", text.len ? " " : "", one);
        xfree(&one);
    }
    out->values = xroom(out->values, out->count, sizeof *out->values);
    out->values[out->count++] = (struct conflict_value){
        .text = buffer_steal(&text),
        .at = event_time(e),
        .who = actor_name(r->session->office, e->actor),
        .place = device_place(r->session->office, e->device),
        .decision = c->decision,
        .shown = at == f->chosen,
    };
}

static void add_conflict(struct resolving *r, const struct merge_field *f, const size_t *group,
                         size_t count, struct conflicts *list)
{
    const struct field *field = form_path_field(r->form, f->path);
    struct conflict out = {.path = xstrdup(f->path), .made = is_calculated(field)};
    struct buffer label = BUFFER_INIT;
    for (size_t i = 0; i < count; i++) {
        const struct merge_field *g = &r->record.merge.fields[group[i]];
        const struct field *part = form_path_field(r->form, g->path);
        if (!g->conflict)
            continue;
        char *name = instance_label(r->instance, &part->label, g->path);
        buffer_printf(&label, "%s%s", label.len ? "・" : "", *name ? name : part->name);
        if (!field_is_made(part)) {
            strings_add(&out.parts, g->path);
            strings_add(&out.part_labels, *name ? name : part->name);
        }
        xfree(&name);
    }
    out.label = buffer_steal(&label);
    for (size_t c = 0; c < f->count; c++)
        add_value(r, f, c, group, count, &out);
    list->items = xroom(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = out;
}

enum { GROUP_MOST = 64 };

/* The first field of its group that differs speaks for all. */
static bool speaks(const struct resolving *r, const struct merge_field *f, const size_t *group,
                   size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (r->record.merge.fields[group[i]].conflict)
            return &r->record.merge.fields[group[i]] == f;
    return false;
}

static void list_conflicts(struct resolving *r, struct conflicts *out)
{
    for (size_t i = 0; i < r->form->field_count; i++)
        for (size_t m = 0; m < r->record.merge.field_count; m++) {
            const struct merge_field *f = &r->record.merge.fields[m];
            size_t group[GROUP_MOST];
            if (!f->conflict || form_path_field(r->form, f->path) != r->form->fields[i] ||
                follows(r, f))
                continue;
            size_t count = group_of(r, f->path, group, GROUP_MOST);
            if (speaks(r, f, group, count))
                add_conflict(r, f, group, count, out);
        }
}

enum status conflict_list(struct session *session, const char *record, struct conflicts *out,
                          struct error *err)
{
    struct resolving r;
    *out = (struct conflicts){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = begin(&r, session, record, err);
    if (st)
        return st;
    list_conflicts(&r, out);
    finish(&r);
    return OK;
}

void conflicts_free(struct conflicts *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct conflict *c = &list->items[i];
        for (size_t v = 0; v < c->count; v++) {
            xfree(&c->values[v].text);
            xfree(&c->values[v].at);
            xfree(&c->values[v].who);
            xfree(&c->values[v].place);
        }
        xfree(&c->values);
        xfree(&c->path);
        xfree(&c->label);
        strings_free(&c->parts);
        strings_free(&c->part_labels);
    }
    xfree(&list->items);
    list->count = 0;
}

/* --- Making one of them --- */

/* Other fields the program writes whose two values follow from what is chosen, or go with the event
 * it is chosen of. */
static void add_followers(struct resolving *r, size_t event)
{
    for (size_t i = 0; i < r->record.merge.field_count; i++) {
        const struct merge_field *f = &r->record.merge.fields[i];
        const struct field *field = form_path_field(r->form, f->path);
        const char *value = value_of_event(f, event);
        if (f->conflict && value && field && field->implicit && !is_calculated(field) &&
            !map_get(&r->set, f->path))
            map_set(&r->set, f->path, value);
    }
}

/* Calculated values are stored as they are now that the others are one. */
static void add_calculated(struct resolving *r, const struct values *before)
{
    struct values after = {0};
    instance_values(r->instance, &after);
    for (size_t i = 0; i < after.count; i++) {
        const char *was = values_get(before, after.items[i].path);
        const struct field *field = form_path_field(r->form, after.items[i].path);
        if (field && !field->implicit && !map_get(&r->set, after.items[i].path) &&
            (!was || strcmp(was, after.items[i].value) != 0))
            map_set(&r->set, after.items[i].path, after.items[i].value);
    }
    for (size_t i = 0; i < before->count; i++)
        if (!values_get(&after, before->items[i].path) &&
            !map_get(&r->set, before->items[i].path) && !str_ends(before->items[i].path, "/.alive"))
            map_set(&r->set, before->items[i].path, "");
    values_free(&after);
    instance_settle(r->instance, true);
    for (size_t i = 0; i < r->record.merge.field_count; i++) {
        const struct merge_field *f = &r->record.merge.fields[i];
        if (f->conflict && is_calculated(form_path_field(r->form, f->path)) &&
            strcmp(f->path, "title") != 0)
            map_set(&r->set, f->path, instance_get(r->instance, f->path));
    }
    char *title = instance_title(r->instance);
    if (*title && strcmp(title, record_value(&r->record, "title")) != 0)
        map_set(&r->set, "title", title);
    else if (in_conflict(r, "title"))
        map_set(&r->set, "title", record_value(&r->record, "title"));
    xfree(&title);
}

static enum status append(void *context, struct error *err)
{
    struct resolving *r = context;
    struct line body = event_body();
    char *name = form_name(r->form);
    struct strings *set = line_add_map(&body, "set");
    for (size_t i = 0; i + 1 < r->set.count; i += 2)
        map_set(set, r->set.items[i], r->set.items[i + 1]);
    struct journal_entry entry = {OP_RESOLVE, r->record.id, name, &body};
    enum status st = journal_append(r->session->office->store, r->session->keys, &entry, NULL, err);
    xfree(&name);
    return st;
}

/* `given` stands for its fields; `event`: what was chosen, or the count of events. */
static enum status write_resolution(struct resolving *r, const struct strings *given, size_t event,
                                    struct error *err)
{
    struct values before = {0};
    enum status st = OK;
    instance_values(r->instance, &before);
    for (size_t i = 0; !st && i + 1 < given->count; i += 2) {
        map_set(&r->set, given->items[i], given->items[i + 1]);
        st = instance_put(r->instance, given->items[i], given->items[i + 1], err);
    }
    if (!st) {
        add_followers(r, event);
        add_calculated(r, &before);
        st = store_transaction(r->session->office->store, append, r, err);
    }
    values_free(&before);
    return st;
}

static enum status begin_path(struct resolving *r, struct session *session, const char *record,
                              const char *path, const struct merge_field **out, struct error *err)
{
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st)
        st = begin(r, session, record, err);
    if (st)
        return st;
    *out = in_conflict(r, path);
    if (!*out) {
        st = error_set(err, E_RULE, _("欄「%s」の値は食い違っていません"), path);
        finish(r);
    }
    return st;
}

/* Of a decision only the decision itself. */
static enum status may_choose(const struct merge_field *f, size_t index, struct error *err)
{
    bool decided = false;
    for (size_t c = 0; c < f->count; c++)
        decided = decided || f->candidates[c].decision;
    if (index >= f->count)
        return error_set(err, E_INVALID, _("番号は1から%zuまでです"), f->count);
    if (strcmp(f->path, "state") == 0 && decided && !f->candidates[index].decision)
        return error_set(err, E_RULE,
                         _("町の決定があります。決定を確かめる（選ぶ）ことだけができます"));
    return OK;
}

enum status conflict_choose(struct session *session, const char *record, const char *path,
                            size_t index, struct error *err)
{
    struct resolving r;
    const struct merge_field *f;
    struct strings given = STRINGS_INIT;
    size_t group[GROUP_MOST];
    enum status st = begin_path(&r, session, record, path, &f, err);
    if (st)
        return st;
    st = may_choose(f, index, err);
    size_t count = st ? 0 : group_of(&r, path, group, GROUP_MOST);
    for (size_t i = 0; i < count; i++) {
        const struct merge_field *g = &r.record.merge.fields[group[i]];
        const char *value = value_of_event(g, f->candidates[index].event);
        map_set(&given, g->path, value ? value : "");
    }
    if (!st)
        st = write_resolution(&r, &given, f->candidates[index].event, err);
    strings_free(&given);
    finish(&r);
    return st;
}

/* "path=typed": of the group, and a field somebody may write. */
static enum status take_word(struct resolving *r, const char *path, const char *word,
                             struct strings *given, struct error *err)
{
    const char *equals = strchr(word, '=');
    char *name = equals ? xstrndup(word, (size_t)(equals - word)) : xstrdup(word), *value = NULL;
    const struct field *field = form_path_field(r->form, name);
    enum status st = OK;
    if (!equals || !field || !same_group(path, form_path_field(r->form, path), name, field))
        st = error_set(err, E_INVALID, _("「%s」は食い違っている欄ではありません"), name);
    else if (field_is_made(field))
        st = error_set(err, E_RULE, _("「%s」には値を入れられません。どれか一つを選んでください"),
                       name);
    if (!st)
        st = answer_parse(field, equals + 1, clock_today(), &value, err);
    if (!st)
        map_set(given, name, value);
    xfree(&value);
    xfree(&name);
    return st;
}

enum status conflict_settle(struct session *session, const char *record, const char *path,
                            const char *const *words, struct error *err)
{
    struct resolving r;
    const struct merge_field *f;
    struct strings given = STRINGS_INIT;
    size_t group[GROUP_MOST], count = 0;
    enum status st = begin_path(&r, session, record, path, &f, err);
    if (st)
        return st;
    bool made = is_calculated(form_path_field(r.form, path));
    if (!made)
        count = group_of(&r, path, group, GROUP_MOST);
    if (!made && !words[0])
        st = error_set(err, E_INVALID, _("正しい値を入れてください"));
    for (size_t i = 0; i < count; i++) {
        const char *part = r.record.merge.fields[group[i]].path;
        map_set(&given, part, record_value(&r.record, part));
    }
    for (size_t i = 0; !st && words[i]; i++)
        st = take_word(&r, path, words[i], &given, err);
    if (!st)
        st = write_resolution(&r, &given, r.record.event_count, err);
    strings_free(&given);
    finish(&r);
    return st;
}
