#include "store/dispose.h"

#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "store/attachment.h"
#include "store/event.h"
#include "store/journal.h"
#include "store/search.h"
#include "store/store_internal.h"

#define FACT_DUE "sweep"

static enum status erase_file(struct store *store, const struct record *record, const char *blob,
                              struct error *err)
{
    int64_t others;
    enum status st = database_int(store->db, err, &others,
                                  "SELECT count(*) FROM attachment WHERE blob=? AND record<>?",
                                  "tt", blob, record->id);
    return st || others ? st : attachment_erase(store, blob, err);
}

/* Blobs that only events disposed of have named. The table still shows what was attached before. */
static enum status erase_files(struct store *store, const struct record *record, struct error *err)
{
    struct strings blobs = STRINGS_INIT;
    struct statement *s;
    enum status st = database_query(
        store->db, err, &s, "SELECT event, blob FROM attachment WHERE record=?", "t", record->id);
    while (!st && statement_next(s, &st, err))
        for (size_t i = 0; i < record->event_count; i++)
            if (record->events[i].disposed &&
                strcmp(record->events[i].event.hash, statement_text(s, 0)) == 0)
                strings_add(&blobs, statement_text(s, 1));
    statement_close(&s);
    for (size_t i = 0; !st && i < blobs.count; i++)
        st = erase_file(store, record, blobs.items[i], err);
    strings_free(&blobs);
    return st;
}

enum status dispose_project(struct store *store, const struct record *record, struct error *err)
{
    bool any = false;
    enum status st = OK;
    for (size_t i = 0; i < record->event_count; i++)
        any = any || (record->events[i].disposed && record->events[i].event.body);
    if (!any)
        return OK;
    st = erase_files(store, record, err);
    for (size_t i = 0; !st && i < record->event_count; i++)
        if (record->events[i].disposed && record->events[i].event.body)
            st =
                database_run(store->db, err, "UPDATE event SET body=NULL WHERE record=? AND hash=?",
                             "tt", record->id, record->events[i].event.hash);
    return st ? st : store_set_fact(store, FACT_DUE, "yes", err);
}

bool dispose_due(struct store *store)
{
    return store_has_fact(store, FACT_DUE);
}

enum status dispose_sweep(struct store *store, struct error *err)
{
    enum status st = search_optimize(store, err);
    if (!st)
        st = database_script(store->db, "VACUUM", err);
    return st ? st : store_set_fact(store, FACT_DUE, "", err);
}

/* --- What was disposed of --- */

static enum status note_disposal(void *context, const struct event *e, const char *held,
                                 struct error *err)
{
    struct disposals *out = context;
    struct line body;
    (void)err;
    if (*held)
        return OK;
    out->items = xroom(out->items, out->count, sizeof *out->items);
    struct disposal *d = &out->items[out->count++];
    *d = (struct disposal){.at = xstrdup(e->at), .actor = xstrdup(e->actor)};
    memcpy(d->event, e->hash, sizeof d->event);
    snprintf(d->record, sizeof d->record, "%s", e->record);
    event_form(e, d->form);
    if (e->body && line_read(e->body, strlen(e->body), &body, NULL) == OK) {
        const char *reason = line_text(&body, "reason");
        d->reason = xstrdup(reason ? reason : "");
        line_free(&body);
    } else {
        d->reason = xstrdup("");
    }
    return OK;
}

/* An event of op `user` that says that its device has forgotten what it was told to. */
static enum status note_acknowledgement(void *context, const struct event *e, const char *held,
                                        struct error *err)
{
    struct disposals *list = context;
    struct line body;
    (void)held;
    (void)err;
    if (!e->body || line_read(e->body, strlen(e->body), &body, NULL))
        return OK;
    const char *of = line_text(&body, DISPOSE_ACK);
    for (size_t i = 0; of && i < list->count; i++)
        if (strcmp(list->items[i].event, of) == 0 &&
            strings_find(&list->items[i].acknowledged, e->device) < 0)
            strings_add(&list->items[i].acknowledged, e->device);
    line_free(&body);
    return OK;
}

static enum status find_holders(struct store *store, struct disposal *d, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store->db, err, &s,
                                    "SELECT device FROM event WHERE record=?1 UNION"
                                    " SELECT device FROM holder WHERE record=?1",
                                    "t", d->record);
    while (!st && statement_next(s, &st, err))
        strings_add(&d->holders, statement_text(s, 0));
    statement_close(&s);
    return st;
}

enum status dispose_list(struct store *store, struct disposals *out, struct error *err)
{
    *out = (struct disposals){0};
    enum status st = journal_read_op(store, NULL, OP_DISPOSE, note_disposal, out, err);
    if (!st)
        st = journal_read_op(store, NULL, OP_USER, note_acknowledgement, out, err);
    for (size_t i = 0; !st && i < out->count; i++)
        st = find_holders(store, &out->items[i], err);
    return st;
}

void disposals_free(struct disposals *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].at);
        xfree(&list->items[i].actor);
        xfree(&list->items[i].reason);
        strings_free(&list->items[i].acknowledged);
        strings_free(&list->items[i].holders);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status dispose_unacknowledged(struct store *store, struct strings *events, struct error *err)
{
    struct disposals list;
    char *own = journal_device(store);
    enum status st = dispose_list(store, &list, err);
    for (size_t i = 0; !st && i < list.count; i++)
        if (strings_find(&list.items[i].acknowledged, own) < 0)
            strings_add(events, list.items[i].event);
    disposals_free(&list);
    xfree(&own);
    return st;
}

enum status dispose_lines(struct store *store, const char *record, struct buffer *out,
                          struct error *err)
{
    struct record whole;
    enum status st = record_load(store, record, &whole, err);
    for (size_t i = 0; !st && i < whole.event_count; i++) {
        const struct event *e = &whole.events[i].event;
        if (whole.events[i].disposed || e->op == OP_DISPOSE)
            buffer_printf(out, "%s\n%s\n%s\n", e->header, e->body ? e->body : "",
                          e->seal ? e->seal : "");
    }
    if (!st)
        record_free(&whole);
    return st;
}

/* A line of the list; NULL where it is empty. */
static const char *or_none(const char *line)
{
    return *line ? line : NULL;
}

enum status dispose_replay(struct store *store, const char *text, struct error *err)
{
    struct strings lines = STRINGS_INIT;
    enum journal_taken taken;
    enum status st = OK;
    strings_split(&lines, text, '\n');
    for (size_t i = 0; !st && i + 2 < lines.count; i += 3) {
        struct event event;
        st = event_read(lines.items[i], or_none(lines.items[i + 1]), or_none(lines.items[i + 2]),
                        &event, err);
        if (st)
            break;
        st = journal_accept(store, &event, true, &taken, err);
        event_free(&event);
    }
    strings_free(&lines);
    return st;
}
