#include "form/workflow.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"

struct workflows {
    struct yaml *root; /* map: name -> {states, actions} */
    char *file;
};

static const char *const type_names[] = {"application", "notification", "record", "consultation"};

enum status workflows_load(const char *text, const char *file, struct workflows **out,
                           struct error *err)
{
    struct yaml *root;
    *out = NULL;
    enum status st = yaml_read(text, file, &root, err);
    if (st)
        return st;
    for (size_t i = 0; i < ARRAY_LEN(type_names); i++)
        if (!yaml_get(yaml_get(root, "workflows"), type_names[i])) {
            yaml_drop(&root);
            return error_at(err, E_PARSE, file, 1, 1, _("workflows に「%s」がありません"),
                            type_names[i]);
        }
    *out = xcalloc(1, sizeof **out);
    (*out)->root = root;
    (*out)->file = xstrdup(file);
    return OK;
}

void workflows_free(struct workflows **workflows)
{
    if (!*workflows)
        return;
    yaml_drop(&(*workflows)->root);
    xfree(&(*workflows)->file);
    xfree(workflows);
}

/* --- Asking --- */

const struct workflow_state *workflow_state(const struct workflow *workflow, const char *name)
{
    for (size_t i = 0; i < workflow->state_count; i++)
        if (strcmp(workflow->states[i].name, name) == 0)
            return &workflow->states[i];
    return NULL;
}

const struct workflow_action *workflow_action(const struct workflow *workflow, const char *name)
{
    for (size_t i = 0; i < workflow->action_count; i++)
        if (strcmp(workflow->actions[i].name, name) == 0)
            return &workflow->actions[i];
    return NULL;
}

bool workflow_allows(const struct workflow_action *action, const char *state)
{
    return strings_find(&action->from, state) >= 0;
}

/* --- Freeing --- */

static void state_free(struct workflow_state *s)
{
    xfree(&s->name);
    label_free(&s->label);
}

static void action_free(struct workflow_action *a)
{
    xfree(&a->name);
    xfree(&a->to);
    label_free(&a->label);
    label_free(&a->notice);
    strings_free(&a->from);
    strings_free(&a->roles);
    strings_free(&a->asks);
    for (size_t i = 0; i < a->set_count; i++) {
        xfree(&a->sets[i].field);
        expression_free(&a->sets[i].value);
    }
    xfree(&a->sets);
    expression_free(&a->guard);
    label_free(&a->guard_message);
    for (size_t i = 0; i < a->update_count; i++)
        xfree(&a->updates[i]);
    xfree(&a->updates);
}

static void clock_free(struct workflow_clock *c)
{
    xfree(&c->name);
    xfree(&c->parameter);
    label_free(&c->label);
    strings_free(&c->from);
    strings_free(&c->to);
    strings_free(&c->stops);
}

void workflow_free(struct workflow **slot)
{
    struct workflow *w = *slot;
    if (!w)
        return;
    for (size_t i = 0; i < w->state_count; i++)
        state_free(&w->states[i]);
    for (size_t i = 0; i < w->action_count; i++)
        action_free(&w->actions[i]);
    for (size_t i = 0; i < w->clock_count; i++)
        clock_free(&w->clocks[i]);
    xfree(&w->states);
    xfree(&w->actions);
    xfree(&w->clocks);
    xfree(slot);
}

/* --- Loading --- */

enum { ROWS_MAX = 200 };

static bool flag(const struct yaml *row, const char *key)
{
    const char *text = yaml_text(row, key);
    return text && yaml_is_true(text);
}

