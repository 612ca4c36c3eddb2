/* Lists of work in the order in which it is due (期限), and the mark before each line. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "office/due.h"
#include "office/worklist_internal.h"

/* With more than this the order stays that of receipt, which is nearly the same. */
enum { SORTED_MOST = 5000, ALIKE_FAR = 100 };

struct ranked {
    const struct record_row *row;
    bool any;
    struct due due;
};

/* Those without a clock last; among equals the order of receipt. */
static int by_urgency(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->any != y->any)
        return x->any ? -1 : 1;
    if (x->any && x->due.standing != y->due.standing)
        return x->due.standing < y->due.standing ? -1 : 1;
    if (x->any && x->due.left != y->due.left)
        return x->due.left < y->due.left ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Nothing was done with either since they came on the same day the same way: so is their due. */
static bool is_alike(const struct record_row *a, const struct record_row *b)
{
    return a->acts <= 1 && b->acts <= 1 && a->version == b->version &&
           strcmp(a->form, b->form) == 0 && strcmp(a->device, b->device) == 0 &&
           strcmp(a->received_on, b->received_on) == 0 && strcmp(a->reached, b->reached) == 0 &&
           !*a->receipt_no == !*b->receipt_no;
}

/* They come in the order of receipt: who is alike is not far. */
static const struct ranked *alike_before(const struct ranked *order, size_t at)
{
    for (size_t back = 1; back <= at && back <= ALIKE_FAR; back++)
        if (is_alike(order[at].row, order[at - back].row))
            return &order[at - back];
    return NULL;
}

static void add_page(struct session *session, const struct record_rows *rows, long offset,
                     long limit, struct worklist_rows *out)
{
    struct ranked *order = xcalloc(rows->count + 1, sizeof *order);
    for (size_t i = 0; i < rows->count; i++) {
        order[i].row = &rows->items[i];
        const struct ranked *like = alike_before(order, i);
        order[i].any = like ? like->any : due_next(session, &rows->items[i], &order[i].due);
        if (like)
            order[i].due = like->due;
    }
    qsort(order, rows->count, sizeof *order, by_urgency);
    for (size_t i = (size_t)offset; i < rows->count && (limit < 0 || (long)i < offset + limit); i++)
        worklist_add_record(session->office, order[i].row, out);
    xfree(&order);
}

enum status worklist_load_urgent(struct session *session, const struct record_filter *filter,
                                 long offset, long limit, struct worklist_rows *out,
                                 struct error *err)
{
    struct record_rows rows;
    struct record_filter seen = *filter;
    seen.visible = !session_may(session, MAY_READ_PROTECTED);
    enum status st = record_query(session->office->store, &seen, 0, 0, &rows, err);
    out->total = rows.total;
    if (st || !limit)
        return st;
    bool sorted = rows.total <= SORTED_MOST;
    seen.times = sorted;
    st = record_query(session->office->store, &seen, sorted ? 0 : offset, sorted ? -1 : limit,
                      &rows, err);
    if (st)
        return st;
    if (sorted)
        add_page(session, &rows, offset, limit, out);
    for (size_t i = 0; !sorted && i < rows.count; i++)
        worklist_add_record(session->office, &rows.items[i], out);
    record_rows_free(&rows);
    return OK;
}

static void set_mark(struct worklist_row *row, const char *mark, const char *day, long left)
{
    xfree(&row->mark);
    xfree(&row->due);
    xfree(&row->left);
    row->mark = xstrdup(mark);
    row->due = xstrdup(day);
    row->left = xasprintf("%ld", left);
}

void worklist_mark_deadline(struct worklist_row *row, const char *day)
{
    struct date date;
    if (!iso_date_parse(&date, day))
        return;
    long left = (long)(date_days(date) - date_days(clock_today()));
    char *mark = due_mark(&(struct due){.standing = DUE_RUNNING, .left = left});
    set_mark(row, mark, day, left);
    xfree(&mark);
}

void worklist_mark_due(struct session *session, struct worklist_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct worklist_row *row = &rows->items[i];
        const struct record_filter filter = {.record = row->id, .times = true};
        struct record_rows found;
        struct due due;
        if (row->is_draft || row->is_person || !*row->id || *row->mark ||
            record_query(session->office->store, &filter, 0, 1, &found, NULL))
            continue;
        if (found.count && due_next(session, &found.items[0], &due)) {
            char day[ISO_DATE_SIZE];
            iso_date(day, due.by);
            char *mark = due_mark(&due);
            set_mark(row, mark, due.standing == DUE_STOPPED ? "" : day, due.left);
            xfree(&mark);
        }
        record_rows_free(&found);
    }
}
