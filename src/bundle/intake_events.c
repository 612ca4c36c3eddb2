/* Lines of events, and their way into the journal. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "bundle/sections.h"
#include "store/journal.h"
#include "store/projection.h"

/* A transaction holds others up: it takes a group of events and another while there is time for
 * them, and for writing it to the disk as the one before was. */
enum { BATCH = 1000, BATCH_BYTES = 2 << 20, GROUP = 30, HOLD_MS = 150, GROUPS_MS = 50 };

/* --- Beginning and end --- */

void intake_events_start(struct intake *in)
{
    in->batch = xreallocarray(NULL, BATCH, sizeof *in->batch);
    in->records = distinct_new();
}

void intake_events_free(struct intake *in)
{
    event_free(&in->now);
    event_free(&in->last);
    for (size_t i = 0; i < in->batch_count; i++)
        event_free(&in->batch[i]);
    xfree(&in->batch);
    distinct_free(&in->records);
}

/* --- Writing --- */

static enum status take(struct intake *in, struct journal_run *run, const struct event *e,
                        struct error *err)
{
    enum journal_taken taken;
    enum status st = OK;
    if (in->write)
        st = journal_accept_next(in->store, run, e, in->extract, &taken, err);
    else if (journal_has(in->store, e->device, e->seq, e->hash))
        taken = JOURNAL_KNOWN;
    else
        taken = journal_forks(in->store, e) ? JOURNAL_FORK : JOURNAL_NEW;
    if (st || taken == JOURNAL_KNOWN) {
        in->out->known += !st;
        return st;
    }
    in->out->events++;
    in->out->decisions += e->op == OP_ACT && strcmp(in->signer->role, "town") == 0;
    if (taken == JOURNAL_FORK) {
        in->out->forks++;
        memcpy(in->out->fork, e->device, sizeof in->out->fork);
    }
    if (event_op_history(e->op))
        distinct_add(in->records, e->record);
    return OK;
}

static size_t event_bytes(const struct event *e)
{
    return strlen(e->header) + (e->body ? strlen(e->body) : 0);
}

/* Each group as a whole: with the tables made of it, which take longer than the events. */
static enum status take_group(struct intake *in, struct journal_run *run, struct error *err)
{
    size_t end = in->batch_done + GROUP;
    enum status st = OK;
    for (; !st && in->batch_done < in->batch_count && in->batch_done < end; in->batch_done++)
        st = take(in, run, &in->batch[in->batch_done], err);
    if (!st && in->write)
        st = journal_run_end(in->store, run, err);
    return st || !in->write ? st : projection_flush(in->store, err);
}

static enum status take_some(void *context, struct error *err)
{
    struct intake *in = context;
    struct journal_run run = {.seq = 0};
    int64_t start = clock_mono(), ms = HOLD_MS - in->commit_ms;
    enum status st = OK;
    do
        st = take_group(in, &run, err);
    while (!st && in->batch_done < in->batch_count &&
           clock_mono() - start < (ms < GROUPS_MS ? GROUPS_MS : ms));
    in->taken_at = clock_mono();
    return st;
}

/* What there is no time for stays, and more is read behind it. */
static enum status take_batch(struct intake *in, struct error *err)
{
    in->batch_done = 0;
    enum status st = in->write ? store_transaction(in->store, take_some, in, err)
                               : database_reading(store_database(in->store), take_some, in, err);
    in->commit_ms = clock_mono() - in->taken_at;
    for (size_t i = 0; i < in->batch_done; i++) {
        in->batch_bytes -= event_bytes(&in->batch[i]);
        event_free(&in->batch[i]);
    }
    in->batch_count -= in->batch_done;
    memmove(in->batch, in->batch + in->batch_done, in->batch_count * sizeof *in->batch);
    return st;
}

enum status intake_flush(struct intake *in, struct error *err)
{
    enum status st = OK;
    while (!st && in->batch_count)
        st = take_batch(in, err);
    return st;
}

enum status intake_event_take(struct intake *in, struct error *err)
{
    if (++in->events > in->header->count)
        return intake_wrong(err, "count");
    if (!in->count) {
        event_free(&in->now);
        return OK;
    }
    in->batch_bytes += event_bytes(&in->now);
    in->batch[in->batch_count++] = in->now;
    in->now = (struct event){0};
    return in->batch_count == BATCH || in->batch_bytes >= BATCH_BYTES ? take_batch(in, err) : OK;
}

/* --- Lines --- */

enum status intake_event_line(struct intake *in, const char *text, size_t len, bool *complete,
                              struct error *err)
{
    enum status st = OK;
    *complete = false;
    if (strlen(text) != len)
        return intake_wrong(err, "NUL");
    switch (in->awaited) {
    case AWAIT_HEADER:
        st = event_read(text, NULL, NULL, &in->now, err);
        in->awaited = AWAIT_BODY;
        break;
    case AWAIT_BODY:
        if (strcmp(text, DISPOSED_LINE) != 0)
            st = event_read_body(&in->now, text, err);
        *complete = !event_op_sealed(in->now.op);
        in->awaited = *complete ? AWAIT_HEADER : AWAIT_SEAL;
        break;
    case AWAIT_SEAL:
        if (strcmp(text, UNSEALED_LINE) != 0)
            event_read_seal(&in->now, text);
        *complete = true;
        in->awaited = AWAIT_HEADER;
    }
    return st;
}