/* A state of the same name replaces the one before. */
static enum status load_state(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {"name", "label", "in_force", "open"};
    struct workflow *w = l->form->workflow;
    const char *name = yaml_text(row, "name");
    enum status st = load_keys(l, row, _("状態の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!name || !name_valid(name))
        return load_fail(l, row, _("状態には name（英小文字）が要ります"));
    struct workflow_state *s = NULL;
    for (size_t i = 0; i < w->state_count; i++)
        if (strcmp(w->states[i].name, name) == 0)
            s = &w->states[i];
    if (s) {
        state_free(s);
    } else {
        w->states = xroom(w->states, w->state_count, sizeof *w->states);
        s = &w->states[w->state_count++];
    }
    *s = (struct workflow_state){
        .name = xstrdup(name), .in_force = flag(row, "in_force"), .open = flag(row, "open")};
    load_label(row, "label", &s->label);
    return s->label.count ? OK : load_fail(l, row, _("状態「%s」に label がありません"), name);
}

enum status load_sets(struct loading *l, const struct yaml *sets, const char *what,
                      struct setting **out, size_t *count)
{
    enum status st = OK;
    if (sets && sets->kind != YAML_MAP)
        return load_fail(l, sets, _("sets は「欄: 式」です"));
    for (size_t i = 0; !st && sets && i + 1 < sets->count; i += 2) {
        const char *name = sets->items[i]->text;
        const struct field *field = form_field(l->form, name);
        if (!field)
            return load_fail(l, sets->items[i], _("処理「%s」が決める欄「%s」はありません"), what,
                             name);
        *out = xroom(*out, *count, sizeof **out);
        (*out)[*count] = (struct setting){xstrdup(name), NULL};
        st = load_expression(l, sets->items[i + 1], field, &(*out)[(*count)++].value);
    }
    return st;
}

static enum status load_guard(struct loading *l, struct workflow_action *a, const struct yaml *row)
{
    const struct yaml *guard = yaml_get(row, "guard");
    load_label(row, "guard_message", &a->guard_message);
    if (!guard)
        return OK;
    if (!a->guard_message.count)
        return load_fail(l, guard, _("処理「%s」の guard に guard_message がありません"), a->name);
    return load_expression(l, guard, NULL, &a->guard);
}

static enum status load_updates(struct loading *l, struct workflow_action *a,
                                const struct yaml *rows)
{
    static const char *const keys[] = {"with", "sql"};
    enum status st = OK;
    if (rows && rows->kind != YAML_LIST)
        return load_fail(l, rows, _("updates は問合せの並びです"));
    for (size_t i = 0; !st && rows && i < rows->count; i++) {
        st = load_keys(l, rows->items[i], _("updates の項目"), keys, ARRAY_LEN(keys));
        if (!st && !yaml_text(rows->items[i], "sql"))
            st = load_fail(l, rows->items[i], _("updates には sql が要ります"));
        if (st)
            break;
        a->updates = xroom(a->updates, a->update_count, sizeof *a->updates);
        st = load_sql(l, rows->items[i], a->name, true, &a->updates[a->update_count++]);
    }
    return st;
}

static enum status check_action(struct loading *l, const struct yaml *row,
                                const struct workflow_action *a)
{
    const struct workflow *w = l->form->workflow;
    if (!a->label.count || !a->roles.count || !a->from.count)
        return load_fail(l, row, _("処理「%s」には label、from、roles が要ります"), a->name);
    if (*a->to && !workflow_state(w, a->to))
        return load_fail(l, row, _("処理「%s」の行き先「%s」という状態はありません"), a->name,
                         a->to);
    for (size_t i = 0; i < a->from.count; i++)
        if (*a->from.items[i] && !workflow_state(w, a->from.items[i]))
            return load_fail(l, row, _("処理「%s」の始め「%s」という状態はありません"), a->name,
                             a->from.items[i]);
    for (size_t i = 0; i < a->asks.count; i++)
        if (!form_field(l->form, a->asks.items[i]))
            return load_fail(l, row, _("処理「%s」が尋ねる欄「%s」はありません"), a->name,
                             a->asks.items[i]);
    return OK;
}

static enum status load_action(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {
        "name", "label", "from",   "to",    "roles",         "reason_required", "decision",
        "asks", "sets",  "notice", "guard", "guard_message", "updates",         "reminder"};
    struct workflow *w = l->form->workflow;
    const char *name = yaml_text(row, "name"), *to = yaml_text(row, "to");
    enum status st = load_keys(l, row, _("処理の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!name || !name_valid(name))
        return load_fail(l, row, _("処理には name（英小文字）が要ります"));
    struct workflow_action *a = NULL;
    for (size_t i = 0; i < w->action_count; i++)
        if (strcmp(w->actions[i].name, name) == 0)
            a = &w->actions[i];
    if (a) {
        action_free(a);
    } else {
        w->actions = xroom(w->actions, w->action_count, sizeof *w->actions);
        a = &w->actions[w->action_count++];
    }
    *a = (struct workflow_action){.name = xstrdup(name),
                                  .to = xstrdup(to ? to : ""),
                                  .reason_required = flag(row, "reason_required"),
                                  .reminder = flag(row, "reminder"),
                                  .decision = flag(row, "decision")};
    load_label(row, "label", &a->label);
    load_label(row, "notice", &a->notice);
    st = load_words(l, yaml_get(row, "from"), &a->from);
    if (!st)
        st = load_words(l, yaml_get(row, "roles"), &a->roles);
    if (!st)
        st = load_words(l, yaml_get(row, "asks"), &a->asks);
    if (!st)
        st = load_sets(l, yaml_get(row, "sets"), a->name, &a->sets, &a->set_count);
    if (!st)
        st = load_guard(l, a, row);
    if (!st)
        st = load_updates(l, a, yaml_get(row, "updates"));
    return st ? st : check_action(l, row, a);
}

/* --- Clocks --- */

/* One of few words, the first when there is none. */
static enum status load_word(struct loading *l, const struct yaml *row, const char *key,
                             const char *const words[2], bool *second)
{
    const char *text = yaml_text(row, key);
    *second = text && strcmp(text, words[1]) == 0;
    return !text || *second || strcmp(text, words[0]) == 0
               ? OK
               : load_unknown(l, yaml_get(row, key), key, text, words, 2);
}

/* Each word is a date field or an action. */
static enum status check_moments(struct loading *l, const struct yaml *row,
                                 const struct workflow_clock *c, const struct strings *words)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct field *field = form_field(l->form, words->items[i]);
        bool day = field && field->type == FIELD_DATE && !field->repeat;
        if (!day && !workflow_action(l->form->workflow, words->items[i]))
            return load_fail(l, row, _("期限「%s」の「%s」は、処理でも日付の欄でもありません"),
                             c->name, words->items[i]);
    }
    return OK;
}

static enum status check_clock(struct loading *l, const struct yaml *row,
                               const struct workflow_clock *c)
{
    if (!c->label.count || str_empty(c->parameter) || !c->from.count || !c->to.count)
        return load_fail(l, row, _("期限「%s」には label、parameter、from、to が要ります"),
                         c->name);
    for (size_t i = 0; i < c->stops.count; i++)
        if (!workflow_state(l->form->workflow, c->stops.items[i]))
            return load_fail(l, row, _("期限「%s」を止める「%s」という状態はありません"), c->name,
                             c->stops.items[i]);
    enum status st = check_moments(l, row, c, &c->from);
    return st ? st : check_moments(l, row, c, &c->to);
}

/* A clock of the same name replaces the one before. */
static enum status load_clock(struct loading *l, const struct yaml *row)
{
    static const char *const keys[] = {"name", "label", "parameter", "calendar",
                                       "days", "from",  "to",        "stops"};
    static const char *const calendars[2] = {"office", "town"}, *const days[2] = {"open", "all"};
    struct workflow *w = l->form->workflow;
    const char *name = yaml_text(row, "name"), *parameter = yaml_text(row, "parameter");
    enum status st = load_keys(l, row, _("期限の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    if (!name || !name_valid(name))
        return load_fail(l, row, _("期限には name（英小文字）が要ります"));
    struct workflow_clock *c = NULL;
    for (size_t i = 0; i < w->clock_count; i++)
        if (strcmp(w->clocks[i].name, name) == 0)
            c = &w->clocks[i];
    if (c) {
        clock_free(c);
    } else {
        w->clocks = xroom(w->clocks, w->clock_count, sizeof *w->clocks);
        c = &w->clocks[w->clock_count++];
    }
    *c = (struct workflow_clock){.name = xstrdup(name), .parameter = xstrdup(parameter)};
    load_label(row, "label", &c->label);
    st = load_word(l, row, "calendar", calendars, &c->town);
    if (!st)
        st = load_word(l, row, "days", days, &c->every_day);
    if (!st)
        st = load_words(l, yaml_get(row, "from"), &c->from);
    if (!st)
        st = load_words(l, yaml_get(row, "to"), &c->to);
    if (!st)
        st = load_words(l, yaml_get(row, "stops"), &c->stops);
    return st ? st : check_clock(l, row, c);
}

/* --- All of it --- */

static enum status load_parts(struct loading *l, const struct yaml *part)
{
    /* States first: actions name them; then actions: clocks name both. */
    static const struct {
        const char *key, *wrong;
        enum status (*load)(struct loading *l, const struct yaml *row);
    } lists[] = {
        {"states", N_("states は状態の並びです"), load_state},
        {"actions", N_("actions は処理の並びです"), load_action},
        {"clocks", N_("clocks は期限の並びです"), load_clock},
    };
    static const char *const keys[] = {"extends", "states", "actions", "clocks"};
    enum status st = load_keys(l, part, _("workflow の項目"), keys, ARRAY_LEN(keys));
    for (size_t i = 0; !st && i < ARRAY_LEN(lists); i++) {
        const struct yaml *rows = yaml_get(part, lists[i].key);
        if (rows && rows->kind != YAML_LIST)
            st = load_fail(l, rows, "%s", _(lists[i].wrong));
        if (!st && rows && rows->count > ROWS_MAX)
            st = load_fail(l, rows, _("状態・処理・期限は、それぞれ%dまでです"), ROWS_MAX);
        for (size_t r = 0; !st && rows && r < rows->count; r++)
            st = lists[i].load(l, rows->items[r]);
    }
    return st;
}

enum status load_workflow(struct loading *l, const struct yaml *workflow)
{
    const char *base = yaml_text(workflow, "extends");
    const char *name = base ? base : type_names[l->form->type];
    const struct yaml *type = yaml_get(yaml_get(l->workflows->root, "workflows"), name);
    if (!type)
        return load_unknown(l, yaml_get(workflow, "extends"), _("流れ"), name, type_names,
                            ARRAY_LEN(type_names));
    l->form->workflow = xcalloc(1, sizeof *l->form->workflow);
    const char *file = l->file;
    l->file = l->workflows->file;
    enum status st = load_parts(l, type);
    l->file = file;
    return st || !workflow ? st : load_parts(l, workflow);
}

const struct workflow_action *workflow_first(const struct workflow *workflow)
{
    for (size_t i = 0; i < workflow->action_count; i++)
        if (workflow_allows(&workflow->actions[i], ""))
            return &workflow->actions[i];
    return NULL;
}
