/*
 * office/due: by when something is to be done with a record (期限・標準処理期間), as the `clocks`
 * of its form's workflow say: so many open days from one moment to another, without the time in
 * which it waits for somebody else (補正). For the record screen, the lists of work and people's
 * pages.
 */
#ifndef OFFICE_DUE_H
#define OFFICE_DUE_H

#include "form/workflow.h"
#include "office/office_internal.h"

enum due_standing {
    DUE_RUNNING,
    DUE_STOPPED, /* waits in a state that stops the clock */
    DUE_MET,     /* what was due has been done */
};

struct due {
    const struct workflow_clock *clock; /* of the form */
    enum due_standing standing;
    struct date by;  /* the last day; while it is stopped: were it to go on today */
    struct date met; /* the day it was done */
    /* Days from today to the last day, or from the day it was done; negative: over. While it is
     * stopped those that were left. Of the clock's kind: open days, or all. */
    long left;
};
struct dues {
    struct due *items;
    size_t count;
};

/* Every clock of the record that has begun and has a day, in the order of the workflow. On an error
 * *out may hold some; dues_free() in any case. */
enum status due_all(struct session *session, const struct record *record, struct dues *out,
                    struct error *err);
void dues_free(struct dues *list);
/* "決定の期限: 令和9年6月21日（月）まで（あと3開庁日）". The caller frees. */
char *due_text(const struct due *due, const char *language);
/* The same without its label. The caller frees. */
char *due_left_text(const struct due *due);

/* The one that is next, running before stopped; false when there is none or it cannot be
 * read. `row` must have been asked
 * for with `times`. Cheap for records nothing was done with yet. */
bool due_next(struct session *session, const struct record_row *row, struct due *out);
/* "超過3日", "あと2日", "今日まで", "停止中": to stand before a line of a list. The caller frees.
 */
char *due_mark(const struct due *due);

#endif
