#include "office/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/users.h"
#include "store/journal.h"
#include "store/merge.h"
#include "store/projection.h"
#include "store/transport.h"

/* --- Why, and what to do --- */

static const struct {
    enum held held;
    const char *text;
} advices[] = {
    {HELD_BASE, N_("その記録の入った送付便が届けば、自動で入ります。届いていない便を確かめてください")},
    {HELD_FORM, N_("様式の新しい版が町から届けば、自動で入ります（町の送付便、または key accept）")},
    {HELD_REGISTRY, N_("新しい登録簿が町から届けば、自動で入ります（町の送付便、または key accept）")},
    {HELD_SEAL, N_("書いた人の鍵が登録簿にないか、記録が書き換えられています。町の管理者に知らせて"
                   "ください")},
    {HELD_ROLE, N_("この処理に効力はありません。権限のある人がもう一度行ってください")},
    {HELD_STATE, N_("この処理に効力はありません。記録の今の状態を見て、要るものを行ってください")},
    {HELD_REVOKED, N_("町が認めるなら、町で key revoke %.16s --reason 理由 --accept %.16s")},
    {HELD_BODY, N_("本文の入った送付便をもう一度送ってもらってください（bundle create --all）")},
    {HELD_FORK, N_("町で key fork list を見て、正しい方を key fork decide %.16s --accept 照合値 で決めま"
                   "す。その端末は restore で新しい鍵にします")},
    {HELD_REFUSED, N_("この記録に効力はありません。要るものは、もう一度受け付けてください")},
};

/* Whose end keeps the event from counting: the device's, and once that is accepted its author's. */
static const char *ended_key(struct office *office, const struct event *e)
{
    bool device = !registry_accepts(office_registry(office), e->device, e->device, e->seq, e->hash);
    return device ? e->device : *e->actor ? e->actor : _("鍵の指紋");
}

static char *advice_for(struct office *office, const char *reason, const struct event *e)
{
    enum held held = held_of(reason);
    for (size_t i = 0; i < ARRAY_LEN(advices); i++)
        if (advices[i].held == held) {
            const char *text = _(advices[i].text);
            return held == HELD_REVOKED ? xasprintf(text, ended_key(office, e), e->hash)
                   : held == HELD_FORK  ? xasprintf(text, e->device)
                                        : xstrdup(text);
        }
    return xstrdup("");
}

static struct held_row *add_row(struct held_rows *out)
{
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count] = (struct held_row){0};
    return &out->items[out->count++];
}

struct listing {
    struct session *session;
    struct held_rows *out;
};

static enum status add_held(void *context, const struct event *e, const char *held,
                            struct error *err)
{
    struct listing *l = context;
    struct office *office = l->session->office;
    const struct record_filter filter = {
        .record = e->record, .visible = !session_may(l->session, MAY_READ_PROTECTED)};
    struct record_rows rows = {0};
    enum status st = *e->record ? record_query(office->store, &filter, 0, 1, &rows, err) : OK;
    if (st)
        return st;
    *add_row(l->out) = (struct held_row){
        .event = xstrdup(e->hash),
        .record = xstrdup(rows.count ? e->record : ""),
        .number = xstrdup(rows.count ? rows.items[0].receipt_no : ""),
        .title = xstrdup(rows.count ? rows.items[0].title : ""),
        .form = xstrdup(e->form),
        .what = xstrdup(event_op_name(e->op)),
        .who = actor_name(office, e->actor),
        .place = device_place(office, e->device),
        .at = event_time(e),
        .reason = xstrdup(held),
        .text = xstrdup(held_text(held)),
        .advice = advice_for(office, held, e),
    };
    record_rows_free(&rows);
    return OK;
}

/* What the town holds of what was sent from here. */
static enum status add_there(struct session *session, struct held_rows *out, struct error *err)
{
    struct strings pairs = STRINGS_INIT;
    enum status st = transport_held_list(session->office->store, &pairs, err);
    for (size_t i = 0; !st && i + 1 < pairs.count; i += 2) {
        struct event e = {.device = ""};
        snprintf(e.hash, sizeof e.hash, "%s", pairs.items[i]);
        journal_find(session->office->store, pairs.items[i], e.device, &e.seq, e.hash, NULL);
        struct held_row *row = add_row(out);
        char **blank[] = {&row->record, &row->number, &row->title, &row->form,
                          &row->what,   &row->who,    &row->at};
        for (size_t b = 0; b < ARRAY_LEN(blank); b++)
            *blank[b] = xstrdup("");
        row->event = xstrdup(pairs.items[i]);
        row->place = device_place(session->office, e.device);
        row->reason = xstrdup(pairs.items[i + 1]);
        row->text = xstrdup(held_text(row->reason));
        row->advice = advice_for(session->office, row->reason, &e);
        row->there = true;
    }
    strings_free(&pairs);
    return st;
}

