/* {"section":"chain"}: a part of a device's chain, ended by a checkpoint that device signed. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "bundle/sections.h"
#include "store/journal.h"
#include "store/transport.h"

/* Clocks: five minutes back and a day ahead are nothing to speak of. */
#define BACK_MS  (5 * INT64_C(60000))
#define AHEAD_MS (24 * INT64_C(3600000))

static const struct bundle_chain *current(const struct intake *in)
{
    return &in->header->chains[in->chain - 1];
}

/* --- Whose chain it is --- */

static enum status find_device(struct intake *in, const char *device, struct error *err)
{
    struct registry *r = store_registry(in->store);
    registry_device_free(&in->device);
    if (registry_device(r, REGISTRY_NEWEST, device, &in->device, NULL) == OK)
        return OK; /* also a revoked one: what it may not have written is held, event by event */
    return error_set(err, E_DENIED,
                     _("町の登録簿にない端末（%.8s）の記録が入っています。登録簿が古いときは、先に"
                       "町からの便を取り込んでください"),
                     device);
}

enum status chain_begin(struct intake *in, const struct line *line, struct error *err)
{
    const char *device = line_text(line, "device");
    if (in->chain == in->header->chain_count)
        return intake_wrong(err, "chain");
    in->chain++;
    const struct bundle_chain *chain = current(in);
    if (line->count != 4 || line_number(line, "first") != chain->first ||
        line_number(line, "last") != chain->last || !device || strcmp(device, chain->device) != 0)
        return intake_wrong(err, "chain");
    in->next_seq = chain->first;
    in->prev[0] = '\0';
    in->last_at = 0;
    in->checkpoint = false;
    in->extract = false;
    event_free(&in->last);
    in->last = (struct event){.op = OP_COUNT};
    return find_device(in, device, err);
}

/* --- Events --- */

/* What came before the bundle is here, or the bundle has to wait for it. */
static enum status look_for_gap(struct intake *in, const struct event *e, struct error *err)
{
    int64_t head;
    char hash[HASH_HEX_SIZE];
    if (journal_has(in->store, e->device, e->seq, e->hash) ||
        journal_joins(in->store, e->device, e->seq - 1, e->prev))
        return OK;
    if (e->seq == 1) /* nothing comes before it, but it names something */
        return intake_wrong(err, "first");
    enum status st = journal_head(in->store, e->device, &head, hash, err);
    if (st || in->gap) /* of several chains that wait, the first is told */
        return st;
    in->gap = true;
    memcpy(in->out->gap_device, e->device, sizeof in->out->gap_device);
    in->out->gap_first = head < e->seq - 1 ? head + 1 : e->seq - 1;
    in->out->gap_last = e->seq - 1;
    return OK;
}

/* Nothing is ordered by clocks, but one that is wrong writes wrong dates. */
static void look_at_clock(struct intake *in, const struct event *e)
{
    int64_t at = 0, now = clock_now();
    iso_time_parse(&at, e->at);
    if (at - now > AHEAD_MS && at - now > in->out->ahead_ms)
        in->out->ahead_ms = at - now;
    if (in->last_at - at > BACK_MS && in->last_at - at > in->out->back_ms)
        in->out->back_ms = in->last_at - at;
    in->last_at = at;
}

static enum status check_event(struct intake *in, const struct event *e, struct error *err)
{
    const struct bundle_chain *chain = current(in);
    if (strcmp(e->device, chain->device) != 0 || e->seq != in->next_seq || e->seq > chain->last ||
        (in->prev[0] && strcmp(in->prev, e->prev) != 0))
        return error_set(err, E_CRYPTO,
                         _("記録のつながりが切れています（%lld番）。取り込んでいません"),
                         (long long)in->next_seq);
    /* What this device wrote is here, or somebody else has its key. */
    if (strcmp(e->device, in->own) == 0 && !journal_has(in->store, e->device, e->seq, e->hash))
        return error_set(err, E_CONFLICT,
                         _("この端末の名で、ここにない記録が入っています（%lld番から）。この端末の"
                           "データが複写されています。町の管理者に知らせてください"),
                         (long long)e->seq);
    enum status st = in->prev[0] || in->write ? OK : look_for_gap(in, e, err);
    in->next_seq++;
    memcpy(in->prev, e->hash, sizeof in->prev);
    look_at_clock(in, e);
    return st;
}

/* The close is kept until it is known whether it is the last. */
static void keep_close(struct intake *in)
{
    const struct event *e = &in->now;
    event_free(&in->last);
    in->last = (struct event){.op = e->op};
    if (e->op != OP_CLOSE || in->write)
        return;
    if (event_read(e->header, e->body, e->seal, &in->last, NULL))
        in->last.op = OP_COUNT;
}

