/* 作業一覧 that forms have: which records wait for what is SQL in the form's file. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/check.h"
#include "office/veil.h"
#include "office/worklist_internal.h"

/* --- Which there are --- */

static enum status forms_of(struct session *session, struct form_rows *out, struct error *err)
{
    struct office *office = session->office;
    return catalogue_forms(office->catalogue, office_language(office), out, err);
}

enum status worklist_add_rules(struct session *session, struct worklists *out, struct error *err)
{
    struct office *office = session->office;
    struct form_rows rows;
    bool town = office->role == OFFICE_TOWN;
    enum status st = forms_of(session, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        const struct form *form;
        st = catalogue_form(office->catalogue, rows.items[i].id, 0, &form, err);
        for (size_t w = 0; !st && w < form->worklist_count; w++) {
            const struct work_query *list = &form->worklists[w];
            if (town ? list->town : list->counter)
                worklists_add(out, list->name, label_text(&list->label, office_language(office)));
        }
    }
    form_rows_free(&rows);
    return st;
}

static enum status find(struct session *session, const char *name, const struct work_query **out,
                        struct error *err)
{
    const struct form *form = NULL;
    const char *dot = strchr(name, '.');
    *out = NULL;
    char *id = dot ? xstrndup(name, (size_t)(dot - name)) : xstrdup(name);
    if (catalogue_form(session->office->catalogue, id, 0, &form, NULL) != OK)
        form = NULL;
    for (size_t i = 0; form && i < form->worklist_count; i++)
        if (strcmp(form->worklists[i].name, name) == 0)
            *out = &form->worklists[i];
    xfree(&id);
    return *out ? OK : error_set(err, E_NOT_FOUND, _("一覧「%s」はありません"), name);
}

/* --- Its rows --- */

struct wanted {
    char *record, *due, *note;
};
struct gathered {
    struct wanted *items;
    size_t count;
    long total, offset, limit;
    struct session *session;
};

static void gather(void *context, const char *const *names, const char *const *values, size_t count)
{
    struct gathered *g = context;
    struct veiled row;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], "record") == 0 && !session_sees(g->session, values[i]))
            return;
    veil_row(g->session, NULL, false, values, count, &row);
    values = row.values;
    count = row.count;
    long at = g->total++;
    if (at < g->offset || (g->limit >= 0 && at >= g->offset + g->limit))
        return;
    struct wanted one = {0};
    const struct {
        const char *column;
        char **slot;
    } columns[] = {{"record", &one.record}, {"due", &one.due}, {"note", &one.note}};
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < ARRAY_LEN(columns); c++)
            if (strcmp(columns[c].column, names[i]) == 0 && !*columns[c].slot)
                *columns[c].slot = xstrdup(values[i]);
    g->items = xroom(g->items, g->count, sizeof *g->items);
    g->items[g->count++] = one;
}

static void replace(char **slot, char **with)
{
    if (str_empty(*with))
        return;
    xfree(slot);
    *slot = *with;
    *with = NULL;
}

static enum status add_row(struct session *session, struct wanted *wanted,
                           struct worklist_rows *out, struct error *err)
{
    const struct record_filter filter = {.record = wanted->record ? wanted->record : ""};
    struct record_rows rows;
    enum status st = record_query(session->office->store, &filter, 0, 1, &rows, err);
    if (st)
        return st;
    if (rows.count) {
        worklist_add_record(session->office, &rows.items[0], out);
        replace(&out->items[out->count - 1].when, &wanted->due);
        replace(&out->items[out->count - 1].note, &wanted->note);
    }
    record_rows_free(&rows);
    return OK;
}

enum status worklist_load_rule(struct session *session, const char *name, long offset, long limit,
                               struct worklist_rows *out, struct error *err)
{
    struct gathered found = {.session = session, .offset = offset, .limit = limit};
    const struct work_query *list;
    struct host host;
    host_init(&host, session);
    enum status st = find(session, name, &list, err);
    if (!st)
        st = check_rows(&host, NULL, "", name, list->sql, gather, &found, err);
    for (size_t i = 0; i < found.count; i++) {
        if (!st)
            st = add_row(session, &found.items[i], out, err);
        xfree(&found.items[i].record);
        xfree(&found.items[i].due);
        xfree(&found.items[i].note);
    }
    xfree(&found.items);
    out->total = found.total;
    return st;
}