enum status held_list(struct session *session, struct held_rows *out, struct error *err)
{
    struct listing l = {session, out};
    *out = (struct held_rows){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = journal_read_held(session->office->store, add_held, &l, err);
    if (!st)
        st = add_there(session, out, err);
    if (st)
        held_rows_free(out);
    return st;
}

void held_rows_free(struct held_rows *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct held_row *r = &list->items[i];
        char **texts[] = {&r->event, &r->record, &r->number, &r->title, &r->form, &r->what,
                          &r->who,   &r->place,  &r->at,     &r->reason, &r->text, &r->advice};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status held_retry(struct session *session, long *before, long *after, struct error *err)
{
    struct store *store = session->office->store;
    enum status st = session_require(session, MAY_APPLY, err);
    *before = (long)journal_held(store);
    if (!st)
        st = projection_retry(store, err);
    *after = (long)journal_held(store);
    return st;
}

/* --- Forks --- */

static const char *verdict(enum journal_side side)
{
    static const char *const texts[] = {
        [JOURNAL_WHOLE] = "",
        [JOURNAL_OPEN] = N_("町の判断待ち"),
        [JOURNAL_GOOD] = N_("町が採った"),
        [JOURNAL_REFUSED] = N_("採られなかった"),
    };
    return *texts[side] ? _(texts[side]) : "";
}

static enum status add_forks(struct session *session, const char *device, struct fork_rows *out,
                             struct error *err)
{
    struct office *office = session->office;
    struct journal_tips tips;
    enum status st = journal_tips(office->store, device, &tips, err);
    for (size_t i = 0; !st && i < tips.count; i++) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = (struct fork_row){
            .device = xstrdup(device),
            .place = device_place(office, device),
            .event = xstrdup(tips.items[i].hash),
            .seq = (long)tips.items[i].seq,
            .from = (long)journal_fork(office->store, device),
            .events = (long)tips.items[i].events,
            .at = xstrdup(tips.items[i].at),
            .verdict = xstrdup(verdict(tips.items[i].side)),
        };
    }
    xfree(&tips.items);
    return st;
}

enum status held_forks(struct session *session, struct fork_rows *out, struct error *err)
{
    struct registry_devices devices = {0};
    *out = (struct fork_rows){0};
    enum status st =
        registry_devices(office_registry(session->office), REGISTRY_NEWEST, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++)
        if (journal_fork(session->office->store, devices.items[i].id))
            st = add_forks(session, devices.items[i].id, out, err);
    registry_devices_free(&devices);
    if (st)
        fork_rows_free(out);
    return st;
}

void fork_rows_free(struct fork_rows *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct fork_row *r = &list->items[i];
        char **texts[] = {&r->device, &r->place, &r->event, &r->at, &r->verdict};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status held_decide(struct session *session, const char *device, const struct strings *good,
                        struct error *err)
{
    struct fork_rows forks;
    struct strings heads = STRINGS_INIT;
    const struct fork_row *found = NULL;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (st)
        return st;
    st = held_forks(session, &forks, err);
    for (size_t i = 0; !st && i < forks.count; i++)
        if (strlen(device) >= 8 && str_starts(forks.items[i].device, device))
            found = &forks.items[i];
    if (!st && !found)
        st = error_set(err, E_NOT_FOUND,
                       _("「%s」で始まる、二つに分かれた端末はありません（key fork list）"), device);
    for (size_t i = 0; !st && i < good->count; i++)
        strings_add(&heads, good->items[i]);
    if (!st && !good->count && found->from > 1) {
        char before[HASH_HEX_SIZE];
        st = journal_hash(session->office->store, found->device, found->from - 1, before, err);
        if (!st)
            strings_add(&heads, before);
    }
    if (!st)
        st = users_revoke(session, found->device, _("端末の記録が二つに分かれた"), &heads, err);
    strings_free(&heads);
    fork_rows_free(&forks);
    return st;
}

/* --- Numbers --- */

struct branching {
    struct session *session;
    const struct record *record;
    char number[128];
};

static enum status append_number(void *context, struct error *err)
{
    struct branching *b = context;
    struct line body = event_body();
    char *form = xasprintf("%s@%ld", b->record->form, b->record->version);
    line_add_text(&body, "kind", "ex_officio");
    line_add_text(&body, "reason", _("受付番号の重複による枝番"));
    map_set(line_add_map(&body, "set"), "receipt_no", b->number);
    struct journal_entry entry = {OP_PUT, b->record->id, form, &body};
    enum status st = journal_append(b->session->office->store, b->session->keys, &entry, NULL, err);
    xfree(&form);
    return st;
}

static long count_of(struct store *store, const char *number)
{
    const struct record_filter filter = {.receipt_no = number};
    struct record_rows rows = {0};
    return record_query(store, &filter, 0, 0, &rows, NULL) ? 0 : rows.total;
}

enum status held_branch(struct session *session, const char *id, long branch, char out[128],
                        struct error *err)
{
    struct record record;
    struct store *store = session->office->store;
    struct branching b = {session, &record, ""};
    enum status st = session_require(session, MAY_DECIDE, err);
    if (!st && session->office->role != OFFICE_TOWN)
        st = error_set(err, E_DENIED, _("枝番を付けるのは町です"));
    if (!st)
        st = record_load(store, id, &record, err);
    if (st)
        return st;
    const char *number = record_value(&record, "receipt_no");
    if (!*number || count_of(store, number) < 2)
        st = error_set(err, E_RULE, _("受付番号 %s はほかの記録と重なっていません"), number);
    for (long n = branch ? branch : 2; !st && !*b.number; n++) {
        snprintf(b.number, sizeof b.number, "%sの%ld", number, n);
        if (count_of(store, b.number) && !branch)
            b.number[0] = '\0';
    }
    if (!st && count_of(store, b.number))
        st = error_set(err, E_EXISTS, _("%s はすでに使われています"), b.number);
    if (!st)
        st = store_transaction(store, append_number, &b, err);
    snprintf(out, 128, "%s", b.number);
    record_free(&record);
    return st;
}