static enum status check_checkpoint(struct intake *in, const char *text, size_t len,
                                    struct error *err)
{
    const struct bundle_chain *chain = current(in);
    struct line line;
    struct buffer message = BUFFER_INIT;
    uint8_t seal[SEAL_SIZE];
    enum status st = line_read(text, len, &line, err);
    if (st)
        return st;
    const char *device = line_text(&line, "checkpoint"), *head = line_text(&line, "head");
    const char *sign = line_text(&line, "sign");
    checkpoint_message(&message, in->header->town, chain->device, chain->last, chain->head);
    in->checkpoint =
        line.count == 4 && in->next_seq == chain->last + 1 && device && head && sign &&
        strcmp(device, chain->device) == 0 && line_number(&line, "seq") == chain->last &&
        strcmp(head, chain->head) == 0 && strcmp(head, in->prev) == 0 &&
        hex_decode(seal, sizeof seal, sign) &&
        seal_verify(seal, in->device.key, CHECKPOINT_DOMAIN, message.data, message.len);
    buffer_free(&message);
    line_free(&line);
    if (!in->checkpoint)
        return error_set(err, E_CRYPTO,
                         _("端末（%.8s）の記録の終わりの署名が合いません。取り込んでいません"),
                         chain->device);
    return OK;
}

struct noting_checkpoint {
    struct intake *in;
    const char *line;
};

static enum status note_checkpoint(void *context, struct error *err)
{
    struct noting_checkpoint *n = context;
    const struct bundle_chain *chain = current(n->in);
    return transport_checkpoint(n->in->store, chain->device, chain->last, n->line, err);
}

static enum status checkpoint_line(struct intake *in, const char *text, size_t len,
                                   struct error *err)
{
    struct noting_checkpoint n = {in, text};
    enum status st = check_checkpoint(in, text, len, err);
    if (!st)
        st = intake_flush(in, err);
    return st || !in->write ? st : store_transaction(in->store, note_checkpoint, &n, err);
}

enum status chain_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    bool complete = false;
    if (in->checkpoint)
        return intake_wrong(err, "chain");
    if (in->awaited == AWAIT_HEADER && str_starts(text, "{\"checkpoint\":"))
        return checkpoint_line(in, text, len, err);
    enum status st = intake_event_line(in, text, len, &complete, err);
    if (st || !complete)
        return st;
    st = check_event(in, &in->now, err);
    keep_close(in);
    return st ? st : intake_event_take(in, err);
}

/* --- The close it must end with --- */

static enum status unsigned_close(struct error *err)
{
    return error_set(err, E_CRYPTO, "%s",
                     _("日締めの署名が責任者のものではありません。取り込んでいません。"
                       "責任者が日締めした送付便をもらってください"));
}

/* A counter's work goes to the town with the supervisor's close over it, or not at all. */
static enum status check_close(struct intake *in, struct error *err)
{
    struct registry *r = store_registry(in->store);
    struct registry_user user = {0};
    struct line body;
    struct event *close = &in->last;
    if (close->op != OP_CLOSE)
        return error_set(
            err, E_RULE,
            _("日締めのない送付便です。取り込んでいません。送った窓口で日締めをしてから"
              "作ってもらってください"));
    if (!close->body || line_read(close->body, strlen(close->body), &body, NULL))
        return intake_wrong(err, "close");
    const char *head = line_text(&body, "head");
    int64_t first = line_number(&body, "first");
    bool fits = head && strcmp(head, close->prev) == 0 &&
                line_number(&body, "last") == close->seq - 1 && first >= 1 && first <= close->seq;
    line_free(&body);
    if (!fits)
        return error_set(err, E_CRYPTO, "%s",
                         _("日締めが中身の記録と合いません。取り込んでいません"));
    /* Somebody certified after what is known here: only the town can tell. */
    if (!in->town && close->reg > registry_version(r))
        return OK;
    bool known = registry_user(r, (long)close->reg, close->actor, &user, NULL) == OK;
    bool good = known && event_seal_valid(close, user.key) &&
                strings_find(&user.roles, "supervisor") >= 0 &&
                registry_accepts(r, close->actor, close->device, close->seq, close->hash);
    registry_user_free(&user);
    return good ? OK : unsigned_close(err);
}

enum status chain_end(struct intake *in, struct error *err)
{
    if (in->awaited != AWAIT_HEADER || !in->checkpoint)
        return intake_wrong(err, "checkpoint");
    /* Of a device that ended, the last days may have no close: what the town does not accept of
     * them is held. */
    bool whole_days = strcmp(in->device.role, "counter") == 0 &&
                      !registry_revoked(store_registry(in->store), REGISTRY_NEWEST, in->device.id);
    return in->write || !whole_days ? OK : check_close(in, err);
}
