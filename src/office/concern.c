#include "office/concern.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/check.h"
#include "office/veil.h"
#include "office/worklist_internal.h"
#include "store/concern.h"

/* --- What is wrong with one --- */

static void add(struct buffer *text, const char *label, const char *message)
{
    buffer_printf(text, "%s%s%s%s", text->len ? "、" : "", label, *label ? ": " : "", message);
}

static void field_errors(struct instance *instance, struct buffer *text)
{
    const struct item *items;
    size_t count = instance_items(instance, &items);
    for (size_t i = 0; i < count; i++) {
        bool missing = false;
        const struct item *it = &items[i];
        if (!it->relevant || it->row_head || !field_has_value(it->field))
            continue;
        const char *problem = instance_problem(instance, it->path, &missing);
        if (!problem)
            continue;
        char *label = instance_label(instance, &it->field->label, it->path);
        add(text, label, problem);
        xfree(&label);
    }
}

static void check_error(void *context, const struct said *said)
{
    if (said->check->severity == CHECK_ERROR)
        add(context, "", said->message);
}

static enum status examine(struct session *session, const char *id, struct error *err)
{
    struct host host;
    struct record record;
    struct instance *instance = NULL;
    struct buffer text = BUFFER_INIT;
    host_init(&host, session);
    host.unveiled = true;
    enum status st = record_load(session->office->store, id, &record, err);
    if (st)
        return st;
    st = record_instance(&host, &record, &instance, err);
    if (!st) {
        field_errors(instance, &text);
        st = check_all(&host, instance, id, CHECK_LIVE | CHECK_FINALISE, check_error, &text, err);
    }
    if (!st)
        st = concern_set(session->office->store, id, &record.merge.heads, buffer_text(&text), err);
    instance_free(&instance);
    record_free(&record);
    buffer_free(&text);
    return st;
}

enum status concern_look(struct session *session, struct error *err)
{
    struct strings records = STRINGS_INIT;
    enum status st = concern_pending(session->office->store, &records, err);
    for (size_t i = 0; !st && i < records.count; i++) {
        struct error one;
        enum status got = examine(session, records.items[i], &one);
        if (got && got != E_NOT_FOUND) {
            st = got;
            if (err)
                *err = one;
        }
    }
    strings_free(&records);
    return st;
}

/* --- The list --- */

enum status concern_worklist(struct session *session, long offset, long limit,
                             struct worklist_rows *out, struct error *err)
{
    struct concerns list;
    concern_look(session, NULL); /* where that fails, what is known is shown */
    enum status st = concern_list(session->office->store, &list, err);
    if (st)
        return st;
    for (size_t i = 0; !st && i < list.count; i++) {
        if (!session_sees(session, list.items[i].record))
            continue;
        long at = out->total++;
        if (at < offset || (limit >= 0 && at >= offset + limit))
            continue;
        const struct record_filter filter = {.record = list.items[i].record};
        struct record_rows rows;
        st = record_query(session->office->store, &filter, 0, 1, &rows, err);
        if (!st && rows.count) {
            worklist_add_record(session->office, &rows.items[0], out);
            char **note = &out->items[out->count - 1].note;
            xfree(note);
            *note = xstrdup(veil_text(session, NULL, list.items[i].text));
        }
        if (!st)
            record_rows_free(&rows);
    }
    concerns_free(&list);
    return st;
}
