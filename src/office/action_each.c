/* One action with several records: each is done or refused on its own. */
#include "base/intl.h"
#include "base/xmem.h"
#include "office/action.h"
#include "office/notice.h"
#include "office/office_internal.h"

static char *name_of(struct session *session, const char *record)
{
    const struct record_filter filter = {.record = record};
    struct record_rows rows;
    char *name = NULL;
    if (session_sees(session, record) &&
        record_query(session->office->store, &filter, 0, 1, &rows, NULL) == OK) {
        if (rows.count)
            name = xasprintf("%s  %s", rows.items[0].receipt_no, rows.items[0].title);
        record_rows_free(&rows);
    }
    return name ? name : xstrdup(record);
}

/* What is done stays done; an action of which nobody is told has no letter. */
static void write_letter(struct session *session, const struct action_order *order,
                         struct action_outcome *one)
{
    enum status st =
        notice_write(session, one->record, order->action, one->notice, NULL, &one->letter);
    if (st)
        *one->notice = '\0';
    if (st == E_NOT_FOUND)
        error_clear(&one->letter);
}

static enum status do_one(struct session *session, const struct action_order *order,
                          struct action_outcome *one)
{
    char *own = NULL;
    const char *reason = order->reason ? order->reason : "";
    enum status st = OK;
    if (order->prepared)
        st = action_reason(session, one->record, &own, &one->err);
    if (!str_empty(own))
        reason = own;
    if (!st && order->prepared && !*reason)
        st = error_set(&one->err, E_RULE,
                       _("満たさない規則がないので、理由の案がありません。理由を書いてください"));
    if (!st)
        st = action_do(session, one->record, order->action, reason, order->values, &one->err);
    if (!st)
        write_letter(session, order, one);
    xfree(&own);
    return st;
}

void action_each(struct session *session, const struct strings *records,
                 const struct action_order *order, struct action_outcomes *out)
{
    *out = (struct action_outcomes){.items = xcalloc(records->count + 1, sizeof *out->items)};
    for (size_t i = 0; i < records->count; i++) {
        struct action_outcome *one = &out->items[out->count++];
        one->record = xstrdup(records->items[i]);
        one->name = name_of(session, one->record);
        if (do_one(session, order, one))
            out->refused++;
        else
            error_clear(&one->err);
    }
}

void action_outcomes_free(struct action_outcomes *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].record);
        xfree(&list->items[i].name);
    }
    xfree(&list->items);
    list->count = 0;
}
